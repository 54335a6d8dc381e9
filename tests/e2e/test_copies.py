"""What fal has made is in the operator's store, until its user deletes it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.domain.clock import now
from tests.e2e.driver import Person, data_of, eventually
from tests.e2e.processes import Process, bot_process, complaints_in, start_bot
from tests.s3_server import s3_server

PATIENCE_S = 150.0
"""Files made since the last look are copied at the next one, a minute later."""

pytestmark = pytest.mark.timeout(480)


@pytest.fixture(scope="module")
def server(own_server: str) -> str:
    """The address of a sandbox process of these tests."""
    return own_server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the store keeps its objects."""
    return tmp_path / "s3"


@pytest.fixture
def bot(server: str, tmp_path: Path, folder: Path) -> Iterator[Process]:
    with s3_server(folder) as s3:
        place = tmp_path / "bot"
        place.mkdir()
        bot = bot_process(
            server,
            place,
            S3_ENDPOINT=s3.endpoint,
            S3_BUCKET=s3.bucket,
            S3_ACCESS_KEY_ID=s3.access_key_id,
            S3_SECRET_ACCESS_KEY=s3.secret_access_key,
        )
        start_bot(bot)
        yield bot
        bot.kill()
        printed = bot.printed()
        assert not complaints_in(printed), printed
        assert s3.secret_access_key not in printed


def kinds(folder: Path) -> list[str]:
    return sorted(path.parent.name for path in folder.rglob("*") if path.is_file())


async def test_files_are_copied_after_a_restart_and_deleted_with_their_user(
    bot: Process, person: Person, folder: Path
) -> None:
    await person.own_model()
    bot.stop()
    start_bot(bot)

    async def copied() -> bool | None:
        return kinds(folder) == ["config", "weights"] or None

    await eventually(copied, "copies of both files", PATIENCE_S)
    said = await person.say("/deletemydata")
    _, sure = data_of(await person.reads("forget-ask", after=said), "forget:")
    await person.press(sure, after=said)
    await person.reads("forget-done", after=said, date=now().date())
    bot.stop()
    start_bot(bot)

    async def removed() -> bool | None:
        return not kinds(folder) or None

    await eventually(removed, "nothing left in the store", PATIENCE_S)
