"""Buttons carry what Telegram bears and say something in both languages."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardMarkup

from handlers.account import help_screens, settings_screens
from handlers.account import keyboards as account_keyboards
from handlers.account.callbacks import ChooseLanguage, ForgetMe, Help, HelpTopic, Want
from handlers.gallery.callbacks import GalleryAction, GalleryButton
from handlers.generate import keyboards as generate_keyboards
from handlers.generate import panel_screens, results_screens
from handlers.generate.callbacks import MakeAnew, OfferAction, OfferedPrompt, PanelChoice
from handlers.presets.callbacks import (
    CreatePack,
    CreatePreset,
    PresetCard,
    PresetCategories,
    PresetPacks,
    PresetShelf,
    SurpriseMe,
)
from handlers.routing import EXPECTATIONS
from handlers.telegram.callbacks import (
    Go,
    LookAgain,
    Menu,
    MenuItem,
    ModelAction,
    ModelButton,
    OpenPanel,
    PictureAction,
    PictureButton,
    ResultAction,
    ResultButton,
    UseModel,
    Way,
)
from handlers.telegram.keyboards import main_menu, train_button
from handlers.telegram.screen import Screen
from handlers.telegram.states import state_label
from handlers.train import keyboards as train_keyboards
from handlers.train.callbacks import (
    AgainAnew,
    ChooseMode,
    ChooseSubject,
    ChooseTrainer,
    Draft,
    DraftAction,
    LeftDraft,
    LeftDraftAction,
    PhotoAction,
    Photos,
    StartTraining,
    TrainingAction,
    TrainingButton,
)
from services.domain.values import Generation, Model, Picture, User
from services.domain.vocabulary import Language, PictureOption, PictureShape, QualityMode, Subject
from services.fal.client import FalClient
from services.fal.endpoints import TRAINERS
from services.generation.options import SEEDS, PictureOptions
from services.generation.panel import Panel
from services.identifiers import new_id
from services.money.prices import PriceList
from services.pictures.service import Result
from services.rules import TrainingRules
from services.training.offers import TrainingOffers
from services.users.service import Wish, WorksNow
from tests.values import a_generation, a_model, a_picture
from texts.reader import Texts

DATA_LIMIT = 64
COPY_LIMIT = 256
ROW_ID = "-_AZaz09-_AZ"
PRESET_ID = "a-9" * 8
STATES = list(EXPECTATIONS)
PREFIXES = (
    "draft draft-left forget gal go help lang look make menu mode model model-anew offer opt panel"
    " pcard pcats photos pic pmake ppack ppacks pshelf psurprise res start subj tr trainer use"
    " want"
)

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
    *(OfferedPrompt(action=action, message_id=2**52) for action in OfferAction),
    *(UseModel(model_id=ROW_ID, then_prompt=then) for then in (True, False)),
    *(LookAgain(kind=kind, row_id=ROW_ID) for kind in ("training", "generation")),
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


def test_every_kind_of_press_is_tested_and_keeps_its_prefix() -> None:
    """Buttons in old chats stay clickable: a prefix never changes, and none is used twice."""
    every = CallbackData.__subclasses__()
    kinds = {kind for kind in every if kind.__module__.startswith("handlers.")}
    assert {type(press) for press in PRESSES} == kinds
    assert " ".join(sorted(kind.__prefix__ for kind in kinds)) == PREFIXES


def a_long_model(name: str, *, active: bool = False) -> Model:
    return a_model(id=ROW_ID, name=name, trigger_word="W" * 48, active=active)


def a_panel(result: Generation | None = None) -> Panel:
    options = PictureOptions(PictureShape.TALL, 4, 1.4, SEEDS[-1])
    offered = set(PictureOption)
    return Panel(a_long_model(LONG_NAME), options, offered, Decimal("0.14"), SEEDS[-1], result)


def a_user() -> User:
    return User(id=1, language=Language.EN, wants_preview=True, wants_reminders=False)


def markup(screen: Screen) -> InlineKeyboardMarkup:
    assert screen.keyboard is not None
    return screen.keyboard


RULES = TrainingRules()
PRICES = PriceList(FalClient("a:b"), Decimal("2.00"), Decimal("0.035"))
OFFERS = TrainingOffers(RULES, PRICES)


def some_pictures(count: int) -> tuple[Picture, ...]:
    return tuple(
        a_picture(
            id=ROW_ID,
            position=number,
            is_flagged=False,
            is_favourite=number == 1,
            photo_file_id=str(number),
        )
        for number in range(1, count + 1)
    )


def a_result(count: int) -> Result:
    model = a_model(id=ROW_ID, cover_file_id="2")
    return Result(a_generation(id=ROW_ID), model, some_pictures(count))


def places(works_now: WorksNow) -> list[str]:
    rows = main_menu(Texts(Language.EN), works_now).inline_keyboard
    return [Menu.unpack(button.callback_data or "").item.value for row in rows for button in row]


ALWAYS = ["settings", "help", "language"]


@pytest.mark.parametrize(
    ("works_now", "leads_to"),
    [
        (WorksNow(), ["train", "presets"]),
        (WorksNow(has_training=True), ["status", "presets"]),
        (WorksNow(has_pictures=True), ["train", "presets", "gallery"]),
        (WorksNow(has_model=True), ["generate", "presets", "models", "train"]),
        (
            WorksNow(has_model=True, has_training=True, has_pictures=True),
            ["generate", "presets", "gallery", "models", "status"],
        ),
    ],
)
def test_the_menu_has_only_what_can_work_now(works_now: WorksNow, leads_to: list[str]) -> None:
    assert places(works_now) == [*leads_to, *ALWAYS]


LONG_NAME = "W" * 40
KEYBOARDS: dict[str, Callable[[Texts], InlineKeyboardMarkup]] = {
    "main_menu": lambda t: main_menu(t, WorksNow()),
    "main_menu_in_training": lambda t: main_menu(t, WorksNow(has_training=True)),
    "main_menu_of_an_owner": lambda t: main_menu(t, WorksNow(has_model=True, has_pictures=True)),
    "train_button": train_button,
    "languages": account_keyboards.languages,
    "forget_me": account_keyboards.forget_me,
    "consent": train_keyboards.consent,
    "draft_found": lambda t: train_keyboards.draft_found(t, ROW_ID),
    "name": lambda t: train_keyboards.name(t, None),
    "known_name": lambda t: train_keyboards.name(t, LONG_NAME),
    "subjects": lambda t: train_keyboards.subjects(t, ROW_ID),
    "photos": lambda t: train_keyboards.photo_counter(t, ROW_ID, can_finish=True, has_photos=True),
    "modes": lambda t: train_keyboards.modes(t, ROW_ID, dict.fromkeys(QualityMode, "$2.00")),
    "summary": lambda t: train_keyboards.summary(t, ROW_ID),
    "cancel_training": lambda t: train_keyboards.cancel_training(t, ROW_ID),
    "cancel_or_go_on": lambda t: train_keyboards.cancel_or_go_on(t, ROW_ID),
    "remove_all_or_keep": lambda t: train_keyboards.remove_all_or_keep(t, ROW_ID),
    "try_again": lambda t: train_keyboards.try_again(t, ROW_ID),
    "model_ready": lambda t: train_keyboards.model_ready(t, a_long_model(LONG_NAME)),
    "choose_model": lambda t: generate_keyboards.choose_model(
        t, [a_long_model(LONG_NAME, active=True), a_long_model("a")]
    ),
    "question": lambda t: markup(panel_screens.question(t, a_panel())),
    "panel": lambda t: markup(panel_screens.options(t, a_panel())),
    "panel_of_result": lambda t: markup(
        panel_screens.options(t, a_panel(a_generation(id=ROW_ID, prompt="a king")))
    ),
    "settings": lambda t: markup(settings_screens.settings(t, a_user())),
    "help": lambda t: markup(help_screens.first_page(t, RULES)),
    "help_page": lambda t: markup(help_screens.page(t, HelpTopic.PRICE, RULES, OFFERS.all())),
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
        (
            True,
            True,
            [
                PhotoAction.DONE,
                PhotoAction.REMOVE_LAST,
                PhotoAction.START_OVER,
                PhotoAction.SHOW,
            ],
        ),
    ],
)
def test_done_is_offered_only_when_there_are_enough(
    *, can_finish: bool, has_photos: bool, actions: list[PhotoAction]
) -> None:
    keyboard = train_keyboards.photo_counter(
        Texts(Language.EN), ROW_ID, can_finish=can_finish, has_photos=has_photos
    )
    packed = [button.callback_data or "" for row in keyboard.inline_keyboard for button in row]
    found = [Photos.unpack(data).action for data in packed if data.startswith("photos:")]
    assert found == actions
