"""Methods that put messages into a chat."""

from sandbox.telegram.attach import body_of, take_media
from sandbox.telegram.call import Call
from sandbox.telegram.errors import bad_request
from sandbox.telegram.files import MediaKind
from sandbox.telegram.model import Json
from sandbox.telegram.text import message_text

_ACTIONS = {
    "cancel",
    "typing",
    "record_audio",
    "upload_audio",
    "pick_up_location",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}


async def send_message(call: Call) -> Json:
    """Answer sendMessage."""
    text = call.params.text
    content = message_text(text("text"), text("parse_mode"), text("entities"))
    peer = call.writable("text messages")
    markup = call.markup(peer)
    reply_to = call.reply_to(peer)
    call.spend(peer)
    body = {**content.fields("text", "entities"), **call.link_preview_options()}
    message = call.emulator.post(
        peer,
        body,
        sender=None,
        markup=markup,
        reply_to=reply_to,
        head=call.thread(peer),
        protected=call.params.flag("protect_content"),
    )
    return message.as_api()


async def _send_media(call: Call, kind: MediaKind) -> Json:
    reference = call.params.text(kind)
    missing = f"There is no {kind} in the request"
    if not reference and kind not in call.params.files:
        raise bad_request(missing)
    caption = call.caption()
    peer = call.writable(f"{kind}s")
    markup = call.markup(peer)
    reply_to = call.reply_to(peer)
    media = await take_media(call, reference, kind, default_part=kind, missing=missing)
    call.spend(peer)
    options = {
        name: call.params.flag(name) for name in ("has_spoiler", "show_caption_above_media")
    }
    message = call.emulator.post(
        peer,
        body_of(call, media, caption, options),
        sender=None,
        media=media,
        markup=markup,
        reply_to=reply_to,
        head=call.thread(peer),
        protected=call.params.flag("protect_content"),
    )
    return message.as_api()


async def send_photo(call: Call) -> Json:
    """Answer sendPhoto."""
    return await _send_media(call, MediaKind.PHOTO)


async def send_document(call: Call) -> Json:
    """Answer sendDocument."""
    return await _send_media(call, MediaKind.DOCUMENT)


async def send_chat_action(call: Call) -> bool:
    """Answer sendChatAction; counts against no limit here."""
    action = call.params.text("action").lower()
    if action not in _ACTIONS:
        raise bad_request("Wrong parameter action in request")
    peer = call.reachable()
    call.emulator.events.publish("chat_action", peer.id, action=action)
    return True
