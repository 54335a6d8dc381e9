"""Media that a call names: uploaded with it, or sent before."""

import json
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from sandbox.telegram.call import Call
from sandbox.telegram.errors import ApiError, bad_request, code_refusal
from sandbox.telegram.fetching import is_address
from sandbox.telegram.files import Media, MediaKind
from sandbox.telegram.media import uploaded_media
from sandbox.telegram.model import Json
from sandbox.telegram.text import Formatted, caption_text


async def take_media(
    call: Call, reference: str, kind: MediaKind, *, default_part: str = "", missing: str
) -> Media:
    """Find the file that a parameter or an InputMedia names.

    Args:
        call: whose request may hold the file.
        reference: `attach://part`, a file_id, or a web address.
        kind: what it is sent as.
        default_part: part name to take when there is no reference (a file sent directly).
        missing: what is said when the request holds no such part.

    Raises:
        ApiError: 400 in the server's words.
    """
    files = call.params.files
    part = reference.removeprefix("attach://") if reference.startswith("attach://") else None
    if part is None and not reference and default_part in files:
        part = default_part
    if part is not None:
        if part not in files:
            raise bad_request(missing)
        upload = files[part]
        return await uploaded_media(upload.data, upload.filename, upload.content_type, kind=kind)
    if is_address(reference):
        return await _fetched(call, reference, kind)
    return call.emulator.files.reuse(reference, kind)


async def _fetched(call: Call, address: str, kind: MediaKind) -> Media:
    data = await call.emulator.fetcher.get(address, kind)
    name = PurePosixPath(urlsplit(address).path).name or "file"
    try:
        return await uploaded_media(data, name, "", kind=kind)
    except ApiError as error:
        if error.server_code == "IMAGE_PROCESS_FAILED":
            raise code_refusal("WEBPAGE_MEDIA_EMPTY") from None
        raise


def body_of(call: Call, media: Media, caption: Formatted, options: Json) -> Json:
    """Content fields of a media message."""
    body = {**call.emulator.files.show(media), **caption.fields("caption", "caption_entities")}
    if options.get("has_spoiler"):
        body["has_media_spoiler"] = True
    if caption.text and options.get("show_caption_above_media"):
        body["show_caption_above_media"] = True
    return body


async def input_media(call: Call, item: object, *, album: bool) -> tuple[Media, Formatted, Json]:
    """Read one InputMedia.

    Returns:
        The media, its caption and the object itself.

    Raises:
        ApiError: 400 in the server's words.
    """
    if not isinstance(item, dict):
        raise bad_request("Can't parse InputMedia: expected an Object")
    caption = caption_text(
        str(item.get("caption") or ""),
        str(item.get("parse_mode") or ""),
        _entities(item.get("caption_entities")),
    )
    kind = item.get("type")
    if not isinstance(kind, str):
        raise bad_request("Can't parse InputMedia: Can't find field \"type\"")
    if not item.get("media"):
        raise bad_request("Can't parse InputMedia: media not found")
    if kind == "animation" and album:
        raise bad_request(
            "Can't parse InputMedia: type \"animation\" can't be used in sendMediaGroup"
        )
    if kind in {"video", "animation", "audio", "live_photo"}:
        raise bad_request(f"The sandbox does not imitate InputMedia of type {kind}")
    if kind not in {"photo", "document"}:
        raise bad_request(f'Can\'t parse InputMedia: type "{kind}" is unsupported')
    media = await take_media(
        call,
        str(item["media"]),
        MediaKind(kind),
        missing="Can't parse InputMedia: media not found",
    )
    return media, caption, item


def _entities(value: object) -> str:
    return json.dumps(value) if isinstance(value, list) else ""
