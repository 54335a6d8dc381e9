"""The likeness of a new model: measured by its first pictures, told in words, kept in numbers.

These tests have a bot of their own: it looks at photos, and makes three first pictures.
"""

import io
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from pathlib import Path

import pytest
from PIL import Image

from sandbox.portraits import draw_portraits
from services.photos.coach.resemblance import CLEAR_PERCENT, STRANGER_BELOW
from tests.e2e.driver import NEVER, Json, Person, Sandbox, data_of, eventually, text_of
from tests.e2e.killing import MOMENTS, PATIENCE_S, kill_there, let_hang
from tests.e2e.processes import (
    Process,
    bot_process,
    complaints_in,
    sandbox_process,
    start_bot,
)
from tests.services.photos.coach import people
from tests.services.photos.coach.people import WOMAN, jpeg
from texts.reader import Texts

pytestmark = pytest.mark.timeout(400)

COUNT = 3
LONGEST_LIST = 20
"""A vector has 128 numbers; nothing that is kept or logged has so many in a row."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a sandbox process of these tests, where one sees who is on a picture."""
    process = sandbox_process(tmp_path_factory.mktemp("sandbox"), sketches=False)
    process.start()
    try:
        yield process.printed_match(r"TELEGRAM_API_URL=(\S+)")
        assert process.stop() == 0
    finally:
        process.kill()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bot")


@pytest.fixture(scope="module")
def bot_of_module(server: str, folder: Path) -> Iterator[Process]:
    settings = {"COACH": "on", "PREVIEW_IMAGES": str(COUNT), "LOG_LEVEL": "DEBUG"}
    process = bot_process(server, folder, ADMINS="1", **settings)
    try:
        yield process
        assert process.stop() == 0, process.printed()
    finally:
        process.kill()


@pytest.fixture
def bot(bot_of_module: Process) -> Iterator[Process]:
    """The bot; it prints no secret and no complaint."""
    before = bot_of_module.printed_bytes
    start_bot(bot_of_module)
    yield bot_of_module
    printed = bot_of_module.printed(before)
    assert not complaints_in(printed), printed


@pytest.fixture(params=["en", "ru"])
async def somebody(sandbox: Sandbox, request: pytest.FixtureRequest) -> Person:
    return await sandbox.newcomer(request.param)


def look(folder: Path, query: str, *values: object) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "bot.db", timeout=30)) as connection:
        return connection.execute(query, values).fetchall()


def model_of(folder: Path, person: Person) -> tuple[object, ...]:
    """Return likeness, strength and cover of the person's one model."""
    query = "SELECT likeness, lora_scale, cover_file_id FROM models WHERE user_id = ?"
    (model,) = look(folder, query, person.id)
    return model


def measured(folder: Path, person: Person) -> list[tuple[object, ...]]:
    """Return strength, likeness and Telegram's id of each picture of the person."""
    query = (
        "SELECT lora_scale, likeness, photo_file_id FROM pictures"
        " JOIN generations ON generation_id = generations.id WHERE user_id = ? ORDER BY origin"
    )
    return look(folder, query, person.id)


@cache
def women() -> tuple[bytes, ...]:
    """Return six photos of the woman, one of them dark."""
    *good, last = draw_portraits(WOMAN, 6)
    dark = people.lit(Image.open(io.BytesIO(last)), 0.3)
    return (*good, jpeg(dark))


async def trained(person: Person) -> Json:
    """Train a model on photos that could be better; return the message that it is ready."""
    await start(person)
    return await person.told_ready(patience_s=PATIENCE_S)


async def start(person: Person) -> None:
    await person.to_photos()
    await person.send(*women())
    await person.counted(6)
    await person.press_action("photos:", "done")
    dark = person.words("coach-photos", numbers="6", flaw=person.words("tile-flaw-dark"))
    await person.sees(person.words("coach-cost", photos=dark, count=1))
    await person.press_action("photos:", "done")
    await person.press_action("mode:", "economy")
    await person.press("start:")


async def below(person: Person, after: int) -> Json:
    """Wait for the message below the first pictures."""
    return await person.wait(
        lambda message: bool(data_of(message, "res:vary:")) and "photo" not in message,
        "the buttons of the first pictures",
        after,
        PATIENCE_S,
    )


