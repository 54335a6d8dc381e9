"""What is said with pictures, and where there are none."""

from collections.abc import Sequence

from aiogram import html
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from handlers.generate import likeness_screens
from handlers.generate.results_keyboards import (
    again_button,
    new_prompt_button,
    of_result,
    press_button,
    result_buttons,
)
from handlers.generate.states import GenerateForm
from handlers.telegram.callbacks import (
    PictureAction,
    PictureButton,
    ResultAction,
)
from handlers.telegram.captions import NAME_ROOM, PROMPT_ROOM, cut
from handlers.telegram.keyboards import (
    back_and_cancel,
    keyboard_of,
    look_again_button,
    options_button,
)
from handlers.telegram.names import names_of, words_of
from handlers.telegram.screen import Screen
from services.domain.values import Enlargement, Generation, Picture
from services.domain.vocabulary import CallEnd, FailureReason, Purpose
from services.enlarging.views import EnlargementView
from services.generation.views import GenerationView
from services.jobs.again import can_look_again
from services.pictures.service import Result
from services.visible import without_turns
from texts.reader import Texts


def caption(t: Texts, view: GenerationView) -> str:
    """Return what is written under pictures: plain text, since the prompt is nobody's markup."""
    generation = view.generation
    if generation.purpose is Purpose.PREVIEW:
        return t.plain("preview-caption", count=len(view.shown))
    if view.pack:
        made = {picture.generation_id for picture in view.shown}
        titles = [words_of(t, one) for one in view.pack if one.id in made]
        return t.plain("pack-caption", titles=cut(", ".join(titles), PROMPT_ROOM))
    words = cut(words_of(t, generation), PROMPT_ROOM)
    return t.plain("picture-caption", prompt=words, seed=str(generation.seed))


def group_caption(t: Texts, generation: Generation, name: str) -> str:
    """Return what a group reads under a picture: plain text, whose it is and what was asked for.

    Args:
        t: The language of who has asked.
        generation: What they have asked for.
        name: What they are called; empty where that is not known.
    """
    prompt = cut(words_of(t, generation), PROMPT_ROOM)
    name = cut(without_turns(name), NAME_ROOM).strip()
    key = "group-caption" if name else "group-caption-nameless"
    return t.plain(key, name=name, prompt=prompt)


def details(t: Texts, result: Result) -> str:
    """Return the prompts, seeds and measured likenesses of a result, as HTML."""
    # Put together here, because Fluent puts in values of at most 1000 characters.
    parts = [_details_of(t, one, result.pictures) for one in result.pack]
    if result.model is not None and result.second is not None:
        parts.insert(0, t("details-two", names=names_of(t, result.model, result.second)))
    return "\n\n".join(parts)


def _details_of(t: Texts, one: Generation, pictures: Sequence[Picture]) -> str:
    lines = [f"<code>{html.quote(one.prompt)}</code>"]
    if one.english not in {None, one.prompt}:
        lines += [t("details-english"), f"<code>{html.quote(one.english or '')}</code>"]
    lines.append(t("details-seed", seed=str(one.seed)))
    mine = [picture for picture in pictures if picture.generation_id == one.id]
    return "\n".join([*lines, *likeness_screens.of_pictures(t, one, mine)])


def single(t: Texts, view: GenerationView) -> Screen:
    """Return the caption (plain text) and the buttons of one picture."""
    lines = [caption(t, view), *_held_back(t, view), *_back(t, view)]
    if view.generation.call_end is CallEnd.CLOSED:
        lines.append(t.plain("group-closed"))
    if view.is_unlike:
        # There is more to say than fits, so it comes below, with the buttons.
        return Screen("\n".join(lines))
    lines += likeness_screens.measured(t, view) + likeness_screens.of_edit(t, view)
    if view.generation.source_file_id is not None:
        lines.append(t.plain("try-next"))
    return Screen("\n".join(lines), result_buttons(t, view, view.shown))


