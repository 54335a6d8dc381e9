"""The panel: how the next pictures are made, remembered for each user.

The strength is that of the model, where its first pictures have shown which one is best.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from decimal import Decimal

from db.database import Database, Transaction
from services.domain.loans import Borrowed
from services.domain.values import Generation, Model, User
from services.domain.vocabulary import PictureOption, PictureSize
from services.errors import LoanOver, SecondUnfit, StaleButton
from services.fal.endpoints import GENERATORS
from services.generation.edits import is_with_lora
from services.generation.found import active_model, result_of
from services.generation.options import PictureOptions, chosen, has_own_scale, remembered
from services.generation.pairs import Companion, Pairs
from services.lending.holding import loan_for
from services.money.prices import PriceList
from services.money.sales import Sales
from services.rules import TrainingRules


@dataclass(frozen=True)
class SizeOffer:
    """One size of the pictures of a panel, in pixels, and what all of them cost in it."""

    width_px: int
    height_px: int
    price_usd: Decimal
    stars: int = 0


@dataclass(frozen=True)
class Panel:
    """What a panel shows.

    `model` makes the pictures and `offered` is what its generator takes; `price_usd` is that of
    all pictures of the next press, and `sizes` has the pixels and the price of all of them in each
    size. `seed_at_hand` is the one that can be kept, None before the first picture, and after
    an edit that was made without a LoRA: its seed is another model's. `result` is the generation
    that the panel stands under, if any, and `opening` what stands before the words
    of its prompts. `borrowed` is the loan where the model is somebody else's, and `public_id` what
    programs call it. `second` is who else is in the pictures, `has_lost_second` says that who was
    chosen cannot be any more, and `others` whether there is anybody to choose.
    """

    model: Model
    options: PictureOptions
    offered: Set[PictureOption]
    price_usd: Decimal
    seed_at_hand: int | None
    result: Generation | None = None
    sizes: Mapping[PictureSize, SizeOffer] = field(default_factory=dict)
    stars: int = 0
    opening: str = ""
    borrowed: Borrowed | None = None
    public_id: str | None = None
    second: Companion | None = None
    has_lost_second: bool = False
    others: bool = False


class PanelService:
    """Use cases of the panel.

    Args:
        database: Where users keep their choices.
        rules: How prompts begin.
        prices: What a picture costs.
        sales: What users pay.
        pairs: Says who can be in one picture with whom.
    """

    def __init__(
        self,
        database: Database,
        rules: TrainingRules,
        prices: PriceList,
        sales: Sales | None = None,
        pairs: Pairs | None = None,
    ) -> None:
        self._database = database
        self._rules = rules
        self._prices = prices
        self._sales = sales or Sales()
        self._pairs = pairs or Pairs()

    async def panel(self, user_id: int, generation_id: str | None = None) -> Panel:
        """Return the user's panel, for the active model or under a result.

        Raises:
            NoModelYet: There is nothing to generate with.
            NotFound: No such result of this user.
        """
        async with self._database.transaction() as tx:
            user = await tx.users.lock(user_id)
            return await self._panel(tx, user, generation_id)

    async def choose(
        self, user_id: int, option: PictureOption, value: str, generation_id: str | None = None
    ) -> Panel:
        """Remember a choice, and return the panel with it.

        Args:
            user_id: Whose panel it is.
            option: What is chosen.
            value: As `services.generation.options.chosen` reads it.
            generation_id: The result that the panel stands under, if any.

        Raises:
            StaleButton: The value cannot be chosen.
            NoModelYet: There is nothing to generate with.
            NotFound: No such result of this user.
        """
        async with self._database.transaction() as tx:
            user = await tx.users.lock(user_id)
            _, model = await _subject(tx, user_id, generation_id)
            try:
                options = chosen(remembered(user, model), option, value)
            except ValueError:
                raise StaleButton from None
            is_of_model = has_own_scale(user_id, model)
            if is_of_model:
                await tx.models.choose_scale(model.id, options.lora_scale)
            await tx.users.choose_options(
                user_id,
                shape=options.shape,
                size=options.size,
                picture_count=options.count,
                lora_scale=user.lora_scale if is_of_model else options.lora_scale,
                kept_seed=options.seed,
            )
            user = await tx.users.lock(user_id)
            return await self._panel(tx, user, generation_id)

    async def others(self, user_id: int) -> Sequence[Companion]:
        """Return who can be in the next pictures beside the person of the active model.

        Raises:
            NoModelYet: There is nothing to generate with.
        """
        async with self._database.transaction() as tx:
            user = await tx.users.lock(user_id)
            _, model = await _subject(tx, user_id, None)
            return await self._pairs.beside(tx, user, model)

    async def choose_second(self, user_id: int, second_id: str | None) -> Panel:
        """Remember who else is in the pictures of the active model, and return the panel with it.

        Args:
            user_id: Whose panel it is.
            second_id: The id of a `Companion`; None for nobody.

        Raises:
            StaleButton: They can't be in one picture, or no more.
            NoModelYet: There is nothing to generate with.
        """
        async with self._database.transaction() as tx:
            user = await tx.users.lock(user_id)
            _, model = await _subject(tx, user_id, None)
            others = await self._pairs.beside(tx, user, model)
            if second_id is not None and second_id not in {one.id for one in others}:
                raise StaleButton
            await tx.users.choose_second(user_id, model.id, second_id)
            return await self._panel(tx, await tx.users.lock(user_id), None)

    async def _panel(self, tx: Transaction, user: User, generation_id: str | None) -> Panel:
        result, model = await _subject(tx, user.id, generation_id)
        options = remembered(user, model)
        seed = options.seed
        shown = result or (await tx.generations.latest_of(user.id) if seed is None else None)
        if shown is not None and is_with_lora(shown):
            seed = shown.seed
        offered = GENERATORS[model.generator].takes
        sizes = {size: self._size(model, options, size) for size in PictureSize}
        now, opening = sizes[options.size], self._rules.opening(model)
        borrowed = await loan_for(tx, user.id, model)
        if result is None and borrowed is not None and not borrowed.is_usable:
            raise LoanOver
        public = model.training_id if borrowed is None else borrowed.loan.id
        second, has_lost_second, others = None, False, False
        if result is not None:
            second = await _second_in(tx, result)
        else:
            others = bool(await self._pairs.beside(tx, user, model))
            try:
                second = await self._pairs.chosen(tx, user, model)
            except SecondUnfit:
                has_lost_second = True
        if second is not None:
            opening += self._rules.opening(second.model)
        return Panel(
            model,
            options,
            offered,
            now.price_usd,
            seed,
            result,
            sizes,
            now.stars,
            opening,
            borrowed,
            public,
            second,
            has_lost_second,
            others,
        )

    def _size(self, model: Model, options: PictureOptions, size: PictureSize) -> SizeOffer:
        pixels = GENERATORS[model.generator].pixels(options.shape, size)
        price_usd = self._prices.image_usd(model.generator, options.shape, size) * options.count
        stars = self._sales.picture_stars(model.generator, options.shape, size) * options.count
        return SizeOffer(pixels.width_px, pixels.height_px, price_usd, stars)


async def _second_in(tx: Transaction, result: Generation) -> Companion | None:
    other = await tx.models.get(result.second_model_id)
    if other is None or result.second_scale is None:
        return None
    return Companion(other.id, other, result.second_scale)


async def _subject(
    tx: Transaction, user_id: int, generation_id: str | None
) -> tuple[Generation | None, Model]:
    """Return the result that a panel stands under, if any, and the model that it is about."""
    if generation_id is not None:
        return await result_of(tx, user_id, generation_id)
    return None, await active_model(tx, user_id)
