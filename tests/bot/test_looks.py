"""What is looked at again and again goes on, whatever a look raises."""

import asyncio

import pytest

from bot import looks
from bot.looks import again_and_again
from services.domain.trouble import DatabaseUnavailable


@pytest.mark.parametrize(
    ("error", "level", "words"),
    [
        (DatabaseUnavailable("cut"), "WARNING", "a look waits for the database: cut"),
        (RuntimeError("odd"), "ERROR", "a look failed and is tried again"),
    ],
)
async def test_a_cut_connection_is_a_line_and_a_bug_a_traceback(
    error: Exception,
    level: str,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(looks, "RETRY_LOOK_S", 0.0)
    looked = asyncio.Event()
    failures = [error]

    async def look() -> float:
        if failures:
            raise failures.pop()
        looked.set()
        return 60.0

    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        looking = group.create_task(again_and_again(look))
        await looked.wait()
        looking.cancel()
    assert [(one.levelname, one.getMessage()) for one in caplog.records] == [(level, words)]
    assert bool(caplog.records[0].exc_info) is (level == "ERROR")
