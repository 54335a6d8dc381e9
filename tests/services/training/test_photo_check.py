"""Photos of a draft are looked at in the background, and the reason of each refusal is kept."""

import asyncio
import io
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import cache

import pytest
from PIL import Image
from sqlalchemy import update

from db import tables
from db.database import Database
from services.domain.vocabulary import PhotoState
from services.errors import PhotoUnavailable
from services.photos.limits import Limits
from services.photos.worker import FILES_AT_ONCE, PhotoWorker
from services.rules import TrainingRules
from services.training.coach import Coach
from services.training.draft_photos import DraftPhotos
from services.training.photo_check import CHECKED, MAX_CHECKS, PhotoChecks
from tests.services.kit import (
    USER,
    Album,
    Notes,
    begin_draft,
    jpeg,
    photo_values,
    start_draft,
)
from tests.services.photos.coach.people import WOMAN, cat, portraits
from tests.services.photos.coach.people import jpeg as as_jpeg
from tests.services.photos.corpus import encoded, heic, png_of_zeros
from tests.services.photos.corpus import jpeg as jpeg_of
from tests.values import set_columns

RULES = TrainingRules(max_photos=6)


@cache
def deadly() -> bytes:
    """A good photo, which takes longer to check than `impatient` allows."""
    return png_of_zeros(9990, 9990, colour=6)


class Lab:
    """A draft with pending photos, and the checks that look at them."""

    def __init__(self, database: Database, worker: PhotoWorker) -> None:
        self.database, self.worker = database, worker
        self.album, self.notes = Album(), Notes()
        self.checks = PhotoChecks(database, RULES, self.album, worker, self.notes)
        self.draft_id = ""

    async def begin(self) -> None:
        draft = await begin_draft(self.database, photos=0)
        self.draft_id = draft.id

    async def send(self, *photos: bytes | None, first: int = 1) -> None:
        """Record photos; None is one that Telegram no longer has."""
        async with self.database.transaction() as tx:
            for number, data in enumerate(photos, start=first):
                values = photo_values(self.draft_id, number, state=PhotoState.PENDING, sha256=None)
                await tx.photos.record(values)
                if data is not None:
                    self.album.files[f"file-{number}"] = data

    async def check(self) -> None:
        async with asyncio.timeout(90):
            while await self.checks.step(self.draft_id) is not None:
                pass

    async def verdicts(self) -> list[str]:
        async with self.database.transaction() as tx:
            rows = await tx.photos.all_of(self.draft_id)
        return [row.refusal or row.state.value for row in rows]


@pytest.fixture
async def lab(database: Database, worker: PhotoWorker) -> Lab:
    lab = Lab(database, worker)
    await lab.begin()
    return lab


async def test_each_photo_gets_its_verdict(lab: Lab) -> None:
    await lab.send(jpeg(1), jpeg(2, side=300), b"%PDF-1.7 text", None, b"junk\0", jpeg(1))
    await lab.check()
    first, *others, last = await lab.verdicts()
    assert others == ["too_small", "pdf", "gone", "unreadable"]
    # Which of two equal photos stays depends on which is decoded first.
    assert {first, last} == {"accepted", "duplicate"}
    assert lab.notes.photos[lab.draft_id] >= 6


async def test_the_numbers_of_a_refusal_are_kept_for_its_sentence(lab: Lab) -> None:
    await lab.send(jpeg(1, side=300))
    await lab.check()
    async with lab.database.transaction() as tx:
        (row,) = await tx.photos.all_of(lab.draft_id)
    assert row.refusal_params == {"width": 300, "height": 300, "min_side_px": 512}


async def test_photos_beyond_the_maximum_are_refused_in_the_order_they_were_sent(
    lab: Lab,
) -> None:
    await lab.send(*(jpeg(number) for number in range(1, 9)))
    await lab.check()
    assert await lab.verdicts() == ["accepted"] * 6 + ["too_many"] * 2


