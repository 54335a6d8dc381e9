"""What comes with pictures: captions, and the buttons under them."""

from collections.abc import Sequence

from aiogram import html
from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from handlers.generate import likeness_screens
from handlers.generate.callbacks import Improve, ImproveAction, Lacks
from handlers.generate.states import GenerateForm
from handlers.telegram.callbacks import (
    Menu,
    MenuItem,
    PictureAction,
    PictureButton,
    ResultAction,
    ResultButton,
)
from handlers.telegram.captions import PROMPT_ROOM, cut
from handlers.telegram.keyboards import (
    back_and_cancel,
    button,
    keyboard_of,
    look_again_button,
    options_button,
)
from handlers.telegram.names import words_of
from handlers.telegram.presses import with_price
from handlers.telegram.screen import Screen
from services.domain.values import Enlargement, Generation, Picture
from services.domain.vocabulary import FailureReason, Missing, Purpose
from services.enlarging.service import EnlargeOffer
from services.enlarging.views import EnlargementView
from services.generation.views import GenerationView
from services.jobs.again import can_look_again
from services.pictures.service import Result
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


def details(t: Texts, result: Result) -> str:
    """Return the prompts, seeds and measured likenesses of a result, as HTML."""
    # Put together here, because Fluent puts in values of at most 1000 characters.
    return "\n\n".join(_details_of(t, one, result.pictures) for one in result.pack)


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
    lines = [*likeness_screens.whole(t, view), *lines]
    keyboard = result_buttons(t, view, view.delivered)
    if view.is_unlike:
        train = [likeness_screens.train_again(t, view)]
        keyboard = InlineKeyboardMarkup(inline_keyboard=[train, *keyboard.inline_keyboard])
    if view.missing:
        lines.insert(0, t("pictures-missing", count=len(view.missing)))
        resend = _button(
            t.plain("send-again"), _of_result(ResultAction.RESEND, view.generation.id)
        )
        rest = keyboard.inline_keyboard
        if not view.delivered:
            rest = [[_again(t, view.generation.id), _new_prompt(t)]]
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
        return Screen(t("generation-refused", reason=reason), keyboard_of([_new_prompt(t)]))
    buttons = [_again(t, generation.id)]
    if generation.model_id is not None:
        buttons.append(_new_prompt(t))
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
    buttons = [_button(t.plain("enlarge-again"), repeat)]
    if can_look_again(failed):
        buttons.insert(0, look_again_button(t, "enlargement", failed.id))
    reason = t.plain(f"failure-{failed.failure}")
    text = "\n".join([t("enlarge-failed", reason=reason), *_back(t, view)])
    return Screen(text, keyboard_of(buttons))


def _as_it_is(t: Texts, generation_id: str) -> InlineKeyboardMarkup:
    return keyboard_of(
        [_button(t.plain("send-as-it-is"), _of_result(ResultAction.AS_IT_IS, generation_id))],
        [_button(t.plain("write-in-english"), _of_result(ResultAction.ENGLISH, generation_id))],
    )


def result_buttons(
    t: Texts, result: GenerationView | Result, pictures: Sequence[Picture]
) -> InlineKeyboardMarkup:
    """Return the buttons under pictures; where there are several, some ask for one of them."""
    generation_id = result.generation.id
    is_favourite = any(picture.is_favourite for picture in pictures)
    like = t.plain("picture-unlike" if is_favourite else "picture-like")
    train = [_button(t.plain("menu-train"), Menu(item=MenuItem.TRAIN))]
    return keyboard_of(
        *([train] if result.generation.model_id is None else []),
        [
            _again(t, generation_id),
            button(t.plain("vary"), _of_result(ResultAction.VARY, generation_id).pack()),
        ],
        [
            _about_one(t.plain("full-size"), ResultAction.FULL, generation_id, pictures),
            _about_one(like, ResultAction.FAVOURITE, generation_id, pictures),
        ],
        [
            *(
                [_about_one(t.plain("change"), ResultAction.CHANGE, generation_id, pictures)]
                if result.has_changes
                else []
            ),
            button(t.plain("more"), _of_result(ResultAction.MORE, generation_id).pack()),
        ],
    )


def more_buttons(
    t: Texts, result: Result, offer: EnlargeOffer | None = None, *, improves: bool = False
) -> InlineKeyboardMarkup:
    """Return the buttons behind *More*, and the way back to the first ones."""
    generation_id, pictures = result.generation.id, result.pictures
    rows: list[list[InlineKeyboardButton]] = []
    if result.model is not None:
        rows.append(
            [
                _about_one("👍", ResultAction.GOOD, generation_id, pictures),
                _about_one("👎", ResultAction.BAD, generation_id, pictures),
            ]
        )
        cover = _about_one(t.plain("make-cover"), ResultAction.COVER, generation_id, pictures)
        # An edit is made with no choices.
        options = [] if result.generation.editor else [options_button(t, generation_id)]
        # The card of a borrowed model is its owner's.
        covers = [] if result.generation.is_borrowed else [cover]
        if covers or options:
            rows.append([*covers, *options])
    details_ = button(t.plain("details"), _of_result(ResultAction.DETAILS, generation_id).pack())
    rows.append([_new_prompt(t), details_] if result.model is not None else [details_])
    if offer is not None and pictures:
        label = t.plain(
            "enlarge", factor=offer.factor, price=t.price(offer.price_usd, offer.stars)
        )
        rows.append([_about_one(label, ResultAction.ENLARGE, generation_id, pictures)])
    if result.generation.source_picture_id is not None and pictures:
        of = PictureButton(action=PictureAction.ORIGINAL, picture_id=pictures[0].id)
        rows.append([_button(t.plain("show-original"), of)])
    if improves:
        better = Improve(action=ImproveAction.ASK, generation_id=generation_id)
        rows.append([_button(t.plain("improve"), better)])
    rows.append([button(t.plain("back"), _of_result(ResultAction.BACK, generation_id).pack())])
    return keyboard_of(*rows)


