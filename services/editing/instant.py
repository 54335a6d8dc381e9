"""A first picture from a single photo, before there is a model."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from db.database import Database, Transaction
from services.domain.press import Press
from services.domain.values import Generation, Photo, Place
from services.domain.vocabulary import PhotoState, Subject
from services.errors import DraftPhotoGone, StaleButton
from services.fal.editors import EDITORS
from services.generation.options import Edit, PictureOptions, PictureRequest
from services.generation.ordering import Asker, Ordering
from services.money.gifts import Gifts
from services.pictures.own import OwnFile
from services.presets.catalogue import Catalogue, Preset
from services.training.consent import require_current

STYLES = 3
"""How many styles are offered: one from each of the first categories of presets."""

OPENING = "Make a new photo of the person in this one:"
"""Stands before a preset's own words, which say what is around the person."""


@dataclass(frozen=True)
class InstantOffer:
    """What can be made of a photo, with which of the models, and what it costs in US dollars.

    `model` is the nickname of an edit model, `others` are those of the others on offer. `stars` is
    what the user pays: 0 where users pay nothing, or for the one that is free.
    """

    photo_id: int
    styles: Sequence[Preset]
    model: str
    others: Sequence[str]
    price_usd: Decimal
    stars: int = 0
    is_free: bool = False
    picture: OwnFile | None = None


class InstantService:
    """Use cases of pictures from a single photo.

    Args:
        database: Where photos and generations are kept.
        ordering: Records what is ordered.
        carry: Has a generation carried on, now.
        editors: The edit models on offer, the first by itself; none where this is off.
        catalogue: The styles.
        gives_first: Whether the first one of a user is free.
    """

    def __init__(
        self,
        database: Database,
        ordering: Ordering,
        carry: Callable[[str], None],
        editors: Sequence[str],
        catalogue: Catalogue,
        *,
        gives_first: bool = False,
    ) -> None:
        self._database = database
        self._ordering = ordering
        self._carry = carry
        self._editors = editors
        self._catalogue = catalogue
        self._gives_first = gives_first
        self._gifts = Gifts()

    @property
    def is_offered(self) -> bool:
        """Whether there is such a picture at all."""
        return bool(self._editors)

    async def offer(
        self, user_id: int, photo_id: int | None = None, nickname: str = ""
    ) -> InstantOffer | None:
        """Return what can be made of a photo of the user's draft.

        Args:
            user_id: Who asks.
            photo_id: The photo; the first one that can be used where none is named.
            nickname: Of the edit model; the operator's first where none is named.

        Returns:
            None where nothing is offered, or there is no photo yet.

        Raises:
            DraftPhotoGone: The photo is not among those of the user's draft.
        """
        if not self._editors:
            return None
        async with self._database.transaction() as tx:
            photos = await _photos(tx, user_id)
            if not photos:
                return None
            photo = _chosen(photos, photo_id)
            editor = self._editor(nickname)
            request = self._request(photo, self._styles()[0], editor)
            stars = self._ordering.price_stars(None, [request])
            is_free = bool(stars) and await self._is_given(tx, user_id)
        return InstantOffer(
            photo.id,
            self._styles(),
            EDITORS[editor].nickname,
            [EDITORS[one].nickname for one in self._editors if one != editor],
            self._ordering.price_usd(None, request),
            0 if is_free else stars,
            is_free,
            self._catalogue.pictures.get(""),
        )

    async def make(
        self, user_id: int, place: Place, photo_id: int, style: tuple[str, str], press: Press
    ) -> Sequence[Generation]:
        """Have a picture made; pressed again before it is there, nothing new is made.

        Args:
            user_id: Who presses.
            place: Where it goes.
            photo_id: The photo.
            style: The id of a preset, and the nickname of an edit model.
            press: Telegram's id of the press; handled again, it asks for nothing new.

        Raises:
            StaleButton: The operator offers none any more.
            DraftPhotoGone: The photo is not among those of the user's draft.
            PresetGone: There is no such style any more.
            ConsentChanged: The wording of the consent has changed since it was given.
            DomainError: A spending limit, see `Ledger.charge_images`, or too few Stars.
        """
        if not self._editors:
            raise StaleButton
        preset_id, nickname = style
        preset = self._catalogue.preset(preset_id)
        async with self._database.transaction() as tx:
            photo = _chosen(await _photos(tx, user_id), photo_id)
            await require_current(tx, photo.training_id)
            request = self._request(photo, preset, self._editor(nickname))
            stars = self._ordering.price_stars(None, [request])
            if stars and await self._is_given(tx, user_id):
                press = replace(press, stars=None)
                await self._gifts.first_picture(tx, user_id, stars)
            asker, button = Asker(user_id, place, None), f"try:{photo.id}:{preset.id}"
            made = await self._ordering.press(tx, asker, button, press, [request])
        for generation in made:
            self._carry(generation.id)
        return made

    async def _is_given(self, tx: Transaction, user_id: int) -> bool:
        return self._gives_first and not await self._gifts.has_first_picture(tx, user_id)

    def _styles(self) -> Sequence[Preset]:
        firsts = {preset.category: preset for preset in reversed(self._catalogue.presets)}
        return [firsts[one.id] for one in self._catalogue.categories][:STYLES]

    def _editor(self, nickname: str) -> str:
        named = [one for one in self._editors if EDITORS[one].nickname == nickname]
        return (named or self._editors)[0]

    def _request(self, photo: Photo, preset: Preset, editor: str) -> PictureRequest:
        prompt = f"{OPENING} {preset.prompt_of(Subject.PERSON)}"
        return PictureRequest(
            prompt,
            PictureOptions(preset.shape),
            preset.name.model_dump(),
            prompt,
            Edit(editor, file_id=photo.file_id),
        )


async def _photos(tx: Transaction, user_id: int) -> Sequence[Photo]:
    """Return the photos of the user's draft that can be used, those checked first."""
    draft = await tx.drafts.of(user_id)
    photos = await tx.photos.all_of(draft.id) if draft else []
    usable = [photo for photo in photos if photo.state is not PhotoState.REFUSED]
    return sorted(usable, key=lambda photo: photo.state is not PhotoState.ACCEPTED)


def _chosen(photos: Sequence[Photo], photo_id: int | None) -> Photo:
    for photo in photos:
        if photo_id is None or photo.id == photo_id:
            return photo
    raise DraftPhotoGone
