"""The language model is asked within the budget, is in the books, and may be absent."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from sqlalchemy import select

from db.database import Database
from db.tables import Charge
from sandbox.fal.language_model import USD
from services.domain.vocabulary import ChargeKind
from services.errors import (
    FalAccount,
    FalError,
    FalOutcomeUnknown,
    FalRejected,
    FalResultUnreadable,
    FalUnavailable,
)
from services.fal.client import FalClient
from services.fal.language import LanguageModel, Question, Reply
from services.money.limits import Ledger, SpendingLimits
from services.prompts.answer import Refused, RefusedFor, Worded
from services.prompts.instructions import Task
from services.prompts.wording import ABSENT_FOR_S, USUAL_USD, PromptSettings, Wording
from tests.services.fal.local_fal import LocalFal
from tests.services.kit import USER, wide_ledger

TRIGGER = "ANNA_A3F2"
MODEL = PromptSettings("google/gemini-2.5-flash", "no hats")


class Failing:
    """A language model that fails, and counts how often it was asked."""

    def __init__(self, error: FalError) -> None:
        self.error = error
        self.asked = 0

    async def ask_model(self, question: Question, within_s: float) -> Reply:  # noqa: ARG002
        self.asked += 1
        raise self.error


class Clock:
    """Seconds that a test pushes forward."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def wording(
    database: Database,
    model: LanguageModel,
    ledger: Ledger | None = None,
    clock: Clock | None = None,
) -> Wording:
    return Wording(database, ledger or wide_ledger(), model, MODEL, clock or Clock())


async def charges(database: Database) -> Sequence[Charge]:
    async with database.transaction() as tx:
        return (await tx._session.scalars(select(Charge).order_by(Charge.created_at))).all()


async def test_a_prompt_comes_back_in_english_and_is_in_the_books(
    database: Database, fal: FalClient, local_fal: LocalFal
) -> None:
    found = await wording(database, fal).of(USER, f"{TRIGGER}, в кафе", TRIGGER)
    assert found == Worded("in cafe")
    (asked,) = local_fal.sandbox.state.fal.asked
    assert TRIGGER not in asked.input.prompt
    assert "no hats" in (asked.input.system_prompt or "")
    (charge,) = await charges(database)
    assert (charge.kind, charge.user_id, charge.amount) == (ChargeKind.PROMPT, USER, 1)
    assert charge.usd == charge.real_usd == Decimal(str(USD))
    assert (charge.request_id, charge.released_at) == (asked.request_id, None)


async def test_a_refusal_and_an_improvement(
    database: Database, fal: FalClient, local_fal: LocalFal
) -> None:
    words = wording(database, fal)
    assert await words.of(USER, "голая на пляже", TRIGGER) == Refused(RefusedFor.SEXUAL)
    better = await words.of(USER, "in a café", TRIGGER, Task.IMPROVE)
    assert isinstance(better, Worded)
    assert len(better.english) > len("in a café")
    assert better.own
    assert "richer prompt" in (local_fal.sandbox.state.fal.asked[1].input.system_prompt or "")


async def test_nothing_but_the_trigger_word_is_no_question(
    database: Database, fal: FalClient, local_fal: LocalFal
) -> None:
    assert await wording(database, fal).of(USER, TRIGGER, TRIGGER) is None
    assert not local_fal.sandbox.state.fal.asked


async def test_over_the_budget_nothing_is_asked(
    database: Database, fal: FalClient, local_fal: LocalFal
) -> None:
    ledger = Ledger(SpendingLimits(daily_budget_usd=USUAL_USD / 2))
    assert await wording(database, fal, ledger).of(USER, "в кафе", TRIGGER) is None
    assert not local_fal.sandbox.state.fal.asked
    assert not await charges(database)


@pytest.mark.parametrize("mood", ["bad_json", "missing"])
async def test_an_answer_of_no_use_is_none(
    database: Database, fal: FalClient, local_fal: LocalFal, mood: str
) -> None:
    local_fal.goes_wrong(language_model=mood)
    assert await wording(database, fal).of(USER, "в кафе", TRIGGER) is None


@pytest.mark.parametrize(
    ("error", "is_paid"),
    [
        (FalUnavailable("no connection", is_outage=True), False),
        (FalAccount("locked"), False),
        (FalRejected("no such endpoint"), False),
        (FalOutcomeUnknown("no answer in time", is_outage=True), True),
        (FalResultUnreadable("no text"), True),
    ],
)
async def test_what_may_have_been_paid_stays_in_the_books(
    database: Database, error: FalError, *, is_paid: bool
) -> None:
    assert await wording(database, Failing(error)).of(USER, "в кафе", TRIGGER) is None
    (charge,) = await charges(database)
    assert charge.usd == USUAL_USD
    assert (charge.released_at is None) is is_paid


async def test_an_endpoint_that_fal_does_not_know_is_left_alone_for_a_while(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    clock, model = Clock(), Failing(FalRejected("Application not found"))
    words = wording(database, model, clock=clock)
    for _ in range(3):
        assert await words.of(USER, "в кафе", TRIGGER) is None
    assert model.asked == 1
    clock.now += ABSENT_FOR_S
    await words.of(USER, "в кафе", TRIGGER)
    assert model.asked == 2
    assert all(record.levelname == "INFO" for record in caplog.records)


async def test_in_an_outage_it_is_asked_now_and_then_and_logged_once(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    clock, model = Clock(), Failing(FalOutcomeUnknown("HTTP 503", is_outage=True))
    words = wording(database, model, clock=clock)
    for _ in range(10):
        await words.of(USER, "в кафе", TRIGGER)
    assert model.asked == 3
    clock.now += 60
    await words.of(USER, "в кафе", TRIGGER)
    assert model.asked == 4
    assert [record.levelname for record in caplog.records] == ["WARNING"]
