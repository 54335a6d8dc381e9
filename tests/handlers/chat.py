"""The product without its process: a test writes, and handlers have run before it goes on."""

import asyncio
import html
import itertools
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiogram import Bot, Dispatcher

from api.offered import ApiOffered
from bot.app import make_plain_bot
from bot.composition import compose
from bot.settings import Settings
from db.database import Database
from db.tables import Generation, Training
from handlers.telegram.topics import LostTopics
from sandbox.server import RunningSandbox, SandboxConfig, running_sandbox
from sandbox.telegram import FloodLimits, TelegramConfig
from sandbox.telegram.media import person_media
from sandbox.telegram.model import Message, User
from sandbox.telegram.people import ChosenFile, People
from services.domain.clock import now
from services.domain.values import Dialogue, Draft, Model
from services.domain.vocabulary import Language
from services.health import Health
from services.jobs.replica import Replica
from services.users.access import Access
from tests.conftest import with_compiled
from tests.hang_up import hang_up
from tests.services import kit
from texts.reader import Texts, Value

ADMIN = 900_001
PATIENCE_S = 30
LOOK_EVERY_S = 0.01
BEHIND_ALL_MESSAGES = 10**8

_ids = itertools.count(5_000_001)


@dataclass
class Product:
    """Everything the bot's process has, but for the intake and the limits on sending."""

    sandbox: RunningSandbox
    database: Database
    bot: Bot
    dispatcher: Dispatcher
    api: ApiOffered
    _seen: int = 0

    @property
    def people(self) -> People:
        return People(self.sandbox.state.telegram)

    def newcomer(self, language: str = "en", user_id: int | None = None) -> "Chat":
        """Return the chat of a person the bot has never met."""
        person = User(user_id or next(_ids), "Ann", language_code=language)
        if person.id not in self.sandbox.state.telegram.users:
            self.sandbox.state.telegram.add_user(person)
        return Chat(self, person.id, Language(language))

    async def delivered(self) -> None:
        """Wait until every message of a support thread has been sent, and that is noted."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                async with self.database.transaction() as tx:
                    if not await tx.support.claims.unfinished():
                        return
                await asyncio.sleep(0.02)

    async def told(self) -> None:
        """Wait until everybody has been told what has become of their money."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                async with self.database.transaction() as tx:
                    if not await tx.payment_notes.claims.unfinished():
                        return
                await asyncio.sleep(0.02)

    async def handle(self) -> None:
        """Hand all that has happened since to the dispatcher, one update after the other."""
        for update in self.sandbox.state.telegram.updates.after(self._seen):
            self._seen = update.update_id
            await self.dispatcher.feed_raw_update(self.bot, update.body)


@asynccontextmanager
async def running_product(
    database_url: str, *, admins: frozenset[int] = frozenset({ADMIN}), **changes: object
) -> AsyncIterator[Product]:
    """Compose the product over a sandbox whose jobs end at once; `changes` are settings."""
    telegram = TelegramConfig(flood=FloodLimits(enabled=False), busy_loop_guard=False)
    config = SandboxConfig(port=0, telegram=telegram, clock_s=0, sketches=True)
    async with AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(running_sandbox(config))
        values: dict[str, Any] = {
            "bot_token": config.telegram.token,
            "fal_key": config.fal_key,
            "telegram_api_url": sandbox.telegram_url,
            "fal_api_url": sandbox.fal_url,
            "database_url": database_url,
            "poll_interval": 0.05,
            "coach": "off",
            "webhook_allowed_hosts": {"127.0.0.1"},
            "daily_trainings": 1000,
            "daily_images": 10_000,
            "daily_budget_usd": 100_000,
        }
        settings = Settings(_env_file=None, **values | changes)
        database = with_compiled(Database(database_url))
        stack.push_async_callback(database.close)
        # The limits on sending have tests of their own and would slow these down.
        bot = make_plain_bot(settings)
        bot.session.middleware(LostTopics())
        stack.push_async_callback(hang_up, bot.session)
        access = Access(database, is_open=True, allowed_users=frozenset(), admins=admins)
        health = Health("Telegram")
        replica = await stack.enter_async_context(Replica(database))
        composed = await compose(settings, replica, bot, health, access, stack)
        yield Product(sandbox, database, bot, composed.dispatcher, composed.api)


