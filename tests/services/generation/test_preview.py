"""A new model brings its first pictures by itself, where that is wanted and allowed."""

from decimal import Decimal
from typing import Any

import pytest

from db.database import Database
from db.tables import Generation, Training
from services.domain.clock import now
from services.domain.states import GenerationState, TrainingState
from services.domain.values import Charge, Model
from services.domain.vocabulary import Language, Purpose, Subject
from services.fal.client import FalClient
from services.fal.gateway import TrainedLora
from services.generation.preview import PROMPTS, STRENGTHS, Previews
from services.jobs.endings import Endings
from services.jobs.laps import Laps
from services.money.limits import Ledger, SpendingLimits
from services.money.prices import PriceList
from services.photos.worker import PhotoWorker
from services.rules import TrainingRules
from services.training.carrying import TrainingKind
from services.training.packing import Packing
from tests.services.kit import (
    USER,
    Album,
    Notes,
    carried,
    generation_jobs,
    keep_model,
    keep_result,
    paid_context,
    read_training,
    start_training,
    wide_ledger,
)

LORA = TrainedLora("https://v3.fal.media/lora.safetensors", None)


class Finish:
    """The end of a training, and what was ordered with it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.carried: list[str] = []

    async def complete(
        self,
        count: int = 1,
        ledger: Ledger | None = None,
        *,
        compares: bool = False,
        **changes: Any,  # noqa: ANN401  # of a row
    ) -> Training:
        changes = {"state": TrainingState.TRAINING, "request_id": "r", **changes}
        training = await start_training(self.database, **changes)
        prices = PriceList(FalClient("a:b"), Decimal("2.00"), Decimal("0.035"))
        carry = self.carried.append
        ledger = ledger or wide_ledger()
        previews = Previews(count, prices, ledger, carry, compares=compares)
        context = paid_context(self.database, FalClient("a:b"), TrainingRules())
        kind = TrainingKind(context, Packing(Album(), PhotoWorker()), Notes(), previews)
        await Endings(kind, context, Laps()).succeed(training.id, LORA)
        return await read_training(self.database, training.id)

    async def ordered(self) -> tuple[Generation, Charge]:
        (generation_id,) = self.carried
        async with self.database.transaction() as tx:
            generation = await tx.generations.get(generation_id)
            charge = await tx.charges.get(generation_id)
        assert generation is not None
        assert charge is not None
        return generation, charge

    async def generation(self, row_id: str) -> Generation:
        async with self.database.transaction() as tx:
            row = await tx.generations.get(row_id)
        assert row is not None
        return row

    async def model(self) -> Model:
        async with self.database.transaction() as tx:
            (model,) = await tx.models.all_of(USER)
        return model


@pytest.fixture
def finish(database: Database) -> Finish:
    return Finish(database)


@pytest.mark.parametrize("subject", list(Subject))
async def test_first_pictures_are_ordered_and_charged_with_the_model(
    finish: Finish, subject: Subject
) -> None:
    training = await finish.complete(2, subject=subject)
    generation, charge = await finish.ordered()
    assert generation.model_id == (await finish.model()).id
    assert (generation.purpose, generation.picture_count) == (Purpose.PREVIEW, 2)
    assert generation.prompt == PROMPTS[subject]
    assert (generation.user_id, generation.chat_id) == (training.user_id, training.chat_id)
    assert (charge.amount, charge.usd) == (2, Decimal("0.07")) == (2, generation.price_usd)


async def test_the_operator_can_switch_them_off(finish: Finish) -> None:
    await finish.complete(0)
    assert finish.carried == []


async def test_a_user_can_switch_them_off(finish: Finish) -> None:
    async with finish.database.transaction() as tx:
        await tx.users.meet(USER, Language.EN)
        await tx.users.want_previews(USER, on=False)
    await finish.complete()
    assert finish.carried == []


@pytest.mark.parametrize(
    "limits", [SpendingLimits(daily_images=0), SpendingLimits(daily_budget_usd=Decimal(0))]
)
async def test_a_limit_costs_the_picture_and_never_the_model(
    finish: Finish, limits: SpendingLimits
) -> None:
    training = await finish.complete(1, Ledger(limits))
    assert finish.carried == []
    assert training.state is TrainingState.COMPLETED
    assert (await finish.model()).active
    async with finish.database.transaction() as tx:
        assert await tx.generations.unfinished() == []


@pytest.mark.parametrize("count", [2, 3, 4])
async def test_what_is_compared_is_made_with_a_strength_each(finish: Finish, count: int) -> None:
    await finish.complete(count, compares=True)
    made = [await finish.generation(row_id) for row_id in finish.carried]
    assert tuple(one.lora_scale for one in made) == STRENGTHS[:count]
    assert {one.picture_count for one in made} == {1}
    assert len({one.seed for one in made}) == count
    assert len({one.pack for one in made}) == 1
    async with finish.database.transaction() as tx:
        charges = [await tx.charges.get(one.id) for one in made]
        first = await tx.generations.read(finish.carried[0])
        assert first is not None
        pack = await tx.generations.pack_of(first)
    assert [charge.usd for charge in charges if charge] == [Decimal("0.035")] * count
    assert [one.id for one in pack] == finish.carried


async def test_one_that_is_compared_is_no_pack(finish: Finish) -> None:
    await finish.complete(1, compares=True)
    generation, _ = await finish.ordered()
    assert (generation.pack, generation.lora_scale) == (None, 1.0)


async def test_of_several_a_limit_leaves_those_that_it_allows(finish: Finish) -> None:
    await finish.complete(3, Ledger(SpendingLimits(daily_images=2)), compares=True)
    made = [await finish.generation(row_id) for row_id in finish.carried]
    assert [one.lora_scale for one in made] == [1.0, 1.2]
    assert (await finish.model()).active


async def test_a_training_that_ended_already_brings_no_second_picture(finish: Finish) -> None:
    training = await finish.complete(1, state=TrainingState.CANCELLED)
    assert training.state is TrainingState.CANCELLED
    assert finish.carried == []


async def test_a_first_picture_waits_until_the_model_is_told(
    database: Database, fal: FalClient
) -> None:
    notes = Notes()
    rules = TrainingRules(poll_interval_s=0.01)
    steps = generation_jobs(paid_context(database, fal, rules), notes)
    model = await keep_model(database, "https://lora")
    async with database.transaction() as tx:
        training = await tx.trainings.lock(model.training_id)
        assert training is not None
        training.announced_at = None
    made = await keep_result(database, model, "https://one", purpose=Purpose.PREVIEW)
    assert made.state is GenerationState.MADE
    assert await steps.step(made.id) == rules.poll_interval_s
    assert notes.ended_generations == []
    async with database.transaction() as tx:
        training = await tx.trainings.lock(model.training_id)
        assert training is not None
        training.announced_at = now()
    await carried(steps.step, made.id)
    assert notes.ended_generations == [made.id]
