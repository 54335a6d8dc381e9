"""Copies fal's files behind everything else, and uses a copy where fal has the file no more."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from time import monotonic
from typing import Protocol

from db.database import Database
from services.copies.store import LONGEST_SIGNED, Store
from services.domain.copies import Copy, CopyKind
from services.domain.values import Enlargement, Model, Picture
from services.errors import FalError, FalResultGone, StoreUnavailable

logger = logging.getLogger(__name__)

AT_A_TIME = 200
"""So many new rows a look."""

MAX_BYTES = 4 * 1024**3
"""Far beyond any LoRA."""

COPY_S = 1800.0
"""For one file, both ways."""

LINK_LASTS = LONGEST_SIGNED
"""How long an address works that a user is given."""

KNOWN_FOR_S = 3600.0
"""How long it is taken for true that fal has the weights of a model, or has not."""

MOST_KNOWN = 10_000
"""Of so many files at once; the one that was looked at longest ago is forgotten."""


class Source(Protocol):
    """Where the files come from: fal."""

    def stream(
        self, url: str, max_bytes: int
    ) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """Yield a file piece by piece; raises as `FalGateway.download`."""
        ...

    async def look(self, url: str) -> None:
        """Return if a file is there; raises as `FalGateway.download`."""
        ...


class FileCopies:
    """Files of models and pictures in the operator's store.

    What is to be copied follows from the rows of models and pictures, so models made before there
    was a store are copied as well, and what a deletion leaves in the store is found, whoever
    deleted it and whenever.

    Args:
        database: Where models, pictures and copies are kept.
        store: Where the copies go.
        source: Where the files come from.
        lasts: How long fal may need an address: as long as a job may take.
    """

    def __init__(self, database: Database, store: Store, source: Source, lasts: timedelta) -> None:
        self._database = database
        self._store = store
        self._source = source
        self._lasts = lasts
        self._is_gone: OrderedDict[str, tuple[bool, float]] = OrderedDict()

    async def unfinished(self) -> Sequence[str]:
        """Return the ids of copies to be made and of those to be removed."""
        async with self._database.transaction() as tx:
            await tx.copies.note_missing(AT_A_TIME)
            return [*await tx.copies.open(), *await tx.copies.orphans()]

    async def step(self, copy_id: str) -> float | None:
        """Make a copy, or remove it.

        Raises:
            FalUnavailable: fal does not give the file now.
            StoreUnavailable: The store does not take or give it now.
        """
        async with self._database.transaction() as tx:
            copy = await tx.copies.get(copy_id)
            is_orphan = copy_id in await tx.copies.orphans(copy_id)
        if copy is None:
            return None
        if is_orphan:
            await self._store.delete(copy.key)
            async with self._database.transaction() as tx:
                await tx.copies.remove(copy_id)
            logger.info("copy %s is removed, as what it was of", copy_id)
        elif copy.is_open:
            await self._copy(copy)
        return None

    async def _copy(self, copy: Copy) -> None:
        try:
            async with (
                asyncio.timeout(COPY_S),
                self._source.stream(copy.url, MAX_BYTES) as chunks,
            ):
                sent = await self._store.put(copy.key, chunks)
                stored = await self._store.seen(copy.key)
        except TimeoutError as error:
            raise StoreUnavailable("no whole copy in time") from error
        except FalResultGone:
            logger.warning("copy %s cannot be made: fal has the file no more", copy.id)
            async with self._database.transaction() as tx:
                await tx.copies.note_lost(copy.id)
            return
        if stored != sent:
            raise StoreUnavailable("what is stored is not what was sent")
        async with self._database.transaction() as tx:
            await tx.copies.note_copied(copy.id, sent.size, sent.sha256)
        logger.info("copy %s is made: %s bytes", copy.id, sent.size)

    async def weights_address(self, model: Model) -> str:
        """Return where fal fetches a model's weights: its own address while the file is there.

        A file that cannot be looked at now is taken to be there.
        """
        return await self._address(model.lora_url, await self._copied(CopyKind.WEIGHTS, model.id))

    async def _address(self, url: str, copy: Copy | None) -> str:
        if copy is None or not await self._has_lost(url):
            return url
        try:
            return await self._store.address(copy.key, self._lasts)
        except StoreUnavailable:
            logger.warning("copy %s: it has no address now", copy.id)
            return url

    async def picture_address(self, picture: Picture) -> str:
        """Return where fal fetches a picture, as `weights_address` does."""
        copy = await self._copied(CopyKind.ORIGINAL, picture.id)
        return await self._address(picture.url, copy)

    async def original(self, picture: Picture | Enlargement, max_bytes: int) -> bytes | None:
        """Return the copy of a picture, None where there is none, or not now."""
        kind = CopyKind.ORIGINAL if isinstance(picture, Picture) else CopyKind.ENLARGED
        copy = await self._copied(kind, picture.id)
        if copy is None:
            return None
        try:
            return await self._store.read(copy.key, min(copy.size or 0, max_bytes))
        except StoreUnavailable as error:
            logger.warning("the copy of picture %s cannot be read: %s", picture.id, error)
            return None

    async def stream(self, kind: CopyKind, of_id: str) -> AsyncIterator[bytes]:
        """Yield a copy piece by piece; nothing where there is none.

        Raises:
            StoreUnavailable: The store does not give it now.
        """
        copy = await self._copied(kind, of_id)
        if copy is not None:
            async for chunk in self._store.stream(copy.key):
                yield chunk

    async def link(self, kind: CopyKind, of_id: str) -> str | None:
        """Return an address of a copy that works for as long as `LINK_LASTS`, if there is one.

        Raises:
            StoreUnavailable: As `stream`.
        """
        copy = await self._copied(kind, of_id)
        return await self._store.address(copy.key, LINK_LASTS) if copy is not None else None

    async def _copied(self, kind: CopyKind, of_id: str) -> Copy | None:
        async with self._database.transaction() as tx:
            return await tx.copies.made(kind, of_id)

    async def _has_lost(self, url: str) -> bool:
        is_gone, until_s = self._is_gone.get(url, (False, 0.0))
        if monotonic() < until_s:
            return is_gone
        try:
            await self._source.look(url)
            is_gone = False
        except FalResultGone:
            is_gone = True
        except FalError:
            return False
        self._is_gone[url] = (is_gone, monotonic() + KNOWN_FOR_S)
        self._is_gone.move_to_end(url)
        if len(self._is_gone) > MOST_KNOWN:
            self._is_gone.popitem(last=False)
        return is_gone
