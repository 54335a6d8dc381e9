"""Reading requests of the control plane and writing its answers."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from aiohttp import BodyPartReader, web

from sandbox.telegram.errors import ControlError
from sandbox.telegram.model import Json
from sandbox.telegram.people import ChosenFile

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def refusing(handler: Handler) -> Handler:
    """Turn a ControlError into its JSON answer."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except ControlError as error:
            return web.json_response({"error": str(error)}, status=error.status)

    return answer


async def json_body(request: web.Request) -> Json:
    """The JSON object of a request; no body is an empty one.

    Raises:
        ControlError: the body is something else.
    """
    if not request.can_read_body:
        return {}
    try:
        value = await request.json()
    except (ValueError, RecursionError):
        raise ControlError("The body is not JSON.") from None
    if not isinstance(value, dict):
        raise ControlError("The body must be a JSON object.")
    return value


def typed(body: Json, name: str, kind: type, default: Any = None) -> Any:  # noqa: ANN401
    """A field of a body, checked.

    Raises:
        ControlError: it is missing without a default, or of another type.
    """
    value = body.get(name, default)
    if value is None and default is None and name not in body:
        raise ControlError(f"The field {name} is missing.")
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise ControlError(f"The field {name} must be of type {kind.__name__}.")
    return value


def query_number(request: web.Request, name: str) -> int | None:
    """A number of a query, None where it is missing.

    Raises:
        ControlError: it is something else.
    """
    raw = request.query.get(name)
    if raw is None:
        return None
    try:
        return int(raw)
    except ValueError:
        raise ControlError(f"{name} must be a number.") from None


def shown_type(mime: str) -> str:
    """A Content-Type header from what a client claimed."""
    kind = mime.partition(";")[0].strip()
    return kind if kind.count("/") == 1 and kind.isascii() else "application/octet-stream"


def attachment(name: str) -> str:
    """A Content-Disposition header that saves the file under a name."""
    safe = "".join(char for char in name if char.isprintable() and char not in '"\\/')
    plain = safe.encode("ascii", "replace").decode().replace("?", "_") or "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(safe)}"


async def read_form(request: web.Request) -> tuple[dict[str, str], list[ChosenFile]]:
    """Fields of a multipart form, and its parts named `file`."""
    fields: dict[str, str] = {}
    files: list[ChosenFile] = []
    reader = await request.multipart()
    while (part := await reader.next()) is not None:
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        if part.name == "file":
            kind = part.headers.get("Content-Type", "application/octet-stream")
            data = bytes(await part.read(decode=True))
            files.append(ChosenFile(part.filename or "file", kind, data))
        else:
            fields[part.name] = await part.text()
    return fields, files