async def test_the_right_model_is_clearly_alike_and_keeps_the_best_strength(
    folder: Path, somebody: Person
) -> None:
    ready = await trained(somebody)
    said = text_of(await below(somebody, ready["message_id"]))
    pictures = measured(folder, somebody)
    assert [scale for scale, _, _ in pictures] == [1.0, 1.2, 0.8]
    best = max(pictures, key=lambda one: int(str(one[1])))
    assert model_of(folder, somebody) == (best[1], best[0], best[2])
    assert int(str(best[1])) >= CLEAR_PERCENT
    assert somebody.words("resembles-clear", percent=str(best[1])) in said
    jobs = await somebody.generations()
    assert sorted(job["input"]["loras"][0]["scale"] for job in jobs) == [0.8, 1.0, 1.2]
    assert {job["input"]["num_images"] for job in jobs} == {1}
    said_id = await somebody.say("/generate a king")
    king = await somebody.gets_picture(after=said_id)
    job = (await somebody.generations())[-1]
    assert job["input"]["loras"][0]["scale"] == best[0]
    await tells_likeness_under_details(somebody, folder, king)


async def tells_likeness_under_details(person: Person, folder: Path, picture: Json) -> None:
    """Ask for the details of a picture; its likeness is added to them when it is known."""
    (more,) = data_of(picture, "res:more:")
    generation_id = more.rpartition(":")[2]
    query = "SELECT likeness FROM pictures WHERE generation_id = ?"
    assert look(folder, query, generation_id) == [(None,)]
    await person.tap(picture, "res:more:")
    await person.press("res:details:")

    async def is_measured() -> bool:
        return look(folder, query, generation_id) != [(None,)]

    await eventually(is_measured, "the likeness is kept", PATIENCE_S, person.story)
    ((percent,),) = look(folder, query, generation_id)
    scale = Texts(person.language).decimal(float(str(model_of(folder, person)[1])))
    await person.sees(person.words("details-likeness", percent=str(percent), scale=scale))


async def test_the_wrong_model_is_told_with_the_photos_to_replace_and_trained_again(
    folder: Path, sandbox: Sandbox, somebody: Person
) -> None:
    await sandbox.scenario(wrong_person=True)
    ready = await trained(somebody)
    message = await below(somebody, ready["message_id"])
    percent = model_of(folder, somebody)[0]
    assert int(str(percent)) < STRANGER_BELOW
    assert somebody.words("resembles-stranger", percent=str(percent)) in text_of(message)
    assert somebody.words("flaw-dark", numbers="6", count=1) in text_of(message)
    await sandbox.scenario(wrong_person=False)
    await somebody.tap(message, "model:")
    consent = await somebody.sees_button("model:", after=message["message_id"])
    await somebody.tap(consent, "model:")
    await somebody.sees(
        somebody.words("flaw-dark", numbers="6", count=1), after=consent["message_id"]
    )


async def test_flagged_pictures_are_neither_compared_nor_told(
    folder: Path, sandbox: Sandbox, somebody: Person
) -> None:
    await sandbox.scenario(nsfw=True)
    ready = await trained(somebody)

    async def told() -> bool:
        query = "SELECT count(*) FROM generations WHERE user_id = ? AND announced_at IS NULL"
        return look(folder, query, somebody.id) == [(0,)]

    await eventually(told, "all is told", PATIENCE_S, somebody.story)
    assert await somebody.answers(ready["message_id"]) == []
    assert model_of(folder, somebody) == (None, None, None)


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("match", [".jpg", "Group"])
async def test_killed_while_pictures_are_compared_or_sent_the_bot_pays_once(
    bot: Process, folder: Path, sandbox: Sandbox, person: Person, match: str, moment: str
) -> None:
    service = "fal" if match == ".jpg" else "telegram"
    await sandbox.clock("polls", NEVER)
    await start(person)
    await person.one_training()
    await let_hang(sandbox, service, match, moment)
    await sandbox.clock("immediate")
    await kill_there(sandbox, bot)
    start_bot(bot)
    ready = await person.told_ready(patience_s=PATIENCE_S)
    said = text_of(await below(person, ready["message_id"]))
    percent = model_of(folder, person)[0]
    assert person.words("resembles-clear", percent=str(percent)) in said
    assert len(await person.generations()) == COUNT


async def test_no_face_is_kept_or_logged(bot: Process, folder: Path, person: Person) -> None:
    ready = await trained(person)
    await below(person, ready["message_id"])
    many = re.compile(rf"(?:-?\d+\.\d+(?:e-?\d+)?[\s,;]+){{{LONGEST_LIST}}}")
    with closing(sqlite3.connect(folder / "bot.db", timeout=30)) as connection:
        assert not [line for line in connection.iterdump() if many.search(line)]
    assert not many.search(bot.printed())
