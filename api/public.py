"""The API for programs and for the Mini App, described by itself in OpenAPI 3.1."""

from collections import Counter
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse

from api import (
    balance,
    changes,
    everything,
    exports,
    generations,
    me,
    models,
    offers,
    panel,
    photos,
    pictures,
    session,
    trainings,
    webhook,
)
from api.callers import Limits
from api.docs_page import docs_page
from api.offered import ApiOffered
from api.problems import Problem, handle_problems

PATH = "/api"

TITLE = "NeuroPhoto API"
VERSION = "1"

ABOUT = """\
Train models of a person and make pictures with them: what the chat does, for programs.

Send `Authorization: Bearer np_…` with the key that /apikey in the chat gives you. A Mini App sends
`Authorization: tma <initData>`, or what /session has given for it. Addresses of pictures open
without a header, for one to two hours. Whatever is not done is answered as problem details (RFC
9457); `code` is for programs, `detail` for people. Where an answer has a `Retry-After`, wait for
so long.
"""

PAGE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
}

_SCHEMES = {
    "key": {"type": "http", "scheme": "bearer", "description": "A personal key, from /apikey."},
    "initData": {
        "type": "http",
        "scheme": "tma",
        "description": "What Telegram gives a Mini App when it is opened, at most an hour old.",
    },
}

_PARTS = (
    session,
    me,
    photos,
    trainings,
    models,
    generations,
    panel,
    pictures,
    changes,
    offers,
    balance,
    webhook,
    exports,
    everything,
)


def build_api(offered: ApiOffered, limits: Limits | None = None) -> FastAPI:
    """Return the API, to be mounted at `PATH`."""
    app = FastAPI(
        title=TITLE,
        version=VERSION,
        description=ABOUT,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.offered = offered
    app.state.limits = limits or Limits()
    app.state.streams, app.state.uploads = Counter(), Counter()
    handle_problems(app)
    for part in _PARTS:
        app.include_router(part.router)

    def described() -> dict[str, Any]:
        if not app.openapi_schema:
            app.openapi_schema = _described(app)
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]  # the way FastAPI documents

    @app.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(docs_page(described()), headers=PAGE_HEADERS)

    return app


def _described(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        routes=app.routes,
        webhooks=webhook.events.routes,
    )
    schemas = document["components"]["schemas"]
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(problem.pop("$defs"))
    schemas["Problem"] = problem
    # FastAPI's own words for what is answered as a problem here.
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for event in document.get("webhooks", {}).values():
        event["post"]["responses"].pop("422", None)
    document["components"]["securitySchemes"] = _SCHEMES
    document["security"] = [{name: []} for name in _SCHEMES]
    document["servers"] = [{"url": PATH}]
    return document
