"""The money after a soak: Telegram's records, the ledger and what has arrived must agree."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from db import database as ledger
from tests.e2e.driver import Json
from tests.soak.records import Database, Records, Row
from tests.soak.stage import EDIT_STARS, FREE_CREDITS


def unsettled(database: Database, at_telegram: Json) -> list[str]:
    """Return what is held or being given back, and the payments that the bot does not know."""
    held = database.rows("SELECT id FROM orders WHERE state = 'held'")
    found = [f"order {row['id']} is held" for row in held]
    known = {row["charge_id"]: row["state"] for row in database.rows("SELECT * FROM payments")}
    for payment in at_telegram["payments"]:
        wanted = "refunded" if payment["refunded"] else "paid"
        seen = known.get(payment["charge_id"], "unknown")
        if seen != wanted:
            found.append(f"payment {payment['charge_id']} is {seen} and not {wanted}")
    wished = database.rows("SELECT id, wish FROM subscriptions WHERE wish IS NOT NULL")
    found += [f"subscription {row['id']} waits for {row['wish']}" for row in wished]
    untold = database.rows("SELECT key FROM payment_notes")
    found += [f"note {row['key']} is not told" for row in untold]
    return found


class Till:
    """Compares; each check yields what is wrong."""

    def __init__(self, database: Database, records: Records, at_telegram: Json) -> None:
        self._records = records
        self._telegram = at_telegram
        self._wallets = {row["id"]: row for row in database.rows("SELECT * FROM wallets")}
        self._payments = {row["charge_id"]: row for row in database.rows("SELECT * FROM payments")}
        self._orders = {row["id"]: row for row in database.rows("SELECT * FROM orders")}
        self._entries = database.rows("SELECT * FROM entries")
        self._moved = database.rows("SELECT entry_id, source, target, amount FROM movements")
        self._subscriptions = database.rows("SELECT * FROM subscriptions")
        promos = database.rows("SELECT * FROM promos")
        gifts = database.rows("SELECT * FROM gifts")
        self._promos: dict[str, int] = {row["code"]: row["credits"] for row in promos}
        self._gifts: dict[str, int] = {row["code"]: row["amount"] for row in gifts}
        self._sent = Counter(
            row["generation_id"]
            for row in database.rows(
                "SELECT generation_id FROM pictures"
                " WHERE photo_file_id IS NOT NULL OR document_file_id IS NOT NULL"
            )
        )

    def all(self) -> Iterator[str]:
        """Return everything that is wrong."""
        yield from self.payments()
        yield from self.balance()
        yield from self.subscriptions()
        yield from self.orders()
        yield from self.explained()

    def payments(self) -> Iterator[str]:
        """Every payment at Telegram is in the ledger, with its payer and its amount, once."""
        theirs = {payment["charge_id"]: payment for payment in self._telegram["payments"]}
        yield from (f"payment {one} is not Telegram's" for one in self._payments.keys() - theirs)
        for charge_id, payment in theirs.items():
            row = self._payments.get(charge_id)
            if row is None:
                yield f"payment {charge_id} is not in the ledger"
                continue
            ours = (
                self._wallets[row["wallet_id"]]["user_id"],
                row["stars"],
                row["state"] == "refunded",
            )
            if ours != (payment["user"], payment["amount"], payment["refunded"]):
                yield f"payment {charge_id} is {ours} in the ledger, at Telegram {payment}"

    def balance(self) -> Iterator[str]:
        """The Stars that came less those that went are the bot's balance at Telegram."""
        came = sum(row["amount"] for row in self._moved if row["source"] == "telegram")
        went = sum(row["amount"] for row in self._moved if row["target"] == "telegram")
        if came - went != self._telegram["balance"]:
            yield f"the ledger has {came} - {went} Stars, Telegram {self._telegram['balance']}"

    def orders(self) -> Iterator[str]:
        """Nobody has paid for what did not arrive, and nothing has arrived that was not paid."""
        arrived = dict(self._arrived())
        for order_id, order in self._orders.items():
            if order["delivered"] != arrived.get(order_id, 0):
                yield (
                    f"order {order_id} ({order['kind']}, {order['state']}) is paid for"
                    f" {order['delivered']}, and {arrived.get(order_id, 0)} arrived"
                )
        yield from (f"{one} arrived without an order" for one in arrived.keys() - self._orders)

    def _arrived(self) -> Iterator[tuple[str, int]]:
        records = self._records
        for model in records.models:
            yield model["training_id"], 1
        for row in records.generations:
            if row["state"] == "made" and self._sent[row["id"]]:
                yield row["id"], self._sent[row["id"]]
        for row in records.enlargements:
            if row["state"] == "made":
                yield row["id"], 1

    def subscriptions(self) -> Iterator[str]:
        """Every subscription at Telegram is known with its user, and cancelled where we have."""
        known = {row["charge_id"]: row for row in self._subscriptions}
        theirs = {one["charge_id"]: one for one in self._telegram["subscriptions"]}
        yield from (f"subscription {one} is not Telegram's" for one in known.keys() - theirs)
        for charge_id, one in theirs.items():
            row = known.get(charge_id)
            if row is None:
                yield f"subscription {charge_id} is not known"
                continue
            if self._wallets[row["wallet_id"]]["user_id"] != one["user"]:
                yield f"subscription {charge_id} is not that of user {one['user']}"
            if one["by_bot"] and not row["is_ours"] and row["state"] != "active":
                yield f"subscription {charge_id} was not cancelled by its user"

    def explained(self) -> Iterator[str]:
        """Every entry says why, and belongs to an order or a payment, or was given."""
        moved = Counter[int]()
        for row in self._moved:
            moved[row["entry_id"]] += row["amount"]
        for row in self._entries:
            if row["reason"] and (row["order_id"] or row["charge_id"]):
                continue
            if row["reason"] and moved[row["id"]] == self._due(row):
                continue
            yield f"entry {row['key']} has no reason or belongs to nothing"

    def _due(self, row: Row) -> int | None:
        """Return how much an entry moves that belongs to no order and no payment."""
        kind, _, rest = str(row["key"]).partition(":")
        match kind:
            case "free" if rest == str(row["wallet_id"]):
                return FREE_CREDITS
            case "first-picture" if rest == str(row["wallet_id"]):
                return EDIT_STARS
            case "promo" if rest == f"{row['reason']}:{row['wallet_id']}":
                return self._promos.get(row["reason"])
            case "gift" | "redeem" | "return":
                return self._gifts.get(rest)
        return None

    def told(self) -> Sequence[str]:
        """Return what has happened, in lines to print."""
        entries = Counter(row["kind"] for row in self._entries)
        payments = Counter(_payment(row) for row in self._payments.values())
        orders = Counter(f"{row['kind']} {row['state']}" for row in self._orders.values())
        tries = Counter(one["state"] for one in self._telegram["checkouts"])
        trouble = payments.total() - payments["paid, found in message"]
        return [
            f"till: {tries.total()} purchases tried, {orders.total()} orders, {trouble} payments"
            " refunded or found late",
            f"checkouts: {_words(tries)}; payments: {_words(payments)}",
            f"orders: {_words(orders)}",
            f"subscriptions: {_words(Counter(row['state'] for row in self._subscriptions))}",
            f"ledger: {_words(entries)}; in all {entries.total()} entries,"
            f" {len(self._moved)} movements, {len(self._wallets)} wallets",
        ]


def _payment(row: Row) -> str:
    by = f" by {row['refunded_by']}" if row["refunded_by"] else ""
    return f"{row['state']}{by}, found in {row['found_in']}"


def _words(counts: Mapping[Any, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))


async def broken_invariants(url: str) -> list[str]:
    """Return the sentences about the ledger that do not hold."""
    database = ledger.Database(url)
    try:
        async with database.transaction() as tx:
            broken = await tx.invariants.broken()
    finally:
        await database.close()
    return [f"does not hold: {name}: {list(rows)}" for name, rows in broken.items()]
