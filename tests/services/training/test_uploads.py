"""Photos that come over HTTP: the same one through two processes is one photo."""

import asyncio

import pytest

from db.database import Database
from services.domain.values import Place
from services.training.draft_photos import SentPhoto
from services.training.uploads import Uploads
from tests.services.kit import USER, meet
from tests.services.training.draft_setup import Setup

BYTES = b"\xff\xd8\xff\xe0 a photo"


class Chat:
    """Takes files into the chat, but each only once so many are on their way."""

    def __init__(self, together: int) -> None:
        self._together = asyncio.Barrier(together)
        self.taken = 0

    async def keep(self, user_id: int, place: Place, name: str, data: bytes) -> SentPhoto:
        del user_id, place, data
        await self._together.wait()
        self.taken += 1
        return SentPhoto(self.taken, f"file-{self.taken}", f"unique-{self.taken}", label=name)


@pytest.fixture
async def setup(each_database: Database) -> Setup:
    await meet(each_database, USER)
    return Setup(each_database)


async def test_the_same_bytes_through_two_processes_at_once_are_one_photo(setup: Setup) -> None:
    draft_id, chat = await setup.begun(), Chat(together=2)
    processes = [
        Uploads(setup.database, setup.drafts.photos, chat, setup.to_check.append) for _ in "ab"
    ]
    first, second = await asyncio.gather(
        *(one.take(USER, Place(USER), draft_id, "me.jpg", BYTES) for one in processes)
    )
    assert chat.taken == 2
    assert first.id == second.id
    async with setup.database.transaction() as tx:
        assert len(await tx.photos.all_of(draft_id)) == 1
