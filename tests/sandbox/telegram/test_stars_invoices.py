"""Invoices and links for Telegram Stars: what is taken, and what is refused in which words."""

import json

import pytest
from aiogram import Bot
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, LabeledPrice

from sandbox.server import RunningSandbox
from tests.sandbox.telegram.clients import USER, Person, Picture, RawApi
from tests.sandbox.telegram.stars_kit import Till

GOOD: dict[str, str | int] = {
    "title": "Credits",
    "description": "Twelve",
    "payload": "p",
    "currency": "XTR",
    "prices": json.dumps([{"label": "Credits", "amount": 12}]),
}


def priced(*amounts: object) -> str:
    return json.dumps([{"label": "Credits", "amount": amount} for amount in amounts])


async def test_an_invoice_shows_no_payload_and_has_a_pay_button(
    till: Till, person: Person
) -> None:
    message = await till.bill(start="back")
    assert message.invoice is not None
    assert message.invoice.model_dump() == {
        "title": "Twelve credits",
        "description": "For one picture",
        "start_parameter": "back",
        "currency": "XTR",
        "total_amount": 12,
    }
    assert message.reply_markup is not None
    ((button,),) = message.reply_markup.inline_keyboard
    assert (button.pay, button.text) == (True, "Pay ⭐12")
    assert "order 1" not in json.dumps(await person.messages())


@pytest.mark.parametrize("method", ["sendInvoice", "createInvoiceLink"])
@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"title": ""}, 'parameter "title" is required'),
        ({"description": ""}, 'parameter "description" is required'),
        ({"payload": ""}, 'parameter "payload" is required'),
        ({"currency": ""}, 'parameter "currency" is required'),
        ({"prices": ""}, 'parameter "prices" is required'),
        ({"prices": "["}, "can't parse prices JSON object"),
        ({"prices": "{}"}, "expected an Array of labeled prices"),
        ({"prices": "[]"}, "there must be at least one price"),
        ({"prices": "[1]"}, "can't parse labeled price: LabeledPrice must be an Object"),
        (
            {"prices": '[{"label": "x"}]'},
            "can't parse labeled price: Can't find field \"amount\"",
        ),
        (
            {"prices": '[{"label": "", "amount": 1}]'},
            "can't parse labeled price: LabeledPrice label must be non-empty",
        ),
        (
            {"prices": priced("many")},
            'can\'t parse labeled price: Field "amount" must be a valid Number',
        ),
        (
            {"prices": priced([1])},
            'can\'t parse labeled price: Field "amount" must be of type Number',
        ),
        ({"prices": priced(0)}, "total price must be positive"),
        ({"prices": priced(10**13)}, "too big amount of the currency specified"),
        ({"prices": priced(100_001)}, "CURRENCY_TOTAL_AMOUNT_INVALID"),
        ({"prices": priced(5, 7)}, "STARS_INVOICE_INVALID"),
        ({"provider_token": "1:TEST:2"}, "STARS_INVOICE_INVALID"),
        ({"need_email": "true"}, "STARS_INVOICE_INVALID"),
        ({"max_tip_amount": "5"}, "STARS_INVOICE_INVALID"),
        ({"max_tip_amount": "much"}, 'can\'t parse "max_tip_amount" as Number'),
        ({"suggested_tip_amounts": "[5]"}, "STARS_INVOICE_INVALID"),
        ({"currency": "EUR"}, "PAYMENT_PROVIDER_INVALID"),
        ({"title": "t" * 33}, "MEDIA_INVALID"),
        ({"description": "d" * 256}, "MEDIA_INVALID"),
        ({"payload": "ж" * 65}, "INVOICE_PAYLOAD_INVALID"),
        ({"start_parameter": "no spaces"}, "START_PARAM_INVALID"),
        ({"subscription_period": "7776000"}, "SUBSCRIPTION_PERIOD_INVALID"),
    ],
)
async def test_what_is_wrong_with_an_invoice_is_said(
    raw: RawApi, chat: int, method: str, change: dict[str, str | int], refusal: str
) -> None:
    said = await raw.refusal(method, **{"chat_id": chat, **GOOD, **change})
    assert said == f"Bad Request: {refusal}"


async def test_the_limits_themselves_are_taken(raw: RawApi, chat: int) -> None:
    widest: dict[str, str | int] = {
        "title": "т" * 32,
        "description": "о" * 255,
        "payload": "ж" * 64,
    }
    prices = json.dumps([{"label": "x", "amount": "100000"}])
    await raw("sendInvoice", chat_id=chat, **GOOD | widest | {"prices": prices})
    await raw("createInvoiceLink", **GOOD | widest | {"prices": prices})


async def test_other_currencies_are_not_imitated(raw: RawApi, chat: int) -> None:
    fields = GOOD | {"currency": "EUR", "provider_token": "1:TEST:2"}
    answer = await raw("sendInvoice", 501, chat_id=chat, **fields)
    assert "other currencies than Telegram Stars" in answer["description"]


