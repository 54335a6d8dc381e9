"""The inline keyboards of a draft and of a started training."""

from collections.abc import Collection

from aiogram.types import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from handlers.telegram.callbacks import TryAction, TryButton, UseModel
from handlers.telegram.keyboards import (
    back_and_cancel,
    back_and_cancel_row,
    button,
    keyboard_of,
    look_again_button,
)
from handlers.train.callbacks import (
    ChooseMode,
    ChooseSubject,
    Draft,
    DraftAction,
    LeftDraft,
    LeftDraftAction,
    PayAndStart,
    PhotoAction,
    Photos,
    StartTraining,
    TrainingAction,
    TrainingButton,
)
from handlers.train.states import TrainForm
from services.domain.values import Model
from services.domain.vocabulary import QualityMode, Subject
from texts.reader import Texts

MAX_BUTTON_LENGTH = 40
"""Longer labels are cut by phones anyway."""


def consent(t: Texts) -> InlineKeyboardMarkup:
    """Return the promise and the ways out."""
    agree = button(t.plain("consent-agree"), Draft(action=DraftAction.AGREE).pack())
    return keyboard_of([agree], back_and_cancel_row(t, TrainForm.consent))


def draft_found(t: Texts, training_id: str) -> InlineKeyboardMarkup:
    """Return the choice between an unfinished draft and a new one."""
    go_on = LeftDraft(action=LeftDraftAction.CONTINUE, training_id=training_id)
    from_scratch = LeftDraft(action=LeftDraftAction.FROM_SCRATCH, training_id=training_id)
    return keyboard_of(
        [button(t.plain("draft-continue"), go_on.pack())],
        [button(t.plain("draft-anew"), from_scratch.pack())],
    )


def name(t: Texts, known_name: str | None) -> InlineKeyboardMarkup:
    """Return the ways out, and the name given before if there is one."""
    if known_name is None:
        return back_and_cancel(t, TrainForm.name)
    label = t.plain("keep-name", name=known_name)[: MAX_BUTTON_LENGTH + 20]
    keep = button(label, Draft(action=DraftAction.KEEP_NAME).pack())
    return keyboard_of([keep], back_and_cancel_row(t, TrainForm.name))


def subjects(t: Texts, training_id: str) -> InlineKeyboardMarkup:
    """Return a button for each subject."""
    choices = [
        button(
            t.plain(f"subject-{subject.value}"),
            ChooseSubject(training_id=training_id, subject=subject).pack(),
        )
        for subject in Subject
    ]
    return keyboard_of(choices, back_and_cancel_row(t, TrainForm.subject))


_COUNTER = {
    "photos-done": PhotoAction.DONE,
    "photos-remove-last": PhotoAction.REMOVE_LAST,
    "photos-start-over": PhotoAction.START_OVER,
    "photos-show": PhotoAction.SHOW,
    "photos-insist": PhotoAction.INSIST,
}


def photo_counter(
    t: Texts,
    training_id: str,
    actions: Collection[PhotoAction],
    *,
    can_try: bool = False,
    is_asked: bool = True,
) -> InlineKeyboardMarkup:
    """Return the buttons under the photo counter.

    Args:
        t: The texts of the user.
        training_id: The draft.
        actions: What can be done with the photos that are there.
        can_try: Whether a first picture can be made of one.
        is_asked: Whether photos are asked for by now; under an earlier question, the ways out
            are that question's.
    """

    def row(*keys: str) -> list[InlineKeyboardButton]:
        return [
            button(t.plain(key), Photos(training_id=training_id, action=_COUNTER[key]).pack())
            for key in keys
            if _COUNTER[key] in actions
        ]

    rows = [
        row("photos-done"),
        row("photos-remove-last", "photos-start-over"),
        row("photos-show"),
        [button(t.plain("try-now"), TryButton(action=TryAction.SHOW).pack())] if can_try else [],
        row("photos-insist"),
        back_and_cancel_row(t, TrainForm.photos) if is_asked else [],
    ]
    return keyboard_of(*filter(None, rows))


def insist(t: Texts, training_id: str) -> InlineKeyboardMarkup:
    """Return the button that takes the photos without a face, too."""
    taken = Photos(training_id=training_id, action=PhotoAction.INSIST)
    return keyboard_of([button(t.plain("photos-insist"), taken.pack())])


