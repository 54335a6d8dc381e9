"""Orders that lack Stars, and everything that Telegram can tell of a payment."""

import pytest

from handlers.credits.gateway import TelegramStars
from handlers.credits.invoices import MAX_TITLE
from sandbox.telegram.stars.checkouts import confirm
from sandbox.telegram.stars.payments import give_back
from sandbox.telegram.stars.records import CheckoutState
from services.money.statement import StatementWatch
from tests.handlers.chat import ADMIN, Chat, Product
from tests.handlers.credits.paying import amounts, bills, pay, pots, told


async def with_scenario(chat: Chat, **changes: object) -> None:
    telegram = chat.product.sandbox.state.telegram
    telegram.scenario = telegram.scenario.model_copy(update=changes)


async def buy(chat: Chat, stars: int = 100) -> None:
    await chat.say("/buy")
    await chat.press(f"pack-buy:{stars}")
    await pay(chat)


def statement(chat: Chat, *, is_on: bool = True) -> StatementWatch:
    product = chat.product
    return StatementWatch(product.database, TelegramStars(product.bot), is_on=is_on)


async def test_an_order_that_lacks_stars_goes_on_once_they_are_paid(chat: Chat) -> None:
    await chat.has_model()
    await chat.say("/generate")
    await chat.say("a king in Paris")
    assert amounts(chat) == [12]
    assert await chat.generations() == []
    await pay(chat)
    assert await chat.generations() == ["a king in Paris"]
    paid = chat.words("paid", stars=12, bonus=0)
    assert f"{paid} {chat.words('order-starts')}" in chat.texts
    assert chat.words("order-goes-on") not in chat.texts
    # The model of this test is nowhere, so there is no picture; then there is no price either.
    await chat.until_said(chat.words("stars-back", stars=12))
    assert await pots(chat) == (12, 0, 0)
    await chat.say("/receipts")
    for key in ("receipt-payment", "receipt-hold-pictures", "receipt-release"):
        assert chat.words(key) in chat.last.text


async def test_an_invoice_says_what_is_paid_for(chat: Chat) -> None:
    await chat.has_model()
    await chat.say("/generate a king -n 4")
    about = chat.words("invoice-top-up", stars=48)
    assert told(chat) == (chat.words("invoice-order-pictures", count=4), about)
    await chat.say("/buy")
    await chat.press("pack-buy:250")
    assert told(chat) == (chat.words("invoice-title", credits=265), chat.words("invoice-pack"))


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_the_invoice_of_a_training_names_its_model_as_far_as_there_is_room(
    product: Product, language: str
) -> None:
    chat = product.newcomer(language)
    for name in ("Anna", "Anna Maria 🌸🌸🌸🌸🌸🌸🌸🌸🌸🌸🌸🌸"):
        await chat.has_draft(name=name, mode="economy", steps=500, price_usd=1)
        draft = await chat.draft()
        assert draft is not None
        await chat.say("/start")
        await chat.forge(f"paystart:{draft.id}:60")
        title, about = told(chat)
        assert title.startswith(chat.words("invoice-order-training", name=name)[:16])
        assert len(title.encode("utf-16-le")) // 2 <= MAX_TITLE
        assert about == chat.words("invoice-top-up", stars=60)
        assert title.endswith(("“Anna”", "«Anna»", "…”", "…»"))
        async with product.database.transaction() as tx:
            await tx.drafts.end(draft.id)


async def test_only_what_is_missing_is_asked_for(chat: Chat) -> None:
    await buy(chat)
    await chat.has_draft(mode="standard", steps=1000, price_usd=2)
    draft = await chat.draft()
    assert draft is not None
    await chat.forge(f"paystart:{draft.id}:90")
    assert await pots(chat) == (10, 0, 90)


