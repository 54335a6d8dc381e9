"""Rows of money by the moment and the order that they are asked for."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from db.database import Database, Transaction
from services.domain.codes import Gift, GiftState, Promo
from services.domain.credits import (
    FoundIn,
    Invoice,
    InvoiceKind,
    Note,
    NoteKind,
    Payment,
    PaymentState,
)
from services.domain.subscriptions import Subscription, SubscriptionState, Wish
from services.domain.vocabulary import Language
from tests.services.kit import STRANGER, USER

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
async def database(each_database: Database) -> Database:
    return each_database


@pytest.mark.parametrize(
    ("used", "expires_at", "is_ended"),
    [(1, NOON + SECOND, True), (1, NOON, False), (2, NOON + SECOND, False)],
)
async def test_a_code_that_is_worth_something_ends_and_no_other_does(
    database: Database, used: int, expires_at: datetime, *, is_ended: bool
) -> None:
    async with database.transaction() as tx:
        for code in ("MINE", "OTHER"):
            await tx.codes.add_promo(Promo(code=code, credits=5, uses=2, expires_at=expires_at))
        for _ in range(used):
            await tx.codes.count_use("MINE")
        assert await tx.codes.end_promo("MINE", NOON) is is_ended
        mine, other = [await tx.codes.lock_promo(code) for code in ("MINE", "OTHER")]
    assert mine is not None
    assert other is not None
    assert (mine.used, mine.expires_at) == (used, NOON if is_ended else expires_at)
    assert (other.used, other.expires_at) == (0, expires_at)


async def wallets(tx: Transaction) -> tuple[int, int]:
    for user_id in (USER, STRANGER):
        await tx.users.meet(user_id, Language.EN)
    return (await tx.wallets.of_user(USER)).id, (await tx.wallets.of_user(STRANGER)).id


async def subscribed(tx: Transaction, wallet_id: int, row_id: str, **changes: Any) -> Subscription:  # noqa: ANN401  # of a value
    """Keep a subscription with an invoice of its own."""
    invoice = Invoice(
        id=f"invoice-{row_id}",
        wallet_id=wallet_id,
        kind=InvoiceKind.SUBSCRIPTION,
        stars=250,
        expires_at=NOON,
    )
    await tx.payments.add_invoice(invoice)
    values: dict[str, Any] = {"paid_until": NOON + SECOND, "created_at": NOON, **changes}
    one = Subscription(
        id=row_id,
        wallet_id=wallet_id,
        invoice_id=invoice.id,
        charge_id=f"charge-{row_id}",
        stars=250,
        changed_at=NOON,
        **values,
    )
    await tx.subscriptions.add(one)
    return one


async def test_subscriptions_are_found_by_their_wallet_their_invoice_and_what_they_are(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        mine, theirs = await wallets(tx)
        await subscribed(tx, mine, "c", created_at=NOON - SECOND)
        await subscribed(tx, mine, "b", paid_until=NOON)
        await subscribed(tx, mine, "a", state=SubscriptionState.CANCELLED, wish=Wish.CANCEL)
        other = await subscribed(tx, theirs, "z")
        subscriptions = tx.subscriptions
        found = {
            "of a wallet": await subscriptions.of_wallet(mine),
            "of an invoice": await subscriptions.of_invoice("invoice-b", mine),
            "of an invoice of others": await subscriptions.of_invoice("invoice-b", theirs),
            "wished": await subscriptions.wished(),
            "active": await subscriptions.active(NOON),
        }
        assert {name: [one.id for one in rows] for name, rows in found.items()} == {
            "of a wallet": ["c", "a", "b"],
            "of an invoice": ["b"],
            "of an invoice of others": [],
            "wished": ["a"],
            "active": ["c", "z"],
        }
        changed = replace(
            other,
            charge_id="another",
            state=SubscriptionState.FAILED,
            wish=Wish.ALLOW,
            is_ours=True,
            paid_until=NOON + 2 * SECOND,
            changed_at=NOON + SECOND,
        )
        await subscriptions.change(changed)
        assert await subscriptions.of_wallet(theirs) == [changed]
        assert await subscriptions.of_wallet(mine) == found["of a wallet"]


async def test_payments_of_one_second_are_in_the_order_of_their_ids(database: Database) -> None:
    async with database.transaction() as tx:
        mine, theirs = await wallets(tx)
        for row_id in ("one", "other"):
            await subscribed(tx, mine, row_id)
        rows = (
            ("b", mine, "one", NOON),
            ("a", mine, "one", NOON),
            ("c", mine, "one", NOON - SECOND),
            ("x", mine, "other", NOON),
            ("y", theirs, None, NOON),
        )
        for charge_id, wallet_id, subscription_id, paid_at in rows:
            payment = Payment(
                charge_id=charge_id,
                wallet_id=wallet_id,
                subscription_id=subscription_id,
                payload="?",
                stars=5,
                found_in=FoundIn.MESSAGE,
                paid_at=paid_at,
            )
            assert await tx.payments.record(payment)
            assert not await tx.payments.record(payment)
        of_one = await tx.payments.of_subscription("one")
        of_mine = await tx.payments.of_wallet(mine)
        assert [paid.charge_id for paid in of_one] == ["c", "a", "b"]
        assert [paid.charge_id for paid in of_mine] == ["x", "b", "a", "c"]
        await tx.payments.note_paid_until("b", NOON + SECOND)
        await tx.payments.change(replace(of_one[1], state=PaymentState.REFUNDING, frozen_paid=5))
        after = {one.charge_id: one for one in await tx.payments.of_wallet(mine)}
        refunding = await tx.payments.refunding()
    assert {name: one.paid_until for name, one in after.items() if one.paid_until} == {
        "b": NOON + SECOND
    }
    assert {one.charge_id for one in refunding} == {"a"}
    assert (after["a"].frozen_paid, after["c"].frozen_paid) == (5, 0)


async def test_only_open_gifts_of_a_wallet_wait_and_the_oldest_first(database: Database) -> None:
    async with database.transaction() as tx:
        mine, theirs = await wallets(tx)
        for code, wallet_id, age_s in (
            ("b", mine, 0),
            ("a", mine, 0),
            ("old", mine, 1),
            ("given", mine, 0),
            ("back", mine, 0),
            ("theirs", theirs, 0),
        ):
            made_at = NOON - age_s * SECOND
            gift = Gift(code=code, wallet_id=wallet_id, amount=5, created_at=made_at)
            await tx.gifts.add(gift)
        await tx.gifts.end("given", GiftState.REDEEMED, theirs)
        await tx.gifts.end("back", GiftState.RETURNED)
        assert [one.code for one in await tx.gifts.open_of(mine)] == ["old", "a", "b"]
        ended = [await tx.gifts.lock(code) for code in ("given", "back")]
    assert [one and (one.state, one.redeemed_by) for one in ended] == [
        (GiftState.REDEEMED, theirs),
        (GiftState.RETURNED, None),
    ]


async def test_what_is_forgotten_of_one_stays_of_others(database: Database) -> None:
    async with database.transaction() as tx:
        mine, theirs = await wallets(tx)
        for name, wallet_id in (("a", mine), ("b", mine), ("c", mine), ("d", mine), ("z", theirs)):
            note = Note(id=name, key=f"key-{name}", wallet_id=wallet_id, kind=NoteKind.PAID)
            assert await tx.payment_notes.add(note)
            assert not await tx.payment_notes.add(replace(note, id=f"again-{name}"))

        async def left() -> dict[str, bool]:
            """Return which notes there are, and whether they have been told."""
            notes = [await tx.payment_notes.get(name) for name in "abcdz"]
            return {one.id: one.told_at is not None for one in notes if one is not None}

        await tx.payment_notes.note_told("b")
        await tx.payment_notes.remove("a")
        assert await left() == {"b": True, "c": False, "d": False, "z": False}
        await tx.payment_notes.remove_key("key-c")
        assert await left() == {"b": True, "d": False, "z": False}
        await tx.payment_notes.remove_of(mine)
        assert await left() == {"z": False}


async def test_a_newer_order_waits_in_the_place_of_an_older_one(database: Database) -> None:
    async with database.transaction() as tx:
        await wallets(tx)
        for user_id, number in ((USER, 1), (STRANGER, 2)):
            await tx.pending_orders.put(user_id, {"number": number})
        older = await tx.pending_orders.of_user(USER)
        assert older is not None
        await tx.pending_orders.put(USER, {"number": 3})
        await tx.pending_orders.end(replace(older, created_at=NOON))

        async def waiting() -> list[int | None]:
            rows = [await tx.pending_orders.of_user(user_id) for user_id in (USER, STRANGER)]
            return [one.request["number"] if one is not None else None for one in rows]

        assert await waiting() == [3, 2]
        newer = await tx.pending_orders.of_user(USER)
        assert newer is not None
        await tx.pending_orders.end(newer)
        assert await waiting() == [None, 2]
        await tx.pending_orders.remove(STRANGER)
        assert await waiting() == [None, None]
