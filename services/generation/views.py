"""What a front shows of generations, and in which messages."""

from collections.abc import Sequence
from dataclasses import dataclass

from db.database import Database
from services.domain.credits import Order, OrderState
from services.domain.states import GenerationState
from services.domain.values import Generation, Model, Picture
from services.domain.vocabulary import Language


@dataclass(frozen=True)
class GenerationView:
    """A generation with its model and its pictures in their order.

    Of a pack, `pack` has all generations, the first of which stands for it, and the pictures are
    those of all. `stars_back` is what the user has paid and gets back.
    """

    generation: Generation
    language: Language
    model: Model | None
    pictures: tuple[Picture, ...] = ()
    pack: tuple[Generation, ...] = ()
    stars_back: int = 0

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
            orders = {one.id: await tx.orders.get(one.id) for one in pack}
        several = tuple(pack) if generation.pack is not None else ()
        back = sum(_back(orders[one.id], one, pictures) for one in pack)
        return GenerationView(generation, user.language, model, tuple(pictures), several, back)

    async def set_status_message(self, generation_id: str, message_id: int) -> bool:
        """Remember which message tells of a generation under way.

        Returns:
            Whether it still is under way; if not, nothing is remembered.
        """
        async with self._database.transaction() as tx:
            return await tx.generations.show_in(generation_id, message_id)


def _back(order: Order | None, generation: Generation, pictures: Sequence[Picture]) -> int:
    """Return what comes back of a price, also while the pictures are being sent."""
    if order is None:
        return 0
    if order.state is not OrderState.HELD or generation.state is not GenerationState.MADE:
        return order.returned
    mine = [one for one in pictures if one.generation_id == generation.id]
    return order.price - order.unit_price * sum(one.is_shown for one in mine)
