"""Albums and what can be done with their pictures; the first pictures of a model.

The bot of these tests makes three first pictures of each model, so that there is an album to press
the buttons of. It has a sandbox of its own: no other test expects pictures it did not ask for.
"""

import io
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from services.domain.vocabulary import Language
from tests.e2e.driver import NEVER, Json, Person, Sandbox, data_of, eventually, labels_of, text_of
from tests.e2e.killing import MOMENTS, PATIENCE_S, kill_there, let_hang
from tests.e2e.processes import Process, bot_process, complaints_in, start_bot

COUNT = 3


@pytest.fixture(scope="module")
def server(own_server: str) -> str:
    """The address of a sandbox process of these tests."""
    return own_server


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bot")


@pytest.fixture(scope="module")
def bot_of_module(server: str, folder: Path) -> Iterator[Process]:
    process = bot_process(server, folder, PREVIEW_IMAGES=str(COUNT))
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


class Rows:
    """What the bot's database says of one person."""

    def __init__(self, database: Path) -> None:
        self._database = database

    def look(self, query: str, *values: object) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self._database, timeout=10)) as connection, connection:
            return connection.execute(query, values).fetchall()

    def cover(self, person: Person) -> object:
        ((cover,),) = self.look("SELECT cover_file_id FROM models WHERE user_id = ?", person.id)
        return cover

    def photos(self, person: Person) -> list[object]:
        """Return Telegram's ids of the person's pictures, in their order."""
        query = (
            "SELECT photo_file_id FROM pictures JOIN generations ON generation_id = generations.id"
            " WHERE user_id = ? ORDER BY generations.created_at, position"
        )
        return [file_id for (file_id,) in self.look(query, person.id)]

    def address_of(self, picture_id: str) -> str:
        """Return where fal keeps a picture."""
        ((address,),) = self.look("SELECT url FROM pictures WHERE id = ?", picture_id)
        return str(address)

    async def told(self, person: Person) -> None:
        """Wait until nothing of the person's is left to do."""

        async def look() -> bool:
            queries = (
                "SELECT count(*) FROM trainings WHERE user_id = ? AND announced_at IS NULL",
                "SELECT count(*) FROM generations WHERE user_id = ? AND announced_at IS NULL",
            )
            return all(self.look(query, person.id) == [(0,)] for query in queries)

        await eventually(look, "everything is told", PATIENCE_S, person.story)

    async def in_doubt(self) -> bool:
        """Return whether fal may or may not have taken a generation."""
        return self.look("SELECT count(*) FROM generations WHERE state = 'unconfirmed'") == [(1,)]


@pytest.fixture
def rows(folder: Path) -> Rows:
    return Rows(folder / "bot.db")


@pytest.fixture(scope="module")
def names() -> dict[int, str]:
    """Name by id of the one person whose model and album these tests share."""
    return {}


@pytest.fixture
async def owner(sandbox: Sandbox, names: dict[int, str], rows: Rows) -> Person:
    """A person with a model and its three first pictures, all told."""
    for user_id, name in names.items():
        return Person(sandbox, user_id, Language.EN, name)
    person = await sandbox.newcomer()
    await person.own_model()
    await rows.told(person)
    names[person.id] = person.name
    return person


async def album_buttons(person: Person, after: int = 0) -> Json:
    """Wait for the message below an album."""
    return await person.wait(
        lambda message: bool(data_of(message, "res:vary:")) and "photo" not in message,
        "the buttons of an album",
        after,
        PATIENCE_S,
    )


async def first_album_buttons(person: Person) -> Json:
    """Return the message below the first pictures."""
    return next(
        message
        for message in await person.from_bot()
        if data_of(message, "res:vary:") and "photo" not in message
    )


async def turned(person: Person, message: Json, *labels: str) -> Json:
    """Wait until a message's buttons say this."""
    return await person.wait(
        lambda seen: (
            seen["message_id"] == message["message_id"] and labels_of(seen) == list(labels)
        ),
        f"buttons {labels}",
    )


MORE = ("make-cover", "panel-open", "new-prompt", "details", "enlarge", "improve", "back")


def more_labels(person: Person) -> list[str]:
    """Return the buttons behind *More*."""
    values: dict[str, dict[str, int | str]] = {"enlarge": {"factor": 2, "price": "none"}}
    return ["👍", "👎", *(person.words(key, **values.get(key, {})) for key in MORE)]


