"""How much pictures look like their person, in words; plain text, so that it fits a caption."""

from collections.abc import Sequence

from aiogram.types import InlineKeyboardButton

from handlers.telegram.callbacks import ModelAction, ModelButton
from handlers.telegram.flaws import flaw_lines
from handlers.telegram.keyboards import button
from services.domain.values import Generation, Picture
from services.generation.edits import is_with_lora
from services.generation.views import GenerationView
from services.photos.coach.resemblance import Resemblance, resemblance_of
from texts.reader import Texts


def measured(t: Texts, view: GenerationView) -> list[str]:
    """Return how much first pictures look like their person; nothing where it is not known."""
    known = view.likeness
    if known is None:
        return []
    if known.percent is None:
        return [t.plain("likeness-no-face")]
    lines = [in_words(t, known.percent)]
    own = "none" if known.own_percent is None else str(known.own_percent)
    lines.append(t.plain("likeness-meaning", own=own))
    if known.lora_scale is not None:
        scale = t.decimal(known.lora_scale)
        lines.append(t.plain("likeness-best", number=str(known.number), scale=scale))
    return lines


def of_edit(t: Texts, view: GenerationView) -> list[str]:
    """Return the warning that a change has taken the face, too, where that was measured."""
    percents = [picture.likeness for picture in view.shown if picture.likeness is not None]
    if view.generation.editor is None or not percents:
        return []
    lost = all(resemblance_of(percent) is Resemblance.STRANGER for percent in percents)
    return [t.plain("edit-unlike")] if lost else []


def whole(t: Texts, view: GenerationView) -> list[str]:
    """Return the same as one paragraph, with what to do where somebody else is shown."""
    lines = measured(t, view)
    paragraphs = ["\n".join(lines)] if lines else []
    known = view.likeness
    if known is None or not view.is_unlike:
        return paragraphs
    advice = flaw_lines(t, known.flaws) or [t("likeness-no-flaws")]
    if known.lack is not None:
        advice.append(t(f"lack-{known.lack}"))
    return [*paragraphs, "\n".join([t("likeness-advice"), *advice])]


def in_words(t: Texts, percent: int) -> str:
    """Return a likeness with what it means."""
    return t.plain(f"resembles-{resemblance_of(percent)}", percent=str(percent))


def of_pictures(t: Texts, one: Generation, pictures: Sequence[Picture]) -> list[str]:
    """Return a line for each picture of a generation that was measured."""
    lines = []
    for picture in pictures:
        if picture.likeness is not None:
            scale = t.decimal(one.lora_scale) if is_with_lora(one) else "none"
            lines.append(t("details-likeness", percent=str(picture.likeness), scale=scale))
        elif picture.has_face is False:
            lines.append(t("details-no-face"))
    return lines


def train_again(t: Texts, view: GenerationView) -> InlineKeyboardButton:
    """Return the way to another training with the photos of the model."""
    press = ModelButton(model_id=view.generation.model_id or "", action=ModelAction.AGAIN)
    return button(t.plain("model-button-again"), press.pack())
