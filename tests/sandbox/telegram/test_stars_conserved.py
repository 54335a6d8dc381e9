"""Whatever happens to payments, no Star appears or vanishes."""

import random
from contextlib import suppress

import pytest

from sandbox.server import RunningSandbox
from sandbox.telegram import TelegramEmulator, TelegramScenario
from sandbox.telegram.errors import ApiError, ControlError
from sandbox.telegram.model import User
from sandbox.telegram.scenario import Checkouts, Notice
from sandbox.telegram.stars.checkouts import answer, confirm
from sandbox.telegram.stars.due import settle_due
from sandbox.telegram.stars.payments import give_back, notify
from sandbox.telegram.stars.records import SUBSCRIPTION_PERIOD_S, CheckoutState, Invoice
from sandbox.telegram.stars.subscriptions import change_by_user

STEPS = 400


def step(telegram: TelegramEmulator, chance: random.Random) -> None:
    """One thing that people, the bot, Telegram or the clock may do."""
    records = telegram.stars
    user = chance.choice(list(telegram.users.values()))
    match chance.randrange(8):
        case 0 | 1:
            period_s = chance.choice([0, 0, SUBSCRIPTION_PERIOD_S])
            invoice = Invoice("Credits", "x", "p", chance.randint(1, 400), period_s=period_s)
            confirm(telegram, user, invoice, None)
        case 2 | 3 if records.checkouts:
            query = chance.choice(list(records.checkouts)[-2:])
            answer(telegram, query, ok=chance.random() < 0.8, error="No")
        case 4 if records.payments:
            payment = chance.choice(list(records.payments.values()))
            if not payment.refunded:
                give_back(telegram, payment, notice=chance.random() < 0.5)
            notify(telegram, payment)
        case 5 if records.subscriptions:
            subscription = chance.choice(list(records.subscriptions.values()))
            change_by_user(telegram, subscription, chance.choice(["cancel", "restore", "renew"]))
        case 6:
            telegram.advance(chance.choice([1, 11, 3600, SUBSCRIPTION_PERIOD_S]))
            settle_due(telegram)
        case _:
            telegram.scenario = TelegramScenario(
                checkout=chance.choice([*Checkouts, Checkouts.WORK]),
                payment_notice=chance.choice(list(Notice)),
                pay_twice=chance.random() < 0.3,
                statement_lag_s=chance.choice([0, 30]),
            )


@pytest.mark.parametrize("seed", range(5))
async def test_stars_only_move(sandbox: RunningSandbox, seed: int) -> None:
    telegram, chance = sandbox.state.telegram, random.Random(seed)  # noqa: S311
    telegram.add_user(User(1002, "Kim"))
    owned = sum(user.stars for user in telegram.users.values())
    for _ in range(STEPS):
        with suppress(ApiError, ControlError):
            step(telegram, chance)
        lines = sum(line.change for line in telegram.stars.lines)
        assert sum(user.stars for user in telegram.users.values()) + lines == owned
        assert all(user.stars >= 0 for user in telegram.users.values())
    records = telegram.stars
    paid = [c for c in records.checkouts.values() if c.state is CheckoutState.PAID]
    assert len(paid) > 5
    assert {c.charge_id for c in paid} <= set(records.payments)
    assert len(records.lines) == len(records.payments) + sum(
        payment.refunded for payment in records.payments.values()
    )
