"""A richer version is shown, and made only when it is taken."""

import pytest

from sandbox.fal.language_model import ModelMood
from tests.handlers.chat import Chat, Product

RICHER = "soft window light"


async def latest(chat: Chat) -> tuple[str, str | None]:
    async with chat.product.database.transaction() as tx:
        found = await tx.generations.latest_of(chat.id)
    assert found is not None
    return found.prompt, found.english


async def test_an_offered_prompt_is_improved_and_taken_once(chat: Chat) -> None:
    await chat.has_model()
    await chat.say("in a café --ar 9:16")
    assert await chat.press("better:ask:") == chat.words("improving")
    shown = await chat.until_said(RICHER)
    assert await chat.generations() == []
    await chat.press("better:take:")
    await chat.forge(shown.data[0], shown.message_id)
    (made,) = await chat.generations()
    assert made in shown.text
    assert await latest(chat) == (made, made)


@pytest.mark.parametrize("prompt", ["в кафе", "в кафе «Пушкинъ» & кино"])
async def test_a_russian_one_is_shown_in_both_languages(product: Product, prompt: str) -> None:
    chat = product.newcomer("ru")
    result = await chat.has_result(await chat.has_model(), prompt=prompt)
    await chat.say("/start")
    await chat.forge(f"better:ask:{result.id}:")
    shown = await chat.until_said(RICHER)
    assert prompt in shown.text
    await chat.press("better:take:")
    own, english = await latest(chat)
    assert own.startswith(prompt)
    assert english is not None
    assert english.startswith("in cafe")
    assert english in shown.text


async def test_it_is_left(chat: Chat) -> None:
    await chat.has_model()
    await chat.say("in a café")
    await chat.press("better:ask:")
    await chat.until_said(RICHER)
    await chat.press("better:leave:")
    assert chat.last.text == chat.words("offer-left")
    assert await chat.generations() == []


async def test_a_model_that_does_not_help_says_so(chat: Chat) -> None:
    fal = chat.product.sandbox.state.fal
    fal.scenario = fal.scenario.model_copy(update={"language_model": ModelMood.BAD_JSON})
    await chat.has_model()
    await chat.say("in a café")
    await chat.press("better:ask:")
    await chat.until_said(chat.words("improve-failed"))
    fal.scenario = fal.scenario.model_copy(update={"language_model": ModelMood.WORKS})


async def test_a_refused_prompt_is_not_improved(chat: Chat) -> None:
    await chat.has_model()
    await chat.say("naked on the beach")
    await chat.press("better:ask:")
    await chat.until_said(chat.words("failure-refused_sexual"))


async def test_nobody_improves_the_result_of_another(chat: Chat, stranger: Chat) -> None:
    result = await chat.has_result(await chat.has_model(), prompt="in Paris")
    await stranger.say("/start")
    toast = await stranger.forge(f"better:ask:{result.id}:")
    assert toast == stranger.words("error-not-found")


async def test_a_message_without_the_words_makes_nothing(chat: Chat) -> None:
    result = await chat.has_result(await chat.has_model(), prompt="in Paris")
    await chat.say("/start")
    toast = await chat.forge(f"better:take:{result.id}:")
    assert toast == chat.words("error-stale-button")
    assert await chat.generations() == ["in Paris"]
