"""The chat page: static files, never cached, so that an edit shows at the next load."""

from pathlib import Path

from aiohttp import web

_PAGE = Path(__file__).parent / "page"
_HEADERS = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}


def add_page_routes(app: web.Application, folder: Path = _PAGE) -> None:
    """Serve `index.html` at / and the rest of the folder under /page/."""
    root = folder.resolve()

    async def file(request: web.Request) -> web.FileResponse:
        path = (root / request.match_info.get("path", "index.html")).resolve()
        if not path.is_relative_to(root) or not path.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(path, headers=_HEADERS)

    app.router.add_get("/", file)
    app.router.add_get("/page/{path:.+}", file)
