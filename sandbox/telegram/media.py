"""From uploaded bytes to the media of a message, for people and for the bot."""

import asyncio
import mimetypes
from pathlib import PurePath

from sandbox.telegram.errors import bad_request, code_refusal
from sandbox.telegram.files import Media, MediaKind, StoredFile, unique_id
from sandbox.telegram.pictures import PictureError, Rendition, describe, photo_ladder

MAX_PHOTO_BYTES = 10 * 1024 * 1024
MAX_DOCUMENT_BYTES = 50 * 1024 * 1024
_GIF = b"GIF8"
"""How every GIF begins."""

# Types that Python 3.11 does not know by name.
_MIME_BY_EXTENSION = {".heic": "image/heic", ".heif": "image/heif", ".webp": "image/webp"}


def mime_of(filename: str, content_type: str) -> str:
    """The type a client would report: what it said, else what the name suggests."""
    said = content_type.partition(";")[0].strip()
    if said and said != "application/octet-stream":
        return said
    extension = PurePath(filename).suffix.lower()
    guessed = _MIME_BY_EXTENSION.get(extension) or mimetypes.guess_type(filename)[0]
    return guessed or "application/octet-stream"


def _jpeg_file(rendition: Rendition, identity: str) -> StoredFile:
    name = f"{identity}/{rendition.width}x{rendition.height}"
    return StoredFile(
        data=rendition.data,
        unique_id=unique_id(name, b""),
        mime="image/jpeg",
        extension=".jpg",
        width=rendition.width,
        height=rendition.height,
    )


async def photo_media(data: bytes, *, by_person: bool) -> Media:
    """A photo: re-encoded JPEG sizes without metadata.

    Args:
        data: the uploaded bytes.
        by_person: a person's client scales large pictures before it sends them.

    Raises:
        PictureError: the server's code for what it refuses.
    """
    ladder = await asyncio.to_thread(photo_ladder, data, shrink=by_person)
    identity = unique_id("photo", data)
    sizes = tuple(_jpeg_file(rendition, identity) for rendition in ladder)
    return Media(MediaKind.PHOTO, sizes[-1], sizes)


async def document_media(data: bytes, filename: str, content_type: str) -> Media:
    """A file with its bytes untouched; a GIF is an animation.

    Args:
        data: the uploaded bytes.
        filename: as the client named it.
        content_type: as the client said.
    """
    picture = await asyncio.to_thread(describe, data)
    animated = picture is not None and picture.format == "GIF"
    kind = MediaKind.ANIMATION if animated else MediaKind.DOCUMENT
    main = StoredFile(
        data=data,
        unique_id=unique_id("document", data),
        mime=mime_of(filename, content_type),
        extension=PurePath(filename).suffix.lower(),
        width=picture.width if picture else 0,
        height=picture.height if picture else 0,
    )
    thumbnail = () if picture is None else (_jpeg_file(picture.thumbnail, main.unique_id),)
    return Media(kind, main, thumbnail, filename, picture.duration_s if picture else 0)


def video_media(data: bytes, filename: str, content_type: str) -> Media:
    """A video message; it is not decoded, so sides and duration are made up (1280x720, 1 s)."""
    main = StoredFile(
        data=data,
        unique_id=unique_id("video", data),
        mime=mime_of(filename, content_type),
        extension=PurePath(filename).suffix.lower() or ".mp4",
        width=1280,
        height=720,
    )
    return Media(MediaKind.VIDEO, main, (), filename, 1)


async def person_media(data: bytes, filename: str, content_type: str, *, as_photo: bool) -> Media:
    """What a person's client makes of a chosen file.

    As the official clients do: a GIF goes as an animation and a very long, narrow picture as a
    file even when it was chosen as a photo; a video chosen as a photo is a video message.

    Raises:
        PictureError: a photo that cannot be decoded.
    """
    if as_photo and mime_of(filename, content_type).startswith("video/"):
        return video_media(data, filename, content_type)
    if not as_photo or data.startswith(_GIF):
        document = await document_media(data, filename, content_type)
        if not as_photo or document.kind is MediaKind.ANIMATION:
            return document
    try:
        return await photo_media(data, by_person=True)
    except PictureError as error:
        if str(error) == "PHOTO_INVALID_DIMENSIONS":
            return await document_media(data, filename, content_type)
        raise


async def uploaded_media(
    data: bytes, filename: str, content_type: str, *, kind: MediaKind
) -> Media:
    """What the Bot API makes of a file that the bot uploads.

    Raises:
        ApiError: 400 for a photo that is too large, has bad sides or cannot be decoded, and
            for an empty or too large document.
    """
    if not data:
        raise bad_request("file must be non-empty")
    if kind is not MediaKind.PHOTO:
        if len(data) > MAX_DOCUMENT_BYTES:
            raise bad_request("file is too big")
        return await document_media(data, filename, content_type)
    if len(data) > MAX_PHOTO_BYTES:
        raise code_refusal("PHOTO_SAVE_FILE_INVALID")
    try:
        return await photo_media(data, by_person=False)
    except PictureError as error:
        raise code_refusal(str(error)) from None
