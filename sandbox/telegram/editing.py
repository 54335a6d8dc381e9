"""Methods that change, delete and pin messages, and answer button presses."""

from sandbox.telegram.attach import body_of, input_media
from sandbox.telegram.call import Call, compact
from sandbox.telegram.emulator import Peer
from sandbox.telegram.errors import NOT_MODIFIED, QUERY_TOO_OLD, bad_request
from sandbox.telegram.markup import check_pay, parse_inline
from sandbox.telegram.model import Json, Markup, MarkupKind, Message, User
from sandbox.telegram.stars.invoices import pay_markup
from sandbox.telegram.text import message_text
from sandbox.telegram.updates import CALLBACK_LIFE_S

_DELETE_WINDOW_S = 48 * 3600
_MAX_ANSWER = 200


def _editable(call: Call) -> tuple[Peer, Message, Markup | None]:
    if call.params.text("inline_message_id") or not (
        call.params.text("chat_id") or call.params.integer("message_id")
    ):
        raise bad_request("Message identifier is not specified")
    markup = parse_inline(call.params.text("reply_markup"))
    peer = call.reachable()
    message = call.message(peer, "message to edit")
    keyboard = message.markup
    other_keyboard = keyboard is not None and keyboard.kind is not MarkupKind.INLINE
    if not message.from_bot or message.forwarded or message.service or other_keyboard:
        raise bad_request("Message can't be edited")
    check_pay(markup, invoice="invoice" in message.body)
    return peer, message, markup


def _content(body: Json) -> str:
    """What `message is not modified` compares of texts and captions."""
    names = ("text", "entities", "caption", "caption_entities", "link_preview_options")
    return compact({name: body[name] for name in names if name in body})


def _keyboard(markup: Markup | None) -> str:
    return "" if markup is None else compact(markup.json)


def _apply(
    call: Call, peer: Peer, message: Message, body: Json, markup: Markup | None, *, same: bool
) -> Json:
    call.spend(peer)
    if same and _keyboard(message.markup) == _keyboard(markup):
        raise bad_request(NOT_MODIFIED)
    bill = call.emulator.stars.bills.get((peer.id, message.message_id))
    if bill is not None and markup is None:
        markup = pay_markup(bill)
    message.body = body
    # An edit without reply_markup takes the inline keyboard away.
    message.markup = markup
    call.emulator.touch(message)
    return message.as_api(with_reply=False)


async def edit_message_text(call: Call) -> Json:
    """Answer editMessageText."""
    text = call.params.text
    content = message_text(text("text"), text("parse_mode"), text("entities"))
    peer, message, markup = _editable(call)
    if "text" not in message.body:
        raise bad_request("There is no text in the message to edit")
    body = {**content.fields("text", "entities"), **call.link_preview_options()}
    same = _content(message.body) == _content(body)
    return _apply(call, peer, message, body, markup, same=same)


async def edit_message_caption(call: Call) -> Json:
    """Answer editMessageCaption."""
    caption = call.caption()
    peer, message, markup = _editable(call)
    if message.media is None:
        raise bad_request("There is no caption in the message to edit")
    body = {k: v for k, v in message.body.items() if k not in {"caption", "caption_entities"}}
    body.update(caption.fields("caption", "caption_entities"))
    same = _content(message.body) == _content(body)
    return _apply(call, peer, message, body, markup, same=same)


async def edit_message_media(call: Call) -> Json:
    """Answer editMessageMedia; a text message becomes a media message."""
    call.params.required("media")
    item = call.json("media", "Can't parse input media JSON object")
    media, caption, options = await input_media(call, item, album=False)
    peer, message, markup = _editable(call)
    if "invoice" in message.body:
        raise bad_request("Message can't be edited")
    body = body_of(call, media, caption, options)
    same_file = message.media is not None and message.media.identity == media.identity
    same = same_file and _content(message.body) == _content(body)
    result = _apply(call, peer, message, body, markup, same=same)
    message.media = media
    return result