async def test_a_photo_beyond_the_maximum_takes_the_place_of_a_refused_one(lab: Lab) -> None:
    await lab.send(jpeg(1), b"junk\0", None, *(jpeg(number) for number in range(4, 10)))
    await lab.check()
    assert await lab.verdicts() == [
        "accepted",
        "unreadable",
        "gone",
        *["accepted"] * 5,
        "too_many",
    ]


async def test_a_photo_that_cannot_be_fetched_now_stays_pending_and_the_others_go_on(
    lab: Lab,
) -> None:
    await lab.send(jpeg(1), jpeg(2), jpeg(3))
    lab.album.troubles["file-2"] = 1
    with pytest.raises(PhotoUnavailable):
        await lab.check()
    assert await lab.verdicts() == ["accepted", "pending", "accepted"]
    assert await lab.checks.unfinished() == [lab.draft_id]
    await lab.check()
    assert await lab.verdicts() == ["accepted"] * 3
    assert await lab.checks.unfinished() == []


async def test_whoever_waits_for_the_last_check_is_woken_wherever_it_was_made(lab: Lab) -> None:
    heard: list[str] = []
    lab.database.wakes.subscribe(CHECKED, heard.append)
    await lab.send(jpeg(1), b"junk\0", *(jpeg(number) for number in range(3, 10)))
    assert await lab.checks.step(lab.draft_id) == 0
    await asyncio.sleep(0)
    assert heard == []
    await lab.check()
    await asyncio.sleep(0)
    assert set(heard) == {lab.draft_id}


async def test_photos_that_cannot_be_fetched_keep_no_other_waiting(lab: Lab) -> None:
    await lab.send(*(jpeg(number) for number in range(1, 7)))
    for number in (1, 2, 3, 5):
        lab.album.troubles[f"file-{number}"] = 2
    for _ in range(2):
        with pytest.raises(PhotoUnavailable):
            await lab.check()
        verdicts = await lab.verdicts()
        assert verdicts == ["pending"] * 3 + ["accepted", "pending", "accepted"]
    await lab.check()
    assert await lab.verdicts() == ["accepted"] * 6


async def test_a_photo_that_cannot_be_fetched_keeps_its_place_before_later_ones(lab: Lab) -> None:
    await lab.send(*(jpeg(number) for number in range(1, 8)))
    lab.album.troubles["file-1"] = 1
    with pytest.raises(PhotoUnavailable):
        await lab.check()
    assert await lab.verdicts() == ["pending"] + ["accepted"] * 5 + ["pending"]
    await lab.check()
    assert await lab.verdicts() == ["accepted"] * 6 + ["too_many"]


async def test_a_photo_removed_during_its_check_stays_removed(lab: Lab) -> None:
    await lab.send(jpeg(1))

    class Removing(Album):
        async def fetch(self, file_id: str) -> bytes:
            async with lab.database.transaction() as tx:
                await tx.photos.remove_all(lab.draft_id)
            return await super().fetch(file_id)

    source = Removing(lab.album.files)
    checks = PhotoChecks(lab.database, RULES, source, lab.worker, lab.notes)
    assert await checks.step(lab.draft_id) == 0.0
    assert await checks.step(lab.draft_id) is None
    assert await lab.verdicts() == []


async def test_a_training_that_is_no_draft_any_more_is_left_alone(lab: Lab) -> None:
    await lab.send(jpeg(1))
    await start_draft(lab.database, lab.draft_id)
    assert await lab.checks.step(lab.draft_id) is None
    assert await lab.checks.step("no such id") is None
    assert await lab.verdicts() == ["pending"]
    assert lab.album.fetched == []


