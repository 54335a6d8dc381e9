"""What pretended people do: write, send files, press buttons, block the bot."""

import random
from dataclasses import dataclass

from sandbox.telegram.albums import ALBUM_LIMIT, new_media_group_id
from sandbox.telegram.emulator import Peer, TelegramEmulator
from sandbox.telegram.errors import ControlError
from sandbox.telegram.files import Media
from sandbox.telegram.media import person_media
from sandbox.telegram.model import Callback, Json, Message, User, topic_fields
from sandbox.telegram.pictures import PictureError
from sandbox.telegram.text import MAX_CAPTION, MAX_TEXT, Formatted, plain_text


def queue_member_update(
    emulator: TelegramEmulator, user: User, peer: Peer, old: Json, new: Json
) -> None:
    """Tell the bot that its own membership of a chat changed."""
    change = {
        "chat": peer.as_chat(),
        "from": user.as_user(),
        "date": int(emulator.now()),
        "old_chat_member": old,
        "new_chat_member": new,
    }
    emulator.queue("my_chat_member", change)


@dataclass(frozen=True)
class ChosenFile:
    """A file that a person picked."""

    filename: str
    content_type: str
    data: bytes


class People:
    """What pretended people do in one emulator."""

    def __init__(self, emulator: TelegramEmulator) -> None:
        self._emulator = emulator

    def user(self, user_id: int) -> User:
        """The person of an id.

        Raises:
            ControlError: 404 when there is none.
        """
        user = self._emulator.users.get(user_id)
        if user is None:
            raise ControlError(f"There is no user {user_id}.", status=404)
        return user

    def _writer(self, user_id: int) -> User:
        user = self.user(user_id)
        if user.blocked:
            raise ControlError("This user has blocked the bot: unblock it first.", status=409)
        user.started = user.met = True
        return user

    def write(
        self, user_id: int, text: str, reply_to: int | None = None, topic: int = 0
    ) -> list[Message]:
        """Write a text to the bot; a long one goes as several messages, as clients send it.

        Raises:
            ControlError: the text is empty, or the replied-to message or the topic is not there.
        """
        contents = [checked_text(part) for part in client_parts(text)]
        user = self.user(user_id)
        answered = None
        if reply_to is not None:
            answered = self._emulator.message(user_id, reply_to)
            if answered is None:
                raise ControlError(f"There is no message {reply_to} to reply to.", status=404)
        head = self._topic(user_id, topic)
        user = self._writer(user_id)
        messages = [
            self._emulator.post(
                user,
                content.fields("text", "entities"),
                sender=user,
                reply_to=None if number else answered,
                head=head,
            )
            for number, content in enumerate(contents)
        ]
        for message in messages:
            self._emulator.queue("message", message.as_api())
        return messages

    def _topic(self, user_id: int, topic: int) -> Json:
        if topic and topic not in self._emulator.topics[user_id]:
            raise ControlError(f"There is no topic {topic}.", status=404)
        return topic_fields(topic)

    def open_topic(self, user_id: int, name: str) -> Message:
        """Open a topic in the private chat; its id is the id of the message about it.

        Raises:
            ControlError: private chats have no topics (see the scenario), or the name is empty.
        """
        if not self._emulator.scenario.topics:
            raise ControlError("Private chats have no topics: set topics in the scenario.")
        if not name.strip():
            raise ControlError("A topic needs a name.")
        created = {"forum_topic_created": {"name": name.strip(), "icon_color": 0x6FB9F0}}
        message = self._serve(user_id, created, announce=False)
        self._emulator.topics[user_id].add(message.message_id)
        message.head |= topic_fields(message.message_id)
        self._emulator.events.publish("message", user_id, message=message.as_page())
        self._emulator.queue("message", message.as_api())
        return message

    def service(self, user_id: int, kind: str) -> Message:
        """Let Telegram write a message about something the person did.

        Raises:
            ControlError: the kind is none of SERVICE_MESSAGES.
        """
        if kind not in SERVICE_MESSAGES:
            raise ControlError(f"kind is one of {', '.join(SERVICE_MESSAGES)}.")
        message = self._serve(user_id, {kind: SERVICE_MESSAGES[kind]})
        self._emulator.queue("message", message.as_api())
        return message

    def _serve(self, user_id: int, body: Json, *, announce: bool = True) -> Message:
        user = self._writer(user_id)
        return self._emulator.post(user, body, sender=user, service=True, announce=announce)

    def react(self, user_id: int, message_id: int, emoji: str) -> None:
        """Put a reaction under a message, or take it away; the bot hears of it if it asked to.

        Raises:
            ControlError: 404 when the message is not there.
        """
        user = self._writer(user_id)
        message = self._emulator.message(user_id, message_id)
        if message is None:
            raise ControlError(f"There is no message {message_id}.", status=404)
        old, new = message.person_reactions, [{"type": "emoji", "emoji": emoji}] if emoji else []
        message.person_reactions = new
        self._emulator.touch(message, edited=False)
        change = {
            "chat": user.as_chat(),
            "message_id": message_id,
            "user": user.as_user(),
            "date": int(self._emulator.now()),
            "old_reaction": old,
            "new_reaction": new,
        }
        self._emulator.queue("message_reaction", change)

    async def send_files(
        self,
        user_id: int,
        files: list[ChosenFile],
        *,
        as_photo: bool,
        caption: str = "",
        topic: int = 0,
    ) -> list[Message]:
        """Send one file, or several as albums of up to ten; the caption is on the first.

        Raises:
            ControlError: no file, an empty one, or a photo that cannot be decoded.
        """
        self.user(user_id)
        if not files:
            raise ControlError("Choose at least one file.")
        content = checked_caption(caption)
        thread = self._topic(user_id, topic)
        media = [await _person_media(file, as_photo=as_photo) for file in files]
        user = self._writer(user_id)
        messages: list[Message] = []
        for start in range(0, len(media), ALBUM_LIMIT):
            album = media[start : start + ALBUM_LIMIT]
            head = {"media_group_id": new_media_group_id()} if len(album) > 1 else {}
            messages += [self._post_media(user, item, head | thread) for item in album]
        if content.text:
            self._caption(messages[0], content)
        for message in messages:
            self._emulator.events.publish("message", user_id, message=message.as_page())
            self._emulator.queue("message", message.as_api())
        return messages

    def _post_media(self, user: User, media: Media, head: Json) -> Message:
        shown = self._emulator.files.show(media)
        return self._emulator.post(
            user, shown, sender=user, media=media, head=head, announce=False
        )

    def _caption(self, message: Message, content: Formatted) -> None:
        message.body = {**message.body, **content.fields("caption", "caption_entities")}

    def press(self, user_id: int, message_id: int, data: str, *, forged: bool) -> Callback:
        """Press an inline button.

        Args:
            user_id: who presses.
            message_id: the message that carries the button.
            data: its callback_data.
            forged: let the press through though no such button is shown, as a modified client
                could; a message that is gone arrives as inaccessible.

        Raises:
            ControlError: 404 for a button that is not there.
        """
        user = self.user(user_id)
        message = self._emulator.message(user_id, message_id)
        if not forged and data not in _callback_data(message):
            raise ControlError("There is no such button.", status=404)
        self._writer(user_id)
        callback = Callback(
            id=str(random.getrandbits(62)),
            user_id=user_id,
            message_id=message_id,
            data=data,
            created_at=self._emulator.now(),
        )
        self._emulator.callbacks[callback.id] = callback
        shown: Json = {"chat": user.as_chat(), "message_id": message_id, "date": 0}
        if message is not None:
            shown = message.as_api()
        query = {
            "id": callback.id,
            "from": user.as_user(),
            "message": shown,
            "chat_instance": self._emulator.chat_instance,
            "data": data,
        }
        self._emulator.queue("callback_query", query)
        return callback

    def edit(self, user_id: int, message_id: int, text: str) -> Message:
        """Change the text of an own message, or the caption of an own photo or file.

        Raises:
            ControlError: 404 when it is not the person's own.
        """
        user = self.user(user_id)
        message = self._emulator.message(user_id, message_id)
        if message is None or message.from_bot or message.service:
            raise ControlError("There is no own message with this id to edit.", status=404)
        old = message.body
        if message.media is None:
            message.body = checked_text(text).fields("text", "entities")
        else:
            kept = {k: v for k, v in old.items() if k not in {"caption", "caption_entities"}}
            message.body = kept | checked_caption(text).fields("caption", "caption_entities")
        if message.body != old:
            self._emulator.touch(message)
            if not user.blocked:
                self._emulator.queue("edited_message", message.as_api())
        return message

    def set_blocked(self, user_id: int, *, blocked: bool) -> None:
        """Block or unblock the bot; it is told by my_chat_member."""
        user = self.user(user_id)
        if user.blocked == blocked:
            return
        user.blocked = blocked
        bot = self._emulator.bot_user
        member = {"user": bot, "status": "member"}
        kicked = {"user": bot, "status": "kicked", "until_date": 0}
        old, new = (member, kicked) if blocked else (kicked, member)
        if user.met:
            queue_member_update(self._emulator, user, user, old, new)
        self._emulator.events.publish("state")


