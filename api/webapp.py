"""The Mini App: its files, from the bot's own origin and with nothing from anywhere else."""

import gzip
import hashlib
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
    return {
        name: File(data, gzip.compress(data, mtime=0), KINDS[PurePath(name).suffix])
        for name, data in found.items()
    }


@cache
def version() -> str:
    """Return a word that changes with any of the files, so that browsers may keep them."""
    digest = hashlib.sha256()
    for name, file in files().items():
        digest.update(f"{name}\0{len(file.data)}\0".encode())
        digest.update(file.data)
    return digest.hexdigest()[:12]


@cache
def page(language: Language) -> bytes:
    """Return the page, which names its files by version, and the sentences to load at once."""
    text = (FILES / "index.html").read_text("utf-8")
    return text.replace("{version}", version()).replace("{language}", language).encode()


def routes(public_url: str) -> APIRouter:
    """Return what is served below `PATH`.

    Args:
        public_url: Where the bot is reached; empty where it is not.
    """
    headers = {"Content-Security-Policy": policy(public_url), **SAFE}
    router = APIRouter(include_in_schema=False)

    @router.get(f"{PATH}/")
    async def index(request: Request) -> Response:
        fresh = headers | {"Cache-Control": "no-cache", "Vary": "Accept-Language"}
        language = accepted(request.headers.get("Accept-Language", ""))
        return Response(page(language), media_type="text/html; charset=utf-8", headers=fresh)

    @router.get(f"{PATH}/{{wanted}}/{{name:path}}")
    async def file(wanted: str, name: str, request: Request) -> Response:
        found = files().get(name) if wanted == version() else None
        if found is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        kept = {**SAFE, "Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
        if "gzip" not in request.headers.get("Accept-Encoding", ""):
            return Response(found.data, media_type=found.kind, headers=kept)
        kept["Content-Encoding"] = "gzip"
        return Response(found.compressed, media_type=found.kind, headers=kept)

    return router


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
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' blob: data:",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            f"frame-ancestors {frames}",
        )
    )