async def test_only_a_few_photos_are_held_at_once(lab: Lab) -> None:
    held, most = 0, 0

    class Counting(Album):
        async def fetch(self, file_id: str) -> bytes:
            nonlocal held, most
            held += 1
            most = max(most, held)
            data = await super().fetch(file_id)
            await asyncio.sleep(0.002)
            held -= 1
            return data

    await lab.send(*(jpeg(number) for number in range(1, 13)))
    rules = replace(RULES, max_photos=20)
    source = Counting(lab.album.files)
    checks = PhotoChecks(lab.database, rules, source, lab.worker, lab.notes)
    while await checks.step(lab.draft_id) is not None:
        pass
    assert 1 < most <= FILES_AT_ONCE
    assert await lab.verdicts() == ["accepted"] * 12


async def test_identical_photos_checked_at_the_same_time_are_one_accepted(lab: Lab) -> None:
    await lab.send(*([jpeg(1)] * 5))
    await lab.check()
    assert sorted(await lab.verdicts()) == ["accepted"] + ["duplicate"] * 4


async def test_one_picture_in_several_encodings_is_one_photo_and_the_first_sent_stays(
    lab: Lab,
) -> None:
    picture = Image.open(io.BytesIO(jpeg(1, side=700)))
    files = [
        encoded(picture, "PNG"),
        jpeg(2),
        jpeg_of(picture, quality=40),
        heic(picture),
        encoded(picture.resize((520, 520)), "WEBP"),
    ]
    await lab.send(*files)
    await lab.check()
    assert await lab.verdicts() == ["accepted", "accepted", *["duplicate"] * 3]
    async with lab.database.transaction() as tx:
        rows = await tx.photos.all_of(lab.draft_id)
    assert [row.refusal_params for row in rows[2:]] == [{"number": 1}] * 3


async def test_a_photo_that_was_sent_first_takes_the_place_of_all_that_repeat_it(lab: Lab) -> None:
    picture = Image.open(io.BytesIO(jpeg(1)))
    await lab.send(jpeg(1), encoded(picture, "PNG"))
    lab.album.troubles["file-1"] = 1
    with pytest.raises(PhotoUnavailable):
        await lab.check()
    assert await lab.verdicts() == ["pending", "accepted"]
    await lab.check()
    assert await lab.verdicts() == ["accepted", "duplicate"]


async def test_a_repeat_may_be_sent_again_any_number_of_times(lab: Lab) -> None:
    await lab.send(jpeg(1), encoded(Image.open(io.BytesIO(jpeg(1))), "PNG"))
    await lab.check()
    for message_id in range(10, 10 + 2 * MAX_CHECKS):
        async with lab.database.transaction() as tx:
            first, second = await tx.photos.all_of(lab.draft_id)
            await tx.photos.check_again(second.id, message_id, second.file_id)
        await lab.check()
        assert await lab.verdicts() == ["accepted", "duplicate"]
    async with lab.database.transaction() as tx:
        await tx.photos.remove(first.id)
        await tx.photos.check_again(second.id, 100, second.file_id)
    await lab.check()
    assert await lab.verdicts() == ["accepted"]


async def test_photos_from_before_there_were_fingerprints_are_known_by_their_bytes(
    lab: Lab,
) -> None:
    await lab.send(jpeg(1))
    await lab.check()
    async with lab.database.engine.begin() as connection:
        await connection.execute(update(tables.Photo).values(fingerprint=None))
    await lab.send(jpeg(1), jpeg(2), first=2)
    await lab.check()
    assert await lab.verdicts() == ["accepted", "duplicate", "accepted"]


@pytest.fixture
async def impatient(lab: Lab) -> AsyncIterator[Lab]:
    """The lab with a photo process that gives a check little of the processor."""
    async with PhotoWorker(Limits(cpu_s=0.15)) as worker:
        lab.checks = PhotoChecks(lab.database, RULES, lab.album, worker, lab.notes)
        yield lab


async def checks_counted(lab: Lab) -> list[int]:
    async with lab.database.transaction() as tx:
        return [row.checks for row in await tx.photos.all_of(lab.draft_id)]


