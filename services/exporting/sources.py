"""Where the files of a copy come from: Telegram, fal, and the operator's own store."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol
from urllib.parse import urlsplit

from db.database import Database
from services.domain.copies import CopyKind
from services.domain.exports import ExportItem, ItemKind, ItemProblem
from services.domain.values import Enlargement, Picture
from services.errors import FalFileRefused, FalResultGone, PhotoGone
from services.photos.refusal import PhotoRefused

OF_MODEL: Mapping[ItemKind, tuple[CopyKind, str]] = {
    ItemKind.WEIGHTS: (CopyKind.WEIGHTS, ".safetensors"),
    ItemKind.CONFIG: (CopyKind.CONFIG, ".json"),
}

COPIES_OF: Mapping[ItemKind, CopyKind] = {
    ItemKind.PICTURE: CopyKind.ORIGINAL,
    ItemKind.ENLARGED: CopyKind.ENLARGED,
    **{kind: copy for kind, (copy, _) in OF_MODEL.items()},
}

FILE_S = 600.0
"""How long one file may take; one that takes longer is tried again."""


class TelegramSource(Protocol):
    """Telegram's files."""

    async def save(self, file_id: str, path: Path) -> str:
        """Write a file to a path, piece by piece.

        Returns:
            How its name ends.

        Raises:
            PhotoUnavailable: Try again later.
            PhotoGone: It cannot be fetched any more.
            PhotoRefused: It is larger than a bot may fetch.
        """
        ...


class FalSource(Protocol):
    """fal's files."""

    def stream(
        self, url: str, max_bytes: int
    ) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """Yield a file piece by piece; raises as `FalGateway.download`."""
        ...


class Pictures(Protocol):
    """Pictures with the operator's mark."""

    @property
    def are_changed(self) -> bool:
        """Whether files are marked at all."""
        ...

    async def fetch(self, picture: Picture | Enlargement) -> bytes:
        """Return a picture with its mark; raises as `FalGateway.download`."""
        ...


