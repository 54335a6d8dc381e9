"""The Mini App: its files, from the bot's own origin and with nothing from anywhere else."""

import base64
import gzip
import hashlib
import html
from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from pathlib import Path, PurePath
from typing import NamedTuple

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from api.problems import accepted
from services.domain.vocabulary import Language
from texts.reader import LOCALES

PATH = "/app"
FILES = Path(__file__).resolve().parents[1] / "webapp"
KINDS = {".js": "text/javascript", ".css": "text/css", ".ftl": "text/plain"}
"""What is served besides the page; licences and notes are for readers of the folder."""

TELEGRAM = "https://web.telegram.org"
"""Which shows the page in a frame; the apps of phones have none around it."""

OWN_MACHINE = "http://127.0.0.1:* http://localhost:*"
"""Where a page that is served without TLS may be shown as well, as only test servers do."""

FOREVER = "public, max-age=31536000, immutable"


class File(NamedTuple):
    """What is served under one name; phones far away get it compressed."""

    data: bytes
    compressed: bytes
    kind: str


@cache
def files() -> Mapping[str, File]:
    """Return what there is besides the page itself, by path."""
    found = {
        path.relative_to(FILES).as_posix(): path.read_bytes()
        for path in sorted(FILES.rglob("*"))
        if path.suffix in KINDS
    }
    for path in sorted(LOCALES.glob("*/webapp.ftl")):
        found[f"webapp.{path.parent.name}.ftl"] = path.read_bytes()
    return {name: _file(data, KINDS[PurePath(name).suffix]) for name, data in found.items()}


def _file(data: bytes, kind: str) -> File:
    return File(data, gzip.compress(data, mtime=0), kind)


@cache
def version() -> str:
    """Return a word that changes with any of the files, so that browsers may keep them."""
    digest = hashlib.sha256()
    for name, file in files().items():
        digest.update(f"{name}\0{len(file.data)}\0".encode())
        digest.update(file.data)
    return digest.hexdigest()[:12]


@cache
def page(language: Language) -> File:
    """Return the page, which names its files by version.

    What is needed first is in it: each file more is a way to the bot and back on a phone far away.
    """
    text = (FILES / "index.html").read_text("utf-8")
    sentences = files()[f"webapp.{language}.ftl"].data.decode()
    parts = {
        "version": version(),
        "language": language,
        "first": _within("first.js"),
        "style": _within("style.css"),
        "sentences": html.escape(sentences, quote=False),
    }
    for name, part in parts.items():
        text = text.replace(f"{{{name}}}", part)
    return _file(text.encode(), "text/html; charset=utf-8")


def _within(name: str) -> str:
    return files()[name].data.decode()


def _digest(name: str) -> str:
    """Return what a policy calls a file by that is within the page."""
    digest = hashlib.sha256(_within(name).encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def routes(public_url: str) -> APIRouter:
    """Return what is served below `PATH`.

    Args:
        public_url: Where the bot is reached; empty where it is not.
    """
    headers = {"Content-Security-Policy": policy(public_url), **SAFE}
    router = APIRouter(include_in_schema=False)

    @router.get(f"{PATH}/")
    async def index(request: Request) -> Response:
        fresh = headers | {"Cache-Control": "no-cache", "Vary": "Accept-Encoding, Accept-Language"}
        language = accepted(request.headers.get("Accept-Language", ""))
        return _answer(page(language), request, fresh)

    @router.get(f"{PATH}/{{wanted}}/{{name:path}}")
    async def file(wanted: str, name: str, request: Request) -> Response:
        found = files().get(name) if wanted == version() else None
        if found is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        kept = {**SAFE, "Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
        return _answer(found, request, kept)

    return router


def _answer(file: File, request: Request, headers: dict[str, str]) -> Response:
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return Response(file.data, media_type=file.kind, headers=headers)
    headers["Content-Encoding"] = "gzip"
    return Response(file.compressed, media_type=file.kind, headers=headers)


SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def policy(public_url: str) -> str:
    """Return what the page may do in a browser: nothing with any other host."""
    frames = TELEGRAM if public_url.startswith("https://") else f"{TELEGRAM} {OWN_MACHINE}"
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {_digest('first.js')}",
            f"style-src 'self' {_digest('style.css')}",
            "img-src 'self' blob: data:",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            f"frame-ancestors {frames}",
        )
    )
