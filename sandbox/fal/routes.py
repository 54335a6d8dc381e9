"""The one entry point: mounts the emulated hosts and their control plane on an application."""

from collections.abc import AsyncIterator

from aiohttp import web

from sandbox.fal.control_routes import ControlRoutes
from sandbox.fal.emulator import FalEmulator
from sandbox.fal.platform_routes import PlatformRoutes
from sandbox.fal.queue_routes import QueueRoutes
from sandbox.fal.storage_routes import StorageRoutes
from sandbox.fal.web import reply


def add_fal_routes(app: web.Application, emulator: FalEmulator, prefix: str = "/fal") -> None:
    """Mount an emulator and tie its workers to the life of the application.

    Args:
        app: Gets `{prefix}/{run,queue,rest,cdn,api}`, `/sandbox/clock` and `/sandbox/fal`.
        emulator: The state; one emulator belongs to one application.
        prefix: Where the five hosts hang.
    """
    _add_hosts(app, emulator, prefix)
    _add_control(app, ControlRoutes(emulator))

    async def workers(_: web.Application) -> AsyncIterator[None]:
        async with emulator.running():
            yield

    app.cleanup_ctx.append(workers)


def _add_hosts(app: web.Application, emulator: FalEmulator, prefix: str) -> None:
    queue = QueueRoutes(emulator, prefix)
    storage = StorageRoutes(emulator, prefix)
    platform = PlatformRoutes(emulator)

    async def key_set(_: web.Request) -> web.Response:
        return reply(emulator.signer.key_set())

    rest, cdn, api = f"{prefix}/rest/storage", f"{prefix}/cdn", f"{prefix}/api/v1"
    file = f"{cdn}/files/b/{{store}}/{{name}}"
    app.add_routes(
        [
            web.route("*", f"{prefix}/queue/{{tail:.*}}", queue.queue),
            web.route("*", f"{prefix}/run/{{tail:.*}}", queue.run),
            web.post(f"{rest}/auth/token", storage.token),
            web.post(f"{rest}/upload/initiate", storage.initiate),
            web.post(f"{rest}/upload/initiate-multipart", storage.initiate_multipart),
            web.put(f"{cdn}/upload/multipart/{{secret}}/{{number}}", storage.put_open_part),
            web.post(
                f"{cdn}/upload/multipart/{{secret}}/complete", storage.complete_open_multipart
            ),
            web.put(f"{cdn}/upload/{{secret}}", storage.put_reserved),
            web.post(f"{cdn}/files/upload", storage.upload),
            web.post(f"{cdn}/files/upload/multipart", storage.begin_multipart),
            web.put(f"{file}/multipart/{{upload_id}}/{{number}}", storage.put_part),
            web.post(f"{file}/multipart/{{upload_id}}/complete", storage.complete_multipart),
            web.get(file, storage.download),
            web.get(f"{prefix}/rest/.well-known/jwks.json", key_set),
            web.get(f"{api}/models/pricing", platform.pricing),
            web.get(f"{api}/models/requests/by-endpoint", platform.history),
            web.delete(f"{api}/models/requests/{{id}}/payloads", platform.delete_payloads),
            web.get(f"{api}/models/billing-events", platform.billing_events),
            web.get(f"{api}/account/billing", platform.balance),
            web.route("*", f"{prefix}/{{tail:.*}}", _unknown),
        ]
    )


def _add_control(app: web.Application, control: ControlRoutes) -> None:
    app.add_routes(
        [
            web.get("/sandbox/clock", control.show_clock),
            web.put("/sandbox/clock", control.set_clock),
            web.get("/sandbox/fal/scenario", control.show_scenario),
            web.put("/sandbox/fal/scenario", control.change_scenario),
            web.delete("/sandbox/fal/scenario", control.clear_scenario),
            web.get("/sandbox/fal/jobs", control.jobs),
            web.get("/sandbox/fal/endpoints", control.endpoints),
            web.post("/sandbox/fal/reset", control.reset),
        ]
    )


async def _unknown(_: web.Request) -> web.Response:
    """What is not emulated is refused, never answered kindly."""
    return reply({"detail": "Not Found"}, 404)
