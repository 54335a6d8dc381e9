"""What can be trained, and at what price: given whole, so that every front shows the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from services.domain.values import Draft
from services.domain.vocabulary import QualityMode
from services.errors import StaleButton
from services.fal.endpoints import TRAINERS
from services.money.prices import PriceList
from services.money.sales import Sales
from services.rules import TrainingRules
from services.training.modes import modes_of


@dataclass(frozen=True)
class ModeOffer:
    """A quality mode of a trainer; `usual_minutes` is None where nobody knows.

    `stars` is what a user pays, with the first pictures; 0 where users pay nothing.
    """

    mode: QualityMode
    steps: int
    usd: Decimal
    usual_minutes: tuple[int, int] | None
    stars: int = 0


@dataclass(frozen=True)
class TrainerOffer:
    """A trainer with its modes; `generator` makes pictures with its models.

    `picture_usd` is the price of one of them, in the shape that is the first one's.
    """

    trainer: str
    nickname: str
    modes: tuple[ModeOffer, ...]
    generator: str
    picture_usd: Decimal
    picture_stars: int = 0

    @property
    def least_stars(self) -> int:
        """What a user pays for a training at least."""
        return min(offer.stars for offer in self.modes)

    @property
    def least_usd(self) -> Decimal:
        """What a training costs at least."""
        return min(offer.usd for offer in self.modes)

    def mode(self, mode: QualityMode) -> ModeOffer:
        """Return one of the modes."""
        return next(offer for offer in self.modes if offer.mode is mode)


@dataclass(frozen=True)
class Quote:
    """What a draft costs in US dollars if it is started as it is.

    `pictures` is how many first pictures the new model brings, at `picture_usd` each. `stars` is
    what its user pays, the first pictures included; 0 where users pay nothing.
    """

    training_usd: Decimal
    picture_usd: Decimal
    pictures: int
    stars: int = 0

    @property
    def total_usd(self) -> Decimal:
        """The training with its first pictures."""
        return self.training_usd + self.picture_usd * self.pictures


class TrainingOffers:
    """What the operator offers, at the prices of this moment.

    Args:
        rules: The trainers on offer.
        prices: What they cost.
        sales: What users pay.
    """

    def __init__(
        self, rules: TrainingRules, prices: PriceList, sales: Sales | None = None
    ) -> None:
        self._rules = rules
        self._prices = prices
        self._sales = sales or Sales()

    def all(self) -> Sequence[TrainerOffer]:
        """Return the trainers in the operator's order."""
        return [self.of(trainer) for trainer in self._rules.trainers]

    def of(self, trainer: str) -> TrainerOffer:
        """Return a trainer, on offer or not any more."""
        row = TRAINERS[trainer]
        modes = [
            ModeOffer(
                mode,
                settings.steps,
                self._prices.training_usd(trainer, settings.steps),
                settings.usual_minutes,
                self._sales.training_stars(trainer, mode, settings.steps),
            )
            for mode, settings in modes_of(trainer).items()
        ]
        picture_usd = self._prices.image_usd(row.generator)
        stars = self._sales.picture_stars(row.generator)
        return TrainerOffer(trainer, row.nickname, tuple(modes), row.generator, picture_usd, stars)

    def quote(self, draft: Draft, *, wants_pictures: bool) -> Quote:
        """Return what a draft costs; the price of its mode is the one it was chosen at.

        Raises:
            StaleButton: The mode is not chosen.
        """
        if draft.steps is None or draft.mode is None:
            raise StaleButton
        usd = draft.price_usd
        if usd is None:
            usd = self._prices.training_usd(draft.trainer, draft.steps)
        picture_usd = self._prices.image_usd(TRAINERS[draft.trainer].generator)
        stars = self._sales.training_stars(draft.trainer, draft.mode, draft.steps)
        return Quote(usd, picture_usd, self._rules.preview_images if wants_pictures else 0, stars)
