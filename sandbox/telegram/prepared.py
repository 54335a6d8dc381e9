"""Messages that a bot prepares for a person, who sends them from its Mini App into a chat."""

import secrets

from aiohttp import web

from sandbox.telegram.call import Call
from sandbox.telegram.emulator import TelegramEmulator
from sandbox.telegram.errors import ControlError, bad_request, not_imitated
from sandbox.telegram.files import MediaKind
from sandbox.telegram.forms import json_body, refusing, typed
from sandbox.telegram.model import Json, Prepared, User
from sandbox.telegram.people import People

LIFE_S = 24 * 3600
"""Made up: Telegram says when a message expires, and nowhere for how long it is kept."""

MAX_ID_BYTES = 64
_CHATS = {
    "allow_user_chats": "user",
    "allow_bot_chats": "bot",
    "allow_group_chats": "group",
    "allow_channel_chats": "channel",
}
_FILES = {"photo": MediaKind.PHOTO, "document": MediaKind.DOCUMENT}


def add_prepared_control(app: web.Application, emulator: TelegramEmulator) -> None:
    """Mount the routes by which people see and send what was prepared for them."""
    people = People(emulator)

    def found(request: web.Request) -> Prepared:
        user_id = request.match_info["user"]
        user = people.user(int(user_id) if user_id.isdecimal() else 0)
        prepared = emulator.prepared.get(request.match_info["id"])
        if prepared is None or prepared.user_id != user.id:
            raise ControlError("There is no such prepared message.", status=404)
        if prepared.expires_at < emulator.now():
            raise ControlError("The prepared message has expired.", status=410)
        return prepared

    async def show(request: web.Request) -> web.Response:
        return web.json_response(found(request).as_json())

    async def share(request: web.Request) -> web.Response:
        prepared = found(request)
        prepared.shared_with.append(typed(await json_body(request), "with", str))
        emulator.events.publish("shared", prepared.user_id, **prepared.as_json())
        return web.json_response(prepared.as_json(), status=201)

    path = "/sandbox/chats/{user}/prepared/{id}"
    app.router.add_route("GET", path, refusing(show))
    app.router.add_route("POST", path, refusing(share))


async def save_prepared_inline_message(call: Call) -> Json:
    """Answer savePreparedInlineMessage: with a photo or a file that Telegram has."""
    user = call.emulator.peer(call.params.integer_id("user_id"))
    if not isinstance(user, User) or not user.met:
        raise bad_request("USER_ID_INVALID")
    result = _result(call)
    chats = [kind for name, kind in _CHATS.items() if call.params.flag(name)]
    if not chats:
        # tdlib, TargetDialogTypes::get_target_dialog_types
        raise bad_request("At least one chat type must be allowed")
    expires_at = call.emulator.now() + LIFE_S
    prepared = Prepared(secrets.token_urlsafe(12), user.id, result, chats, expires_at)
    call.emulator.prepared[prepared.id] = prepared
    return {"id": prepared.id, "expiration_date": int(expires_at)}


def _result(call: Call) -> Json:
    one = call.json("result", "Can't parse inline query result")
    if not isinstance(one, dict):
        raise bad_request("Can't parse inline query result: expected an Object")
    kind = str(one.get("type", ""))
    file_id = one.get(f"{kind}_file_id")
    if kind not in _FILES or not isinstance(file_id, str):
        raise not_imitated("prepared messages other than photos and files that Telegram has")
    if kind == "document" and not one.get("title"):
        raise bad_request("Can't parse inline query result: Can't find field \"title\"")
    if not 1 <= len(str(one.get("id", "")).encode()) <= MAX_ID_BYTES:
        raise bad_request("RESULT_ID_INVALID")
    call.emulator.files.reuse(file_id, _FILES[kind])
    return one