# Messages that Telegram writes for a person, as bots get them in private chats.
SERVICE_MESSAGES: dict[str, Json] = {
    "chat_background_set": {"type": {"type": "chat_theme", "theme_name": "🐥"}},
    "message_auto_delete_timer_changed": {"message_auto_delete_time": 86400},
    "write_access_allowed": {"from_request": False},
}


def client_parts(text: str) -> list[str]:
    """Cut a long text as clients do: at the last break or space that fits 4096 characters."""
    parts = []
    text = text.strip()
    while len(text) > MAX_TEXT:
        places = (text.rfind(mark, 1, MAX_TEXT + 1) for mark in ("\n", " "))
        place = next((found for found in places if found > MAX_TEXT // 2), MAX_TEXT)
        parts.append(text[:place])
        text = text[place:].strip()
    return [*parts, text]


def checked_caption(text: str) -> Formatted:
    """A caption that a person may give, the empty one too.

    Raises:
        ControlError: it is too long.
    """
    content = plain_text(text)
    if len(content.text) > MAX_CAPTION:
        raise ControlError(f"A caption has at most {MAX_CAPTION} characters.")
    return content


def checked_text(text: str) -> Formatted:
    """A text that a person may send.

    Raises:
        ControlError: it is empty or too long.
    """
    content = plain_text(text)
    if not content.text:
        raise ControlError("Write something.")
    if len(content.text) > MAX_TEXT:
        raise ControlError(f"A message has at most {MAX_TEXT} characters.")
    return content


async def _person_media(file: ChosenFile, *, as_photo: bool) -> Media:
    if not file.data:
        raise ControlError(f"The file {file.filename} is empty.")
    try:
        return await person_media(file.data, file.filename, file.content_type, as_photo=as_photo)
    except PictureError:
        raise ControlError(
            f"{file.filename} cannot be decoded as a picture; send it as a file."
        ) from None


def buttons(message: Message | None) -> list[list[Json]]:
    """Rows of the inline keyboard under a message, empty when there is none."""
    keyboard = None if message is None else message.inline_keyboard
    return [] if keyboard is None else keyboard["inline_keyboard"]


def _callback_data(message: Message | None) -> set[str]:
    return {b["callback_data"] for row in buttons(message) for b in row if "callback_data" in b}
