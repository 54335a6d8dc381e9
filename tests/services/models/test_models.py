"""What a user can do with models: card, name, choice, deletion; and nobody else."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from decimal import Decimal

import pytest

from db.database import Database
from db.tables import Generation, Training
from services.domain.clock import now
from services.domain.states import GenerationState, TrainingState
from services.domain.values import Model, Picture, Place
from services.domain.vocabulary import ChargeKind, FailureReason, PhotoState
from services.errors import InvalidName, NotFound
from services.fal.client import FalClient
from services.identifiers import new_id
from services.models.service import ModelService
from services.money.limits import DAY
from services.rules import TrainingRules
from tests.services.kit import (
    STRANGER,
    USER,
    Notes,
    generation_jobs,
    keep_model,
    meet,
    paid_context,
    photo_values,
    start_training,
    wide_ledger,
)


class Shelf:
    """The service, its notes, and rows for it."""

    def __init__(self, database: Database, fal: FalClient) -> None:
        self.database = database
        self.fal = fal
        self.notes = Notes()
        self.deletions: list[str] = []
        self.models = ModelService(database, wide_ledger(), self.deletions.append)

    async def model(self, user_id: int = USER, *, active: bool = True) -> Model:
        return await keep_model(self.database, f"https://{new_id()}", user_id, active=active)

    async def photos(self, model: Model, accepted: int, refused: int = 0) -> None:
        async with self.database.transaction() as tx:
            for number in range(accepted):
                await tx.photos.record(photo_values(model.training_id, number))
            for number in range(accepted, accepted + refused):
                values = photo_values(model.training_id, number)
                values |= {"state": PhotoState.REFUSED, "refusal": "gif", "sha256": None}
                await tx.photos.record(values)

    async def generation(self, model: Model, **changes: object) -> str:
        row_id = new_id()
        values: dict[str, object] = {
            "id": row_id,
            "user_id": model.user_id,
            "chat_id": model.user_id,
            "model_id": model.id,
            "origin": f"message:{row_id}",
            "prompt": "a king",
            "seed": 1_000_000_007,
        }
        async with self.database.transaction() as tx:
            await tx.generations.record(values | changes)
        return row_id

    async def pictures(self, generation_id: str, flags: Sequence[bool]) -> None:
        async with self.database.transaction() as tx:
            tx.pictures.add(
                Picture(
                    id=new_id(),
                    generation_id=generation_id,
                    position=position,
                    url="https://picture",
                    is_flagged=is_flagged,
                )
                for position, is_flagged in enumerate(flags, start=1)
            )

    async def active(self) -> list[str]:
        return [model.id for model in await self.models.all_of(USER) if model.active]

    async def training(self, training_id: str) -> Training | None:
        async with self.database.transaction() as tx:
            return await tx.trainings.get(training_id)

    async def made(self, generation_id: str) -> Generation | None:
        async with self.database.transaction() as tx:
            return await tx.generations.get(generation_id)


@pytest.fixture
async def shelf(database: Database, fal: FalClient) -> Shelf:
    await meet(database, USER, STRANGER)
    return Shelf(database, fal)


async def test_a_card_counts_the_photos_used_and_the_pictures_sent(shelf: Shelf) -> None:
    model, other = await shelf.model(), await shelf.model()
    await shelf.photos(model, accepted=6, refused=2)
    for owner in (model, other):
        made = await shelf.generation(owner, state=GenerationState.MADE)
        await shelf.pictures(made, [False, False, True])
    shown = await shelf.models.card(USER, model.id)
    assert (shown.model.id, shown.training.id) == (model.id, model.training_id)
    assert (shown.photo_count, shown.picture_count) == (6, 2)


@pytest.mark.parametrize(
    "act",
    [
        lambda models, model_id: models.card(STRANGER, model_id),
        lambda models, model_id: models.activate(STRANGER, model_id),
        lambda models, model_id: models.rename(STRANGER, model_id, "Mine"),
        lambda models, model_id: models.delete(STRANGER, model_id, Place(STRANGER)),
    ],
    ids=["card", "activate", "rename", "delete"],
)
async def test_the_model_of_another_user_is_not_found(
    shelf: Shelf, act: Callable[[ModelService, str], Awaitable[object]]
) -> None:
    model = await shelf.model()
    for model_id in (model.id, "nobody"):
        with pytest.raises(NotFound):
            await act(shelf.models, model_id)
    (kept,) = await shelf.models.all_of(USER)
    assert (kept.id, kept.name, kept.active) == (model.id, "Anna", True)


async def test_one_model_is_active_at_a_time(shelf: Shelf) -> None:
    one, two = await shelf.model(), await shelf.model()
    assert await shelf.active() == [two.id]
    await asyncio.gather(
        *(shelf.models.activate(USER, model.id) for model in (one, two, one, two, one))
    )
    assert len(await shelf.active()) == 1
    await shelf.models.activate(USER, one.id)
    assert await shelf.active() == [one.id]


async def test_a_new_name_leaves_the_trigger_word_as_it_is(shelf: Shelf) -> None:
    model = await shelf.model()
    shown = await shelf.models.rename(USER, model.id, "  Зимний   портрет ")
    assert (shown.model.name, shown.model.trigger_word) == ("Зимний портрет", model.trigger_word)
    assert (await shelf.models.card(USER, model.id)).model.name == "Зимний портрет"


@pytest.mark.parametrize("name", ["", "   ", "x" * 41])
async def test_a_bad_name_is_refused(shelf: Shelf, name: str) -> None:
    model = await shelf.model()
    with pytest.raises(InvalidName) as refused:
        await shelf.models.rename(USER, model.id, name)
    assert refused.value.params == {"max": 40}
    assert (await shelf.models.card(USER, model.id)).model.name == "Anna"


async def test_a_deleted_model_takes_everything_of_it_along(shelf: Shelf) -> None:
    kept, model = await shelf.model(), await shelf.model()
    await shelf.photos(model, accepted=5)
    made = await shelf.generation(model, state=GenerationState.MADE, announced_at=now())
    await shelf.pictures(made, [False])
    await shelf.models.delete(USER, model.id, Place(USER))
    assert [left.id for left in await shelf.models.all_of(USER)] == [kept.id]
    assert await shelf.training(model.training_id) is None
    assert await shelf.made(made) is None
    async with shelf.database.transaction() as tx:
        assert await tx.photos.all_of(model.training_id) == []
        assert await tx.pictures.all_of(made) == []
    assert await shelf.training(kept.training_id) is not None
    with pytest.raises(NotFound):
        await shelf.models.delete(USER, model.id, Place(USER))


async def test_the_failed_tries_before_a_model_go_with_it(shelf: Shelf) -> None:
    first = await start_training(
        shelf.database, state=TrainingState.FAILED, failure=FailureReason.TRAINER_FAILED
    )
    second = await start_training(shelf.database, state=TrainingState.CANCELLED, retry_of=first.id)
    unrelated = await start_training(shelf.database, state=TrainingState.CANCELLED)
    model = await shelf.model()
    async with shelf.database.transaction() as tx:
        training = await tx.trainings.lock(model.training_id)
        assert training is not None
        training.retry_of = second.id
    await shelf.models.delete(USER, model.id, Place(USER))
    assert await shelf.training(first.id) is None
    assert await shelf.training(second.id) is None
    assert await shelf.training(unrelated.id) is not None


async def test_after_the_active_model_the_newest_other_one_is_active(shelf: Shelf) -> None:
    oldest, newest, active = [await shelf.model() for _ in range(3)]
    await shelf.models.delete(USER, active.id, Place(USER))
    assert await shelf.active() == [newest.id]
    await shelf.models.delete(USER, oldest.id, Place(USER))
    assert await shelf.active() == [newest.id]
    await shelf.models.delete(USER, newest.id, Place(USER))
    assert await shelf.active() == []


async def test_pictures_that_fal_never_got_do_not_count(shelf: Shelf) -> None:
    model, ledger = await shelf.model(), wide_ledger()
    unsent = await shelf.generation(model)
    sent = await shelf.generation(model, state=GenerationState.SUBMITTING, submit_started_at=now())
    async with shelf.database.transaction() as tx:
        for generation_id in (unsent, sent):
            await ledger.charge_images(tx, generation_id, USER, 2, Decimal("0.07"))
    await shelf.models.delete(USER, model.id, Place(USER))
    async with shelf.database.transaction() as tx:
        assert await tx.charges.amount_of(USER, ChargeKind.IMAGE, now() - DAY) == 2


async def test_a_picture_whose_model_is_gone_is_let_go(shelf: Shelf) -> None:
    model = await shelf.model()
    generation_id = await shelf.generation(model)
    context = paid_context(shelf.database, shelf.fal, TrainingRules())
    steps = generation_jobs(context, shelf.notes)
    await shelf.models.delete(USER, model.id, Place(USER))
    shelf.notes.settled_generations.clear()
    assert await steps.step(generation_id) is None
    assert shelf.notes.settled_generations == [generation_id]