async def test_a_training_is_started_at_the_price_on_its_button_only(chat: Chat) -> None:
    await buy(chat)
    await chat.has_draft(mode="standard", steps=1000, price_usd=2)
    draft = await chat.draft()
    assert draft is not None
    for data in (f"paystart:{draft.id}:45", f"start:{draft.id}"):
        assert await chat.forge(data) == chat.words("error-price-changed", price=90)
    assert await pots(chat) == (100, 0, 0)
    assert await chat.draft() is not None


async def test_a_training_that_lacks_stars_goes_on_once_they_are_paid(chat: Chat) -> None:
    await chat.has_draft(mode="economy", steps=500, price_usd=1)
    draft = await chat.draft()
    assert draft is not None
    await chat.say("/start")
    await chat.forge(f"paystart:{draft.id}:60")
    assert amounts(chat) == [60]
    await pay(chat)
    assert await chat.draft() is None
    assert (await chat.training(draft.id)).id == draft.id


async def test_a_newer_offer_takes_the_place_of_an_older_one(chat: Chat) -> None:
    await chat.has_model()
    for prompt in ("a king", "a queen"):
        await chat.say("/generate")
        await chat.say(prompt)
    assert amounts(chat) == [12, 12]
    old = await pay(chat, 0)
    assert (old.state, old.error) == (CheckoutState.REFUSED, chat.words("checkout-over"))
    await pay(chat, 1)
    assert await chat.generations() == ["a queen"]


async def test_a_payment_that_is_told_twice_is_credited_once(chat: Chat) -> None:
    await with_scenario(chat, payment_notice="twice")
    await buy(chat)
    await with_scenario(chat, payment_notice="sent")
    assert await pots(chat) == (100, 0, 0)
    assert chat.texts.count(chat.words("paid", stars=100, bonus=0)) == 1


async def test_a_payment_whose_message_is_lost_is_found_in_the_statement(chat: Chat) -> None:
    await chat.has_model()
    await chat.say("/generate")
    await chat.say("a king")
    await with_scenario(chat, payment_notice="lost")
    await pay(chat)
    await with_scenario(chat, payment_notice="sent")
    assert await chat.generations() == []
    for _ in range(2):
        await statement(chat).look()
        await chat.product.told()
    found = chat.words("paid-found", stars=12, bonus=0)
    assert chat.texts.count(f"{found} {chat.words('order-starts')}") == 1
    assert await chat.generations() == ["a king"]


async def test_a_lost_payment_that_is_found_where_nobody_pays_any_more_is_given_back_whole(
    chat: Chat,
) -> None:
    await statement(chat).look()
    await chat.say("/buy")
    await chat.press("pack-buy:250")
    await with_scenario(chat, payment_notice="lost")
    await pay(chat)
    await with_scenario(chat, payment_notice="sent")
    await statement(chat, is_on=False).look()
    assert await pots(chat) == (0, 0, 265)
    await chat.product.dispatcher.workflow_data["refunds"].look()
    await chat.product.handle()
    assert await pots(chat) == (0, 0, 0)
    await chat.product.told()
    assert chat.last.text == chat.words("given-back-admin", stars=250)
    assert chat.words("paid-found", stars=250, bonus=15) not in chat.texts
    telegram = chat.product.sandbox.state.telegram
    assert [
        one.refunded for one in telegram.stars.payments.values() if one.user_id == chat.id
    ] == [True]


async def test_a_refund_from_outside_is_told_with_what_is_owed(chat: Chat) -> None:
    await buy(chat)
    await chat.has_draft(mode="standard", steps=1000, price_usd=2)
    draft = await chat.draft()
    assert draft is not None
    await chat.forge(f"paystart:{draft.id}:90")
    telegram = chat.product.sandbox.state.telegram
    (payment,) = [one for one in telegram.stars.payments.values() if one.user_id == chat.id]
    give_back(telegram, payment)
    await chat.product.handle()
    await chat.product.told()
    back, owed = chat.words("given-back-outside", stars=100), chat.words("balance-owed", stars=90)
    assert chat.texts.count(f"{back}\n\n{owed}") == 1
    await statement(chat).look()
    await chat.product.told()
    assert chat.texts.count(f"{back}\n\n{owed}") == 1


