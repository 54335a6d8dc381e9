"""The gallery: leafing, searching, liking, deleting."""

import pytest

from handlers.gallery.states import GalleryForm
from tests.handlers.chat import Chat


async def with_pictures(chat: Chat, *prompts: str) -> list[str]:
    """Give the person one picture for each prompt, the newest last; return the results' ids."""
    model = await chat.has_model()
    return [(await chat.has_sent_result(model, prompt=prompt)).id for prompt in prompts]


async def count_of(chat: Chat) -> int:
    async with chat.product.database.transaction() as tx:
        (model,) = await tx.models.all_of(chat.id)
        return await tx.pictures.count_of_model(model.id)


def button(chat: Chat, action: str) -> str:
    return next(data for data in chat.last.data if data.startswith(f"gal:{action}:"))


async def test_an_empty_gallery_says_so(chat: Chat) -> None:
    await chat.say("/gallery")
    assert chat.last.text == chat.words("gallery-empty")


async def test_the_gallery_opens_at_the_newest_picture(chat: Chat) -> None:
    await with_pictures(chat, "in Paris", "in Rome")
    await chat.say("/gallery")
    assert chat.last.text.startswith("in Rome")


async def test_a_picture_of_the_gallery_is_enlarged(chat: Chat) -> None:
    await with_pictures(chat, "in Paris")
    await chat.say("/gallery")
    (button,) = [one for one in chat.last.data if one.startswith("pic:large:")]
    await chat.press(button)
    async with chat.product.database.transaction() as tx:
        assert await tx.enlargements.latest_of(button.rpartition(":")[2]) is not None


async def test_the_menu_opens_it_in_a_new_message(chat: Chat) -> None:
    await with_pictures(chat, "in Paris")
    await chat.say("/start")
    greeting = chat.last
    await chat.press("menu:gallery")
    assert chat.last.text.startswith("in Paris")
    assert greeting in chat.messages


async def test_older_and_newer_turn_the_page(chat: Chat) -> None:
    await with_pictures(chat, "in Paris", "in Rome")
    await chat.say("/gallery")
    await chat.press("gal:older:")
    assert chat.last.text.startswith("in Paris")
    await chat.press("gal:newer:")
    assert chat.last.text.startswith("in Rome")


async def test_words_after_the_command_are_looked_for(chat: Chat) -> None:
    await with_pictures(chat, "in Paris", "in Rome")
    await chat.say("/gallery paris")
    assert chat.last.text.startswith("in Paris")


async def test_words_that_find_nothing_are_named(chat: Chat) -> None:
    await with_pictures(chat, "in Paris")
    await chat.say("/gallery moon")
    assert chat.last.text == chat.words("gallery-nothing-found", words="moon")


async def test_search_asks_for_words_and_shows_what_they_find(chat: Chat) -> None:
    await with_pictures(chat, "in Paris", "in Rome")
    await chat.say("/gallery")
    await chat.press("gal:search:")
    assert await chat.state() == GalleryForm.words.state
    await chat.say("paris")
    assert chat.last.text.startswith("in Paris")
    assert await chat.state() is None


async def test_a_command_is_nothing_to_look_for(chat: Chat) -> None:
    await with_pictures(chat, "in Paris")
    await chat.say("/gallery")
    await chat.press("gal:search:")
    await chat.say("/nonsense")
    assert chat.last.text == chat.words("expects-search")


async def test_back_from_the_search_shows_the_gallery(chat: Chat) -> None:
    await with_pictures(chat, "in Paris")
    await chat.say("/gallery")
    await chat.press("gal:search:")
    await chat.press("go:back")
    assert chat.last.text.startswith("in Paris")
    assert await chat.state() is None


async def test_a_picture_is_liked_where_it_is_shown(chat: Chat) -> None:
    await with_pictures(chat, "in Paris")
    await chat.say("/gallery")
    assert await chat.press("gal:like:") == chat.words("picture-liked")
    assert chat.last.has("gal:unlike:")
    assert await chat.press("gal:unlike:") == chat.words("picture-unliked")
    assert chat.last.has("gal:like:")


async def test_send_sends_the_picture_once_more(chat: Chat) -> None:
    await with_pictures(chat, "in Paris")
    await chat.say("/gallery")
    said = len(chat.messages)
    await chat.press("gal:send:")
    assert len(chat.messages) == said + 1
    assert "in Paris" in chat.last.text


async def test_delete_asks_first_and_can_be_left(chat: Chat) -> None:
    await with_pictures(chat, "in Paris")
    await chat.say("/gallery")
    await chat.press("gal:ask:")
    assert chat.last.text == chat.words("gallery-delete-ask")
    await chat.press("gal:show:")
    assert chat.last.text.startswith("in Paris")
    assert await count_of(chat) == 1


async def test_delete_shows_the_neighbour_and_a_second_tap_deletes_nothing(chat: Chat) -> None:
    await with_pictures(chat, "in Paris", "in Rome")
    await chat.say("/gallery")
    await chat.press("gal:ask:")
    sure = button(chat, "delete")
    assert await chat.forge(sure) == chat.words("gallery-deleted")
    assert chat.last.text.startswith("in Paris")
    await chat.forge(sure)
    assert await count_of(chat) == 1


@pytest.mark.parametrize("action", ["show", "like", "unlike", "send", "ask", "delete", "older"])
async def test_nobody_elses_pictures_are_shown(chat: Chat, stranger: Chat, action: str) -> None:
    (result_id,) = await with_pictures(chat, "in Paris")
    await stranger.say("/start")
    toast = await stranger.forge(f"gal:{action}:{result_id}:1::0:")
    assert toast == stranger.words("error-not-found")
    assert await count_of(chat) == 1
