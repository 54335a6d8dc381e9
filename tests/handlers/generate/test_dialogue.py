"""/generate: which model, which prompt, and what becomes of a prompt that is refused."""

import pytest

from handlers.generate.states import GenerateForm
from handlers.telegram.callbacks import ModelAction, ModelButton
from handlers.train.states import TrainForm
from services.domain.states import TrainingState
from services.domain.values import Model
from services.domain.vocabulary import Language
from tests.handlers.chat import Chat, Product
from tests.services import kit


async def active(chat: Chat) -> Model:
    async with chat.product.database.transaction() as tx:
        model = await tx.models.active_of(chat.id)
    assert model is not None
    return model


async def test_without_a_model_there_is_nothing_to_ask(chat: Chat) -> None:
    await chat.say("/generate")
    assert chat.last.text == chat.words("error-no-model-yet")
    assert await chat.state() is None


async def test_one_model_is_asked_for_a_prompt_at_once(chat: Chat) -> None:
    await chat.has_model()
    await chat.say("/generate")
    assert await chat.state() == GenerateForm.prompt.state
    assert chat.last.text.startswith(chat.words("ask-prompt", model="Anna"))


async def test_several_models_are_chosen_from_first(chat: Chat) -> None:
    older, newer = await chat.has_model(), await chat.has_model()
    await chat.say("/generate")
    assert chat.last.text == chat.words("ask-which-model")
    assert await chat.state() == GenerateForm.model.state
    assert (await active(chat)).id == newer.id
    await chat.press(f"use:{older.id}")
    assert (await active(chat)).id == older.id
    assert await chat.state() == GenerateForm.prompt.state


async def test_a_text_is_no_choice_of_a_model(chat: Chat) -> None:
    await chat.has_model()
    await chat.has_model()
    await chat.say("/generate")
    await chat.say("in Paris")
    assert chat.last.text == chat.words("expects-model")
    assert await chat.generations() == []


async def test_without_a_model_a_photo_is_no_answer_to_a_prompt(chat: Chat) -> None:
    await chat.say("/generate in Paris")
    assert chat.last.text == chat.words("error-no-model-yet")
    assert await chat.state() is None
    await chat.send(kit.jpeg())
    assert chat.last.has("draft:agree")


async def test_without_a_model_the_command_leaves_no_other_question(chat: Chat) -> None:
    draft = await chat.has_draft()
    await chat.say("/train")
    await chat.forge(f"draft-left:continue:{draft.id}")
    await chat.say("/generate in Paris")
    assert await chat.state() == TrainForm.photos.state


async def test_a_prompt_is_not_waited_for_once_the_model_is_gone(chat: Chat) -> None:
    model = await chat.has_model()
    await chat.say("/generate")
    await chat.forge(ModelButton(model_id=model.id, action=ModelAction.DELETE_SURE).pack())
    await chat.say("in Paris")
    assert chat.last.text == chat.words("error-no-model-yet")
    assert await chat.state() is None


@pytest.mark.parametrize("language", list(Language))
async def test_before_the_first_model_is_ready_its_training_is_named(
    product: Product, language: Language
) -> None:
    chat = product.newcomer(language.value)
    await chat.has_training(state=TrainingState.ASKING)
    still_training = chat.words("error-still-training", name="Anna")
    for text in ("/generate in Paris", "/generate", "in Paris"):
        await chat.say(text)
        assert chat.last.text == still_training, text
    for data in ("menu:generate", "panel:", "psurprise"):
        assert await chat.forge(data) == still_training


async def test_a_strangers_model_is_not_used(chat: Chat, stranger: Chat) -> None:
    model = await chat.has_model()
    own = await stranger.has_model()
    await stranger.say("/start")
    assert await stranger.forge(f"use:{model.id}:1") == stranger.words("error-not-found")
    assert (await active(stranger)).id == own.id
    assert await stranger.state() is None


async def test_a_prompt_orders_one_picture_and_ends_the_dialogue(chat: Chat) -> None:
    await chat.has_model()
    await chat.say("/generate")
    await chat.say("in Paris")
    assert await chat.generations() == ["in Paris"]
    assert await chat.state() is None


async def test_the_command_takes_the_prompt_with_it(chat: Chat) -> None:
    await chat.has_model()
    await chat.say("/generate in Paris")
    assert await chat.generations() == ["in Paris"]
    assert await chat.state() is None


@pytest.mark.parametrize("command", ["/generate", "/generate in Paris -n 9"])
async def test_a_refused_prompt_is_asked_for_again(chat: Chat, command: str) -> None:
    await chat.has_model()
    await chat.say(command)
    if command == "/generate":
        await chat.say("in Paris -n 9")
    assert "-n" in chat.last.text
    assert await chat.state() == GenerateForm.prompt.state
    await chat.say("in Rome")
    assert await chat.generations() == ["in Rome"]


async def test_a_prompt_that_is_too_long_orders_nothing(chat: Chat) -> None:
    await chat.has_model()
    await chat.say("/generate")
    await chat.say("x" * 901)
    assert chat.last.text == chat.words("error-invalid-prompt", max=900, length=901)
    assert await chat.generations() == []


async def test_options_alone_are_no_prompt(chat: Chat) -> None:
    await chat.has_model()
    await chat.say("/generate --ar 9:16")
    assert chat.last.text == chat.words("error-invalid-prompt", max=900, length=0)
    assert chat.last.text != chat.words("error-invalid-prompt", max=900, length=901)
    assert await chat.generations() == []


async def test_an_unknown_command_is_no_prompt(chat: Chat) -> None:
    await chat.has_model()
    await chat.say("/generate")
    await chat.say("/nonsense")
    assert chat.last.text == chat.words("expects-prompt")
    assert await chat.generations() == []


@pytest.mark.parametrize("way", ["go:back", "go:cancel"])
async def test_the_ways_out_lead_out(chat: Chat, way: str) -> None:
    await chat.has_model()
    await chat.say("/generate")
    await chat.press(way)
    assert await chat.state() is None
    assert chat.last.has("menu:generate")
