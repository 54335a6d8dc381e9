"""What a front shows of generations, and in which messages."""

from dataclasses import dataclass

from db.database import Database
from services.domain.values import Generation, Model, Picture
from services.domain.vocabulary import Language


@dataclass(frozen=True)
class GenerationView:
    """A generation with its model and its pictures in their order.

    Of a pack, `pack` has all generations, the first of which stands for it, and the pictures are
    those of all.
    """

    generation: Generation
    language: Language
    model: Model | None
    pictures: tuple[Picture, ...] = ()
    pack: tuple[Generation, ...] = ()

    @property
    def failed(self) -> tuple[Generation, ...]:
        """Those of a pack of which there is no picture."""
        return tuple(one for one in self.pack if one.failure is not None)

    @property
    def shown(self) -> tuple[Picture, ...]:
        """The pictures that were not held back."""
        return tuple(picture for picture in self.pictures if not picture.is_flagged)

    @property
    def delivered(self) -> tuple[Picture, ...]:
        """The pictures that the user has."""
        return tuple(picture for picture in self.shown if picture.is_sent)

    @property
    def missing(self) -> tuple[Picture, ...]:
        """The pictures that could not be sent."""
        return tuple(picture for picture in self.shown if picture.delivery_problem is not None)


class GenerationViews:
    """Reads generations for the screens, each in one transaction.

    Args:
        database: Where everything is kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def generation(self, generation_id: str) -> GenerationView | None:
        """Return a generation."""
        async with self._database.transaction() as tx:
            generation = await tx.generations.read(generation_id)
            user = await tx.users.get(generation.user_id) if generation else None
            if generation is None or user is None:
                return None
            model = await tx.models.get(generation.model_id)
            pack = await tx.generations.pack_of(generation)
            pictures = [picture for one in pack for picture in await tx.pictures.all_of(one.id)]
        several = tuple(pack) if generation.pack is not None else ()
        return GenerationView(generation, user.language, model, tuple(pictures), several)

    async def set_status_message(self, generation_id: str, message_id: int) -> bool:
        """Remember which message tells of a generation under way.

        Returns:
            Whether it still is under way; if not, nothing is remembered.
        """
        async with self._database.transaction() as tx:
            return await tx.generations.show_in(generation_id, message_id)
