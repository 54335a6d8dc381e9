"""Paying in Telegram Stars: the question to the bot, its answer, and the news of a payment."""

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import Update

from sandbox.server import RunningSandbox
from tests.sandbox.telegram.clients import USER, Person, RawApi
from tests.sandbox.telegram.stars_kit import Till

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


async def test_a_payment_asks_the_bot_and_then_tells_it(till: Till, person: Person) -> None:
    bill = await till.bill()
    (checkout,) = await till.confirm(bill)
    assert checkout["state"] == "waiting"
    query = await till.query()
    assert isinstance(query.id, str)
    assert (query.id, query.from_user.id) == (checkout["id"], USER)
    assert (query.currency, query.total_amount, query.invoice_payload) == ("XTR", 12, "order 1")
    assert await till.stars() == 2500
    await till.bot.answer_pre_checkout_query(query.id, ok=True)
    (update,) = await till.drain(till.bot)
    payment = update.message.successful_payment
    assert (update.message.from_user.id, update.message.chat.id) == (USER, USER)
    assert (payment.currency, payment.total_amount) == ("XTR", 12)
    assert payment.invoice_payload == "order 1"
    assert payment.telegram_payment_charge_id
    assert payment.provider_payment_charge_id
    assert payment.is_recurring is None
    assert payment.subscription_expiration_date is None
    paid = await till.state(checkout)
    assert (paid["state"], paid["charge_id"]) == ("paid", payment.telegram_payment_charge_id)
    assert await till.stars() == 2488
    # For people the button has become the receipt; the bot's message stays as it was.
    shown = next(m for m in await person.messages() if m["message_id"] == bill.message_id)
    assert shown["receipt_message_id"] == update.message.message_id
    assert (await person.messages())[-1]["paid_title"] == "Twelve credits"
    await till.confirm(bill, 409)


async def test_a_refusal_is_shown_to_the_payer_and_costs_nothing(till: Till, raw: RawApi) -> None:
    (checkout,) = await till.confirm(await till.bill())
    query = await till.query()
    said = await raw.refusal("answerPreCheckoutQuery", pre_checkout_query_id=query.id, ok="false")
    assert said == 'Bad Request: parameter "error_message" is required'
    await till.bot.answer_pre_checkout_query(query.id, ok=False, error_message="Too late")
    refused = await till.state(checkout)
    assert (refused["state"], refused["error"]) == ("refused", "Too late")
    assert await till.stars() == 2500
    assert await till.drain(till.bot) == []


async def test_an_answer_is_given_once(till: Till) -> None:
    (checkout,) = await till.confirm(await till.bill())
    await till.bot.answer_pre_checkout_query(checkout["id"], ok=True)
    for ok in (True, False):
        with pytest.raises(TelegramBadRequest, match=TOO_OLD):
            await till.bot.answer_pre_checkout_query(checkout["id"], ok=ok, error_message="x")
    with pytest.raises(TelegramBadRequest, match=TOO_OLD):
        await till.bot.answer_pre_checkout_query("77", ok=True)
    assert await till.stars() == 2488


async def test_an_answer_after_ten_seconds_is_too_late(till: Till, person: Person) -> None:
    (checkout,) = await till.confirm(await till.bill())
    await person.later(9)
    assert (await till.state(checkout))["state"] == "waiting"
    await person.later(1)
    assert (await till.state(checkout))["state"] == "timed_out"
    with pytest.raises(TelegramBadRequest, match=TOO_OLD):
        await till.bot.answer_pre_checkout_query(checkout["id"], ok=True)
    assert await till.stars() == 2500
    # The question is still delivered, for 150 seconds.
    assert (await till.query()).id == checkout["id"]


async def test_questions_expire_after_150_seconds(till: Till, person: Person) -> None:
    await till.confirm(await till.bill())
    await person.later(151)
    assert await till.drain(till.bot) == []


async def test_a_bot_that_did_not_ask_for_the_question_never_gets_it(
    till: Till, person: Person
) -> None:
    await till.bot.get_updates(allowed_updates=["message"], timeout=0)
    (checkout,) = await till.confirm(await till.bill())
    assert await till.drain(till.bot) == []
    await person.later(10)
    assert (await till.state(checkout))["state"] == "timed_out"


async def test_nobody_pays_what_they_have_not(till: Till, person: Person) -> None:
    await till.give(11)
    (checkout,) = await till.confirm(await till.bill())
    assert checkout["state"] == "no_stars"
    assert await till.drain(till.bot) == []
    await till.give(12)
    (checkout,) = await till.confirm(await till.bill())
    await till.give(0)
    await till.approve()
    assert (await till.state(checkout))["state"] == "no_stars"
    await person.ask("PATCH", f"users/{USER}", 400, json={"stars": -1})


async def test_two_confirmations_are_two_questions_and_two_payments(till: Till) -> None:
    await till.scenario(pay_twice=True)
    assert len(await till.confirm(await till.bill())) == 2
    await till.approve()
    first, second = await till.drain(till.bot)
    ids = {u.message.successful_payment.telegram_payment_charge_id for u in (first, second)}
    assert len(ids) == 2
    assert await till.stars() == 2476


