"""The list of models, and the buttons of a card."""

import pytest

from handlers.models.states import ModelForm
from services.domain.values import Model
from tests.handlers.chat import Chat


async def models_of(chat: Chat) -> list[Model]:
    async with chat.product.database.transaction() as tx:
        return list(await tx.models.all_of(chat.id))


async def test_without_a_model_the_list_leads_to_the_training(chat: Chat) -> None:
    await chat.say("/models")
    assert chat.last.text == chat.words("models-none")
    assert chat.last.has("menu:train")


async def test_a_card_opens_from_the_list_and_leads_back_to_it(chat: Chat) -> None:
    model = await chat.has_model()
    await chat.say("/models")
    listed = chat.last
    await chat.press(f"model:{model.id}:card")
    assert model.trigger_word in chat.last.text
    assert chat.last.has(f"model:{model.id}:del")
    await chat.press(f"model:{model.id}:list")
    assert chat.last == listed


async def test_use_makes_another_model_active(chat: Chat) -> None:
    older = await chat.has_model()
    await chat.has_model()
    await chat.say("/start")
    toast = await chat.forge(f"use:{older.id}:0")
    assert toast == chat.words("model-activated", name="Anna")
    assert [model.id for model in await models_of(chat) if model.active] == [older.id]
    assert await chat.state() is None


async def test_a_model_gets_another_name(chat: Chat) -> None:
    model = await chat.has_model()
    await chat.say("/start")
    await chat.forge(f"model:{model.id}:name")
    assert await chat.state() == ModelForm.name.state
    await chat.say("Bella")
    assert (await models_of(chat))[0].name == "Bella"
    assert "Bella" in chat.last.text
    assert await chat.state() is None


async def test_a_name_that_is_too_long_is_asked_for_again(chat: Chat) -> None:
    model = await chat.has_model()
    await chat.say("/start")
    await chat.forge(f"model:{model.id}:name")
    await chat.say("n" * 41)
    assert chat.last.text == chat.words("error-invalid-name", max=40)
    assert await chat.state() == ModelForm.name.state
    await chat.say("/nonsense")
    assert chat.last.text == chat.words("expects-name")
    assert (await models_of(chat))[0].name == "Anna"


@pytest.mark.parametrize("way", ["go:back", "go:cancel", "/cancel"])
async def test_the_ways_out_leave_the_name_as_it_is(chat: Chat, way: str) -> None:
    model = await chat.has_model()
    await chat.say("/start")
    await chat.forge(f"model:{model.id}:name")
    if way.startswith("/"):
        await chat.say(way)
    else:
        await chat.press(way)
    assert await chat.state() is None
    assert (await models_of(chat))[0].name == "Anna"
    assert chat.last.has(f"model:{model.id}:name") is (way == "go:back")


async def test_the_weights_are_told(chat: Chat) -> None:
    model = await chat.has_model()
    await chat.say("/start")
    await chat.forge(f"model:{model.id}:file")
    assert model.lora_url in chat.last.text


async def test_delete_asks_before_it_deletes(chat: Chat) -> None:
    model = await chat.has_model()
    await chat.say("/start")
    await chat.forge(f"model:{model.id}:del")
    assert len(await models_of(chat)) == 1
    await chat.press("model:", ":sure")
    assert await models_of(chat) == []
    assert chat.words("model-deleted", name="Anna") in chat.last.text
    assert chat.words("models-none") in chat.last.text


async def test_a_second_tap_on_delete_finds_nothing(chat: Chat) -> None:
    model, other = await chat.has_model(), await chat.has_model()
    await chat.say("/start")
    await chat.forge(f"model:{model.id}:sure")
    assert await chat.forge(f"model:{model.id}:sure") == chat.words("error-not-found")
    assert [model.id for model in await models_of(chat)] == [other.id]


async def test_nobody_elses_model_answers(chat: Chat, stranger: Chat) -> None:
    model = await chat.has_model()
    await stranger.say("/start")
    presses = [f"model:{model.id}:{action}" for action in ("card", "name", "file", "del", "sure")]
    for data in (*presses, f"use:{model.id}:0"):
        assert await stranger.forge(data) == stranger.words("error-not-found"), data
    assert len(await models_of(chat)) == 1
    assert await stranger.state() is None


async def test_a_model_deleted_while_its_name_is_asked_for_is_not_found(chat: Chat) -> None:
    model = await chat.has_model()
    await chat.say("/start")
    await chat.forge(f"model:{model.id}:name")
    await chat.forge(f"model:{model.id}:sure")
    await chat.say("Bella")
    assert chat.last.text == chat.words("error-not-found")
