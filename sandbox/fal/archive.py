"""Reading a training archive as a trainer does: what counts, what is ignored, what fails."""

import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath

from PIL import Image, ImageOps

from sandbox.fal.failures import MINIMUM_IMAGES, SUPPORTED_EXTENSIONS, JobFailure, model_error

THUMBNAIL_PX = 384
"""Longest side of the photos kept in a LoRA file; about 256 px wide for a portrait."""
MAX_UNPACKED_BYTES = 2 * 1024**3
"""A limit of the sandbox: more unpacked bytes count as a bad archive."""
_READ_ERRORS = (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError)


@dataclass(frozen=True)
class TrainingPhoto:
    """One photo: its name in the archive, its caption if it has one, and a small JPEG of it."""

    name: str
    caption: str | None
    thumbnail: bytes


def read_archive(data: bytes, field: str) -> list[TrainingPhoto]:
    """The photos of a zip archive in the order of their names.

    Args:
        data: The archive.
        field: The input field that errors point to.

    Raises:
        JobFailure: No readable archive, too few images, or one that does not decode.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _photos(archive, ["body", field])
    except _READ_ERRORS as error:
        raise model_error("invalid_archive", ["body", field]) from error


def _photos(archive: zipfile.ZipFile, loc: list[str | int]) -> list[TrainingPhoto]:
    if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED_BYTES:
        raise model_error("invalid_archive", loc)
    names = sorted(name for name in archive.namelist() if _is_visible(name))
    photos = [name for name in names if _is_photo(name)]
    if len(photos) < MINIMUM_IMAGES:
        raise _too_few(len(photos), loc)
    texts = {name.removesuffix(".txt"): name for name in names if name.endswith(".txt")}
    found = []
    for name in photos:
        text = texts.get(str(PurePosixPath(name).with_suffix("")))
        caption = archive.read(text).decode(errors="replace").strip() if text else None
        found.append(TrainingPhoto(name, caption, thumbnail(archive.read(name), name, loc)))
    return found


def _is_visible(name: str) -> bool:
    parts = PurePosixPath(name).parts
    hidden = any(part.startswith((".", "__MACOSX")) for part in parts)
    return not hidden and not name.endswith("/")


def _is_photo(name: str) -> bool:
    path = PurePosixPath(name)
    return path.suffix.lower() in SUPPORTED_EXTENSIONS and not path.stem.endswith("_mask")


def _too_few(count: int, loc: list[str | int]) -> JobFailure:
    extensions = ", ".join(SUPPORTED_EXTENSIONS)
    return model_error(
        "archive_file_count_below_minimum",
        loc,
        message=f"Too few files in the archive. Expected at least {MINIMUM_IMAGES} files with "
        f"extensions {extensions}, found {count}. Add more matching files to the archive.",
        ctx={
            "min_count": MINIMUM_IMAGES,
            "provided_count": count,
            "supported_extensions": list(SUPPORTED_EXTENSIONS),
        },
    )


def thumbnail(data: bytes, name: str, loc: list[str | int]) -> bytes:
    """A small JPEG of a photo, upright.

    Raises:
        JobFailure: It does not decode.
    """
    try:
        with Image.open(io.BytesIO(data)) as opened:
            opened.draft("RGB", (THUMBNAIL_PX * 2, THUMBNAIL_PX * 2))
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((THUMBNAIL_PX, THUMBNAIL_PX), Image.Resampling.HAMMING)
            small = upright.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        message = f"Failed to load the image {name}. Please ensure the file is not corrupted."
        raise model_error("image_load_error", loc, message=message) from error
    buffer = io.BytesIO()
    small.save(buffer, "JPEG", quality=88)
    return buffer.getvalue()
