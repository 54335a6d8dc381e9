"""Parameters of one Bot API call, from wherever the client put them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, ClientResponse, MultipartReader, web

from sandbox.telegram.errors import bad_request
from sandbox.telegram.json_text import read_json

MAX_BODY_BYTES = 50 * 1024 * 1024 + 1024 * 1024
_MAX_INT = 2**31 - 1


@dataclass(frozen=True)
class Upload:
    """A file part of a multipart request."""

    filename: str
    content_type: str
    data: bytes


@dataclass
class Params:
    """Parsed parameters, with the server's habits of reading them.

    Attributes:
        values: text parameters.
        files: uploaded parts by part name.
    """

    values: dict[str, str] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The parameter, or "" when it is missing."""
        return self.values.get(name, "")

    def required(self, name: str) -> str:
        """The parameter; an empty one counts as missing.

        Raises:
            ApiError: 400 `parameter "x" is required`.
        """
        value = self.text(name)
        if not value:
            raise bad_request(f'Parameter "{name}" is required')
        return value

    def flag(self, name: str) -> bool:
        """True for true, yes and 1; anything else is false."""
        return self.text(name).strip().lower() in {"true", "yes", "1"}

    def integer(
        self, name: str, default: int = 0, *, low: int = -_MAX_INT, high: int = _MAX_INT
    ) -> int:
        """A number clamped to its range; junk is 0, a missing one the default."""
        raw = self.text(name)
        return max(low, min(high, leading_int(raw) if raw else default))

    def integer_id(self, name: str) -> int:
        """A chat or user id (up to 52 bits); junk is 0."""
        return leading_int(self.text(name))

    def json(self, name: str) -> object | None:
        """A JSON parameter.

        Returns:
            The value, or None when it is missing.

        Raises:
            ValueError: it is not JSON.
        """
        raw = self.text(name)
        return read_json(raw) if raw else None

    def summary(self) -> dict[str, object]:
        """What the journal shows: JSON strings opened, files as sizes."""
        shown: dict[str, object] = {name: _opened(value) for name, value in self.values.items()}
        for name, upload in self.files.items():
            shown[f"file:{name}"] = (
                f"<{upload.filename}: {len(upload.data)} bytes {upload.content_type}>"
            )
        return shown


def _opened(value: str) -> object:
    if not value.startswith(("{", "[")):
        return value
    try:
        return read_json(value)
    except ValueError:
        return value


def leading_int(raw: str) -> int:
    """Digits as far as they go, 0 for anything else: how tdlib reads a number."""
    text = raw.strip()
    sign = -1 if text.startswith("-") else 1
    digits = ""
    for char in text.lstrip("-+"):
        if not char.isascii() or not char.isdigit():
            break
        digits += char
    return sign * int(digits[:18]) if digits else 0


async def read_params(request: web.Request) -> Params:
    """Collect parameters of a request: query string, urlencoded, multipart or JSON body.

    Raises:
        web.HTTPRequestEntityTooLarge: the body is over the server's 50 MB (empty answer body,
            as the real HTTP layer gives).
    """
    params = Params(values={key.lower(): value for key, value in request.query.items()})
    if request.content_length is not None and request.content_length > MAX_BODY_BYTES:
        raise web.HTTPRequestEntityTooLarge(MAX_BODY_BYTES, request.content_length, text="")
    kind = request.content_type
    if kind == "multipart/form-data":
        await _read_multipart(await request.multipart(), params)
    elif kind == "application/json":
        _read_json(await request.read(), params)
    elif kind == "application/x-www-form-urlencoded":
        form = await request.post()
        params.values.update({k.lower(): v for k, v in form.items() if isinstance(v, str)})
    return params


async def read_answer(response: ClientResponse) -> Params:
    """Parameters in a webhook's answer, in any form that a call may have; else there are none.

    Raises:
        ValueError: the body is broken or over the size of a call.
    """
    params = Params()
    kind = response.content_type
    if kind == "multipart/form-data":
        await _read_multipart(MultipartReader(response.headers, response.content), params)
    elif kind in {"application/json", "application/x-www-form-urlencoded"}:
        body = await response.content.read(MAX_BODY_BYTES)
        if kind == "application/json":
            _read_json(body, params)
        else:
            pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
            params.values.update({name.lower(): value for name, value in pairs})
    return params


def _read_json(body: bytes, params: Params) -> None:
    # The server ignores a body that is not a JSON object: missing parameters are refused later.
    try:
        value = read_json(body)
    except ValueError:
        return
    if isinstance(value, Mapping):
        params.values.update({str(k).lower(): _as_text(v) for k, v in value.items()})


def _as_text(value: Any) -> str:  # noqa: ANN401  (any JSON value)
    return value if isinstance(value, str) else json.dumps(value)


async def _read_multipart(reader: MultipartReader, params: Params) -> None:
    read = 0
    while (part := await reader.next()) is not None:
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        data = bytes(await part.read(decode=True))
        read += len(data)
        if read > MAX_BODY_BYTES:
            raise web.HTTPRequestEntityTooLarge(MAX_BODY_BYTES, read, text="")
        if part.filename is None:
            params.values[part.name.lower()] = data.decode("utf-8", "replace")
        else:
            kind = part.headers.get("Content-Type", "application/octet-stream")
            params.files[part.name] = Upload(part.filename, kind, data)
