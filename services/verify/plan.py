"""What a verification does and costs at most."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from services.fal.endpoints import TRAINERS
from services.fal.gateway import UnitPrice
from services.money.prices import STEP_UNITS, PriceList

MOST_USD = Decimal(3)
"""A verification that may cost more is refused."""

LEAST_CHARGE_STEPS = 1000
"""A training may be charged as one of this many steps: known least charges are those of 500 steps
and of a "run" of 1000."""

PICTURES = 2
"""One that is looked at, and one that is cancelled and perhaps charged all the same."""

MOST_MESSAGES = 30
"""What the flood is bounded by; more than that a second Telegram takes from nobody."""


@dataclass(frozen=True)
class Plan:
    """What will be asked for; prices in US dollars.

    `training_usd`, `picture_usd` and `edit_usd` are what the bot would say that they cost,
    `bound_usd` is what all of it costs at most. Without an `editor` nothing is changed.
    """

    trainer: str
    generator: str
    steps: int
    training_usd: Decimal
    picture_usd: Decimal
    bound_usd: Decimal
    floods: bool
    editor: str = ""
    edit_usd: Decimal = Decimal(0)

    @property
    def is_affordable(self) -> bool:
        """Whether it stays below the cap."""
        return self.bound_usd <= MOST_USD

    def told(self) -> Sequence[str]:
        """Return the lines that say what will be done."""
        lines = [
            f"train on 10 drawn pictures with {self.trainer}, steps: {self.steps},",
            f"make a picture with {self.generator} and what was trained,",
            *([f"change that picture with {self.editor},"] if self.editor else []),
            "submit a second picture and cancel it,",
            "ask fal for its request history, prices and (with FAL_ADMIN_KEY) charges,",
            "send a photo, an album and the weights to the chat by their addresses.",
        ]
        if self.floods:
            lines.append(f"send up to {MOST_MESSAGES} messages at once, and delete them again.")
        cents = self.bound_usd.quantize(Decimal("0.01"), ROUND_CEILING)
        cost = f"It costs ${cents} at most"
        return [*lines, f"{cost}, a least charge for a training of 1000 steps included."]


def planned(
    trainer: str,
    prices: PriceList,
    listed: Mapping[str, UnitPrice],
    *,
    floods: bool,
    editor: str = "",
) -> Plan:
    """Return the plan for the smallest training of a trainer.

    Args:
        trainer: Its endpoint.
        prices: What the bot says that things cost.
        listed: fal's own price list by endpoint, as it is; empty when it was not asked.
        floods: Whether Telegram's limit is looked for.
        editor: The edit model that changes a picture; empty for none.
    """
    steps = fewest_steps(trainer)
    generator = TRAINERS[trainer].generator
    training_usd = prices.training_usd(trainer, steps)
    picture_usd = prices.image_usd(generator)
    edit_usd = prices.edited_usd(editor) if editor else Decimal(0)
    most = max(
        prices.training_usd(trainer, max(steps, LEAST_CHARGE_STEPS)),
        _at_its_word(listed.get(trainer), steps),
    )
    return Plan(
        trainer=trainer,
        generator=generator,
        steps=steps,
        training_usd=training_usd,
        picture_usd=picture_usd,
        bound_usd=most
        + PICTURES * max(picture_usd, _at_its_word(listed.get(generator), 1))
        + max(edit_usd, _at_its_word(listed.get(editor), 1)),
        floods=floods,
        editor=editor,
        edit_usd=edit_usd,
    )


def fewest_steps(trainer: str) -> int:
    """Return the fewest steps that a trainer's schema takes."""
    bounds = TRAINERS[trainer].input_model.model_fields["steps"].metadata
    return max((bound.ge for bound in bounds if hasattr(bound, "ge")), default=1)


def _at_its_word(listed: UnitPrice | None, steps: int) -> Decimal:
    """Return what a listed price comes to, however unlikely; of a unit not known, one is taken."""
    if listed is None:
        return Decimal(0)
    return listed.usd * max(Decimal(1), steps / STEP_UNITS.get(listed.unit, Decimal(steps)))
