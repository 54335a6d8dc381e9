"""How much one user and the whole bot may order, and what they have ordered."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from db.database import Transaction
from services.domain.api_keys import ApiKey
from services.domain.clock import now
from services.domain.values import Charge, Training
from services.domain.vocabulary import ChargeKind
from services.errors import (
    BudgetSpent,
    DailyImagesReached,
    DailyTrainingsReached,
    KeyLimitReached,
    ServicePaused,
    TooManyRunning,
    UnderMaintenance,
)
from services.operator import ACCOUNT_TROUBLE, MAINTENANCE

DAY = timedelta(hours=24)
"""A day is the last 24 hours, the same for everyone in every time zone."""

PROBE_AFTER = timedelta(minutes=10)
"""While fal refuses our account, one request may try again after this long."""


@dataclass(frozen=True)
class SpendingLimits:
    """The operator's limits. Money is in US dollars, by the price list."""

    daily_trainings: int = 3
    daily_images: int = 100
    running_trainings: int = 1
    daily_budget_usd: Decimal = Decimal(25)


class Ledger:
    """Records charges, within the transaction that orders the work.

    Counting and adding are one under one lock, so any number of presses at once
    cannot pass a limit.
    """

    def __init__(self, limits: SpendingLimits) -> None:
        self._limits = limits

    async def charge_training(
        self, tx: Transaction, training_id: str, user_id: int, usd: Decimal
    ) -> None:
        """Charge a training.

        Raises:
            UnderMaintenance: Admins take no new orders.
            ServicePaused: fal takes nothing from us now.
            TooManyRunning: The user has enough trainings under way.
            DailyTrainingsReached: The user has had enough of them today.
            BudgetSpent: The bot has spent enough today.
        """
        await self._lock_charges(tx)
        running = len(await tx.trainings.under_way_of(user_id))
        if running >= self._limits.running_trainings:
            raise TooManyRunning(max=self._limits.running_trainings)
        kind, most = ChargeKind.TRAINING, self._limits.daily_trainings
        if await tx.charges.amount_of(user_id, kind, now() - DAY) >= most:
            hours = await self._hours_until_room(tx, user_id, kind)
            raise DailyTrainingsReached(max=most, hours=hours)
        await self._charge(
            tx, Charge(id=training_id, user_id=user_id, kind=kind, amount=1, usd=usd)
        )

    async def to_wait_for(self, tx: Transaction, user_id: int) -> Training | None:
        """Return the user's training that must end before another, where one at a time may run."""
        if self._limits.running_trainings > 1:
            return None
        return next(iter(await tx.trainings.under_way_of(user_id)), None)

    async def charge_images(
        self, tx: Transaction, generation_id: str, user_id: int, count: int, usd: Decimal
    ) -> None:
        """Charge `count` pictures that cost `usd` together.

        Raises:
            UnderMaintenance: Admins take no new orders.
            ServicePaused: fal takes nothing from us now.
            DailyImagesReached: The user has had enough of them today.
            BudgetSpent: The bot has spent enough today.
        """
        await self._lock_charges(tx)
        kind, most = ChargeKind.IMAGE, self._limits.daily_images
        if await tx.charges.amount_of(user_id, kind, now() - DAY) + count > most:
            hours = await self._hours_until_room(tx, user_id, kind)
            raise DailyImagesReached(max=most, hours=hours)
        await self._charge(
            tx, Charge(id=generation_id, user_id=user_id, kind=kind, amount=count, usd=usd)
        )

    async def charge_key(self, tx: Transaction, charge_id: str, key: ApiKey) -> None:
        """Count a charge of this transaction to a personal key as well.

        Raises:
            KeyLimitReached: The key has ordered enough today.
        """
        await tx.charges.note_key(charge_id, key.id)
        for kind, most in (
            (ChargeKind.IMAGE, key.daily_pictures),
            (ChargeKind.TRAINING, key.daily_trainings),
        ):
            amount = await tx.charges.amount_of_key(key.user_id, key.id, kind, now() - DAY)
            if amount > most:
                hours = await self._hours_until_room(tx, key.user_id, kind, key.id)
                raise KeyLimitReached(max=most, hours=hours)

    async def charge_prompt(
        self, tx: Transaction, charge_id: str, user_id: int, usd: Decimal
    ) -> None:
        """Charge a question about a prompt. It uses up the bot's budget, and nobody's day.

        While fal takes nothing from us, what the prompt is for has been told so already.

        Raises:
            BudgetSpent: The bot has spent enough today.
        """
        await tx.charges.lock()
        kind = ChargeKind.PROMPT
        await self._charge(tx, Charge(id=charge_id, user_id=user_id, kind=kind, amount=1, usd=usd))

    async def answered(
        self, tx: Transaction, charge_id: str, request_id: str | None, usd: Decimal | None
    ) -> None:
        """Note which request of fal's a question was, and what it has cost, if fal says so."""
        await tx.charges.note_answer(charge_id, request_id, usd)

    async def submitted(self, tx: Transaction, charge_id: str, request_id: str) -> None:
        """Note which request of fal's a charge is, so that its real price can be asked."""
        await tx.charges.note_request(charge_id, request_id)

    async def release(self, tx: Transaction, charge_id: str) -> None:
        """Give a charge back: fal never got what it is for, or does not bill it."""
        await tx.charges.release(charge_id)

    async def keep(self, tx: Transaction, charge_id: str) -> None:
        """Let a charge count: fal has made what it is for, though it was given back before."""
        await tx.charges.keep(charge_id)

    async def _lock_charges(self, tx: Transaction) -> None:
        await tx.charges.lock()
        known = await tx.notices.since_of(MAINTENANCE, ACCOUNT_TROUBLE)
        if MAINTENANCE in known:
            raise UnderMaintenance
        paused_since = known.get(ACCOUNT_TROUBLE)
        if paused_since is None:
            return
        # A time ahead of now was written by a clock that has been set back since.
        if timedelta(0) <= now() - paused_since < PROBE_AFTER:
            raise ServicePaused
        # This one tries; the others wait again until fal has answered it.
        await tx.notices.raise_(ACCOUNT_TROUBLE)

    async def _charge(self, tx: Transaction, charge: Charge) -> None:
        spent = await tx.charges.spent_usd(now() - DAY)
        if spent + charge.usd > self._limits.daily_budget_usd:
            raise BudgetSpent(hours=await self._hours_until_room(tx))
        await tx.charges.add(charge)

    async def _hours_until_room(
        self,
        tx: Transaction,
        user_id: int | None = None,
        kind: ChargeKind | None = None,
        key_id: str | None = None,
    ) -> int:
        oldest = await tx.charges.oldest_since(now() - DAY, user_id, kind, key_id)
        return _whole_hours_until((oldest or now()) + DAY)


def _whole_hours_until(moment: datetime) -> int:
    return max(1, -int(-(moment - now()).total_seconds() // 3600))
