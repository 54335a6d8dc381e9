"""Inline mode through the real bot: on where the operator says so, and off otherwise."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.driver import Json, Person, Sandbox, eventually
from tests.e2e.processes import Process, bot_process, complaints_in, start_bot

pytestmark = pytest.mark.one_bot


@pytest.fixture(scope="module")
def server(own_server: str) -> str:
    """The address of a sandbox process of these tests."""
    return own_server


@pytest.fixture(params=["on", "off"])
def choice(request: pytest.FixtureRequest) -> str:
    """What the operator has chosen."""
    return str(request.param)


@pytest.fixture
def bot(server: str, tmp_path: Path, choice: str) -> Iterator[Process]:
    bot = bot_process(server, tmp_path, INLINE=choice)
    start_bot(bot)
    yield bot
    assert bot.stop() == 0
    printed = bot.printed()
    assert not complaints_in(printed), printed


async def offered(person: Person, query: str = "") -> Json | None:
    """Ask inline, and return what is offered; None where the bot does not hear of it."""
    chat = f"chats/{person.id}"
    asked = await person.sandbox.ask("POST", f"{chat}/inline", json={"query": query})
    await person.answers(0)
    answer: Json = await person.sandbox.ask("GET", f"inline/{asked['id']}")
    return answer if answer["answered"] else None


async def test_favourites_are_offered_in_any_chat(
    bot: Process, sandbox: Sandbox, person: Person, choice: str
) -> None:
    await sandbox.ask("PUT", "telegram/scenario", json={"inline": True})
    await person.own_model()
    said = await person.say("/generate portrait photo by the sea")
    picture = await person.gets_picture(after=said)
    await person.press("pic:like", after=said)
    answer = await offered(person, "sea")
    if choice == "off":
        assert answer is None
        return
    assert answer is not None
    (one,) = answer["results"]
    data = await sandbox.download(f"{sandbox.url}/sandbox/files/{one['photo_file_id']}")
    shown = picture["photo"][-1]["file_id"]
    assert data == await sandbox.download(f"{sandbox.url}/sandbox/files/{shown}")
    assert bot.runs
    stranger = await sandbox.newcomer("ru")

    async def led() -> bool:
        found = await sandbox.ask("POST", f"chats/{stranger.id}/inline", json={})
        await person.answers(0)
        theirs = await sandbox.ask("GET", f"inline/{found['id']}")
        assert not theirs.get("results")
        button = theirs.get("button") or {}
        return button.get("text") == stranger.words("inline-none")

    await eventually(led, "a stranger is led to the bot")
