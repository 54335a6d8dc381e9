"""What the buttons of a draft and of a started training carry."""

from enum import StrEnum

from aiogram.filters.callback_data import CallbackData

from services.domain.vocabulary import QualityMode, Subject


class DraftAction(StrEnum):
    """What a draft's buttons do."""

    AGREE = "agree"
    KEEP_NAME = "keep"


class Draft(CallbackData, prefix="draft"):
    """A button of the dialogue before the photos."""

    action: DraftAction


class ChooseSubject(CallbackData, prefix="subj"):
    """Who is in the photos."""

    training_id: str
    subject: Subject


class PhotoAction(StrEnum):
    """The buttons under the photo counter.

    `START_OVER` asks once more; `REMOVE_ALL` and `KEEP` answer. `INSIST` takes the photos on which
    nobody is seen.
    """

    DONE = "done"
    REMOVE_LAST = "last"
    START_OVER = "over"
    REMOVE_ALL = "all"
    KEEP = "keep"
    SHOW = "show"
    INSIST = "insist"


class Photos(CallbackData, prefix="photos"):
    """A button under the photo counter."""

    training_id: str
    action: PhotoAction


class ChooseMode(CallbackData, prefix="mode"):
    """The quality mode."""

    training_id: str
    mode: QualityMode


class StartTraining(CallbackData, prefix="start"):
    """The button under the summary."""

    training_id: str


class PayAndStart(CallbackData, prefix="paystart"):
    """The button under the summary where users pay: the price that was confirmed."""

    training_id: str
    stars: int


class TrainingAction(StrEnum):
    """What can be done with a started training.

    `CANCEL` asks once more; `STOP` and `KEEP` answer. `GO_ON` takes the photos that are left,
    and `AGREE` tries again after a consent.
    """

    CANCEL = "cancel"
    GO_ON = "fewer"
    STOP = "stop"
    KEEP = "keep"
    RETRY = "retry"
    AGREE = "agree"


class TrainingButton(CallbackData, prefix="tr"):
    """A button of a started training."""

    training_id: str
    action: TrainingAction


class ChooseTrainer(CallbackData, prefix="trainer"):
    """The trainer, by its nickname in the table."""

    training_id: str
    nickname: str


class LeftDraftAction(StrEnum):
    """What can be done with a draft that was left behind."""

    CONTINUE = "continue"
    FROM_SCRATCH = "anew"


class LeftDraft(CallbackData, prefix="draft-left"):
    """A button of a draft that was left behind; it never acts on a later one."""

    action: LeftDraftAction
    training_id: str


class AgainFromScratch(CallbackData, prefix="model-anew"):
    """Drops a draft that was left behind for another training of a model."""

    model_id: str
    draft_id: str
