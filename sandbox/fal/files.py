"""The files of the emulated CDN: kept in memory, with expiry and access as the uploader wished."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import PurePosixPath

from pydantic import BaseModel, Field

from sandbox.fal.ids import store_name

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")


# A sandbox that runs for days must not fill the memory: hundreds of trainings fit.
MAX_KEPT_BYTES = 1024 * 1024 * 1024


class Access(StrEnum):
    """What strangers get: the file, 403 or 404."""

    ALLOW = "allow"
    FORBID = "forbid"
    HIDE = "hide"


class _InitialAcl(BaseModel):
    default: Access | None = None
    rules: list[object] | None = None


class Lifecycle(BaseModel):
    """The JSON of the lifecycle headers; null or absent expiry means that the file stays."""

    expiration_duration_seconds: float | None = Field(default=None, ge=0)
    initial_acl: _InitialAcl | None = None

    @property
    def access(self) -> Access:
        """What strangers get."""
        chosen = self.initial_acl.default if self.initial_acl else None
        return chosen or Access.ALLOW


@dataclass(frozen=True)
class StoredFile:
    """One file; `data` is None while its address is only reserved, `expires_at` is Unix time."""

    path: str
    file_name: str
    content_type: str
    data: bytes | None
    expires_at: float | None
    access: Access


class FileStore:
    """Files by their path on the CDN."""

    def __init__(self, now: Callable[[], float], max_bytes: int = MAX_KEPT_BYTES) -> None:
        self._now = now
        self._max_bytes = max_bytes
        self._files: dict[str, StoredFile] = {}

    def reserve(self, file_name: str, content_type: str, lifecycle: Lifecycle) -> StoredFile:
        """An address for a file whose bytes come later."""
        # Plain characters only, so that no client or proxy spells the address in another way.
        safe = _UNSAFE.sub("_", PurePosixPath(file_name.replace("\\", "/")).name) or "file"
        path = f"files/b/{store_name()}/{store_name()}_{safe}"
        lasts = lifecycle.expiration_duration_seconds
        # fal's backend takes 0 for "no expiration", as its client's source says.
        expires_at = self._now() + lasts if lasts else None
        stored = StoredFile(path, safe, content_type, None, expires_at, lifecycle.access)
        self._files[path] = stored
        return stored

    def fill(self, path: str, data: bytes) -> StoredFile:
        """Put the bytes at a reserved address; the oldest files go when too much is kept.

        Raises:
            KeyError: The address was never reserved.
        """
        stored = replace(self._files.pop(path), data=data)
        self._files[path] = stored
        kept = sum(len(file.data or b"") for file in self._files.values())
        for old in [path for path in self._files if path != stored.path]:
            if kept <= self._max_bytes:
                break
            kept -= len(self._files.pop(old).data or b"")
        return stored

    def add(
        self, file_name: str, content_type: str, data: bytes, lifecycle: Lifecycle
    ) -> StoredFile:
        """Reserve and fill in one step."""
        return self.fill(self.reserve(file_name, content_type, lifecycle).path, data)

    def get(self, path: str) -> StoredFile | None:
        """The file at this address, or None when it is unknown, empty or expired."""
        stored = self._files.get(path)
        if stored is None or stored.data is None:
            return None
        if stored.expires_at is not None and stored.expires_at <= self._now():
            del self._files[path]
            return None
        return stored

    def delete(self, path: str) -> bool:
        """Remove a file; says whether it was there."""
        return self._files.pop(path, None) is not None
