"""Refunds, the statement, the balance and subscriptions in Telegram Stars."""

import asyncio
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramBadRequest, TelegramNetworkError
from aiogram.types import TransactionPartnerFragment, TransactionPartnerUser

from sandbox.server import RunningSandbox
from tests.sandbox.telegram.clients import USER, Json, Person, RawApi
from tests.sandbox.telegram.stars_kit import PERIOD_S, Till


async def bought(till: Till, amount: int = 12) -> str:
    (update,) = await till.buy(await till.bill(amount))
    return str(update.message.successful_payment.telegram_payment_charge_id)


async def test_a_refund_gives_back_once_and_is_told(till: Till, person: Person) -> None:
    charge = await bought(till)
    assert await till.bot.refund_star_payment(USER, charge) is True
    assert await till.stars() == 2500
    (update,) = await till.drain(till.bot)
    refund = update.message.refunded_payment
    assert (refund.total_amount, refund.telegram_payment_charge_id) == (12, charge)
    assert (refund.currency, refund.invoice_payload) == ("XTR", "order 1")
    assert refund.provider_payment_charge_id is None
    # The notice is the bot's own message: who was refunded is the chat, not the sender.
    assert (update.message.from_user.id, update.message.chat.id) == (till.bot.id, USER)
    with pytest.raises(TelegramBadRequest, match="CHARGE_ALREADY_REFUNDED"):
        await till.bot.refund_star_payment(USER, charge)
    assert await till.stars() == 2500
    assert "refunded_payment" in (await person.messages())[-1]


async def test_refunds_that_cannot_be(till: Till, raw: RawApi, person: Person) -> None:
    charge = await bought(till)
    await person.ask("POST", "users", 201, json={"first_name": "Kim", "id": 1002})
    for fields, refusal in (
        ({"telegram_payment_charge_id": charge}, "invalid user_id specified"),
        ({"user_id": USER}, 'parameter "telegram_payment_charge_id" is required'),
        ({"user_id": USER, "telegram_payment_charge_id": "x"}, "CHARGE_NOT_FOUND"),
        ({"user_id": 1002, "telegram_payment_charge_id": charge}, "USER_ID_INVALID"),
    ):
        said = await raw.refusal("refundStarPayment", **fields)
        assert said == f"Bad Request: {refusal}"
    await person.write("hello", user=1002)
    said = await raw.refusal("refundStarPayment", user_id=1002, telegram_payment_charge_id=charge)
    assert said == "Bad Request: CHARGE_NOT_FOUND"


async def test_a_refund_may_answer_that_it_was_done_before(till: Till) -> None:
    charge = await bought(till)
    await till.scenario(refund_says_already=True)
    with pytest.raises(TelegramBadRequest, match="CHARGE_ALREADY_REFUNDED"):
        await till.bot.refund_star_payment(USER, charge)
    assert await till.stars() == 2500
    assert await till.drain(till.bot) == []


@pytest.mark.parametrize("notice", [True, False])
async def test_telegram_refunds_from_outside(till: Till, person: Person, *, notice: bool) -> None:
    charge = await bought(till)
    await person.ask("POST", f"payments/{charge}/refund", json={"notice": notice})
    assert len(await till.drain(till.bot)) == notice
    assert (await till.bot.get_my_star_balance()).amount == 0
    await person.ask("POST", f"payments/{charge}/refund", 409)
    await person.ask("POST", "payments/nothing/refund", 404)
    with pytest.raises(TelegramBadRequest, match="CHARGE_ALREADY_REFUNDED"):
        await till.bot.refund_star_payment(USER, charge)


async def test_the_news_of_a_payment_may_come_after_that_of_its_refund(
    till: Till, person: Person
) -> None:
    await till.scenario(payment_notice="lost")
    assert await till.buy(await till.bill()) == []
    (line,) = (await till.bot.get_star_transactions()).transactions
    await person.ask("POST", f"payments/{line.id}/refund")
    await person.ask("POST", f"payments/{line.id}/notice")
    refund, payment = await till.drain(till.bot)
    assert refund.message.refunded_payment.telegram_payment_charge_id == line.id
    assert payment.message.successful_payment.telegram_payment_charge_id == line.id
    assert payment.message.message_id < refund.message.message_id


async def test_a_refund_whose_answer_is_lost_was_made_all_the_same(
    till: Till, person: Person
) -> None:
    charge = await bought(till)
    await person.fault(service="telegram", kind="drop_after", match="refundStarPayment")
    with pytest.raises(TelegramNetworkError):
        await till.bot.refund_star_payment(USER, charge)
    with pytest.raises(TelegramBadRequest, match="CHARGE_ALREADY_REFUNDED"):
        await till.bot.refund_star_payment(USER, charge)
    assert await till.stars() == 2500


