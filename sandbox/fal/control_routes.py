"""The control plane of the fal half, under /sandbox."""

from aiohttp import web
from pydantic import BaseModel, ValidationError

from sandbox.fal.clock import Clock
from sandbox.fal.emulator import FalEmulator
from sandbox.fal.endpoints import ENDPOINTS
from sandbox.fal.scenario import Scenario
from sandbox.fal.web import read_body


class ControlRoutes:
    """Handlers of `/sandbox/clock` and `/sandbox/fal`."""

    def __init__(self, emulator: FalEmulator) -> None:
        self._emulator = emulator

    async def show_clock(self, _: web.Request) -> web.Response:
        """How long jobs take."""
        return _shown(self._emulator.clock)

    async def set_clock(self, request: web.Request) -> web.Response:
        """Change it; running jobs follow."""
        try:
            self._emulator.clock = Clock.model_validate_json(await read_body(request))
        except ValidationError as error:
            return _refused(error)
        return _shown(self._emulator.clock)

    async def show_scenario(self, _: web.Request) -> web.Response:
        """What goes wrong at fal."""
        return _shown(self._emulator.scenario)

    async def change_scenario(self, request: web.Request) -> web.Response:
        """Change the named faults; the others keep their state."""
        try:
            # Validated alone, so that unknown keys are named; then laid over the current one.
            given = Scenario.model_validate_json(await read_body(request))
        except ValidationError as error:
            return _refused(error)
        named = {name: getattr(given, name) for name in given.model_fields_set}
        self._emulator.scenario = self._emulator.scenario.model_copy(update=named)
        return _shown(self._emulator.scenario)

    async def clear_scenario(self, _: web.Request) -> web.Response:
        """A fal that works again."""
        self._emulator.scenario = Scenario()
        return _shown(self._emulator.scenario)

    async def jobs(self, _: web.Request) -> web.Response:
        """The records: every accepted request, and every answer of the language model."""
        records = [job.record() for job in self._emulator.jobs.values()]
        asked = [one.record() for one in self._emulator.asked]
        charged_usd = self._emulator.charged_usd
        return web.json_response({"jobs": records, "asked": asked, "charged_usd": charged_usd})

    async def endpoints(self, _: web.Request) -> web.Response:
        """The table of emulated endpoints, with where their prices come from."""
        rows = [
            {
                "id": row.id,
                "family": row.family,
                "trainer": row.is_trainer,
                "unit_price": row.unit_price,
                "unit": row.unit,
                "price_source": row.price_source,
            }
            for row in ENDPOINTS.values()
        ]
        return web.json_response({"endpoints": rows})

    async def reset(self, _: web.Request) -> web.Response:
        """Everything at fal empty again."""
        await self._emulator.reset()
        return web.json_response({"ok": True})


def _shown(model: BaseModel) -> web.Response:
    return web.json_response(model.model_dump(mode="json"))


def _refused(error: ValidationError) -> web.Response:
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"]) or "body"
    return web.json_response({"error": f"{place}: {first['msg']}"}, status=422)