async def test_a_photo_that_ends_its_check_is_refused_after_the_second_try_and_the_others_go_on(
    impatient: Lab,
) -> None:
    await impatient.send(jpeg(1), deadly(), jpeg(3), jpeg(4))
    await impatient.check()
    assert await impatient.verdicts() == ["accepted", "uncheckable", "accepted", "accepted"]
    assert await checks_counted(impatient) == [1, MAX_CHECKS, 1, 1]


async def test_a_photo_that_took_the_bot_with_it_is_not_tried_again_and_again(lab: Lab) -> None:
    """Each try is in the database before it begins: killed in it, the bot still knows."""
    await lab.send(jpeg(1), jpeg(2))
    async with lab.database.transaction() as tx:
        first, second = await tx.photos.all_of(lab.draft_id)
    await set_columns(lab.database, tables.Photo, first.id, checks=MAX_CHECKS)
    await set_columns(lab.database, tables.Photo, second.id, checks=MAX_CHECKS - 1)
    await lab.check()
    assert await lab.verdicts() == ["uncheckable", "accepted"]
    assert await checks_counted(lab) == [MAX_CHECKS, MAX_CHECKS]


async def test_what_was_tried_in_vain_before_a_restart_waits_for_the_others(lab: Lab) -> None:
    await lab.send(*(jpeg(number) for number in range(1, 6)))
    async with lab.database.transaction() as tx:
        first, *_ = await tx.photos.all_of(lab.draft_id)
    await set_columns(lab.database, tables.Photo, first.id, checks=1)
    await lab.check()
    assert lab.album.fetched[-1] == "file-1"
    assert await lab.verdicts() == ["accepted"] * 5


async def test_a_stop_in_the_middle_of_a_check_does_not_count_against_the_photo(lab: Lab) -> None:
    await lab.send(deadly())
    async with asyncio.TaskGroup() as group:
        checking = group.create_task(lab.checks.step(lab.draft_id))
        async with asyncio.timeout(30):
            while True:
                if await checks_counted(lab) == [1]:
                    break
        checking.cancel()
    assert await checks_counted(lab) == [0]
    await lab.check()
    assert await lab.verdicts() == ["accepted"]


async def test_a_look_that_ends_the_process_costs_no_photo(lab: Lab) -> None:
    # Enough to check a portrait, and not to look at it.
    async with PhotoWorker(Limits(cpu_s=0.04), has_coach=True) as worker:
        lab.checks = PhotoChecks(lab.database, RULES, lab.album, worker, lab.notes)
        await lab.send(portraits(WOMAN)[0])
        await lab.check()
    assert await lab.verdicts() == ["accepted"]
    assert await checks_counted(lab) == [MAX_CHECKS]


async def test_a_set_is_compared_when_the_last_photo_is_checked_and_again_when_it_changes(
    lab: Lab, coach_worker: PhotoWorker
) -> None:
    coach = Coach(lab.database, lab.album, coach_worker)
    lab.checks = PhotoChecks(lab.database, RULES, lab.album, coach_worker, lab.notes, coach)
    await lab.send(*portraits(WOMAN)[:4])
    await lab.check()
    async with lab.database.transaction() as tx:
        first, *_ = photos = await tx.photos.all_of(lab.draft_id)
        assert all((photo.seen or {})["alike"] > 0.8 for photo in photos)
        await tx.photos.remove(first.id)
    # Three faces do not tell who is the stranger.
    await lab.check()
    async with lab.database.transaction() as tx:
        left = await tx.photos.all_of(lab.draft_id)
    assert [("alike" in (photo.seen or {})) for photo in left] == [False] * 3


async def similarities(lab: Lab) -> list[float | None]:
    """Return how much each accepted photo is like the others, where that is known."""
    async with lab.database.transaction() as tx:
        photos = await tx.photos.in_state(lab.draft_id, PhotoState.ACCEPTED)
    return [(photo.seen or {}).get("alike") for photo in photos]


