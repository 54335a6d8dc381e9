"""The state of a local Telegram: one bot, pretended people and groups, their chats."""

import random
import time
from collections import defaultdict

from sandbox.events import EventLog
from sandbox.telegram.config import TelegramConfig
from sandbox.telegram.errors import ControlError, too_many_requests
from sandbox.telegram.fetching import Web
from sandbox.telegram.files import FileStore, Media
from sandbox.telegram.flood import FloodGate
from sandbox.telegram.model import (
    Callback,
    Group,
    InlineAsked,
    Json,
    Markup,
    Message,
    Prepared,
    User,
)
from sandbox.telegram.scenario import TelegramScenario
from sandbox.telegram.settings import BotSettings
from sandbox.telegram.stars.records import StarRecords
from sandbox.telegram.updates import UpdateQueue

FIRST_USER_ID = 1001
_FIRST_GROUP_ID = -1_001_000_000_001
_FIRST_BASIC_GROUP_ID = -4_000_001

Peer = User | Group


class TelegramEmulator:
    """Everything that Telegram's servers would remember.

    Attributes:
        config: the bot's identity and the limits.
        events: where changes are told.
        files: every file that a message showed.
        updates: what waits for the bot.
        settings: commands and texts that the bot registered.
        stars: invoices, payments and the statement in Telegram Stars.
        web: pages of the internet, by address: a test may put pictures there.
        fetcher: takes files by address, from `web` and from this sandbox's own fal.
    """

    def __init__(self, config: TelegramConfig, events: EventLog) -> None:
        self.config = config
        self.events = events
        self.settings = BotSettings()
        self.web: dict[str, bytes] = {}
        self.fetcher = Web(self.web)
        self._scenario = TelegramScenario()
        self.updates = UpdateQueue(busy_loop_guard=config.busy_loop_guard)
        self._shift_s = 0.0
        self._next_set_webhook_at = 0.0
        # Private chats of one account share a counter; ids are never used again.
        self._next_message_id = 1
        self.chat_instance = str(random.getrandbits(62))
        self._begin()

    def _begin(self) -> None:
        self.files = FileStore(self.config.max_kept_bytes)
        self.flood = FloodGate(self.config.flood)
        self.stars = StarRecords()
        self.users: dict[int, User] = {}
        self.groups: dict[int, Group] = {}
        self.callbacks: dict[str, Callback] = {}
        self.inline: dict[str, InlineAsked] = {}
        self.prepared: dict[str, Prepared] = {}
        self.topics: dict[int, set[int]] = defaultdict(set)
        self.pinned: dict[int, list[int]] = defaultdict(list)
        self._chats: dict[int, dict[int, Message]] = defaultdict(dict)
        self.add_user(User(FIRST_USER_ID, "Alex", "alex", self.config.language or "en"))

    def reset(self) -> None:
        """Forget people, chats, files and waiting updates.

        Counters of messages and updates go on, so that ids a running bot remembers cannot meet
        new things; what the bot registered about itself stays, because it registers once.
        """
        self.updates.clear()
        self.scenario = TelegramScenario()
        self.stars.changed.set()
        self._begin()
        self.events.publish("reset")

    @property
    def scenario(self) -> TelegramScenario:
        """What is out of order."""
        return self._scenario

    @scenario.setter
    def scenario(self, scenario: TelegramScenario) -> None:
        self._scenario = scenario
        self.fetcher.up = scenario.fetches
        self.fetcher.forget()

    def now(self) -> float:
        """Emulator time: the wall clock plus what `advance` added, seconds since the epoch."""
        return time.time() + self._shift_s

    def advance(self, seconds: float) -> None:
        """Let time pass at once: callbacks grow old, messages too."""
        self._shift_s += seconds
        self.updates.changed.set()
        self.stars.changed.set()

    @property
    def bot_user(self) -> Json:
        """The bot as a User."""
        return {
            "id": self.config.bot_id,
            "is_bot": True,
            "first_name": self.settings.text("name", "") or self.config.first_name,
            "username": self.config.username,
        }

    def add_user(self, user: User) -> None:
        """Let another pretended person exist.

        Raises:
            ControlError: 409 when the id is taken, 400 when it cannot be a person's.
        """
        if user.id in self.users or user.id == self.config.bot_id:
            raise ControlError(f"User {user.id} exists already.", status=409)
        if not 0 < user.id < 2**52:
            raise ControlError("A user id is a number between 1 and 2^52.")
        self.users[user.id] = user
        self.events.publish("state")

    def free_user_id(self) -> int:
        """The next id for a person who was given none."""
        return max(self.users, default=FIRST_USER_ID - 1) + 1

    def add_group(self, title: str, *, is_super: bool = True) -> Group:
        """Make a group (the caller adds the bot to it)."""
        first = _FIRST_GROUP_ID if is_super else _FIRST_BASIC_GROUP_ID
        group = Group(first - len(self.groups), title, is_super)
        self.groups[group.id] = group
        return group

    def peer(self, chat_id: int) -> Peer | None:
        """The person or group of a chat id, None when there is none."""
        return self.users.get(chat_id) or self.groups.get(chat_id)

    def messages(self, chat_id: int) -> list[Message]:
        """Living messages of a chat, ascending."""
        return list(self._chats[chat_id].values())

    def message(self, chat_id: int, message_id: int) -> Message | None:
        """A living message, None when there is none."""
        return self._chats[chat_id].get(message_id)

    def _take_message_id(self, peer: Peer) -> int:
        if isinstance(peer, Group):
            taken = peer.next_message_id
            peer.next_message_id += 1
            return taken
        self._next_message_id += 1
        return self._next_message_id - 1

    def post(
        self,
        peer: Peer,
        body: Json,
        *,
        sender: User | None,
        media: Media | None = None,
        markup: Markup | None = None,
        reply_to: Message | None = None,
        head: Json | None = None,
        protected: bool = False,
        service: bool = False,
        announce: bool = True,
    ) -> Message:
        """Put a message into a chat and tell the readers; updates are the caller's matter.

        Args:
            peer: where.
            body: content fields.
            sender: the person; None is the bot.
            media: the files behind the content.
            markup: the keyboard.
            reply_to: the message it answers.
            protected: it may not be copied or forwarded.
            service: Telegram wrote it (a pin, a new member).
            head: further fields that never change (media_group_id, forward_origin ...).
            announce: False when the caller tells the readers, after it has finished the message.
        """
        author = self.bot_user if sender is None else sender.as_user()
        message = Message(
            chat_id=peer.id,
            message_id=self._take_message_id(peer),
            date=int(self.now()),
            from_bot=sender is None,
            head={"from": author, "chat": peer.as_chat(), **(head or {})},
            body=body,
            media=media,
            markup=markup,
            reply_to=reply_to,
            protected=protected,
            service=service,
            forwarded=bool(head and "forward_origin" in head),
        )
        self._chats[peer.id][message.message_id] = message
        if announce:
            self.events.publish("message", peer.id, message=message.as_page())
        return message

    def touch(self, message: Message, *, edited: bool = True) -> None:
        """Tell the readers that a message changed."""
        if edited:
            message.edit_date = int(self.now())
        self.events.publish("edited", message.chat_id, message=message.as_page())

    def remove(self, chat_id: int, message_ids: list[int]) -> list[int]:
        """Delete messages.

        Returns:
            The ids that were there.
        """
        chat = self._chats[chat_id]
        gone = [message_id for message_id in message_ids if chat.pop(message_id, None)]
        self.pinned[chat_id] = [pin for pin in self.pinned[chat_id] if pin not in gone]
        if gone:
            self.events.publish("deleted", chat_id, message_ids=gone)
        return gone

    def queue(self, kind: str, payload: Json) -> bool:
        """Queue an update for the bot; False when its type is not allowed."""
        return self.updates.add(kind, payload, self.now())

    def spend_set_webhook(self) -> None:
        """Count a setWebhook: one a second (telegram-bot-api, process_set_webhook_query).

        Raises:
            ApiError: 429 with retry_after.
        """
        now = self.now()
        if self.config.flood.enabled and now < self._next_set_webhook_at:
            raise too_many_requests(1)
        self._next_set_webhook_at = now + 1

    def close(self) -> None:
        """Let waiting polls end: the server is going away."""
        self.updates.close()
