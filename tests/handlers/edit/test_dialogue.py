"""Change…: asked, answered by words or by a tap, left again."""

import pytest

from handlers.edit.states import EditForm
from tests.handlers.chat import Chat, Product


async def picture_of(chat: Chat) -> str:
    """Give the person a picture, show it, and return its id."""
    model = await chat.has_model()
    await chat.has_sent_result(model, prompt="in Paris")
    await chat.say("/gallery")
    (change,) = [one for one in chat.last.data if one.startswith("pic:change:")]
    return change.rpartition(":")[2]


async def edits_of(chat: Chat) -> list[tuple[str, str | None]]:
    """Return words and source of what was ordered, oldest first."""
    async with chat.product.database.transaction() as tx:
        (model,) = await tx.models.all_of(chat.id)
        made = await tx.generations.all_of(model.id)
    return [(one.prompt, one.source_picture_id) for one in made if one.editor is not None]


async def test_words_change_the_picture(chat: Chat) -> None:
    picture_id = await picture_of(chat)
    await chat.press(f"pic:change:{picture_id}")
    assert await chat.state() == EditForm.words.state
    await chat.say("at the sea")
    assert await chat.state() is None
    assert await edits_of(chat) == [("at the sea", picture_id)]


async def test_words_that_say_nothing_leave_the_question_open(chat: Chat) -> None:
    await chat.press(f"pic:change:{await picture_of(chat)}")
    await chat.say("x" * 901)
    assert await chat.state() == EditForm.words.state
    assert await edits_of(chat) == []


async def test_a_tap_changes_it_and_ends_the_question(chat: Chat) -> None:
    picture_id = await picture_of(chat)
    await chat.press(f"pic:change:{picture_id}")
    await chat.press(f"edit:open:{picture_id}:clothes")
    assert f"edit:make:{picture_id}:suit" in chat.last.data
    await chat.press("edit:all:")
    assert f"edit:open:{picture_id}:clothes" in chat.last.data
    await chat.press(f"edit:make:{picture_id}:mono")
    assert await chat.state() is None
    ((_, source),) = await edits_of(chat)
    assert source == picture_id


@pytest.mark.parametrize("way", ["back", "cancel"])
async def test_there_is_a_way_out(chat: Chat, way: str) -> None:
    await chat.press(f"pic:change:{await picture_of(chat)}")
    await chat.press(f"go:{way}:")
    assert await chat.state() is None
    assert await edits_of(chat) == []


async def test_the_picture_of_somebody_else_is_not_changed(product: Product, chat: Chat) -> None:
    picture_id = await picture_of(chat)
    stranger = product.newcomer()
    await stranger.say("/start")
    await stranger.forge(f"pic:change:{picture_id}")
    assert await stranger.state() is None
    await stranger.forge(f"edit:make:{picture_id}:mono")
    assert await edits_of(chat) == []
