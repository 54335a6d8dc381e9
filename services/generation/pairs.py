"""Who can be in one picture with whom, and who was chosen to be."""

from collections.abc import Sequence
from dataclasses import dataclass

from db.database import Transaction
from services.domain.loans import Borrowed
from services.domain.values import Model, User
from services.errors import SecondUnfit
from services.fal.endpoints import GENERATORS
from services.generation.options import Second, remembered
from services.lending.holding import by_public_id, is_usable


@dataclass(frozen=True)
class Companion:
    """Who can be beside the person of a model: another model of the user's, or a borrowed one.

    `id` is what buttons carry: that of the model or of the loan. `scale` is the strength of the
    LoRA: the model's own where it has one, else the user's.
    """

    id: str
    model: Model
    scale: float
    borrowed: Borrowed | None = None

    @property
    def second(self) -> Second:
        """What a request for pictures says of them."""
        return Second(self.model.id, self.scale)


class Pairs:
    """Rules for two people in one picture.

    Both models work with one generator, which takes two LoRAs. Of a borrowed one, the first
    included, the invitation must have said that the person may be in a picture with others.

    Args:
        is_on: Whether the operator offers it.
    """

    def __init__(self, *, is_on: bool = False) -> None:
        self._is_on = is_on

    def fit(self, model: Model, other: Model) -> bool:
        """Return whether a generator can draw both models."""
        is_same = model.generator == other.generator and model.id != other.id
        return self._is_on and is_same and GENERATORS[model.generator].takes_two

    async def beside(self, tx: Transaction, user: User, model: Model) -> Sequence[Companion]:
        """Return who can be in a picture with the person of a model, own models first."""
        if not self._is_on or not await is_usable(tx, user.id, model, beside_others=True):
            return []
        found = [
            Companion(one.id, one, _scale(user, one)) for one in await tx.models.all_of(user.id)
        ]
        found += [
            Companion(one.loan.id, one.model, _scale(user, one.model), one)
            for one in await tx.loans.of_borrower(user.id)
            if one.is_usable and one.loan.allows_others
        ]
        return [one for one in found if self.fit(model, one.model)]

    async def chosen(self, tx: Transaction, user: User, model: Model) -> Companion | None:
        """Return who was chosen to be in the pictures of a model; None where that is nobody.

        Raises:
            SecondUnfit: They cannot be any more: nobody is left out unasked.
        """
        if not self._is_on or user.second_of != model.id:
            return None
        for one in await self.beside(tx, user, model):
            if one.id == user.second_id:
                return one
        raise SecondUnfit

    async def named(self, tx: Transaction, user: User, model: Model, called: str) -> Second:
        """Return what a program calls by a training or a loan.

        Raises:
            NotFound: No such model of this user.
            SecondUnfit: They cannot be in one picture.
        """
        other = await by_public_id(tx, user.id, called)
        if not self.fit(model, other):
            raise SecondUnfit
        return Second(other.id, _scale(user, other))


def _scale(user: User, model: Model) -> float:
    return remembered(user, model).lora_scale
