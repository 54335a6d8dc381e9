"""The panel: where it opens, what it remembers, and what it makes."""

import pytest

from handlers.generate.states import GenerateForm
from services.domain.values import Place, User
from tests.handlers.chat import Chat, Product


async def user_of(chat: Chat) -> User:
    async with chat.product.database.transaction() as tx:
        user = await tx.users.get(chat.id)
    assert user is not None
    return user


async def test_a_choice_is_remembered_and_shown_in_place(chat: Chat) -> None:
    await chat.has_model()
    await chat.say("/start")
    await chat.forge("panel:")
    shown = chat.last
    await chat.forge("opt|count|3|0|")
    assert (await user_of(chat)).picture_count == 3
    assert chat.last.message_id == shown.message_id
    assert chat.words("panel-count", count=3) in chat.last.text


async def test_a_choice_on_the_panel_asks_for_no_prompt(chat: Chat) -> None:
    await chat.has_model()
    await chat.say("/start")
    await chat.forge("opt|count|3|0|")
    assert await chat.state() is None


async def test_a_choice_under_the_question_opens_it_again(chat: Chat) -> None:
    await chat.has_model()
    await chat.say("/start")
    await chat.forge("opt|count|3|1|")
    assert await chat.state() == GenerateForm.prompt.state
    assert chat.last.text.startswith(chat.words("ask-prompt", model="Anna"))


async def test_a_choice_does_not_leave_another_question(chat: Chat) -> None:
    await chat.has_model()
    await chat.say("/train")
    before = await chat.state()
    await chat.forge("opt|count|3|1|")
    assert await chat.state() == before


async def test_a_value_that_nobody_offers_is_refused(chat: Chat) -> None:
    await chat.has_model()
    await chat.say("/start")
    assert await chat.forge("opt|count|9|0|") == chat.words("error-stale-button")
    assert (await user_of(chat)).picture_count == 1


async def test_without_a_model_there_is_no_panel(chat: Chat) -> None:
    await chat.say("/start")
    assert await chat.forge("panel:") == chat.words("error-no-model-yet")


async def test_the_panel_of_a_result_makes_its_prompt_again(chat: Chat) -> None:
    result = await chat.has_result(await chat.has_model(), prompt="in Paris")
    await chat.say("/start")
    await chat.forge(f"panel:{result.id}")
    await chat.press("make:")
    assert await chat.generations() == ["in Paris", "in Paris"]


async def test_the_result_of_a_stranger_has_no_panel(chat: Chat, stranger: Chat) -> None:
    result = await chat.has_result(await chat.has_model())
    await stranger.has_model()
    await stranger.say("/start")
    for data in (f"panel:{result.id}", f"make:{result.id}"):
        assert await stranger.forge(data) == stranger.words("error-not-found"), data
    assert await stranger.generations() == []


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_a_second_person_is_added_and_taken_away_again(
    product: Product, language: str
) -> None:
    chat = product.newcomer(language)
    bob = await chat.has_model(active=False)
    anna = await chat.has_model()
    await chat.say("/generate")
    await chat.forge(f"use:{anna.id}:1")
    assert chat.words("panel-button-second") in [label for label, _ in chat.last.buttons]
    shown = chat.last.message_id
    await chat.press("second:list")
    assert chat.last.text == chat.words("ask-second")
    await chat.press("second:back")
    assert chat.last.text.startswith(chat.words("ask-prompt", model=anna.name))
    await chat.press("second:list")
    await chat.press("second:add")
    assert chat.last.message_id == shown
    assert chat.words("panel-second-honest") in chat.last.text
    assert await chat.state() == GenerateForm.prompt.state
    user = await user_of(chat)
    assert (user.second_of, user.second_id) == (anna.id, bob.id)
    await chat.press("second:leave")
    assert chat.words("panel-second-honest") not in chat.last.text
    assert (await user_of(chat)).second_id is None


async def test_who_can_no_more_be_the_second_person_is_said_and_not_left_out_unasked(
    chat: Chat,
) -> None:
    bob, anna = await chat.has_model(active=False), await chat.has_model()
    await chat.say("/generate")
    await chat.forge(f"use:{anna.id}:1")
    await chat.forge(f"second:add:1:{bob.id}")
    await chat.product.api.models.delete(chat.id, bob.id, Place(chat.id))
    await chat.say("two friends")
    assert chat.texts[-1] == chat.words("error-second-unfit")
    await chat.say("/generate")
    assert chat.words("panel-second-lost") in chat.last.text
    assert await chat.forge(f"second:add:1:{bob.id}") == chat.words("error-stale-button")


async def test_an_old_button_asks_for_no_second_person_where_nobody_can_be_one(
    chat: Chat,
) -> None:
    bob, anna = await chat.has_model(active=False), await chat.has_model()
    await chat.say("/generate")
    await chat.forge(f"use:{anna.id}:1")
    await chat.product.api.models.delete(chat.id, bob.id, Place(chat.id))
    shown = chat.last.text
    assert await chat.press("second:list") == chat.words("error-stale-button")
    assert chat.last.text == shown


async def test_with_one_model_nobody_can_be_added(chat: Chat) -> None:
    await chat.has_model()
    await chat.say("/generate")
    assert not chat.last.has("second:")
