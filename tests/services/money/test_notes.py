"""What is to be told is left once, and wakes who tells it."""

import asyncio

import pytest

from db.database import Database
from services.domain.credits import NoteKind
from services.jobs.nursery import Nursery
from services.money.notes import CHANNEL, drop_note, leave_note
from tests.services.kit import USER, meet
from tests.services.stars import waiting_notes


@pytest.fixture
async def database(sound_ledger: Database) -> Database:
    await meet(sound_ledger, USER)
    return sound_ledger


async def leave(database: Database, key: str) -> None:
    async with database.transaction() as tx:
        wallet = await tx.wallets.of_user(USER)
        await leave_note(tx, wallet.id, NoteKind.PAID, key, stars=5)


async def test_a_note_is_left_once_and_dropped_by_its_key(database: Database) -> None:
    for key in ("one", "other", "one"):
        await leave(database, key)
    assert [note.key for note in await waiting_notes(database)] == ["paid:one", "paid:other"]
    async with database.transaction() as tx:
        await drop_note(tx, NoteKind.RENEWED, "one")
        await drop_note(tx, NoteKind.PAID, "other")
    assert [note.key for note in await waiting_notes(database)] == ["paid:one"]


async def test_who_tells_a_note_is_woken_with_its_id(database: Database) -> None:
    heard: list[str] = []
    database.wakes.subscribe(CHANNEL, heard.append)
    async with Nursery() as nursery:
        listening = nursery.start(database.wakes.listen(), name="wake-ups")
        async with asyncio.timeout(30):
            while not {note.id for note in await waiting_notes(database)} & set(heard):
                await leave(database, f"note {len(await waiting_notes(database))}")
                await asyncio.sleep(0.02)
        listening.cancel()
