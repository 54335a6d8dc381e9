"""Files of the emulator: opaque ids, stable unique ids, download paths."""

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sandbox.telegram.errors import ApiError, bad_request

Json = dict[str, Any]

MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024
# A sandbox that runs for days must not fill the memory.
MAX_KEPT_BYTES = 1024 * 1024 * 1024
MAX_KEPT_IDS = 200_000


class MediaKind(StrEnum):
    """What a message shows the file as."""

    PHOTO = "photo"
    DOCUMENT = "document"
    ANIMATION = "animation"
    VIDEO = "video"


# What the server calls the kinds when a file id is used for another one.
_TYPE_NAMES = {
    MediaKind.PHOTO: "Photo",
    MediaKind.DOCUMENT: "Document",
    MediaKind.ANIMATION: "Animation",
    MediaKind.VIDEO: "Video",
}
_ID_HEADS = {
    MediaKind.PHOTO: "AgACAgIAAxk",
    MediaKind.DOCUMENT: "BQACAgIAAxk",
    MediaKind.ANIMATION: "CgACAgIAAxk",
    MediaKind.VIDEO: "BAACAgIAAxk",
}
_UNAVAILABLE = "wrong file_id or the file is temporarily unavailable"
_BASE64URL = re.compile(r"[A-Za-z0-9_-]+")
_THUMBNAIL_HEAD = "AAMCAgADGQE"
_FOLDERS = {
    MediaKind.PHOTO: "photos",
    MediaKind.DOCUMENT: "documents",
    MediaKind.ANIMATION: "animations",
    MediaKind.VIDEO: "videos",
}


@dataclass(eq=False)
class StoredFile:
    """Bytes that can be downloaded, until `forget`.

    Attributes:
        size: bytes; it stays when the data is forgotten.
        unique_id: same bytes of the same kind, same id; it cannot be downloaded by.
        width, height: pixels, 0 where there are none.
        extension: with its dot, for the download path.
    """

    data: bytes = field(repr=False)
    unique_id: str
    mime: str
    extension: str
    width: int = 0
    height: int = 0

    def __post_init__(self) -> None:
        self.size = len(self.data)

    @property
    def is_gone(self) -> bool:
        """Whether its bytes were forgotten."""
        return len(self.data) < self.size

    def forget(self) -> None:
        """Let go of the bytes; messages go on showing the file's names and sizes."""
        self.data = b""


@dataclass(frozen=True)
class Media:
    """A photo, document, animation or video: everything one message shows.

    Attributes:
        main: the file itself; of a photo the largest size.
        sizes: the photo's sizes, ascending; of another kind its thumbnail, when it has one.
        duration_s: playing time in whole seconds, for moving kinds.
    """

    kind: MediaKind
    main: StoredFile
    sizes: tuple[StoredFile, ...] = ()
    file_name: str | None = None
    duration_s: int = 0

    @property
    def identity(self) -> str:
        """Equal for equal content, whatever the file ids."""
        return f"{self.kind}:{self.main.unique_id}"


@dataclass(frozen=True)
class _Handle:
    file: StoredFile
    media: Media
    is_thumbnail: bool


def unique_id(kind: str, data: bytes) -> str:
    """A file_unique_id of bytes that are used as `kind`."""
    digest = hashlib.sha256(kind.encode() + b"\0" + data).digest()[:11]
    return "AQAD" + base64.urlsafe_b64encode(digest).decode().rstrip("=")


