"""What a user can do to have a picture changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from db.database import Database, Transaction
from services.domain.api_keys import Asking
from services.domain.press import Press
from services.domain.values import Generation, Model, Picture, Place
from services.editing.changes import Change, change_of, groups
from services.errors import BadOptionValue, StaleButton
from services.fal.editors import WITH_LORA
from services.generation.found import own_generation
from services.generation.options import (
    Edit,
    PictureOptions,
    PictureRequest,
    options_of,
    second_of,
)
from services.generation.ordering import Asker, Ordering
from services.money.sales import require_shown
from services.pictures.service import own_picture
from services.repeats import find_repeated, note_asked
from services.visible import without_turns

CHANGE = "change"
"""What an order over HTTP is for, see `services.repeats`."""


@dataclass(frozen=True)
class EditOffer:
    """What one change of a picture costs, in US dollars; `stars` is what the user pays."""

    picture: Picture
    price_usd: Decimal
    stars: int = 0


@dataclass(frozen=True)
class Words:
    """What a user writes to have changed, in any language, and the update that brings it.

    `shown` is what they have been shown that it costs, in Stars; None where that was no price.
    """

    text: str
    origin: str
    shown: int | None = None


@dataclass(frozen=True)
class Wanted:
    """What is to be changed: words, or else the id of a ready change."""

    text: str | None
    change_id: str = ""


class EditingService:
    """Use cases of changes to pictures.

    Args:
        database: Where pictures are kept.
        ordering: Records what is ordered.
        carry: Has a generation carried on, now.
        editor: The edit model where none takes the LoRA; empty where the operator offers none.
    """

    def __init__(
        self,
        database: Database,
        ordering: Ordering,
        carry: Callable[[str], None],
        editor: str,
    ) -> None:
        self._database = database
        self._ordering = ordering
        self._carry = carry
        self._editor = editor

    @property
    def is_offered(self) -> bool:
        """Whether pictures can be changed at all."""
        return bool(self._editor)

    async def offer(self, user_id: int, picture_id: str) -> EditOffer:
        """Return what a change of a picture costs.

        Raises:
            StaleButton: The operator offers no changes any more.
            NotFound: No such picture of this user.
        """
        async with self._database.transaction() as tx:
            picture, model, request = await self._request(tx, user_id, picture_id)
        usd = self._ordering.price_usd(model, request)
        return EditOffer(picture, usd, self._ordering.price_stars(model, [request]))

    async def change(
        self, user_id: int, place: Place, picture_id: str, words: Words
    ) -> Generation:
        """Have a picture changed as words say; the result is a picture of the gallery.

        Args:
            user_id: Who asks.
            place: Where it goes.
            picture_id: What is changed.
            words: What to change; the same update delivered again asks for nothing new.

        Raises:
            StaleButton: The operator offers no changes any more.
            NotFound: No such picture of this user.
            InvalidPrompt: Empty, or longer than 900 characters.
            PriceChanged: It is dearer by now.
            DomainError: A spending limit, see `Ledger.charge_images`, or too few Stars.
        """
        async with self._database.transaction() as tx:
            _, model, request = await self._request(tx, user_id, picture_id)
            if await tx.generations.find_origin(user_id, words.origin) is None:
                require_shown(words.shown, self._ordering.price_stars(model, [request]))
            asked = replace(request, prompt=without_turns(words.text))
            asker = Asker(user_id, place, model)
            generation = await self._ordering.once(tx, asker, asked, words.origin)
        self._carry(generation.id)
        return generation

    async def apply(
        self, user_id: int, place: Place, picture_id: str, change_id: str, press: Press
    ) -> Sequence[Generation]:
        """Make one of the ready changes; pressed again before it is there, nothing new is made.

        Raises:
            StaleButton: There is no such change any more.
            NotFound: No such picture of this user.
            DomainError: As for `change`.
        """
        change = change_of(change_id)
        async with self._database.transaction() as tx:
            _, model, request = await self._request(tx, user_id, picture_id)
            asked = _ready(request, change)
            asker, button = Asker(user_id, place, model), f"edit:{picture_id}:{change.id}"
            made = await self._ordering.press(tx, asker, button, press, [asked])
        for generation in made:
            self._carry(generation.id)
        return made

    async def order(
        self, user_id: int, place: Place, picture_id: str, wanted: Wanted, asking: Asking
    ) -> Generation:
        """Have a picture changed over HTTP, once however often the request comes.

        Raises:
            RequestKeyReused: The caller's key belongs to another request.
            BadOptionValue: There is no such ready change.
            DomainError: As for `change`; KeyLimitReached.
        """
        async with self._database.transaction() as tx:
            await tx.users.lock(user_id)
            known_id = await find_repeated(tx, user_id, CHANGE, asking)
            if known_id is not None:
                return (await own_generation(tx, user_id, known_id))[0]
            _, model, request = await self._request(tx, user_id, picture_id)
            asked = _asked(request, wanted)
            asker = Asker(user_id, place, model)
            generation = await self._ordering.over_http(tx, asker, asked, asking.by)
            await note_asked(tx, user_id, CHANGE, asking, generation.id)
        self._carry(generation.id)
        return generation

    async def original(self, user_id: int, picture_id: str) -> Picture:
        """Return the picture that another one was made of.

        Raises:
            NotFound: No such picture of this user, or what it was made of was deleted.
        """
        async with self._database.transaction() as tx:
            picture = await own_picture(tx, user_id, picture_id)
            generation, _ = await own_generation(tx, user_id, picture.generation_id)
            return await own_picture(tx, user_id, generation.source_picture_id or "")

    async def _request(
        self, tx: Transaction, user_id: int, picture_id: str
    ) -> tuple[Picture, Model | None, PictureRequest]:
        """Return a picture, its model, and a request without words to change it."""
        if not self._editor:
            raise StaleButton
        picture = await own_picture(tx, user_id, picture_id)
        generation, model = await own_generation(tx, user_id, picture.generation_id)
        before = options_of(generation)
        options = PictureOptions(before.shape, lora_scale=before.lora_scale, size=before.size)
        # How an edit with two LoRAs keeps two people apart nobody has shown, so none goes along.
        editor = self._editor if generation.is_of_two else self._editor_for(model)
        edit = Edit(editor, picture.id, url=picture.url)
        request = PictureRequest("", options, edit=edit, second=second_of(generation))
        return picture, model, request

    def _editor_for(self, model: Model | None) -> str:
        return WITH_LORA.get(model.generator if model else "", self._editor)


def _asked(request: PictureRequest, wanted: Wanted) -> PictureRequest:
    if wanted.text is not None:
        return replace(request, prompt=without_turns(wanted.text))
    for change in (change for group in groups() for change in group.changes):
        if change.id == wanted.change_id:
            return _ready(request, change)
    ids = ", ".join(change.id for group in groups() for change in group.changes)
    raise BadOptionValue(option="change", value=wanted.change_id, allowed=ids)


def _ready(request: PictureRequest, change: Change) -> PictureRequest:
    name = change.name.model_dump()
    return replace(request, prompt=change.prompt, english=change.prompt, title=name)
