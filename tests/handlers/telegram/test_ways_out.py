"""/cancel anywhere, and Back and Cancel under another question."""

import pytest

from tests.handlers.chat import Chat


async def test_cancel_without_a_dialogue_says_that_there_is_none(chat: Chat) -> None:
    await chat.say("/cancel")
    assert chat.last.text == chat.words("nothing-to-leave")
    assert chat.last.has("menu:train")


async def test_cancel_in_a_dialogue_leaves_it(chat: Chat) -> None:
    await chat.has_model()
    await chat.say("/generate")
    await chat.say("/cancel")
    assert chat.last.text == chat.words("cancelled")
    assert await chat.state() is None


@pytest.mark.parametrize("word", ["cancel", "Стоп"])
async def test_cancel_as_a_word_is_no_prompt(chat: Chat, word: str) -> None:
    await chat.has_model()
    await chat.say("/generate")
    await chat.say(word)
    assert chat.last.text == chat.words("cancelled")
    assert await chat.state() is None
    assert await chat.generations() == []


async def test_a_cancel_of_before_is_an_old_button(chat: Chat) -> None:
    await chat.has_model()
    await chat.say("/generate")
    cancel = next(data for data in chat.last.data if data.startswith("go:cancel"))
    await chat.forge(cancel)
    await chat.say("/start")
    assert await chat.forge(cancel) == chat.words("error-stale-button")


async def test_back_under_an_old_question_does_not_leave_another(chat: Chat) -> None:
    await chat.has_model()
    await chat.say("/generate")
    back = next(data for data in chat.last.data if data.startswith("go:back"))
    await chat.say("/train")
    before = await chat.state()
    assert await chat.forge(back) == chat.words("error-stale-button")
    assert await chat.state() == before
