"""Leafing through the pictures that were delivered."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from db.database import Database, Transaction
from services.domain.gallery import Shown, Step, Wanted
from services.domain.values import Generation, Model, Search
from services.errors import NotFound
from services.identifiers import new_id
from services.pictures.service import PictureService

MAX_SEARCH_LENGTH = 100
"""In characters: the words stand in a caption with the prompt; what is more is left out."""


@dataclass(frozen=True)
class View:
    """Where in their gallery a user is: a place, and which pictures they look at.

    A place is a generation and a position in it, so that it outlives its picture; without a
    generation it is the newest picture.
    """

    generation_id: str | None = None
    position: int = 1
    model_id: str | None = None
    only_favourites: bool = False
    search_id: str | None = None


@dataclass(frozen=True)
class Page:
    """What there is to see; nothing is `shown` when no picture fits the view.

    `number` counts from 1. `models` are those that the pictures of the view show when it is not
    narrowed to one model.
    """

    view: View
    words: str = ""
    shown: Shown | None = None
    number: int = 0
    total: int = 0
    models: tuple[Model, ...] = ()

    @property
    def model(self) -> Model | None:
        """The one model that is looked at, None for all."""
        return next((model for model in self.models if model.id == self.view.model_id), None)

    @property
    def next_model_id(self) -> str | None:
        """The model to look at next, when all and each are gone through in turn."""
        choices = [None, *(model.id for model in self.models), None]
        return choices[choices.index(self.model.id if self.model else None) + 1]


class GalleryService:
    """Use cases of the gallery.

    Args:
        database: Where pictures are kept.
        pictures: What can be done with one picture.
    """

    def __init__(self, database: Database, pictures: PictureService) -> None:
        self._database = database
        self._pictures = pictures

    async def page(self, user_id: int, view: View, step: Step = Step.HERE) -> Page:
        """Return the picture at a view's place, or next to it; of one that is gone, the neighbour.

        Raises:
            NotFound: The place, the model or the search is not the user's.
        """
        async with self._database.transaction() as tx:
            search = await _search(tx, user_id, view.search_id)
            words = search.words if search else ""
            await _check_model(tx, user_id, view.model_id)
            wanted = Wanted(user_id, view.model_id, view.only_favourites, words)
            if view.generation_id is None:
                shown = await tx.pictures.newest(wanted)
            else:
                place = await _generation(tx, user_id, view.generation_id)
                shown = await tx.pictures.seen_from(wanted, place, view.position, step)
            if shown is None:
                return Page(view, words)
            return Page(
                replace(
                    view,
                    generation_id=shown.generation.id,
                    position=shown.picture.position,
                ),
                words,
                shown,
                number=await tx.pictures.count(wanted, shown),
                total=await tx.pictures.count(wanted),
                models=tuple(await tx.pictures.models_in(replace(wanted, model_id=None))),
            )

    async def below(
        self, user_id: int, place: View, limit: int, words: str = ""
    ) -> Sequence[Shown]:
        """Return pictures in their row, newest first: those below a place, or the first ones.

        Where there are `words`, only those whose prompt has them all.

        Raises:
            NotFound: The place or the model is not the user's.
        """
        async with self._database.transaction() as tx:
            await _check_model(tx, user_id, place.model_id)
            wanted = Wanted(user_id, place.model_id, place.only_favourites, words)
            start = None
            if place.generation_id is not None:
                start = await _generation(tx, user_id, place.generation_id), place.position
            return await tx.pictures.page(wanted, start, limit)

    async def search(self, user_id: int, words: str) -> Page:
        """Return the newest picture in whose prompt all the words are."""
        words = " ".join(words.split())[:MAX_SEARCH_LENGTH]
        async with self._database.transaction() as tx:
            search = await tx.searches.keep(new_id(), user_id, words)
        return await self.page(user_id, View(search_id=search.id))

    async def own(self, user_id: int, view: View) -> Shown:
        """Return the picture at the view's very place.

        Raises:
            NotFound: No such picture of this user, or none any more.
        """
        shown = await self._at(user_id, view)
        if shown is None:
            raise NotFound
        return shown

    async def set_favourite(self, user_id: int, view: View, *, is_favourite: bool) -> Page:
        """Mark the picture at the view's place, or take the mark away; of one gone, nothing.

        Raises:
            NotFound: The place is not the user's.
        """
        shown = await self._at(user_id, view)
        if shown is not None:
            picture_id = shown.picture.id
            await self._pictures.set_favourite(user_id, picture_id, is_favourite=is_favourite)
        return await self.page(user_id, view)

    async def delete(self, user_id: int, view: View) -> Page:
        """Delete the picture at the view's place and return its neighbour; again, delete nothing.

        Raises:
            NotFound: The place is not the user's.
        """
        shown = await self._at(user_id, view)
        if shown is not None:
            await self._pictures.delete(user_id, shown.picture.id)
        return await self.page(user_id, view)

    async def _at(self, user_id: int, view: View) -> Shown | None:
        async with self._database.transaction() as tx:
            generation = await _generation(tx, user_id, view.generation_id or "")
            picture = await tx.pictures.at(generation.id, view.position)
            model = await tx.models.get(generation.model_id)
            second = await tx.models.get(generation.second_model_id)
        if picture is None or picture.is_flagged:
            return None
        return Shown(picture, generation, model, second)


async def _generation(tx: Transaction, user_id: int, generation_id: str) -> Generation:
    generation = await tx.generations.read(generation_id)
    if generation is None or generation.user_id != user_id:
        raise NotFound
    return generation


async def _check_model(tx: Transaction, user_id: int, model_id: str | None) -> None:
    model = await tx.models.get(model_id) if model_id else None
    if model_id is None or (model is not None and model.user_id == user_id):
        return
    if model is None or not await tx.loans.of_borrower(user_id, model.id):
        raise NotFound


async def _search(tx: Transaction, user_id: int, search_id: str | None) -> Search | None:
    search = await tx.searches.get(search_id) if search_id else None
    if search_id and (search is None or search.user_id != user_id):
        raise NotFound
    return search
