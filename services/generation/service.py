"""What a user can do with prompts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from db.database import Database, Transaction
from services.domain.api_keys import Asking
from services.domain.states import GenerationState
from services.domain.values import Generation, Model, Place
from services.domain.vocabulary import FailureReason
from services.errors import (
    CreditsMissing,
    InvalidPrompt,
    NoModelYet,
    NotFound,
    PriceChanged,
    StaleButton,
)
from services.generation.line import read_line
from services.generation.options import (
    PictureOptions,
    PictureRequest,
    new_seed,
    options_of,
    remembered,
)
from services.generation.wish import Wish, read_wish, written
from services.identifiers import new_id
from services.money.limits import Ledger
from services.money.prices import PriceList
from services.money.sales import Sales
from services.repeats import find_repeated, note_asked
from services.visible import is_visible, without_turns

MAX_PROMPT_LENGTH = 900
"""In characters: the prompt comes back as the caption (Telegram's limit is 1024)."""

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
        self._prices = prices
        self._carry = carry
        self._ledger = ledger
        self._sales = sales or Sales()
        self._first = GenerationState.WORDING if is_worded else GenerationState.ACCEPTED

    async def generate(
        self,
        user_id: int,
        place: Place,
        line: str,
        origin: str,
        options: PictureOptions | None = None,
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

        Raises:
            InvalidPrompt: Empty, or longer than 900 characters.
            NoModelYet: There is nothing to generate with.
            DomainError: A spending limit, see `Ledger.charge_images`.
        """
        async with self._database.transaction() as tx:
            model = await _active(tx, user_id)
            if options is None:
                user = await tx.users.get(user_id)
                options = remembered(user, model) if user else PictureOptions()
            request = read_line(line, options)
            generation = await self._once(tx, model, place, request, origin)
        self._carry(generation.id)
        return generation

    async def _once(
        self,
        tx: Transaction,
        model: Model,
        place: Place,
        request: PictureRequest,
        origin: str,
    ) -> Generation:
        known = await tx.generations.find_origin(model.user_id, origin)
        if known is not None:
            return known
        wish = Wish(model.id, place, [request], [origin])
        return (await self._order(tx, wish, model))[0]

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
            training_id: The training of the model; None for the active one.
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
                return (await result_of(tx, user_id, known_id))[0]
            model = await _model_for(tx, user_id, training_id)
            options = replace(remembered(user, model), **named)
            request = PictureRequest(without_turns(prompt), options)
            generation = await self._record(tx, model, place, request, f"api:{new_id()}")
            if asking.by is not None:
                await self._ledger.charge_key(tx, generation.id, asking.by)
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
        _checked(request.prompt)
        stars = self._stars(model, request.options) * request.options.count
        return Offer(request, model, self._price_usd(model, request.options), stars)

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
            await tx.generations.change_prompt(row.id, _checked(request.prompt), self._first)
            return PromptEdit.TAKEN

    async def press(
        self,
        user_id: int,
        place: Place,
        button: str,
        press: str,
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
            press: Telegram's id of the press; handled again, it asks for nothing new.
            requests: What it asks for.

        Raises:
            NoModelYet: There is nothing to generate with.
            InvalidPrompt: One is empty or too long.
            DomainError: A spending limit, see `Ledger.charge_images`.
        """
        async with self._database.transaction() as tx:
            model = await _active(tx, user_id)
            asked = await self._press(tx, model, place, button, press, requests)
        for generation in asked:
            self._carry(generation.id)
        return asked

    async def again(
        self, user_id: int, place: Place, generation_id: str, press: str
    ) -> Sequence[Generation]:
        """Ask for the same prompt and model with a new seed; for all of a pack where it is one.

        A second press while the first one's picture is being made asks for nothing new, nor does
        the same press that is handled again.

        Raises:
            NotFound: No such generation of this user.
        """
        async with self._database.transaction() as tx:
            before, model = await result_of(tx, user_id, generation_id)
            requests = [
                PictureRequest(
                    one.prompt,
                    replace(options_of(one), seed=None),
                    one.title,
                    _english_of(one),
                )
                for one in await tx.generations.pack_of(before)
            ]
            asked = await self._press(tx, model, place, f"again:{before.id}", press, requests)
        for generation in asked:
            self._carry(generation.id)
        return asked

    async def make_again(
        self, user_id: int, place: Place, generation_id: str, press: str
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
            asked = await self._press(tx, model, place, button, press, [request])
        for generation in asked:
            self._carry(generation.id)
        return asked

    async def send_as_it_is(
        self, user_id: int, place: Place, generation_id: str, press: str
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
            before, model = await result_of(tx, user_id, generation_id)
            if before.failure is not FailureReason.NOT_ENGLISH:
                raise StaleButton
            request = PictureRequest(before.prompt, options_of(before), english=before.prompt)
            button = f"as-is:{before.id}"
            asked = await self._press(tx, model, place, button, press, [request])
        for generation in asked:
            self._carry(generation.id)
        return asked

    async def press_like(
        self,
        user_id: int,
        place: Place,
        button: str,
        press: str,
        request: PictureRequest,
        generation_id: str,
    ) -> Sequence[Generation]:
        """As `press`, with the model of an earlier generation.

        Raises:
            NotFound: No such generation of this user.
        """
        async with self._database.transaction() as tx:
            _, model = await result_of(tx, user_id, generation_id)
            asked = await self._press(tx, model, place, button, press, [request])
        for generation in asked:
            self._carry(generation.id)
        return asked

    async def vary(
        self, user_id: int, place: Place, generation_id: str, prompt: str, origin: str
    ) -> Generation:
        """Ask for another prompt with the model, seed and choices of an earlier generation.

        Args:
            user_id: Who asks.
            place: Where the pictures go.
            generation_id: The earlier generation.
            prompt: What the pictures show now; choices written into it go first.
            origin: The update that asks; delivered again, it asks for nothing new.

        Raises:
            NotFound: No such generation of this user.
            UnknownOption: And the others of `read_line`.
            InvalidPrompt: The prompt is empty or too long.
            DomainError: A spending limit, see `Ledger.charge_images`.
        """
        async with self._database.transaction() as tx:
            before, model = await result_of(tx, user_id, generation_id)
            request = read_line(prompt, options_of(before))
            generation = await self._once(tx, model, place, request, origin)
        self._carry(generation.id)
        return generation

    async def deliver_again(self, user_id: int, generation_id: str) -> bool:
        """Have the pictures tried again that could not be sent; nothing is charged for it.

        Returns:
            Whether there are any; a second press finds none.

        Raises:
            NotFound: No such generation of this user.
        """
        async with self._database.transaction() as tx:
            result, _ = await result_of(tx, user_id, generation_id)
            pack = await tx.generations.pack_of(result)
            missing = False
            for generation in pack:
                missing |= await tx.pictures.forget_problems(generation.id)
            if missing:
                await tx.generations.tell_again(pack[0].id)
        if missing:
            self._carry(pack[0].id)
        return missing

    async def _press(
        self,
        tx: Transaction,
        model: Model,
        place: Place,
        button: str,
        press: str,
        requests: Sequence[PictureRequest],
    ) -> Sequence[Generation]:
        await tx.users.lock(model.user_id)
        before = await tx.generations.of_button(model.user_id, f"{button}:")
        if not await tx.once.is_first(f"press:{press}"):
            return before[-len(requests) :]
        under_way = [generation for generation in before if generation.announced_at is None]
        if under_way:
            return under_way
        pack = f"{button}:{len(before)}" if len(requests) > 1 else None
        origins = [f"{button}:{len(before) + number}" for number in range(len(requests))]
        return await self._order(tx, Wish(model.id, place, requests, origins, pack), model)

    async def _order(self, tx: Transaction, wish: Wish, model: Model) -> Sequence[Generation]:
        """Record what a wish is for, all of it or nothing.

        Raises:
            CreditsMissing: The user has too little; its request is the wish.
        """
        stars = self._price_stars(model, wish.requests)
        try:
            await self._sales.require(tx, model.user_id, stars)
        except CreditsMissing as error:
            error.request = {**written(wish), "stars": stars}
            raise
        return [
            await self._record(tx, model, wish.place, request, origin, wish.pack)
            for request, origin in zip(wish.requests, wish.origins, strict=True)
        ]

    async def go_on(self, user_id: int, request: Mapping[str, Any]) -> None:
        """Order what could not be paid before; ordered already, it is not ordered again.

        Raises:
            NotFound: Its model was deleted since.
            PriceChanged: It costs something else by now.
            DomainError: As for `press`.
        """
        wish = read_wish(request)
        async with self._database.transaction() as tx:
            model = await tx.models.get(wish.model_id)
            if model is None or model.user_id != user_id:
                raise NotFound
            await tx.users.lock(user_id)
            if await tx.generations.find_origin(user_id, wish.origins[0]) is not None:
                return
            stars = self._price_stars(model, wish.requests)
            if stars != request["stars"]:
                raise PriceChanged(price=stars)
            asked = await self._order(tx, wish, model)
        for generation in asked:
            self._carry(generation.id)

    def _price_usd(self, model: Model, options: PictureOptions) -> Decimal:
        shape, size = options.shape, options.size
        return self._prices.image_usd(model.generator, shape, size) * options.count

    async def _record(
        self,
        tx: Transaction,
        model: Model,
        place: Place,
        request: PictureRequest,
        origin: str,
        pack: str | None = None,
    ) -> Generation:
        options = request.options
        usd = self._price_usd(model, options)
        row = {
            "id": new_id(),
            "user_id": model.user_id,
            "chat_id": place.chat_id,
            "message_thread_id": place.thread_id,
            "model_id": model.id,
            "origin": origin,
            "prompt": _checked(request.prompt),
            "english": request.english,
            "state": self._first if request.english is None else GenerationState.ACCEPTED,
            "shape": options.shape,
            "size": options.size,
            "picture_count": options.count,
            "lora_scale": options.lora_scale,
            "price_usd": usd,
            "seed": new_seed() if options.seed is None else options.seed,
            "title": dict(request.title) if request.title else None,
            "pack": pack,
        }
        is_new = await tx.generations.record(row)
        generation = await tx.generations.of_origin(model.user_id, origin)
        if is_new:
            await self._ledger.charge_images(tx, generation.id, model.user_id, options.count, usd)
            stars = self._stars(model, options)
            await self._sales.hold_pictures(tx, model.user_id, generation.id, stars, options.count)
        return generation

    def _price_stars(self, model: Model, requests: Sequence[PictureRequest]) -> int:
        return sum(self._stars(model, one.options) * one.options.count for one in requests)

    def _stars(self, model: Model, options: PictureOptions) -> int:
        return self._sales.picture_stars(model.generator, options.shape, options.size)


async def result_of(tx: Transaction, user_id: int, generation_id: str) -> tuple[Generation, Model]:
    """Return a generation of the user, and its model.

    Raises:
        NotFound: No such generation of this user.
    """
    result = await tx.generations.read(generation_id)
    if result is None or result.user_id != user_id:
        raise NotFound
    model = await tx.models.get(result.model_id)
    if model is None:
        raise NotFound
    return result, model


def _english_of(before: Generation) -> str | None:
    """Return what the generator got for a prompt, where that is known; presets are in English."""
    return before.english or (before.prompt if before.title else None)


def _tag(options: PictureOptions) -> str:
    seed = "new" if options.seed is None else options.seed
    return f"{options.shape}:{options.size}:{options.count}:{options.lora_scale}:{seed}"


def _checked(prompt: str) -> str:
    prompt = prompt.strip()
    if not is_visible(prompt) or len(prompt) > MAX_PROMPT_LENGTH:
        raise InvalidPrompt(max=MAX_PROMPT_LENGTH)
    return prompt


async def _model_for(tx: Transaction, user_id: int, training_id: str | None) -> Model:
    if training_id is None:
        return await _active(tx, user_id)
    model = await tx.models.of_training(training_id)
    if model is None or model.user_id != user_id:
        raise NotFound
    return model


async def _active(tx: Transaction, user_id: int) -> Model:
    model = await tx.models.active_of(user_id)
    if model is None:
        raise NoModelYet
    return model
