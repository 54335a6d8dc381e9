"""The photos of a draft: what is sent for it, and what the user removes again."""

from collections.abc import Callable
from dataclasses import dataclass

from db.database import Database, Transaction
from services.domain.values import Photo
from services.domain.vocabulary import PhotoState
from services.errors import PhotosStillChecking, TooFewPhotos
from services.photos.refusal import RefusalReason
from services.training.own_draft import own_draft

MAX_LABEL_LENGTH = 40


@dataclass(frozen=True)
class SentPhoto:
    """A picture as it arrives: Telegram's ids, and a refusal where the message itself tells.

    `label` is the file's name when it came as a file, for telling the user which one is meant;
    `thumbnail_file_id` is Telegram's own small version, where there is one. `sha256` is that of
    its bytes, where they were here.
    """

    message_id: int
    file_id: str
    file_unique_id: str
    thumbnail_file_id: str | None = None
    label: str | None = None
    refusal: RefusalReason | None = None
    sha256: str | None = None


class DraftPhotos:
    """Use cases of the photo step.

    Args:
        database: Where photos are kept.
        min_photos: How many have to be accepted.
        max_photos: How many can be.
        check: Has the photos of a draft checked, soon and in the background.
    """

    def __init__(
        self,
        database: Database,
        min_photos: int,
        max_photos: int,
        check: Callable[[str], None],
    ) -> None:
        self._database = database
        self._max_photos = max_photos
        self._min_photos = min_photos
        self._check = check

    def catch_up(self, training_id: str) -> None:
        """Have the photos of a draft checked, and what the chat says of them catch up."""
        self._check(training_id)

    async def accepted(self, training_id: str) -> int:
        """Count the photos that will be trained on."""
        async with self._database.transaction() as tx:
            return await tx.photos.count(training_id, PhotoState.ACCEPTED)

    async def count(self, training_id: str) -> int:
        """Return how many photos were sent for a training, refused ones included."""
        async with self._database.transaction() as tx:
            return len(await tx.photos.all_of(training_id))

    async def record(self, user_id: int, training_id: str, sent: SentPhoto) -> None:
        """Keep a photo as its own row; whether it can be used is found out behind this.

        The same file sent again is counted as a repeat; the same message delivered again is not.
        Bytes that came in another file a moment ago, through another process, are there already.
        """
        async with self._database.transaction() as tx:
            await own_draft(tx, user_id, training_id)
            # A photo that was taken back meanwhile does not return with its message.
            if not await tx.once.is_first(f"photo:{training_id}:{sent.message_id}"):
                return
            if sent.sha256 and await same_bytes(tx, training_id, sent.sha256) is not None:
                return
            if not await tx.photos.record(_row_of(training_id, sent)):
                known = await tx.photos.find(training_id, sent.file_unique_id)
                if known is not None and known.message_id != sent.message_id:
                    await _repeat(tx, known, sent)
        self._check(training_id)

    async def remove_last(self, user_id: int, training_id: str, press: str) -> bool:
        """Remove the photo that was sent last among those accepted or being checked.

        Args:
            user_id: Who presses.
            training_id: The draft.
            press: Telegram's id of the press; handled again, it removes nothing more.

        Returns:
            Whether there was one.
        """
        async with self._database.transaction() as tx:
            await own_draft(tx, user_id, training_id)
            kept = [
                photo
                for photo in await tx.photos.all_of(training_id)
                if photo.state != PhotoState.REFUSED
            ]
            is_first = await tx.once.is_first(f"press:{press}")
            if is_first and kept:
                await tx.photos.remove(kept[-1].id)
        self._check(training_id)
        return bool(kept) or not is_first

    async def insist(self, user_id: int, training_id: str) -> int:
        """Take the photos after all on which nobody was seen, as many as there is room for.

        Of those that are still being checked, too; photos that are sent later are not meant.

        Returns:
            How many were taken at once.
        """
        async with self._database.transaction() as tx:
            await own_draft(tx, user_id, training_id)
            accepted = await tx.photos.count(training_id, PhotoState.ACCEPTED)
            taken = await tx.photos.accept_after_all(
                training_id, RefusalReason.NO_FACE, self._max_photos - accepted
            )
            await tx.photos.insist(training_id)
        self._check(training_id)
        return taken

    async def start_over(self, user_id: int, training_id: str, press: str) -> None:
        """Remove all photos of the draft; the same press handled again, none sent since."""
        async with self._database.transaction() as tx:
            await own_draft(tx, user_id, training_id)
            if await tx.once.is_first(f"press:{press}"):
                await tx.photos.remove_all(training_id)
        self._check(training_id)

    async def require(self, tx: Transaction, training_id: str) -> None:
        """Let only a draft go on that has its photos.

        Raises:
            PhotosStillChecking: Some are not checked yet.
            TooFewPhotos: Fewer than the minimum are accepted.
        """
        if pending := await tx.photos.count(training_id, PhotoState.PENDING):
            raise PhotosStillChecking(pending=pending)
        accepted = await tx.photos.count(training_id, PhotoState.ACCEPTED)
        if accepted < self._min_photos:
            raise TooFewPhotos(accepted=accepted, min=self._min_photos)


async def same_bytes(tx: Transaction, training_id: str, sha256: str) -> Photo | None:
    """Return the photo of a draft that has these bytes and was not refused."""
    photos = await tx.photos.all_of(training_id)
    same = (photo for photo in photos if photo.sha256 == sha256)
    return next((photo for photo in same if photo.state is not PhotoState.REFUSED), None)


def _row_of(training_id: str, sent: SentPhoto) -> dict[str, object]:
    return {
        "training_id": training_id,
        "message_id": sent.message_id,
        "file_id": sent.file_id,
        "file_unique_id": sent.file_unique_id,
        "thumbnail_file_id": sent.thumbnail_file_id,
        "label": sent.label[:MAX_LABEL_LENGTH] if sent.label else None,
        "state": PhotoState.REFUSED if sent.refusal else PhotoState.PENDING,
        "refusal": sent.refusal.value if sent.refusal else None,
        "sha256": sent.sha256,
    }


async def _repeat(tx: Transaction, known: Photo, sent: SentPhoto) -> None:
    retriable = {RefusalReason.TOO_MANY, RefusalReason.GONE, RefusalReason.DUPLICATE}
    if known.state == PhotoState.REFUSED and known.refusal in retriable:
        # What stood in its way may have changed; it gets a new chance, in its new place.
        await tx.photos.check_again(known.id, sent.message_id, sent.file_id)
    else:
        await tx.photos.count_repeat(known.id)
