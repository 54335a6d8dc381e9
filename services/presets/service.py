"""What a user can do with presets."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from db.database import Database
from services.domain.press import Press
from services.domain.values import Model, Place
from services.domain.vocabulary import Language, PictureSize, Subject
from services.fal.endpoints import TRAINERS
from services.generation.found import active_model
from services.generation.options import PictureOptions, PictureRequest, remembered
from services.generation.service import GenerationService
from services.money.prices import PriceList
from services.money.sales import Sales
from services.pictures.own import OwnFile
from services.presets.catalogue import Catalogue, Category, Pack, Preset
from services.rules import TrainingRules


@dataclass(frozen=True)
class FrontPage:
    """The categories, and the most that a surprise costs, in US dollars."""

    categories: Sequence[Category]
    surprise_usd: Decimal
    has_packs: bool
    surprise_stars: int = 0
    picture: OwnFile | None = None


@dataclass(frozen=True)
class Shelf:
    """A category, its presets, and the picture of them, if there is one."""

    category: Category
    presets: Sequence[Preset]
    picture: OwnFile | None = None


@dataclass(frozen=True)
class PresetOffer:
    """A preset for the user's model, None without one, and its price in US dollars.

    `picture` is that of its shelf.
    """

    preset: Preset
    usd: Decimal
    model: Model | None
    stars: int = 0
    picture: OwnFile | None = None


@dataclass(frozen=True)
class PackOffer:
    """A pack, what is in it, and what all of it costs in US dollars."""

    pack: Pack
    presets: Sequence[Preset]
    usd: Decimal
    stars: int = 0


@dataclass(frozen=True)
class Packs:
    """All packs, and the picture above them, if there is one."""

    offers: Sequence[PackOffer]
    picture: OwnFile | None = None


class PresetService:
    """Use cases of presets.

    Presets can be looked at without a model; prices are then those of a model that the first
    trainer on offer would make.

    Args:
        catalogue: What there is.
        database: Where users and models are kept.
        rules: Which trainer is used.
        prices: What a picture costs.
        generations: Where pictures are asked for.
        sales: What users pay.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        database: Database,
        rules: TrainingRules,
        prices: PriceList,
        generations: GenerationService,
        sales: Sales | None = None,
    ) -> None:
        self._catalogue = catalogue
        self._database = database
        self._rules = rules
        self._prices = prices
        self._generations = generations
        self._sales = sales or Sales()

    async def front_page(self, user_id: int) -> FrontPage:
        """Return the categories and what a surprise costs at most."""
        model, size = await self._chosen(user_id)
        dearest = max(self._usd(model, size, [preset]) for preset in self._catalogue.presets)
        stars = max(self._stars(model, size, [preset]) for preset in self._catalogue.presets)
        has_packs, picture = bool(self._catalogue.packs), self._catalogue.pictures.get("")
        return FrontPage(self._catalogue.categories, dearest, has_packs, stars, picture)

    def shelf(self, category_id: str) -> Shelf:
        """Return the presets of a category.

        Raises:
            PresetGone: There is no such category any more.
        """
        category = self._catalogue.category(category_id)
        picture = self._catalogue.pictures.get(category_id)
        return Shelf(category, self._catalogue.in_category(category_id), picture)

    async def all_for(self, user_id: int) -> Sequence[tuple[Category, Preset, str]]:
        """Return all presets with their categories and prompts, which suit the active model."""
        model, _ = await self._chosen(user_id)
        subject = model.subject if model else Subject.PERSON
        return [
            (category, preset, preset.prompt_of(subject))
            for category in self._catalogue.categories
            for preset in self._catalogue.in_category(category.id)
        ]

    async def offer(self, user_id: int, preset_id: str) -> PresetOffer:
        """Return a preset with its price.

        Raises:
            PresetGone: There is no such preset any more.
        """
        preset = self._catalogue.preset(preset_id)
        model, size = await self._chosen(user_id)
        stars = self._stars(model, size, [preset])
        picture = self._catalogue.pictures.get(preset.category)
        return PresetOffer(preset, self._usd(model, size, [preset]), model, stars, picture)

    async def packs(self, user_id: int) -> Packs:
        """Return all packs with their prices."""
        model, size = await self._chosen(user_id)
        contents = [(pack, self._catalogue.in_pack(pack)) for pack in self._catalogue.packs]
        offers = [
            PackOffer(
                pack,
                presets,
                self._usd(model, size, presets),
                self._stars(model, size, presets),
            )
            for pack, presets in contents
        ]
        return Packs(offers, self._catalogue.pictures.get(""))

    async def create(self, user_id: int, place: Place, preset_id: str, press: Press) -> None:
        """Ask for one picture of a preset; pressed twice, the button of a message asks once.

        Args:
            user_id: Who presses.
            place: Where the picture goes.
            preset_id: The preset.
            press: The press.

        Raises:
            PresetGone: There is no such preset any more.
            NoModelYet: There is nothing to generate with.
            DomainError: See `GenerationService.press`.
        """
        preset = self._catalogue.preset(preset_id)
        await self._press(
            user_id, place, f"preset:{press.message_id}:{preset_id}", press, [preset]
        )

    async def surprise(self, user_id: int, place: Place, press: Press) -> None:
        """Ask for one picture of any preset. Twice is once, and errors are as in `create`."""
        preset = secrets.choice(self._catalogue.presets)
        await self._press(user_id, place, f"surprise:{press.message_id}", press, [preset])

    async def create_pack(self, user_id: int, place: Place, pack_id: str, press: Press) -> None:
        """Ask for all presets of a pack or none. Twice is once, and errors are as in `create`."""
        presets = self._catalogue.in_pack(self._catalogue.pack(pack_id))
        await self._press(user_id, place, f"pack:{press.message_id}:{pack_id}", press, presets)

    async def _press(
        self, user_id: int, place: Place, button: str, press: Press, presets: Sequence[Preset]
    ) -> None:
        async with self._database.transaction() as tx:
            model, user = await active_model(tx, user_id), await tx.users.lock(user_id)
        scale = remembered(user, model).lora_scale
        requests = [
            PictureRequest(
                preset.prompt_of(model.subject),
                PictureOptions(shape=preset.shape, lora_scale=scale, size=user.size),
                {language.value: preset.name.of(language) for language in Language},
                english=preset.prompt_of(model.subject),
            )
            for preset in presets
        ]
        await self._generations.press(user_id, place, button, press, requests)

    async def _chosen(self, user_id: int) -> tuple[Model | None, PictureSize]:
        async with self._database.transaction() as tx:
            model, user = await tx.models.active_of(user_id), await tx.users.get(user_id)
        return model, user.size if user else PictureSize.STANDARD

    def _usd(self, model: Model | None, size: PictureSize, presets: Iterable[Preset]) -> Decimal:
        generator = self._generator(model)
        return sum(
            (self._prices.image_usd(generator, preset.shape, size) for preset in presets),
            Decimal(0),
        )

    def _stars(self, model: Model | None, size: PictureSize, presets: Iterable[Preset]) -> int:
        generator = self._generator(model)
        return sum(self._sales.picture_stars(generator, one.shape, size) for one in presets)

    def _generator(self, model: Model | None) -> str:
        return model.generator if model else TRAINERS[self._rules.trainers[0]].generator
