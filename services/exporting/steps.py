"""Makes a copy part by part, and sends each as soon as it is full."""

import asyncio
import errno
import logging
import os
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from db.database import Database
from services.domain.clock import now
from services.domain.exports import (
    Contents,
    Export,
    ExportItem,
    ExportState,
    ItemKind,
    ItemProblem,
)
from services.domain.values import SentMessage
from services.errors import (
    FalUnavailable,
    PhotoUnavailable,
    StoreUnavailable,
    UserUnreachable,
)
from services.exporting.data import Data
from services.exporting.part import ENTRY_BYTES, ZipPart
from services.exporting.post import ExportPost, PartSent
from services.exporting.sources import Fetched, Sources
from services.paying.service import Paying

logger = logging.getLogger(__name__)

TRIES = 8
"""So often a file is asked for; with the pauses between, some minutes."""

LONGEST_PAUSE_S = 60.0

GIVEN_UP_AFTER = timedelta(days=2)
"""A copy that is not done by then never will be; its user may have another one made."""

SPARE_BYTES = 64 * 1024**2
"""What is left free on the disk, besides room for a part and the file that comes next."""

NO_ROOM_PAUSE_S = 60.0

DATA_ROOM = 4 * 1024**2
"""What tables and README may need, deflated: a part without so much room is sent before them."""

ALL_RECEIPTS = 10_000
"""So many of the newest are in the file, as in that of /receipts."""

LINK_DAYS = 7
"""How long an address in the operator's store works."""

IN_IT = (None, ItemProblem.SMALLER)
"""What is said of files that are in a copy."""

TROUBLES = (PhotoUnavailable, FalUnavailable, StoreUnavailable, TimeoutError)


@dataclass(slots=True)
class _Gathered:
    """The files of a part; `tries` is how often a file failed that is to be tried again."""

    zip: ZipPart
    numbers: list[int] = field(default_factory=list)
    is_full: bool = False
    tries: int = 0


