"""/support: what a user writes next reaches the operator, and nothing else of theirs does."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from handlers.support.states import SupportForm
from services.support.service import MAX_UNITS, MOST_AN_HOUR
from tests.conftest import sqlite_template
from tests.handlers.chat import ADMIN, Chat, Product, Said, running_product
from tests.services.kit import jpeg


async def the_admin(product: Product, language: str = "en") -> Chat:
    admin = product.newcomer(language, ADMIN)
    await admin.say("/start")
    return admin


def of(user: Chat, admin: Chat) -> list[Said]:
    """What the admin was shown of a user."""
    head = admin.words("support-from-user", id=str(user.id))
    return [said for said in admin.messages if said.text.startswith(head)]


async def test_what_is_written_next_reaches_the_admin_and_what_follows_does_not(
    product: Product, chat: Chat
) -> None:
    admin = await the_admin(product)
    await chat.say("/support")
    assert chat.last.text == chat.words("support-ask")
    await chat.say("It is <b>not</b> me & you?")
    assert chat.last.text == chat.words("support-passed-on")
    assert await chat.state() is None
    await chat.say("a king in a garden")
    await chat.say("/support and one more thing")
    await admin.until(lambda: len(of(chat, admin)) == 2)
    shown = [said.text.partition("\n\n")[2] for said in of(chat, admin)]
    assert shown == ["It is <b>not</b> me & you?", "and one more thing"]


async def test_an_album_with_words_goes_whole_and_is_answered_once(
    product: Product, chat: Chat
) -> None:
    admin = await the_admin(product)
    await chat.say("/support")
    await chat.send(jpeg(1), jpeg(2), jpeg(3))
    await admin.until(lambda: len(of(chat, admin)) == 3)
    assert all(said.is_picture for said in of(chat, admin))
    assert chat.texts.count(chat.words("support-passed-on")) == 1
    assert await chat.draft() is None


async def test_a_file_goes_as_a_file(product: Product, chat: Chat) -> None:
    admin = await the_admin(product)
    await chat.say("/support")
    await chat.send(b"%PDF-1.4 bill", kind="document", name="bill.pdf")
    await admin.until(lambda: len(of(chat, admin)) == 1)
    sent = product.sandbox.state.telegram.message(admin.id, of(chat, admin)[0].message_id)
    assert sent is not None
    assert sent.body["document"]["file_name"] == "bill.pdf"


async def test_an_answer_reaches_the_user_and_what_they_reply_comes_back(
    product: Product,
) -> None:
    user, admin = product.newcomer("ru"), await the_admin(product)
    await user.say("/support Где мои фото?")
    await admin.until(lambda: len(of(user, admin)) == 1)
    await admin.answer(of(user, admin)[0].message_id, "Посмотрите в /gallery")
    assert admin.last.text == admin.words("console-answered", id=str(user.id))
    said = await user.until_said("Посмотрите в /gallery")
    assert said.text.startswith(user.words("support-answer"))
    await user.answer(said.message_id, "Спасибо!")
    await admin.until(lambda: len(of(user, admin)) == 2)
    assert of(user, admin)[-1].text.endswith("Спасибо!")
    assert user.last.text == user.words("support-passed-on")


async def test_a_reply_to_any_other_message_goes_nowhere(product: Product, chat: Chat) -> None:
    admin = await the_admin(product)
    await chat.say("/start")
    await chat.answer(chat.last.message_id, "a king in a garden")
    await chat.say("/support first")
    await admin.until(lambda: len(of(chat, admin)) == 1)
    assert of(chat, admin)[0].text.endswith("first")


async def test_two_taps_and_a_crash_pass_it_on_once(product: Product, chat: Chat) -> None:
    admin = await the_admin(product)
    await chat.say("/start")
    await chat.forge("contact:")
    await chat.forge("contact:")
    await chat.say("/support once")
    await chat.handle_last_again()
    await chat.say("/support twice")
    await admin.until(lambda: len(of(chat, admin)) >= 2)
    assert [said.text.rpartition("\n")[2] for said in of(chat, admin)] == ["once", "twice"]


async def test_what_a_thread_does_not_take_is_answered_kindly(
    chat: Chat, product: Product
) -> None:
    await the_admin(product)
    await chat.say("/support")
    await chat.say("W" * (MAX_UNITS + 1))
    assert chat.last.text == chat.words("error-support-too-long", max=MAX_UNITS)
    assert await chat.state() == SupportForm.words.state
    await chat.say("/start")
    assert await chat.state() is None


async def test_back_and_cancel_leave_the_question(chat: Chat, product: Product) -> None:
    await the_admin(product)
    for way in ("back", "cancel"):
        await chat.say("/support")
        await chat.press(f"go:{way}")
        assert await chat.state() is None


async def test_the_rate_is_limited(product: Product, chat: Chat) -> None:
    await the_admin(product)
    for number in range(MOST_AN_HOUR):
        await chat.say(f"/support {number}")
    await chat.say("/support too much")
    assert chat.last.text == chat.words("error-support-too-often", max=MOST_AN_HOUR)


async def test_the_code_of_an_error_goes_along(product: Product, chat: Chat) -> None:
    admin = await the_admin(product)
    await chat.say("/start")
    await chat.forge("contact:a1b2c3")
    await chat.say("This happened")
    await admin.until(lambda: len(of(chat, admin)) == 1)
    assert admin.words("support-code", code="a1b2c3") in of(chat, admin)[0].text


async def test_what_admins_were_shown_goes_with_the_user(product: Product, chat: Chat) -> None:
    admin = await the_admin(product)
    await chat.say("/support my words")
    await chat.say("/support")
    await chat.send(jpeg(7))
    await admin.until(lambda: len(of(chat, admin)) == 2)
    await product.delivered()
    words, photo = of(chat, admin)
    await admin.forge(words.data[0], words.message_id)
    await chat.say("/deletemydata")
    await chat.press("forget:1")
    cleared = chat.words("message-cleared")
    await admin.until(lambda: not of(chat, admin))
    by_id = {said.message_id: said for said in admin.messages}
    assert by_id[words.message_id].text == by_id[photo.message_id].text == cleared
    await admin.until(lambda: not any("my words" in text for text in admin.texts))


class TestWithoutAdmins:
    """Nobody is named to answer."""

    @pytest_asyncio.fixture(loop_scope="session")
    async def product(self, tmp_path: Path) -> AsyncIterator[Product]:
        path = tmp_path / "bot.db"
        path.write_bytes(sqlite_template())
        async with running_product(f"sqlite+aiosqlite:///{path}", admins=frozenset()) as running:
            yield running

    async def test_it_is_said_kindly_that_nobody_is_there(self, product: Product) -> None:
        for language in ("en", "ru"):
            user = product.newcomer(language)
            for words in ("/support", "/support me"):
                await user.say(words)
                assert user.last.text == user.words("support-nobody", id=str(user.id))
                assert await user.state() is None
