"""At LOG_LEVEL=DEBUG the log tells of everybody's doings by ids alone.

These tests have a sandbox and a bot of their own: the others run at INFO.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from sandbox.server import DEFAULT_FAL_KEY
from services.domain.clock import now
from services.domain.vocabulary import Language
from tests.e2e import pictures
from tests.e2e.driver import Person, Sandbox, data_of
from tests.e2e.processes import Process, bot_process, complaints_in, start_bot

FIRST_NAME, LAST_NAME, USERNAME = "Wilhelmina", "Quackenbush", "mina_quack"
PROMPT = "riding a heliotrope ostrich"
REFUSED_PROMPT = "a quagmire of marzipan"
NEW_NAME = "Zephyrine Brocade"
FILE_NAME = "holiday_in_tuscany.gif"
PERSONAL = {
    "photos": ("file_id", "file_unique_id", "thumbnail_file_id", "sha256"),
    "trainings": ("name", "trigger_word", "archive_url", "lora_url"),
    "models": ("name", "trigger_word", "lora_url"),
    "generations": ("prompt",),
    "pictures": ("url", "photo_file_id", "document_file_id"),
}
"""What tables hold that is somebody's own, or leads to it."""


@pytest.fixture(scope="module")
def server(own_server: str) -> str:
    """The address of a sandbox process of these tests."""
    return own_server


@pytest.fixture
def bot(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """The bot at DEBUG."""
    settings = {"LOG_LEVEL": "DEBUG", "PREVIEW_IMAGES": "1"}
    process = bot_process(server, tmp_path_factory.mktemp("bot"), **settings)
    try:
        start_bot(process)
        yield process
    finally:
        process.kill()


def personal_values(bot: Process) -> set[str]:
    """Return what the database holds of anybody that no log may show."""
    with closing(sqlite3.connect(bot.folder / "bot.db", timeout=30)) as connection:
        return {
            str(value)
            for table, columns in PERSONAL.items()
            for row in connection.execute(f"SELECT {', '.join(columns)} FROM {table}")  # noqa: S608
            for value in row
            if value
        }


async def a_person(sandbox: Sandbox) -> Person:
    user = {"first_name": FIRST_NAME, "last_name": LAST_NAME, "username": USERNAME}
    met = await sandbox.ask("POST", "users", json={**user, "language_code": "en"})
    return Person(sandbox, met["id"], Language.EN, "Gwendolen Marchbanks")


async def train(person: Person) -> None:
    await person.to_photos()
    await person.send_file(b"GIF89a" + bytes(100), FILE_NAME, "image/gif")
    await person.send(*pictures.photos(5))
    await person.from_photos_to_mode(5)
    await person.press_action("mode:", "economy")
    await person.press("start:")
    await person.told_ready()


async def generate(sandbox: Sandbox, person: Person) -> None:
    said = await person.say(f"/generate {PROMPT}")
    await person.gets_picture(after=said)
    body = {"detail": f"{DEFAULT_FAL_KEY} may not ask for {REFUSED_PROMPT}"}
    await sandbox.fault("fal", "POST /fal/queue/", "status", status=400, body=body, times=1)
    said = await person.say(f"/generate {REFUSED_PROMPT}")
    await person.wait(lambda message: bool(data_of(message, "")), "an answer", after=said)


async def rename(person: Person) -> None:
    said = await person.say("/models")
    await person.press("model:", after=said)
    card = await person.wait(lambda message: bool(data_of(message, "use:")), "the card", said)
    (name,) = [data for data in data_of(card, "model:") if data.endswith(":name")]
    await person.toast(await person.tap(card, name))
    await person.sees_button("go:back", after=said)
    said = await person.say(NEW_NAME)
    await person.sees(NEW_NAME, after=said)


async def forget(person: Person) -> None:
    said = await person.say("/deletemydata")
    _, sure = data_of(await person.reads("forget-ask", after=said), "forget:")
    await person.press(sure, after=said)
    await person.reads("forget-done", after=said, date=now().date())


async def test_a_log_at_debug_holds_ids_only(bot: Process, sandbox: Sandbox) -> None:
    person = await a_person(sandbox)
    await train(person)
    await generate(sandbox, person)
    before = personal_values(bot)
    await rename(person)
    await forget(person)
    assert bot.stop() == 0
    printed = bot.printed()
    assert not complaints_in(printed), printed
    own = {FIRST_NAME, LAST_NAME, USERNAME, PROMPT, REFUSED_PROMPT, NEW_NAME, FILE_NAME}
    lines = printed.lower()
    seen = sorted(value for value in own | before | {person.name} if value.lower() in lines)
    assert not seen, f"the log holds {seen}:\n{printed}"
    addresses = [line for line in printed.splitlines() if "://" in line or "/file/" in line]
    assert not addresses