async def test_a_paid_invoice_can_be_paid_again_from_another_device(till: Till) -> None:
    bill = await till.bill()
    await till.buy(bill)
    (update,) = await till.buy(bill, again=True)
    assert update.message.successful_payment is not None
    assert await till.stars() == 2476


async def test_an_answer_may_arrive_too_late_for_telegram(till: Till) -> None:
    await till.scenario(checkout="late_answer")
    (checkout,) = await till.confirm(await till.bill())
    with pytest.raises(TelegramBadRequest, match=TOO_OLD):
        await till.bot.answer_pre_checkout_query(checkout["id"], ok=True)
    assert (await till.state(checkout))["state"] == "timed_out"


async def test_an_approved_payment_may_still_fail(till: Till) -> None:
    await till.scenario(checkout="dies")
    (checkout,) = await till.confirm(await till.bill())
    await till.approve()
    assert (await till.state(checkout))["state"] == "failed"
    assert await till.stars() == 2500
    assert await till.drain(till.bot) == []


@pytest.mark.parametrize(("notice", "told"), [("sent", 1), ("twice", 2), ("lost", 0), ("late", 0)])
async def test_the_news_of_a_payment_may_be_lost_late_or_doubled(
    till: Till, person: Person, notice: str, told: int
) -> None:
    await till.scenario(payment_notice=notice, payment_notice_late_s=300)
    updates = await till.buy(await till.bill())
    assert len(updates) == told
    assert len({update.message.message_id for update in updates}) <= 1
    assert await till.stars() == 2488
    # The chat shows it, and the statement has it, in any case.
    assert "successful_payment" in (await person.messages())[-1]
    (line,) = (await till.bot.get_star_transactions()).transactions
    await person.later(301)
    assert len(await till.drain(till.bot)) == (1 if notice == "late" else 0)
    await person.ask("POST", f"payments/{line.id}/notice")
    (update,) = await till.drain(till.bot)
    assert update.message.successful_payment.telegram_payment_charge_id == line.id


async def test_a_link_is_paid_by_anyone_and_opens_the_chat(
    till: Till, bot: Bot, person: Person
) -> None:
    await person.ask("POST", "users", 201, json={"first_name": "Kim", "id": 1002})
    link = await till.link(50, period_s=0)
    for user in (USER, 1002, 1002):
        (update,) = await till.buy(link, user=user)
        assert update.message.chat.id == user
    assert (await till.stars(USER), await till.stars(1002)) == (2450, 2400)
    await bot.send_message(1002, "Thank you")


async def test_whoever_was_refused_cannot_be_written_to(till: Till, person: Person) -> None:
    await person.ask("POST", "users", 201, json={"first_name": "Kim", "id": 1002})
    (checkout,) = await till.confirm(await till.link(50, period_s=0), user=1002)
    await till.bot.answer_pre_checkout_query(checkout["id"], ok=False, error_message="No")
    with pytest.raises(TelegramForbiddenError, match="can't initiate conversation"):
        await till.bot.send_message(1002, "Why not?")


async def test_a_stranger_pays_a_forwarded_copy(till: Till, person: Person) -> None:
    await person.ask("POST", "users", 201, json={"first_name": "Kim", "id": 1002})
    open_bill, bound = await till.bill(), await till.bill(start="back")
    await till.confirm(bound, 400, user=1002, from_chat=USER)
    await till.confirm(open_bill, user=1002, from_chat=USER)
    query = await till.query()
    assert (query.from_user.id, query.invoice_payload) == (1002, "order 1")


async def test_impossible_payments_are_refused_by_the_control_plane(
    till: Till, person: Person
) -> None:
    message = await till.bot.send_message(USER, "no invoice")
    await till.confirm(message, 404)
    await till.confirm("https://t.me/$nothing", 404)
    await person.ask("POST", "chats/5/pay", 404, json={"message_id": 1})
    await person.ask("GET", "checkouts/5", 404)
    bill = await till.bill()
    await person.ask("PATCH", f"users/{USER}", json={"blocked": True})
    await till.confirm(bill, 409)


async def test_what_the_bot_gets_is_what_the_library_knows(till: Till) -> None:
    await till.confirm(await till.link())
    await till.approve()
    (update,) = await till.drain(till.bot)
    assert isinstance(update, Update)
    message = update.message
    assert message is not None
    assert message.successful_payment is not None
    # Nothing is left that the models of Bot API 10.3 have no field for.
    assert (message.model_extra, message.successful_payment.model_extra) == ({}, {})


async def test_a_question_does_not_wait_behind_messages(
    till: Till, person: Person, sandbox: RunningSandbox
) -> None:
    await person.write("busy")
    await till.confirm(await till.bill())
    lanes = [update.lane for update in sandbox.state.telegram.updates.after(0)]
    assert lanes == [(0, USER), (4, USER)]
