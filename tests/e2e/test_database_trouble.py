"""A database that cannot be written for a while."""

import sqlite3
from contextlib import closing

import pytest

from tests.e2e import pictures
from tests.e2e.driver import Sandbox
from tests.e2e.processes import SECRETS, Process, bot_process, start_bot

PATIENCE_S = 90.0
"""An update waits up to 10 s for its turn among ours and 10 s more for SQLite's lock."""


@pytest.mark.timeout(300)
async def test_what_is_sent_while_the_database_is_locked_is_answered_afterwards(
    server: str, sandbox: Sandbox, bot: Process, tmp_path_factory: pytest.TempPathFactory
) -> None:
    # Two bots on one token disturb each other, so the one of the session leaves first.
    assert bot.stop() == 0
    folder = tmp_path_factory.mktemp("locked")
    other = bot_process(server, folder)
    start_bot(other)
    try:
        person = await sandbox.newcomer()
        await person.to_photos()
        await person.send(*pictures.photos(5))
        await person.counted(5)
        with closing(
            sqlite3.connect(folder / "bot.db", timeout=30, isolation_level=None)
        ) as intruder:
            intruder.execute("BEGIN IMMEDIATE")
            asked = await person.say("/status")
            await person.sees("What you sent is safe", asked, PATIENCE_S)
            intruder.execute("ROLLBACK")
        # It is answered without being asked again.
        await person.reads("no-training", after=asked)
        await person.press_action("photos:", "done")
        await person.press_action("mode:", "economy")
        await person.press("start:")
        await person.told_ready(patience_s=PATIENCE_S)
        assert other.stop() == 0
        assert not [secret for secret in SECRETS if secret in other.printed()]
    finally:
        other.kill()
    start_bot(bot)