class FileStore:
    """All files of one emulator. Every appearance of a file gets a new, opaque file_id.

    Only the files shown last are kept, up to `max_bytes`: the bytes of older ones are forgotten.
    """

    def __init__(self, max_bytes: int = MAX_KEPT_BYTES, max_ids: int = MAX_KEPT_IDS) -> None:
        self._max_bytes = max_bytes
        self._max_ids = max_ids
        self._kept: dict[StoredFile, None] = {}
        self._kept_bytes = 0
        self._handles: dict[str, _Handle] = {}
        self._paths: dict[str, StoredFile] = {}
        self._path_of: dict[str, str] = {}

    def _mint(self, head: str, handle: _Handle) -> str:
        file_id = f"{head}{secrets.token_urlsafe(36)}"
        self._handles[file_id] = handle
        if len(self._handles) > self._max_ids:
            del self._handles[next(iter(self._handles))]
        return file_id

    def _keep(self, file: StoredFile) -> None:
        """Count a file that is shown; the ones shown longest ago go when it is too much."""
        if file.is_gone:
            return
        if file in self._kept:
            del self._kept[file]
        else:
            self._kept_bytes += file.size
        self._kept[file] = None
        while self._kept_bytes > self._max_bytes and len(self._kept) > 1:
            self._forget(next(iter(self._kept)))

    def _forget(self, file: StoredFile) -> None:
        del self._kept[file]
        self._kept_bytes -= file.size
        file.forget()
        path = self._path_of.get(file.unique_id)
        if path is not None and self._paths[path] is file:
            del self._paths[path], self._path_of[file.unique_id]

    def _entry(self, media: Media, file: StoredFile, *, is_thumbnail: bool) -> Json:
        head = _THUMBNAIL_HEAD if is_thumbnail else _ID_HEADS[media.kind]
        self._keep(file)
        return {
            "file_id": self._mint(head, _Handle(file, media, is_thumbnail)),
            "file_unique_id": file.unique_id,
            "file_size": file.size,
        }

    def show(self, media: Media) -> Json:
        """The Bot API fields of a message with this media, with new file ids."""
        if media.kind is MediaKind.PHOTO:
            return {"photo": [self._size(media, file, is_thumbnail=False) for file in media.sizes]}
        shown = self._entry(media, media.main, is_thumbnail=False)
        if media.file_name:
            shown["file_name"] = media.file_name
        shown["mime_type"] = media.main.mime
        if media.sizes:
            shown["thumbnail"] = self._size(media, media.sizes[0], is_thumbnail=True)
            shown["thumb"] = shown["thumbnail"]
        if media.kind is MediaKind.DOCUMENT:
            return {"document": shown}
        sides = {"width": media.main.width, "height": media.main.height}
        moving = {**shown, **sides, "duration": media.duration_s}
        if media.kind is MediaKind.VIDEO:
            return {"video": moving}
        return {"animation": moving, "document": shown}

    def _size(self, media: Media, file: StoredFile, *, is_thumbnail: bool) -> Json:
        entry = self._entry(media, file, is_thumbnail=is_thumbnail)
        return {**entry, "width": file.width, "height": file.height}

    def reuse(self, file_id: str, kind: MediaKind) -> Media:
        """The media behind a file_id that is sent again.

        Raises:
            ApiError: 400 for an unknown id, a thumbnail's, or one of another type.
        """
        handle = self._handles.get(file_id)
        if handle is None:
            raise wrong_file_id(file_id)
        if handle.file.is_gone:
            raise bad_request(_UNAVAILABLE)
        if handle.is_thumbnail:
            raise bad_request(f"Can't use file of type Thumbnail as {_TYPE_NAMES[kind]}")
        was_photo = handle.media.kind is MediaKind.PHOTO
        if was_photo != (kind is MediaKind.PHOTO):
            was = _TYPE_NAMES[handle.media.kind]
            raise bad_request(f"Can't use file of type {was} as {_TYPE_NAMES[kind]}")
        return handle.media

    def find(self, file_id: str) -> tuple[StoredFile, Media] | None:
        """The file and its media by file_id, None when there is none any more."""
        handle = self._handles.get(file_id)
        if handle is None or handle.file.is_gone:
            return None
        return handle.file, handle.media

    def describe(self, file_id: str) -> Json:
        """The Bot API's File, with a path to download from.

        Raises:
            ApiError: 400 for a wrong id, a file over 20 MB or one that was forgotten.
        """
        if not file_id:
            raise bad_request("file_id not specified")
        handle = self._handles.get(file_id)
        if handle is None:
            raise bad_request("invalid file_id")
        file = handle.file
        if file.size > MAX_DOWNLOAD_BYTES:
            raise bad_request("file is too big")
        if file.is_gone:
            raise bad_request(_UNAVAILABLE)
        return {
            "file_id": file_id,
            "file_unique_id": file.unique_id,
            "file_size": file.size,
            "file_path": self._path(handle),
        }

    def _path(self, handle: _Handle) -> str:
        file = handle.file
        known = self._path_of.get(file.unique_id)
        if known is not None:
            return known
        folder = "thumbnails" if handle.is_thumbnail else _FOLDERS[handle.media.kind]
        path = f"{folder}/file_{len(self._paths)}{file.extension}"
        self._paths[path] = file
        self._path_of[file.unique_id] = path
        return path

    def at(self, path: str) -> StoredFile | None:
        """The file that getFile gave this path, None when there is none."""
        return self._paths.get(path)


def wrong_file_id(file_id: str) -> ApiError:
    """The refusal of an id that is none of ours (tdlib, FileManager::from_persistent_id)."""
    reason = "can't unserialize it. Wrong last symbol"
    if not _BASE64URL.fullmatch(file_id):
        reason = "Wrong character in the string"
    return bad_request(f"Wrong remote file identifier specified: {reason}")
