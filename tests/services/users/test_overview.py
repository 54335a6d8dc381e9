"""All that a page shows of a user, at one look that costs little."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from sqlalchemy import event

from db import tables
from db.database import Database
from services.domain.loans import LoanTerm
from services.domain.states import GenerationState, TrainingState
from services.domain.values import Draft, Model, Picture, User
from services.domain.vocabulary import FailureReason, PhotoState
from services.identifiers import new_id
from services.lending.service import LendingService
from services.users.overview import GENERATIONS, TRAININGS, Overviews
from tests.services.kit import (
    USER,
    begin_draft,
    keep_model,
    keep_result,
    meet,
    photo_values,
    start_training,
)
from tests.values import set_columns

AT_MOST = 6
"""The draft, its photos, the trainings, the generations, their pictures, and loans."""


@dataclass
class Cost:
    """What looks have cost."""

    statements: list[str] = field(default_factory=list)
    transactions: int = 0


@contextmanager
def counted(database: Database) -> Iterator[Cost]:
    """Count what is asked of a database."""
    cost, engine = Cost(), database.engine.sync_engine

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        cost.statements.append(statement)

    def begin(_connection: object) -> None:
        cost.transactions += 1

    event.listen(engine, "before_cursor_execute", note)
    event.listen(engine, "begin", begin)
    try:
        yield cost
    finally:
        event.remove(engine, "before_cursor_execute", note)
        event.remove(engine, "begin", begin)


async def known(database: Database, user_id: int = USER) -> User:
    async with database.transaction() as tx:
        user = await tx.users.get(user_id)
    assert user is not None
    return user


async def test_a_look_costs_the_same_however_much_there_is_to_see(
    each_database: Database,
) -> None:
    await meet(each_database, USER)
    looked = Overviews(each_database)
    user = await known(each_database)
    await looked.of(user)
    for _ in range(2 * GENERATIONS):
        model = await keep_model(each_database, "https://lora", active=False)
        await keep_result(each_database, model, *["https://picture"] * 4)
    with counted(each_database) as idle:
        overview = await looked.of(user)
    assert (len(overview.trainings), len(overview.generations)) == (TRAININGS, GENERATIONS)
    assert [len(one.pictures) for one in overview.generations] == [4] * GENERATIONS
    assert (len(idle.statements), idle.transactions) == (4, 1)
    await begin_draft(each_database, photos=20)
    await borrow(each_database, other=2 * USER)
    with counted(each_database) as most:
        overview = await looked.of(user)
    assert overview.draft is not None
    assert len(overview.draft.photos) == 20
    assert (len(most.statements), most.transactions) == (AT_MOST, 1)


async def borrow(database: Database, other: int) -> str:
    """Have the user make something with a model of somebody else; return the loan."""
    model = await keep_model(database, "https://lora", user_id=other)
    lending = LendingService(database)
    loan = await lending.lend(other, model.id, LoanTerm.DAY)
    await lending.accept(USER, loan.id, "Bob")
    await keep_result(
        database, model, "https://picture", user_id=USER, chat_id=USER, is_borrowed=True
    )
    return loan.id


async def test_programs_call_models_by_their_training_or_by_the_newest_loan(
    each_database: Database,
) -> None:
    own = await keep_model(each_database, "https://lora")
    made = await keep_result(each_database, own)
    loan_id = await borrow(each_database, other=2 * USER)
    overview = await Overviews(each_database).of(await known(each_database))
    assert [one.public_model_id for one in overview.generations] == [loan_id, own.training_id]
    assert overview.generations[1].generation.id == made.id


@dataclass
class Seen:
    """What somebody has, and a process that is not the one that looks."""

    elsewhere: Database
    draft: Draft
    photo_id: int
    model: Model
    training_id: str
    generation_id: str
    picture_id: str


Change = Callable[[Seen], Awaitable[object]]


@pytest.fixture
async def seen(each_database: Database) -> AsyncIterator[Seen]:
    draft = await begin_draft(each_database, photos=2)
    model = await keep_model(each_database, "https://lora")
    training = await start_training(each_database, photos=0)
    made = await keep_result(each_database, model, "https://picture")
    async with each_database.transaction() as tx:
        (picture,) = await tx.pictures.all_of(made.id)
        photo, _ = await tx.photos.all_of(draft.id)
    elsewhere = Database(each_database.url)
    yield Seen(elsewhere, draft, photo.id, model, training.id, made.id, picture.id)
    await elsewhere.close()


def sets(kind: type[tables.Table], name: str, **columns: object) -> Change:
    async def change(seen: Seen) -> None:
        await set_columns(seen.elsewhere, kind, getattr(seen, name), **columns)

    return change


async def _name_the_draft(seen: Seen) -> None:
    await set_columns(seen.elsewhere, tables.Draft, seen.draft.id, name="Bea")


async def _rename(seen: Seen) -> None:
    await set_columns(seen.elsewhere, tables.Model, seen.model.id, name="Bea")


async def _send_a_photo(seen: Seen) -> None:
    async with seen.elsewhere.transaction() as tx:
        await tx.photos.record(photo_values(seen.draft.id, 3))


async def _take_a_photo_out(seen: Seen) -> None:
    async with seen.elsewhere.transaction() as tx:
        await tx.photos.remove(seen.photo_id)


async def _drop_the_draft(seen: Seen) -> None:
    async with seen.elsewhere.transaction() as tx:
        await tx.drafts.remove(seen.draft.id)


async def _add_a_picture(seen: Seen) -> None:
    picture = Picture(
        id=new_id(), generation_id=seen.generation_id, position=2, url="https://picture"
    )
    async with seen.elsewhere.transaction() as tx:
        tx.pictures.add([picture])


async def _remove_a_picture(seen: Seen) -> None:
    async with seen.elsewhere.transaction() as tx:
        await tx.pictures.remove(seen.picture_id)


CHANGES: dict[str, Change] = {
    "a draft is named": _name_the_draft,
    "a draft is dropped": _drop_the_draft,
    "a photo is sent": _send_a_photo,
    "a photo is refused": sets(
        tables.Photo, "photo_id", state=PhotoState.REFUSED, refusal="too_small"
    ),
    "a photo is looked at": sets(tables.Photo, "photo_id", seen={"faces": 0}),
    "a photo is taken out": _take_a_photo_out,
    "a training goes on": sets(tables.Training, "training_id", percent=30),
    "a training ends": sets(tables.Training, "training_id", state=TrainingState.CANCELLED),
    "a training starts": lambda seen: start_training(seen.elsewhere, photos=0),
    "a model is there": lambda seen: keep_model(seen.elsewhere, "https://l", active=False),
    "a model is renamed": _rename,
    "pictures are ordered": lambda seen: keep_result(seen.elsewhere, seen.model),
    "pictures wait in a queue": sets(tables.Generation, "generation_id", queue_position=3),
    "pictures are not made": sets(
        tables.Generation,
        "generation_id",
        state=GenerationState.FAILED,
        failure=FailureReason.PROMPT_REJECTED,
    ),
    "a picture arrives": _add_a_picture,
    "a picture is a favourite": sets(tables.Picture, "picture_id", is_favourite=True),
    "a picture is held back": sets(tables.Picture, "picture_id", is_flagged=True),
    "a picture is deleted": _remove_a_picture,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_what_another_process_has_changed_is_seen_at_the_next_look(
    each_database: Database, seen: Seen, change: Change
) -> None:
    looked = Overviews(each_database)
    user = await known(each_database)
    before = await looked.of(user)
    assert await looked.of(user) == before
    await change(seen)
    assert await looked.of(user) != before
