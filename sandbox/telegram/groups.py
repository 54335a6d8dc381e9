"""Groups: what people write there, and what of it the bot gets."""

from sandbox.telegram.emulator import TelegramEmulator
from sandbox.telegram.errors import ControlError
from sandbox.telegram.model import BotIs, Group, Json, Message, User
from sandbox.telegram.people import People, checked_text, queue_member_update
from sandbox.telegram.text import Formatted


class Groups:
    """Acts of pretended people in groups."""

    def __init__(self, emulator: TelegramEmulator, people: People) -> None:
        self._emulator = emulator
        self._people = people

    def group(self, chat_id: int) -> Group:
        """The group of an id.

        Raises:
            ControlError: 404 when there is none.
        """
        group = self._emulator.groups.get(chat_id)
        if group is None:
            raise ControlError(f"There is no group {chat_id}.", status=404)
        return group

    def make(self, title: str, user_id: int, *, is_super: bool = True) -> Group:
        """Make a group with one person, who adds the bot to it.

        Raises:
            ControlError: the title is empty.
        """
        if not title.strip():
            raise ControlError("A group needs a title.")
        user = self._people.user(user_id)
        group = self._emulator.add_group(title.strip(), is_super=is_super)
        group.members.add(user.id)
        user.met = True
        self._tell_bot(group, user, "left", "member")
        self._serve(group, user, {"new_chat_members": [self._emulator.bot_user]})
        return group

    def join(self, chat_id: int, user_id: int) -> None:
        """Let a person join; the bot gets the message about it.

        Raises:
            ControlError: 404 for an unknown group or user.
        """
        group, user = self.group(chat_id), self._people.user(user_id)
        if user.id not in group.members:
            group.members.add(user.id)
            self._serve(group, user, {"new_chat_members": [user.as_user()]})

    def set_bot(self, chat_id: int, user_id: int, bot_is: BotIs) -> None:
        """Kick the bot, mute it, or let it be a member as before; it is told of that.

        Raises:
            ControlError: 404 for an unknown group; 409 for a person who is not in it.
        """
        group = self.group(chat_id)
        user = self._member(group, user_id)
        statuses = {BotIs.MUTED: "restricted"}
        old, new = (statuses.get(one, one.value) for one in (group.bot_is, bot_is))
        group.bot_is = bot_is
        self._tell_bot(group, user, old, new)

    def upgrade(self, chat_id: int, user_id: int) -> Group:
        """Make a group a supergroup: another chat, in which the bot and the people are.

        Raises:
            ControlError: 404 for an unknown group; 409 where it is one, or for a stranger.
        """
        old = self.group(chat_id)
        user = self._member(old, user_id)
        if old.is_super or old.upgraded_to is not None:
            raise ControlError("This group is a supergroup already.", status=409)
        new = self._emulator.add_group(old.title)
        new.members, new.bot_is, old.upgraded_to = set(old.members), old.bot_is, new.id
        self._serve(old, user, {"migrate_to_chat_id": new.id})
        self._serve(new, user, {"migrate_from_chat_id": old.id})
        return new

    def write(self, chat_id: int, user_id: int, text: str, reply_to: int | None = None) -> Message:
        """Write into a group; the bot gets it where privacy mode lets it.

        Raises:
            ControlError: 404 for an unknown group or user; 409 for a person who is not in it.
        """
        group = self.group(chat_id)
        user = self._member(group, user_id)
        content = checked_text(text)
        if group.upgraded_to is not None:
            raise ControlError("This group is a supergroup by now.", status=409)
        user.met = True
        answered = self._emulator.message(chat_id, reply_to) if reply_to else None
        is_meant = self._is_meant(group, content, answered)
        body = content.fields("text", "entities")
        message = self._emulator.post(group, body, sender=user, reply_to=answered)
        if is_meant:
            group.meant.add(message.message_id)
        if group.bot_is is not BotIs.KICKED and (is_meant or not self._emulator.scenario.privacy):
            self._emulator.queue("message", message.as_api())
        return message

    def _member(self, group: Group, user_id: int) -> User:
        user = self._people.user(user_id)
        if user.id not in group.members:
            raise ControlError("This user is not in the group: join it first.", status=409)
        return user

    def _is_meant(self, group: Group, content: Formatted, answered: Message | None) -> bool:
        """Whether a message is for the bot by the rules of privacy mode.

        These are the ones that https://core.telegram.org/bots/features#privacy-mode lists, and
        mentions are not among them, though @BotFather speaks of these at /setprivacy.
        """
        if answered is not None and (answered.from_bot or answered.message_id in group.meant):
            return True
        for entity in content.entities:
            if entity["type"] == "bot_command" and entity["offset"] == 0:
                _, _, name = content.text[: entity["length"]].partition("@")
                if name:
                    return name.lower() == self._emulator.config.username.lower()
                # The sandbox has no other bots.
                return any(one.from_bot for one in self._emulator.messages(group.id))
        return False

    def _serve(self, group: Group, user: User, body: Json) -> None:
        message = self._emulator.post(group, body, sender=user, service=True)
        if group.bot_is is not BotIs.KICKED:
            self._emulator.queue("message", message.as_api())

    def _tell_bot(self, group: Group, user: User, old: str, new: str) -> None:
        bot = self._emulator.bot_user
        more: Json = {"until_date": 0} if new == "kicked" else {}
        queue_member_update(
            self._emulator,
            user,
            group,
            {"user": bot, "status": old},
            {"user": bot, "status": new, **more},
        )
