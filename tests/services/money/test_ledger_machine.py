"""Everything that can happen to credits, in any order and cut off anywhere, leaves them right.

Telegram is a fake that holds the truth about Stars: its messages come late, twice, or never. What
a person must have is computed again from what it says and from what arrived.
"""

import asyncio
import os
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from db.database import Database, Transaction
from services.domain.credits import (
    FoundIn,
    Invoice,
    InvoiceKind,
    Order,
    OrderKind,
    OrderState,
    Payment,
    PaymentState,
)
from services.domain.subscriptions import PERIOD
from services.errors import DomainError
from services.money.charges import Charge
from services.money.credits import Credits
from services.money.passing import Passing
from services.money.purchases import Purchases
from tests.conftest import sqlite_template
from tests.services.money.ledger_alone import broken

USERS = (1, 2)
START = datetime(2026, 11, 1, tzinfo=UTC)

A_MONTH = 30

users = st.sampled_from(USERS)
some = st.integers(0, 9)
is_cut_off = st.sampled_from([False, False, False, True])


class CutOff(Exception):
    """The process dies before the commit."""


class Ledger(RuleBasedStateMachine):
    """Presses every button in any order, and pulls the plug."""

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory(dir="/dev/shm")
        path = Path(self.folder.name) / "bot.db"
        path.write_bytes(sqlite_template())
        self.runner = asyncio.Runner()
        self.database = Database(f"sqlite+aiosqlite:///{path}")
        self.credits, self.purchases = Credits(), Purchases()
        self.passing = Passing()
        self.charges: list[Charge] = []
        self.given_back: set[str] = set()
        self.orders: list[str] = []
        self.arrived: dict[str, int] = {}
        self.granted: Counter[int] = Counter()
        self.gifts: dict[str, tuple[int, int]] = {}
        self.passed_on: Counter[int] = Counter()
        self.months: Counter[int] = Counter()
        self.monthly: dict[int, str] = {
            user_id: self.do(partial(self.offer, user_id)).id for user_id in USERS
        }

    async def offer(self, user_id: int, tx: Transaction) -> Invoice:
        return await self.purchases.offer(tx, user_id, InvoiceKind.SUBSCRIPTION, A_MONTH)

    def do(self, work: Callable[[Transaction], Awaitable[Any]], *, cut: bool = False) -> Any:  # noqa: ANN401
        """Do a transaction; one that is cut off, or that the rules refuse, did nothing."""

        async def transaction() -> Any:  # noqa: ANN401
            async with self.database.transaction() as tx:
                done = await work(tx)
                if cut:
                    raise CutOff
            return done

        try:
            return self.runner.run(transaction())
        except (CutOff, DomainError):
            return None

    @rule(user_id=users, stars=st.integers(1, 60))
    def pays(self, user_id: int, stars: int) -> None:
        number = len(self.charges)
        at = START + timedelta(seconds=number // 2)
        self.charges.append(Charge(f"ch{number}", user_id, stars, "", at))

    @rule(user_id=users)
    def pays_for_a_month(self, user_id: int) -> None:
        number, month = len(self.charges), self.months[user_id]
        at = START + timedelta(seconds=number // 2)
        self.months[user_id] += 1
        self.charges.append(
            Charge(
                f"ch{number}",
                user_id,
                A_MONTH,
                self.monthly[user_id],
                at,
                paid_until=START + (month + 1) * PERIOD,
                is_first=month == 0,
            )
        )

    @rule(
        number=some, found_in=st.sampled_from([FoundIn.MESSAGE, FoundIn.STATEMENT]), cut=is_cut_off
    )
    def hears_of_a_payment(self, number: int, found_in: FoundIn, *, cut: bool) -> None:
        if self.charges:
            charge = self.charges[-1 - number % len(self.charges)]
            if found_in is FoundIn.STATEMENT:
                charge = replace(charge, paid_until=None, is_first=None)
            self.do(lambda tx: self.purchases.credit(tx, charge, found_in), cut=cut)

    @rule(number=some, cut=is_cut_off)
    def is_refunded_from_outside(self, number: int, *, cut: bool) -> None:
        if self.charges:
            charge = self.charges[number % len(self.charges)]
            self.given_back.add(charge.charge_id)
            self.do(lambda tx: self.purchases.refunded(tx, charge), cut=cut)

    @rule(number=some, cut=is_cut_off, is_refused=st.booleans())
    def is_refunded_by_an_admin(self, number: int, *, cut: bool, is_refused: bool) -> None:
        if not self.charges:
            return
        charge_id = self.charges[number % len(self.charges)].charge_id
        self.do(lambda tx: self.purchases.freeze(tx, charge_id, "wish", "admin"), cut=cut)
        self.answers(charge_id, is_refused=is_refused, cut=cut)

    def answers(self, charge_id: str, *, is_refused: bool, cut: bool) -> None:
        payment = self.do(lambda tx: tx.payments.get(charge_id))
        if payment is None or payment.state is not PaymentState.REFUNDING:
            return
        if is_refused and charge_id not in self.given_back:
            self.do(lambda tx: self.purchases.thaw(tx, charge_id, "refused"), cut=cut)
        else:
            self.given_back.add(charge_id)
            self.do(lambda tx: self.purchases.settle(tx, charge_id), cut=cut)

    @rule(user_id=users, amount=st.integers(1, 20), is_again=st.booleans())
    def is_given_something(self, user_id: int, amount: int, *, is_again: bool) -> None:
        number = self.granted.total() - (1 if is_again else 0)
        key = f"grant:{number}:{amount}"
        if self.do(lambda tx: self.credits.grant(tx, user_id, amount, key, "sorry", "admin")):
            self.granted[user_id] += amount

    @rule(user_id=users, amount=st.integers(1, 40), cut=is_cut_off)
    def makes_a_gift(self, user_id: int, amount: int, *, cut: bool) -> None:
        code = f"g{len(self.gifts)}"
        if self.do(lambda tx: self.passing.make(tx, user_id, amount, code), cut=cut):
            self.gifts[code] = (user_id, amount)

    @rule(number=some, user_id=users, cut=is_cut_off)
    def opens_a_gift(self, number: int, user_id: int, *, cut: bool) -> None:
        if self.gifts:
            code = f"g{number % len(self.gifts)}"
            giver, amount = self.gifts[code]
            if self.do(lambda tx: self.passing.redeem(tx, user_id, code), cut=cut):
                self.granted[user_id] += amount
                self.passed_on[giver] += amount

    @rule(number=some, cut=is_cut_off)
    def takes_a_gift_back(self, number: int, *, cut: bool) -> None:
        if self.gifts:
            code = f"g{number % len(self.gifts)}"
            self.do(partial(self.take_back, code), cut=cut)

    async def take_back(self, code: str, tx: Transaction) -> bool:
        giver = await tx.wallets.of_user(self.gifts[code][0])
        return await self.passing.take_back(tx, giver.id, code)

    @rule(user_id=users, unit_price=st.integers(1, 15), units=st.integers(1, 4), cut=is_cut_off)
    def orders_something(self, user_id: int, unit_price: int, units: int, *, cut: bool) -> None:
        order_id = f"o{len(self.orders)}"

        async def order(tx: Transaction) -> object:
            kind = OrderKind.PICTURES
            return await self.credits.hold(tx, user_id, order_id, kind, unit_price, units)

        if self.do(order, cut=cut):
            self.orders.append(order_id)

    @rule(number=some, delivered=st.integers(0, 5), cut=is_cut_off)
    def ends(self, number: int, delivered: int, *, cut: bool) -> None:
        if self.orders:
            order_id = self.orders[-1 - number % len(self.orders)]
            if self.do(lambda tx: self.credits.capture(tx, order_id, delivered), cut=cut):
                self.arrived.setdefault(order_id, delivered)

    @rule(number=some, cut=is_cut_off)
    def fails(self, number: int, *, cut: bool) -> None:
        if self.orders:
            order_id = self.orders[-1 - number % len(self.orders)]
            if self.do(lambda tx: self.credits.release(tx, order_id, "failed"), cut=cut):
                self.arrived.setdefault(order_id, 0)

    @invariant()
    def the_ledger_is_in_order(self) -> None:
        if hasattr(self, "database"):
            assert self.do(broken) == {}

    def teardown(self) -> None:
        if not hasattr(self, "database"):
            return
        try:
            self.calm_down()
            for user_id in USERS:
                self.has_what_is_due(user_id)
        finally:
            self.runner.run(self.database.close())
            self.runner.close()
            self.folder.cleanup()

    def calm_down(self) -> None:
        """Let every message arrive and every job end."""
        for charge in self.charges:
            self.do(partial(self.hear, charge))
        for code in self.gifts:
            self.do(partial(self.take_back, code))
        for order_id in self.orders:
            self.do(partial(self.fail, order_id))
            self.arrived.setdefault(order_id, 0)
        for charge in self.charges:
            self.answers(charge.charge_id, is_refused=True, cut=False)
            if charge.charge_id in self.given_back:
                self.do(partial(self.hear_of_refund, charge))
        self.the_ledger_is_in_order()

    async def hear(self, charge: Charge, tx: Transaction) -> None:
        line = replace(charge, paid_until=None, is_first=None)
        await self.purchases.credit(tx, line, FoundIn.STATEMENT)

    async def hear_of_refund(self, charge: Charge, tx: Transaction) -> None:
        await self.purchases.refunded(tx, charge)

    async def fail(self, order_id: str, tx: Transaction) -> None:
        await self.credits.release(tx, order_id, "failed")

    async def order(self, order_id: str, tx: Transaction) -> Order | None:
        return await tx.orders.get(order_id)

    async def unused(self, payment: Payment, tx: Transaction) -> int:
        return await self.purchases.unused(tx, payment)

    def has_what_is_due(self, user_id: int) -> None:
        """Compare a wallet with Stars in and out, what was given, and what arrived."""
        wallet = self.do(lambda tx: tx.wallets.of_user(user_id))
        assert wallet.held == 0
        payments = {
            one.charge_id: one for one in self.do(lambda tx: tx.payments.of_wallet(wallet.id))
        }
        assert set(payments) == {c.charge_id for c in self.charges if c.user_id == user_id}
        kept = [one for one in payments.values() if one.state is PaymentState.PAID]
        assert {*payments} - {one.charge_id for one in kept} == self.given_back & {*payments}
        spent = 0
        for order_id in self.orders:
            order = self.do(partial(self.order, order_id))
            if order.wallet_id == wallet.id:
                delivered = min(self.arrived[order_id], order.units)
                assert order.delivered == delivered
                assert order.state is (OrderState.CAPTURED if delivered else OrderState.RELEASED)
                spent += order.unit_price * delivered
        forgiven = self.forgiven(wallet.id)
        assert wallet.paid + wallet.bonus == (
            sum(one.stars for one in kept)
            + self.granted[user_id]
            + forgiven
            - spent
            - self.passed_on[user_id]
        )
        left = sum(self.do(partial(self.unused, one)) for one in kept)
        assert left == max(0, wallet.paid)

    def forgiven(self, wallet_id: int) -> int:
        """What the house paid where a refund gave back more than was left."""
        entries = self.do(lambda tx: tx.wallets.entries(wallet_id, 1000, None))
        assert [one.seq for one in entries] == list(range(len(entries), 0, -1))
        total, after = 0, 0
        for one in reversed(entries):
            change = one.paid_after + one.bonus_after + one.held_after - after
            after += change
            if one.kind.value == "refund":
                stars = next(c.stars for c in self.charges if c.charge_id == one.charge_id)
                total += stars + change
        return total


TestLedger = Ledger.TestCase
# Of each mutant it asks the same, and less: it is the slowest test of all.
IS_MUTANT = "MUTANT_UNDER_TEST" in os.environ
TestLedger.settings = settings(
    max_examples=5 if IS_MUTANT else 20,
    stateful_step_count=40,
    derandomize=IS_MUTANT,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
