"""What must always hold of the credits: each query finds the rows of which it does not."""

from collections.abc import Mapping, Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_MOVED = """
  SELECT {of}, {sums}
  FROM entries e JOIN movements m ON m.entry_id = e.id
  WHERE {of} IS NOT NULL GROUP BY {of}"""

_IN_AND_OUT = (
    "SUM(CASE m.target WHEN '{pot}' THEN m.amount ELSE 0 END"
    " - CASE m.source WHEN '{pot}' THEN m.amount ELSE 0 END) AS {pot}"
)

_OF_WALLETS = _MOVED.format(
    of="e.wallet_id",
    sums=", ".join(_IN_AND_OUT.format(pot=pot) for pot in ("paid", "bonus", "held")),
)

_OF_ORDERS = _MOVED.format(
    of="e.order_id",
    sums="""
    SUM(CASE WHEN m.target = 'held' THEN m.amount ELSE 0 END) AS held,
    SUM(CASE WHEN m.source = 'held' AND m.target = 'income' THEN m.amount ELSE 0 END) AS taken,
    SUM(CASE WHEN m.source = 'held' AND m.target = 'paid' THEN m.amount ELSE 0 END) AS to_paid,
    SUM(CASE WHEN m.source = 'held' AND m.target = 'bonus' THEN m.amount ELSE 0 END)
      AS to_bonus""",
)

_OF_PAYMENTS = _MOVED.format(
    of="e.charge_id",
    sums="""
    SUM(CASE WHEN m.source = 'telegram' THEN m.amount ELSE 0 END) AS came,
    SUM(CASE WHEN m.target = 'telegram' THEN m.amount ELSE 0 END) AS went""",
)