async def test_who_has_blocked_the_bot_is_told_when_they_return(chat: Chat) -> None:
    await chat.say("/buy")
    await chat.press("pack-buy:100")
    telegram = chat.product.sandbox.state.telegram
    place, bill = bills(chat)[-1]
    await with_scenario(chat, payment_notice="lost")
    confirm(telegram, telegram.users[chat.id], bill, place)
    await chat.product.handle()
    await with_scenario(chat, payment_notice="sent")
    await chat.block(blocked=True)
    await statement(chat).look()
    said = chat.words("paid-found", stars=100, bonus=0)
    assert await pots(chat) == (100, 0, 0)
    assert said not in chat.texts
    await chat.block(blocked=False)
    await chat.say("/balance")
    await chat.until_said(said)
    await chat.product.told()
    assert chat.texts.count(said) == 1


async def test_an_admin_gives_a_payment_back(chat: Chat) -> None:
    await buy(chat)
    admin = chat.product.newcomer(user_id=ADMIN)
    await admin.say(f"/payments {chat.id}")
    telegram = chat.product.sandbox.state.telegram
    (payment,) = [one for one in telegram.stars.payments.values() if one.user_id == chat.id]
    assert payment.charge_id in admin.last.text
    await admin.say(f"/refund {payment.charge_id} asked for it")
    assert admin.last.text == admin.words("admin-refund-begun", stars=100, unused=100)
    await chat.product.handle()
    assert payment.refunded
    await chat.product.told()
    assert await pots(chat) == (0, 0, 0)
    assert chat.texts.count(chat.words("given-back-admin", stars=100)) == 1
    await chat.say(f"/refund {payment.charge_id} again")
    assert chat.last.text == chat.words("expects-anything")


async def test_two_taps_on_pay_are_one_payment(chat: Chat) -> None:
    await with_scenario(chat, pay_twice=True)
    await buy(chat)
    await with_scenario(chat, pay_twice=False)
    assert await pots(chat) == (100, 0, 0)
    assert len(bills(chat)) == 1


async def test_a_picture_is_enlarged_for_the_stars_on_its_button(chat: Chat) -> None:
    result = await chat.has_sent_result(await chat.has_model())
    await chat.say("/start")
    await chat.forge(f"res:more:{result.id}")
    label = chat.words("enlarge", factor=2, price="7\u00a0⭐")
    (press,) = [data for words, data in chat.last.buttons if words == label]
    await chat.forge(press)
    assert amounts(chat) == [7]
    assert told(chat)[0] == chat.words("invoice-order-enlarge")
    await pay(chat)
    paid = chat.words("paid", stars=7, bonus=0)
    assert f"{paid} {chat.words('order-starts')}" in chat.texts
    # The picture of this test is nowhere, so there is no larger one, and no price either.
    await chat.until_said(chat.words("stars-back", stars=7))
    assert await pots(chat) == (7, 0, 0)


async def test_in_maintenance_nothing_is_paid(chat: Chat) -> None:
    admin = chat.product.newcomer(user_id=ADMIN)
    await chat.has_model()
    await chat.say("/buy")
    await chat.press("pack-buy:100")
    await admin.say("/maintenance on moving")
    assert await chat.forge("pack-buy:100") == chat.words("error-under-maintenance")
    refused = await pay(chat)
    assert refused.error == chat.words("checkout-maintenance")
    await chat.say("/generate a king")
    assert chat.last.text == chat.words("error-under-maintenance")
    assert amounts(chat) == [100]
    assert await pots(chat) == (0, 0, 0)
    await admin.say("/maintenance off")
    await buy(chat)
    assert await pots(chat) == (100, 0, 0)
