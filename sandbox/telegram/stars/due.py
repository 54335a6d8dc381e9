"""What happens by the clock: checkouts time out, notices come late, subscriptions renew."""

import asyncio

from sandbox.telegram.emulator import TelegramEmulator
from sandbox.telegram.stars.checkouts import expire
from sandbox.telegram.stars.payments import notify
from sandbox.telegram.stars.records import CHECKOUT_S, CheckoutState, SubscriptionState
from sandbox.telegram.stars.subscriptions import renew_due

_GOES_ON = {SubscriptionState.ACTIVE, SubscriptionState.CANCELED}


def settle_due(emulator: TelegramEmulator) -> None:
    """Do what the clock has made due."""
    expire(emulator)
    now, records = emulator.now(), emulator.stars
    due = [payment for at, payment in records.late if at <= now]
    records.late = [(at, payment) for at, payment in records.late if at > now]
    for payment in due:
        notify(emulator, payment)
    renew_due(emulator)


def _next_due(emulator: TelegramEmulator) -> float | None:
    records = emulator.stars
    times = [at for at, _ in records.late]
    times += [
        checkout.created_at + CHECKOUT_S
        for checkout in records.checkouts.values()
        if checkout.state is CheckoutState.WAITING
    ]
    times += [s.expires_at for s in records.subscriptions.values() if s.state in _GOES_ON]
    return min(times, default=None)


async def run(emulator: TelegramEmulator) -> None:
    """Keep the clock's promises for as long as the server runs."""
    while True:
        changed = emulator.stars.changed
        changed.clear()
        settle_due(emulator)
        due = _next_due(emulator)
        pause_s = None if due is None else max(0.0, due - emulator.now())
        try:
            async with asyncio.timeout(pause_s):
                await changed.wait()
        except TimeoutError:
            continue
