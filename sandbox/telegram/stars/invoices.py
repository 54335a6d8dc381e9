"""sendInvoice and createInvoiceLink, for Stars only.

The words are those of telegram-bot-api (Client::get_input_message_invoice) and tdlib
(LabeledPricePart), and the codes those that the closed servers were seen to give; README.md says
which are not known.
"""

import secrets

from sandbox.telegram.call import Call
from sandbox.telegram.errors import ApiError, bad_request, not_imitated
from sandbox.telegram.fetching import parsed_address
from sandbox.telegram.files import Media, MediaKind
from sandbox.telegram.json_text import read_json
from sandbox.telegram.media import uploaded_media
from sandbox.telegram.model import Json, Markup, MarkupKind
from sandbox.telegram.stars.records import CURRENCY, SUBSCRIPTION_PERIOD_S, Invoice

_MAX_TITLE = 32
_MAX_DESCRIPTION = 255
_MAX_PAYLOAD_BYTES = 128
# Measured with createInvoiceLink by others in September 2026: 100,000 passed, 150,000 did not.
_MAX_STARS = 100_000
_MAX_SUBSCRIPTION_STARS = 10_000
_MAX_AMOUNT = 9999 * 10**8
_MAX_START_PARAMETER = 64
_FOR_SHOPS = (
    "need_name",
    "need_phone_number",
    "need_email",
    "need_shipping_address",
    "send_phone_number_to_provider",
    "send_email_to_provider",
    "is_flexible",
)


async def send_invoice(call: Call) -> Json:
    """Answer sendInvoice."""
    invoice = await _invoice(call)
    if invoice.period_s:
        raise bad_request("STARS_INVOICE_INVALID")
    peer = call.reachable()
    markup = call.markup(peer, invoice=True) or pay_markup(invoice)
    reply_to = call.reply_to(peer)
    call.spend(peer)
    message = call.emulator.post(
        peer,
        {"invoice": invoice.as_api()},
        sender=None,
        markup=markup,
        reply_to=reply_to,
        head=call.thread(peer),
        protected=call.params.flag("protect_content"),
        announce=False,
    )
    if invoice.photo is not None:
        message.shown["invoice_photo"] = call.emulator.files.show(invoice.photo)["photo"]
    call.emulator.stars.bills[peer.id, message.message_id] = invoice
    call.emulator.events.publish("message", peer.id, message=message.as_page())
    return message.as_api()


async def create_invoice_link(call: Call) -> str:
    """Answer createInvoiceLink."""
    if call.params.text("business_connection_id"):
        raise not_imitated("business connections")
    invoice = await _invoice(call)
    slug = secrets.token_urlsafe(16)
    call.emulator.stars.links[slug] = invoice
    return f"https://t.me/${slug}"


def pay_markup(invoice: Invoice) -> Markup:
    """The keyboard of an invoice that was sent without one."""
    button = {"text": f"Pay ⭐{invoice.amount}", "pay": True}
    return Markup(MarkupKind.INLINE, {"inline_keyboard": [[button]]})


async def _invoice(call: Call) -> Invoice:
    params = call.params
    title, description = params.required("title"), params.required("description")
    payload = params.required("payload")
    currency = params.required("currency")
    amounts = _prices(params.required("prices"))
    total = _total(amounts)
    _check_tips(call)
    if currency != CURRENCY:
        if params.text("provider_token"):
            raise not_imitated("payments in other currencies than Telegram Stars (XTR)")
        raise bad_request("PAYMENT_PROVIDER_INVALID")
    if params.text("provider_token") or len(amounts) != 1:
        raise bad_request("STARS_INVOICE_INVALID")
    if any(params.flag(name) for name in _FOR_SHOPS) or params.integer("max_tip_amount"):
        raise bad_request("STARS_INVOICE_INVALID")
    if len(title) > _MAX_TITLE or len(description) > _MAX_DESCRIPTION:
        raise bad_request("MEDIA_INVALID")
    if len(payload.encode()) > _MAX_PAYLOAD_BYTES:
        raise bad_request("INVOICE_PAYLOAD_INVALID")
    period_s = params.integer("subscription_period", low=0)
    _check_amount(total, period_s)
    return Invoice(
        title=title.strip(),
        description=description.strip(),
        payload=payload,
        amount=total,
        start_parameter=_start_parameter(params.text("start_parameter")),
        period_s=period_s,
        photo=await _photo(call),
    )


def _check_amount(total: int, period_s: int) -> None:
    if period_s and period_s != SUBSCRIPTION_PERIOD_S:
        raise bad_request("SUBSCRIPTION_PERIOD_INVALID")
    if period_s and total > _MAX_SUBSCRIPTION_STARS:
        raise bad_request("SUBSCRIPTION_AMOUNT_INVALID")
    if total > _MAX_STARS:
        raise bad_request("CURRENCY_TOTAL_AMOUNT_INVALID")


def _start_parameter(text: str) -> str:
    plain = text.replace("_", "").replace("-", "")
    if text and not (plain.isascii() and (plain.isalnum() or not plain)):
        raise bad_request("START_PARAM_INVALID")
    if len(text) > _MAX_START_PARAMETER:
        raise bad_request("START_PARAM_TOO_LONG")
    return text


def _prices(raw: str) -> list[int]:
    try:
        value = read_json(raw)
    except ValueError:
        raise bad_request("Can't parse prices JSON object") from None
    if not isinstance(value, list):
        raise bad_request("Expected an Array of labeled prices")
    if not value:
        raise bad_request("There must be at least one price")
    return [_price(item) for item in value]


def _unparsed(reason: str) -> ApiError:
    return bad_request(f"Can't parse labeled price: {reason}")


def _price(item: object) -> int:
    if not isinstance(item, dict):
        raise _unparsed("LabeledPrice must be an Object")
    for name in ("label", "amount"):
        if item.get(name) is None:
            raise _unparsed(f'Can\'t find field "{name}"')
        if name == "label" and not isinstance(item[name], str):
            raise _unparsed('Field "label" must be of type String')
        if name == "label" and not item[name]:
            raise _unparsed("LabeledPrice label must be non-empty")
    amount = item["amount"]
    if isinstance(amount, bool) or not isinstance(amount, (int, float, str)):
        raise _unparsed('Field "amount" must be of type Number')
    try:
        return int(str(amount))
    except ValueError:
        raise _unparsed('Field "amount" must be a valid Number') from None


def _total(amounts: list[int]) -> int:
    if any(abs(amount) > _MAX_AMOUNT for amount in amounts):
        raise bad_request("Too big amount of the currency specified")
    total = sum(amounts)
    if total <= 0:
        raise bad_request("Total price must be positive")
    if total > _MAX_AMOUNT:
        raise bad_request("Total price is too big")
    return total


def _check_tips(call: Call) -> None:
    raw = call.params.text("max_tip_amount")
    if raw and not raw.lstrip("-").isdecimal():
        raise bad_request('Can\'t parse "max_tip_amount" as Number')
    if call.json("suggested_tip_amounts", "Can't parse suggested_tip_amounts JSON object"):
        raise bad_request("STARS_INVOICE_INVALID")


async def _photo(call: Call) -> Media | None:
    """The picture of an invoice; an address that gives none leaves the invoice without."""
    address = call.params.text("photo_url")
    try:
        parsed_address(address)
        data = await call.emulator.fetcher.get(address, MediaKind.PHOTO)
        return await uploaded_media(data, "photo.jpg", "image/jpeg", kind=MediaKind.PHOTO)
    except ApiError:
        return None
