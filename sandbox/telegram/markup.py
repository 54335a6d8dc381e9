"""reply_markup: which keyboards Telegram takes, and what it says about the others."""

from collections.abc import Callable
from typing import Any

from sandbox.telegram.errors import ApiError, bad_request
from sandbox.telegram.json_text import read_json
from sandbox.telegram.links import LinkError, normal_link, web_app_link
from sandbox.telegram.model import Json, Markup, MarkupKind

_MAX_INLINE_BUTTONS = 100
_MAX_IN_ROW = 12
_MAX_REPLY_BUTTONS = 300
_MAX_CALLBACK_BYTES = 64
_MAX_COPY_TEXT = 256
_STYLES = {"danger", "success", "primary"}


def parse_markup(raw: str, *, private: bool = True) -> Markup | None:
    """Read the reply_markup parameter.

    Args:
        raw: JSON text; empty means none.
        private: whether the chat is private (Web App buttons work only there).

    Returns:
        The checked keyboard; None when there is none (an empty inline keyboard is none too).

    Raises:
        ApiError: 400 in the server's words.
    """
    if not raw:
        return None
    try:
        value = read_json(raw)
    except ValueError:
        raise bad_request("Can't parse reply keyboard markup JSON object") from None
    if not isinstance(value, dict):
        raise bad_request("Object expected as reply markup")
    reply = _rows(value, "keyboard", 'Field "keyboard" must be an Array of Arrays')
    if reply:
        return Markup(MarkupKind.REPLY, {**value, "keyboard": _reply_rows(reply)})
    inline = _rows(
        value,
        "inline_keyboard",
        'Field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
    )
    rows = _inline_rows(inline, private=private)
    if rows:
        return Markup(MarkupKind.INLINE, {"inline_keyboard": rows})
    if value.get("remove_keyboard") is True or value.get("hide_keyboard") is True:
        return Markup(MarkupKind.REMOVE, {"remove_keyboard": True})
    if value.get("force_reply") is True:
        return Markup(MarkupKind.FORCE_REPLY, {**value, "force_reply": True})
    return None


def parse_inline(raw: str, *, private: bool = True) -> Markup | None:
    """`parse_markup` for edits, which take inline keyboards only.

    Raises:
        ApiError: 400 `inline keyboard expected` for any other kind.
    """
    markup = parse_markup(raw, private=private)
    if markup is not None and markup.kind is not MarkupKind.INLINE:
        raise bad_request("Inline keyboard expected")
    return markup


def check_pay(markup: Markup | None, *, invoice: bool) -> None:
    """Let Pay buttons be where they may: first under an invoice, and nowhere else.

    Raises:
        ApiError: 400 in the server's words.
    """
    if markup is None:
        return
    rows = markup.json.get("inline_keyboard", [])
    first, *others = [button for row in rows for button in row] or [{}]
    if invoice and "pay" not in first:
        raise bad_request("REPLY_MARKUP_BUY_EMPTY")
    if any("pay" in button for button in (others if invoice else [first, *others])):
        raise bad_request("BUTTON_TYPE_INVALID")


def _rows(value: Json, name: str, refusal: str) -> list[list[Any]]:
    rows = value.get(name)
    if rows is None:
        return []
    if not isinstance(rows, list):
        raise bad_request(f'Field "{name}" must be of type Array')
    if not all(isinstance(row, list) for row in rows):
        raise bad_request(refusal)
    return [row for row in rows if row]


def _reply_rows(rows: list[list[Any]]) -> list[list[Json]]:
    if sum(len(row) for row in rows) > _MAX_REPLY_BUTTONS:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    return [[_reply_button(button) for button in row] for row in rows]


def _reply_button(button: object) -> Json:
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, dict):
        raise _unparsed("keyboard button", "KeyboardButton must be a String or an Object")
    if not isinstance(button.get("text"), str):
        raise _unparsed("keyboard button", 'Can\'t find field "text"')
    if not button["text"].strip():
        raise bad_request("Keyboard button text must be non-empty")
    return button


def _inline_rows(rows: list[list[Any]], *, private: bool) -> list[list[Json]]:
    # A button without a text is dropped, and what is over twelve in a row, all silently
    # (tdlib, ReplyMarkup.cpp, get_reply_markup).
    parsed = [
        [button for button in map(_inline_button, row) if button["text"]][:_MAX_IN_ROW]
        for row in rows
    ]
    parsed = [row for row in parsed if row]
    if sum(len(row) for row in parsed) > _MAX_INLINE_BUTTONS:
        raise bad_request("reply markup is too long")
    if not private and any("web_app" in button for row in parsed for button in row):
        raise bad_request("BUTTON_TYPE_INVALID")
    return parsed


def _unparsed(what: str, reason: str) -> ApiError:
    return bad_request(f"Can't parse {what}: {reason}")


def _inline_button(button: object) -> Json:
    if not isinstance(button, dict):
        raise _unparsed("inline keyboard button", "InlineKeyboardButton must be an Object")
    text = button.get("text")
    if not isinstance(text, str):
        raise _unparsed("inline keyboard button", 'Can\'t find field "text"')
    result: Json = {"text": text}
    style = button.get("style") or "default"
    if style != "default":
        if style not in _STYLES:
            raise _unparsed("inline keyboard button", "invalid button style specified")
        result["style"] = style
    for name, check in _ACTIONS.items():
        if _is_given(button, name):
            # What is dropped for its empty text is never looked into.
            result[name] = check(button[name]) if text else button[name]
            break
    else:
        raise _unparsed(
            "inline keyboard button", "Text buttons are unallowed in the inline keyboard"
        )
    if text and not text.strip():
        raise bad_request("Inline keyboard button text must be non-empty")
    return result


def _is_given(button: Json, name: str) -> bool:
    # An empty url or callback_data counts as none; an empty inline query is a query.
    return button.get(name) is not None and (button[name] != "" or name.startswith("switch_"))


def _url(value: object) -> str:
    try:
        return normal_link(str(value))
    except LinkError as error:
        raise bad_request(f"Inline keyboard button URL '{value}' is invalid: {error}") from None


def _callback_data(value: object) -> str:
    data = str(value)
    if not 1 <= len(data.encode()) <= _MAX_CALLBACK_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    return data


def _copy_text(value: object) -> Json:
    text = value.get("text") if isinstance(value, dict) else None
    if not isinstance(text, str):
        raise _unparsed("inline keyboard button", 'Can\'t find field "text"')
    if not 1 <= len(text) <= _MAX_COPY_TEXT:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    return {"text": text}


def _web_app(value: object) -> Json:
    url = value.get("url") if isinstance(value, dict) else None
    if not isinstance(url, str):
        raise _unparsed("inline keyboard button", 'Can\'t find field "url"')
    try:
        return {"url": web_app_link(url)}
    except LinkError as error:
        raise bad_request(
            f"Inline keyboard button Web App URL '{url}' is invalid: {error}"
        ) from None


def _pay(_: object) -> bool:
    return True


def _as_is(value: object) -> object:
    return value


def _not_imitated(value: object) -> object:
    raise bad_request(f"The sandbox does not imitate this kind of inline button: {value!r}")


_ACTIONS: dict[str, Callable[[object], object]] = {
    "url": _url,
    "callback_data": _callback_data,
    "callback_game": _not_imitated,
    "pay": _pay,
    "switch_inline_query": _as_is,
    "switch_inline_query_chosen_chat": _as_is,
    "switch_inline_query_current_chat": _as_is,
    "login_url": _not_imitated,
    "web_app": _web_app,
    "copy_text": _copy_text,
}
