"""The questions of /generate, as other places ask them too."""

from handlers.generate.states import GenerateForm
from tests.handlers.chat import Chat


async def test_the_menu_asks_as_the_command_does(chat: Chat) -> None:
    await chat.has_model()
    await chat.say("/start")
    await chat.press("menu:generate")
    assert await chat.state() == GenerateForm.prompt.state
    assert chat.last.text.startswith(chat.words("ask-prompt", model="Anna"))


async def test_a_model_used_from_its_message_is_asked_for_a_prompt(chat: Chat) -> None:
    older = await chat.has_model()
    await chat.has_model()
    await chat.say("/start")
    await chat.forge(f"use:{older.id}:1")
    assert await chat.state() == GenerateForm.prompt.state


async def test_a_question_that_cannot_be_asked_opens_no_dialogue(chat: Chat) -> None:
    await chat.say("/start")
    assert await chat.forge("menu:generate") == chat.words("error-no-model-yet")
    assert await chat.state() is None
