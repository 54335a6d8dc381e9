"""What nothing else answers."""

import pytest

from sandbox.telegram.groups import Groups
from sandbox.telegram.people import SERVICE_MESSAGES
from services.domain.vocabulary import Language
from tests.handlers.chat import Chat, Product
from tests.services.kit import jpeg


@pytest.mark.parametrize("language", list(Language))
async def test_a_text_that_nobody_expects_gets_the_menu(
    product: Product, language: Language
) -> None:
    chat = product.newcomer(language.value)
    await chat.say("hello?")
    assert chat.last.text == chat.words("expects-anything")
    assert chat.last.has("menu:train")


async def test_a_question_says_what_it_waits_for(chat: Chat) -> None:
    await chat.say("/train")
    await chat.say("hello?")
    assert chat.last.text == chat.words("expects-consent")


async def test_an_album_gets_one_answer_and_the_next_one_another(chat: Chat) -> None:
    await chat.has_model()
    await chat.say("/generate")
    await chat.send(jpeg(1), jpeg(2), jpeg(3))
    await chat.send(jpeg(4), jpeg(5))
    assert chat.texts.count(chat.words("expects-prompt")) == 2


@pytest.mark.parametrize("data", ["nonsense", "draft:never", "model:", "opt|count", "💥"])
async def test_a_button_of_no_kind_is_an_old_one(chat: Chat, data: str) -> None:
    await chat.say("/start")
    assert await chat.forge(data) == chat.words("error-stale-button")


@pytest.mark.parametrize("kind", list(SERVICE_MESSAGES))
async def test_a_service_message_is_passed_over(chat: Chat, kind: str) -> None:
    await chat.say("/start")
    before = chat.messages
    chat.product.people.service(chat.id, kind)
    await chat.product.handle()
    assert chat.messages == before


async def test_an_old_message_that_is_gone_is_answered_too(chat: Chat) -> None:
    await chat.say("/start")
    await chat.forge("menu:train", 10**8)
    assert chat.last.text == chat.words("ask-consent", days=7)


NO_RIGHTS = "Bad Request: not enough rights to send text messages to the chat"
KICKED = "Forbidden: bot was kicked from the supergroup chat"
FLOOD = "Too Many Requests: retry after 30"


@pytest.mark.parametrize("words", [NO_RIGHTS, KICKED, FLOOD])
async def test_a_group_that_takes_nothing_is_left_in_peace(
    chat: Chat, caplog: pytest.LogCaptureFixture, words: str
) -> None:
    telegram = chat.product.sandbox.state.telegram
    groups = Groups(telegram, chat.product.people)
    group = groups.make("Friends", chat.id)
    groups.write(group.id, chat.id, "/generate@neurophoto_sandbox_bot a hat")
    await chat.product.handle()
    said = [message for message in telegram.messages(group.id) if message.from_bot]
    assert [message.body["text"] for message in said] == [chat.words("private-only")]
    status = {NO_RIGHTS: 400, KICKED: 403, FLOOD: 429}[words]
    refused = {"ok": False, "error_code": status, "description": words}
    if status == 429:
        refused["parameters"] = {"retry_after": 30}
    fault = {"service": "telegram", "match": "sendMessage", "kind": "status", "status": status}
    chat.product.sandbox.state.wire.faults.add({**fault, "body": refused, "times": 1})
    groups.write(group.id, chat.id, "/generate@neurophoto_sandbox_bot a hat")
    await chat.product.handle()
    said = [message for message in telegram.messages(group.id) if message.from_bot]
    assert len(said) == 1
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_a_group_that_became_a_supergroup_is_answered_there(
    chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    telegram = chat.product.sandbox.state.telegram
    groups = Groups(telegram, chat.product.people)
    old = groups.make("Old friends", chat.id, is_super=False)
    groups.write(old.id, chat.id, "/start@neurophoto_sandbox_bot")
    new = groups.upgrade(old.id, chat.id)
    await chat.product.handle()
    said = [message for message in telegram.messages(new.id) if message.from_bot]
    assert [message.body["text"] for message in said] == [chat.words("private-only")]
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_what_is_edited_in_a_group_is_passed_over(
    chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    telegram = chat.product.sandbox.state.telegram
    groups = Groups(telegram, chat.product.people)
    group = groups.make("Friends", chat.id)
    written = groups.write(group.id, chat.id, "/generate@neurophoto_sandbox_bot a hat")
    telegram.queue("edited_message", {**written.as_api(), "text": "/generate a coat"})
    await chat.product.handle()
    assert len([message for message in telegram.messages(group.id) if message.from_bot]) == 1
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
