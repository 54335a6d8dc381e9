"""The control plane of the chats: HTTP routes through which a page or a test acts as people."""

import asyncio

from aiohttp import web
from pydantic import ValidationError

from sandbox.portraits import draw_portraits
from sandbox.telegram.emulator import TelegramEmulator
from sandbox.telegram.errors import ControlError
from sandbox.telegram.forms import (
    attachment,
    json_body,
    query_number,
    read_form,
    refusing,
    shown_type,
    typed,
)
from sandbox.telegram.group_control import add_group_control
from sandbox.telegram.model import Json, Message, User
from sandbox.telegram.people import ChosenFile, People, buttons
from sandbox.telegram.scenario import TelegramScenario
from sandbox.telegram.stars.due import settle_due
from sandbox.telegram.webhook import DEFAULT_CONNECTIONS, Webhook

_MAX_SAMPLES = 50
MAX_STARS = 10_000_000


def add_telegram_control(app: web.Application, emulator: TelegramEmulator) -> None:
    """Mount the routes under `/sandbox/` that belong to chats, people and files."""
    control = _Control(emulator)
    add = app.router.add_route
    for method, path, handler in (
        ("POST", "/sandbox/users", control.create_user),
        ("PATCH", "/sandbox/users/{id}", control.change_user),
        ("POST", "/sandbox/chats/{user}/text", control.text),
        ("POST", "/sandbox/chats/{user}/media", control.media),
        ("POST", "/sandbox/chats/{user}/sample", control.sample),
        ("POST", "/sandbox/chats/{user}/click", control.click),
        ("POST", "/sandbox/chats/{user}/edit", control.edit),
        ("POST", "/sandbox/chats/{user}/topics", control.topic),
        ("POST", "/sandbox/chats/{user}/service", control.service),
        ("POST", "/sandbox/chats/{user}/reaction", control.reaction),
        ("GET", "/sandbox/chats/{user}/messages", control.messages),
        ("GET", "/sandbox/chats/{user}/commands", control.commands),
        ("GET", "/sandbox/callbacks/{id}", control.callback),
        ("GET", "/sandbox/files/{file_id}", control.file),
        ("POST", "/sandbox/time", control.advance),
        ("POST", "/sandbox/webhook", control.webhook),
        ("GET", "/sandbox/telegram/scenario", control.show_scenario),
        ("PUT", "/sandbox/telegram/scenario", control.change_scenario),
        ("DELETE", "/sandbox/telegram/scenario", control.clear_scenario),
    ):
        add(method, path, refusing(handler))
    add_group_control(app, emulator)


def user_json(user: User) -> Json:
    """A person as the control plane shows them."""
    return {
        "id": user.id,
        "first_name": user.first_name,
        "username": user.username,
        "language_code": user.language_code,
        "blocked": user.blocked,
        "stars": user.stars,
    }


def _listed(messages: list[Message], **more: object) -> web.Response:
    return web.json_response({"messages": [message.as_page() for message in messages], **more})


def _number(request: web.Request, name: str) -> int:
    try:
        return int(request.match_info[name])
    except ValueError:
        raise ControlError(f"{request.match_info[name]!r} is no number.", status=404) from None


