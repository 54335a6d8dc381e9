"""The questions of /train follow one another by the draft's row, whoever has written it."""

from typing import Any

import pytest
from aiogram.fsm.state import State

from handlers.train.order import ORDER, after, before, unanswered
from handlers.train.states import TrainForm
from services.domain.values import Draft
from services.rules import TrainingRules
from tests.values import a_draft

ONE = TrainingRules()
SEVERAL = TrainingRules(trainers=("fal-ai/flux-lora-fast-training", "fal-ai/qwen-image-trainer"))
NOTHING: dict[str, Any] = dict.fromkeys(("name", "trigger_word", "subject", "mode", "steps"))


def a_draft_without(*answers: str) -> Draft:
    return a_draft(**dict.fromkeys(answers))


def test_the_order_has_every_question_once() -> None:
    assert sorted(ORDER, key=str) == sorted(TrainForm, key=str)


@pytest.mark.parametrize("rules", [ONE, SEVERAL], ids=["one", "several"])
def test_back_undoes_each_step(rules: TrainingRules) -> None:
    asked, question = [TrainForm.consent], TrainForm.consent
    while question != TrainForm.confirm:
        following = after(question, a_draft(), rules)
        assert before(following, rules) == question
        question = following
        asked.append(question)
    assert before(TrainForm.consent, rules) is None
    assert (TrainForm.trainer in asked) is (rules is SEVERAL)
    assert set(ORDER) - set(asked) <= {TrainForm.trainer}


def test_back_leads_on_from_a_question_that_is_asked_no_more() -> None:
    assert before(TrainForm.trainer, ONE) == TrainForm.photos
    assert after(TrainForm.trainer, a_draft(), ONE) == TrainForm.mode


@pytest.mark.parametrize(
    ("answered", "missing", "asked"),
    [
        (TrainForm.consent, "name", TrainForm.name),
        (TrainForm.name, "subject", TrainForm.subject),
        (TrainForm.subject, "name", TrainForm.name),
        (TrainForm.photos, "name", TrainForm.name),
        (TrainForm.photos, "subject", TrainForm.subject),
        (TrainForm.photos, "mode", TrainForm.mode),
        (TrainForm.mode, "name", TrainForm.name),
        (TrainForm.mode, "mode", TrainForm.mode),
    ],
)
def test_no_question_is_passed_that_has_no_answer(
    answered: State, missing: str, asked: State
) -> None:
    assert after(answered, a_draft_without(missing), ONE) == asked


def test_an_answer_that_is_there_is_asked_for_again_on_the_way() -> None:
    assert after(TrainForm.consent, a_draft(), ONE) == TrainForm.name
    assert after(TrainForm.name, a_draft(), ONE) == TrainForm.subject


def test_a_draft_is_taken_up_at_its_first_question_without_an_answer_or_at_its_photos() -> None:
    assert unanswered(a_draft(**NOTHING)) == TrainForm.name
    assert unanswered(a_draft_without("subject")) == TrainForm.subject
    assert unanswered(a_draft_without("mode", "steps")) == TrainForm.photos
    assert unanswered(a_draft()) == TrainForm.photos