async def test_the_first_pictures_follow_the_good_news_and_give_the_model_its_cover(
    person: Person, rows: Rows
) -> None:
    ready = await person.own_model()
    await album_buttons(person, after=ready["message_id"])
    await rows.told(person)
    *album, buttons = await person.from_bot(after=ready["message_id"])
    assert ["photo" in message for message in album] == [True] * COUNT
    assert text_of(album[0]) == person.words("preview-caption", count=COUNT)
    assert text_of(buttons) == person.words("pictures-ready")
    (job,) = await person.generations()
    assert job["input"]["num_images"] == COUNT
    assert job["input"]["loras"][0]["scale"] == 1.0
    assert rows.cover(person) == rows.photos(person)[0] is not None


@pytest.mark.parametrize("kind", ["internal_server_error", "content_policy_violation"])
async def test_a_first_picture_that_fails_is_not_worth_a_word(
    sandbox: Sandbox, person: Person, rows: Rows, kind: str
) -> None:
    await sandbox.scenario(fail_generation=kind)
    ready = await person.own_model()
    await rows.told(person)
    assert await person.answers(ready["message_id"]) == []
    assert rows.cover(person) is None


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize(
    ("service", "match"), [("fal", "POST /fal/queue/fal-ai/flux-lora"), ("telegram", "Group")]
)
async def test_killed_with_the_first_pictures_on_their_way_the_bot_pays_and_sends_them_once(
    bot: Process,
    sandbox: Sandbox,
    person: Person,
    rows: Rows,
    service: str,
    match: str,
    moment: str,
) -> None:
    await sandbox.clock("polls", NEVER)
    await person.start_training()
    await person.one_training()
    await let_hang(sandbox, service, match, moment)
    await sandbox.clock("immediate")
    await kill_there(sandbox, bot)
    start_bot(bot)
    ready = await person.told_ready(patience_s=PATIENCE_S)
    if (service, moment) == ("fal", "before"):
        # Whether fal took it is looked for until the deadline. Nobody asked for it, so nobody is
        # told.
        await eventually(rows.in_doubt, "the submit is in doubt", PATIENCE_S, person.story)
        # The answer to the good news may have been cut off by the kill: it is told again then.
        assert set(await person.answers(ready["message_id"])) <= {text_of(ready)}
        assert await person.generations() == []
        return
    await rows.told(person)
    # The submit runs beside the good news, whose answer the kill may have cut off.
    assert await person.times_told_ready() in ({1, 2} if service == "fal" else {1})
    await album_buttons(person, after=ready["message_id"])
    assert len(await person.generations()) == 1
    allowed = {COUNT, 2 * COUNT} if (service, moment) == ("telegram", "after") else {COUNT}
    assert len(await person.pictures()) in allowed


async def test_killed_between_an_album_and_its_buttons_the_bot_sends_the_album_once(
    bot: Process, sandbox: Sandbox, owner: Person, rows: Rows
) -> None:
    buttons = await first_album_buttons(owner)
    before = await owner.last_id()
    await sandbox.clock("polls", NEVER)
    await owner.toast(await owner.tap(buttons, "res:again:"))
    await owner.sees("🎨", after=before)
    await let_hang(sandbox, "telegram", "/sendMessage", "before")
    await sandbox.clock("immediate")
    await kill_there(sandbox, bot)
    await album_buttons(owner, after=before)
    await rows.told(owner)
    album = await owner.pictures(after=before)
    assert len(album) == COUNT
    (caption,) = [text_of(message) for message in album if text_of(message)]
    job = (await owner.generations())[-1]
    assert caption.endswith(f"🌱 Seed {job['input']['seed']}")


async def test_full_size_sends_the_very_file_that_fal_made(
    sandbox: Sandbox, owner: Person, rows: Rows
) -> None:
    buttons = await first_album_buttons(owner)
    await owner.toast(await owner.tap(buttons, "res:full:"))
    choice = await turned(owner, buttons, "1", "2", "3", owner.words("back"))
    second = data_of(choice, "pic:full:")[1]
    sent: list[Json] = []
    for _ in range(2):
        before = await owner.last_id()
        assert await owner.toast(await owner.tap(choice, second)) == owner.words(
            "full-size-coming"
        )
        sent.append(await owner.wait(lambda message: "document" in message, "a file", before))
    one, other = (message["document"] for message in sent)
    assert one["file_unique_id"] == other["file_unique_id"]
    original = await sandbox.download(rows.address_of(second.removeprefix("pic:full:")))
    file = await sandbox.download(f"{sandbox.url}/sandbox/files/{one['file_id']}")
    with Image.open(io.BytesIO(file)) as kept, Image.open(io.BytesIO(original)) as made:
        assert kept.tobytes() == made.tobytes()
        assert b"trainedAlgorithmicMedia" in kept.info["xmp"]
    await owner.toast(await owner.tap(choice, "res:back:"))
    await turned(owner, buttons, *labels_of(buttons))


