"""Which question of /train comes before and after which: one table, read with the draft's row."""

from collections.abc import Callable, Mapping

from aiogram.fsm.state import State

from handlers.train.states import TrainForm
from services.domain.values import Draft
from services.rules import TrainingRules

ORDER = (
    TrainForm.consent,
    TrainForm.name,
    TrainForm.subject,
    TrainForm.photos,
    TrainForm.trainer,
    TrainForm.mode,
    TrainForm.confirm,
)
"""The questions as they are asked; Back leads to the one before."""

IS_ANSWERED: Mapping[State, Callable[[Draft], bool]] = {
    TrainForm.name: lambda draft: draft.name is not None,
    TrainForm.subject: lambda draft: draft.subject is not None,
    TrainForm.mode: lambda draft: draft.mode is not None,
}
"""Whether a draft has an answer. Photos can always be added, and a trainer is always chosen."""


def before(question: State, rules: TrainingRules) -> State | None:
    """Return the question that Back leads to; from the first one it leads out of the dialogue."""
    earlier = ORDER[: ORDER.index(question)]
    return next((one for one in reversed(earlier) if _is_asked(one, rules)), None)


def after(question: State, draft: Draft, rules: TrainingRules) -> State:
    """Return the question that follows an answer: the next one, or an earlier one without any.

    What was done to the draft elsewhere meanwhile is seen here, because only its row is looked at.
    """
    place = ORDER.index(question) + 1
    later = next(one for one in ORDER[place:] if _is_asked(one, rules))
    return _first_unanswered(ORDER[:place], draft) or later


def unanswered(draft: Draft) -> State:
    """Return where a draft is taken up again: at its first open question, or at its photos."""
    place = ORDER.index(TrainForm.photos)
    return _first_unanswered(ORDER[:place], draft) or TrainForm.photos


def _first_unanswered(questions: tuple[State, ...], draft: Draft) -> State | None:
    return next((one for one in questions if not IS_ANSWERED.get(one, _always)(draft)), None)


def _always(_draft: Draft) -> bool:
    return True


def _is_asked(question: State, rules: TrainingRules) -> bool:
    return question != TrainForm.trainer or len(rules.trainers) > 1