class Copies(Protocol):
    """The operator's own store."""

    def stream(self, kind: CopyKind, of_id: str) -> AsyncIterator[bytes]:
        """Yield a copy piece by piece; nothing where there is none."""
        ...

    async def link(self, kind: CopyKind, of_id: str) -> str | None:
        """Return an address of a copy, if there is one."""
        ...


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of fetching a file: how its name ends, or why it is not as it should be."""

    suffix: str = ""
    problem: ItemProblem | None = None


class Sources:
    """Fetches each file from where it is best.

    Args:
        database: Tells where.
        telegram: Has photos, and pictures that were sent as files.
        fal: Has what was made.
        pictures: Marks what leaves.
        copies: Has what fal may have lost; None without a store.
    """

    def __init__(
        self,
        database: Database,
        telegram: TelegramSource,
        fal: FalSource,
        pictures: Pictures,
        copies: Copies | None,
    ) -> None:
        self._database = database
        self._telegram = telegram
        self._fal = fal
        self._pictures = pictures
        self._copies = copies

    async def fetch(self, item: ExportItem, path: Path, max_bytes: int) -> Fetched:
        """Write a file to a path, or say why not.

        Raises:
            PhotoUnavailable: Telegram does not give it now.
            FalUnavailable: fal does not.
            StoreUnavailable: The store does not.
            TimeoutError: It took too long.
        """
        async with asyncio.timeout(FILE_S):
            try:
                match item.kind:
                    case ItemKind.PHOTO:
                        return await self._photo(item, path)
                    case ItemKind.PICTURE | ItemKind.ENLARGED:
                        return await self._picture(item, path, max_bytes)
                    case ItemKind.WEIGHTS | ItemKind.CONFIG:
                        return await self._of_model(item, path, max_bytes)
            except FalResultGone:
                # Also an address that is never asked.
                return Fetched(problem=ItemProblem.GONE)

    async def link(self, item: ExportItem) -> str | None:
        """Return the address of a file that is too large for a part.

        Raises:
            StoreUnavailable: The store does not tell now.
        """
        if self._copies is not None:
            link = await self._copies.link(COPIES_OF[item.kind], item.of_id)
            if link is not None:
                return link
        return await self._url(item)

    @property
    def has_copies(self) -> bool:
        """Whether there is a store."""
        return self._copies is not None

    async def _photo(self, item: ExportItem, path: Path) -> Fetched:
        async with self._database.transaction() as tx:
            file_id = await tx.exported.photo_file(item.of_id)
        if file_id is None:
            return Fetched(problem=ItemProblem.GONE)
        try:
            return Fetched(await self._telegram.save(file_id, path))
        except (PhotoGone, PhotoRefused):
            return Fetched(problem=ItemProblem.GONE)

    async def _picture(self, item: ExportItem, path: Path, max_bytes: int) -> Fetched:
        picture: Picture | Enlargement | None
        async with self._database.transaction() as tx:
            if item.kind is ItemKind.PICTURE:
                picture = await tx.pictures.get(item.of_id)
            else:
                picture = await tx.enlargements.read(item.of_id)
        if picture is None:
            return Fetched(problem=ItemProblem.GONE)
        suffix = PurePosixPath(urlsplit(picture.url or "").path).suffix or ".jpg"
        if picture.document_file_id and await self._saved(picture.document_file_id, path):
            # What *Full size* has sent.
            return Fetched(suffix)
        try:
            if self._pictures.are_changed:
                data = await self._pictures.fetch(picture)
                await asyncio.to_thread(path.write_bytes, data)
            else:
                await self._stream(picture, path, max_bytes)
        except FalResultGone:
            shown = picture.photo_file_id if isinstance(picture, Picture) else None
            if shown and await self._saved(shown, path):
                return Fetched(".jpg", ItemProblem.SMALLER)
            raise
        return Fetched(suffix)

    async def _saved(self, file_id: str, path: Path) -> bool:
        try:
            await self._telegram.save(file_id, path)
        except (PhotoGone, PhotoRefused):
            return False
        return True

    async def _stream(self, picture: Picture | Enlargement, path: Path, max_bytes: int) -> None:
        is_picture = isinstance(picture, Picture)
        kind = CopyKind.ORIGINAL if is_picture else CopyKind.ENLARGED
        try:
            async with self._fal.stream(picture.url or "", max_bytes) as chunks:
                await _write(path, chunks)
        except FalFileRefused:
            raise
        except FalResultGone:
            if not await self._copied(kind, picture.id, path):
                raise

    async def _of_model(self, item: ExportItem, path: Path, max_bytes: int) -> Fetched:
        kind, suffix = OF_MODEL[item.kind]
        url = await self._url(item)
        if url is None:
            return Fetched(problem=ItemProblem.GONE)
        try:
            async with self._fal.stream(url, max_bytes) as chunks:
                await _write(path, chunks)
        except FalFileRefused:
            return Fetched(suffix, ItemProblem.TOO_LARGE)
        except FalResultGone:
            size = await self._copy_size(kind, item.of_id)
            if size is not None and size > max_bytes:
                return Fetched(suffix, ItemProblem.TOO_LARGE)
            if not await self._copied(kind, item.of_id, path):
                return Fetched(suffix, ItemProblem.GONE)
        return Fetched(suffix)

    async def _url(self, item: ExportItem) -> str | None:
        async with self._database.transaction() as tx:
            match item.kind:
                case ItemKind.CONFIG:
                    return await tx.exported.config_url(item.of_id)
                case ItemKind.WEIGHTS:
                    model = await tx.models.get(item.of_id)
                    return model.lora_url if model is not None else None
                case ItemKind.ENLARGED:
                    larger = await tx.enlargements.read(item.of_id)
                    return larger.url if larger is not None else None
                case _:
                    picture = await tx.pictures.get(item.of_id)
                    return picture.url if picture is not None else None

    async def _copy_size(self, kind: CopyKind, of_id: str) -> int | None:
        async with self._database.transaction() as tx:
            copy = await tx.copies.made(kind, of_id)
        return copy.size if copy is not None else None

    async def _copied(self, kind: CopyKind, of_id: str, path: Path) -> bool:
        """Write the copy of a file to a path; return whether there is one."""
        if self._copies is None or await self._copy_size(kind, of_id) is None:
            return False
        await _write(path, self._copies.stream(kind, of_id))
        return True


async def _write(path: Path, chunks: AsyncIterable[bytes]) -> None:
    with path.open("wb") as file:
        async for chunk in chunks:
            await asyncio.to_thread(file.write, chunk)
