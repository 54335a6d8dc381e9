"""What a user can do with prompts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from db.database import Database, Transaction
from services.domain.api_keys import Asking
from services.domain.press import Press
from services.domain.values import Generation, Model, Place
from services.domain.vocabulary import FailureReason
from services.errors import (
    NoModelYet,
    NotFound,
    StaleButton,
)
from services.generation.line import read_line
from services.generation.options import (
    PictureOptions,
    PictureRequest,
    edit_of,
    options_of,
    remembered,
)
from services.generation.ordering import Asker, Ordering, checked
from services.generation.wish import read_wish
from services.lending.holding import by_public_id, hold_more
from services.money.limits import Ledger
from services.money.prices import PriceList
from services.money.sales import Sales, paid_before, require_shown
from services.repeats import find_repeated, note_asked
from services.visible import without_turns

ORDER = "generate"
"""What an order of pictures is called among the requests over HTTP."""


@dataclass(frozen=True)
class Offer:
    """What a line would make, with which model, and what all of it costs in US dollars.

    `stars` is what the user pays; 0 where users pay nothing.
    """

    request: PictureRequest
    model: Model
    price_usd: Decimal
    stars: int = 0


class PromptEdit(StrEnum):
    """What became of an edited prompt; UNKNOWN when nothing was asked for by its message."""

    TAKEN = "taken"
    TOO_LATE = "too_late"
    UNKNOWN = "unknown"


class GenerationService:
    """Use cases of generations.

    Args:
        database: Where they are kept.
        prices: What a picture costs.
        carry: Has a generation carried on, now.
        ledger: Takes the charges.
        is_worded: Whether a language model puts prompts into English.
        sales: Holds what users pay.
    """

    def __init__(
        self,
        database: Database,
        prices: PriceList,
        carry: Callable[[str], None],
        ledger: Ledger,
        *,
        is_worded: bool = False,
        sales: Sales | None = None,
    ) -> None:
        self._database = database
        self._carry = carry
        self._ledger = ledger
        self._ordering = Ordering(prices, ledger, is_worded=is_worded, sales=sales)

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
            DomainError: A spending limit, see `Ledger.charge_images`.
        """
        async with self._database.transaction() as tx:
            model = await _active(tx, user_id)
            if options is None:
                user = await tx.users.get(user_id)
                options = remembered(user, model) if user else PictureOptions()
            request = read_line(line, options)
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
        training_id: str | None,
        prompt: str,
        named: Mapping[str, Any],
        asking: Asking,
    ) -> Generation:
        """Ask for pictures over HTTP; the same request again asks for nothing new.

        Args:
            user_id: Who asks.
            place: Where the pictures are told of as well.
            training_id: The training of the model, or the loan of a borrowed one; None for the
                active one.
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
            model = await _model_for(tx, user_id, training_id)
            options = replace(remembered(user, model), **named)
            request = PictureRequest(without_turns(prompt), options)
            asker = Asker(user_id, place, model)
            generation = await self._ordering.over_http(tx, asker, request, asking.by)
            await note_asked(tx, user_id, ORDER, asking, generation.id)
        self._carry(generation.id)
        return generation

    async def offer(self, user_id: int, line: str) -> Offer:
        """Return what a line would make of the active model. Nothing is ordered.

        Raises:
            InvalidPrompt: Empty, or longer than 900 characters.
            NoModelYet: There is nothing to generate with.
            UnknownOption: And the others of `services.generation.line.read_line`.
        """
        async with self._database.transaction() as tx:
            model = await _active(tx, user_id)
            user = await tx.users.get(user_id)
        request = read_line(line, remembered(user, model) if user else PictureOptions())
        checked(request.prompt)
        stars = self._ordering.price_stars(model, [request])
        return Offer(request, model, self._ordering.price_usd(model, request), stars)

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
        return await self.generate(user_id, place, line, origin)

    async def stars_like(self, user_id: int, generation_id: str | None = None) -> int:
        """Return what pictures cost a user now, as an earlier generation or by their choices.

        Raises:
            NoModelYet: There is nothing to generate with.
            NotFound: No such generation of this user.
        """
        async with self._database.transaction() as tx:
            if generation_id is not None:
                before, of = await own_generation(tx, user_id, generation_id)
                asked = PictureRequest("", options_of(before), edit=edit_of(before))
                return self._ordering.price_stars(of, [asked])
            model, user = await _active(tx, user_id), await tx.users.get(user_id)
            options = remembered(user, model) if user else PictureOptions()
        return self._ordering.price_stars(model, [PictureRequest("", options)])

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
            model = await _active(tx, user_id)
            asked = await self._ordering.press(
                tx, Asker(user_id, place, model), button, press, requests
            )
        for generation in asked:
            self._carry(generation.id)
        return asked

    async def again(
        self, user_id: int, place: Place, generation_id: str, press: Press
    ) -> Sequence[Generation]:
        """Ask for the same prompt and model with a new seed; for all of a pack where it is one.

        A second press while the first one's picture is being made asks for nothing new, nor does
        the same press that is handled again.

        Raises:
            NotFound: No such generation of this user.
        """
        async with self._database.transaction() as tx:
            before, model = await own_generation(tx, user_id, generation_id)
            pack = await tx.generations.pack_of(before)
            requests = [
                PictureRequest(
                    one.prompt,
                    replace(options_of(one), seed=None),
                    one.title,
                    _english_of(one),
                    edit_of(one),
                )
                for one in pack
            ]
            press = await _shown(tx, press, pack)
            asked = await self._ordering.press(
                tx, Asker(user_id, place, model), f"again:{before.id}", press, requests
            )
        for generation in asked:
            self._carry(generation.id)
        return asked

    async def make_again(
        self, user_id: int, place: Place, generation_id: str, press: Press
    ) -> Sequence[Generation]:
        """Ask for the same prompt and model with the user's remembered choices.

        A second press with the same choices asks for nothing new while pictures are being made,
        nor does the same press that is handled again.

        Raises:
            NotFound: No such generation of this user.
            DomainError: A spending limit, see `Ledger.charge_images`.
        """
        async with self._database.transaction() as tx:
            before, model = await result_of(tx, user_id, generation_id)
            options = remembered(await tx.users.lock(user_id), model)
            button = f"panel:{before.id}:{_tag(options)}"
            request = PictureRequest(before.prompt, options, english=_english_of(before))
            asked = await self._ordering.press(
                tx, Asker(user_id, place, model), button, press, [request]
            )
        for generation in asked:
            self._carry(generation.id)
        return asked

    async def send_as_it_is(
        self, user_id: int, place: Place, generation_id: str, press: Press
    ) -> Sequence[Generation]:
        """Ask for pictures of a prompt that could not be put into English, word for word.

        A second press while pictures are being made asks for nothing new, nor does the same press
        that is handled again.

        Raises:
            NotFound: No such generation of this user.
            StaleButton: Its prompt needs no such decision.
            DomainError: A spending limit, see `Ledger.charge_images`.
        """
        async with self._database.transaction() as tx:
            before, model = await own_generation(tx, user_id, generation_id)
            if before.failure is not FailureReason.NOT_ENGLISH:
                raise StaleButton
            request = PictureRequest(
                before.prompt, options_of(before), english=before.prompt, edit=edit_of(before)
            )
            button = f"as-is:{before.id}"
            press = await _shown(tx, press, [before])
            asked = await self._ordering.press(
                tx, Asker(user_id, place, model), button, press, [request]
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
            _, model = await result_of(tx, user_id, generation_id)
            asked = await self._ordering.press(
                tx, Asker(user_id, place, model), button, press, [request]
            )
        for generation in asked:
            self._carry(generation.id)
        return asked

    async def vary(
        self,
        user_id: int,
        place: Place,
        generation_id: str,
        prompt: str,
        origin: str,
        *,
        shown: int | None = None,
    ) -> Generation:
        """Ask for another prompt with the model, seed and choices of an earlier generation.

        Args:
            user_id: Who asks.
            place: Where the pictures go.
            generation_id: The earlier generation.
            prompt: What the pictures show now; choices written into it go first.
            origin: The update that asks; delivered again, it asks for nothing new.
            shown: What the user was shown that this costs; None for what it has cost before.

        Raises:
            NotFound: No such generation of this user.
            UnknownOption: And the others of `read_line`.
            InvalidPrompt: The prompt is empty or too long.
            PriceChanged: It is dearer by now.
            DomainError: A spending limit, see `Ledger.charge_images`.
        """
        async with self._database.transaction() as tx:
            before, model = await own_generation(tx, user_id, generation_id)
            given = options_of(before)
            request = read_line(prompt, given)
            if before.editor is not None:
                # There is one picture of one, whatever is written into the words.
                request = PictureRequest(prompt, given, edit=edit_of(before))
            if await tx.generations.find_origin(user_id, origin) is None:
                shown = await paid_before(tx, before.id) if shown is None else shown
                same = PictureRequest(prompt, given, edit=request.edit)
                require_shown(shown, self._ordering.price_stars(model, [same]))
            generation = await self._ordering.once(
                tx, Asker(user_id, place, model), request, origin
            )
        self._carry(generation.id)
        return generation

    async def deliver_again(self, user_id: int, generation_id: str) -> bool:
        """Have the pictures tried again that could not be sent; nothing is charged for it.

        Returns:
            Whether there are any; a second press finds none.

        Raises:
            NotFound: No such generation of this user.
            LoanUsedUp: They were made with a borrowed model that has fewer pictures left.
        """
        async with self._database.transaction() as tx:
            result, _ = await own_generation(tx, user_id, generation_id)
            await tx.users.lock(user_id)
            pack = await tx.generations.pack_of(result)
            missing = False
            for generation in pack:
                # What is not told yet is still held as it was ordered.
                if generation.announced_at is not None:
                    count = await tx.pictures.count_problems(generation.id)
                    await hold_more(tx, generation.id, count)
                missing |= await tx.pictures.forget_problems(generation.id)
            if missing:
                await tx.generations.tell_again(pack[0].id)
        if missing:
            self._carry(pack[0].id)
        return missing

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


async def _shown(tx: Transaction, press: Press, before: Sequence[Generation]) -> Press:
    """Return a press with what its user was shown: the price on its button, or the last one."""
    if press.stars is not None:
        return press
    return replace(press, stars=await paid_before(tx, *(one.id for one in before)))


async def result_of(tx: Transaction, user_id: int, generation_id: str) -> tuple[Generation, Model]:
    """Return a generation of the user, and its model.

    Raises:
        NotFound: No such generation of this user, or it has no model.
    """
    result, model = await own_generation(tx, user_id, generation_id)
    if model is None:
        raise NotFound
    return result, model


async def own_generation(
    tx: Transaction, user_id: int, generation_id: str
) -> tuple[Generation, Model | None]:
    """Return a generation of the user, and its model where it has one.

    Raises:
        NotFound: No such generation of this user.
    """
    result = await tx.generations.read(generation_id)
    if result is None or result.user_id != user_id:
        raise NotFound
    return result, await tx.models.get(result.model_id)


def _english_of(before: Generation) -> str | None:
    """Return what the generator got for a prompt, where that is known; presets are in English."""
    return before.english or (before.prompt if before.title else None)


def _tag(options: PictureOptions) -> str:
    seed = "new" if options.seed is None else options.seed
    return f"{options.shape}:{options.size}:{options.count}:{options.lora_scale}:{seed}"


async def _model_for(tx: Transaction, user_id: int, training_id: str | None) -> Model:
    if training_id is None:
        return await _active(tx, user_id)
    return await by_public_id(tx, user_id, training_id)


async def _active(tx: Transaction, user_id: int) -> Model:
    model = await tx.models.active_of(user_id)
    if model is None:
        raise NoModelYet
    return model
