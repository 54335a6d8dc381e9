"""Records what users order: the row, its charge and its price in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from db.database import Transaction
from services.domain.api_keys import ApiKey
from services.domain.press import Press
from services.domain.states import GenerationState
from services.domain.values import Call, Generation, Model, Place
from services.errors import CreditsMissing, InvalidPrompt, LoanOver, SecondUnfit
from services.fal.editors import EDITORS
from services.generation.options import Edit, PictureRequest, Second, new_seed
from services.generation.pairs import Pairs
from services.generation.wish import Wish, written
from services.identifiers import new_id
from services.lending.holding import Need, hold, require
from services.money.limits import Ledger
from services.money.prices import PriceList
from services.money.sales import Sales, require_shown
from services.visible import is_visible

MAX_PROMPT_LENGTH = 900
"""In characters: the prompt comes back as the caption (Telegram's limit is 1024)."""


@dataclass(frozen=True)
class Asker:
    """Who asks for pictures, of which model, and where they go.

    Without a model a picture can be made of a photo only. What is asked for by a `call` from a
    group goes there.
    """

    user_id: int
    place: Place
    model: Model | None
    call: Call | None = None

    @property
    def model_id(self) -> str | None:
        """The id of the model."""
        return self.model.id if self.model else None


class Ordering:
    """Orders of pictures, within the transaction of who asks.

    Args:
        prices: What a picture costs.
        ledger: Takes the charges.
        is_worded: Whether a language model puts prompts into English.
        sales: Holds what users pay.
        pairs: Says who can be in one picture with whom.
    """

    def __init__(
        self,
        prices: PriceList,
        ledger: Ledger,
        *,
        is_worded: bool = False,
        sales: Sales | None = None,
        pairs: Pairs | None = None,
    ) -> None:
        self._prices = prices
        self._ledger = ledger
        self._sales = sales or Sales()
        self.pairs = pairs or Pairs()
        self.first = GenerationState.WORDING if is_worded else GenerationState.ACCEPTED

    async def once(
        self, tx: Transaction, asker: Asker, request: PictureRequest, origin: str
    ) -> Generation:
        """Record what an update asks for, unless it has asked before."""
        known = await tx.generations.find_origin(asker.user_id, origin)
        if known is not None:
            return known
        wish = Wish(asker.model_id, asker.place, [request], [origin])
        return (await self.order(tx, wish, asker))[0]

    async def press(
        self,
        tx: Transaction,
        asker: Asker,
        button: str,
        press: Press,
        requests: Sequence[PictureRequest],
    ) -> Sequence[Generation]:
        """Record what a button asks for, unless it is under way; see `GenerationService.press`."""
        await tx.users.lock(asker.user_id)
        before = await tx.generations.of_button(asker.user_id, f"{button}:")
        if not await tx.once.is_first(f"press:{press.id}"):
            return before[-len(requests) :]
        under_way = [generation for generation in before if generation.announced_at is None]
        if under_way:
            return under_way
        require_shown(press.stars, self.price_stars(asker.model, requests))
        pack = f"{button}:{len(before)}" if len(requests) > 1 else None
        origins = [f"{button}:{len(before) + number}" for number in range(len(requests))]
        wish = Wish(asker.model_id, asker.place, requests, origins, pack)
        return await self.order(tx, wish, asker)

    async def order(self, tx: Transaction, wish: Wish, asker: Asker) -> Sequence[Generation]:
        """Record what a wish is for, all of it or nothing.

        Raises:
            CreditsMissing: The user has too little; its request is the wish.
        """
        stars = self.price_stars(asker.model, wish.requests)
        # Before anything is written or paid for: see `services.lending.holding`.
        needs = [need for one in wish.requests for need in await self._needs(tx, asker, one)]
        await require(tx, asker.user_id, needs)
        try:
            await self._sales.require(tx, asker.user_id, stars)
        except CreditsMissing as error:
            error.request = {**written(wish), "stars": stars}
            raise
        return [
            await self.record(tx, asker, request, origin, wish.pack)
            for request, origin in zip(wish.requests, wish.origins, strict=True)
        ]

    async def over_http(
        self, tx: Transaction, asker: Asker, request: PictureRequest, by: ApiKey | None
    ) -> Generation:
        """Record what comes over HTTP, charged to the personal key as well, if one asks."""
        await require(tx, asker.user_id, await self._needs(tx, asker, request))
        generation = await self.record(tx, asker, request, f"api:{new_id()}")
        if by is not None:
            await self._ledger.charge_key(tx, generation.id, by)
        return generation

    async def record(
        self,
        tx: Transaction,
        asker: Asker,
        request: PictureRequest,
        origin: str,
        pack: str | None = None,
    ) -> Generation:
        """Record one generation, unless its origin has asked for it already."""
        options, user_id, model = request.options, asker.user_id, asker.model
        is_borrowed = model is not None and model.user_id != user_id
        usd = self.price_usd(asker.model, request)
        row = {
            "id": new_id(),
            "user_id": user_id,
            "chat_id": asker.place.chat_id,
            "message_thread_id": asker.place.thread_id,
            "model_id": asker.model_id,
            "origin": origin,
            "prompt": checked(request.prompt),
            "english": request.english,
            "state": self._state(request),
            "shape": options.shape,
            "size": options.size,
            "picture_count": options.count,
            "lora_scale": options.lora_scale,
            "price_usd": usd,
            "seed": new_seed() if options.seed is None else options.seed,
            "title": dict(request.title) if request.title else None,
            "pack": pack,
            "is_borrowed": is_borrowed,
            **_made_of(request.edit),
            **_called_by(asker.call),
            **await _with_second(tx, user_id, request.second),
        }
        is_new = await tx.generations.record(row)
        generation = await tx.generations.of_origin(user_id, origin)
        if is_new:
            await self._ledger.charge_images(tx, generation.id, user_id, options.count, usd)
            stars = self.stars(asker.model, request)
            await self._sales.hold_pictures(tx, user_id, generation.id, stars, options.count)
            await hold(tx, generation.id, user_id, await self._needs(tx, asker, request))
        return generation

    async def _needs(
        self, tx: Transaction, asker: Asker, request: PictureRequest
    ) -> Sequence[Need]:
        """Return which models a request needs, for how many pictures.

        Raises:
            LoanOver: The model was borrowed, and its owner has deleted it.
            SecondUnfit: The second person cannot be in a picture with the first, or can no more.
        """
        if not _uses_weights(request):
            return []
        model, count = _known(asker.model), request.options.count
        if request.second is None:
            return [Need(model, count)]
        second = await tx.models.get(request.second.model_id)
        if second is None or not self.pairs.fit(model, second):
            raise SecondUnfit
        return [Need(one, count, beside_others=True) for one in (model, second)]

    def price_usd(self, model: Model | None, request: PictureRequest) -> Decimal:
        """Return what the pictures of a request cost us."""
        options = request.options
        shape, size = options.shape, options.size
        if request.edit is not None:
            return self._prices.edited_usd(request.edit.editor, shape, size) * options.count
        return self._prices.image_usd(_known(model).generator, shape, size) * options.count

    def price_stars(self, model: Model | None, requests: Sequence[PictureRequest]) -> int:
        """Return what several orders cost their user together."""
        return sum(self.stars(model, one) * one.options.count for one in requests)

    def stars(self, model: Model | None, request: PictureRequest) -> int:
        """Return what one picture of a request costs its user."""
        shape, size = request.options.shape, request.options.size
        if request.edit is not None:
            return self._sales.edited_stars(request.edit.editor, shape, size)
        return self._sales.picture_stars(_known(model).generator, shape, size)

    def _state(self, request: PictureRequest) -> GenerationState:
        """Return where it begins: a photo is uploaded before anything is submitted."""
        if request.edit is not None and request.edit.url is None:
            return GenerationState.WORDING
        return self.first if request.english is None else GenerationState.ACCEPTED


def _called_by(call: Call | None) -> dict[str, int | None]:
    if call is None:
        return {}
    return {
        "call_chat_id": call.place.chat_id,
        "call_thread_id": call.place.thread_id,
        "call_message_id": call.message_id,
    }


def _made_of(edit: Edit | None) -> dict[str, str | None]:
    if edit is None:
        return {}
    return {
        "editor": edit.editor,
        "source_picture_id": edit.picture_id,
        "source_file_id": edit.file_id,
        "source_url": edit.url,
    }


async def _with_second(
    tx: Transaction, user_id: int, second: Second | None
) -> dict[str, str | float | bool | None]:
    if second is None:
        return {}
    model = await tx.models.get(second.model_id)
    return {
        "second_model_id": model.id if model else None,
        "second_scale": second.scale,
        "second_is_borrowed": model is None or model.user_id != user_id,
    }


def _uses_weights(request: PictureRequest) -> bool:
    """Return whether a request needs the model itself, not only a picture that it made."""
    return request.edit is None or EDITORS[request.edit.editor].takes_lora


def _known(model: Model | None) -> Model:
    if model is None:
        # It was borrowed, and its owner has deleted it.
        raise LoanOver
    return model


def checked(prompt: str) -> str:
    """Return a prompt without the space around it.

    Raises:
        InvalidPrompt: It is empty, or longer than 900 characters.
    """
    prompt = prompt.strip()
    length = len(prompt) if is_visible(prompt) else 0
    if not 0 < length <= MAX_PROMPT_LENGTH:
        raise InvalidPrompt(max=MAX_PROMPT_LENGTH, length=length)
    return prompt
