"""Uploads and files over HTTP: the hosts rest.fal.ai and v3.fal.media."""

import json

from aiohttp import web
from pydantic import BaseModel, ValidationError

from sandbox.fal.emulator import FalEmulator
from sandbox.fal.failures import JobFailure, schema_error
from sandbox.fal.files import Access, StoredFile
from sandbox.fal.ids import uuid7
from sandbox.fal.storage import MultipartUpload
from sandbox.fal.web import failure_reply, lifecycle_of, read_body, refused_work, reply

STORAGE_TYPES = frozenset({"gcs", "fal-cdn-v3"})
_CDN_HEADERS = ("X-Fal-Object-Lifecycle", "X-Fal-Object-Lifecycle-Preference")
_REST_HEADERS = ("X-Fal-Object-Lifecycle-Preference", "X-Fal-Object-Lifecycle")
_NOT_FOUND = {"detail": "Not Found"}


class _Announced(BaseModel):
    file_name: str
    content_type: str


class _Part(BaseModel):
    partNumber: int  # noqa: N815  (the wire's own spelling)
    etag: str


class _Completion(BaseModel):
    parts: list[_Part]


class StorageRoutes:
    """Handlers of `{prefix}/rest` and `{prefix}/cdn`."""

    def __init__(self, emulator: FalEmulator, prefix: str) -> None:
        self._emulator = emulator
        self._prefix = prefix

    def _cdn(self, request: web.Request) -> str:
        return f"{request.scheme}://{request.host}{self._prefix}/cdn"

    async def token(self, request: web.Request) -> web.Response:
        """A token for direct uploads to the CDN."""
        refused = refused_work(self._emulator, request)
        if refused is not None:
            return refused
        if request.query.get("storage_type") != "fal-cdn-v3":
            return reply({"detail": "Unsupported storage type"}, 400)
        token, expires_at = self._emulator.uploads.new_token()
        return reply(
            {
                "token": token,
                "token_type": "Bearer",
                "base_url": self._cdn(request),
                "expires_at": expires_at,
            }
        )

    async def initiate(self, request: web.Request) -> web.Response:
        """An address to PUT to and the address where the file will be."""
        refused = refused_work(self._emulator, request)
        if refused is not None:
            return refused
        if request.query.get("storage_type") not in STORAGE_TYPES:
            return reply({"detail": "Unsupported storage type"}, 400)
        try:
            announced = _Announced.model_validate_json(await read_body(request))
            lifecycle = lifecycle_of(request, *_REST_HEADERS)
        except ValidationError as error:
            return failure_reply(schema_error(error))
        except JobFailure as failure:
            return failure_reply(failure)
        stored = self._emulator.files.reserve(
            announced.file_name, announced.content_type, lifecycle
        )
        secret = self._emulator.uploads.reserve(stored.path)
        cdn = self._cdn(request)
        return reply({"upload_url": f"{cdn}/upload/{secret}", "file_url": f"{cdn}/{stored.path}"})

    async def initiate_multipart(self, request: web.Request) -> web.Response:
        """The start of a file in parts, as the JavaScript client sends it over 90 MB.

        Its parts go to `{upload_url}/{number}` without a token: the address is the permission.
        """
        answer = await self.initiate(request)
        if answer.status != 200 or not isinstance(answer.body, bytes):
            return answer
        places = json.loads(answer.body)
        secret = places["upload_url"].rpartition("/")[2]
        path = self._emulator.uploads.reserved.pop(secret)
        self._emulator.uploads.begin_multipart(secret, path)
        return reply({**places, "upload_url": f"{self._cdn(request)}/upload/multipart/{secret}"})

    async def put_open_part(self, request: web.Request) -> web.Response:
        """One part of it; the answer is JSON, unlike that of `put_part`."""
        upload = self._emulator.uploads.multipart.get(request.match_info["secret"])
        number = request.match_info["number"]
        if upload is None or not number.isdigit() or int(number) < 1:
            return reply(_NOT_FOUND, 404)
        tag = upload.add(int(number), await read_body(request))
        return reply({"partNumber": int(number), "etag": tag})

    async def complete_open_multipart(self, request: web.Request) -> web.Response:
        """The end of it."""
        secret = request.match_info["secret"]
        upload = self._emulator.uploads.multipart.get(secret)
        if upload is None:
            return reply(_NOT_FOUND, 404)
        return await self._completed(request, secret, upload)

    async def put_reserved(self, request: web.Request) -> web.Response:
        """The bytes of an initiated upload; the address is the permission."""
        path = self._emulator.uploads.reserved.get(request.match_info["secret"])
        if path is None:
            return reply(_NOT_FOUND, 404)
        self._emulator.files.fill(path, await read_body(request))
        return reply({})

    async def upload(self, request: web.Request) -> web.Response:
        """A whole file in one request."""
        stored = self._reserve(request)
        if isinstance(stored, web.Response):
            return stored
        self._emulator.files.fill(stored.path, await read_body(request))
        return reply({"access_url": f"{self._cdn(request)}/{stored.path}"})

    async def begin_multipart(self, request: web.Request) -> web.Response:
        """The start of a file in parts."""
        stored = self._reserve(request)
        if isinstance(stored, web.Response):
            return stored
        upload_id = uuid7()
        self._emulator.uploads.begin_multipart(upload_id, stored.path)
        url = f"{self._cdn(request)}/{stored.path}"
        return reply({"access_url": url, "uploadId": upload_id})

    async def put_part(self, request: web.Request) -> web.Response:
        """One part; its ETag comes back as a header."""
        upload = self._multipart(request)
        number = request.match_info["number"]
        if upload is None or not number.isdigit() or int(number) < 1:
            return reply(_NOT_FOUND, 404)
        tag = upload.add(int(number), await read_body(request))
        return reply({}, headers={"ETag": tag})

    async def complete_multipart(self, request: web.Request) -> web.Response:
        """The end of a file in parts."""
        upload = self._multipart(request)
        if upload is None:
            return reply(_NOT_FOUND, 404)
        return await self._completed(request, request.match_info["upload_id"], upload)

    async def _completed(
        self, request: web.Request, key: str, upload: MultipartUpload
    ) -> web.Response:
        try:
            listed = _Completion.model_validate_json(await read_body(request)).parts
            data = upload.join([(part.partNumber, part.etag) for part in listed])
        except ValueError as error:
            return reply({"detail": str(error)}, 400)
        self._emulator.files.fill(upload.path, data)
        del self._emulator.uploads.multipart[key]
        return reply({"access_url": f"{self._cdn(request)}/{upload.path}"})

    async def download(self, request: web.Request) -> web.Response:
        """A file, or the part of it that a Range header names."""
        stored = self._emulator.files.get(_stored_path(request))
        lost = self._emulator.scenario.cdn_missing
        if stored is None or stored.data is None or (lost and lost.covers(stored.file_name)):
            return reply(_NOT_FOUND, 404)
        refused = self._stranger_refused(request, stored)
        return refused or _file_reply(request, stored, stored.data)

    def _stranger_refused(self, request: web.Request, stored: StoredFile) -> web.Response | None:
        owner = self._emulator.uploads.is_valid(request.headers.get("Authorization"))
        if owner or stored.access is Access.ALLOW:
            return None
        if stored.access is Access.FORBID:
            return reply({"detail": "Forbidden"}, 403)
        return reply(_NOT_FOUND, 404)

    def _reserve(self, request: web.Request) -> StoredFile | web.Response:
        if not self._emulator.uploads.is_valid(request.headers.get("Authorization")):
            return reply({"detail": "Invalid or expired token"}, 401)
        try:
            lifecycle = lifecycle_of(request, *_CDN_HEADERS)
        except JobFailure as failure:
            return failure_reply(failure)
        name = request.headers.get("X-Fal-File-Name") or "upload.bin"
        return self._emulator.files.reserve(name, request.content_type, lifecycle)

    def _multipart(self, request: web.Request) -> MultipartUpload | None:
        if not self._emulator.uploads.is_valid(request.headers.get("Authorization")):
            return None
        upload = self._emulator.uploads.multipart.get(request.match_info["upload_id"])
        return upload if upload and upload.path == _stored_path(request) else None


def _stored_path(request: web.Request) -> str:
    """The path of a file as it was given out."""
    return f"files/b/{request.match_info['store']}/{request.match_info['name']}"


def _file_reply(request: web.Request, stored: StoredFile, data: bytes) -> web.Response:
    headers = {
        "Content-Type": stored.content_type,
        "Accept-Ranges": "bytes",
        "Cache-Control": "public, max-age=31536000",
        "Access-Control-Allow-Origin": "*",
    }
    try:
        wanted = request.http_range
    except ValueError:
        wanted = None
    if wanted is None or "Range" not in request.headers:
        return web.Response(body=data, headers=headers)
    start, stop, _ = wanted.indices(len(data))
    if start >= stop:
        headers["Content-Range"] = f"bytes */{len(data)}"
        return web.Response(status=416, headers=headers)
    headers["Content-Range"] = f"bytes {start}-{stop - 1}/{len(data)}"
    return web.Response(body=data[start:stop], status=206, headers=headers)
