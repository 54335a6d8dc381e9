"""Photos that come over HTTP: they go into the user's chat, and from there into the draft."""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol
from weakref import WeakValueDictionary

from db.database import Database, Transaction
from services.domain.values import Photo, Place
from services.domain.vocabulary import PhotoState
from services.errors import NotFound, StaleButton
from services.photos.coach.seen import seen_in
from services.photos.sniff import refuse_known_non_photo
from services.training.draft_photos import DraftPhotos, SentPhoto, same_bytes
from services.training.own_draft import own_draft


class PhotoKeeper(Protocol):
    """Where photos go that did not come from the chat; the handlers implement it."""

    async def keep(self, user_id: int, place: Place, name: str, data: bytes) -> SentPhoto:
        """Send a file into the chat, from where it can be fetched like those sent there.

        Raises:
            UserUnreachable: The user has blocked the bot, or the chat is gone.
            DeliveryFailed: Telegram did not take it; try again later.
            PhotoRefused: Telegram took it for something else than a file.
        """
        ...


class Uploads:
    """Use cases of photos over HTTP.

    A photo is kept where one that was sent in the chat is: at Telegram, and here by its file id.

    Args:
        database: Where drafts are kept.
        photos: The photos of drafts.
        keeper: Sends a file into the chat.
        check: Has the photos of a draft checked, and their counter catch up.
    """

    def __init__(
        self,
        database: Database,
        photos: DraftPhotos,
        keeper: PhotoKeeper,
        check: Callable[[str], None],
    ) -> None:
        self._database = database
        self._photos = photos
        self._keeper = keeper
        self._check = check
        self._under_way: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    async def take(
        self, user_id: int, place: Place, draft_id: str, name: str, data: bytes
    ) -> Photo:
        """Take a photo into a draft; the same bytes again, unless refused, are the same photo.

        Args:
            user_id: Whose draft it is.
            place: The chat that the file goes to.
            draft_id: The draft.
            name: Of the file.
            data: The file, at most 20 MB.

        Raises:
            PhotoRefused: It is plainly no photo; nothing is kept of it.
            NotFound: The draft was dropped.
            StaleButton: It has started.
            DeliveryFailed: The chat cannot be reached now; UserUnreachable where it is closed.
        """
        refuse_known_non_photo(data)
        digest = hashlib.sha256(data).hexdigest()
        # A file whose answer was lost comes again while the first one is still on its way.
        async with self._under_way.setdefault((draft_id, digest), asyncio.Lock()):
            return await self._take(user_id, place, draft_id, name, data, digest)

    async def _take(
        self, user_id: int, place: Place, draft_id: str, name: str, data: bytes, digest: str
    ) -> Photo:
        async with self._database.transaction() as tx:
            await own_draft(tx, user_id, draft_id)
            known = await same_bytes(tx, draft_id, digest)
        if known is not None:
            return known
        sent = replace(await self._keeper.keep(user_id, place, name, data), sha256=digest)
        await self._photos.record(user_id, draft_id, sent)
        async with self._database.transaction() as tx:
            photo = await tx.photos.find(draft_id, sent.file_unique_id)
            photo = photo or await same_bytes(tx, draft_id, digest)
        if photo is None:
            raise StaleButton
        return photo

    async def own(self, user_id: int, photo_id: int) -> Photo:
        """Return a photo of the user's draft.

        Raises:
            NotFound: No such photo there.
        """
        async with self._database.transaction() as tx:
            return await _own_photo(tx, user_id, photo_id)

    async def turn(self, user_id: int, photo_id: int) -> None:
        """Turn an accepted photo by a quarter, clockwise.

        Raises:
            NotFound: No such photo in the user's draft.
            StaleButton: It was not accepted, or nobody has looked at it.
        """
        async with self._database.transaction() as tx:
            photo = await _own_photo(tx, user_id, photo_id)
            await own_draft(tx, user_id, photo.training_id)
            seen = seen_in(photo.seen)
            if seen is None or photo.state is not PhotoState.ACCEPTED:
                raise StaleButton
            # `turn` counts against the clock.
            await tx.photos.note_seen(photo_id, replace(seen, turn=(seen.turn + 3) % 4).stored())
        self._check(photo.training_id)

    async def remove(self, user_id: int, photo_id: int) -> None:
        """Take a photo out of the user's draft; in the chat it stays.

        Raises:
            NotFound: No such photo there.
        """
        async with self._database.transaction() as tx:
            photo = await _own_photo(tx, user_id, photo_id)
            await own_draft(tx, user_id, photo.training_id)
            await tx.photos.remove(photo.id)
        self._check(photo.training_id)


async def _own_photo(tx: Transaction, user_id: int, photo_id: int) -> Photo:
    draft = await tx.drafts.of(user_id)
    photos = await tx.photos.all_of(draft.id) if draft is not None else ()
    photo = next((photo for photo in photos if photo.id == photo_id), None)
    if photo is None:
        raise NotFound
    return photo