def after_pictures(t: Texts, view: GenerationView) -> Screen:
    """Return the message below pictures: what is missing, and what can follow.

    An album itself takes no buttons.
    """
    lines = [t("pictures-ready")] if any(picture.is_sent for picture in view.shown) else []
    lines += _held_back(t, view) + _back(t, view)
    is_first = view.generation.purpose is Purpose.PREVIEW
    if view.failed and not is_first:
        lines.insert(0, t("pack-failed", count=len(view.failed)))
    has_any = bool(view.delivered) or not view.missing
    if has_any:
        lines = [*likeness_screens.whole(t, view), *lines]
    keyboard = result_buttons(t, view, view.delivered)
    if view.is_unlike and has_any:
        train = [likeness_screens.train_again(t, view)]
        keyboard = InlineKeyboardMarkup(inline_keyboard=[train, *keyboard.inline_keyboard])
    if view.missing:
        lines.insert(0, t("pictures-missing", count=len(view.missing)))
        resend = press_button(
            t.plain("send-again"), of_result(ResultAction.RESEND, view.generation.id)
        )
        rest = keyboard.inline_keyboard
        if not view.delivered:
            rest = [[again_button(t, view.generation.id), new_prompt_button(t)]]
        keyboard = InlineKeyboardMarkup(inline_keyboard=[[resend], *rest])
    return Screen("\n\n".join(lines), keyboard)


def _held_back(t: Texts, view: GenerationView) -> list[str]:
    count = sum(picture.is_flagged for picture in view.pictures)
    return [t.plain("pictures-held-back", count=count)] if count else []


def _back(t: Texts, view: GenerationView | EnlargementView) -> list[str]:
    return [t.plain("stars-back", stars=view.stars_back)] if view.stars_back else []


def failure(t: Texts, view: GenerationView) -> Screen:
    """Return the message that there is no picture."""
    screen = _failure(t, view.generation)
    return Screen("\n".join([screen.text, *_back(t, view)]), screen.keyboard)


def _failure(t: Texts, generation: Generation) -> Screen:
    reason = t.plain(f"failure-{generation.failure}")
    if generation.has_lost_source:
        reason = t.plain("edit-without-source")
    if generation.failure is FailureReason.NOT_ENGLISH:
        return Screen(t("generation-not-english", reason=reason), _as_it_is(t, generation.id))
    if generation.failure is not None and generation.failure.is_refusal:
        return Screen(t("generation-refused", reason=reason), keyboard_of([new_prompt_button(t)]))
    buttons = [again_button(t, generation.id)]
    if generation.model_id is not None:
        buttons.append(new_prompt_button(t))
    if can_look_again(generation):
        buttons.insert(0, look_again_button(t, "generation", generation.id))
    keyboard = _with_options(t, generation, buttons)
    return Screen(t("generation-failed", reason=reason), keyboard)


def enlarged(t: Texts, larger: Enlargement) -> str | None:
    """Return what is written under an enlarged picture, where its size is known."""
    if larger.width is None or larger.height is None:
        return None
    return t("enlarged", width=str(larger.width), height=str(larger.height))


def no_enlargement(t: Texts, view: EnlargementView) -> Screen:
    """Return the message that a picture could not be enlarged."""
    failed = view.enlargement
    repeat = PictureButton(action=PictureAction.ENLARGE, picture_id=failed.picture_id)
    buttons = [press_button(t.plain("enlarge-again"), repeat)]
    if can_look_again(failed):
        buttons.insert(0, look_again_button(t, "enlargement", failed.id))
    reason = t.plain(f"failure-{failed.failure}")
    text = "\n".join([t("enlarge-failed", reason=reason), *_back(t, view)])
    return Screen(text, keyboard_of(buttons))


def _as_it_is(t: Texts, generation_id: str) -> InlineKeyboardMarkup:
    return keyboard_of(
        [press_button(t.plain("send-as-it-is"), of_result(ResultAction.AS_IT_IS, generation_id))],
        [
            press_button(
                t.plain("write-in-english"), of_result(ResultAction.ENGLISH, generation_id)
            )
        ],
    )


def ask_variation(t: Texts, generation: Generation) -> Screen:
    """Return the question for another prompt, with the old one to copy."""
    # Put together here, because Fluent puts in values of at most 1000 characters.
    text = f"{t('ask-variation')}\n\n<code>{html.quote(generation.prompt)}</code>"
    return Screen(text, back_and_cancel(t, GenerateForm.variation))


def ask_english(t: Texts) -> Screen:
    """Return the question for a prompt in English."""
    return Screen(t("ask-english"), back_and_cancel(t, GenerateForm.variation))


def _with_options(
    t: Texts, generation: Generation, buttons: Sequence[InlineKeyboardButton]
) -> InlineKeyboardMarkup:
    """Put buttons in pairs, and below them the way to the panel, which an edit has not."""
    pairs = [list(buttons[start : start + 2]) for start in range(0, len(buttons), 2)]
    options = [] if generation.editor else [[options_button(t, generation.id)]]
    return InlineKeyboardMarkup(inline_keyboard=[*pairs, *options])
