"""The list of models, a model's card, and the questions that follow from it."""

from collections.abc import Sequence

from aiogram.types import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from handlers.models import lending_screens
from handlers.models.callbacks import Lend
from handlers.models.states import ModelForm
from handlers.telegram.callbacks import Menu, MenuItem, ModelAction, ModelButton, UseModel
from handlers.telegram.keyboards import back_and_cancel, train_button
from handlers.telegram.names import listed_models, model_label, state_name
from handlers.telegram.remains import remains
from handlers.telegram.screen import Screen
from services.domain.deletion import Deletion, Receipt
from services.domain.loans import Borrowed
from services.domain.values import Model, Training
from services.models.service import ModelCard
from services.photos.coach.resemblance import resemblance_of
from services.rules import TrainingRules
from services.training.trainers import nickname_of
from texts.reader import Texts


def model_list(
    t: Texts,
    models: Sequence[Model],
    trainings: Sequence[Training],
    borrowed: Sequence[Borrowed] = (),
) -> Screen:
    """Return the user's models, what they have borrowed, and the trainings that made none."""
    made = {model.training_id for model in models}
    lines = [
        t(
            "model-line-active" if model.active else "model-line-ready",
            name=model.name,
            trigger=model.trigger_word,
        )
        for model in listed_models(models)
    ]
    of_others, buttons = lending_screens.listed(t, borrowed)
    lines += of_others
    for training in trainings:
        if training.id not in made:
            key = "model-line-failed" if training.state.is_final else "model-line-running"
            lines.append(t(key, name=training.name, state=state_name(t, training)))
    if not lines:
        return Screen(t("models-none"), train_button(t))
    text = "\n".join([t("models-title"), *lines])
    if models or borrowed:
        text += "\n\n" + t("models-choose")
    return Screen(text, _list_keyboard(t, models, buttons))


def _list_keyboard(
    t: Texts, models: Sequence[Model], borrowed: Sequence[list[InlineKeyboardButton]]
) -> InlineKeyboardMarkup:
    rows = [[_card_button(model)] for model in listed_models(models)]
    onwards = [
        InlineKeyboardButton(
            text=t.plain(f"menu-{item.value}"), callback_data=Menu(item=item).pack()
        )
        for item in (MenuItem.TRAIN, MenuItem.GENERATE)
    ]
    return InlineKeyboardMarkup(inline_keyboard=[*rows, *borrowed, onwards])


def _card_button(model: Model) -> InlineKeyboardButton:
    press = ModelButton(model_id=model.id, action=ModelAction.CARD).pack()
    return InlineKeyboardButton(text=model_label(model), callback_data=press)


def card(t: Texts, shown: ModelCard) -> Screen:
    """Return the card of a model: its cover, what it is, and what can be done with it."""
    model, training, made_on = shown.model, shown.training, shown.model.created_at
    text = t(
        "model-card",
        name=model.name,
        trigger=model.trigger_word,
        subject=t.plain(f"subject-name-{model.subject}"),
        mode=t.plain(f"mode-name-{training.mode}", steps=str(training.steps)),
        trainer=t.plain(f"trainer-name-{nickname_of(model.trainer)}"),
        photos=shown.photo_count,
        pictures=shown.picture_count,
        year=str(made_on.year),
        month=f"{made_on.month:02}",
        day=f"{made_on.day:02}",
    )
    lines = [text]
    if model.likeness is not None:
        resemblance = resemblance_of(model.likeness)
        lines.append(t(f"resembles-{resemblance}", percent=str(model.likeness)))
    if model.lora_scale is not None:
        lines.append(t("model-scale", scale=t.decimal(model.lora_scale)))
    return Screen("\n".join(lines), _card_keyboard(t, model), model.cover_file_id)


def _card_keyboard(t: Texts, model: Model) -> InlineKeyboardMarkup:
    use = _use_button(t, model, "model-in-use" if model.active else "model-use")
    rows = [
        [use, _use_button(t, model, "menu-generate", then_prompt=True)],
        [
            _button(t, model, "model-button-rename", ModelAction.RENAME),
            _button(t, model, "model-button-again", ModelAction.AGAIN),
        ],
        [
            _button(t, model, "model-button-weights", ModelAction.WEIGHTS),
            _button(t, model, "model-button-delete", ModelAction.DELETE),
        ],
        [
            _copy_trigger(t, model),
            InlineKeyboardButton(
                text=t.plain("model-button-lend"), callback_data=Lend(model_id=model.id).pack()
            ),
        ],
        [_button(t, model, "model-button-list", ModelAction.LIST)],
    ]
    return InlineKeyboardMarkup(inline_keyboard=rows)


def ask_name(t: Texts, model: Model) -> Screen:
    """Return the question for another name."""
    text = t("model-ask-name", name=model.name, trigger=model.trigger_word)
    return Screen(text, back_and_cancel(t, ModelForm.name))


def weights(t: Texts, model: Model) -> Screen:
    """Return the address of the LoRA and how it is used elsewhere."""
    text = t(
        "model-weights",
        name=model.name,
        trigger=model.trigger_word,
        base=nickname_of(model.trainer),
        url=model.lora_url,
    )
    return Screen(text, InlineKeyboardMarkup(inline_keyboard=[[_copy_trigger(t, model)]]))


def deleted(t: Texts, model: Model, deletion: Deletion, receipt: Receipt) -> str:
    """Say that a model is gone, and what is left of it at fal."""
    lines = [t("model-deleted", name=model.name)]
    if receipt.under_way:
        lines.append(t("receipt-under-way", count=receipt.under_way))
    if receipt.erasing:
        lines.append(t("model-erasing", count=receipt.erasing))
    if deletion.requests and not deletion.erases:
        count, until = deletion.requests, deletion.requests_until
        lines.append(t("receipt-requests", count=count, date=until))
    return "\n".join(lines)


def ask_to_delete(t: Texts, shown: ModelCard, rules: TrainingRules) -> Screen:
    """Return the question whether to delete a model, with what goes and what may remain."""
    text = t(
        "model-delete-ask",
        name=shown.model.name,
        photos=shown.photo_count,
        pictures=shown.picture_count,
    )
    keep = _button(t, shown.model, "model-keep", ModelAction.CARD)
    sure = _button(t, shown.model, "model-delete-sure", ModelAction.DELETE_SURE)
    keyboard = InlineKeyboardMarkup(inline_keyboard=[[keep], [sure]])
    parts = [text, *([t("model-delete-lent")] if shown.is_lent else []), remains(t, rules)]
    return Screen("\n\n".join(parts), keyboard)


def _use_button(
    t: Texts, model: Model, key: str, *, then_prompt: bool = False
) -> InlineKeyboardButton:
    press = UseModel(model_id=model.id, then_prompt=then_prompt).pack()
    return InlineKeyboardButton(text=t.plain(key), callback_data=press)


def _copy_trigger(t: Texts, model: Model) -> InlineKeyboardButton:
    copy = CopyTextButton(text=model.trigger_word)
    return InlineKeyboardButton(text=t.plain("copy-trigger"), copy_text=copy)


def _button(
    t: Texts, model: Model, key: str, action: ModelAction, **values: str
) -> InlineKeyboardButton:
    press = ModelButton(model_id=model.id, action=action).pack()
    return InlineKeyboardButton(text=t.plain(key, **values), callback_data=press)
