"""The archive a trainer gets: a flat zip of plainly named JPEGs, written one at a time."""

import zipfile
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

_FIXED_TIME = (
    1980,
    1,
    1,
    0,
    0,
    0,
)  # the earliest a zip can say: when it was made is nobody's matter
_PLAIN_FILE = 0o644 << 16


class ArchiveWriter:
    """Writes `01.jpg`, `02.jpg`, … in the order given; the same photos return the same bytes.

    A context manager. The archive appears under its name only when the block ends without an
    error; until then it is a `.part` file beside it, which an error removes.
    Not safe for several threads at once.
    """

    def __init__(self, path: Path) -> None:
        """Begin an archive.

        Args:
            path: Where the finished archive goes; an older file there is replaced at the end.

        Raises:
            OSError: When the folder is missing or not writable.
        """
        self._path = path
        self._part = path.with_name(path.name + ".part")
        # Stored, not deflated: JPEGs do not get smaller.
        self._zip = zipfile.ZipFile(self._part, "w", zipfile.ZIP_STORED)
        self.count = 0

    def add(self, jpeg: bytes) -> str:
        """Append one prepared photo.

        Args:
            jpeg: What `prepare_photo` returned.

        Returns:
            The name it got, e.g. `01.jpg`.

        Raises:
            OSError: When the disk is full.
        """
        self.count += 1
        entry = zipfile.ZipInfo(f"{self.count:02d}.jpg", _FIXED_TIME)
        entry.external_attr = _PLAIN_FILE
        self._zip.writestr(entry, jpeg)
        return entry.filename

    def finish(self) -> None:
        """Complete the archive and move it to its name."""
        self._zip.close()
        self._part.replace(self._path)

    def discard(self) -> None:
        """Remove what was written so far."""
        self._zip.close()
        self._part.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error_type is None:
            self.finish()
        else:
            self.discard()


def write_archive(path: Path, photos: Iterable[bytes]) -> None:
    """Write a whole archive from prepared photos, holding one of them at a time.

    Args:
        path: Where the archive goes.
        photos: Prepared JPEGs in order; a generator keeps memory bounded.

    Raises:
        OSError: When the archive cannot be written.
    """
    with ArchiveWriter(path) as archive:
        for jpeg in photos:
            archive.add(jpeg)
