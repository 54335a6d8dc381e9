"""The buttons under pictures."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from handlers.generate.states import GenerateForm
from sandbox.fal.language_model import ModelMood
from services.domain.values import Picture
from tests.handlers.chat import Chat, Product, Said


async def with_result(chat: Chat, count: int = 1) -> str:
    """Give the person a result whose buttons are under the greeting, and return its id."""
    result = await chat.has_result(await chat.has_model(), count, prompt="in Paris")
    await chat.say("/start")
    return result.id


async def pictures_of(chat: Chat, result_id: str) -> list[Picture]:
    async with chat.product.database.transaction() as tx:
        return list(await tx.pictures.all_of(result_id))


def said_under(chat: Chat, message_id: int) -> Said:
    return next(said for said in chat.messages if said.message_id == message_id)


async def test_again_orders_the_same_prompt(chat: Chat) -> None:
    result_id = await with_result(chat)
    await chat.forge(f"res:again:{result_id}")
    assert await chat.generations() == ["in Paris", "in Paris"]


async def test_a_variation_is_asked_for_and_made_of_the_next_text(chat: Chat) -> None:
    result_id = await with_result(chat)
    await chat.forge(f"res:vary:{result_id}")
    assert await chat.state() == GenerateForm.variation.state
    assert "in Paris" in chat.last.text
    await chat.say("in Rome")
    assert await chat.generations() == ["in Paris", "in Rome"]
    assert await chat.state() is None


async def test_a_variation_that_is_too_long_is_asked_for_again(chat: Chat) -> None:
    result_id = await with_result(chat)
    await chat.forge(f"res:vary:{result_id}")
    await chat.say("x" * 901)
    assert await chat.state() == GenerateForm.variation.state
    await chat.say("in Rome")
    assert await chat.generations() == ["in Paris", "in Rome"]


async def test_a_command_is_no_variation(chat: Chat) -> None:
    result_id = await with_result(chat)
    await chat.forge(f"res:vary:{result_id}")
    await chat.say("/nonsense")
    assert chat.last.text == chat.words("expects-prompt")
    assert await chat.generations() == ["in Paris"]


async def test_a_picture_is_liked_and_a_second_tap_changes_nothing(chat: Chat) -> None:
    result_id = await with_result(chat)
    (picture,) = await pictures_of(chat, result_id)
    for _ in range(2):
        toast = await chat.forge(f"pic:like:{picture.id}")
        assert toast == chat.words("picture-liked")
        assert (await pictures_of(chat, result_id))[0].is_favourite
    assert await chat.forge(f"pic:unlike:{picture.id}") == chat.words("picture-unliked")
    assert not (await pictures_of(chat, result_id))[0].is_favourite


@pytest.mark.parametrize(
    ("action", "button"), [("full", "pic:full"), ("fav", "pic:like"), ("cover", "pic:cover")]
)
async def test_an_album_is_asked_which_picture_is_meant(
    chat: Chat, action: str, button: str
) -> None:
    result_id = await with_result(chat, count=3)
    toast = await chat.forge(f"res:{action}:{result_id}")
    assert toast == chat.words("which-picture")
    assert sum(data.startswith(button) for data in chat.last.data) == 3


async def test_back_shows_the_first_buttons_again(chat: Chat) -> None:
    result_id = await with_result(chat)
    await chat.forge(f"res:more:{result_id}")
    assert chat.last.has("res:details")
    await chat.press("res:back:")
    assert chat.last.has("res:vary")
    assert not chat.last.has("res:details")


async def test_details_tell_prompt_and_seed(chat: Chat) -> None:
    result_id = await with_result(chat)
    await chat.forge(f"res:details:{result_id}")
    assert "in Paris" in chat.last.text
    assert chat.words("details-seed", seed="7") in chat.last.text


async def test_a_picture_becomes_the_cover_of_its_model(chat: Chat) -> None:
    result_id = await with_result(chat)
    (picture,) = await pictures_of(chat, result_id)
    async with chat.product.database.transaction() as tx:
        await tx.pictures.note_sent(picture.id, "telegrams-file", None)
    toast = await chat.forge(f"pic:cover:{picture.id}")
    assert toast == chat.words("cover-made", name="Anna")
    async with chat.product.database.transaction() as tx:
        model = await tx.models.active_of(chat.id)
    assert model is not None
    assert model.cover_file_id == "telegrams-file"


async def test_nobody_elses_result_or_picture_answers(chat: Chat, stranger: Chat) -> None:
    result_id = await with_result(chat)
    (picture,) = await pictures_of(chat, result_id)
    await stranger.has_model()
    await stranger.say("/start")
    actions = ("again", "vary", "full", "fav", "cover", "back", "resend", "more", "details")
    presses = [f"res:{action}:{result_id}" for action in actions]
    presses += [f"pic:{action}:{picture.id}" for action in ("full", "like", "unlike", "cover")]
    for data in presses:
        assert await stranger.forge(data) == stranger.words("error-not-found"), data
    assert not (await pictures_of(chat, result_id))[0].is_favourite
    assert await stranger.state() is None


async def test_what_was_sent_already_is_not_tried_again(chat: Chat) -> None:
    result_id = await with_result(chat)
    (picture,) = await pictures_of(chat, result_id)
    async with chat.product.database.transaction() as tx:
        await tx.pictures.note_sent(picture.id, "telegrams-file", None)
    assert await chat.forge(f"res:resend:{result_id}") == ""


@pytest_asyncio.fixture(loop_scope="session")
async def russian(product: Product) -> AsyncIterator[Chat]:
    """The chat of a person who speaks Russian and has a model, while no prompt can be worded."""
    fal = product.sandbox.state.fal
    fal.scenario = fal.scenario.model_copy(update={"language_model": ModelMood.BAD_JSON})
    chat = product.newcomer("ru")
    await chat.say("/start")
    await chat.has_model()
    yield chat
    fal.scenario = fal.scenario.model_copy(update={"language_model": ModelMood.WORKS})


async def test_a_prompt_that_cannot_be_worded_is_sent_as_it_is_once(russian: Chat) -> None:
    await russian.say("/generate в кафе")
    asked = await russian.until_said(russian.words("failure-not_english"))
    assert [label for label, _ in asked.buttons] == [
        russian.words("send-as-it-is"),
        russian.words("write-in-english"),
    ]
    await russian.press("res:asis:")
    assert not said_under(russian, asked.message_id).buttons
    await russian.forge(asked.data[0], asked.message_id)
    assert await russian.generations() == ["в кафе", "в кафе"]
    async with russian.product.database.transaction() as tx:
        latest = await tx.generations.latest_of(russian.id)
    assert latest is not None
    assert latest.english == "в кафе"


async def test_a_prompt_that_cannot_be_worded_is_written_in_english(russian: Chat) -> None:
    await russian.say("/generate в кафе")
    await russian.until_said(russian.words("failure-not_english"))
    await russian.press("res:english:")
    assert russian.last.text == russian.words("ask-english")
    assert await russian.state() == GenerateForm.variation.state
    await russian.say("in a café")
    assert await russian.generations() == ["в кафе", "in a café"]


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_a_refusal_is_kind_and_offers_another_prompt(
    product: Product, language: str
) -> None:
    chat = product.newcomer(language)
    await chat.say("/start")
    await chat.has_model()
    await chat.say("/generate голая на пляже")
    said = await chat.until_said(chat.words("failure-refused_sexual"))
    assert said.data == ["menu:generate"]


async def test_the_details_show_the_english_and_the_caption_does_not(chat: Chat) -> None:
    model = await chat.has_model()
    words: dict[str, Any] = {"prompt": "в кафе «Пушкинъ»", "english": "in a café «Пушкинъ»"}
    result = await chat.has_result(model, **words)
    await chat.say("/start")
    await chat.forge(f"res:details:{result.id}")
    assert "in a café «Пушкинъ»" in chat.last.text
    assert chat.words("details-english") in chat.last.text
    same = await chat.has_result(model, prompt="in Rome", english="in Rome", origin="message:1:2")
    await chat.forge(f"res:details:{same.id}")
    assert chat.words("details-english") not in chat.last.text
