"""The control plane of groups."""

from aiohttp import web

from sandbox.telegram.emulator import FIRST_USER_ID, TelegramEmulator
from sandbox.telegram.errors import ControlError
from sandbox.telegram.forms import json_body, refusing, typed
from sandbox.telegram.groups import Groups
from sandbox.telegram.model import BotIs, Message
from sandbox.telegram.people import People


def add_group_control(app: web.Application, emulator: TelegramEmulator) -> None:
    """Mount the routes under `/sandbox/groups`."""
    control = _Control(emulator)
    for method, path, handler in (
        ("POST", "/sandbox/groups", control.create),
        ("POST", "/sandbox/groups/{chat_id}/text", control.text),
        ("POST", "/sandbox/groups/{chat_id}/members", control.join),
        ("PUT", "/sandbox/groups/{chat_id}/bot", control.set_bot),
        ("POST", "/sandbox/groups/{chat_id}/upgrade", control.upgrade),
        ("GET", "/sandbox/groups/{chat_id}/messages", control.messages),
    ):
        app.router.add_route(method, path, refusing(handler))


def _chat_id(request: web.Request) -> int:
    try:
        return int(request.match_info["chat_id"])
    except ValueError:
        raise ControlError(
            f"{request.match_info['chat_id']!r} is no number.", status=404
        ) from None


class _Control:
    def __init__(self, emulator: TelegramEmulator) -> None:
        self._emulator = emulator
        self._groups = Groups(emulator, People(emulator))

    async def create(self, request: web.Request) -> web.Response:
        body = await json_body(request)
        kind = typed(body, "type", str, "supergroup")
        if kind not in {"group", "supergroup"}:
            raise ControlError("type is group or supergroup.")
        group = self._groups.make(
            typed(body, "title", str),
            typed(body, "user", int, FIRST_USER_ID),
            is_super=kind == "supergroup",
        )
        return web.json_response(group.as_chat(), status=201)

    async def text(self, request: web.Request) -> web.Response:
        body = await json_body(request)
        reply_to = typed(body, "reply_to", int) if body.get("reply_to") is not None else None
        message = self._groups.write(
            _chat_id(request),
            typed(body, "user", int, FIRST_USER_ID),
            typed(body, "text", str),
            reply_to,
        )
        return _listed([message])

    async def join(self, request: web.Request) -> web.Response:
        body = await json_body(request)
        self._groups.join(_chat_id(request), typed(body, "user", int))
        return web.json_response({"ok": True})

    async def set_bot(self, request: web.Request) -> web.Response:
        body = await json_body(request)
        user_id = typed(body, "user", int, FIRST_USER_ID)
        try:
            bot_is = BotIs(typed(body, "is", str))
        except ValueError:
            raise ControlError(f"is is one of {', '.join(BotIs)}.") from None
        self._groups.set_bot(_chat_id(request), user_id, bot_is)
        return web.json_response({"is": bot_is})

    async def upgrade(self, request: web.Request) -> web.Response:
        body = await json_body(request)
        group = self._groups.upgrade(_chat_id(request), typed(body, "user", int, FIRST_USER_ID))
        return web.json_response(group.as_chat(), status=201)

    async def messages(self, request: web.Request) -> web.Response:
        group = self._groups.group(_chat_id(request))
        return _listed(self._emulator.messages(group.id))


def _listed(messages: list[Message]) -> web.Response:
    return web.json_response({"messages": [message.as_page() for message in messages]})
