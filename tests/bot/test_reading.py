"""What a newer Bot API adds takes nothing else of an update along."""

import copy
from typing import Any

import pytest
from aiogram import Bot
from aiogram.types import MessageOriginHiddenUser, Update

from bot.reading import PARTS_LEFT_OUT, understood
from tests.bot.intake_kit import a_message, a_press, an_invoice_answer

SIZES = [{"file_id": "large", "file_unique_id": "u", "width": 1280, "height": 960}]
NEW: dict[str, Any] = {"type": "of_the_future", "date": 1}

UNKNOWN = {
    "origin": {"forward_origin": NEW},
    "origin of a known kind": {"forward_origin": {"type": "user", "date": 1, "sender_user": {}}},
    "story": {"story": {"id": "many"}},
    "no story": {"story": 1},
    "keyboard": {"reply_markup": {"inline_keyboard": [[{"text": "a", "web_app": NEW}]]}},
    "entity": {"caption": "a b", "caption_entities": [{"type": NEW, "offset": 0, "length": 1}]},
    "answer": {"reply_to_message": {**a_message(1, "x")["message"], "forward_origin": NEW}},
    "answer to nobody": {"reply_to_message": {"message_id": 1}},
    "answer from elsewhere": {"external_reply": {"origin": NEW}},
    "pinned": {"pinned_message": {**a_message(1, "x")["message"], "story": NEW}},
    "paid media": {"paid_media": {"star_count": 1, "paid_media": [NEW]}},
    "wallpaper": {"chat_background_set": {"type": NEW}},
    "size": {"photo": [*SIZES, {"file_id": "of what?"}]},
    "several": {
        "forward_origin": NEW,
        "story": {},
        "external_reply": {"origin": NEW},
        "caption_entities": [NEW],
    },
    "very many": {"caption_entities": [NEW] * (2 * PARTS_LEFT_OUT)},
}


def a_photo(**more: object) -> dict[str, Any]:
    update = a_message(7, "")
    del update["message"]["text"]
    update["message"] |= {"photo": SIZES, **more}
    return update


@pytest.mark.parametrize("more", UNKNOWN.values(), ids=UNKNOWN)
def test_a_photo_is_read_whatever_is_unknown_beside_it(
    bot: Bot, more: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    update = a_photo(**more)
    before = copy.deepcopy(update)
    read = understood(update, bot)
    assert read is not None
    assert read.message is not None
    assert read.message.photo is not None
    assert [size.file_id for size in read.message.photo] == ["large"]
    assert read.message.caption == more.get("caption")
    assert read.message.bot is bot
    assert update == before
    assert caplog.messages
    assert all(
        line.startswith("update 7 is read without its message.") for line in caplog.messages
    )


def test_what_is_known_is_read_as_it_is(bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    update = a_photo(caption="Ann", new_field=NEW)
    assert understood(update, bot) == Update.model_validate(update, context={"bot": bot})
    assert caplog.messages == []


def test_only_what_is_unknown_is_left_out(bot: Bot) -> None:
    answered = {**a_message(1, "a picture")["message"], "forward_origin": NEW}
    bold = {"type": "bold", "offset": 0, "length": 3}
    update = a_message(8, "Ann")
    update["message"] |= {"reply_to_message": answered, "entities": [{"type": NEW}, bold]}
    read = understood(update, bot)
    assert read is not None
    assert read.message is not None
    assert read.message.reply_to_message is not None
    assert read.message.reply_to_message.text == "a picture"
    assert read.message.entities is not None
    assert [entity.type for entity in read.message.entities] == ["bold"]


def test_what_was_passed_on_stays_passed_on(bot: Bot) -> None:
    read = understood(a_photo(forward_origin=NEW), bot)
    assert read is not None
    assert read.message is not None
    assert isinstance(read.message.forward_origin, MessageOriginHiddenUser)


def test_a_press_keeps_its_message(bot: Bot) -> None:
    update = a_press(9, "go")
    message = {**a_message(1, "shown")["message"], "reply_to_message": {"story": NEW}}
    update["callback_query"]["message"] = message
    read = understood(update, bot)
    assert read is not None
    assert read.callback_query is not None
    assert read.callback_query.message is not None
    assert read.callback_query.message.message_id == 1
    assert read.callback_query.message.date != 0


@pytest.mark.parametrize("name", ["id", "from", "currency", "total_amount", "invoice_payload"])
@pytest.mark.parametrize("value", [None, NEW])
def test_a_payment_is_not_read_without_what_it_is(bot: Bot, name: str, value: object) -> None:
    update = an_invoice_answer(3, "invoice")
    update["pre_checkout_query"][name] = value
    assert understood(update, bot) is None


def test_a_message_without_its_chat_is_none(bot: Bot) -> None:
    update = a_photo(chat={"id": 1, "type": NEW})
    assert understood(update, bot) is None