class ExportSteps:
    """The step that the carrier calls for a copy: it makes and sends one part.

    A part is recorded when it has been sent. A kill while it is made costs its downloads; one
    between sending and recording has it sent twice, never not at all.

    Args:
        database: Where copies are kept.
        sources: Where their files come from.
        post: How they are sent.
        paying: Knows the receipts.
        folder: Where parts are made, each in a private folder that is removed with it.
        part_bytes: How long a part may be.
    """

    def __init__(
        self,
        database: Database,
        sources: Sources,
        post: ExportPost,
        paying: Paying,
        folder: Path,
        part_bytes: int,
    ) -> None:
        self._database = database
        self._sources = sources
        self._post = post
        self._paying = paying
        self._folder = folder
        self._part_bytes = part_bytes

    async def step(self, export_id: str) -> float | None:
        """Take a copy one part on.

        Returns:
            Seconds to wait before the next step, None when nothing is left to do.

        Raises:
            DeliveryFailed: A part could not be sent now.
            UserUnreachable: The user has blocked the bot: it waits for them.
        """
        async with self._database.transaction() as tx:
            export = await tx.exports.get(export_id)
        if export is None or export.settled_at is not None:
            return None
        if export.state is not ExportState.WORKING:
            await self._settle(export)
            return None
        if now() - export.created_at > GIVEN_UP_AFTER:
            return await self._end(export, ExportState.FAILED)
        if shutil.disk_usage(self._folder).free < 2 * self._part_bytes + SPARE_BYTES:
            logger.warning("copy %s waits: the disk is nearly full", export_id)
            return NO_ROOM_PAUSE_S
        self._post.changed(export_id)
        try:
            with TemporaryDirectory(prefix="neurophoto-", dir=self._folder) as folder:
                return await self._make_part(export, Path(folder))
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            logger.warning("copy %s waits: the disk is full", export_id)
            return NO_ROOM_PAUSE_S

    async def _make_part(self, export: Export, folder: Path) -> float | None:
        gathered = _Gathered(ZipPart(folder / "part.zip"))
        try:
            if not await self._gather(export, gathered, folder / "file"):
                # It was stopped, or deleted with everything else.
                return 0.0
            room = self._part_bytes - min(DATA_ROOM, self._part_bytes // 4)
            is_last = not (gathered.is_full or gathered.tries) and (
                not gathered.numbers or gathered.zip.size <= room
            )
            if gathered.tries and not gathered.numbers:
                return _pause_after(gathered.tries)
            missing = await self._add_data(export, gathered) if is_last else 0
        finally:
            gathered.zip.close()
        part = PartSent(export.parts + 1, is_last, missing)
        sent = await self._post.send_part(export, gathered.zip.path, part)
        if sent is None:
            return await self._end(export, ExportState.FAILED)
        await self._note(export, part, gathered, sent)
        return _pause_after(gathered.tries) if gathered.tries else 0.0

    async def _gather(self, export: Export, gathered: _Gathered, path: Path) -> bool:
        """Put files into a part until it is full; return whether the copy is still wanted."""
        async with self._database.transaction() as tx:
            items = await tx.exports.open_items(export.id)
        done = export.items - len(items)
        for item in items:
            async with self._database.transaction() as tx:
                if not await tx.exports.note_gathered(export.id, done):
                    return False
            self._post.changed(export.id)
            try:
                fetched = await self._sources.fetch(item, path, self._part_bytes)
            except TROUBLES as error:
                await self._note_trouble(export, item, gathered, error)
                continue
            if not await self._put(export, item, fetched, gathered, path):
                gathered.is_full = True
                break
            done += 1
        async with self._database.transaction() as tx:
            return await tx.exports.note_gathered(export.id, done)

    async def _put(
        self, export: Export, item: ExportItem, fetched: Fetched, gathered: _Gathered, path: Path
    ) -> bool:
        """Put a file into a part, or note why it is in none; return False where it is full."""
        item = replace(item, path=_with_suffix(item, fetched.suffix), problem=fetched.problem)
        size = 0
        if item.problem in IN_IT:
            size = await asyncio.to_thread(os.path.getsize, path)
            if size > self._part_bytes - ENTRY_BYTES:
                item = replace(item, problem=ItemProblem.TOO_LARGE)
            elif gathered.numbers and gathered.zip.size + size > self._part_bytes:
                return False
        async with self._database.transaction() as tx:
            await tx.exports.note_item(export.id, item)
        if item.problem in IN_IT:
            await gathered.zip.add(path, item.path, size)
            gathered.numbers.append(item.number)
        else:
            logger.info("copy %s: %s %s is %s", export.id, item.kind, item.of_id, item.problem)
        return True

    async def _note_trouble(
        self, export: Export, item: ExportItem, gathered: _Gathered, error: Exception
    ) -> None:
        tries = item.tries + 1
        logger.warning(
            "copy %s: %s is tried again: %s", export.id, item.kind, type(error).__name__
        )
        is_over = tries >= TRIES
        item = replace(item, tries=tries, problem=ItemProblem.UNAVAILABLE if is_over else None)
        async with self._database.transaction() as tx:
            await tx.exports.note_item(export.id, item)
        if not is_over:
            gathered.tries = max(gathered.tries, tries)

    async def _add_data(self, export: Export, gathered: _Gathered) -> int:
        """Put tables and README into the last part; return how many files are missing."""
        async with self._database.transaction() as tx:
            items = await tx.exports.items(export.id)
        number = export.parts + 1
        items = [
            replace(item, part=number) if item.number in gathered.numbers else item
            for item in items
        ]
        language = await self._post.language(export.user_id)
        data = Data(self._database, export.user_id, items)
        contents = await self._contents(export, items)
        write = gathered.zip.write
        await write("README.txt", _whole(self._post.readme(language, contents)), "utf-8-sig")
        await write("data.json", data.json())
        await write("pictures.csv", data.pictures(), "utf-8-sig")
        await write("consents.csv", data.consents(), "utf-8-sig")
        if contents.has_receipts:
            receipts = await self._paying.receipts(export.user_id, None, ALL_RECEIPTS)
            table = self._post.receipts(language, receipts.shown)
            await write("receipts.csv", _whole(table), "utf-8-sig")
        return len(contents.missing)

    async def _contents(self, export: Export, items: list[ExportItem]) -> Contents:
        links, missing = {}, []
        for item in items:
            if item.problem is ItemProblem.TOO_LARGE:
                link = await self._sources.link(item)
                if link is None:
                    missing.append(replace(item, problem=ItemProblem.GONE))
                else:
                    links[item.path] = link
            elif item.problem is not None:
                missing.append(item)
        is_there = [item.kind for item in items if item.part is not None]
        return Contents(
            user_id=export.user_id,
            made_at=now(),
            counts={kind: is_there.count(kind) for kind in ItemKind},
            links=links,
            links_last_days=LINK_DAYS if self._sources.has_copies else None,
            missing=missing,
            has_receipts=await self._paying.wallet(export.user_id) is not None,
        )

    async def _note(
        self, export: Export, part: PartSent, gathered: _Gathered, sent: SentMessage
    ) -> None:
        async with self._database.transaction() as tx:
            is_there = await tx.exports.lock(export.id) is not None
            if is_there:
                await tx.exports.note_part(export.id, part.number, gathered.numbers)
                if part.is_last:
                    await tx.exports.end(export.id, ExportState.DONE)
        if not is_there:
            # The user has deleted their data meanwhile.
            await self._post.take_back(sent)
        logger.info("part %s of copy %s is sent", part.number, export.id)

    async def _end(self, export: Export, state: ExportState) -> float:
        logger.error("copy %s has come to nothing", export.id)
        async with self._database.transaction() as tx:
            await tx.exports.end(export.id, state)
        return 0.0

    async def _settle(self, export: Export) -> None:
        try:
            await self._post.settle(export)
        except UserUnreachable:
            logger.info("copy %s: its user cannot be told how it ended", export.id)
        async with self._database.transaction() as tx:
            await tx.exports.settle(export.id)


def _with_suffix(item: ExportItem, suffix: str) -> str:
    return item.path if not suffix or item.path.endswith(suffix) else item.path + suffix


def _pause_after(tries: int) -> float:
    return min(2.0**tries, LONGEST_PAUSE_S)


async def _whole(text: str) -> AsyncIterator[str]:
    yield text