async def test_the_statement_lists_both_directions_oldest_first(till: Till) -> None:
    first, second = await bought(till, 12), await bought(till, 30)
    await till.bot.refund_star_payment(USER, first)
    lines = (await till.bot.get_star_transactions()).transactions
    assert [(line.id, line.amount) for line in lines] == [(first, 12), (second, 30), (first, 12)]
    incoming, _, outgoing = lines
    assert isinstance(incoming.source, TransactionPartnerUser)
    assert (incoming.source.user.id, incoming.source.invoice_payload) == (USER, "order 1")
    assert incoming.source.transaction_type == "invoice_payment"
    assert incoming.receiver is None
    assert outgoing.source is None
    assert isinstance(outgoing.receiver, TransactionPartnerUser)
    assert (await till.bot.get_my_star_balance()).amount == 30
    (page,) = (await till.bot.get_star_transactions(offset=1, limit=1)).transactions
    assert page.id == second
    assert (await till.bot.get_star_transactions(offset=3)).transactions == []


async def test_the_limit_of_the_statement_is_clamped(till: Till, raw: RawApi) -> None:
    for number in range(3):
        await till.person.ask(
            "POST", "stars/lines", 201, json={"partner": "other", "amount": number + 1}
        )
    for limit, found in ((0, 1), (2, 2), (1000, 3)):
        answer = await raw("getStarTransactions", limit=limit, offset=-5)
        assert len(answer["result"]["transactions"]) == found


async def test_the_statement_may_lag(till: Till, person: Person) -> None:
    await till.scenario(statement_lag_s=30)
    await bought(till)
    assert (await till.bot.get_star_transactions()).transactions == []
    assert (await till.bot.get_my_star_balance()).amount == 0
    await person.later(30)
    assert len((await till.bot.get_star_transactions()).transactions) == 1
    assert (await till.bot.get_my_star_balance()).amount == 12


@pytest.mark.parametrize(("deducted", "amount"), [(True, 57), (False, 60)])
async def test_an_affiliate_may_take_a_part(till: Till, *, deducted: bool, amount: int) -> None:
    await till.scenario(commission_per_mille=50, commission_is_deducted=deducted)
    charge = await bought(till, 60)
    (line,) = (await till.bot.get_star_transactions()).transactions
    assert line.amount == amount
    assert isinstance(line.source, TransactionPartnerUser)
    assert line.source.affiliate is not None
    assert (line.source.affiliate.commission_per_mille, line.source.affiliate.amount) == (50, 3)
    await till.bot.refund_star_payment(USER, charge)
    assert (await till.bot.get_my_star_balance()).amount == 0


async def test_lines_of_other_kinds(till: Till, person: Person) -> None:
    withdrawn: Json = {"partner": "fragment", "amount": -100}
    foreign: Json = {"partner": "user", "amount": 60, "user": USER, "invoice_payload": "old"}
    for body in (withdrawn, foreign, {"partner": "telegram_ads", "amount": -5}):
        await person.ask("POST", "stars/lines", 201, json=body)
    for partner in ("telegram_api", "affiliate_program", "chat", "other"):
        await person.ask("POST", "stars/lines", 201, json={"partner": partner, "amount": -1})
    lines = (await till.bot.get_star_transactions()).transactions
    assert isinstance(lines[0].receiver, TransactionPartnerFragment)
    assert (await till.bot.get_my_star_balance()).amount == -49
    for bad in (
        {"partner": "bank", "amount": 1},
        {"partner": "other", "amount": 0},
        {"partner": "user", "amount": -1, "user": USER},
    ):
        await person.ask("POST", "stars/lines", 400, json=bad)


async def test_a_type_of_the_future_makes_the_whole_page_unreadable(
    till: Till, person: Person
) -> None:
    await bought(till)
    await person.ask("POST", "stars/lines", 201, json={"partner": "newer", "amount": 5})
    with pytest.raises(ClientDecodeError):
        await till.bot.get_star_transactions()
    assert len((await till.bot.get_star_transactions(limit=1)).transactions) == 1


async def subscribed(till: Till) -> Any:  # noqa: ANN401  (aiogram's SuccessfulPayment)
    (update,) = await till.buy(await till.link())
    return update.message.successful_payment


