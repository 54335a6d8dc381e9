"""Drafts left for a week are removed, not without a day of notice to those who can be told."""

from datetime import datetime, timedelta

import pytest

from db import tables
from db.database import Database
from services.domain.clock import now
from services.domain.vocabulary import PhotoState
from services.training.draft_expiry import KEPT_FOR, LOOK_EVERY_S, NOTICE, DraftExpiry
from services.training.draft_photos import SentPhoto
from tests.services.kit import (
    USER,
    Notes,
    begin_draft,
    photo_values,
    read_draft,
    read_training,
    start_draft,
)
from tests.services.training.draft_setup import Setup
from tests.values import set_columns

HOUR = timedelta(hours=1)
OLD = KEPT_FOR + HOUR
AGEING = KEPT_FOR - NOTICE + HOUR


class Shelf:
    """One draft with photos, whose times can be shifted, and the looks at it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.notes = Notes()
        self.expiry = DraftExpiry(database, self.notes)
        self.draft_id = ""

    async def put(self, age: timedelta, photos: int = 7) -> None:
        draft = await begin_draft(self.database, photos)
        self.draft_id = draft.id
        await self.shift(updated_at=now() - age)

    async def shift(self, **times: datetime | None) -> None:
        await set_columns(self.database, tables.Draft, self.draft_id, **times)

    async def set_user(self, **changes: object) -> None:
        await set_columns(self.database, tables.User, USER, **changes)

    async def is_there(self) -> bool:
        async with self.database.transaction() as tx:
            return await tx.drafts.read(self.draft_id) is not None

    @property
    def reminders(self) -> int:
        return len(self.notes.aged_drafts)


@pytest.fixture
def shelf(database: Database) -> Shelf:
    return Shelf(database)


async def test_a_draft_of_this_week_is_left_in_peace(shelf: Shelf) -> None:
    await shelf.put(KEPT_FOR - NOTICE - HOUR)
    assert await shelf.expiry.look() == LOOK_EVERY_S
    assert await shelf.is_there()
    assert shelf.reminders == 0


async def test_the_notice_comes_a_day_before_and_once(shelf: Shelf) -> None:
    await shelf.put(AGEING)
    await shelf.expiry.look()
    await shelf.expiry.look()
    assert shelf.notes.aged_drafts == [(shelf.draft_id, (now() + NOTICE).date())]
    assert await shelf.is_there()


async def test_a_day_after_the_notice_the_draft_and_its_photos_are_gone(shelf: Shelf) -> None:
    await shelf.put(OLD)
    await shelf.shift(reminded_at=now() - NOTICE, updated_at=now() - OLD)
    await shelf.expiry.look()
    assert not await shelf.is_there()
    async with shelf.database.transaction() as tx:
        assert await tx.photos.all_of(shelf.draft_id) == []
    assert shelf.reminders == 0


async def test_a_notice_that_comes_late_still_gives_a_day(shelf: Shelf) -> None:
    await shelf.put(KEPT_FOR * 3)
    await shelf.expiry.look()
    await shelf.expiry.look()
    assert await shelf.is_there()
    assert shelf.reminders == 1


async def test_a_notice_that_telegram_does_not_take_is_sent_again_and_nothing_is_removed(
    shelf: Shelf,
) -> None:
    await shelf.put(OLD)
    shelf.notes.undelivered = 2
    for _ in range(3):
        await shelf.expiry.look()
        assert await shelf.is_there()
    assert shelf.reminders == 1
    assert (await read_draft(shelf.database, shelf.draft_id)).reminded_at is not None


async def test_work_on_the_draft_after_the_notice_begins_the_week_again(shelf: Shelf) -> None:
    await shelf.put(AGEING)
    await shelf.expiry.look()
    await Setup(shelf.database).drafts.photos.record(
        USER, shelf.draft_id, SentPhoto(99, "file", "unique")
    )
    await shelf.expiry.look()
    assert shelf.reminders == 1
    updated_at = (await read_draft(shelf.database, shelf.draft_id)).updated_at
    # A week later all of that is as old as a week.
    await shelf.shift(reminded_at=now() - OLD, updated_at=updated_at - OLD)
    await shelf.expiry.look()
    assert await shelf.is_there()
    assert shelf.reminders == 2


async def test_going_on_after_the_notice_keeps_the_draft(shelf: Shelf) -> None:
    await shelf.put(OLD)
    await shelf.shift(reminded_at=now() - NOTICE, updated_at=now() - OLD)
    await Setup(shelf.database).drafts.resume(USER, shelf.draft_id)
    await shelf.expiry.look()
    assert await shelf.is_there()


@pytest.mark.parametrize(
    "user", [{"wants_reminders": False}, {"unreachable_since": now() - KEPT_FOR}]
)
async def test_who_cannot_or_will_not_be_told_loses_the_draft_without_a_word(
    shelf: Shelf, user: dict[str, object]
) -> None:
    await shelf.put(AGEING)
    await shelf.set_user(**user)
    await shelf.expiry.look()
    assert await shelf.is_there()
    await shelf.shift(updated_at=now() - OLD)
    await shelf.expiry.look()
    assert not await shelf.is_there()
    assert shelf.reminders == 0


async def test_a_draft_without_photos_goes_without_a_word(shelf: Shelf) -> None:
    await shelf.put(AGEING, photos=0)
    await shelf.expiry.look()
    assert await shelf.is_there()
    await shelf.shift(updated_at=now() - OLD)
    await shelf.expiry.look()
    assert not await shelf.is_there()
    assert shelf.reminders == 0


async def test_a_started_training_is_never_touched(shelf: Shelf) -> None:
    await shelf.put(OLD)
    await shelf.shift(reminded_at=now() - NOTICE, updated_at=now() - OLD)
    await start_draft(shelf.database, shelf.draft_id)
    await set_columns(shelf.database, tables.Training, shelf.draft_id, updated_at=now() - OLD)
    await shelf.expiry.look()
    assert (await read_training(shelf.database, shelf.draft_id)).name == "Anna"
    assert shelf.reminders == 0


async def test_a_draft_with_refused_photos_only_is_worth_a_notice_too(shelf: Shelf) -> None:
    await shelf.put(AGEING, photos=0)
    async with shelf.database.transaction() as tx:
        refused = {"state": PhotoState.REFUSED, "refusal": "gif", "sha256": None}
        await tx.photos.record(photo_values(shelf.draft_id, 1, **refused))
    await shelf.shift(updated_at=now() - AGEING)
    await shelf.expiry.look()
    assert shelf.reminders == 1
