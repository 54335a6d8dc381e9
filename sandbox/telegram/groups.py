"""Groups, so that the bot can say that it works in private chats only."""

from sandbox.telegram.emulator import TelegramEmulator
from sandbox.telegram.errors import ControlError
from sandbox.telegram.model import Group, Message
from sandbox.telegram.people import People, checked_text, queue_member_update
from sandbox.telegram.text import Formatted


class Groups:
    """Acts of pretended people in supergroups."""

    def __init__(self, emulator: TelegramEmulator, people: People) -> None:
        self._emulator = emulator
        self._people = people

    def make(self, title: str, user_id: int) -> Group:
        """Make a supergroup and add the bot to it.

        Raises:
            ControlError: the title is empty.
        """
        if not title.strip():
            raise ControlError("A group needs a title.")
        user = self._people.user(user_id)
        user.met = True
        group = self._emulator.add_group(title.strip())
        bot = self._emulator.bot_user
        left = {"user": bot, "status": "left"}
        member = {"user": bot, "status": "member"}
        queue_member_update(self._emulator, user, group, left, member)
        body = {"new_chat_members": [bot]}
        message = self._emulator.post(group, body, sender=user, service=True)
        self._emulator.queue("message", message.as_api())
        return group

    def write(self, chat_id: int, user_id: int, text: str, reply_to: int | None = None) -> Message:
        """Write into a group. Privacy mode: the bot gets commands and replies to itself only.

        Raises:
            ControlError: 404 for an unknown group or user.
        """
        group = self._emulator.groups.get(chat_id)
        if group is None:
            raise ControlError(f"There is no group {chat_id}.", status=404)
        user = self._people.user(user_id)
        content = checked_text(text)
        user.met = True
        answered = self._emulator.message(chat_id, reply_to) if reply_to else None
        body = content.fields("text", "entities")
        message = self._emulator.post(group, body, sender=user, reply_to=answered)
        to_bot = answered is not None and answered.from_bot
        if to_bot or self._is_for_bot(content):
            self._emulator.queue("message", message.as_api())
        return message

    def _is_for_bot(self, content: Formatted) -> bool:
        for entity in content.entities:
            if entity["type"] == "bot_command" and entity["offset"] == 0:
                _, _, name = content.text[: entity["length"]].partition("@")
                return name.lower() in {"", self._emulator.config.username.lower()}
        return False