def missing_buttons(t: Texts, generation_id: str, picture_id: str) -> InlineKeyboardMarkup:
    """Return what may have been missing in a picture, and the way back."""
    keys = [
        _button(t.plain(f"missing-{missing}"), Lacks(missing=missing, picture_id=picture_id))
        for missing in Missing
    ]
    back = _button(t.plain("back"), _of_result(ResultAction.BACK, generation_id))
    return keyboard_of(keys[:3], keys[3:], [back])


def _about_one(
    label: str, action: ResultAction, generation_id: str, pictures: Sequence[Picture]
) -> InlineKeyboardButton:
    if len(pictures) == 1:
        return button(label, _of_picture(action, pictures[0]).pack())
    return button(label, _of_result(action, generation_id).pack())


def choice(
    t: Texts, result: Result, action: ResultAction, stars: int | None = None
) -> InlineKeyboardMarkup:
    """Return a button for each picture of an album, and the way back.

    Args:
        t: The language.
        result: The pictures.
        action: What is to be done with one of them.
        stars: What that costs, as the button says that led here.
    """
    numbers = [
        _button(
            with_price(
                _mark(action, picture, result.model.cover_file_id if result.model else None)
                + str(number),
                stars,
            ),
            _of_picture(action, picture),
        )
        for number, picture in result.numbered
    ]
    back = _button(t.plain("back"), _of_result(ResultAction.BACK, result.generation.id))
    rows = [numbers, [back]] if numbers else [[back]]
    return InlineKeyboardMarkup(inline_keyboard=rows)


def buttons_after(t: Texts, result: Result, action: ResultAction) -> InlineKeyboardMarkup:
    """Return the buttons of a message in which a picture's button was pressed."""
    if len(result.pictures) == 1:
        return result_buttons(t, result, result.pictures)
    return choice(t, result, action)


def ask_variation(t: Texts, generation: Generation) -> Screen:
    """Return the question for another prompt, with the old one to copy."""
    # Put together here, because Fluent puts in values of at most 1000 characters.
    text = f"{t('ask-variation')}\n\n<code>{html.quote(generation.prompt)}</code>"
    return Screen(text, back_and_cancel(t, GenerateForm.variation))


def ask_english(t: Texts) -> Screen:
    """Return the question for a prompt in English."""
    return Screen(t("ask-english"), back_and_cancel(t, GenerateForm.variation))


def _mark(action: ResultAction, picture: Picture, cover_file_id: str | None) -> str:
    if action is ResultAction.FAVOURITE:
        return "★ " if picture.is_favourite else "☆ "
    is_cover = cover_file_id is not None and picture.photo_file_id == cover_file_id
    return "📌 " if action is ResultAction.COVER and is_cover else ""


def _of_result(action: ResultAction, generation_id: str) -> ResultButton:
    return ResultButton(action=action, generation_id=generation_id)


def _of_picture(action: ResultAction, picture: Picture) -> PictureButton:
    liking = PictureAction.UNLIKE if picture.is_favourite else PictureAction.LIKE
    actions = {
        ResultAction.FULL: PictureAction.FULL,
        ResultAction.FAVOURITE: liking,
        ResultAction.COVER: PictureAction.COVER,
        ResultAction.ENLARGE: PictureAction.ENLARGE,
        ResultAction.CHANGE: PictureAction.CHANGE,
        ResultAction.GOOD: PictureAction.GOOD,
        ResultAction.BAD: PictureAction.BAD,
    }
    return PictureButton(action=actions[action], picture_id=picture.id)


def _again(t: Texts, generation_id: str) -> InlineKeyboardButton:
    return _button(t.plain("again"), _of_result(ResultAction.AGAIN, generation_id))


def _new_prompt(t: Texts) -> InlineKeyboardButton:
    return _button(t.plain("new-prompt"), Menu(item=MenuItem.GENERATE))


def _button(label: str, press: CallbackData) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=label, callback_data=press.pack())


def _with_options(
    t: Texts, generation: Generation, buttons: Sequence[InlineKeyboardButton]
) -> InlineKeyboardMarkup:
    """Put buttons in pairs, and below them the way to the panel, which an edit has not."""
    pairs = [list(buttons[start : start + 2]) for start in range(0, len(buttons), 2)]
    options = [] if generation.editor else [[options_button(t, generation.id)]]
    return InlineKeyboardMarkup(inline_keyboard=[*pairs, *options])
