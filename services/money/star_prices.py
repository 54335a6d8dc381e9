"""What things cost in Stars: the operator's own prices, or those that fal's come to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from pathlib import Path
from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from services.domain.vocabulary import PictureShape, PictureSize, QualityMode
from services.fal.editors import EDITORS, pixels_of
from services.fal.endpoints import GENERATORS, TRAINERS
from services.fal.enlargers import ENLARGERS
from services.money.prices import PriceList
from services.operator_file import Mistake, read_toml

Stars: TypeAlias = Annotated[int, Field(ge=1, le=100_000)]


class Tariff(BaseModel):
    """The operator's prices in Stars, by endpoint; what is not named is computed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    training: dict[str, dict[QualityMode, Stars]] = {}
    pictures: dict[str, dict[PictureSize, Stars]] = {}
    enlarging: dict[str, dict[PictureSize, Stars]] = {}
    editing: dict[str, dict[PictureSize, Stars]] = {}


def load_tariff(path: str) -> Tariff:
    """Return the prices of an operator's file; without a path, none are set.

    Raises:
        BadFile: The file cannot be read, or has a mistake.
    """
    return read_toml(Path(path), Tariff, _checked) if path else Tariff()


def _checked(tariff: Tariff) -> Tariff:
    tables = (
        ("training", TRAINERS),
        ("pictures", GENERATORS),
        ("enlarging", ENLARGERS),
        ("editing", EDITORS),
    )
    for name, known in tables:
        for endpoint in getattr(tariff, name):
            if endpoint not in known:
                words = f"{name}: {endpoint} is none of {', '.join(known)}"
                raise Mistake((name, endpoint), words)
    return tariff


@dataclass(frozen=True)
class StarRates:
    """How dollars become Stars.

    `star_usd` is what a Star brings its receiver (0.013 USD by Telegram's terms for bot
    developers, 6.2.4), and `margin` how many times its cost a thing is sold for. `credit_stars` is
    how much of a Star a credit brings at least: packs with a bonus bring less than one.
    """

    star_usd: Decimal = Decimal("0.013")
    margin: Decimal = Decimal("1.5")
    credit_stars: Decimal = Decimal(1)

    def stars(self, usd: Decimal) -> int:
        """Return the price of what costs so many US dollars: whole Stars, at least one."""
        exact = usd * self.margin / self.star_usd
        return max(1, int(exact.to_integral_value(ROUND_CEILING)))


@dataclass(frozen=True)
class PriceRow:
    """One price, as the operator is shown it: what is sold, what it costs us, what it brings."""

    name: str
    stars: int
    cost_usd: Decimal
    income_usd: Decimal
    is_set: bool

    @property
    def margin(self) -> Decimal:
        """How many times its cost it brings; of what costs nothing, none is known."""
        return self.income_usd / self.cost_usd if self.cost_usd else Decimal(0)


class StarPrices:
    """Prices in Stars.

    Args:
        prices: What fal asks.
        rates: How that becomes Stars.
        tariff: What the operator has set.
        first_pictures: How many pictures come with a training, at no price of their own.
    """

    def __init__(
        self, prices: PriceList, rates: StarRates, tariff: Tariff, first_pictures: int
    ) -> None:
        self._prices = prices
        self._rates = rates
        self._tariff = tariff
        self._first_pictures = first_pictures

    def training(self, trainer: str, mode: QualityMode, steps: int) -> int:
        """Return the price of a training with its first pictures."""
        set_price = self._tariff.training.get(trainer, {}).get(mode)
        return set_price or self._rates.stars(self._training_usd(trainer, steps))

    def picture(
        self,
        generator: str,
        shape: PictureShape = PictureShape.PORTRAIT,
        size: PictureSize = PictureSize.STANDARD,
    ) -> int:
        """Return the price of one picture."""
        set_price = self._tariff.pictures.get(generator, {}).get(size)
        return set_price or self._rates.stars(self._prices.image_usd(generator, shape, size))

    def enlarged(
        self, enlarger: str, generator: str, shape: PictureShape, size: PictureSize
    ) -> int:
        """Return the price of making a picture of this size larger."""
        set_price = self._tariff.enlarging.get(enlarger, {}).get(size)
        return set_price or self._rates.stars(self._enlarged_usd(enlarger, generator, shape, size))

    def edited(self, editor: str, shape: PictureShape, size: PictureSize) -> int:
        """Return the price of changing a picture of this shape and size."""
        set_price = self._tariff.editing.get(editor, {}).get(size)
        return set_price or self._rates.stars(self._prices.edited_usd(editor, shape, size))

    def table(
        self,
        trainers: Sequence[str],
        steps: Mapping[str, Mapping[QualityMode, int]],
        enlarger: str = "",
        editors: Sequence[str] = (),
    ) -> Iterator[PriceRow]:
        """Return the prices of what is on offer; of pictures, those of the dearest shape.

        Args:
            trainers: The trainers on offer.
            steps: How long each of their modes is.
            enlarger: What pictures are made larger with; empty where none is offered.
            editors: What pictures are changed with, besides what the trainers bring along.
        """
        for trainer in trainers:
            for mode, count in steps[trainer].items():
                yield self._row(
                    f"training {TRAINERS[trainer].nickname}, {mode}",
                    self.training(trainer, mode, count),
                    self._training_usd(trainer, count),
                    is_set=mode in self._tariff.training.get(trainer, {}),
                )
        for generator in dict.fromkeys(TRAINERS[trainer].generator for trainer in trainers):
            for size in PictureSize:
                shape = max(
                    PictureShape,
                    key=lambda one: self._prices.image_usd(generator, one, size),
                )
                yield self._row(
                    f"picture {generator.removeprefix('fal-ai/')}, {size}, {shape}",
                    self.picture(generator, shape, size),
                    self._prices.image_usd(generator, shape, size),
                    is_set=size in self._tariff.pictures.get(generator, {}),
                )
                if enlarger:
                    yield self._row(
                        f"enlarging {generator.removeprefix('fal-ai/')}, {size}, {shape}",
                        self.enlarged(enlarger, generator, shape, size),
                        self._enlarged_usd(enlarger, generator, shape, size),
                        is_set=size in self._tariff.enlarging.get(enlarger, {}),
                    )

        for editor in dict.fromkeys(editors):
            for size in PictureSize:
                yield self._row(
                    f"change {editor.removeprefix('fal-ai/')}, {size}",
                    self.edited(editor, PictureShape.SQUARE, size),
                    self._prices.edited_usd(editor, PictureShape.SQUARE, size),
                    is_set=size in self._tariff.editing.get(editor, {}),
                )

    def _enlarged_usd(
        self, enlarger: str, generator: str, shape: PictureShape, size: PictureSize
    ) -> Decimal:
        pixels = pixels_of(generator, shape, size)
        return self._prices.enlarged_usd(enlarger, pixels.width_px, pixels.height_px)

    def _training_usd(self, trainer: str, steps: int) -> Decimal:
        picture = self._prices.image_usd(TRAINERS[trainer].generator)
        return self._prices.training_usd(trainer, steps) + picture * self._first_pictures

    def _row(self, name: str, stars: int, cost_usd: Decimal, *, is_set: bool) -> PriceRow:
        income_usd = stars * self._rates.star_usd * self._rates.credit_stars
        return PriceRow(name, stars, cost_usd, income_usd, is_set)
