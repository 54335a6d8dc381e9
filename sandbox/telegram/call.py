"""One Bot API call: its parameters, and the checks that many methods share."""

import json
from dataclasses import dataclass
from typing import Any

from sandbox.telegram.emulator import Peer, TelegramEmulator
from sandbox.telegram.errors import bad_request, forbidden, upgraded
from sandbox.telegram.markup import check_pay, parse_markup
from sandbox.telegram.model import BotIs, Json, Markup, Message, User, topic_fields
from sandbox.telegram.params import Params
from sandbox.telegram.text import Formatted, caption_text


@dataclass
class Described:
    """A result with the `description` that some methods add."""

    result: Any
    description: str


@dataclass
class Call:
    """A method's arguments and the emulator it acts on."""

    emulator: TelegramEmulator
    params: Params

    def peer(self, name: str = "chat_id") -> Peer:
        """The chat that a parameter names.

        Raises:
            ApiError: 400 `chat_id is empty` or `chat not found`.
        """
        raw = self.params.text(name)
        if not raw:
            raise bad_request("chat_id is empty")
        peer = None if raw.startswith("@") else self.emulator.peer(self.params.integer_id(name))
        if peer is None or (isinstance(peer, User) and not peer.met):
            raise bad_request("Chat not found")
        return peer

    def reachable(self, name: str = "chat_id") -> Peer:
        """A chat the bot may write to.

        Raises:
            ApiError: 403 when the person never wrote to the bot or has blocked it.
        """
        peer = self.peer(name)
        if isinstance(peer, User):
            if not peer.started:
                raise forbidden("Bot can't initiate conversation with a user")
            if peer.blocked:
                raise forbidden("bot was blocked by the user")
        elif peer.upgraded_to is not None:
            raise upgraded(peer.upgraded_to)
        elif peer.bot_is is BotIs.KICKED:
            raise forbidden(f"bot was kicked from the {peer.kind} chat")
        return peer

    def writable(self, what: str) -> Peer:
        """A chat that the bot may send such messages into.

        Args:
            what: as the refusal calls them, e.g. `photos`.

        Raises:
            ApiError: 400 where the bot is muted; as `reachable`.
        """
        peer = self.reachable()
        if not isinstance(peer, User) and peer.bot_is is BotIs.MUTED:
            raise bad_request(f"not enough rights to send {what} to the chat")
        return peer

    def message(self, peer: Peer, what: str, name: str = "message_id") -> Message:
        """A living message of a chat.

        Args:
            peer: the chat.
            name: the parameter that holds the id.
            what: as the refusal calls it, e.g. `message to edit`.

        Raises:
            ApiError: 400 `<what> not found`.
        """
        message = self.emulator.message(peer.id, self.params.integer(name))
        if message is None:
            raise bad_request(f"{what} not found")
        return message

    def message_ids(self, name: str = "message_ids") -> list[int]:
        """A JSON array of 1 to 100 message ids.

        Raises:
            ApiError: 400 in the server's words.
        """
        value = self.json(name, f"Can't parse {name} JSON object")
        if value is None or value == []:
            raise bad_request("Message identifiers are not specified")
        if not isinstance(value, list):
            raise bad_request("Expected an Array of message identifiers")
        if len(value) > 100:
            raise bad_request("Too many message identifiers specified")
        if any(isinstance(item, bool) or not isinstance(item, (int, str)) for item in value):
            raise bad_request("Message identifier must be a Number")
        try:
            ids = [int(item) for item in value]
        except (TypeError, ValueError):
            raise bad_request("Can't parse message identifier as a Number") from None
        if any(item <= 0 for item in ids):
            raise bad_request("Invalid message identifier specified")
        return ids

    def json(self, name: str, refusal: str) -> Any:  # noqa: ANN401  (any JSON value)
        """A JSON parameter, None when missing; junk is refused with the given words."""
        try:
            return self.params.json(name)
        except ValueError:
            raise bad_request(refusal) from None

    def markup(self, peer: Peer, *, invoice: bool = False) -> Markup | None:
        """The reply_markup parameter, checked; an invoice has a Pay button first."""
        markup = parse_markup(self.params.text("reply_markup"), private=isinstance(peer, User))
        check_pay(markup, invoice=invoice)
        return markup

    def caption(self) -> Formatted:
        """The caption parameters, parsed and checked."""
        text = self.params.text
        return caption_text(text("caption"), text("parse_mode"), text("caption_entities"))

    def thread(self, peer: Peer) -> Json:
        """The topic that a message goes into, as fields of the message.

        Raises:
            ApiError: 400 `message thread not found`.
        """
        thread_id = self.params.integer("message_thread_id")
        if not thread_id:
            return {}
        if thread_id not in self.emulator.topics[peer.id]:
            raise bad_request("Message thread not found")
        return topic_fields(thread_id)

    def link_preview_options(self) -> Json:
        """The link_preview_options field as the message repeats it; empty when nothing is set."""
        given = self.json("link_preview_options", "Can't parse link preview options JSON object")
        if given is not None and not isinstance(given, dict):
            raise bad_request("Object expected as link preview options")
        given = given or {"is_disabled": self.params.flag("disable_web_page_preview")}
        flags = ("prefer_small_media", "prefer_large_media", "show_above_text")
        shown: Json = {"is_disabled": True} if given.get("is_disabled") is True else {}
        if isinstance(given.get("url"), str) and given["url"]:
            shown["url"] = given["url"]
        shown |= {name: True for name in flags if given.get(name) is True}
        return {"link_preview_options": shown} if shown else {}

    def reply_to(self, peer: Peer) -> Message | None:
        """The message that is replied to.

        Raises:
            ApiError: 400 `message to be replied not found`, unless sending without it is allowed.
        """
        raw = self.json("reply_parameters", "Can't parse reply parameters JSON object")
        if raw is not None and not isinstance(raw, dict):
            raise bad_request("Object expected as reply parameters")
        given: Json = raw or {
            "message_id": self.params.integer("reply_to_message_id"),
            "allow_sending_without_reply": self.params.flag("allow_sending_without_reply"),
        }
        try:
            message_id = int(given.get("message_id") or 0)
        except (TypeError, ValueError):
            raise bad_request('Field "message_id" must be of type Number') from None
        if message_id == 0:
            return None
        found = self.emulator.message(peer.id, message_id)
        if found is None and not given.get("allow_sending_without_reply"):
            raise bad_request("message to be replied not found")
        return found

    def spend(self, peer: Peer, messages: int = 1) -> None:
        """Count sends or edits against the flood limits.

        Raises:
            ApiError: 429 with retry_after.
        """
        self.emulator.flood.spend(peer.id, self.emulator.now(), messages=messages)


def compact(value: Json) -> str:
    """JSON for comparing keyboards, independent of key order."""
    return json.dumps(value, sort_keys=True)