async def test_a_subscription_renews_by_the_clock(till: Till, person: Person) -> None:
    first = await subscribed(till)
    assert (first.is_recurring, first.is_first_recurring) == (True, True)
    await person.later(PERIOD_S - 60)
    assert await till.drain(till.bot) == []
    await person.later(120)
    (update,) = await till.drain(till.bot)
    second = update.message.successful_payment
    assert (second.is_recurring, second.is_first_recurring) == (True, None)
    assert second.invoice_payload == "monthly"
    assert second.telegram_payment_charge_id != first.telegram_payment_charge_id
    passed = second.subscription_expiration_date - first.subscription_expiration_date
    assert passed == PERIOD_S
    assert await till.stars() == 2300
    (_, line) = (await till.bot.get_star_transactions()).transactions
    assert isinstance(line.source, TransactionPartnerUser)
    assert line.source.subscription_period == PERIOD_S
    await person.later(2 * PERIOD_S)
    assert len(await till.drain(till.bot)) == 2


async def test_a_renewal_may_keep_the_charge_id(till: Till, person: Person) -> None:
    await till.scenario(renewal_charge_id="same")
    first = await subscribed(till)
    await person.later(PERIOD_S)
    (update,) = await till.drain(till.bot)
    again = update.message.successful_payment
    assert again.telegram_payment_charge_id == first.telegram_payment_charge_id
    assert len((await till.records())["payments"]) == 2


async def test_without_stars_a_renewal_fails(till: Till, person: Person) -> None:
    first = await subscribed(till)
    await till.give(99)
    await person.later(PERIOD_S)
    (update,) = await till.drain(till.bot)
    assert (update.subscription.state, update.subscription.user.id) == ("failed", USER)
    assert update.subscription.invoice_payload == "monthly"
    await till.give(100)
    path = f"subscriptions/{first.telegram_payment_charge_id}"
    await person.ask("POST", path, json={"action": "renew"})
    (update,) = await till.drain(till.bot)
    assert update.message.successful_payment.is_recurring


async def test_a_person_cancels_and_comes_back(till: Till, person: Person) -> None:
    path = f"subscriptions/{(await subscribed(till)).telegram_payment_charge_id}"
    await person.ask("POST", path, json={"action": "cancel"})
    await person.ask("POST", path, 409, json={"action": "cancel"})
    await person.ask("POST", path, 409, json={"action": "renew"})
    await person.ask("POST", path, json={"action": "restore"})
    states = [update.subscription.state for update in await till.drain(till.bot)]
    assert states == ["canceled", "active"]
    await person.ask("POST", path, json={"action": "cancel"})
    (update,) = await till.drain(till.bot)
    assert update.subscription.state == "canceled"
    await person.later(PERIOD_S)
    assert await till.drain(till.bot) == []
    (subscription,) = (await till.records())["subscriptions"]
    assert subscription["state"] == "ended"
    assert await till.stars() == 2400
    await person.ask("POST", path, 400, json={"action": "dance"})
    await person.ask("POST", "subscriptions/nothing", 404, json={"action": "cancel"})


async def test_what_the_bot_cancels_only_the_bot_lets_return(
    till: Till, bot: Bot, person: Person
) -> None:
    charge = (await subscribed(till)).telegram_payment_charge_id
    assert await bot.edit_user_star_subscription(USER, charge, is_canceled=True)
    assert await till.drain(bot) == []
    await person.ask("POST", f"subscriptions/{charge}", 409, json={"action": "restore"})
    assert await bot.edit_user_star_subscription(USER, charge, is_canceled=False)
    await person.ask("POST", f"subscriptions/{charge}", json={"action": "restore"})
    (restored,) = await till.drain(bot)
    assert restored.subscription.state == "active"
    await person.later(PERIOD_S)
    (renewed,) = await till.drain(bot)
    assert renewed.message.successful_payment is not None
    renewal = renewed.message.successful_payment.telegram_payment_charge_id
    for user, name, refusal in (
        (USER, renewal, "CHARGE_ID_INVALID"),
        (USER, "x", "CHARGE_ID_INVALID"),
        (5, charge, "USER_ID_INVALID"),
    ):
        with pytest.raises(TelegramBadRequest, match=refusal):
            await bot.edit_user_star_subscription(user, name, is_canceled=True)


async def test_a_reset_forgets_payments_and_the_clock_goes_on(
    till: Till, person: Person, sandbox: RunningSandbox
) -> None:
    await bought(till)
    await person.ask("POST", "reset")
    assert (await till.records())["payments"] == []
    assert await till.stars() == 2500
    await person.write("/start")
    await till.drain(till.bot)
    (checkout,) = await till.confirm(await till.bill())
    # Time passes, and nobody asks Telegram to look at it.
    sandbox.state.telegram.advance(10)
    state = "waiting"
    async with asyncio.timeout(20):
        while state == "waiting":
            state = (await till.state(checkout))["state"]
    assert state == "timed_out"