async def test_photos_that_come_slowly_are_looked_at_again_only_when_the_user_is_done(
    lab: Lab,
) -> None:
    async with PhotoWorker(Limits(idle_s=0.01), has_coach=True) as worker:
        coach = Coach(lab.database, lab.album, worker)
        lab.checks = PhotoChecks(lab.database, RULES, lab.album, worker, lab.notes, coach)
        for number in range(1, 6):
            await lab.send(portraits(WOMAN)[number], first=number)
            await lab.check()
            while worker.process_id is not None:  # noqa: ASYNC110  # nobody tells
                await asyncio.sleep(0.01)
        assert len(lab.album.fetched) == 5
        assert await similarities(lab) == [None] * 5
        assert not await coach.is_compared(lab.draft_id)
        lab.album.fetched.clear()
        async with PhotoWorker(has_coach=True) as patient:
            coach = Coach(lab.database, lab.album, patient)
            assert await coach.compare(lab.draft_id, by_looking_again=True)
            assert not await coach.compare(lab.draft_id, by_looking_again=True)
            assert await coach.is_compared(lab.draft_id)
    assert len(lab.album.fetched) == 5
    assert all((number or 0) > 0.8 for number in await similarities(lab))


async def test_a_set_that_cannot_be_looked_at_again_keeps_nobody_waiting(
    lab: Lab, coach_worker: PhotoWorker
) -> None:
    lab.checks = PhotoChecks(lab.database, RULES, lab.album, coach_worker, lab.notes)
    await lab.send(*portraits(WOMAN)[:4])
    await lab.check()
    lab.album.files.clear()
    async with PhotoWorker(has_coach=True) as worker:
        coach = Coach(lab.database, lab.album, worker)
        assert not await coach.is_compared(lab.draft_id)
        assert not await coach.compare(lab.draft_id, by_looking_again=True)
        assert await coach.is_compared(lab.draft_id)
    assert await similarities(lab) == [None] * 4


async def test_without_a_coach_nothing_waits_for_a_comparison(
    lab: Lab, worker: PhotoWorker, coach_worker: PhotoWorker
) -> None:
    lab.checks = PhotoChecks(lab.database, RULES, lab.album, coach_worker, lab.notes)
    await lab.send(*portraits(WOMAN)[:4])
    await lab.check()
    assert await Coach(lab.database, lab.album, worker).is_compared(lab.draft_id)


async def test_insisting_holds_for_photos_that_are_still_being_checked_and_not_for_later_ones(
    lab: Lab, coach_worker: PhotoWorker
) -> None:
    lab.checks = PhotoChecks(lab.database, RULES, lab.album, coach_worker, lab.notes)
    photos = DraftPhotos(lab.database, 5, RULES.max_photos, lambda _: None)
    await lab.send(as_jpeg(cat()))
    await lab.check()
    await lab.send(as_jpeg(cat().rotate(90)), b"no picture", first=2)
    assert await photos.insist(USER, lab.draft_id) == 1
    await lab.check()
    taken = ["accepted", "accepted", "not_a_photo"]
    assert await lab.verdicts() == taken
    await lab.send(as_jpeg(cat().rotate(180)), first=4)
    await lab.check()
    assert await lab.verdicts() == [*taken, "no_face"]


async def test_nobody_on_a_photo_is_refused_and_can_be_insisted_on(
    lab: Lab, coach_worker: PhotoWorker
) -> None:
    lab.checks = PhotoChecks(lab.database, RULES, lab.album, coach_worker, lab.notes)
    await lab.send(as_jpeg(cat()), portraits(WOMAN)[0])
    await lab.check()
    assert await lab.verdicts() == ["no_face", "accepted"]
    photos = DraftPhotos(lab.database, 5, RULES.max_photos, lambda _: None)
    assert await photos.insist(USER, lab.draft_id) == 1
    assert await lab.verdicts() == ["accepted", "accepted"]
