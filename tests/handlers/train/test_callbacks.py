"""The presses of a draft and of a training."""

import pytest
from aiogram.filters.callback_data import CallbackData

from handlers.train import callbacks
from handlers.train.callbacks import (
    AgainFromScratch,
    ChooseMode,
    ChooseSubject,
    ChooseTrainer,
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
from services.domain.vocabulary import QualityMode, Subject
from services.fal.endpoints import TRAINERS
from tests.handlers.buttons import LONGEST_ID, assert_comes_back, kinds_in

PRESSES: list[CallbackData] = [
    *(Draft(action=action) for action in DraftAction),
    *(ChooseSubject(training_id=LONGEST_ID, subject=subject) for subject in Subject),
    *(Photos(training_id=LONGEST_ID, action=action) for action in PhotoAction),
    *(ChooseMode(training_id=LONGEST_ID, mode=mode) for mode in QualityMode),
    *(ChooseTrainer(training_id=LONGEST_ID, nickname=row.nickname) for row in TRAINERS.values()),
    PayAndStart(training_id=LONGEST_ID, stars=999_999),
    StartTraining(training_id=LONGEST_ID),
    *(TrainingButton(training_id=LONGEST_ID, action=action) for action in TrainingAction),
    AgainFromScratch(model_id=LONGEST_ID, draft_id=LONGEST_ID),
    *(LeftDraft(action=action, training_id=LONGEST_ID) for action in LeftDraftAction),
]


@pytest.mark.parametrize("press", PRESSES, ids=repr)
def test_a_press_fits_and_comes_back_as_it_was(press: CallbackData) -> None:
    assert_comes_back(press)


def test_every_kind_of_press_is_tested() -> None:
    assert {type(press) for press in PRESSES} == kinds_in(callbacks)
