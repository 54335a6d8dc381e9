"""One part of a copy: a zip that grows file by file and never holds one in memory."""

import asyncio
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

ENTRY_BYTES = 512
"""More than what a zip adds for a file: twice its name, and what it says of it."""


class ZipPart:
    """A zip under a path.

    Pictures and weights are stored, as they do not get smaller; texts are deflated.

    Args:
        path: Where it is.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_STORED)
        self._bytes = 0

    @property
    def size(self) -> int:
        """How long it will be at most."""
        return self._bytes + ENTRY_BYTES

    async def add(self, path: Path, name: str, size: int) -> None:
        """Append a file of that size under a name.

        Raises:
            OSError: The disk is full.
        """
        self._bytes += size + ENTRY_BYTES
        await asyncio.to_thread(self._zip.write, path, name)

    async def write(self, name: str, pieces: AsyncIterator[str], encoding: str = "utf-8") -> None:
        """Append a text that comes piece by piece; raises as `add`."""
        entry = zipfile.ZipInfo(name)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        with self._zip.open(entry, "w") as file:
            if encoding == "utf-8-sig":
                file.write(b"\xef\xbb\xbf")
            async for piece in pieces:
                file.write(piece.encode())
        self._bytes += entry.compress_size + ENTRY_BYTES

    def close(self) -> None:
        """Complete it."""
        self._zip.close()
