"""The inline keyboards."""

from collections.abc import Sequence

from aiogram.fsm.state import State
from aiogram.types import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from db.tables import Model
from db.vocabulary import Language, QualityMode, Subject
from handlers.callbacks import (
    ChooseLanguage,
    ChooseMode,
    ChooseSubject,
    Draft,
    DraftAction,
    ForgetMe,
    Go,
    LeftDraft,
    LeftDraftAction,
    Menu,
    MenuItem,
    OpenPanel,
    PhotoAction,
    Photos,
    StartTraining,
    TrainingAction,
    TrainingButton,
    UseModel,
    Way,
)
from handlers.states import GenerateForm, TrainForm, state_label
from texts.reader import Texts

MAX_BUTTON_LENGTH = 40
"""Longer labels are cut by phones anyway."""

MAX_MODELS_LISTED = 20
"""Telegram takes 100 buttons and 4096 characters; more models are hard to read anyway."""


def _button(text: str, data: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=text, callback_data=data)


def _rows(*rows: Sequence[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[list(row) for row in rows])


def _ways_out(t: Texts, at: State) -> list[InlineKeyboardButton]:
    return [
        _button(t.plain(way.value), Go(way=way, at=state_label(at.state)).pack()) for way in Way
    ]


def _menu_button(t: Texts, item: MenuItem) -> InlineKeyboardButton:
    return _button(t.plain(f"menu-{item.value}"), Menu(item=item).pack())


def main_menu(t: Texts) -> InlineKeyboardMarkup:
    """Give the buttons of the start message."""
    return _rows(
        [_menu_button(t, MenuItem.TRAIN)],
        [_menu_button(t, MenuItem.GENERATE)],
        [_menu_button(t, MenuItem.MODELS)],
        [_menu_button(t, MenuItem.PRESETS), _menu_button(t, MenuItem.GALLERY)],
        [_menu_button(t, MenuItem.SETTINGS), _menu_button(t, MenuItem.HELP)],
        [_menu_button(t, MenuItem.LANGUAGE)],
    )


def train_button(t: Texts) -> InlineKeyboardMarkup:
    """Give the one button that leads to a training."""
    return _rows([_menu_button(t, MenuItem.TRAIN)])


def languages(t: Texts) -> InlineKeyboardMarkup:
    """Give a button a language, each in its own words."""
    return _rows(
        [
            _button(
                t.plain(f"language-name-{language.value}"),
                ChooseLanguage(language=language).pack(),
            )
            for language in Language
        ]
    )


def forget_me(t: Texts) -> InlineKeyboardMarkup:
    """Give the choice between deleting everything and keeping it."""
    return _rows(
        [_button(t.plain("forget-keep"), ForgetMe(sure=False).pack())],
        [_button(t.plain("forget-sure"), ForgetMe(sure=True).pack())],
    )


def ways_out(t: Texts, at: State) -> InlineKeyboardMarkup:
    """Give Back and Cancel alone, for the question `at`."""
    return _rows(_ways_out(t, at))


def consent(t: Texts) -> InlineKeyboardMarkup:
    """Give the promise and the ways out."""
    agree = _button(t.plain("consent-agree"), Draft(action=DraftAction.AGREE).pack())
    return _rows([agree], _ways_out(t, TrainForm.consent))


def draft_found(t: Texts, training_id: str) -> InlineKeyboardMarkup:
    """Give the choice between an unfinished draft and a new one."""
    go_on = LeftDraft(action=LeftDraftAction.CONTINUE, training_id=training_id)
    anew = LeftDraft(action=LeftDraftAction.ANEW, training_id=training_id)
    return _rows(
        [_button(t.plain("draft-continue"), go_on.pack())],
        [_button(t.plain("draft-anew"), anew.pack())],
    )


def name(t: Texts, known_name: str | None) -> InlineKeyboardMarkup:
    """Give the ways out, and the name given before if there is one."""
    if known_name is None:
        return ways_out(t, TrainForm.name)
    label = t.plain("keep-name", name=known_name)[: MAX_BUTTON_LENGTH + 20]
    keep = _button(label, Draft(action=DraftAction.KEEP_NAME).pack())
    return _rows([keep], _ways_out(t, TrainForm.name))


def subjects(t: Texts, training_id: str) -> InlineKeyboardMarkup:
    """Give a button a subject."""
    choices = [
        _button(
            t.plain(f"subject-{subject.value}"),
            ChooseSubject(training_id=training_id, subject=subject).pack(),
        )
        for subject in Subject
    ]
    return _rows(choices, _ways_out(t, TrainForm.subject))


def photo_counter(
    t: Texts, training_id: str, *, can_finish: bool, has_photos: bool
) -> InlineKeyboardMarkup:
    """Give the buttons under the photo counter; Done only when there are enough."""

    def action(key: str, what: PhotoAction) -> InlineKeyboardButton:
        return _button(t.plain(key), Photos(training_id=training_id, action=what).pack())

    rows = []
    if can_finish:
        rows.append([action("photos-done", PhotoAction.DONE)])
    if has_photos:
        rows.append(
            [
                action("photos-remove-last", PhotoAction.REMOVE_LAST),
                action("photos-start-over", PhotoAction.START_OVER),
            ]
        )
        rows.append([action("photos-show", PhotoAction.SHOW)])
    return _rows(*rows, _ways_out(t, TrainForm.photos))


def modes(t: Texts, training_id: str, prices: dict[QualityMode, str]) -> InlineKeyboardMarkup:
    """Give a button a quality mode, with its price."""
    choices = [
        [
            _button(
                t.plain(f"mode-{mode.value}", price=price),
                ChooseMode(training_id=training_id, mode=mode).pack(),
            )
        ]
        for mode, price in prices.items()
    ]
    return _rows(*choices, _ways_out(t, TrainForm.mode))


def summary(t: Texts, training_id: str) -> InlineKeyboardMarkup:
    """Give the start button and the ways out."""
    start = _button(t.plain("start-training"), StartTraining(training_id=training_id).pack())
    return _rows([start], _ways_out(t, TrainForm.confirm))


def _training_button(
    t: Texts, key: str, training_id: str, action: TrainingAction
) -> InlineKeyboardButton:
    return _button(t.plain(key), TrainingButton(training_id=training_id, action=action).pack())


def cancel_training(t: Texts, training_id: str) -> InlineKeyboardMarkup:
    """Give the one button of a training under way."""
    return _rows([_training_button(t, "cancel-training", training_id, TrainingAction.CANCEL)])


def try_again(t: Texts, training_id: str) -> InlineKeyboardMarkup:
    """Give the one button of a training that did not work out."""
    return _rows([_training_button(t, "try-again", training_id, TrainingAction.RETRY)])


def model_ready(t: Texts, model: Model) -> InlineKeyboardMarkup:
    """Give the way to NeuroPhoto and the trigger word to copy."""
    go = UseModel(model_id=model.id, then_prompt=True).pack()
    copy = InlineKeyboardButton(
        text=t.plain("copy-trigger"), copy_text=CopyTextButton(text=model.trigger_word)
    )
    return _rows([_button(t.plain("go-to-neurophoto"), go)], [copy])


def listed_models(models: Sequence[Model]) -> list[Model]:
    """Give the models that a list has room for: the newest, and the active one in any case."""
    if len(models) <= MAX_MODELS_LISTED:
        return list(models)
    return sorted(models, key=lambda model: not model.active)[:MAX_MODELS_LISTED]


def choose_model(t: Texts, models: Sequence[Model]) -> InlineKeyboardMarkup:
    """Give a button a model on the way to a prompt, and the ways out."""
    rows = [
        [_button(model_label(model), UseModel(model_id=model.id, then_prompt=True).pack())]
        for model in listed_models(models)
    ]
    return _rows(*rows, _ways_out(t, GenerateForm.model))


def model_label(model: Model) -> str:
    """Give a model's name as a button shows it."""
    return f"✅ {model.name}" if model.active else model.name


def options_button(t: Texts, generation_id: str | None = None) -> InlineKeyboardButton:
    """Give the button that opens the panel, for a result if there is one."""
    return _button(t.plain("panel-open"), OpenPanel(generation_id=generation_id).pack())
