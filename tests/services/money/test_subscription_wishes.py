"""A subscription is cancelled and allowed again at Telegram, which may say no or nothing."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from db.database import Database
from services.domain.clock import now
from services.domain.credits import FoundIn, InvoiceKind
from services.domain.subscriptions import PERIOD, SubscriptionState, Wish
from services.money.charges import Charge
from services.money.purchases import Purchases
from services.money.subscriptions import Subscriptions
from tests.services.kit import USER, meet
from tests.services.stars import only_subscription

SUBSCRIPTIONS = Subscriptions()
TODAY = now()
CANCELLED: dict[str, Any] = {"state": SubscriptionState.CANCELLED, "is_ours": True}


@pytest.fixture
async def begun(sound_ledger: Database) -> Database:
    """Return where a subscription has just begun."""
    await meet(sound_ledger, USER)
    async with sound_ledger.transaction() as tx:
        invoice = await Purchases().offer(tx, USER, InvoiceKind.SUBSCRIPTION, 250, 50)
        paid = Charge("ch", USER, 250, invoice.id, TODAY, TODAY + PERIOD, is_first=True)
        await Purchases().credit(tx, paid, FoundIn.MESSAGE)
    return sound_ledger


async def test_a_wish_stays_until_telegram_has_answered(begun: Database) -> None:
    async with begun.transaction() as tx:
        one = await only_subscription(tx)
        asked = await SUBSCRIPTIONS.cancel(tx, one.id)
        assert asked is not None
        assert asked.changed_at > one.changed_at
        assert await SUBSCRIPTIONS.cancel(tx, one.id) is None
        assert await SUBSCRIPTIONS.allow(tx, one.id) is None
        assert [found.id for found in await tx.subscriptions.wished()] == [one.id]
        await SUBSCRIPTIONS.settle(tx, asked, is_done=True)
        assert await tx.subscriptions.wished() == []
        allowed = await SUBSCRIPTIONS.allow(tx, one.id)
        assert allowed is not None
        assert allowed.wish is Wish.ALLOW
        await SUBSCRIPTIONS.settle(tx, asked, is_done=True)
        assert (await only_subscription(tx)).wish is Wish.ALLOW
        await SUBSCRIPTIONS.settle(tx, allowed, is_done=True)
        after = await only_subscription(tx)
    assert (after.wish, after.is_ours) == (None, False)
    assert after.state is SubscriptionState.CANCELLED


@pytest.mark.parametrize(
    ("changes", "may_cancel", "may_allow"),
    [
        ({}, True, False),
        ({"state": SubscriptionState.FAILED}, True, False),
        ({"paid_until": TODAY - PERIOD + timedelta(hours=1)}, True, False),
        ({"paid_until": TODAY - PERIOD}, False, False),
        ({"wish": Wish.ALLOW}, False, False),
        (CANCELLED, False, True),
        ({**CANCELLED, "is_ours": False}, False, False),
        ({**CANCELLED, "paid_until": TODAY}, False, False),
        ({**CANCELLED, "wish": Wish.CANCEL}, False, False),
    ],
)
async def test_only_what_goes_on_is_cancelled_and_only_what_we_have_cancelled_allowed_again(
    begun: Database, changes: dict[str, Any], *, may_cancel: bool, may_allow: bool
) -> None:
    async with begun.transaction() as tx:
        before = await only_subscription(tx)
        one = replace(before, **changes)
        await tx.subscriptions.change(one)
        assert (await SUBSCRIPTIONS.allow(tx, one.id) is not None) is may_allow
        await tx.subscriptions.change(one)
        assert (await SUBSCRIPTIONS.cancel(tx, one.id) is not None) is may_cancel
        await tx.subscriptions.change(one)
        assert await SUBSCRIPTIONS.cancel_all(tx, one.wallet_id) is may_cancel
        assert (await only_subscription(tx) != one) is may_cancel
        assert await SUBSCRIPTIONS.allow(tx, "none") is None
        assert await SUBSCRIPTIONS.cancel(tx, "none") is None
        await tx.subscriptions.change(before)


async def test_what_telegram_says_of_an_invoice_counts_for_each_subscription_of_it(
    begun: Database,
) -> None:
    async with begun.transaction() as tx:
        first = await only_subscription(tx)
        again = Charge("ch2", USER, 250, first.invoice_id, TODAY, TODAY + PERIOD, is_first=True)
        await Purchases().credit(tx, again, FoundIn.MESSAGE)
        await SUBSCRIPTIONS.cancel(tx, first.id)
        state = SubscriptionState.FAILED
        await SUBSCRIPTIONS.learn(tx, first.wallet_id, first.invoice_id, state)
        found = await tx.subscriptions.of_wallet(first.wallet_id)
    states = {one.charge_id: one.state for one in found}
    assert states == {"ch": SubscriptionState.CANCELLED, "ch2": SubscriptionState.FAILED}


@pytest.mark.parametrize(
    ("wish", "is_done", "is_ours"),
    [
        (Wish.CANCEL, True, True),
        (Wish.CANCEL, False, False),
        (Wish.ALLOW, True, False),
        (Wish.ALLOW, False, True),
    ],
)
async def test_what_telegram_has_refused_stays_as_it_was(
    begun: Database, wish: Wish, *, is_done: bool, is_ours: bool
) -> None:
    async with begun.transaction() as tx:
        asked = replace(await only_subscription(tx), wish=wish, **CANCELLED)
        await tx.subscriptions.change(asked)
        await SUBSCRIPTIONS.settle(tx, asked, is_done=is_done)
        found = await only_subscription(tx)
    assert (found.wish, found.is_ours) == (None, is_ours)


@pytest.mark.parametrize("is_settled", [True, False])
@pytest.mark.parametrize("state", SubscriptionState)
async def test_what_telegram_says_of_what_we_have_cancelled_counts_once_it_knows(
    begun: Database, state: SubscriptionState, *, is_settled: bool
) -> None:
    async with begun.transaction() as tx:
        asked = await SUBSCRIPTIONS.cancel(tx, (await only_subscription(tx)).id)
        assert asked is not None
        if is_settled:
            await SUBSCRIPTIONS.settle(tx, asked, is_done=True)
        await SUBSCRIPTIONS.learn(
            tx, asked.wallet_id, (await only_subscription(tx)).invoice_id, state
        )
        found = await only_subscription(tx)
    if is_settled:
        is_taken_up = state is SubscriptionState.ACTIVE
        assert (found.state, found.wish, found.is_ours) == (state, None, not is_taken_up)
    else:
        assert (found.state, found.wish) == (SubscriptionState.CANCELLED, Wish.CANCEL)
