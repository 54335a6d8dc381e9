"""Buttons carry what Telegram bears and say something in both languages."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardMarkup

from db.tables import Generation, Model, Picture, User
from db.vocabulary import Language, PictureShape, QualityMode, Subject
from handlers import callbacks, keyboards
from handlers.account import help_screens, settings_screens
from handlers.callbacks import (
    AgainAnew,
    ChooseLanguage,
    ChooseMode,
    ChooseSubject,
    ChooseTrainer,
    CreatePack,
    CreatePreset,
    Draft,
    DraftAction,
    ForgetMe,
    GalleryAction,
    GalleryButton,
    Go,
    Help,
    HelpTopic,
    LeftDraft,
    LeftDraftAction,
    MakeAnew,
    Menu,
    MenuItem,
    ModelAction,
    ModelButton,
    OpenPanel,
    PanelChoice,
    PhotoAction,
    Photos,
    PictureAction,
    PictureButton,
    PresetCard,
    PresetCategories,
    PresetPacks,
    PresetShelf,
    ResultAction,
    ResultButton,
    StartTraining,
    SurpriseMe,
    TrainingAction,
    TrainingButton,
    UseModel,
    Want,
    Way,
)
from handlers.generate import panel_screens, results_screens
from handlers.screens import Screen
from handlers.states import GalleryForm, GenerateForm, ModelForm, TrainForm, state_label
from services.fal.client import FalClient
from services.fal.endpoints import TRAINERS, PictureOption
from services.generation.options import SEEDS, PictureOptions
from services.generation.panel import Panel
from services.identifiers import new_id
from services.money.prices import PriceList
from services.pictures.service import Result
from services.rules import TrainingRules
from services.users.service import Wish
from texts.reader import Texts

DATA_LIMIT = 64
COPY_LIMIT = 256
ROW_ID = "-_AZaz09-_AZ"
PRESET_ID = "a-9" * 8
STATES = [state for form in (TrainForm, GenerateForm, ModelForm, GalleryForm) for state in form]

LONGEST_CHOICES = [
    *((PictureOption.SHAPE, shape.value) for shape in PictureShape),
    (PictureOption.COUNT, "4"),
    (PictureOption.SCALE, "0.6"),
    (PictureOption.SEED, str(SEEDS[-1])),
    (PictureOption.SEED, ""),
]

PRESSES: list[CallbackData] = [
    *(Menu(item=item) for item in MenuItem),
    *(ChooseLanguage(language=language) for language in Language),
    *(Go(way=way, at=state_label(state.state)) for way in Way for state in STATES),
    *(ForgetMe(sure=sure) for sure in (True, False)),
    *(Draft(action=action) for action in DraftAction),
    *(ChooseSubject(training_id=ROW_ID, subject=subject) for subject in Subject),
    *(Photos(training_id=ROW_ID, action=action) for action in PhotoAction),
    *(ChooseMode(training_id=ROW_ID, mode=mode) for mode in QualityMode),
    *(ChooseTrainer(training_id=ROW_ID, nickname=row.nickname) for row in TRAINERS.values()),
    StartTraining(training_id=ROW_ID),
    *(TrainingButton(training_id=ROW_ID, action=action) for action in TrainingAction),
    *(UseModel(model_id=ROW_ID, then_prompt=then) for then in (True, False)),
    PresetCategories(page=999),
    PresetShelf(category_id=PRESET_ID, page=999),
    PresetCard(preset_id=PRESET_ID, page=999),
    PresetPacks(page=999),
    CreatePreset(preset_id=PRESET_ID),
    CreatePack(pack_id=PRESET_ID),
    SurpriseMe(),
    *(ModelButton(model_id=ROW_ID, action=action) for action in ModelAction),
    OpenPanel(),
    OpenPanel(generation_id=ROW_ID),
    *(
        PanelChoice(option=option, value=value, asks=asks, generation_id=row_id)
        for option, value in LONGEST_CHOICES
        for asks, row_id in ((True, None), (False, ROW_ID), (False, None))
    ),
    MakeAnew(generation_id=ROW_ID),
    *(Want(wish=wish, on=on) for wish in Wish for on in (True, False)),
    Help(),
    *(Help(topic=topic) for topic in HelpTopic),
    AgainAnew(model_id=ROW_ID, draft_id=ROW_ID),
    *(LeftDraft(action=action, training_id=ROW_ID) for action in LeftDraftAction),
    *(ResultButton(action=action, generation_id=ROW_ID) for action in ResultAction),
    *(
        GalleryButton(
            action=action,
            generation_id=ROW_ID,
            position=99,
            model_id=ROW_ID,
            only_favourites=True,
            search_id=ROW_ID,
        )
        for action in GalleryAction
    ),
    GalleryButton(action=GalleryAction.SHOW),
    *(PictureButton(action=action, picture_id=ROW_ID) for action in PictureAction),
]


def test_an_id_of_a_row_has_the_length_that_is_reckoned_with() -> None:
    ids = {new_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert {len(row_id) for row_id in ids} == {len(ROW_ID)}
    assert not any(":" in row_id for row_id in ids)


@pytest.mark.parametrize("press", PRESSES, ids=repr)
def test_a_press_fits_and_comes_back_as_it_was(press: CallbackData) -> None:
    packed = press.pack()
    assert len(packed.encode()) <= DATA_LIMIT
    assert type(press).unpack(packed) == press


def test_every_kind_of_press_is_tested() -> None:
    kinds = {
        kind
        for kind in vars(callbacks).values()
        if isinstance(kind, type) and issubclass(kind, CallbackData) and kind is not CallbackData
    }
    assert {type(press) for press in PRESSES} == kinds
    prefixes = [kind.__prefix__ for kind in kinds]
    assert len(set(prefixes)) == len(prefixes)


def a_model(name: str, *, active: bool = False) -> Model:
    return Model(id=ROW_ID, name=name, trigger_word="W" * 48, active=active)


def a_panel(result: Generation | None = None) -> Panel:
    options = PictureOptions(PictureShape.TALL, 4, 1.4, SEEDS[-1])
    offered = set(PictureOption)
    return Panel(a_model(LONG_NAME), options, offered, Decimal("0.14"), SEEDS[-1], result)


def a_user() -> User:
    return User(id=1, language=Language.EN, wants_preview=True, wants_reminders=False)


def markup(screen: Screen) -> InlineKeyboardMarkup:
    assert screen.keyboard is not None
    return screen.keyboard


RULES = TrainingRules()
PRICES = PriceList(FalClient("a:b"), Decimal("2.00"), Decimal("0.035"))


def some_pictures(count: int) -> tuple[Picture, ...]:
    return tuple(
        Picture(
            id=ROW_ID,
            position=number,
            is_flagged=False,
            is_favourite=number == 1,
            photo_file_id=str(number),
        )
        for number in range(1, count + 1)
    )


def a_result(count: int) -> Result:
    model = Model(id=ROW_ID, cover_file_id="2")
    return Result(Generation(id=ROW_ID), model, some_pictures(count))


LONG_NAME = "W" * 40
KEYBOARDS: dict[str, Callable[[Texts], InlineKeyboardMarkup]] = {
    "main_menu": keyboards.main_menu,
    "train_button": keyboards.train_button,
    "languages": keyboards.languages,
    "forget_me": keyboards.forget_me,
    "consent": keyboards.consent,
    "draft_found": lambda t: keyboards.draft_found(t, ROW_ID),
    "name": lambda t: keyboards.name(t, None),
    "known_name": lambda t: keyboards.name(t, LONG_NAME),
    "subjects": lambda t: keyboards.subjects(t, ROW_ID),
    "photos": lambda t: keyboards.photo_counter(t, ROW_ID, can_finish=True, has_photos=True),
    "modes": lambda t: keyboards.modes(t, ROW_ID, dict.fromkeys(QualityMode, "$2.00")),
    "summary": lambda t: keyboards.summary(t, ROW_ID),
    "cancel_training": lambda t: keyboards.cancel_training(t, ROW_ID),
    "try_again": lambda t: keyboards.try_again(t, ROW_ID),
    "model_ready": lambda t: keyboards.model_ready(t, a_model(LONG_NAME)),
    "choose_model": lambda t: keyboards.choose_model(
        t, [a_model(LONG_NAME, active=True), a_model("a")]
    ),
    "question": lambda t: markup(panel_screens.question(t, a_panel())),
    "panel": lambda t: markup(panel_screens.options(t, a_panel())),
    "panel_of_result": lambda t: markup(
        panel_screens.options(t, a_panel(Generation(id=ROW_ID, prompt="a king")))
    ),
    "settings": lambda t: markup(settings_screens.settings(t, a_user())),
    "help": lambda t: markup(help_screens.first_page(t, RULES)),
    "help_page": lambda t: markup(help_screens.page(t, HelpTopic.PRICE, RULES, PRICES)),
    "after_picture": lambda t: results_screens.result_buttons(t, ROW_ID, some_pictures(1)),
    "after_album": lambda t: results_screens.result_buttons(t, ROW_ID, some_pictures(4)),
    "which_favourite": lambda t: results_screens.choice(t, a_result(4), ResultAction.FAVOURITE),
    "which_cover": lambda t: results_screens.choice(t, a_result(4), ResultAction.COVER),
    "which_of_none": lambda t: results_screens.choice(t, a_result(0), ResultAction.FULL),
}


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("case", KEYBOARDS)
def test_every_button_says_and_does_something(language: Language, case: str) -> None:
    rows = KEYBOARDS[case](Texts(language)).inline_keyboard
    assert all(rows)
    for button in (button for row in rows for button in row):
        assert 1 <= len(button.text.strip()) <= 64
        if button.callback_data is not None:
            assert len(button.callback_data.encode()) <= DATA_LIMIT
        else:
            assert button.copy_text is not None
            assert 1 <= len(button.copy_text.text) <= COPY_LIMIT


@pytest.mark.parametrize(
    ("can_finish", "has_photos", "actions"),
    [
        (False, False, []),
        (False, True, [PhotoAction.REMOVE_LAST, PhotoAction.START_OVER, PhotoAction.SHOW]),
        (True, True, list(PhotoAction)),
    ],
)
def test_done_is_offered_only_when_there_are_enough(
    *, can_finish: bool, has_photos: bool, actions: list[PhotoAction]
) -> None:
    keyboard = keyboards.photo_counter(
        Texts(Language.EN), ROW_ID, can_finish=can_finish, has_photos=has_photos
    )
    packed = [button.callback_data or "" for row in keyboard.inline_keyboard for button in row]
    found = [Photos.unpack(data).action for data in packed if data.startswith("photos:")]
    assert found == actions
