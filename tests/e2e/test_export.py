"""A copy of everything: what is in it, what happens to it when things break, and who gets it."""

import csv
import io
import json
import random
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from services.domain.clock import now
from tests.e2e.driver import Json, Person, Sandbox, eventually, text_of
from tests.e2e.killing import kill_there, let_hang
from tests.e2e.processes import Process, bot_process, complaints_in, start_bot

MEGABYTE = 1024**2
BOTH_LANGUAGES = pytest.mark.parametrize("language", ["en", "ru"])

pytestmark = [pytest.mark.one_bot, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def server(own_server: str) -> str:
    """The address of a sandbox process of these tests."""
    return own_server


@pytest.fixture(scope="module")
def bot_of_module(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A bot whose parts are as small as they can be."""
    folder = tmp_path_factory.mktemp("bot")
    (folder / "tmp").mkdir()
    process = bot_process(server, folder, EXPORT_PART_MB="1", TMPDIR=str(folder / "tmp"))
    start_bot(process)
    yield process
    process.stop()


@pytest.fixture
def bot(bot_of_module: Process) -> Iterator[Process]:
    """The bot's process; what it prints during the test must hold no secret and no complaint."""
    before = bot_of_module.printed_bytes
    start_bot(bot_of_module)
    yield bot_of_module
    printed = bot_of_module.printed(before)
    assert not complaints_in(printed), printed


def left_on_disk(bot: Process) -> list[Path]:
    """Return the files of copies that are on the disk."""
    return [path for path in (bot.folder / "tmp").rglob("*exports*/**/*") if path.is_file()]


async def parts_of(person: Person, after: int, count: int | None = None) -> list[Json]:
    """Wait for the end of a copy, and return the messages of its parts."""

    async def ended() -> bool:
        said = [text_of(message) for message in await person.from_bot(after)]
        return any(_is_end(person, text) for text in said)

    await eventually(ended, "the end of a copy", tell=person.story)
    found = await person.files(after)
    assert count is None or len(found) == count, await person.story()
    return found


def _is_end(person: Person, text: str) -> bool:
    return any(person.words("export-done", parts=parts) in text for parts in range(1, 30))


async def opened(person: Person, messages: list[Json]) -> dict[str, bytes]:
    """Return the files of a copy by their paths; none is twice in it."""
    files: dict[str, bytes] = {}
    for message in messages:
        document = message["document"]
        assert document["mime_type"] == "application/zip"
        assert document["file_name"].endswith(".zip")
        data = await person.sandbox.download(
            f"{person.sandbox.url}/sandbox/files/{document['file_id']}"
        )
        with zipfile.ZipFile(io.BytesIO(data)) as part:
            assert part.testzip() is None
            for name in part.namelist():
                assert name not in files
                files[name] = part.read(name)
    return files


def table(data: bytes) -> list[dict[str, str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def noise(number: int) -> bytes:
    """Return a photo of some 450 KB: two fit into a part of these tests, three do not."""
    side = 600
    levels = random.Random(number).randbytes(side * side * 3)  # noqa: S311  # a picture, no secret
    image = Image.frombytes("RGB", (side, side), levels)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


async def send_large_photos(person: Person, count: int) -> list[bytes]:
    """Begin a training with photos that fill several parts."""
    await person.to_photos()
    sent = [noise(person.id * 10 + number) for number in range(count)]
    for data in sent:
        await person.send_file(data, "photo.jpg", "image/jpeg")
    await person.counted(count)
    return sent


@BOTH_LANGUAGES
async def test_a_copy_has_all_that_is_ones_own(
    bot: Process, sandbox: Sandbox, language: str
) -> None:
    stranger = await sandbox.newcomer()
    await stranger.own_model()
    person = await sandbox.newcomer(language)
    await person.own_model()
    said = await person.say("/generate portrait photo, =1+1 --seed 7")
    await person.gets_picture(after=said)
    said = await person.say("/export")
    messages = await parts_of(person, said, 1)
    assert text_of(messages[0]) == person.words("export-only-part", number=1)
    files = await opened(person, messages)

    (job,) = await person.trainings()
    word = job["input"]["trigger_word"]
    (picture,) = [name for name in files if name.startswith("pictures/")]
    photos = {f"photos/photo-00{number}.jpg" for number in range(1, 6)}
    data = {"README.txt", "data.json", "pictures.csv", "consents.csv"}
    models = {f"models/{word}.safetensors", f"models/{word}.json"}
    assert set(files) == {picture, *photos, *models, *data}
    originals = {
        await sandbox.download(f"{sandbox.url}/sandbox/files/{one['photo'][-1]['file_id']}")
        for one in await person.messages()
        if "photo" in one and not one["from"]["is_bot"]
    }
    assert {files[name] for name in photos} == originals
    weights, config = (file["url"] for file in job["files"])
    assert files[f"models/{word}.safetensors"] == await sandbox.download(weights)
    assert files[f"models/{word}.json"] == await sandbox.download(config)

    whole = json.loads(files["data.json"])
    assert whole["user"]["id"] == person.id
    assert whole["models"][0]["weights"] == f"models/{word}.safetensors"
    assert {one["file"] for one in whole["photos"]} == photos
    (generation,) = whole["generations"]
    assert (generation["prompt"], generation["seed"]) == ("portrait photo, =1+1", 7)
    assert generation["pictures"][0]["file"] == picture
    (row,) = table(files["pictures.csv"])
    assert (row["file"], row["model"], row["seed"]) == (picture, person.name, "7")
    assert row["prompt"] == "portrait photo, =1+1"
    (consent,) = table(files["consents.csv"])
    assert consent["date"].startswith(str(now().date()))
    readme = files["README.txt"].decode("utf-8-sig")
    assert readme.startswith(person.words("export-readme", id=str(person.id), date=now().date()))
    assert person.words("export-readme-photo", count=5) in readme
    for name in data:
        text = files[name].decode("utf-8-sig")
        assert stranger.name not in text
        assert str(stranger.id) not in text

    await person.say("/export")
    await person.wait(lambda message: "(UTC)" in text_of(message), "when the next is possible")
    assert left_on_disk(bot) == []


async def test_a_kill_goes_on_with_the_part_that_was_not_sent(
    bot: Process, sandbox: Sandbox
) -> None:
    person = await sandbox.newcomer()
    sent = await send_large_photos(person, 7)
    await let_hang(sandbox, "telegram", "/file/", "before")
    said = await person.say("/export")
    await kill_there(sandbox, bot)
    await person.gets_file(after=said)
    # Now in the second part, just before it is sent, or while its photos are fetched.
    await let_hang(sandbox, "telegram", "/sendDocument", "before")
    await kill_there(sandbox, bot)
    start_bot(bot)
    messages = await parts_of(person, said)
    assert len(messages) >= 3
    files = await opened(person, messages)
    photos = [data for name, data in files.items() if name.startswith("photos/")]
    assert sorted(photos) == sorted(sent)
    names = [message["document"]["file_name"].rpartition("-")[2] for message in messages]
    assert names == [f"{number}.zip" for number in range(1, len(messages) + 1)]
    last = person.words("export-last-part", number=len(messages))
    assert text_of(messages[-1]) == last
    assert all(message["document"]["file_size"] <= MEGABYTE for message in messages)
    assert left_on_disk(bot) == []


async def test_what_nobody_has_any_more_is_named(bot: Process, person: Person) -> None:
    await person.own_model()
    said = await person.say("/generate portrait photo")
    await person.gets_picture(after=said)
    with closing(sqlite3.connect(bot.folder / "bot.db", timeout=30)) as rows, rows:
        mine = "(SELECT id FROM photo_sets WHERE user_id = ?)"
        rows.execute(
            f"UPDATE photos SET file_id = 'gone' WHERE number = 2 AND training_id IN {mine}",  # noqa: S608  # ours
            (person.id,),
        )
        rows.execute(
            "UPDATE pictures SET url = url || 'x' WHERE generation_id IN"
            " (SELECT id FROM generations WHERE user_id = ?)",
            (person.id,),
        )
    said = await person.say("/export")
    (message,) = await parts_of(person, said, 1)
    assert person.words("export-missing", count=2) in text_of(message)
    files = await opened(person, [message])
    assert "photos/photo-002.jpg" not in files
    (picture,) = [name for name in files if name.startswith("pictures/")]
    readme = files["README.txt"].decode("utf-8-sig")
    assert f"photos/photo-002: {person.words('export-problem-gone')}" in readme
    assert f"{picture}: {person.words('export-problem-smaller')}" in readme


async def test_a_deletion_ends_a_copy_and_removes_its_files(
    bot: Process, sandbox: Sandbox, person: Person
) -> None:
    await send_large_photos(person, 5)
    await let_hang(sandbox, "telegram", "/sendDocument", "before")
    said = await person.say("/export")

    async def is_made() -> bool:
        return bool(left_on_disk(bot)) and not await sandbox.faults()

    await eventually(is_made, "a part that is on its way", tell=person.story)
    asked = await person.say("/deletemydata")
    await person.press("forget:1", after=asked)
    await person.reads("forget-done", after=said, date=now().date())
    bot.stop()
    start_bot(bot)
    await person.reads("message-cleared", after=said)
    assert left_on_disk(bot) == []
    assert await person.files(after=said) == []


async def test_a_copy_can_be_stopped(bot: Process, sandbox: Sandbox, person: Person) -> None:
    await send_large_photos(person, 5)
    await sandbox.fault("telegram", "/sendDocument", "status", status=500, times=0)
    said = await person.say("/export")
    await person.press("export:stop", after=said)
    await person.reads("export-cancelled", after=said, parts=0)
    await sandbox.calm()

    async def settled() -> bool:
        with closing(sqlite3.connect(bot.folder / "bot.db", timeout=30)) as rows:
            query = "SELECT settled_at FROM exports WHERE user_id = ?"
            return all(row[0] for row in rows.execute(query, (person.id,)))

    await eventually(settled, "the end is settled", tell=person.story)
    said = await person.say("/export")
    await parts_of(person, said)
