"""People, groups, messages and button presses as the emulator keeps them."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sandbox.telegram.files import Media

Json = dict[str, Any]

FIRST_STARS = 2500


@dataclass
class User:
    """A pretended person.

    Attributes:
        id: user id, and id of the private chat with the bot.
        language_code: what the person's client reports; None leaves it out.
        blocked: the person has stopped the bot.
        started: the person has written to the bot, so the bot may write back.
        met: the bot has seen the person (here or in a group).
        stars: play Stars to pay with.
    """

    id: int
    first_name: str
    username: str | None = None
    language_code: str | None = "en"
    blocked: bool = False
    started: bool = False
    met: bool = False
    stars: int = FIRST_STARS

    def as_user(self) -> Json:
        """The Bot API's User."""
        user: Json = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        if self.username:
            user["username"] = self.username
        if self.language_code:
            user["language_code"] = self.language_code
        return user

    def as_chat(self) -> Json:
        """The Bot API's Chat of the private dialogue."""
        chat: Json = {"id": self.id, "first_name": self.first_name, "type": "private"}
        if self.username:
            chat["username"] = self.username
        return chat


class BotIs(StrEnum):
    """What the bot is in a group; `muted` is a member that may send nothing."""

    MEMBER = "member"
    MUTED = "muted"
    KICKED = "kicked"


@dataclass
class Group:
    """A pretended group that the bot was added to.

    Attributes:
        is_super: a supergroup; others can be upgraded to one.
        members: the people in it.
        meant: messages that were meant for the bot, so that replies to them are, too.
        upgraded_to: the supergroup that it has become.
    """

    id: int
    title: str
    is_super: bool = True
    next_message_id: int = 1
    bot_is: BotIs = BotIs.MEMBER
    members: set[int] = field(default_factory=set)
    meant: set[int] = field(default_factory=set)
    upgraded_to: int | None = None

    @property
    def kind(self) -> str:
        """Its type, as the Bot API calls it."""
        return "supergroup" if self.is_super else "group"

    def as_chat(self) -> Json:
        """The Bot API's Chat."""
        return {"id": self.id, "title": self.title, "type": self.kind}


class MarkupKind(StrEnum):
    """What kind of keyboard a message carries."""

    INLINE = "inline"
    REPLY = "reply"
    REMOVE = "remove"
    FORCE_REPLY = "force_reply"


@dataclass(frozen=True)
class Markup:
    """A checked reply_markup."""

    kind: MarkupKind
    json: Json


@dataclass
class Message:
    """One message of a chat.

    Attributes:
        body: Bot API fields that depend on the content (text, entities, photo, caption ...).
        head: Bot API fields that stay (from, chat, media_group_id, forward_origin ...).
        media: the files behind it, when it has any.
        markup: its keyboard of any kind; the Bot API echoes inline keyboards only.
        shown: what only people see of an invoice: its photo, and that it is paid.
    """

    chat_id: int
    message_id: int
    date: int
    from_bot: bool
    head: Json
    body: Json
    media: Media | None = None
    markup: Markup | None = None
    edit_date: int | None = None
    reply_to: "Message | None" = None
    forwarded: bool = False
    service: bool = False
    protected: bool = False
    reactions: list[Json] = field(default_factory=list)
    person_reactions: list[Json] = field(default_factory=list)
    shown: Json = field(default_factory=dict)

    @property
    def inline_keyboard(self) -> Json | None:
        """The inline keyboard as JSON, None when there is none."""
        if self.markup is None or self.markup.kind is not MarkupKind.INLINE:
            return None
        return self.markup.json

    def as_api(self, *, with_reply: bool = True) -> Json:
        """The Bot API's Message; the replied-to message is nested one level deep."""
        result: Json = {"message_id": self.message_id, **self.head, "date": self.date}
        if self.edit_date is not None:
            result["edit_date"] = self.edit_date
        if with_reply and self.reply_to is not None:
            result["reply_to_message"] = self.reply_to.as_api(with_reply=False)
        result.update(self.body)
        if self.protected:
            result["has_protected_content"] = True
        if self.inline_keyboard is not None:
            result["reply_markup"] = self.inline_keyboard
        return result

    def as_page(self) -> Json:
        """As `as_api`, with what only people see: reply keyboards, reactions, receipts."""
        result = {**self.as_api(), **self.shown}
        if self.markup is not None:
            result["reply_markup"] = self.markup.json
        if self.reactions or self.person_reactions:
            result["reactions"] = self.reactions + self.person_reactions
        return result


def topic_fields(thread_id: int) -> Json:
    """Fields of a message in a topic of a private chat; 0 is the chat without topics."""
    return {"message_thread_id": thread_id, "is_topic_message": True} if thread_id else {}


@dataclass
class InlineAsked:
    """What somebody has asked the bot for inline.

    Attributes:
        created_at: emulator time, seconds since the epoch.
        answer: what the bot offered (results, button ...); None while it has not.
    """

    id: str
    user_id: int
    created_at: float
    answer: Json | None = None

    def as_json(self) -> Json:
        """The control plane's view."""
        return {"id": self.id, "answered": self.answer is not None, **(self.answer or {})}


@dataclass
class Prepared:
    """A message that its person may send while it lasts.

    Attributes:
        chats: the kinds of chats it may be sent into.
        expires_at: emulator time, seconds since the epoch.
        shared_with: the chats it was sent into, by the names the person sees.
    """

    id: str
    user_id: int
    result: Json
    chats: list[str]
    expires_at: float
    shared_with: list[str] = field(default_factory=list)

    def as_json(self) -> Json:
        """The control plane's view."""
        return {"result": self.result, "chats": self.chats, "shared_with": self.shared_with}


@dataclass
class Callback:
    """A pressed inline button.

    Attributes:
        created_at: emulator time, seconds since the epoch.
        answer: what the bot answered (text, show_alert, url); None while it has not.
    """

    id: str
    user_id: int
    message_id: int
    data: str
    created_at: float
    answer: Json | None = None

    def as_json(self) -> Json:
        """The control plane's view."""
        answer = {k: v for k, v in (self.answer or {}).items() if v}
        return {
            "id": self.id,
            "message_id": self.message_id,
            "data": self.data,
            "answered": self.answer is not None,
            **answer,
        }