async def edit_message_reply_markup(call: Call) -> Json:
    """Answer editMessageReplyMarkup."""
    peer, message, markup = _editable(call)
    return _apply(call, peer, message, message.body, markup, same=True)


def _too_old_to_delete(call: Call, message: Message) -> bool:
    return call.emulator.now() - message.date > _DELETE_WINDOW_S


async def delete_message(call: Call) -> bool:
    """Answer deleteMessage: for 48 hours after it was sent, the person's messages too."""
    if not call.params.integer("message_id"):
        raise bad_request("Message identifier is not specified")
    peer = call.peer()
    message = call.message(peer, "message to delete")
    foreign_in_group = not message.from_bot and not isinstance(peer, User)
    if _too_old_to_delete(call, message) or foreign_in_group:
        raise bad_request("Message can't be deleted for everyone")
    call.emulator.remove(peer.id, [message.message_id])
    return True


async def delete_messages(call: Call) -> bool:
    """Answer deleteMessages: what cannot be deleted is skipped silently."""
    ids = call.message_ids()
    peer = call.peer()
    found = [message for i in ids if (message := call.emulator.message(peer.id, i)) is not None]
    call.emulator.remove(peer.id, [m.message_id for m in found if not _too_old_to_delete(call, m)])
    return True


async def answer_callback_query(call: Call) -> bool:
    """Answer answerCallbackQuery: within 150 s; a second answer changes nothing."""
    callback = call.emulator.callbacks.get(call.params.text("callback_query_id"))
    if callback is None or call.emulator.now() - callback.created_at > CALLBACK_LIFE_S:
        raise bad_request(QUERY_TOO_OLD)
    text = call.params.text("text")
    if len(text) > _MAX_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    if call.params.text("url"):
        raise bad_request("URL_INVALID")
    if callback.answer is None:
        callback.answer = {"text": text, "show_alert": call.params.flag("show_alert")}
        call.emulator.events.publish(
            "callback_answered",
            callback.user_id,
            id=callback.id,
            message_id=callback.message_id,
            data=callback.data,
            text=text or None,
            show_alert=callback.answer["show_alert"],
        )
    return True


async def pin_chat_message(call: Call) -> bool:
    """Answer pinChatMessage: the chat shows a service message about it; older pins stay."""
    peer = call.reachable()
    message = call.message(peer, "message to pin")
    pins = call.emulator.pinned[peer.id]
    if message.message_id in pins:
        pins.remove(message.message_id)
    pins.append(message.message_id)
    pinned = {"pinned_message": message.as_api(with_reply=False)}
    call.emulator.post(peer, pinned, sender=None, service=True)
    return True


async def unpin_chat_message(call: Call) -> bool:
    """Answer unpinChatMessage: the named message, or the one pinned last."""
    peer = call.reachable()
    pins = call.emulator.pinned[peer.id]
    message_id = call.params.integer("message_id") or (pins[-1] if pins else 0)
    if message_id not in pins:
        raise bad_request("Message to unpin not found")
    pins.remove(message_id)
    return True


async def unpin_all_chat_messages(call: Call) -> bool:
    """Answer unpinAllChatMessages."""
    call.emulator.pinned[call.reachable().id].clear()
    return True


async def set_message_reaction(call: Call) -> bool:
    """Answer setMessageReaction: a bot sets one reaction at most."""
    reactions = call.json("reaction", "Can't parse reaction types JSON object") or []
    if not isinstance(reactions, list):
        raise bad_request("Expected an Array of ReactionType")
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    peer = call.reachable()
    message = call.message(peer, "message to react")
    for reaction in reactions:
        if not isinstance(reaction, dict) or reaction.get("type") != "emoji":
            raise bad_request("REACTION_INVALID")
    message.reactions = reactions
    call.emulator.touch(message, edited=False)
    return True