INVARIANTS: Mapping[str, str] = {
    "a wallet is the sum of its movements": f"""
        SELECT w.id FROM wallets w LEFT JOIN ({_OF_WALLETS}) s ON s.wallet_id = w.id
        WHERE w.paid <> COALESCE(s.paid, 0) OR w.bonus <> COALESCE(s.bonus, 0)
           OR w.held <> COALESCE(s.held, 0)""",
    "entries follow one another without a gap": """
        SELECT e.id FROM (
          SELECT id, wallet_id, seq, paid_after + bonus_after + held_after AS total_after,
            LAG(paid_after + bonus_after + held_after, 1, 0)
              OVER (PARTITION BY wallet_id ORDER BY seq) AS total_before,
            ROW_NUMBER() OVER (PARTITION BY wallet_id ORDER BY seq) AS nth FROM entries) e
        WHERE e.seq <> e.nth OR e.total_after - e.total_before <> (
          SELECT COALESCE(SUM(
              CASE WHEN m.target IN ('paid', 'bonus', 'held') THEN m.amount ELSE 0 END
            - CASE WHEN m.source IN ('paid', 'bonus', 'held') THEN m.amount ELSE 0 END), 0)
          FROM movements m WHERE m.entry_id = e.id)""",
    "the last entry has the balance": """
        SELECT w.id FROM wallets w LEFT JOIN entries e ON e.wallet_id = w.id AND e.seq = w.seq
        WHERE (w.seq = 0 AND (w.paid <> 0 OR w.bonus <> 0 OR w.held <> 0))
           OR (w.seq > 0 AND (e.id IS NULL OR e.paid_after <> w.paid
               OR e.bonus_after <> w.bonus OR e.held_after <> w.held))""",
    "no entry is without a movement": """
        SELECT e.id FROM entries e
        WHERE NOT EXISTS (SELECT 1 FROM movements m WHERE m.entry_id = e.id)""",
    "what is held belongs to open orders and refunds under way": """
        SELECT w.id FROM wallets w WHERE w.held <>
            COALESCE((SELECT SUM(o.from_paid + o.from_bonus) FROM orders o
                      WHERE o.wallet_id = w.id AND o.state = 'held'), 0)
          + COALESCE((SELECT SUM(p.frozen_paid + p.frozen_bonus) FROM payments p
                      WHERE p.wallet_id = w.id AND p.state = 'refunding'), 0)""",
    "an order says what has moved for it": f"""
        SELECT o.id FROM orders o LEFT JOIN ({_OF_ORDERS}) s ON s.order_id = o.id
        WHERE COALESCE(s.held, 0) <> o.from_paid + o.from_bonus
           OR COALESCE(s.taken, 0) <> o.unit_price * o.delivered
           OR COALESCE(s.to_paid, 0) > o.from_paid OR COALESCE(s.to_bonus, 0) > o.from_bonus
           OR (o.state IN ('captured', 'released') AND COALESCE(s.held, 0) <>
               COALESCE(s.taken, 0) + COALESCE(s.to_paid, 0) + COALESCE(s.to_bonus, 0))
           OR (o.state = 'held' AND COALESCE(s.to_paid, 0) + COALESCE(s.to_bonus, 0) <> 0)""",
    "a payment says what has moved for it": f"""
        SELECT p.charge_id FROM payments p
        LEFT JOIN ({_OF_PAYMENTS}) s ON s.charge_id = p.charge_id
        WHERE COALESCE(s.came, 0) <> p.stars
           OR COALESCE(s.went, 0) <> CASE p.state WHEN 'refunded' THEN p.stars ELSE 0 END""",
    "a payment of a subscription's invoice belongs to it": """
        SELECT p.charge_id FROM payments p JOIN invoices i ON i.id = p.invoice_id
        LEFT JOIN subscriptions s ON s.id = p.subscription_id
        WHERE (i.kind = 'subscription') <> (s.id IS NOT NULL)
           OR (s.id IS NOT NULL AND (s.wallet_id <> p.wallet_id OR s.invoice_id <> i.id))""",
    "a subscription has been paid, and until when": """
        SELECT s.id FROM subscriptions s
        WHERE NOT EXISTS (SELECT 1 FROM payments p WHERE p.subscription_id = s.id)
           OR s.paid_until < (SELECT MAX(p.paid_until) FROM payments p
                              WHERE p.subscription_id = s.id)""",
    "Stars come and go with payments only": """
        SELECT e.id FROM entries e JOIN movements m ON m.entry_id = e.id
        WHERE 'telegram' IN (m.source, m.target) AND e.charge_id IS NULL""",
    "bought credits are covered by Stars that we have": """
        SELECT w.id FROM wallets w WHERE w.paid
            + COALESCE((SELECT SUM(o.from_paid) FROM orders o
                        WHERE o.wallet_id = w.id AND o.state = 'held'), 0)
          > COALESCE((SELECT SUM(p.stars) FROM payments p
                      WHERE p.wallet_id = w.id AND p.state = 'paid'), 0)""",
    "an order is held as long as its job is under way": """
        SELECT o.id FROM orders o
        LEFT JOIN trainings t ON t.id = o.id LEFT JOIN generations g ON g.id = o.id
        LEFT JOIN enlargements e ON e.id = o.id
        WHERE o.state = 'held' AND ((t.id IS NULL AND g.id IS NULL AND e.id IS NULL)
           OR t.state IN ('completed', 'failed', 'cancelled') OR g.state = 'failed'
           OR g.announced_at IS NOT NULL OR e.state IN ('made', 'failed'))""",
    "an invitation is rewarded for a payment": """
        SELECT e.id FROM entries e WHERE e.kind = 'referral' AND e.charge_id IS NULL""",
    "a gift says what has moved for it": """
        SELECT g.code FROM gifts g
        WHERE NOT EXISTS (SELECT 1 FROM entries e WHERE e.key = 'gift:' || g.code
                          AND e.wallet_id = g.wallet_id)
           OR (g.state = 'returned') <> EXISTS (
             SELECT 1 FROM entries e WHERE e.key = 'return:' || g.code
             AND e.wallet_id = g.wallet_id)
           OR (g.state = 'redeemed') <> EXISTS (
             SELECT 1 FROM entries e WHERE e.key = 'redeem:' || g.code
             AND e.wallet_id = g.redeemed_by)""",
    "a promo code was used as often as it says": """
        SELECT p.code FROM promos p WHERE p.used <> (
          SELECT COUNT(*) FROM entries e WHERE e.kind = 'promo' AND e.reason = p.code)""",
    "a wallet without its user is empty": """
        SELECT id FROM wallets
        WHERE user_id IS NULL AND (paid <> 0 OR bonus <> 0 OR held <> 0)""",
    "only a refund from outside leaves a debt": """
        SELECT w.id FROM wallets w WHERE w.paid < 0 AND NOT EXISTS (
          SELECT 1 FROM payments p WHERE p.wallet_id = w.id AND p.refunded_by = 'outside')""",
}
"""Each is a sentence about the ledger, and finds the ids of what breaks it."""


class Invariants:
    """Looks whether the ledger is in order."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def broken(self) -> Mapping[str, Sequence[object]]:
        """Return the invariants that do not hold, each with what breaks it."""
        found = {
            name: list(await self._session.scalars(text(query)))
            for name, query in INVARIANTS.items()
        }
        return {name: ids for name, ids in found.items() if ids}
