"""What is said of a richer version of a prompt."""

from aiogram import html

from handlers.generate.callbacks import Improve, ImproveAction
from handlers.telegram.keyboards import button, keyboard_of
from handlers.telegram.screen import Screen
from services.generation.improving import Improved
from services.generation.worded import REFUSALS
from services.prompts.answer import Refused
from texts.reader import Texts


def improved(t: Texts, found: Improved | Refused | None, asked: Improve) -> Screen:
    """Return a richer version with the choice to take it, or why there is none.

    Args:
        t: The language.
        found: What was found.
        asked: The button that asked.
    """
    if found is None:
        return Screen(t("improve-failed"))
    if isinstance(found, Refused):
        reason = t.plain(f"failure-{REFUSALS[found.why]}")
        return Screen(t("generation-refused", reason=reason))
    # Put together here, because Fluent puts in values of at most 1000 characters.
    lines = [t("improved"), f"<code>{html.quote(found.words.own)}</code>"]
    if found.words.english != found.words.own:
        lines += [t("improved-english"), f"<code>{html.quote(found.words.english)}</code>"]
    take = asked.model_copy(update={"action": ImproveAction.TAKE})
    leave = asked.model_copy(update={"action": ImproveAction.LEAVE})
    return Screen(
        "\n\n".join(lines),
        keyboard_of(
            [
                button(
                    t.plain("offer-make", price=t.price(found.price_usd, found.stars)), take.pack()
                )
            ],
            [button(t.plain("offer-leave"), leave.pack())],
        ),
    )