async def test_a_favourite_has_a_star_and_a_double_tap_does_not_take_it_away(
    owner: Person,
) -> None:
    buttons = await first_album_buttons(owner)
    await owner.toast(await owner.tap(buttons, "res:fav:"))
    back = owner.words("back")
    choice = await turned(owner, buttons, "☆ 1", "☆ 2", "☆ 3", back)
    like = data_of(choice, "pic:like:")[2]
    taps = [await owner.tap(choice, like) for _ in range(2)]
    for tap in taps:
        await owner.toast(tap)
    starred = await turned(owner, buttons, "☆ 1", "☆ 2", "★ 3", back)
    await owner.toast(await owner.tap(starred, "pic:unlike:"))
    await turned(owner, buttons, "☆ 1", "☆ 2", "☆ 3", back)
    await owner.toast(await owner.tap(starred, "res:back:", forged=False))
    await turned(owner, buttons, *labels_of(buttons))


async def test_a_cover_is_chosen_from_an_album(owner: Person, rows: Rows) -> None:
    buttons = await first_album_buttons(owner)
    await owner.toast(await owner.tap(buttons, "res:more:"))
    more = await turned(owner, buttons, *more_labels(owner))
    await owner.toast(await owner.tap(more, "res:cover:"))
    choice = await turned(owner, buttons, "📌 1", "2", "3", owner.words("back"))
    toast = await owner.toast(await owner.tap(choice, data_of(choice, "pic:cover:")[1]))
    assert toast == owner.words("cover-made", name=owner.name)
    chosen = await turned(owner, buttons, "1", "📌 2", "3", owner.words("back"))
    assert rows.cover(owner) == rows.photos(owner)[1]
    await owner.toast(await owner.tap(chosen, "res:back:"))
    await turned(owner, buttons, *labels_of(buttons))


async def test_vary_asks_for_a_prompt_and_keeps_the_seed(owner: Person) -> None:
    said = await owner.say("/generate portrait photo")
    picture = await owner.gets_picture(after=said)
    await owner.toast(await owner.tap(picture, "res:vary:"))
    question = await owner.reads("ask-variation", after=picture["message_id"])
    assert text_of(question).endswith("\n\nportrait photo")
    said = await owner.say("portrait photo in a red hat")
    varied = await owner.gets_picture(after=said)
    *_, before, after = await owner.generations()
    assert before["input"]["seed"] == after["input"]["seed"]
    assert after["input"]["prompt"].endswith(", portrait photo in a red hat")
    assert text_of(varied).startswith("portrait photo in a red hat\n")


async def test_the_buttons_of_one_picture_work_after_a_restart_and_for_nobody_else(
    bot: Process, sandbox: Sandbox, owner: Person, rows: Rows
) -> None:
    said = await owner.say("/generate portrait photo")
    picture = await owner.gets_picture(after=said)
    await rows.told(owner)
    bot.kill()
    start_bot(bot)
    stranger = await sandbox.newcomer()
    await stranger.say("/start")
    menu = await stranger.sees_button("menu:")
    presses = [*data_of(picture, "pic:"), *data_of(picture, "res:")]
    assert len(presses) == 6
    for data in presses:
        toast = await stranger.toast(await stranger.tap(menu, data, forged=True))
        assert toast == stranger.words("error-not-found"), data
    await owner.toast(await owner.tap(picture, "res:more:"))
    more = await turned(owner, picture, *more_labels(owner))
    await owner.toast(await owner.tap(more, "pic:cover:"))
    assert rows.cover(owner) == rows.photos(owner)[-1]
    await turned(owner, picture, *labels_of(picture))
    before = await owner.last_id()
    await owner.toast(await owner.tap(picture, "pic:full:"))
    await owner.wait(lambda message: "document" in message, "a file", before)
    await owner.toast(await owner.tap(picture, "pic:like:"))
    starred = [
        owner.words("picture-unlike") if label == owner.words("picture-like") else label
        for label in labels_of(picture)
    ]
    await turned(owner, picture, *starred)
