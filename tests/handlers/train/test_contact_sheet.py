"""Looking over the photos, and removing some by their numbers."""

from typing import Any

import pytest

from services.domain.vocabulary import Language
from tests.handlers.chat import Chat, Product


async def numbers_left(chat: Chat) -> list[int]:
    draft = await chat.draft()
    assert draft is not None
    async with chat.product.database.transaction() as tx:
        return [photo.number for photo in await tx.photos.all_of(draft.id)]


async def at_photos(chat: Chat, photos: int = 5) -> str:
    draft = await chat.has_draft(photos)
    await chat.say("/start")
    await chat.forge(f"draft-left:continue:{draft.id}")
    return draft.id


@pytest.mark.parametrize("request_", ["remove 2, 4", "убрать 2 и 4"])
@pytest.mark.parametrize("language", list(Language))
async def test_photos_are_removed_by_number_in_either_language(
    product: Product, language: Language, request_: str
) -> None:
    chat = product.newcomer(language.value)
    await chat.say("/start")
    await at_photos(chat)
    await chat.say(request_)
    assert await numbers_left(chat) == [1, 3, 5]
    assert chat.words("numbers-removed", numbers="2, 4", count=2) in chat.texts


async def test_removing_the_last_photos_says_that_none_are_left(chat: Chat) -> None:
    await at_photos(chat, photos=2)
    await chat.say("remove 1-2")
    assert chat.words("photos-removed") in chat.texts
    assert await numbers_left(chat) == []


async def test_a_number_that_is_not_there_removes_nothing(chat: Chat) -> None:
    await at_photos(chat)
    await chat.say("remove 2, 9")
    assert chat.words("error-unknown-photos", numbers="9", count=1) in chat.texts
    assert await numbers_left(chat) == [1, 2, 3, 4, 5]


async def test_bare_numbers_are_no_request_to_remove(chat: Chat) -> None:
    await at_photos(chat)
    await chat.say("2, 4")
    assert chat.words("expects-photos") in chat.texts
    assert await numbers_left(chat) == [1, 2, 3, 4, 5]


async def test_nothing_is_removed_outside_of_the_photo_step(chat: Chat) -> None:
    await at_photos(chat)
    await chat.say("/cancel")
    await chat.say("remove 2")
    assert await numbers_left(chat) == [1, 2, 3, 4, 5]


async def test_the_sheet_is_sent_as_a_picture(chat: Chat) -> None:
    training_id = await at_photos(chat)
    toast = await chat.forge(f"photos:{training_id}:show")
    assert toast == chat.words("sheet-is-made")
    await chat.until(lambda: any(said.is_picture for said in chat.messages))


@pytest.mark.parametrize("missing", ["name", "subject"])
async def test_the_sheet_is_sent_while_an_earlier_question_is_asked(
    chat: Chat, missing: str
) -> None:
    unanswered: dict[str, Any] = {missing: None}
    draft = await chat.has_draft(**unanswered)
    await chat.say("/start")
    await chat.forge(f"draft-left:continue:{draft.id}")
    toast = await chat.forge(f"photos:{draft.id}:show")
    assert toast == chat.words("sheet-is-made")
    await chat.until(lambda: any(said.is_picture for said in chat.messages))


async def test_the_sheet_of_a_stranger_is_not_shown(chat: Chat, stranger: Chat) -> None:
    await at_photos(stranger)
    training_id = await at_photos(chat)
    assert await stranger.forge(f"photos:{training_id}:show") == stranger.words("error-not-found")
