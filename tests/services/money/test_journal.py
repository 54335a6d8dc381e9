"""The ledger says of each event what it was, why, who caused it, and what it was for."""

from datetime import timedelta

import pytest

from db.database import Database
from services.domain.clock import now
from services.domain.codes import Promo
from services.domain.credits import (
    EntryKind,
    FoundIn,
    InvoiceKind,
    OrderKind,
    Payment,
    RefundedBy,
)
from services.domain.subscriptions import PERIOD
from services.money.charges import Charge
from services.money.credits import Credits
from services.money.gifts import Gifts
from services.money.passing import Passing
from services.money.purchases import Purchases
from services.money.referrals import Referrals
from services.money.retention import Retention
from tests.services.kit import STRANGER, USER, meet
from tests.services.stars import waiting_notes

CREDITS, GIFTS, PASSING = Credits(), Gifts(), Passing()
PURCHASES, REFERRALS = Purchases(), Referrals()
TODAY = now().replace(microsecond=0)


@pytest.fixture
async def database(sound_ledger: Database) -> Database:
    await meet(sound_ledger, USER, STRANGER)
    return sound_ledger


async def wallet_id(database: Database, user_id: int = USER) -> int:
    async with database.transaction() as tx:
        return (await tx.wallets.of_user(user_id)).id


async def written(database: Database, wallet: int) -> list[tuple[str, str, str, str, str | None]]:
    """Return the key, kind, reason and actor of what has happened, and what it was for."""
    async with database.transaction() as tx:
        entries = await tx.wallets.entries(wallet, 20, None)
    return [
        (one.key, one.kind, one.reason, one.actor, one.order_id or one.charge_id)
        for one in reversed(entries)
    ]


async def told(database: Database) -> list[tuple[str, dict[str, str | int]]]:
    """Return by which keys what is to be told, oldest first."""
    return [(note.key, dict(note.words)) for note in await waiting_notes(database)]


async def test_of_payments_and_refunds(database: Database) -> None:
    async with database.transaction() as tx:
        invoice = await PURCHASES.offer(tx, USER, InvoiceKind.PACK, 60, 9)
        paid = Charge("ch1", USER, 60, invoice.id, TODAY)
        await PURCHASES.credit(tx, paid, FoundIn.MESSAGE)
        assert await tx.payments.get("ch1") == Payment(
            charge_id="ch1",
            wallet_id=invoice.wallet_id,
            invoice_id=invoice.id,
            payload=invoice.id,
            stars=60,
            bonus=9,
            found_in=FoundIn.MESSAGE,
            paid_at=TODAY,
        )
        await PURCHASES.freeze(tx, "ch1", "wish", "admin 1")
        await PURCHASES.thaw(tx, "ch1", "refused")
        await PURCHASES.freeze(tx, "ch1", "wish", "admin 2")
        await PURCHASES.settle(tx, "ch1")
        unknown = Charge("ch2", USER, 7, "?", TODAY)
        await PURCHASES.credit(tx, unknown, FoundIn.STATEMENT)
        assert await PURCHASES.refunded(tx, unknown) is RefundedBy.OUTSIDE
    assert await written(database, invoice.wallet_id) == [
        ("pay:ch1", EntryKind.PAYMENT, "message", "telegram", "ch1"),
        ("freeze:1:ch1", EntryKind.FREEZE, "wish", "admin 1", "ch1"),
        ("thaw:2:ch1", EntryKind.THAW, "refused", "system", "ch1"),
        ("freeze:3:ch1", EntryKind.FREEZE, "wish", "admin 2", "ch1"),
        ("refund:ch1", EntryKind.REFUND, "admin", "telegram", "ch1"),
        ("pay:ch2", EntryKind.PAYMENT, "statement", "telegram", "ch2"),
        ("refund:ch2", EntryKind.REFUND, "outside", "telegram", "ch2"),
    ]
    assert await told(database) == [
        ("paid:ch1", {"stars": 60, "bonus": 9, "found_in": "message"}),
        ("given_back:ch1", {"stars": 60, "by": "admin"}),
        ("paid:ch2", {"stars": 7, "bonus": 0, "found_in": "statement"}),
        ("given_back:ch2", {"stars": 7, "by": "outside"}),
    ]


async def test_of_a_subscription(database: Database) -> None:
    async with database.transaction() as tx:
        invoice = await PURCHASES.offer(tx, USER, InvoiceKind.SUBSCRIPTION, 250, 50)
        for number in range(2):
            at = TODAY + number * PERIOD
            paid = Charge(f"ch{number}", USER, 250, invoice.id, at, at + PERIOD)
            await PURCHASES.credit(tx, paid, FoundIn.MESSAGE)
        (one,) = await tx.subscriptions.of_invoice(invoice.id, invoice.wallet_id)
        payments = await tx.payments.of_subscription(one.id)
    assert (one.stars, one.bonus, one.charge_id) == (250, 50, "ch0")
    assert [(paid.charge_id, paid.invoice_id, paid.paid_until) for paid in payments] == [
        ("ch0", invoice.id, TODAY + PERIOD),
        ("ch1", invoice.id, TODAY + 2 * PERIOD),
    ]
    assert await written(database, invoice.wallet_id) == [
        ("pay:ch0", EntryKind.SUBSCRIPTION, "message", "telegram", "ch0"),
        ("pay:ch1", EntryKind.RENEWAL, "message", "telegram", "ch1"),
    ]
    words = {"stars": 250, "bonus": 50, "found_in": "message"}
    assert await told(database) == [
        ("subscribed:ch0", {**words, "until": f"{TODAY + PERIOD:%Y-%m-%d}"}),
        ("renewed:ch1", {**words, "until": f"{TODAY + 2 * PERIOD:%Y-%m-%d}"}),
    ]


