"""Inline mode: people ask the bot in any chat, and the bot offers what they may send there."""

import random
import re

from aiohttp import web

from sandbox.telegram.call import Call
from sandbox.telegram.emulator import TelegramEmulator
from sandbox.telegram.errors import QUERY_TOO_OLD, ControlError, bad_request, not_imitated
from sandbox.telegram.files import MediaKind
from sandbox.telegram.forms import json_body, refusing, typed
from sandbox.telegram.model import InlineAsked, Json, User
from sandbox.telegram.people import People
from sandbox.telegram.updates import INLINE_LIFE_S

MAX_RESULTS = 50
MAX_OFFSET_BYTES = 64
MAX_ID_BYTES = 64
MAX_QUERY = 256
_START_PARAMETER = re.compile(r"[A-Za-z0-9_-]{1,64}")


def add_inline_control(app: web.Application, emulator: TelegramEmulator) -> None:
    """Mount the routes through which people ask the bot inline, and see what it offers."""
    people = People(emulator)

    async def asking(request: web.Request) -> web.Response:
        user_id = request.match_info["user"]
        user = people.user(int(user_id) if user_id.isdecimal() else 0)
        body = await json_body(request)
        query, offset = typed(body, "query", str, ""), typed(body, "offset", str, "")
        return web.json_response(ask(emulator, user, query, offset).as_json(), status=201)

    async def offered(request: web.Request) -> web.Response:
        asked = emulator.inline.get(request.match_info["id"])
        if asked is None:
            raise ControlError("There is no such inline query.", status=404)
        return web.json_response(asked.as_json())

    app.router.add_route("POST", "/sandbox/chats/{user}/inline", refusing(asking))
    app.router.add_route("GET", "/sandbox/inline/{id}", refusing(offered))


def ask(emulator: TelegramEmulator, user: User, query: str, offset: str) -> InlineAsked:
    """Let a person write the bot's name and some words into any chat.

    Raises:
        ControlError: 409 where inline mode is off, 400 where the words are too long.
    """
    if not emulator.scenario.inline:
        raise ControlError("Inline mode is off: set inline in the scenario.", status=409)
    if len(query) > MAX_QUERY:
        raise ControlError(f"An inline query has at most {MAX_QUERY} characters.")
    asked = InlineAsked(str(random.getrandbits(62)), user.id, emulator.now())
    emulator.inline[asked.id] = asked
    body = {"id": asked.id, "from": user.as_user(), "query": query, "offset": offset}
    emulator.queue("inline_query", {**body, "chat_type": "sender"})
    return asked


async def answer_inline_query(call: Call) -> bool:
    """Answer answerInlineQuery: with photos that Telegram has, and a button above them."""
    params = call.params
    asked = call.emulator.inline.get(params.required("inline_query_id"))
    if asked is None or call.emulator.now() - asked.created_at > INLINE_LIFE_S:
        raise bad_request(QUERY_TOO_OLD)
    next_offset = params.text("next_offset")
    if len(next_offset.encode()) > MAX_OFFSET_BYTES:
        raise bad_request("NEXT_OFFSET_INVALID")
    asked.answer = {
        "results": _results(call, _json(call, "results")),
        "cache_time": params.integer("cache_time", 300),
        "is_personal": params.flag("is_personal"),
        "next_offset": next_offset,
        "button": _button(_json(call, "button")),
    }
    return True


def _json(call: Call, name: str) -> object:
    try:
        return call.params.json(name)
    except ValueError:
        raise bad_request(f"can't parse {name}: expected JSON") from None


def _results(call: Call, given: object) -> list[Json]:
    if not isinstance(given, list):
        raise bad_request("can't parse inline query results: Expected an Array of results")
    if len(given) > MAX_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    return [_result(call, one) for one in given if _is_new(one, given)]


def _is_new(one: object, given: list[object]) -> bool:
    ids = [each.get("id") for each in given if isinstance(each, dict)]
    if isinstance(one, dict) and ids.count(one.get("id")) > 1:
        raise bad_request("RESULT_ID_DUPLICATE")
    return True


def _result(call: Call, one: object) -> Json:
    if not isinstance(one, dict) or one.get("type") != "photo" or "photo_file_id" not in one:
        raise not_imitated("inline results other than cached photos")
    if not 1 <= len(str(one.get("id", "")).encode()) <= MAX_ID_BYTES:
        raise bad_request("RESULT_ID_INVALID")
    call.emulator.files.reuse(str(one["photo_file_id"]), MediaKind.PHOTO)
    return one


def _button(given: object) -> Json | None:
    if given is None:
        return None
    if not isinstance(given, dict) or not given.get("text"):
        raise bad_request("can't parse InlineQueryResultsButton")
    if "web_app" in given:
        raise not_imitated("a Mini App above inline results")
    if not _START_PARAMETER.fullmatch(str(given.get("start_parameter", ""))):
        raise bad_request("START_PARAM_INVALID")
    return given
