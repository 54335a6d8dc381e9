"""Pictures that are asked for in groups, on the account of who asks and as they have agreed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from db.database import Database, Transaction
from services.domain.values import Call, Generation, Model, Place, User
from services.domain.vocabulary import Language
from services.errors import (
    BadOptionValue,
    Blocked,
    CreditsMissing,
    DomainError,
    InvalidPrompt,
    LoanOver,
    LoanUsedUp,
    MissingOptionValue,
    NoModelYet,
    NotAllowed,
    NotClaimed,
    PriceChanged,
    RepeatedOption,
    StillTraining,
    UnknownOption,
)
from services.generation.found import active_model
from services.generation.line import read_line
from services.generation.options import PictureOptions, PictureRequest, remembered
from services.generation.ordering import Asker, Ordering
from services.lending.holding import is_usable
from services.money.sales import require_shown
from services.users.access import Access
from services.users.service import UserService


class Refusal(StrEnum):
    """Why a call makes no picture, as far as everybody in the group may know.

    `ALLOW` says that the caller has not allowed it in private yet, `AGAIN` that it costs more
    than they have agreed to. `WORDS` cannot be drawn. `PRIVATE` is explained there, and `LATER`
    may work by then.
    """

    ALLOW = "allow"
    AGAIN = "again"
    MODEL = "model"
    WORDS = "words"
    PRIVATE = "private"
    LATER = "later"


UNUSABLE = (InvalidPrompt, UnknownOption, BadOptionValue, MissingOptionValue, RepeatedOption)
"""What is wrong with the words themselves."""


@dataclass(frozen=True)
class Called:
    """What has become of a call, and the language of who has called."""

    language: Language
    refusal: Refusal | None = None


@dataclass(frozen=True)
class Terms:
    """What a picture that is asked for in a group costs now: in US dollars, and in Stars.

    `agreed` is what the user has agreed to in Stars, None where they have allowed none.
    `is_loan_over` says that their model is a borrowed one that makes none any more.
    """

    price_usd: Decimal
    stars: int
    agreed: int | None
    is_loan_over: bool = False

    @property
    def is_allowed(self) -> bool:
        """Whether a call makes a picture now, as far as the user has a say in it."""
        return self.agreed is not None and self.stars <= self.agreed


class GroupPictures:
    """Use cases of pictures that are asked for in groups.

    Args:
        database: Where everything is kept.
        ordering: Records what is ordered.
        carry: Has a generation carried on, now.
        users: Know who calls.
        access: Says who is let in.
        is_on: Whether the operator lets the bot answer in groups.
    """

    def __init__(
        self,
        database: Database,
        ordering: Ordering,
        carry: Callable[[str], None],
        users: UserService,
        access: Access,
        *,
        is_on: bool = False,
    ) -> None:
        self._database = database
        self._ordering = ordering
        self._carry = carry
        self._users = users
        self._access = access
        self.is_on = is_on

    async def call(
        self, user_id: int, telegram_language: str | None, call: Call, line: str, origin: str
    ) -> Called:
        """Make one picture for a group, if the caller has allowed that and it can be made.

        Args:
            user_id: Who calls.
            telegram_language: The IETF tag that Telegram reports of them, if any.
            call: Where the picture goes.
            line: What it shows.
            origin: The message that asks; handled again, it asks for nothing new.
        """
        language = await self._users.language(user_id, telegram_language)
        try:
            await self._access.admit(user_id)
            user = await self._users.known(user_id)
            # Who cannot be written to in private could not be told what the group is not.
            if user is None or user.group_stars is None or user.unreachable_since is not None:
                return Called(language, Refusal.ALLOW)
            generation = await self._order(user, user.group_stars, call, line, origin)
        except DomainError as error:
            return Called(language, _refusal(error))
        self._carry(generation.id)
        return Called(language)

    async def _order(
        self, user: User, agreed: int, call: Call, line: str, origin: str
    ) -> Generation:
        async with self._database.transaction() as tx:
            # In two messages at once nobody agrees to more than what they can pay.
            await tx.users.lock(user.id)
            known = await tx.generations.find_origin(user.id, origin)
            if known is not None:
                return known
            model = await active_model(tx, user.id)
            require_shown(agreed, self._ordering.price_stars(model, [_usual(user, model)]))
            request = read_line(line, _options(user, model))
            request = replace(request, options=replace(request.options, count=1))
            if self._ordering.price_stars(model, [request]) > agreed:
                # The words name a size that was not agreed to.
                raise InvalidPrompt
            asker = Asker(user.id, Place(user.id), model, call)
            return await self._ordering.once(tx, asker, request, origin)

    async def terms(self, user_id: int) -> Terms | None:
        """Return what a picture costs that is asked for in a group now; None without a model."""
        async with self._database.transaction() as tx:
            try:
                return await self._terms(tx, await tx.users.lock(user_id))
            except (NoModelYet, StillTraining):
                return None

    async def _terms(self, tx: Transaction, user: User) -> Terms:
        model = await active_model(tx, user.id)
        request = _usual(user, model)
        stars = self._ordering.price_stars(model, [request])
        usd = self._ordering.price_usd(model, request)
        return Terms(usd, stars, user.group_stars, not await is_usable(tx, user.id, model))

    async def allow(self, user_id: int, shown: int | None) -> Terms:
        """Allow pictures in groups, at the price that was shown.

        Args:
            user_id: Who allows them.
            shown: What the user was shown that a picture costs; None where that was no price.

        Raises:
            NoModelYet: There is nothing to make them with.
            PriceChanged: It is dearer by now.
        """
        async with self._database.transaction() as tx:
            terms = await self._terms(tx, await tx.users.lock(user_id))
            require_shown(shown or 0, terms.stars)
            await tx.users.allow_in_groups(user_id, shown or 0)
            return replace(terms, agreed=shown or 0)

    async def forbid(self, user_id: int) -> User:
        """Allow no pictures in groups any more; what is being made still comes."""
        async with self._database.transaction() as tx:
            await tx.users.allow_in_groups(user_id, None)
            return await tx.users.lock(user_id)


def _options(user: User, model: Model) -> PictureOptions:
    return replace(remembered(user, model), count=1)


def _usual(user: User, model: Model) -> PictureRequest:
    """Return the request whose price is agreed to: one picture by the user's own choices."""
    return PictureRequest("", _options(user, model))


def _refusal(error: DomainError) -> Refusal:
    match error:
        case PriceChanged():
            return Refusal.AGAIN
        case NoModelYet() | StillTraining() | LoanOver() | LoanUsedUp():
            return Refusal.MODEL
        case CreditsMissing():
            return Refusal.PRIVATE
        case NotAllowed() | NotClaimed() | Blocked():
            return Refusal.ALLOW
        case _ if isinstance(error, UNUSABLE):
            return Refusal.WORDS
        case _:
            return Refusal.LATER
