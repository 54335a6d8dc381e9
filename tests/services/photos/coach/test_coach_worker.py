"""The photo process looks at photos where it is asked to, and remembers whom it saw."""

import os
import signal
from contextlib import suppress

from services.photos.coach.seen import Seen
from services.photos.worker import PhotoProcessEnded, PhotoWorker
from tests.services.photos.coach.people import MAN, WOMAN, jpeg, lit, picture, portraits


async def test_a_set_is_looked_at_and_its_stranger_is_less_alike() -> None:
    async with PhotoWorker(has_coach=True) as worker:
        known = []
        for data in (*portraits(WOMAN)[:5], portraits(MAN)[0]):
            facts, seen = await worker.look(data)
            assert seen.faces == 1
            known.append(facts.sha256)
        *own, stranger = (await worker.alike(known)).numbers
        assert all(number is not None and number > 0.8 for number in own)
        assert stranger is not None
        assert stranger < 0.8


async def test_a_new_process_asks_to_see_the_photos_again() -> None:
    async with PhotoWorker(has_coach=True) as worker:
        facts, _ = await worker.look(portraits(WOMAN)[0])
        first = worker.process_id
        assert first is not None
        os.kill(first, signal.SIGKILL)
        with suppress(PhotoProcessEnded):
            # It may be asked before its end is known.
            await worker.alike([facts.sha256])
        compared = await worker.likeness(portraits(WOMAN)[1], [facts.sha256])
        assert worker.process_id != first
        assert compared.missing == [facts.sha256]
        await worker.look(portraits(WOMAN)[0])
        numbers = (await worker.likeness(portraits(WOMAN)[1], [facts.sha256])).numbers
        assert numbers[0] is not None
        assert numbers[0] > 0.7


async def test_largest_photos_can_be_prepared_by_a_process_that_has_the_coach() -> None:
    data = jpeg(lit(picture(WOMAN), 0.2).resize((6000, 8000)))
    async with PhotoWorker(has_coach=True) as worker:
        _, seen = await worker.look(data)
        assert isinstance(seen, Seen)
        assert (await worker.prepare(data, turn=1)).startswith(b"\xff\xd8")
