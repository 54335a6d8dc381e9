"""Pictures in groups through the real bot: who calls gets one, there, once, on their account."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.driver import NEVER, Json, Person, Sandbox, eventually, rows_of, text_of
from tests.e2e.killing import MOMENTS, PATIENCE_S, kill_there, let_hang
from tests.e2e.processes import Process, bot_process, complaints_in, start_bot

pytestmark = pytest.mark.one_bot

NAME = "neurophoto_sandbox_bot"
PRICES = """
[training."fal-ai/flux-lora-fast-training"]
economy = 60
[pictures."fal-ai/flux-lora"]
standard = 12
"""


@dataclass
class Group:
    """A group with two people and the bot."""

    sandbox: Sandbox
    id: int

    async def write(self, person: Person, text: str, reply_to: int | None = None) -> int:
        body = {"user": person.id, "text": text, "reply_to": reply_to}
        answer = await self.sandbox.ask("POST", f"groups/{self.id}/text", json=body)
        return int(answer["messages"][0]["message_id"])

    async def said(self) -> list[Json]:
        """Return what the bot has written there."""
        answer = await self.sandbox.ask("GET", f"groups/{self.id}/messages")
        return [message for message in answer["messages"] if message["from"]["is_bot"]]

    async def gets(self, text: str, count: int = 1, patience_s: float = PATIENCE_S) -> Json:
        """Wait for so many messages of the bot there, the last of which holds a text."""

        async def look() -> Json | None:
            said = await self.said()
            return said[-1] if len(said) >= count and text in text_of(said[-1]) else None

        async def tell() -> str:
            return str([text_of(one) for one in await self.said()])

        return await eventually(look, text, patience_s, tell)


@pytest.fixture(scope="module")
def server(own_server: str) -> str:
    """The address of a sandbox process of these tests."""
    return own_server


@pytest.fixture(params=["off"])
def payments(request: pytest.FixtureRequest) -> str:
    """Whether people pay."""
    return str(request.param)


@pytest.fixture
def place(place: Path) -> Path:
    """Where the bot runs, with a price list."""
    (place / "prices.toml").write_text(PRICES)
    return place


@pytest.fixture
def bot(server: str, place: Path, payments: str) -> Iterator[Process]:
    settings = {"GROUPS": "on", "PAYMENTS": payments, "PRICES_FILE": "prices.toml"}
    bot = bot_process(server, place, PROMPT_MODEL="off", **settings)
    start_bot(bot)
    yield bot
    bot.stop()
    printed = bot.printed()
    assert not complaints_in(printed), printed


@pytest.fixture(autouse=True)
async def telegram_works_again(sandbox: Sandbox) -> AsyncIterator[None]:
    yield
    await sandbox.ask("DELETE", "telegram/scenario")


async def group_of(sandbox: Sandbox, *people: Person, kind: str = "supergroup") -> Group:
    first, *others = people
    body = {"title": "Friends", "user": first.id, "type": kind}
    made = await sandbox.ask("POST", "groups", json=body)
    for other in others:
        await sandbox.ask("POST", f"groups/{made['id']}/members", json={"user": other.id})
    return Group(sandbox, made["id"])


async def allow(person: Person) -> None:
    said = await person.say("/settings")
    await person.press("groups:show", after=said)
    await person.press("groups:allow", after=said)


async def ready(sandbox: Sandbox, kind: str = "supergroup") -> tuple[Person, Group]:
    """Somebody who has a model and has allowed pictures in groups, in one."""
    person = await sandbox.newcomer()
    await person.own_model()
    await allow(person)
    return person, await group_of(sandbox, person, kind=kind)


def caption(person: Person, prompt: str) -> str:
    return person.words("group-caption", name="Ann", prompt=prompt)


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_who_calls_gets_a_picture_once_they_have_allowed_it(
    sandbox: Sandbox, language: str
) -> None:
    anna, ben = await sandbox.newcomer(language), await sandbox.newcomer(language)
    await anna.own_model()
    group = await group_of(sandbox, anna, ben)
    await group.write(anna, "hello")
    await group.write(ben, f"/start@{NAME}")
    await group.write(anna, f"/generate@{NAME} a hat")
    refused = await group.gets(anna.words("group-refused-allow"))
    ((button,),) = rows_of(refused)
    assert button["url"] == f"https://t.me/{NAME}?start=groups"

    said = await anna.say("/start groups")
    await anna.press("groups:allow", after=said)
    called = await group.write(anna, f"/generate@{NAME} portrait in a hat")
    first = await group.gets(caption(anna, "portrait in a hat"), 2)
    assert first["reply_to_message"]["message_id"] == called
    assert rows_of(first) == []
    # The bot was the last one to write, so this reaches it without its name.
    await group.write(anna, "/generate portrait by the sea")
    second = await group.gets(caption(anna, "portrait by the sea"), 3)
    await sandbox.ask("PUT", "telegram/scenario", json={"privacy": False})
    await group.write(anna, f"@{NAME} portrait at night")
    await group.gets(caption(anna, "portrait at night"), 4)

    await group.write(ben, f"/generate@{NAME} me too", second["message_id"])
    await group.gets(ben.words("group-refused-allow"), 5)
    await group.write(anna, "so nice!", second["message_id"])
    for text in ("nice!", "/help", f"ask @{NAME}"):
        await group.write(ben, text)
    await ben.say("/start")
    await ben.answers(0)
    assert len(await group.said()) == 5
    # Nothing of it was said in private.
    assert await anna.pictures(after=said) == []

    asked = await anna.say("/gallery")
    shown = await anna.gets_picture(after=asked)
    assert "portrait at night" in text_of(shown)
    asked = await anna.say("/deletemydata")
    await anna.reads("forget-groups", after=asked)
    await anna.press_action("forget:", "1")
    await anna.reads("receipt-groups", after=asked, count=3)
    assert len(await group.said()) == 5


@pytest.mark.parametrize("payments", ["stars"], indirect=True)
async def test_where_people_pay_the_caller_pays_what_was_agreed(
    sandbox: Sandbox, person: Person, place: Path
) -> None:
    said = await person.say("/buy")
    await person.press("pack-buy:100", after=said)
    bill = await person.wait(lambda message: "invoice" in message, "an invoice", said)
    body = {"message_id": bill["message_id"]}
    await sandbox.ask("POST", f"chats/{person.id}/pay", json=body)
    await person.reads("paid", after=said, stars=100, bonus=0)
    await person.to_mode()
    await person.press_action("mode:", "economy")
    await person.press("paystart:")
    await person.told_ready()
    await wallet(place, paid=40, held=0)
    said = await person.say("/start groups")
    await person.reads("groups-balance", after=said, stars=40)
    await person.press("groups:allow", after=said)
    group = await group_of(sandbox, person)
    await group.write(person, f"/generate@{NAME} portrait in a hat")
    await group.gets(caption(person, "portrait in a hat"))
    await wallet(place, paid=28, held=0)

    await sandbox.scenario(fail_generation="content_policy_violation")
    said = await person.last_id()
    await group.write(person, f"/generate@{NAME} portrait in a coat")
    await group.gets(person.words("group-none-made"), 2)
    await person.reads("stars-back", after=said, stars=12)
    await wallet(place, paid=28, held=0)
    await sandbox.calm()
    for number, left in ((3, 16), (4, 4)):
        await group.write(person, f"/generate@{NAME} portrait {number}")
        await group.gets(caption(person, f"portrait {number}"), number)
        await wallet(place, paid=left, held=0)
    await group.write(person, f"/generate@{NAME} portrait in a coat")
    await group.gets(person.words("group-refused-private"), 5)


async def wallet(place: Path, **wanted: int) -> None:
    async def look() -> bool | None:
        with closing(sqlite3.connect(place / "bot.db")) as connection:
            query = "SELECT SUM(paid), SUM(held) FROM wallets"
            row = connection.execute(query).fetchone()
        return dict(zip(("paid", "held"), row, strict=True)) == wanted or None

    await eventually(look, f"wallets with {wanted}")


CALLS = {
    "the submit": ("fal", "POST /fal/queue/fal-ai/flux-lora"),
    "the result": ("fal", "GET /fal/queue/fal-ai/flux-lora/requests/"),
    "the name": ("telegram", "/getChat"),
    "the picture": ("telegram", "/sendPhoto"),
}
KILLS = [
    (call, moment)
    for call in CALLS
    for moment in MOMENTS
    if (call, moment) != ("the submit", "before")
]


@pytest.mark.parametrize(("call", "moment"), KILLS)
async def test_killed_while_it_is_made_the_bot_answers_in_the_group_once(
    bot: Process, sandbox: Sandbox, call: str, moment: str
) -> None:
    person, group = await ready(sandbox)
    before = len(await person.generations())
    await let_hang(sandbox, *CALLS[call], moment)
    said = await person.last_id()
    await group.write(person, f"/generate@{NAME} portrait in a hat")
    await kill_there(sandbox, bot)
    await group.gets(caption(person, "portrait in a hat"))
    await person.answers(0)
    assert len(await person.generations()) == before + 1
    allowed = {1, 2} if (call, moment) == ("the picture", "after") else {1}
    assert len(await group.said()) in allowed
    assert await person.pictures(after=said) == []


async def test_kicked_while_it_is_made_the_bot_sends_it_in_private(
    sandbox: Sandbox, place: Path
) -> None:
    person, group = await ready(sandbox)
    await sandbox.clock("polls", NEVER)
    said = await person.last_id()
    before = len(await person.generations())
    await group.write(person, f"/generate@{NAME} portrait in a hat")
    await at_fal(person, before + 1)
    await sandbox.ask("PUT", f"groups/{group.id}/bot", json={"is": "kicked", "user": person.id})
    await sandbox.clock("immediate")
    picture = await person.gets_picture(after=said)
    assert person.words("group-closed") in text_of(picture)
    assert await group.said() == []
    with closing(sqlite3.connect(place / "bot.db")) as connection:
        query = "SELECT unreachable_since FROM users WHERE id = ?"
        assert connection.execute(query, [person.id]).fetchone() == (None,)


async def test_a_group_that_becomes_a_supergroup_gets_its_picture(sandbox: Sandbox) -> None:
    person, group = await ready(sandbox, "group")
    await sandbox.clock("polls", NEVER)
    before = len(await person.generations())
    await group.write(person, f"/generate@{NAME} portrait in a hat")
    await at_fal(person, before + 1)
    new = await sandbox.ask("POST", f"groups/{group.id}/upgrade", json={"user": person.id})
    await sandbox.clock("immediate")
    await Group(sandbox, new["id"]).gets(caption(person, "portrait in a hat"))


async def at_fal(person: Person, count: int) -> None:
    async def look() -> bool | None:
        return len(await person.generations()) == count or None

    await eventually(look, "a picture at fal", tell=person.story)
