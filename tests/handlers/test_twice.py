"""An update that is handled again after a crash leaves in the database what once does.

The crash comes at the worst moment: all that the handler does is done, and nobody has noted it.
Where the handler changed the dialogue, it is also tried with the dialogue as it was before.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from handlers.train.states import TrainForm
from services.domain.clock import now
from services.domain.states import TrainingState
from services.domain.values import Dialogue
from services.domain.vocabulary import FailureReason
from tests.conftest import sqlite_template
from tests.handlers.chat import Chat, Product, running_product
from tests.services.kit import jpeg, photo_values

pytestmark = pytest.mark.asyncio(loop_scope="session")

Act = Callable[[], Awaitable[object]]
Scene = Callable[[Chat], Awaitable[Act]]

FOLLOWS_BY_ITSELF = {
    *(
        "state",
        "percent",
        "elapsed_s",
        "failure",
        "failure_detail",
        "request_id",
        "prepared_photos",
    ),
    *("progress_message_id", "status_message_id", "counter_message_id", "is_settled", "checks"),
}
"""Columns that background tasks write, beside moments."""

PATIENCE_S = 60


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def product(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Product]:
    path = tmp_path_factory.mktemp("twice") / "bot.db"
    path.write_bytes(sqlite_template())
    async with running_product(f"sqlite+aiosqlite:///{path}") as running:
        yield running


def rows(product: Product) -> dict[str, list[tuple[Any, ...]]]:
    """Return all that somebody has wished, table by table."""
    path = product.database.url.partition(":///")[2]
    found = {}
    with closing(sqlite3.connect(path, timeout=10)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (table,) in tables.fetchall():
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            kept = [
                name
                for name in columns
                if name not in FOLLOWS_BY_ITSELF and not name.endswith("_at")
            ]
            query = f"SELECT {', '.join(kept)} FROM {table}"  # noqa: S608  # our own names
            found[table] = sorted(connection.execute(query).fetchall(), key=repr)
    return found


async def all_is_done(product: Product) -> None:
    """Wait until every picture has come, so that a press could order another, and all else."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            async with product.database.transaction() as tx:
                waits_for = (
                    await tx.generations.unfinished()
                    or await tx.photos.trainings_with_pending()
                    or await tx.deletions.unfinished()
                )
            if not waits_for:
                return
            await asyncio.sleep(0.02)


@dataclass(frozen=True)
class At:
    """A dialogue that stands at a question, with a draft of some photos."""

    state: Any = None
    photos: int = 6

    async def __call__(self, chat: Chat) -> str:
        draft = await chat.has_draft(self.photos)
        await stand(chat, self.state)
        return draft.id


async def stand(chat: Chat, state: Any, **data: object) -> None:  # noqa: ANN401  # aiogram's State
    key = f"{chat.product.bot.id}:{chat.id}:{chat.id}:::default"
    async with chat.product.database.transaction() as tx:
        await tx.dialogues.put(key, Dialogue(state=state.state if state else None, data=data))


def in_draft(data: str, state: Any = None) -> Scene:  # noqa: ANN401  # aiogram's State
    async def scene(chat: Chat) -> Act:
        draft_id = await At(state)(chat)
        return lambda: chat.forge(data.format(draft_id))

    return scene


def under_result(data: str) -> Scene:
    async def scene(chat: Chat) -> Act:
        model = await chat.has_model()
        result = await chat.has_sent_result(model, 2, announced_at=now())
        async with chat.product.database.transaction() as tx:
            picture = (await tx.pictures.all_of(result.id))[0]
        return lambda: chat.forge(data.format(result.id, picture=picture.id, model=model.id))

    return scene


def with_model(act: Callable[[Chat], Awaitable[object]]) -> Scene:
    async def scene(chat: Chat) -> Act:
        await chat.has_model()
        await chat.say("/start")
        return lambda: act(chat)

    return scene


def in_training(data: str, **columns: Any) -> Scene:  # noqa: ANN401  # columns
    async def scene(chat: Chat) -> Act:
        training = await chat.has_training(**columns)
        return lambda: chat.forge(data.format(training.id))

    return scene


async def offered(chat: Chat) -> Act:
    await chat.has_model()
    await chat.say("a king in a garden")
    return lambda: chat.press("offer:make")


async def repeated_photo(chat: Chat) -> Act:
    await At(TrainForm.photos)(chat)
    await chat.send(jpeg(77))
    return lambda: chat.send(jpeg(77))


async def photo_out_of_nowhere(chat: Chat) -> Act:
    await chat.say("/start")
    return lambda: chat.send(jpeg(78))


async def consent_with_waiting_photos(chat: Chat) -> Act:
    await chat.send(jpeg(79))
    return lambda: chat.press("draft:agree")


async def named(chat: Chat) -> Act:
    await chat.has_draft(0, name=None, trigger_word=None, subject=None)
    await stand(chat, TrainForm.name)
    return lambda: chat.say("Anna")