class _Control:
    def __init__(self, emulator: TelegramEmulator) -> None:
        self._emulator = emulator
        self._people = People(emulator)

    async def create_user(self, request: web.Request) -> web.Response:
        body = await json_body(request)
        user = User(
            id=typed(body, "id", int, self._emulator.free_user_id()),
            first_name=typed(body, "first_name", str),
            username=typed(body, "username", str, "") or None,
            language_code=typed(body, "language_code", str, "en") or None,
        )
        self._emulator.add_user(user)
        return web.json_response(user_json(user), status=201)

    async def change_user(self, request: web.Request) -> web.Response:
        user = self._people.user(_number(request, "id"))
        body = await json_body(request)
        if "language_code" in body:
            user.language_code = typed(body, "language_code", str, "") or None
            self._emulator.events.publish("state")
        if "blocked" in body:
            self._people.set_blocked(user.id, blocked=typed(body, "blocked", bool))
        if "stars" in body:
            self._set_stars(user, typed(body, "stars", int))
        return web.json_response(user_json(user))

    def _set_stars(self, user: User, stars: int) -> None:
        if not 0 <= stars <= MAX_STARS:
            raise ControlError(f"stars is 0 to {MAX_STARS}.")
        user.stars = stars
        self._emulator.events.publish("state")

    async def text(self, request: web.Request) -> web.Response:
        body = await json_body(request)
        reply_to = typed(body, "reply_to", int) if body.get("reply_to") is not None else None
        user, topic = _number(request, "user"), typed(body, "topic", int, 0)
        return _listed(self._people.write(user, typed(body, "text", str), reply_to, topic))

    async def edit(self, request: web.Request) -> web.Response:
        body = await json_body(request)
        message = self._people.edit(
            _number(request, "user"), typed(body, "message_id", int), typed(body, "text", str)
        )
        return _listed([message])

    async def topic(self, request: web.Request) -> web.Response:
        body = await json_body(request)
        message = self._people.open_topic(_number(request, "user"), typed(body, "name", str))
        return web.json_response({"topic": message.message_id}, status=201)

    async def service(self, request: web.Request) -> web.Response:
        body = await json_body(request)
        return _listed([self._people.service(_number(request, "user"), typed(body, "kind", str))])

    async def reaction(self, request: web.Request) -> web.Response:
        body = await json_body(request)
        user, message_id = _number(request, "user"), typed(body, "message_id", int)
        self._people.react(user, message_id, typed(body, "emoji", str, ""))
        return web.json_response({"ok": True})

    async def media(self, request: web.Request) -> web.Response:
        user = self._people.user(_number(request, "user"))
        if request.content_type != "multipart/form-data":
            raise ControlError("Files come as multipart/form-data.")
        fields, files = await read_form(request)
        kind = fields.get("as", "photo")
        if kind not in {"photo", "document"}:
            raise ControlError('The field "as" is photo or document.')
        topic = fields.get("topic", "0")
        sent = await self._people.send_files(
            user.id,
            files,
            as_photo=kind == "photo",
            caption=fields.get("caption", ""),
            topic=int(topic) if topic.isdecimal() else 0,
        )
        return _listed(sent)

    async def sample(self, request: web.Request) -> web.Response:
        user = self._people.user(_number(request, "user"))
        body = await json_body(request)
        count = typed(body, "count", int, 10)
        character = typed(body, "character", int, 0)
        if not 1 <= count <= _MAX_SAMPLES:
            raise ControlError(f"count is 1 to {_MAX_SAMPLES}.")
        if character not in {0, 1, 2}:
            raise ControlError("character is 0, 1 or 2.")
        kind = typed(body, "as", str, "photo")
        if kind not in {"photo", "document"}:
            raise ControlError('The field "as" is photo or document.')
        drawn = await asyncio.to_thread(draw_portraits, character, count)
        files = [
            ChosenFile(f"portrait_{n:02}.jpg", "image/jpeg", data)
            for n, data in enumerate(drawn, start=1)
        ]
        topic = typed(body, "topic", int, 0)
        as_photo = kind == "photo"
        return _listed(
            await self._people.send_files(user.id, files, as_photo=as_photo, topic=topic)
        )

    async def click(self, request: web.Request) -> web.Response:
        user = self._people.user(_number(request, "user"))
        body = await json_body(request)
        message_id = typed(body, "message_id", int)
        forged = typed(body, "forged", bool, default=False)
        data = body.get("data")
        if data is None:
            data = _pressed(buttons(self._emulator.message(user.id, message_id)), body)
        if not isinstance(data, str):
            raise ControlError("The field data must be of type str.")
        callback = self._people.press(user.id, message_id, data, forged=forged)
        return web.json_response({"callback_query_id": callback.id})

    async def messages(self, request: web.Request) -> web.Response:
        user = self._people.user(_number(request, "user"))
        after = query_number(request, "after")
        if after is not None:
            await self._emulator.events.wait(user.id, after)
        return _listed(self._emulator.messages(user.id), seq=self._emulator.events.last)

    async def commands(self, request: web.Request) -> web.Response:
        user = self._people.user(_number(request, "user"))
        commands = self._emulator.settings.commands_for(user.id, user.language_code)
        button = self._emulator.settings.menu_button_for(user.id)
        return web.json_response({"commands": commands, "menu_button": button})

    async def callback(self, request: web.Request) -> web.Response:
        callback = self._emulator.callbacks.get(request.match_info["id"])
        if callback is None:
            raise ControlError("There is no such callback.", status=404)
        return web.json_response(callback.as_json())

    async def file(self, request: web.Request) -> web.Response:
        found = self._emulator.files.find(request.match_info["file_id"])
        if found is None:
            raise ControlError("There is no such file.", status=404)
        file, _ = found
        response = web.Response(body=file.data, content_type=shown_type(file.mime))
        # Bytes that a stranger sent must never run as a page of this origin.
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
        response.headers["Cache-Control"] = "private, max-age=3600"
        name = request.query.get("download")
        if name is not None:
            response.headers["Content-Disposition"] = attachment(name)
        return response

    async def advance(self, request: web.Request) -> web.Response:
        body = await json_body(request)
        seconds = typed(body, "advance_s", (int, float))  # type: ignore[arg-type]
        if seconds < 0:
            raise ControlError("Time only goes forward.")
        self._emulator.advance(seconds)
        settle_due(self._emulator)
        return web.json_response({"now": self._emulator.now()})

    async def webhook(self, request: web.Request) -> web.Response:
        body = await json_body(request)
        url = typed(body, "url", str)
        connections = DEFAULT_CONNECTIONS if url else 0
        webhook = Webhook(url, max_connections=connections, pretended=bool(url))
        self._emulator.updates.set_webhook(webhook)
        return web.json_response({"url": url})

    async def show_scenario(self, _: web.Request) -> web.Response:
        return web.json_response(self._emulator.scenario.model_dump(mode="json"))

    async def change_scenario(self, request: web.Request) -> web.Response:
        try:
            given = TelegramScenario.model_validate(await json_body(request))
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"]) or "body"
            raise ControlError(f"{place}: {first['msg']}", status=422) from None
        named = {name: getattr(given, name) for name in given.model_fields_set}
        self._emulator.scenario = self._emulator.scenario.model_copy(update=named)
        self._emulator.events.publish("state")
        return await self.show_scenario(request)

    async def clear_scenario(self, request: web.Request) -> web.Response:
        self._emulator.scenario = TelegramScenario()
        self._emulator.events.publish("state")
        return await self.show_scenario(request)


def _pressed(rows: list[list[Json]], body: Json) -> str:
    """callback_data of the button that a click names by text or by place."""
    if "text" in body:
        found = [button for row in rows for button in row if button["text"] == body["text"]]
    else:
        row, column = typed(body, "row", int), typed(body, "column", int)
        found = rows[row][column : column + 1] if 0 <= row < len(rows) and column >= 0 else []
    if not found:
        raise ControlError("There is no such button.", status=404)
    if "callback_data" not in found[0]:
        raise ControlError("This button works inside the client: it tells the bot nothing.")
    return str(found[0]["callback_data"])
