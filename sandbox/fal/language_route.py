"""The language model over HTTP: `POST {prefix}/run/openrouter/router`."""

import asyncio
import json

from aiohttp import web
from pydantic import ValidationError

from sandbox.fal.emulator import FalEmulator
from sandbox.fal.failures import schema_error
from sandbox.fal.language_model import SLOW_S, USD, ModelMood, RouterInput, result_of
from sandbox.fal.web import failure_reply, read_body, reply

ROUTER = "openrouter/router"

LOOK_S = 0.2
"""So often a slow answer looks whether it may be quick again."""


class LanguageRoute:
    """Answers questions."""

    def __init__(self, emulator: FalEmulator) -> None:
        self._emulator = emulator

    async def answer(self, request: web.Request) -> web.Response:
        """Answer a question; the key was looked at before."""
        mood = self._emulator.scenario.language_model
        if mood is ModelMood.MISSING:
            return reply({"detail": f"Application '{ROUTER}' not found"}, 404)
        try:
            given = RouterInput.model_validate(json.loads(await read_body(request)))
        except ValidationError as error:
            return failure_reply(schema_error(error))
        except (ValueError, RecursionError):
            detail = {"type": "json_invalid", "loc": ["body", 0], "msg": "JSON decode error"}
            return reply({"detail": [detail]}, 422)
        if mood is ModelMood.SLOW:
            await self._dawdle()
        asked = self._emulator.ask(given)
        headers = {"X-Fal-Billable-Units": f"{USD:g}"}
        return reply(result_of(asked.output), request_id=asked.request_id, headers=headers)

    async def _dawdle(self) -> None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + SLOW_S
        while self._emulator.scenario.language_model is ModelMood.SLOW and loop.time() < deadline:
            await self._emulator.engine.bell.wait(LOOK_S)