@dataclass(frozen=True)
class Said:
    """A message of the bot as the person sees it."""

    message_id: int
    text: str
    buttons: tuple[tuple[str, str], ...]
    is_picture: bool = False
    topic: int = 0

    @property
    def data(self) -> list[str]:
        return [data for _, data in self.buttons]

    def has(self, prefix: str) -> bool:
        return any(data.startswith(prefix) for data in self.data)


@dataclass
class Chat:
    """What one person does, and what the bot answers."""

    product: Product
    id: int
    language: Language
    topic: int = 0

    # Reading

    def words(self, key: str, **values: Value) -> str:
        """Return a sentence of the bot as the person sees it, without markup."""
        return _bare(Texts(self.language)(key, **values))

    @property
    def messages(self) -> list[Said]:
        found = self.product.sandbox.state.telegram.messages(self.id)
        return [_seen(message) for message in found if message.from_bot]

    @property
    def last(self) -> Said:
        return self.messages[-1]

    @property
    def texts(self) -> list[str]:
        return [said.text for said in self.messages]

    async def state(self) -> str | None:
        return (await self.dialogue()).state

    async def dialogue(self) -> Dialogue:
        key = f"{self.product.bot.id}:{self.id}:{self.id}:::default"
        async with self.product.database.transaction() as tx:
            return await tx.dialogues.get(key)

    async def until(self, happened: Callable[[], bool]) -> None:
        """Wait for what the background tasks do, in the chat or elsewhere."""
        async with asyncio.timeout(PATIENCE_S):
            while not happened():  # noqa: ASYNC110  # not all that happens is an event of the chat
                await asyncio.sleep(LOOK_EVERY_S)

    async def until_said(self, text: str) -> Said:
        await self.until(lambda: any(text in said.text for said in self.messages))
        return next(said for said in reversed(self.messages) if text in said.text)

    # Acting

    async def say(self, text: str) -> int:
        """Write, and let the bot answer; return the id of the message."""
        written = self.product.people.write(self.id, text, topic=self.topic)
        await self.product.handle()
        return written[0].message_id

    async def answer(self, message_id: int, text: str) -> int:
        """Reply to a message in the chat; return the id of the reply."""
        await self.product.delivered()
        written = self.product.people.write(self.id, text, message_id, topic=self.topic)
        await self.product.handle()
        return written[0].message_id

    async def forward(self, of_id: int) -> None:
        """Forward a message of somebody who lets others see whose it is."""
        telegram = self.product.sandbox.state.telegram
        me, other = telegram.users[self.id], telegram.users[of_id]
        origin = {"type": "user", "date": 1, "sender_user": other.as_user()}
        head = {"forward_origin": origin}
        message = telegram.post(me, {"text": "Help!"}, sender=me, head=head)
        telegram.queue("message", message.as_api())
        await self.product.handle()

    async def open_topic(self) -> int:
        """Open a topic, where the person writes from now on."""
        telegram = self.product.sandbox.state.telegram
        telegram.scenario = telegram.scenario.model_copy(update={"topics": True})
        self.topic = self.product.people.open_topic(self.id, "Portraits").message_id
        await self.product.handle()
        return self.topic

    def delete_topic(self, topic: int) -> None:
        """Delete a topic; what follows is written outside of all."""
        self.product.sandbox.state.telegram.topics[self.id].discard(topic)
        self.topic = 0

    async def edit(self, message_id: int, text: str) -> None:
        self.product.people.edit(self.id, message_id, text)
        await self.product.handle()

    async def send(self, *files: bytes, kind: str = "photo", name: str = "photo.jpg") -> None:
        """Send photos, several as an album, or files as files."""
        mime = {"gif": "image/gif", "mp4": "video/mp4", "pdf": "application/pdf"}
        chosen = [
            ChosenFile(name, mime.get(name.rpartition(".")[2], "image/jpeg"), data)
            for data in files
        ]
        await self.product.people.send_files(
            self.id, chosen, as_photo=kind == "photo", topic=self.topic
        )
        await self.product.handle()

    async def press(self, prefix: str, ending: str = "") -> str:
        """Press the newest button whose data starts and ends so; return its toast."""
        for said in reversed(self.messages):
            for data in said.data:
                if data.startswith(prefix) and data.endswith(ending):
                    return await self.forge(data, said.message_id)
        msg = f"no button {prefix}…{ending} in {self.messages}"
        raise AssertionError(msg)

    async def forge(self, data: str, message_id: int | None = None) -> str:
        """Press a button that may not be there any more; without a message, on the last one."""
        if message_id is None:
            message_id = self.last.message_id if self.messages else BEHIND_ALL_MESSAGES
        callback = self.product.people.press(self.id, message_id, data, forged=True)
        await self.product.handle()
        assert callback.answer is not None, f"the press of {data} was never answered"
        return _bare(str(callback.answer.get("text") or ""))

    async def handle_last_again(self) -> None:
        """Have the last update handled twice, as after a crash."""
        self.product._seen -= 1
        await self.product.handle()

    async def block(self, *, blocked: bool) -> None:
        self.product.people.set_blocked(self.id, blocked=blocked)
        await self.product.handle()

    # Rows to begin with

    async def has_draft(self, photos: int = 5, **changes: Any) -> Draft:  # noqa: ANN401  # columns
        """Give the person a draft with a name, a subject and accepted photos, without a mode."""
        await kit.meet(self.product.database, self.id)
        mine: dict[str, Any] = {"user_id": self.id, "chat_id": self.id}
        no_mode: dict[str, Any] = {"mode": None, "steps": None, "price_usd": None}
        return await kit.begin_draft(self.product.database, photos, **mine | no_mode | changes)

    async def has_training(self, photos: int = 5, **changes: Any) -> Training:  # noqa: ANN401  # columns
        await kit.meet(self.product.database, self.id)
        mine: dict[str, Any] = {"user_id": self.id, "chat_id": self.id}
        return await kit.start_training(self.product.database, photos, **mine | changes)

    async def has_model(self, *, active: bool = True) -> Model:
        url = f"{self.product.sandbox.url}/lora.safetensors"
        return await kit.keep_model(self.product.database, url, self.id, active=active)

    async def has_result(
        self,
        model: Model,
        count: int = 1,
        urls: Sequence[str] = (),
        **changes: Any,  # noqa: ANN401
    ) -> Generation:
        """Give the person pictures; where they are is nobody's business before Full size."""
        urls = urls or [f"{self.product.sandbox.fal_url}/{n}.jpg" for n in range(count)]
        return await kit.keep_result(self.product.database, model, *urls, **changes)

    async def has_sent_result(
        self,
        model: Model,
        count: int = 1,
        **changes: Any,  # noqa: ANN401
    ) -> Generation:
        """Give the person pictures that Telegram has."""
        told = {"announced_at": now(), **changes}
        result = await self.has_result(model, count, **told)
        async with self.product.database.transaction() as tx:
            for picture in await tx.pictures.all_of(result.id):
                await tx.pictures.note_sent(picture.id, await self._file_id(), None)
        return result

    async def _file_id(self) -> str:
        media = await person_media(kit.jpeg(), "photo.jpg", "image/jpeg", as_photo=True)
        shown = self.product.sandbox.state.telegram.files.show(media)
        return str(shown["photo"][-1]["file_id"])

    async def draft(self) -> Draft | None:
        async with self.product.database.transaction() as tx:
            return await tx.drafts.of(self.id)

    async def training(self, training_id: str) -> Training:
        return await kit.read_training(self.product.database, training_id)

    async def generations(self) -> list[str]:
        """Return the prompts of all that was ordered, in order."""
        async with self.product.database.transaction() as tx:
            found = [
                one
                for model in await tx.models.all_of(self.id)
                for one in await tx.generations.all_of(model.id)
            ]
        return [one.prompt for one in sorted(found, key=lambda one: one.created_at)]


def _seen(message: Message) -> Said:
    body = message.body
    rows = (message.inline_keyboard or {}).get("inline_keyboard", [])
    buttons = tuple(
        (button["text"], button.get("callback_data", "")) for row in rows for button in row
    )
    text = str(body.get("text") or body.get("caption") or "")
    topic = int(message.head.get("message_thread_id", 0))
    return Said(message.message_id, text, buttons, is_picture="photo" in body, topic=topic)


def _bare(marked: str) -> str:
    return html.unescape(re.sub(r"</?[a-z]+>", "", marked)).strip()
