"""The `entities` parameter: entities that a bot gives itself.

The rules and words are those of telegram-bot-api (Client::get_text_entity).
"""

from typing import Any

from sandbox.telegram.dates import date_format
from sandbox.telegram.errors import ApiError, bad_request
from sandbox.telegram.json_text import read_json
from sandbox.telegram.links import checked_link

Json = dict[str, Any]

_PLAIN = {
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
    "code",
    "blockquote",
    "expandable_blockquote",
}
# The server finds these itself; given ones are left out.
_FOUND = {
    "mention",
    "hashtag",
    "cashtag",
    "bot_command",
    "url",
    "email",
    "phone_number",
    "bank_card_number",
}


def given_entities(raw: str) -> list[Json]:
    """Read the parameter; what is no JSON array counts as none.

    Raises:
        ApiError: 400 in the server's words.
    """
    try:
        value = read_json(raw) if raw else []
    except ValueError:
        return []
    if not isinstance(value, list):
        return []
    read = [_entity(item) for item in value]
    return [entity for entity in read if entity is not None]


def _refusal(reason: str) -> ApiError:
    return bad_request(f"Can't parse MessageEntity: {reason}")


def _field(item: Json, name: str, kind: type, word: str) -> Any:  # noqa: ANN401  (checked here)
    value = item.get(name)
    if value is None:
        raise _refusal(f'Can\'t find field "{name}"')
    if kind is int and isinstance(value, str):
        try:
            return int(value)
        except ValueError:
            raise _refusal(f'Field "{name}" must be a valid Number') from None
    if not isinstance(value, kind) or isinstance(value, bool):
        raise _refusal(f'Field "{name}" must be of type {word}')
    return value


def _entity(item: object) -> Json | None:
    if not isinstance(item, dict):
        raise _refusal("expected an Object")
    place: Json = {name: _field(item, name, int, "Number") for name in ("offset", "length")}
    kind = _field(item, "type", str, "String")
    if not kind:
        raise _refusal("Type is not specified")
    if kind in _FOUND:
        return None
    if kind in _PLAIN:
        return {**place, "type": kind}
    return _with_argument(item, kind, place)


def _with_argument(item: Json, kind: str, place: Json) -> Json | None:
    match kind:
        case "pre":
            language = item.get("language")
            return {**place, "type": kind, **({"language": language} if language else {})}
        case "text_link":
            url = checked_link(_field(item, "url", str, "String"))
            return None if url is None else {**place, "type": kind, "url": url}
        case "text_mention":
            user = _field(item, "user", dict, "Object")
            user_id = _field(user, "id", int, "Number")
            named = {"is_bot": False, "first_name": "User", **user, "id": user_id}
            return {**place, "type": kind, "user": named}
        case "custom_emoji":
            emoji = _field(item, "custom_emoji_id", int, "Number")
            return {**place, "type": kind, "custom_emoji_id": str(emoji)}
        case "date_time":
            return _date_time(item, place)
    raise _refusal("Unsupported type specified")


def _date_time(item: Json, place: Json) -> Json:
    unix = _field(item, "unix_time", int, "Number")
    shown = date_format(str(item.get("date_time_format") or ""))
    if shown is None:
        raise _refusal("Invalid date-time format specified")
    if unix <= 0:
        raise bad_request("Invalid date specified")
    return {**place, "type": "date_time", "unix_time": unix, "date_time_format": shown}
