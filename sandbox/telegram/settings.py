"""What the bot registers about itself: commands, names, menu buttons."""

import re
from dataclasses import dataclass, field
from typing import Any

from sandbox.telegram.errors import bad_request
from sandbox.telegram.files import Media

Json = dict[str, Any]

_MAX_COMMANDS = 100
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_WITH_CHAT = {"chat", "chat_administrators", "chat_member"}
_SCOPES = {
    "default",
    "all_private_chats",
    "all_group_chats",
    "all_chat_administrators",
} | _WITH_CHAT

# Longest values in characters (core.telegram.org/bots/api#setmyname and its neighbours).
PROFILE_LIMITS = {"name": 64, "description": 512, "short_description": 120}

ScopeKey = tuple[str, int, int]


def language(code: str) -> str:
    """Check a language_code parameter.

    Raises:
        ApiError: 400 unless it is empty or two lower-case letters.
    """
    if code and not re.fullmatch(r"[a-z]{2}", code):
        raise bad_request("Invalid language code specified")
    return code


def scope_key(value: object | None) -> ScopeKey:
    """Check a BotCommandScope.

    Returns:
        Its type, chat id and user id (0 where there is none).

    Raises:
        ApiError: 400 in the server's words.
    """
    if value is None:
        return ("default", 0, 0)
    if not isinstance(value, dict):
        raise bad_request("BotCommandScope must be an Object")
    kind = value.get("type")
    if kind not in _SCOPES:
        raise bad_request("Can't parse BotCommandScope: Unsupported type specified")
    if kind not in _WITH_CHAT:
        return (str(kind), 0, 0)
    chat_id = str(value.get("chat_id", ""))
    if not re.fullmatch(r"-?\d+", chat_id):
        raise bad_request("Chat not found" if chat_id else "Empty chat_id specified")
    user_id = str(value.get("user_id", "")) if kind == "chat_member" else "0"
    if not user_id.isdecimal():
        raise bad_request("Can't parse BotCommandScope: Invalid user_id specified")
    return (str(kind), int(chat_id), int(user_id))


def checked_commands(value: object | None) -> list[Json]:
    """Check the commands parameter.

    Raises:
        ApiError: 400 in the server's words.
    """
    if value is None:
        return []
    if not isinstance(value, list):
        raise bad_request("Expected an Array of BotCommand")
    if len(value) > _MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    return [_checked_command(command) for command in value]


def _checked_command(value: object) -> Json:
    if not isinstance(value, dict):
        raise bad_request("Can't parse BotCommand: expected an Object")
    for name in ("command", "description"):
        if not isinstance(value.get(name), str):
            raise bad_request(f"Can't parse BotCommand: Can't find field \"{name}\"")
    command = value["command"].strip().removeprefix("/")
    description = value["description"].strip()
    if not command:
        raise bad_request("Command must be non-empty")
    if len(command) > 32:
        raise bad_request("Command length must not exceed 32")
    if not description:
        raise bad_request("Command description must be non-empty")
    if len(description) > 256:
        raise bad_request("Command description length must not exceed 256")
    if not _COMMAND.fullmatch(command):
        raise bad_request("BOT_COMMAND_INVALID")
    return {"command": command, "description": description}


@dataclass
class BotSettings:
    """Commands by scope and language, profile texts by language, menu buttons by chat, a photo."""

    commands: dict[tuple[ScopeKey, str], list[Json]] = field(default_factory=dict)
    profile: dict[tuple[str, str], str] = field(default_factory=dict)
    menu_buttons: dict[int, Json] = field(default_factory=dict)
    photo: Media | None = None

    def commands_for(self, chat_id: int, language_code: str | None) -> list[Json]:
        """Commands that a person sees in a private chat.

        The narrowest scope wins, and in each scope the person's language before no language.
        """
        code = (language_code or "")[:2].lower()
        for scope in (("chat", chat_id, 0), ("all_private_chats", 0, 0), ("default", 0, 0)):
            for spoken in dict.fromkeys((code, "")):
                found = self.commands.get((scope, spoken))
                if found:
                    return found
        return []

    def menu_button_for(self, chat_id: int) -> Json:
        """The menu button that a person sees: their own, else everybody's, else the commands."""
        for owner in (chat_id, 0):
            button = self.menu_buttons.get(owner, {"type": "default"})
            if button["type"] != "default":
                return button
        return {"type": "commands"}

    def text(self, name: str, language_code: str) -> str:
        """A profile text in a language, else the one for all languages, else ""."""
        own = self.profile.get((name, language_code))
        return own or self.profile.get((name, ""), "")