def go_on_anyway(t: Texts, training_id: str) -> InlineKeyboardMarkup:
    """Return the choice between going on with photos that have flaws and looking at them."""
    done = Photos(training_id=training_id, action=PhotoAction.DONE)
    show = Photos(training_id=training_id, action=PhotoAction.SHOW)
    return keyboard_of(
        [button(t.plain("coach-go-on"), done.pack())],
        [button(t.plain("photos-show"), show.pack())],
    )


def modes(t: Texts, training_id: str, prices: dict[QualityMode, str]) -> InlineKeyboardMarkup:
    """Return a button for each quality mode, with its price."""
    choices = [
        [
            button(
                t.plain(f"mode-{mode.value}", price=price),
                ChooseMode(training_id=training_id, mode=mode).pack(),
            )
        ]
        for mode, price in prices.items()
    ]
    return keyboard_of(*choices, back_and_cancel_row(t, TrainForm.mode))


def summary(t: Texts, training_id: str, stars: int = 0) -> InlineKeyboardMarkup:
    """Return the start button, which carries the price where users pay, and the ways out."""
    press = StartTraining(training_id=training_id).pack()
    if stars:
        press = PayAndStart(training_id=training_id, stars=stars).pack()
    start = button(t.plain("start-training"), press)
    return keyboard_of([start], back_and_cancel_row(t, TrainForm.confirm))


def _training_button(
    t: Texts, key: str, training_id: str, action: TrainingAction
) -> InlineKeyboardButton:
    return button(t.plain(key), TrainingButton(training_id=training_id, action=action).pack())


def cancel_training(t: Texts, training_id: str) -> InlineKeyboardMarkup:
    """Return the one button of a training under way."""
    return keyboard_of(
        [_training_button(t, "cancel-training", training_id, TrainingAction.CANCEL)]
    )


def cancel_or_go_on(t: Texts, training_id: str) -> InlineKeyboardMarkup:
    """Return the choice between stopping a training and letting it go on."""
    return keyboard_of(
        [_training_button(t, "cancel-sure", training_id, TrainingAction.STOP)],
        [_training_button(t, "cancel-keep", training_id, TrainingAction.KEEP)],
    )


def fewer_or_stop(t: Texts, training_id: str, photos: int) -> InlineKeyboardMarkup:
    """Return the choice between training on the photos that are left and not training."""
    go_on = TrainingButton(training_id=training_id, action=TrainingAction.GO_ON).pack()
    return keyboard_of(
        [button(t.plain("go-on-with", count=photos), go_on)],
        [_training_button(t, "cancel-training", training_id, TrainingAction.STOP)],
    )


def remove_all_or_keep(t: Texts, training_id: str) -> InlineKeyboardMarkup:
    """Return the choice between removing all photos of a draft and keeping them."""

    def action(key: str, what: PhotoAction) -> InlineKeyboardButton:
        return button(t.plain(key), Photos(training_id=training_id, action=what).pack())

    return keyboard_of(
        [action("photos-remove-all", PhotoAction.REMOVE_ALL)],
        [action("photos-keep", PhotoAction.KEEP)],
    )


def try_again(t: Texts, training_id: str, *, can_look_again: bool = False) -> InlineKeyboardMarkup:
    """Return what can follow a training that did not work out; a look orders nothing."""
    rows = [[_training_button(t, "try-again", training_id, TrainingAction.RETRY)]]
    if can_look_again:
        rows.insert(0, [look_again_button(t, "training", training_id)])
    return keyboard_of(*rows)


def agree_and_try_again(t: Texts, training_id: str) -> InlineKeyboardMarkup:
    """Return the consent to another try."""
    return keyboard_of([_training_button(t, "consent-agree", training_id, TrainingAction.AGREE)])


def model_ready(t: Texts, model: Model) -> InlineKeyboardMarkup:
    """Return the way to NeuroPhoto and the trigger word to copy."""
    go = UseModel(model_id=model.id, then_prompt=True).pack()
    copy = InlineKeyboardButton(
        text=t.plain("copy-trigger"), copy_text=CopyTextButton(text=model.trigger_word)
    )
    return keyboard_of([button(t.plain("go-to-neurophoto"), go)], [copy])
