"""Credits that come each month: begun by a link, renewed, cancelled, and taken up again."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import pytest_asyncio

from handlers.admin.pages import moment
from handlers.credits.gateway import TelegramStars
from sandbox.faults import Faults
from sandbox.telegram.stars.checkouts import confirm
from sandbox.telegram.stars.payments import give_back, notify
from sandbox.telegram.stars.records import (
    Checkout,
    Invoice,
    Payment,
    Subscription,
    SubscriptionState,
)
from sandbox.telegram.stars.subscriptions import change_by_user
from services.money.statement import StatementWatch
from services.paying.subscribing import Subscribing
from tests.handlers.chat import ADMIN, Chat, Product
from tests.handlers.credits.paying import pots, running_shop

PERIOD = timedelta(days=30)

both_ids = pytest.mark.parametrize("ids", ["new", "same"])


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def product(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Product]:
    """The product with a subscription."""
    folder = tmp_path_factory.mktemp("subscriptions")
    async with running_shop(folder, subscription="250:300") as running:
        yield running


@pytest.fixture(autouse=True)
def telegram_works_again(product: Product) -> Iterator[None]:
    yield
    scenario(product)


def scenario(product: Product, **changes: object) -> None:
    """Have Telegram as it is by default, but for some changes."""
    emulator = product.sandbox.state.telegram
    emulator.scenario = type(emulator.scenario)(**changes)


def link_of(chat: Chat) -> Invoice:
    """The newest link to pay each month that a person was sent."""
    return list(chat.product.sandbox.state.telegram.stars.links.values())[-1]


async def pay_link(chat: Chat, invoice: Invoice) -> Checkout:
    emulator = chat.product.sandbox.state.telegram
    (checkout, *_) = confirm(emulator, emulator.users[chat.id], invoice, None)
    await settle(chat)
    return checkout


async def settle(chat: Chat) -> None:
    await chat.product.handle()
    await chat.product.handle()
    await chat.product.told()


async def subscribe(chat: Chat) -> Invoice:
    await chat.say("/buy")
    await chat.press("sub-buy")
    invoice = link_of(chat)
    await pay_link(chat, invoice)
    return invoice


def at_telegram(chat: Chat) -> Subscription:
    known = chat.product.sandbox.state.telegram.stars.subscriptions.values()
    (found,) = [one for one in known if one.user_id == chat.id]
    return found


def payments(chat: Chat) -> list[Payment]:
    known = chat.product.sandbox.state.telegram.stars.payments.values()
    return [one for one in known if one.user_id == chat.id]


async def does(chat: Chat, action: str) -> None:
    """Let a person do something about it in Telegram, or a month pass."""
    change_by_user(chat.product.sandbox.state.telegram, at_telegram(chat), action)
    await settle(chat)


def subscribing(chat: Chat) -> Subscribing:
    found = chat.product.dispatcher.workflow_data["subscribing"]
    assert isinstance(found, Subscribing)
    return found


def paid_until(chat: Chat) -> date:
    return datetime.fromtimestamp(int(at_telegram(chat).expires_at), UTC).date()


@both_ids
async def test_each_month_brings_its_stars_and_is_told(
    chat: Chat, product: Product, ids: str
) -> None:
    scenario(product, renewal_charge_id=ids)
    await chat.say("/buy")
    words = chat.words("buy-subscription", stars=250, credits=300)
    assert chat.last.buttons[-1] == (words, "sub-buy")
    invoice = await subscribe(chat)
    assert (invoice.amount, invoice.period_s) == (250, 2_592_000)
    told = chat.words("subscription-begun", stars=250, bonus=50, until=paid_until(chat))
    assert chat.last.text == told
    assert await pots(chat) == (250, 50, 0)
    for number in (2, 3):
        await does(chat, "renew")
        until = paid_until(chat)
        told = chat.words("subscription-renewed", stars=250, bonus=50, until=until)
        assert chat.last.text == told
        assert await pots(chat) == (number * 250, number * 50, 0)
    emulator = chat.product.sandbox.state.telegram
    for payment in payments(chat):
        notify(emulator, payment)
    await settle(chat)
    assert await pots(chat) == (750, 150, 0)
    await chat.say("/receipts")
    assert chat.last.text.count(chat.words("receipt-renewal")) == 2
    assert chat.last.text.count(chat.words("receipt-subscription")) == 1


async def test_it_is_cancelled_and_taken_up_again(chat: Chat) -> None:
    await subscribe(chat)
    on = paid_until(chat)
    await chat.say("/buy")
    assert not chat.last.has("sub-buy")
    await chat.say("/balance")
    active = chat.words("subscription-active", stars=250, credits=300, date=on)
    assert active in chat.last.text
    press = next(data for data in chat.last.data if data.startswith("sub-cancel:"))
    await chat.press("sub-cancel:")
    assert chat.last.text == chat.words("subscription-cancelled", date=on)
    assert at_telegram(chat).state is SubscriptionState.CANCELED
    assert at_telegram(chat).by_bot
    assert await chat.forge(press) == chat.words("error-stale-button")
    await chat.say("/balance")
    assert chat.words("subscription-cancelled", date=on) in chat.last.text
    again = next(data for data in chat.last.data if data.startswith("sub-allow:"))
    await chat.press("sub-allow:")
    assert chat.last.text == chat.words("subscription-cancelled-there", date=on)
    assert not at_telegram(chat).by_bot
    assert await chat.forge(again) == chat.words("error-stale-button")
    await does(chat, "restore")
    await chat.say("/balance")
    assert active in chat.last.text
    await does(chat, "renew")
    assert await pots(chat) == (500, 100, 0)


async def test_what_was_done_in_telegram_is_seen(chat: Chat) -> None:
    await subscribe(chat)
    on = paid_until(chat)
    await does(chat, "cancel")
    await chat.say("/balance")
    assert chat.words("subscription-cancelled-there", date=on) in chat.last.text
    assert not chat.last.has("sub-")
    await chat.say("/buy")
    assert chat.last.has("sub-buy")
    await does(chat, "restore")
    await chat.say("/buy")
    assert not chat.last.has("sub-buy")


async def test_who_has_too_few_stars_for_the_next_month_is_told(chat: Chat) -> None:
    await subscribe(chat)
    emulator = chat.product.sandbox.state.telegram
    emulator.users[chat.id].stars = 0
    await does(chat, "renew")
    assert chat.last.text == chat.words("subscription-not-renewed", stars=250)
    await chat.say("/balance")
    assert chat.words("subscription-failed", date=paid_until(chat)) in chat.last.text
    await chat.say("/buy")
    assert chat.last.has("sub-buy")
    emulator.users[chat.id].stars = 1000
    await does(chat, "renew")
    assert await pots(chat) == (500, 100, 0)


async def test_a_second_one_is_not_begun(chat: Chat) -> None:
    await chat.say("/buy")
    await chat.press("sub-buy")
    first = link_of(chat)
    await chat.press("sub-buy")
    second = link_of(chat)
    await pay_link(chat, first)
    refused = await pay_link(chat, second)
    assert refused.error == chat.words("checkout-subscribed")
    again = await pay_link(chat, first)
    assert again.error == chat.words("checkout-over")
    assert await chat.forge("sub-buy") == chat.words("error-already-subscribed")
    assert await pots(chat) == (250, 50, 0)


@both_ids
async def test_an_admin_gives_a_renewal_back(chat: Chat, product: Product, ids: str) -> None:
    scenario(product, renewal_charge_id=ids)
    await subscribe(chat)
    await does(chat, "renew")
    async with product.database.transaction() as tx:
        wallet = await tx.wallets.of_user(chat.id)
        renewal = (await tx.payments.of_wallet(wallet.id))[0]
    admin = product.newcomer(user_id=ADMIN)
    await admin.say(f"/refund {renewal.charge_id} they asked for it")
    await settle(chat)
    assert await pots(chat) == (250, 50, 0)
    assert chat.last.text == chat.words("given-back-admin", stars=250)
    assert sum(one.refunded for one in payments(chat)) == 1


async def test_a_chargeback_of_a_renewal_takes_what_it_brought(chat: Chat) -> None:
    await subscribe(chat)
    await does(chat, "renew")
    give_back(chat.product.sandbox.state.telegram, payments(chat)[-1])
    await settle(chat)
    assert await pots(chat) == (250, 50, 0)


def faults(chat: Chat) -> Faults:
    return chat.product.sandbox.state.wire.faults


async def test_a_wish_that_telegram_has_not_answered_is_asked_again(chat: Chat) -> None:
    await subscribe(chat)
    on = paid_until(chat)
    await chat.say("/balance")
    path = "editUserStarSubscription"
    faults(chat).add({"service": "telegram", "match": path, "kind": "drop_before"})
    await chat.press("sub-cancel:")
    assert chat.last.text == chat.words("subscription-cancelling", date=on)
    assert at_telegram(chat).state is SubscriptionState.ACTIVE
    faults(chat).remove()
    await subscribing(chat).look()
    assert at_telegram(chat).state is SubscriptionState.CANCELED
    await chat.say("/balance")
    faults(chat).add({"service": "telegram", "match": path, "kind": "drop_after", "times": 1})
    await chat.press("sub-allow:")
    assert chat.last.text == chat.words("subscription-allowing")
    await subscribing(chat).look()
    await chat.say("/balance")
    assert chat.words("subscription-cancelled-there", date=on) in chat.last.text


async def test_a_subscription_that_telegram_does_not_know_is_not_asked_about_for_ever(
    chat: Chat,
) -> None:
    await subscribe(chat)
    await chat.say("/balance")
    known = chat.product.sandbox.state.telegram.stars.subscriptions
    lost = known.pop(at_telegram(chat).charge_id)
    await chat.press("sub-cancel:")
    on = datetime.fromtimestamp(int(lost.expires_at), UTC).date()
    assert chat.last.text == chat.words("subscription-cancelled-there", date=on)


async def test_where_users_pay_no_more_it_is_cancelled_and_renewals_go_back(chat: Chat) -> None:
    await subscribe(chat)
    product = chat.product
    stars = TelegramStars(product.bot)
    await Subscribing(product.database, stars, None, is_on=False).look()
    assert at_telegram(chat).by_bot
    await chat.say("/balance")
    on = paid_until(chat)
    assert chat.words("subscription-cancelled", date=on) in chat.last.text


@both_ids
async def test_a_renewal_whose_message_was_lost_is_found(
    chat: Chat, product: Product, ids: str
) -> None:
    await subscribe(chat)
    scenario(product, payment_notice="lost", renewal_charge_id=ids)
    await does(chat, "renew")
    assert await pots(chat) == (250, 50, 0)
    await StatementWatch(product.database, TelegramStars(product.bot)).look()
    await product.told()
    assert await pots(chat) == (500, 100, 0)
    # The statement does not say until when it is paid, so that is reckoned from its date.
    until = (datetime.now(UTC) + PERIOD).date()
    told = chat.words("subscription-renewed-found", stars=250, bonus=50, until=until)
    assert chat.last.text == told
    for payment in payments(chat):
        notify(product.sandbox.state.telegram, payment)
    await settle(chat)
    assert await pots(chat) == (500, 100, 0)


async def test_deleting_ones_data_cancels_it_and_says_so(chat: Chat) -> None:
    await subscribe(chat)
    await chat.say("/deletemydata")
    assert chat.words("forget-renews") in chat.last.text
    await chat.press("forget:", "1")
    assert chat.words("forget-subscription") in chat.last.text
    await chat.until(lambda: at_telegram(chat).state is SubscriptionState.CANCELED)
    assert at_telegram(chat).by_bot
    async with chat.product.database.transaction() as tx:
        assert await tx.users.get(chat.id) is None
    await chat.say("/terms")
    assert chat.words("terms-subscription") in chat.last.text


async def test_an_admin_sees_how_a_subscription_stands(chat: Chat) -> None:
    await subscribe(chat)
    admin = chat.product.newcomer(user_id=ADMIN)
    await admin.say("/start")

    async def says(state: str, wish: str) -> bool:
        await admin.forge(f"account:{chat.id}::-")
        known = at_telegram(chat)
        line = admin.words(
            "console-subscription",
            stars=250,
            credits="300",
            state=state,
            wish=wish,
            date=moment(datetime.fromtimestamp(int(known.expires_at), UTC)),
            charge=known.charge_id,
        )
        return line in admin.last.text

    assert await says("active", "none")
    await chat.say("/balance")
    faults(chat).add(
        {"service": "telegram", "match": "editUserStarSubscription", "kind": "drop_before"}
    )
    await chat.press("sub-cancel:")
    assert await says("cancelled", "cancel")
    faults(chat).remove()
    await subscribing(chat).look()
    assert await says("cancelled", "none")
