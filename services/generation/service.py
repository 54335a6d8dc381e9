"""What a user can do with prompts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from db.database import Database
from services.domain.api_keys import Asking
from services.domain.press import Press
from services.domain.values import Generation, Place
from services.errors import NotFound
from services.generation.found import active_model, model_for, own_generation, result_of
from services.generation.line import read_line
from services.generation.options import (
    PictureOptions,
    PictureRequest,
    remembered,
    second_of,
)
from services.generation.ordering import Asker, Ordering
from services.generation.wish import read_wish
from services.money.sales import require_shown
from services.repeats import find_repeated, note_asked
from services.visible import without_turns

ORDER = "generate"
"""What an order of pictures is called among the requests over HTTP."""


@dataclass(frozen=True)
class Called:
    """What a program calls the models: each by its training, or by the loan of a borrowed one.

    None is the active model, and nobody beside it.
    """

    model: str | None = None
    second: str | None = None


class GenerationService:
    """Use cases of generations.

    Args:
        database: Where they are kept.
        ordering: Records what is asked for.
        carry: Has a generation carried on, now.
    """

    def __init__(
        self, database: Database, ordering: Ordering, carry: Callable[[str], None]
    ) -> None:
        self._database = database
        self._ordering = ordering
        self._carry = carry
        self.pairs = ordering.pairs

    async def generate(
        self,
        user_id: int,
        place: Place,
        line: str,
        origin: str,
        options: PictureOptions | None = None,
        *,
        shown: int | None = None,
    ) -> Generation:
        """Ask for pictures of the active model.

        Args:
            user_id: Who asks.
            place: Where the picture goes.
            line: What the picture shows, without the trigger word, and maybe choices; see
                `services.generation.line.read_line`, also for what it raises.
            origin: The update that asks; delivered again, it asks for nothing new.
            options: What to make where the line names nothing; the user's remembered choices
                when not given.
            shown: What the user was shown that these choices cost.

        Raises:
            InvalidPrompt: Empty, or longer than 900 characters.
            NoModelYet: There is nothing to generate with.
            PriceChanged: They are dearer by now.
            SecondUnfit: Who was chosen to be in the picture, too, cannot be any more.
            DomainError: A spending limit, see `Ledger.charge_images`.
        """
        async with self._database.transaction() as tx:
            model = await active_model(tx, user_id)
            user = await tx.users.get(user_id)
            if options is None:
                options = remembered(user, model) if user else PictureOptions()
            beside = await self.pairs.chosen(tx, user, model) if user else None
            request = replace(read_line(line, options), second=beside.second if beside else None)
            if await tx.generations.find_origin(user_id, origin) is None:
                # What the line itself names, its user knows to cost something else.
                asked = PictureRequest("", options)
                require_shown(shown, self._ordering.price_stars(model, [asked]))
            asker = Asker(user_id, place, model)
            generation = await self._ordering.once(tx, asker, request, origin)
        self._carry(generation.id)
        return generation

    async def order(
        self,
        user_id: int,
        place: Place,
        called: Called,
        prompt: str,
        named: Mapping[str, Any],
        asking: Asking,
    ) -> Generation:
        """Ask for pictures over HTTP; the same request again asks for nothing new.

        Args:
            user_id: Who asks.
            place: Where the pictures are told of as well.
            called: Which models.
            prompt: What the pictures show.
            named: Fields of `PictureOptions` that are named; the others are as remembered.
            asking: How it is asked.

        Raises:
            NotFound: No such model of this user, or what was asked for has been deleted since.
            RequestKeyReused: The caller's key belongs to another request.
            InvalidPrompt: Empty, or longer than 900 characters.
            NoModelYet: There is nothing to generate with.
            DomainError: A spending limit, see `Ledger.charge_images`; KeyLimitReached.
        """
        async with self._database.transaction() as tx:
            user = await tx.users.lock(user_id)
            known_id = await find_repeated(tx, user_id, ORDER, asking)
            if known_id is not None:
                return (await own_generation(tx, user_id, known_id))[0]
            model = await model_for(tx, user_id, called.model)
            options = replace(remembered(user, model), **named)
            second = None
            if called.second is not None:
                second = await self.pairs.named(tx, user, model, called.second)
            request = PictureRequest(without_turns(prompt), options, second=second)
            asker = Asker(user_id, place, model)
            generation = await self._ordering.over_http(tx, asker, request, asking.by)
            await note_asked(tx, user_id, ORDER, asking, generation.id)
        self._carry(generation.id)
        return generation

    async def stars_next(self, user_id: int) -> int:
        """Return what the next pictures cost a user now, by their choices.

        Raises:
            NoModelYet: There is nothing to generate with.
        """
        async with self._database.transaction() as tx:
            model, user = await active_model(tx, user_id), await tx.users.get(user_id)
            options = remembered(user, model) if user else PictureOptions()
        return self._ordering.price_stars(model, [PictureRequest("", options)])

    async def press(
        self,
        user_id: int,
        place: Place,
        button: str,
        press: Press,
        requests: Sequence[PictureRequest],
    ) -> Sequence[Generation]:
        """Ask for pictures of the active model by a button, all of them or none.

        Pressed again before all are there, the same button asks for nothing new. Several requests
        come as one album.

        Returns:
            What this press has asked for; nothing when that has been deleted since.

        Args:
            user_id: Who presses.
            place: Where the pictures go.
            button: What tells this button from every other of the user, at most 56 characters.
            press: The press; handled again, it asks for nothing new.
            requests: What it asks for.

        Raises:
            NoModelYet: There is nothing to generate with.
            InvalidPrompt: One is empty or too long.
            DomainError: A spending limit, see `Ledger.charge_images`.
        """
        async with self._database.transaction() as tx:
            model = await active_model(tx, user_id)
            asked = await self._ordering.press(
                tx, Asker(user_id, place, model), button, press, requests
            )
        for generation in asked:
            self._carry(generation.id)
        return asked

    async def press_like(
        self,
        user_id: int,
        place: Place,
        button: str,
        press: Press,
        request: PictureRequest,
        generation_id: str,
    ) -> Sequence[Generation]:
        """As `press`, with the model of an earlier generation.

        Raises:
            NotFound: No such generation of this user.
        """
        async with self._database.transaction() as tx:
            before, model = await result_of(tx, user_id, generation_id)
            request = replace(request, second=second_of(before))
            asked = await self._ordering.press(
                tx, Asker(user_id, place, model), button, press, [request]
            )
        for generation in asked:
            self._carry(generation.id)
        return asked

    async def go_on(self, user_id: int, request: Mapping[str, Any]) -> None:
        """Order what could not be paid before; ordered already, it is not ordered again.

        Raises:
            NotFound: Its model was deleted since.
            PriceChanged: It is dearer by now.
            DomainError: As for `press`.
        """
        wish = read_wish(request)
        async with self._database.transaction() as tx:
            model = await tx.models.get(wish.model_id)
            if wish.model_id is not None and model is None:
                raise NotFound
            await tx.users.lock(user_id)
            if await tx.generations.find_origin(user_id, wish.origins[0]) is not None:
                return
            stars = self._ordering.price_stars(model, wish.requests)
            require_shown(request["stars"], stars)
            asked = await self._ordering.order(tx, wish, Asker(user_id, wish.place, model))
        for generation in asked:
            self._carry(generation.id)