async def trained_again(chat: Chat) -> Act:
    model = await chat.has_model()
    async with chat.product.database.transaction() as tx:
        for number in range(1, 7):
            await tx.photos.record(photo_values(model.training_id, number))
    await stand(chat, TrainForm.consent)
    return lambda: chat.forge(f"model:{model.id}:agree")


async def renamed(chat: Chat) -> Act:
    model = await chat.has_model()
    await chat.forge(f"model:{model.id}:name")
    return lambda: chat.say("Maria")


async def looked_for(chat: Chat) -> Act:
    await chat.has_model()
    await chat.forge("gal:search::1::0:")
    return lambda: chat.say("king")


def in_words(text: str, state: Any) -> Scene:  # noqa: ANN401  # aiogram's State
    async def scene(chat: Chat) -> Act:
        await At(state)(chat)
        return lambda: chat.say(text)

    return scene


FAILED: dict[str, Any] = {
    "state": TrainingState.FAILED,
    "failure": FailureReason.TRAINER_FAILED,
    "finished_at": now(),
    "announced_at": now(),
    "is_settled": True,
}
LOST: dict[str, Any] = FAILED | {
    "submit_started_at": now(),
    "failure": FailureReason.SUBMIT_UNKNOWN,
}

SCENES: dict[str, Scene] = {
    "remove last": in_draft("photos:{}:last", TrainForm.photos),
    "start over": in_draft("photos:{}:all", TrainForm.photos),
    "done": in_draft("photos:{}:done", TrainForm.photos),
    "subject": in_draft("subj:{}:man", TrainForm.subject),
    "mode": in_draft("mode:{}:standard", TrainForm.mode),
    "continue": in_draft("draft-left:continue:{}"),
    "drop the draft": in_draft("draft-left:anew:{}"),
    "remove by numbers": in_words("remove 2, 3", TrainForm.photos),
    "a name": named,
    "a repeated photo": repeated_photo,
    "a photo out of nowhere": photo_out_of_nowhere,
    "consent": consent_with_waiting_photos,
    "train again": trained_again,
    "retry": in_training("tr:{}:retry", **FAILED),
    "stop": in_training("tr:{}:stop", state=TrainingState.ASKING),
    "go on with fewer": in_training("tr:{}:fewer", state=TrainingState.ASKING),
    "look again": in_training("look:training:{}", **LOST),
    "again": under_result("res:again:{}"),
    "make anew": under_result("make:{}"),
    "like": under_result("pic:like:{picture}"),
    "unlike": under_result("pic:unlike:{picture}"),
    "cover": under_result("pic:cover:{picture}"),
    "delete in the gallery": under_result("gal:delete:{}:1::0:"),
    "use a model": under_result("use:{model}:0"),
    "delete a model": under_result("model:{model}:sure"),
    "panel": under_result("opt|count|2|0|"),
    "preset": with_model(lambda chat: chat.forge("pmake:noir")),
    "pack": with_model(lambda chat: chat.forge("ppack:round-the-world")),
    "surprise": with_model(lambda chat: chat.forge("psurprise")),
    "a prompt": with_model(lambda chat: chat.say("/generate a king")),
    "a text out of nowhere": with_model(lambda chat: chat.say("a king")),
    "an offered prompt": offered,
    "settings": with_model(lambda chat: chat.forge("want:preview:0")),
    "language": with_model(lambda chat: chat.forge("lang:ru")),
    "delete my data": with_model(lambda chat: chat.forge("forget:1")),
    "a search": with_model(lambda chat: chat.say("/gallery king")),
}

AT_ITS_END = "at its end"
BEFORE_ITS_END = "before its end"
ANSWERS_TO_A_QUESTION: dict[str, Scene] = {"a new name": renamed, "words to look for": looked_for}
"""At their very end the question is over, so they come out of nowhere and are offered as prompts,
which orders nothing."""

CASES = [
    *((kind, moment) for kind in SCENES for moment in (AT_ITS_END, BEFORE_ITS_END)),
    *((kind, BEFORE_ITS_END) for kind in ANSWERS_TO_A_QUESTION),
]


@pytest.mark.parametrize(("kind", "moment"), CASES)
async def test_an_update_handled_twice_does_what_it_does_once(
    product: Product, kind: str, moment: str
) -> None:
    chat = product.newcomer()
    act = await (SCENES | ANSWERS_TO_A_QUESTION)[kind](chat)
    before = await chat.dialogue()
    await act()
    await all_is_done(product)
    once = rows(product)
    if moment == BEFORE_ITS_END:
        # The dialogue is written last.
        async with product.database.transaction() as tx:
            await tx.dialogues.put(f"{product.bot.id}:{chat.id}:{chat.id}:::default", before)
    await chat.handle_last_again()
    await all_is_done(product)
    twice = rows(product)
    changed = {name: (once[name], twice[name]) for name in once if once[name] != twice[name]}
    assert changed == {}
