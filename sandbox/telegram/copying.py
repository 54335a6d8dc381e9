"""copyMessage and forwardMessage."""

from sandbox.telegram.call import Call
from sandbox.telegram.errors import bad_request
from sandbox.telegram.model import Json, Markup, MarkupKind, Message
from sandbox.telegram.stars.invoices import pay_markup


def _copy_source(call: Call, what: str) -> Message:
    source = call.peer("from_chat_id")
    message = call.message(source, what)
    if message.service:
        raise bad_request(f"message can't be {'copied' if 'copy' in what else 'forwarded'}")
    if "copy" in what and "invoice" in message.body:
        raise bad_request("message can't be copied")
    if message.protected:
        raise bad_request("Message has protected content and can't be forwarded")
    return message


async def copy_message(call: Call) -> Json:
    """Answer copyMessage: a new message with the same content; a caption can be replaced."""
    peer = call.writable("messages")
    original = _copy_source(call, "message to copy")
    body = dict(original.body)
    if original.media is not None:
        shown = call.emulator.files.show(original.media)
        body = {key: shown.get(key, value) for key, value in body.items()}
        if "caption" in call.params.values:
            body.pop("caption", None)
            body.pop("caption_entities", None)
            body.update(call.caption().fields("caption", "caption_entities"))
    markup = call.markup(peer)
    reply_to = call.reply_to(peer)
    call.spend(peer)
    copy = call.emulator.post(
        peer,
        body,
        sender=None,
        media=original.media,
        markup=markup,
        reply_to=reply_to,
        head=call.thread(peer),
        protected=call.params.flag("protect_content"),
    )
    return {"message_id": copy.message_id}


async def forward_message(call: Call) -> Json:
    """Answer forwardMessage."""
    peer = call.writable("messages")
    original = _copy_source(call, "message to forward")
    call.spend(peer)
    origin = {"type": "user", "sender_user": original.head["from"], "date": original.date}
    message = call.emulator.post(
        peer,
        dict(original.body),
        sender=None,
        media=original.media,
        head={"forward_origin": origin, **call.thread(peer)},
        protected=call.params.flag("protect_content"),
    )
    _forward_bill(call, original, message)
    return message.as_api()


def _forward_bill(call: Call, original: Message, copy: Message) -> None:
    """A copy of an invoice can be paid by anyone, unless a start_parameter leads to the bot."""
    records = call.emulator.stars
    invoice = records.bills.get((original.chat_id, original.message_id))
    if invoice is None:
        return
    copy.markup = pay_markup(invoice)
    if invoice.start_parameter:
        username = call.emulator.config.username
        url = f"https://t.me/{username}?start={invoice.start_parameter}"
        button = {"text": f"Pay ⭐{invoice.amount}", "url": url}
        copy.markup = Markup(MarkupKind.INLINE, {"inline_keyboard": [[button]]})
    else:
        records.bills[copy.chat_id, copy.message_id] = invoice
    call.emulator.touch(copy, edited=False)
