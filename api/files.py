"""Pictures as answers."""

import mimetypes
from typing import Any

from fastapi import Response


def file_answer(data: bytes, name: str, *, is_saved: bool = False) -> Response:
    """Return a file that its reader's browser may keep for an hour.

    Args:
        data: The file.
        name: What it is called; its ending says what it is.
        is_saved: Whether it is to be saved instead of shown.
    """
    kind, _ = mimetypes.guess_type(name)
    how = "attachment" if is_saved else "inline"
    return Response(
        data,
        media_type=kind or "application/octet-stream",
        headers={
            "Cache-Control": "private, max-age=3600",
            "Content-Disposition": f'{how}; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )


def image(kind: str) -> dict[int | str, dict[str, Any]]:
    """Return how a picture of a media type is described in the document."""
    return {
        200: {
            "content": {kind: {"schema": {"type": "string", "format": "binary"}}},
            "description": "The picture.",
        }
    }
