"""The photos of a draft: recorded at once, repeats told from deliveries, the last one removed."""

import asyncio

import pytest

from db.database import Database
from services.domain.vocabulary import PhotoState
from services.photos.refusal import RefusalReason
from services.training.draft_photos import MAX_LABEL_LENGTH, SentPhoto
from tests.services.kit import (
    STRANGER,
    USER,
    meet,
    new_press,
    photo_values,
)
from tests.services.training.draft_setup import Setup


@pytest.fixture
async def setup(database: Database) -> Setup:
    await meet(database, USER, STRANGER)
    return Setup(database)


async def test_a_photo_is_recorded_and_handed_to_the_check(setup: Setup) -> None:
    draft_id = await setup.begun()
    sent = SentPhoto(7, "file", "unique", label="x" * 100)
    await setup.drafts.photos.record(USER, draft_id, sent)
    async with setup.database.transaction() as tx:
        (row,) = await tx.photos.all_of(draft_id)
    assert (row.state, row.message_id, row.label) == (
        PhotoState.PENDING,
        7,
        "x" * MAX_LABEL_LENGTH,
    )
    assert setup.to_check == [draft_id]


async def test_a_photo_refused_at_sight_is_kept_with_its_reason(setup: Setup) -> None:
    draft_id = await setup.begun()
    sent = SentPhoto(7, "file", "unique", refusal=RefusalReason.GIF)
    await setup.drafts.photos.record(USER, draft_id, sent)
    async with setup.database.transaction() as tx:
        (row,) = await tx.photos.all_of(draft_id)
    assert (row.state, row.refusal) == (PhotoState.REFUSED, "gif")


async def test_twenty_photos_at_once_are_twenty_rows_in_their_order(setup: Setup) -> None:
    draft_id = await setup.begun()
    numbers = [*range(20, 0, -1)]
    await asyncio.gather(
        *(
            setup.drafts.photos.record(USER, draft_id, SentPhoto(n, f"file-{n}", f"unique-{n}"))
            for n in numbers
        )
    )
    async with setup.database.transaction() as tx:
        rows = await tx.photos.all_of(draft_id)
    assert [row.message_id for row in rows] == sorted(numbers)


async def test_the_same_file_in_another_message_is_a_repeat_and_in_the_same_one_is_not(
    setup: Setup,
) -> None:
    draft_id = await setup.begun()
    for message_id in (1, 1, 2, 3):
        await setup.drafts.photos.record(USER, draft_id, SentPhoto(message_id, "file", "unique"))
    async with setup.database.transaction() as tx:
        (row,) = await tx.photos.all_of(draft_id)
    assert (row.message_id, row.repeats) == (1, 2)


@pytest.mark.parametrize(
    ("refusal", "state"),
    [
        ("too_many", PhotoState.PENDING),
        ("gone", PhotoState.PENDING),
        ("duplicate", PhotoState.PENDING),
        ("gif", PhotoState.REFUSED),
        ("too_small", PhotoState.REFUSED),
    ],
)
async def test_a_refused_file_sent_again_gets_a_chance_only_if_things_may_have_changed(
    setup: Setup, refusal: str, state: PhotoState
) -> None:
    draft_id = await setup.begun()
    async with setup.database.transaction() as tx:
        await tx.photos.record(
            photo_values(draft_id, 1, state=PhotoState.REFUSED, refusal=refusal, sha256=None)
        )
    await setup.drafts.photos.record(USER, draft_id, SentPhoto(9, "file-new", "unique-1"))
    async with setup.database.transaction() as tx:
        (row,) = await tx.photos.all_of(draft_id)
    assert row.state is state
    assert row.message_id == (9 if state is PhotoState.PENDING else 1)


async def test_the_last_photo_that_counts_is_removed(setup: Setup) -> None:
    draft_id = await setup.with_photos(3)
    async with setup.database.transaction() as tx:
        await tx.photos.record(
            photo_values(draft_id, 9, state=PhotoState.REFUSED, refusal="gif", sha256=None)
        )
    assert await setup.drafts.photos.remove_last(USER, draft_id, new_press())
    async with setup.database.transaction() as tx:
        assert [p.message_id for p in await tx.photos.all_of(draft_id)] == [1, 2, 9]
    press = new_press()
    await setup.drafts.photos.start_over(USER, draft_id, press)
    assert not await setup.drafts.photos.remove_last(USER, draft_id, new_press())
    assert await setup.drafts.photos.accepted(draft_id) == 0
    assert setup.to_check == [draft_id] * 3


async def test_a_press_that_is_handled_again_removes_nothing_more(setup: Setup) -> None:
    draft_id, press, over = await setup.begun(), new_press(), new_press()
    for number in range(1, 4):
        await setup.drafts.photos.record(
            USER, draft_id, SentPhoto(number, f"f{number}", f"u{number}")
        )
    for _ in range(2):
        assert await setup.drafts.photos.remove_last(USER, draft_id, press)
        # The message of the removed photo may be handled again as well.
        await setup.drafts.photos.record(USER, draft_id, SentPhoto(3, "f3", "u3"))
    assert await setup.drafts.photos.count(draft_id) == 2
    await setup.drafts.photos.start_over(USER, draft_id, over)
    await setup.drafts.photos.record(USER, draft_id, SentPhoto(4, "f4", "u4"))
    await setup.drafts.photos.start_over(USER, draft_id, over)
    assert await setup.drafts.photos.count(draft_id) == 1


async def test_a_repeat_that_is_handled_again_is_counted_once(setup: Setup) -> None:
    draft_id = await setup.begun()
    for message_id in (1, 2, 2, 3):
        await setup.drafts.photos.record(USER, draft_id, SentPhoto(message_id, "f", "u"))
    async with setup.database.transaction() as tx:
        (row,) = await tx.photos.all_of(draft_id)
    assert row.repeats == 2
