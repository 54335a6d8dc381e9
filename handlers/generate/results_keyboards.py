"""The buttons under pictures."""

from collections.abc import Sequence

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from handlers.generate.callbacks import Improve, ImproveAction, Lacks
from handlers.telegram.callbacks import (
    Menu,
    MenuItem,
    PictureAction,
    PictureButton,
    ResultAction,
    ResultButton,
)
from handlers.telegram.keyboards import (
    button,
    keyboard_of,
    options_button,
)
from handlers.telegram.presses import with_price
from services.domain.values import Picture
from services.domain.vocabulary import Missing
from services.enlarging.service import EnlargeOffer
from services.generation.views import GenerationView
from services.pictures.service import Result
from texts.reader import Texts


def result_buttons(
    t: Texts, result: GenerationView | Result, pictures: Sequence[Picture]
) -> InlineKeyboardMarkup:
    """Return the buttons under pictures; where there are several, some ask for one of them."""
    generation_id = result.generation.id
    is_favourite = any(picture.is_favourite for picture in pictures)
    like = t.plain("picture-unlike" if is_favourite else "picture-like")
    train = [press_button(t.plain("menu-train"), Menu(item=MenuItem.TRAIN))]
    return keyboard_of(
        *([train] if result.generation.model_id is None else []),
        [
            again_button(t, generation_id),
            button(t.plain("vary"), of_result(ResultAction.VARY, generation_id).pack()),
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
            button(t.plain("more"), of_result(ResultAction.MORE, generation_id).pack()),
        ],
    )


def more_buttons(
    t: Texts, result: Result, offer: EnlargeOffer | None = None, *, improves: bool = False
) -> InlineKeyboardMarkup:
    """Return the buttons behind *More*, and the way back to the first ones."""
    generation_id, pictures = result.generation.id, result.pictures
    rows: list[list[InlineKeyboardButton]] = []
    if result.model is not None:
        rating = [
            _about_one("👍", ResultAction.GOOD, generation_id, pictures),
            _about_one("👎", ResultAction.BAD, generation_id, pictures),
        ]
        # Ratings are counted by trainer, and two people are drawn by two trainings.
        rows += [] if result.generation.is_of_two else [rating]
        cover = _about_one(t.plain("make-cover"), ResultAction.COVER, generation_id, pictures)
        # An edit is made with no choices.
        options = [] if result.generation.editor else [options_button(t, generation_id)]
        # The card of a borrowed model is its owner's.
        covers = [] if result.generation.is_borrowed else [cover]
        if covers or options:
            rows.append([*covers, *options])
    details_ = button(t.plain("details"), of_result(ResultAction.DETAILS, generation_id).pack())
    rows.append([new_prompt_button(t), details_] if result.model is not None else [details_])
    if offer is not None and pictures:
        label = t.plain(
            "enlarge", factor=offer.factor, price=t.price(offer.price_usd, offer.stars)
        )
        rows.append([_about_one(label, ResultAction.ENLARGE, generation_id, pictures)])
    if result.generation.source_picture_id is not None and pictures:
        of = PictureButton(action=PictureAction.ORIGINAL, picture_id=pictures[0].id)
        rows.append([press_button(t.plain("show-original"), of)])
    if improves:
        better = Improve(action=ImproveAction.ASK, generation_id=generation_id)
        rows.append([press_button(t.plain("improve"), better)])
    rows.append([button(t.plain("back"), of_result(ResultAction.BACK, generation_id).pack())])
    return keyboard_of(*rows)


def missing_buttons(t: Texts, generation_id: str, picture_id: str) -> InlineKeyboardMarkup:
    """Return what may have been missing in a picture, and the way back."""
    keys = [
        press_button(t.plain(f"missing-{missing}"), Lacks(missing=missing, picture_id=picture_id))
        for missing in Missing
    ]
    back = press_button(t.plain("back"), of_result(ResultAction.BACK, generation_id))
    return keyboard_of(keys[:3], keys[3:], [back])


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
        press_button(
            with_price(
                _mark(action, picture, result.model.cover_file_id if result.model else None)
                + str(number),
                stars,
            ),
            _of_picture(action, picture),
        )
        for number, picture in result.numbered
    ]
    back = press_button(t.plain("back"), of_result(ResultAction.BACK, result.generation.id))
    rows = [numbers, [back]] if numbers else [[back]]
    return InlineKeyboardMarkup(inline_keyboard=rows)


def buttons_after(t: Texts, result: Result, action: ResultAction) -> InlineKeyboardMarkup:
    """Return the buttons of a message in which a picture's button was pressed."""
    if len(result.pictures) == 1:
        return result_buttons(t, result, result.pictures)
    return choice(t, result, action)


def _about_one(
    label: str, action: ResultAction, generation_id: str, pictures: Sequence[Picture]
) -> InlineKeyboardButton:
    if len(pictures) == 1:
        return button(label, _of_picture(action, pictures[0]).pack())
    return button(label, of_result(action, generation_id).pack())


def _mark(action: ResultAction, picture: Picture, cover_file_id: str | None) -> str:
    if action is ResultAction.FAVOURITE:
        return "★ " if picture.is_favourite else "☆ "
    is_cover = cover_file_id is not None and picture.photo_file_id == cover_file_id
    return "📌 " if action is ResultAction.COVER and is_cover else ""


def of_result(action: ResultAction, generation_id: str) -> ResultButton:
    """Return what a button of a result carries."""
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


def again_button(t: Texts, generation_id: str) -> InlineKeyboardButton:
    """Return the button that asks for the same once more."""
    return press_button(t.plain("again"), of_result(ResultAction.AGAIN, generation_id))


def new_prompt_button(t: Texts) -> InlineKeyboardButton:
    """Return the button that leads to another prompt."""
    return press_button(t.plain("new-prompt"), Menu(item=MenuItem.GENERATE))


def press_button(label: str, press: CallbackData) -> InlineKeyboardButton:
    """Return a button with what it carries."""
    return InlineKeyboardButton(text=label, callback_data=press.pack())