async def test_of_orders(database: Database) -> None:
    async with database.transaction() as tx:
        await CREDITS.grant(tx, USER, 50, "sorry:1", "a night without pictures", "admin 1")
        for job, kind in (("arrived", OrderKind.PICTURES), ("failed", OrderKind.TRAINING)):
            await CREDITS.hold(tx, USER, job, kind, 5, 2)
        await CREDITS.capture(tx, "arrived", 1)
        await CREDITS.release(tx, "failed", "cancelled")
    assert await written(database, await wallet_id(database)) == [
        ("sorry:1", EntryKind.GRANT, "a night without pictures", "admin 1", None),
        ("hold:arrived", EntryKind.HOLD, "pictures", "user", "arrived"),
        ("hold:failed", EntryKind.HOLD, "training", "user", "failed"),
        ("end:arrived", EntryKind.CAPTURE, "pictures", "job", "arrived"),
        ("end:failed", EntryKind.RELEASE, "cancelled", "job", "failed"),
    ]


async def test_of_gifts(database: Database) -> None:
    mine, theirs = [await wallet_id(database, user_id) for user_id in (USER, STRANGER)]
    async with database.transaction() as tx:
        await GIFTS.free(tx, USER, 24)
        await GIFTS.first_picture(tx, USER, 5)
        expires_at = TODAY + timedelta(days=1)
        await tx.codes.add_promo(Promo(code="SUMMER", credits=50, uses=1, expires_at=expires_at))
        await GIFTS.promo(tx, USER, "SUMMER")
        await PURCHASES.credit(tx, Charge("ch1", USER, 60, "?", TODAY), FoundIn.MESSAGE)
        for code in ("given", "kept"):
            await PASSING.make(tx, USER, 20, code)
        await PASSING.redeem(tx, STRANGER, "given")
        await PASSING.take_back(tx, mine, "kept")
    assert await written(database, mine) == [
        (f"free:{mine}", EntryKind.FREE, "first_start", "system", None),
        (f"first-picture:{mine}", EntryKind.FREE, "first_picture", "system", None),
        (f"promo:SUMMER:{mine}", EntryKind.PROMO, "SUMMER", "user", None),
        ("pay:ch1", EntryKind.PAYMENT, "message", "telegram", "ch1"),
        ("gift:given", EntryKind.GIFT_MADE, "gift_made", "user", None),
        ("gift:kept", EntryKind.GIFT_MADE, "gift_made", "user", None),
        ("return:kept", EntryKind.GIFT_BACK, "gift_back", "user", None),
    ]
    assert await written(database, theirs) == [
        ("redeem:given", EntryKind.GIFT, "gift", "user", None),
    ]
    assert await told(database) == [
        (f"free:{mine}", {"stars": 24}),
        (f"redeemed:promo:SUMMER:{mine}", {"stars": 50}),
        ("paid:ch1", {"stars": 60, "bonus": 0, "found_in": "message"}),
        ("redeemed:gift:given", {"stars": 20}),
    ]


async def test_of_an_invitation(database: Database) -> None:
    mine = await wallet_id(database)
    async with database.transaction() as tx:
        code = await REFERRALS.code_of(tx, USER)
        assert await REFERRALS.follow(tx, STRANGER, code)
        paid = Charge("ch1", STRANGER, 60, "?", TODAY)
        await PURCHASES.credit(tx, paid, FoundIn.MESSAGE)
        friends = (await tx.wallets.of_user(STRANGER)).id
        for _ in range(2):
            await REFERRALS.reward(tx, friends, 30)
        await PURCHASES.refunded(tx, paid)
    earned = (EntryKind.REFERRAL, "friend_has_paid", "system", "ch1")
    back = (EntryKind.REFERRAL_BACK, "payment_refunded", "system", "ch1")
    assert await written(database, mine) == [
        (f"referrer:{friends}", *earned),
        (f"back:referrer:{friends}", *back),
    ]
    assert await written(database, friends) == [
        ("pay:ch1", EntryKind.PAYMENT, "message", "telegram", "ch1"),
        (f"friend:{friends}", *earned),
        ("refund:ch1", EntryKind.REFUND, "outside", "telegram", "ch1"),
        (f"back:friend:{friends}", *back),
    ]
    assert await told(database) == [
        ("paid:ch1", {"stars": 60, "bonus": 0, "found_in": "message"}),
        (f"friend:friend:{friends}", {"stars": 30}),
        (f"referrer:friend:{friends}", {"stars": 30}),
        ("given_back:ch1", {"stars": 60, "by": "outside"}),
    ]


async def test_of_a_wallet_that_lapses(database: Database) -> None:
    mine = await wallet_id(database)
    async with database.transaction() as tx:
        await CREDITS.grant(tx, USER, 5, "sorry", "because", "admin 1")
        await tx.users.remove(USER)
        await tx.wallets.note_deleted(mine, TODAY - timedelta(days=181))
    await Retention(database, 180).look()
    assert (await written(database, mine))[1:] == [
        (f"forget:{mine}", EntryKind.FORGET, "retention_over", "system", None),
    ]
