"""Errors become sentences, in the language and the way that fit."""

import logging

import pytest
from aiogram.dispatcher.event.bases import UNHANDLED
from aiogram.exceptions import TelegramBadRequest, TelegramNetworkError
from aiogram.methods import SendMessage
from aiogram.types import ErrorEvent, Update

from handlers.telegram import errors
from sandbox.telegram.groups import Groups
from services.domain.trouble import DatabaseUnavailable
from services.domain.vocabulary import Language
from services.errors import StaleButton, TooFewPhotos
from services.users.service import UserService
from tests.handlers.chat import Chat, Product

METHOD = SendMessage(chat_id=1, text="x")


def users_of(chat: Chat) -> UserService:
    users = chat.product.dispatcher.workflow_data["users"]
    assert isinstance(users, UserService)
    return users


def newest_update(chat: Chat) -> Update:
    """Return what the person has just done, unseen by any handler."""
    (update,) = chat.product.sandbox.state.telegram.updates.after(chat.product._seen)
    chat.product._seen = update.update_id
    return Update.model_validate(update.body, context={"bot": chat.product.bot})


def a_text(chat: Chat) -> Update:
    chat.product.people.write(chat.id, "hello")
    return newest_update(chat)


@pytest.mark.parametrize("language", list(Language))
async def test_a_wrong_answer_is_explained_in_the_chosen_language(
    product: Product, language: Language
) -> None:
    chat = product.newcomer()
    await chat.say("/language")
    await chat.press("lang:", language.value)
    chat.language = language
    error = TooFewPhotos(accepted=2, min=5)
    event = ErrorEvent(update=a_text(chat), exception=error)
    await errors.on_domain_error(event, users_of(chat))
    assert chat.last.text == chat.words("error-too-few-photos", accepted=2, min=5)


@pytest.mark.parametrize(
    ("error", "is_alert"), [(StaleButton(), False), (TooFewPhotos(accepted=2, min=5), True)]
)
async def test_an_old_button_is_worth_a_toast_only(
    chat: Chat, error: StaleButton | TooFewPhotos, *, is_alert: bool
) -> None:
    await chat.say("/start")
    callback = chat.product.people.press(chat.id, chat.last.message_id, "x", forged=True)
    event = ErrorEvent(update=newest_update(chat), exception=error)
    await errors.on_domain_error(event, users_of(chat))
    assert callback.answer is not None
    assert bool(callback.answer.get("show_alert")) is is_alert


async def test_a_press_that_was_answered_before_is_answered_by_a_message(chat: Chat) -> None:
    await chat.say("/start")
    callback = chat.product.people.press(chat.id, chat.last.message_id, "x", forged=True)
    update = newest_update(chat)
    chat.product.sandbox.state.telegram.callbacks.pop(callback.id)
    event = ErrorEvent(update=update, exception=StaleButton())
    await errors.on_domain_error(event, users_of(chat))
    assert chat.last.text == chat.words("error-stale-button")


async def test_a_bug_is_apologised_for_with_the_code_of_the_log(
    chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    event = ErrorEvent(update=a_text(chat), exception=KeyError("secret"))
    await errors.on_bug(event, users_of(chat))
    (record,) = [one for one in caplog.records if one.levelno == logging.ERROR]
    code = record.getMessage().split()[1]
    assert chat.last.text == chat.words("error-bug", code=code)
    assert record.exc_info


async def test_trouble_that_passes_is_no_traceback(
    chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    error = TelegramNetworkError(METHOD, "what a proxy wrote")
    await errors.on_bug(ErrorEvent(update=a_text(chat), exception=error), users_of(chat))
    assert not [one for one in caplog.records if one.levelno >= logging.ERROR]
    assert "what a proxy wrote" not in caplog.text
    assert chat.last.text.startswith(chat.words("error-bug", code="")[:30])


async def test_a_press_that_changes_nothing_needs_no_apology(chat: Chat) -> None:
    await chat.say("/start")
    before = chat.messages
    error = TelegramBadRequest(METHOD, "Bad Request: message is not modified")
    event = ErrorEvent(update=a_text(chat), exception=error)
    await errors.on_harmless_refusal(event, users_of(chat))
    assert chat.messages == before


async def test_another_refusal_of_telegram_is_a_bug(chat: Chat) -> None:
    error = TelegramBadRequest(METHOD, "Bad Request: BUTTON_DATA_INVALID")
    event = ErrorEvent(update=a_text(chat), exception=error)
    await errors.on_harmless_refusal(event, users_of(chat))
    assert chat.last.text.startswith(chat.words("error-bug", code="")[:30])


async def test_a_database_that_does_not_answer_is_left_to_the_intake(chat: Chat) -> None:
    event = ErrorEvent(update=a_text(chat), exception=DatabaseUnavailable("down"))
    assert await errors.on_unavailable_database(event) is UNHANDLED
    assert chat.messages == []


async def test_what_is_kept_is_told_in_the_language_of_the_client(product: Product) -> None:
    for language in Language:
        chat = product.newcomer(language.value)
        await errors.tell_kept(a_text(chat))
        assert chat.last.text == chat.words("error-kept")


@pytest.mark.parametrize("error", [TooFewPhotos(accepted=2, min=5), RuntimeError("a bug")])
@pytest.mark.parametrize("kind", ["drop_before", "drop_after", "html"])
async def test_a_telegram_that_stumbles_over_an_error_message_is_no_second_error(
    chat: Chat, error: Exception, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    event = ErrorEvent(update=a_text(chat), exception=error)
    handle = errors.on_bug if isinstance(error, RuntimeError) else errors.on_domain_error
    faults = chat.product.sandbox.state.wire.faults
    faults.add({"service": "telegram", "match": "/sendMessage", "kind": kind, "times": 0})
    try:
        await handle(event, users_of(chat))
    finally:
        faults.remove()
    assert "could not be said" in caplog.text


@pytest.mark.parametrize("is_press", [False, True])
async def test_what_goes_wrong_in_a_group_is_not_told_to_all_of_it(
    chat: Chat, *, is_press: bool
) -> None:
    update, group_id = in_group(chat, is_press=is_press)
    event = ErrorEvent(update=update, exception=RuntimeError("a bug"))
    await errors.on_bug(event, users_of(chat))
    await errors.tell_kept(update)
    await errors.tell_given_up(update)
    seen = chat.product.sandbox.state.telegram.messages(group_id)
    assert not [message for message in seen if message.from_bot]


def in_group(chat: Chat, *, is_press: bool) -> tuple[Update, int]:
    """Return something done in a group, a press there too late for a toast."""
    telegram = chat.product.sandbox.state.telegram
    groups = Groups(telegram, chat.product.people)
    group = groups.make("Friends", chat.id)
    groups.write(group.id, chat.id, "/start@neurophoto_sandbox_bot")
    update = telegram.updates.after(chat.product._seen)[-1]
    chat.product._seen = update.update_id
    body = update.body
    if is_press:
        sender, message = body["message"]["from"], body["message"]
        press = {"id": "1", "from": sender, "chat_instance": "1", "message": message, "data": "x"}
        body = {"update_id": body["update_id"], "callback_query": press}
    return Update.model_validate(body, context={"bot": chat.product.bot}), group.id
