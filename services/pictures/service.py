"""What a user can do with the pictures that were made."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from db.database import Database, Transaction
from services.domain.values import Enlargement, Generation, Model, Picture
from services.domain.vocabulary import DeliveryProblem, Purpose
from services.errors import FalResultGone, FalUnavailable, NotFound, PictureOnItsWay
from services.fal.gateway import FalGateway
from services.generation.found import own_generation, result_of
from services.money.credits import Credits
from services.pictures.marks import Marks

MAX_PICTURE_BYTES = 50 * 1024 * 1024
"""The largest file that a bot may send (core.telegram.org/bots/api#sending-files)."""


DELETED = "deleted"
"""Why the price of what was being made of a deleted picture is given back."""

CopyOf = Callable[[Picture | Enlargement, int], Awaitable[bytes | None]]


@dataclass(frozen=True)
class Sent:
    """Telegram's ids of a picture that it has taken, as a photo or as a document."""

    photo_file_id: str | None = None
    document_file_id: str | None = None


@dataclass(frozen=True)
class Result:
    """A generation with its model, if it has one, and what is kept of its pictures in their order.

    `pack` has all generations that came in one album with it, or it alone; `has_changes` says
    whether pictures can be changed. `second` is the model of a second person.
    """

    generation: Generation
    model: Model | None
    rows: tuple[Picture, ...]
    pack: tuple[Generation, ...] = ()
    has_changes: bool = False
    second: Model | None = None

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """The pictures that were sent: neither held back nor impossible to send."""
        return tuple(row for row in self.rows if row.is_shown)

    @property
    def numbered(self) -> list[tuple[int, Picture]]:
        """The pictures with their numbers in the album as it was sent."""
        order = {generation.id: place for place, generation in enumerate(self.pack)}
        places = {row.id: (order.get(row.generation_id, 0), row.position) for row in self.rows}
        left_out = [places[row.id] for row in self.rows if not row.is_shown]
        return [
            (self._number_of(*places[picture.id], left_out), picture) for picture in self.pictures
        ]

    def _number_of(self, pack_place: int, position: int, left_out: list[tuple[int, int]]) -> int:
        # A pack has one picture of each generation; of those that failed there is none.
        earlier = sum(one.failure is None for one in self.pack[:pack_place])
        return earlier + position - sum(place < (pack_place, position) for place in left_out)


@dataclass(frozen=True)
class Original:
    """A picture as the generator made it: its bytes, and a name to save them under.

    There are no bytes when the picture cannot be fetched: `is_gone` for good, else for the moment.
    """

    name: str
    data: bytes | None = None
    is_gone: bool = False


class PictureService:
    """Use cases of single pictures.

    Args:
        database: Where they are kept.
        fal: Where the originals are fetched from.
        copy_of: Returns the copy of a picture that fal keeps no more, if there is one.
        marks: Marks what leaves as made by AI; None leaves it as it is.
        has_changes: Whether pictures can be changed.
    """

    def __init__(
        self,
        database: Database,
        fal: FalGateway,
        copy_of: CopyOf | None = None,
        marks: Marks | None = None,
        *,
        has_changes: bool = False,
    ) -> None:
        self._database = database
        self._fal = fal
        self._copy_of = copy_of
        self._marks = marks
        self._has_changes = has_changes

    @property
    def may_go_by_address(self) -> bool:
        """Whether pictures may be in the chat as fal made them, without passing through here."""
        return self._marks is None or not self._marks.are_seen

    @property
    def are_changed(self) -> bool:
        """Whether files are marked before they leave."""
        return self._marks is not None and self._marks.are_made

    async def result(self, user_id: int, generation_id: str) -> Result:
        """Return a generation of the user with its pictures.

        Raises:
            NotFound: No such generation of this user.
        """
        async with self._database.transaction() as tx:
            return self._told(await own_result(tx, user_id, generation_id))

    async def own(self, user_id: int, picture_id: str) -> Picture:
        """Return a picture of the user.

        Raises:
            NotFound: No such picture of this user, or one that was held back.
        """
        async with self._database.transaction() as tx:
            return await own_picture(tx, user_id, picture_id)

    async def set_favourite(self, user_id: int, picture_id: str, *, is_favourite: bool) -> Result:
        """Mark a picture as a favourite, or take the mark away; a second press changes nothing.

        Returns:
            The picture's generation as it is now.

        Raises:
            NotFound: No such picture of this user.
        """
        async with self._database.transaction() as tx:
            picture = await own_picture(tx, user_id, picture_id)
            await tx.pictures.set_favourite(picture_id, is_favourite=is_favourite)
            return self._told(await own_result(tx, user_id, picture.generation_id))

    async def make_cover(self, user_id: int, picture_id: str) -> Result:
        """Put a picture on the card of the model it shows.

        Returns:
            The picture's generation with its model.

        Raises:
            NotFound: No such picture of this user, or it was never delivered.
        """
        async with self._database.transaction() as tx:
            picture = await own_picture(tx, user_id, picture_id)
            if picture.photo_file_id is None:
                raise NotFound
            _, model = await result_of(tx, user_id, picture.generation_id)
            if model.user_id != user_id:
                raise NotFound
            model = await tx.models.set_cover(model.id, picture.photo_file_id)
            result = await own_result(tx, user_id, picture.generation_id)
            return self._told(replace(result, model=model))

    def _told(self, result: Result) -> Result:
        return replace(result, has_changes=self._has_changes)

    async def delete(self, user_id: int, picture_id: str) -> None:
        """Forget a picture here; a model that has it on its card loses its cover.

        Raises:
            NotFound: No such picture of this user.
            PictureOnItsWay: It has not been delivered: its price is taken when it has.
        """
        async with self._database.transaction() as tx:
            picture = await own_picture(tx, user_id, picture_id)
            result = await own_result(tx, user_id, picture.generation_id)
            if result.generation.announced_at is None:
                raise PictureOnItsWay
            model = result.model
            is_cover = model is not None and model.cover_file_id == picture.photo_file_id
            if model is not None and is_cover and model.user_id == user_id:
                await tx.models.set_cover(model.id, None)
            for known in await tx.enlargements.all_of_picture(picture_id):
                enlargement = await tx.enlargements.lock(known.id)
                await Credits().release(tx, known.id, DELETED)
                if enlargement is not None and enlargement.submit_started_at is None:
                    await tx.charges.release(enlargement.id)
            await tx.pictures.remove(picture_id)

    async def larger(self, picture_id: str) -> Enlargement | None:
        """Return the picture enlarged, where it was."""
        async with self._database.transaction() as tx:
            return await tx.enlargements.made_of(picture_id)

    async def fetch(self, picture: Picture | Enlargement) -> bytes:
        """Return the bytes of a picture from fal, with the operator's mark.

        Raises:
            FalUnavailable: Try again later.
            FalResultGone: fal keeps it no more, and there is no copy.
        """
        data = await self.fetched(picture)
        if self._marks is None or not self._marks.are_made:
            return data
        prompt, seed = await self._words_of(picture)
        return await self._marks.put(data, prompt, seed)

    async def _words_of(self, picture: Picture | Enlargement) -> tuple[str, int | None]:
        """Return prompt and seed where the user wants them in files."""
        async with self._database.transaction() as tx:
            if isinstance(picture, Enlargement):
                small = await tx.pictures.get(picture.picture_id)
            else:
                small = picture
            generation = await tx.generations.read(small.generation_id) if small else None
            user = await tx.users.get(generation.user_id) if generation else None
        if generation is None or user is None or not user.wants_prompts:
            return "", None
        return generation.prompt, generation.seed

    async def fetched(self, picture: Picture | Enlargement) -> bytes:
        """Return the bytes of a picture as the generator made them; raises as `fetch`."""
        try:
            return await self._fal.download(picture.url or "", MAX_PICTURE_BYTES)
        except FalResultGone:
            copy = await self._copy_of(picture, MAX_PICTURE_BYTES) if self._copy_of else None
            if copy is None:
                raise
            return copy

    async def original(self, picture: Picture | Enlargement) -> Original:
        """Return a picture as it was made, or say that it cannot be fetched."""
        suffix = PurePosixPath(urlsplit(picture.url or "").path).suffix or ".jpg"
        name = f"neurophoto-{picture.id}{suffix}"
        try:
            return Original(name, await self.fetch(picture))
        except FalResultGone:
            return Original(name, is_gone=True)
        except FalUnavailable:
            return Original(name)

    async def note_sent(self, sent: Mapping[str, Sent]) -> None:
        """Remember Telegram's ids of delivered pictures of one generation, by picture id.

        Of the first pictures of a model, the most alike becomes its cover, or else the first of
        them; unless the user has chosen one meanwhile.
        """
        async with self._database.transaction() as tx:
            noted = [
                await tx.pictures.note_sent(picture_id, ids.photo_file_id, ids.document_file_id)
                for picture_id, ids in sent.items()
            ]
            pictures = [picture for picture in noted if picture is not None]
            if not pictures:
                return
            generation = await tx.generations.read(pictures[0].generation_id)
            if generation is not None and generation.purpose is Purpose.PREVIEW:
                await _give_cover(tx, generation)

    async def note_try(self, picture_id: str) -> int:
        """Count a try to fetch a picture that failed; return how many there were."""
        async with self._database.transaction() as tx:
            return await tx.pictures.note_try(picture_id)

    async def note_problem(self, picture_id: str, problem: DeliveryProblem) -> None:
        """Remember that a picture could not be sent, and why."""
        async with self._database.transaction() as tx:
            await tx.pictures.note_problem(picture_id, problem)
            picture = await tx.pictures.get(picture_id)
            generation = await tx.generations.read(picture.generation_id) if picture else None
            if generation is not None and generation.purpose is Purpose.PREVIEW:
                await _give_cover(tx, generation)

    async def keep_document(self, picture: Picture | Enlargement, file_id: str) -> None:
        """Remember Telegram's id of a picture that was sent in full size."""
        async with self._database.transaction() as tx:
            kept = tx.pictures if isinstance(picture, Picture) else tx.enlargements
            await kept.note_document(picture.id, file_id)


async def _give_cover(tx: Transaction, generation: Generation) -> None:
    """Choose the cover of a model, once no better first picture is still to be sent."""
    pack = await tx.generations.pack_of(generation)
    rows = [picture for one in pack for picture in await tx.pictures.all_of(one.id)]
    # The first of those that are equally alike.
    best_first = sorted((row for row in rows if row.is_shown), key=_by_likeness)
    for picture in best_first:
        if picture.photo_file_id is not None and generation.model_id is not None:
            await tx.models.give_first_cover(generation.model_id, picture.photo_file_id)
        if not picture.is_sent or picture.photo_file_id is not None:
            return


def _by_likeness(picture: Picture) -> int:
    return 0 if picture.likeness is None else -picture.likeness - 1


async def own_picture(tx: Transaction, user_id: int, picture_id: str) -> Picture:
    """Return a picture of the user.

    Raises:
        NotFound: No such picture of this user, or one that was held back.
    """
    picture = await tx.pictures.get(picture_id)
    generation = await tx.generations.read(picture.generation_id) if picture else None
    if picture is None or picture.is_flagged or generation is None:
        raise NotFound
    if generation.user_id != user_id:
        raise NotFound
    return picture


async def own_result(tx: Transaction, user_id: int, generation_id: str) -> Result:
    """Return a generation of the user with its pictures.

    Raises:
        NotFound: No such generation of this user.
    """
    generation, model = await own_generation(tx, user_id, generation_id)
    pack = await tx.generations.pack_of(generation)
    rows = [picture for one in pack for picture in await tx.pictures.all_of(one.id)]
    second = await tx.models.get(generation.second_model_id)
    return Result(pack[0], model, tuple(rows), tuple(pack), second=second)
