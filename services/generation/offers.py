"""Lines that may be meant as prompts: what they would make, and their edits."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from db.database import Database
from services.domain.values import Generation, Model, Place
from services.generation.found import active_model
from services.generation.line import read_line
from services.generation.options import PictureOptions, PictureRequest, options_of, remembered
from services.generation.ordering import Ordering, checked
from services.generation.service import GenerationService
from services.money.sales import require_shown


@dataclass(frozen=True)
class Offer:
    """What a line would make, with which model, and what all of it costs in US dollars.

    `stars` is what the user pays; 0 where users pay nothing. `second` is who else is in it.
    """

    request: PictureRequest
    model: Model
    price_usd: Decimal
    stars: int = 0
    second: Model | None = None


class PromptEdit(StrEnum):
    """What became of an edited prompt; UNKNOWN when nothing was asked for by its message."""

    TAKEN = "taken"
    TOO_LATE = "too_late"
    UNKNOWN = "unknown"


class PromptOffers:
    """Use cases of lines written outside a dialogue, and of edited prompts.

    Args:
        database: Where generations are kept.
        ordering: Knows what pictures cost, and where a prompt begins.
        generations: Where pictures are asked for.
    """

    def __init__(
        self, database: Database, ordering: Ordering, generations: GenerationService
    ) -> None:
        self._database = database
        self._ordering = ordering
        self._generations = generations

    async def offer(self, user_id: int, line: str) -> Offer:
        """Return what a line would make of the active model. Nothing is ordered.

        Raises:
            InvalidPrompt: Empty, or longer than 900 characters.
            NoModelYet: There is nothing to generate with.
            UnknownOption: And the others of `services.generation.line.read_line`.
            SecondUnfit: Who was chosen to be in the picture, too, cannot be any more.
        """
        async with self._database.transaction() as tx:
            model = await active_model(tx, user_id)
            user = await tx.users.get(user_id)
            beside = await self._ordering.pairs.chosen(tx, user, model) if user else None
        request = read_line(line, remembered(user, model) if user else PictureOptions())
        checked(request.prompt)
        stars = self._ordering.price_stars(model, [request])
        second = beside.model if beside else None
        return Offer(request, model, self._ordering.price_usd(model, request), stars, second)

    async def make_offered(
        self, user_id: int, place: Place, line: str, origin: str, shown: int | None
    ) -> Generation:
        """Ask for what `offer` has shown with its price; else as `generate`.

        Raises:
            PriceChanged: It is dearer by now.
        """
        offered = await self.offer(user_id, line)
        if not await self.is_asked_for(user_id, origin):
            require_shown(shown, offered.stars)
        return await self._generations.generate(user_id, place, line, origin)

    async def is_asked_for(self, user_id: int, origin: str) -> bool:
        """Return whether an update has asked for pictures already."""
        async with self._database.transaction() as tx:
            return await tx.generations.find_origin(user_id, origin) is not None

    async def edit_prompt(self, user_id: int, origin: str, line: str) -> PromptEdit:
        """Put another prompt in the place of one that has not left for fal yet.

        Args:
            user_id: Who edits.
            origin: The update that asked for the pictures.
            line: The new prompt, maybe with choices; other choices than before come too late.

        Raises:
            InvalidPrompt: Empty, or longer than 900 characters.
            UnknownOption: And the others of `services.generation.line.read_line`.
        """
        async with self._database.transaction() as tx:
            found = await tx.generations.find_origin(user_id, origin)
            row = await tx.generations.lock(found.id) if found else None
            if found is None or row is None:
                return PromptEdit.UNKNOWN
            given = options_of(found)
            request = read_line(line, given)
            is_waiting = row.submit_started_at is None and not row.state.is_final
            if not is_waiting or request.options != given:
                return PromptEdit.TOO_LATE
            await tx.generations.change_prompt(
                row.id, checked(request.prompt), self._ordering.first
            )
            return PromptEdit.TAKEN
