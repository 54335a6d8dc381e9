"""The control plane that belongs to no single service: state, events, calls, faults, the bot."""

import json
from collections.abc import AsyncIterator

from aiohttp import web

from sandbox.events import Event
from sandbox.faults import FaultError, Service
from sandbox.state import Sandbox
from sandbox.telegram.control import user_json
from sandbox.telegram.errors import ControlError
from sandbox.telegram.forms import json_body, query_number, refusing, typed


def add_common_control(app: web.Application, sandbox: Sandbox) -> None:
    """Mount the routes under `/sandbox/`."""
    control = _Control(sandbox)
    for method, path, handler in (
        ("GET", "/sandbox/state", control.state),
        ("GET", "/sandbox/events", control.events),
        ("GET", "/sandbox/calls", control.calls),
        ("POST", "/sandbox/faults", control.add_fault),
        ("DELETE", "/sandbox/faults", control.remove_faults),
        ("DELETE", "/sandbox/faults/{id}", control.remove_faults),
        ("POST", "/sandbox/bot", control.steer_bot),
        ("POST", "/sandbox/reset", control.reset),
    ):
        app.router.add_route(method, path, refusing(handler))


class _Control:
    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def state(self, _: web.Request) -> web.Response:
        telegram = self._sandbox.telegram
        clock = self._sandbox.fal.clock
        return web.json_response(
            {
                "bot": {k: v for k, v in telegram.bot_user.items() if k != "is_bot"},
                "users": [user_json(user) for user in telegram.users.values()],
                "groups": [group.as_chat() for group in telegram.groups.values()],
                "clock": {"mode": clock.mode, "value": clock.value},
                "faults": self._sandbox.wire.faults.listed(),
                "bot_running": self._sandbox.bot_running,
                "bot_ready": self._sandbox.bot_ready,
                "follow_browser": telegram.config.language is None,
                "topics": telegram.scenario.topics,
                "pending_updates": telegram.updates.pending,
                "seq": self._sandbox.events.last,
            }
        )

    async def events(self, request: web.Request) -> web.StreamResponse:
        after = query_number(request, "after")
        seen = request.headers.get("Last-Event-ID", "")
        if seen.isdecimal():
            after = int(seen)
        if after is None:
            # What happens while the answer's head is on its way belongs to the stream.
            after = self._sandbox.events.last
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"}
        )
        stream = self._sandbox.events.follow(after, query_number(request, "user"))
        await response.prepare(request)
        await _pump(stream, response)
        return response

    async def calls(self, request: web.Request) -> web.Response:
        try:
            name = request.query.get("service")
            service = None if name is None else Service(name)
        except ValueError:
            raise ControlError("service is telegram or fal.") from None
        after, match = query_number(request, "after") or 0, request.query.get("match", "")
        found = self._sandbox.wire.journal.after(after, service, match)
        return web.json_response({"calls": [call.as_json() for call in found]})

    async def add_fault(self, request: web.Request) -> web.Response:
        try:
            fault = self._sandbox.wire.faults.add(await json_body(request))
        except FaultError as error:
            raise ControlError(str(error)) from None
        self._sandbox.events.publish("state")
        return web.json_response({"id": fault.id}, status=201)

    async def remove_faults(self, request: web.Request) -> web.Response:
        raw = request.match_info.get("id")
        if raw is not None and not raw.isdecimal():
            raise ControlError("There is no such fault.", status=404)
        removed = self._sandbox.wire.faults.remove(None if raw is None else int(raw))
        self._sandbox.events.publish("state")
        return web.json_response({"removed": removed})

    async def steer_bot(self, request: web.Request) -> web.Response:
        bot = self._sandbox.bot
        if bot is None:
            raise ControlError("This sandbox runs no bot (start it with --bot).", status=409)
        actions = {"kill": bot.kill, "start": bot.start, "stop": bot.stop}
        action = typed(await json_body(request), "action", str)
        if action not in actions:
            raise ControlError("action is kill, start or stop.")
        await actions[action]()
        return web.json_response({"bot_running": bot.running})

    async def reset(self, _: web.Request) -> web.Response:
        self._sandbox.wire.faults.remove()
        self._sandbox.wire.journal.clear()
        await self._sandbox.fal.reset()
        self._sandbox.telegram.reset()
        return web.json_response({})


async def _pump(stream: AsyncIterator[Event | None], response: web.StreamResponse) -> None:
    """Write events until the reader leaves or the server stops."""
    try:
        await response.write(b": connected\n\n")
        async for event in stream:
            if event is None:
                await response.write(b": ping\n\n")
                continue
            data = json.dumps(event, ensure_ascii=False)
            await response.write(f"id: {event['seq']}\ndata: {data}\n\n".encode())
    except ConnectionError:
        return