async def test_only_links_are_subscriptions_and_up_to_ten_thousand(
    raw: RawApi, chat: int, till: Till
) -> None:
    assert (await till.link(10_000)).startswith("https://t.me/$")
    monthly = GOOD | {"subscription_period": 2_592_000}
    said = await raw.refusal("createInvoiceLink", **monthly | {"prices": priced(10_001)})
    assert said == "Bad Request: SUBSCRIPTION_AMOUNT_INVALID"
    said = await raw.refusal("sendInvoice", chat_id=chat, **monthly)
    assert said == "Bad Request: STARS_INVOICE_INVALID"


@pytest.mark.parametrize(
    ("rows", "refusal"),
    [
        ([[{"text": "Later", "callback_data": "x"}]], "REPLY_MARKUP_BUY_EMPTY"),
        (
            [[{"text": "Later", "callback_data": "x"}, {"text": "Pay", "pay": True}]],
            "REPLY_MARKUP_BUY_EMPTY",
        ),
        ([[{"text": "Pay", "pay": True}], [{"text": "Pay", "pay": True}]], "BUTTON_TYPE_INVALID"),
    ],
)
async def test_the_pay_button_is_the_first_and_the_only_one(
    raw: RawApi, chat: int, rows: list[object], refusal: str
) -> None:
    markup = json.dumps({"inline_keyboard": rows})
    said = await raw.refusal("sendInvoice", chat_id=chat, **GOOD, reply_markup=markup)
    assert said == f"Bad Request: {refusal}"


async def test_a_pay_button_belongs_to_an_invoice(raw: RawApi, chat: int) -> None:
    pay = InlineKeyboardButton(text="Pay 12 XTR", pay=True)
    later = InlineKeyboardButton(text="Later", callback_data="later")
    markup = InlineKeyboardMarkup(inline_keyboard=[[pay], [later]]).model_dump_json()
    said = await raw.refusal("sendMessage", chat_id=chat, text="x", reply_markup=markup)
    assert said == "Bad Request: BUTTON_TYPE_INVALID"
    sent = (await raw("sendInvoice", chat_id=chat, **GOOD, reply_markup=markup))["result"]
    texts = [row[0]["text"] for row in sent["reply_markup"]["inline_keyboard"]]
    assert texts == ["Pay 12 XTR", "Later"]
    place: dict[str, str | int] = {"chat_id": chat, "message_id": sent["message_id"]}
    without = InlineKeyboardMarkup(inline_keyboard=[[later]]).model_dump_json()
    said = await raw.refusal("editMessageReplyMarkup", **place, reply_markup=without)
    assert said == "Bad Request: REPLY_MARKUP_BUY_EMPTY"
    edited = (await raw("editMessageReplyMarkup", **place))["result"]
    assert edited["reply_markup"]["inline_keyboard"] == [[{"text": "Pay ⭐12", "pay": True}]]
    said = await raw.refusal("editMessageText", **place, text="x")
    assert said == "Bad Request: there is no text in the message to edit"
    media = json.dumps({"type": "photo", "media": "attach://x"})
    await raw.refusal("editMessageMedia", **place, media=media)
    said = await raw.refusal("copyMessage", from_chat_id=chat, **place)
    assert said == "Bad Request: message can't be copied"


async def test_a_forwarded_copy_is_payable_unless_it_leads_to_the_bot(
    bot: Bot, till: Till
) -> None:
    free, bound = await till.bill(), await till.bill(start="back")
    copy = await bot.forward_message(USER, USER, free.message_id)
    leading = await bot.forward_message(USER, USER, bound.message_id)
    assert copy.reply_markup is not None
    assert copy.reply_markup.inline_keyboard[0][0].pay
    assert leading.reply_markup is not None
    url = leading.reply_markup.inline_keyboard[0][0].url
    assert url == "https://t.me/neurophoto_sandbox_bot?start=back"
    assert len(await till.confirm(copy)) == 1
    await till.confirm(leading, 404)


async def test_the_photo_of_an_invoice_is_for_people_only(
    raw: RawApi, sandbox: RunningSandbox, person: Person, picture: Picture, chat: int
) -> None:
    address = "https://example.org/product.jpg"
    sandbox.state.telegram.web[address] = picture()
    fields = GOOD | {"photo_url": address, "photo_width": "640", "photo_height": "480"}
    sent = (await raw("sendInvoice", chat_id=chat, **fields))["result"]
    assert "photo" not in sent
    assert "invoice_photo" not in sent
    shown = (await person.messages())[-1]
    assert shown["invoice_photo"][-1]["width"] == 640
    nothing = GOOD | {"photo_url": "https://example.org/none.jpg"}
    await raw("sendInvoice", chat_id=chat, **nothing)
    assert "invoice_photo" not in (await person.messages())[-1]


async def test_a_link_is_shown_before_it_is_paid(till: Till, person: Person) -> None:
    link = await till.link()
    shown = await person.ask("GET", f"invoices/{link.rpartition('$')[2]}")
    assert (shown["title"], shown["total_amount"], shown["subscription_period"]) == (
        "Every month",
        100,
        2_592_000,
    )
    assert "payload" not in shown
    await person.ask("GET", "invoices/nothing", 404)


async def test_prices_of_a_library_reach_the_server(bot: Bot) -> None:
    price = [LabeledPrice(label="x", amount=1)]
    link = await bot.create_invoice_link("Title", "Words", "p", "XTR", price)
    assert link.startswith("https://t.me/$")
