"""One tap rates a picture, and after a dislike one more says what was missing."""

from services.domain.vocabulary import Missing
from tests.handlers.chat import Chat


async def test_a_dislike_asks_what_was_missing_and_goes_back(chat: Chat) -> None:
    result = await chat.has_result(await chat.has_model())
    await chat.say("/start")
    async with chat.product.database.transaction() as tx:
        (picture,) = await tx.pictures.all_of(result.id)
    toast = await chat.forge(f"pic:bad:{picture.id}")
    assert toast == chat.words("what-was-missing")
    assert await chat.forge(f"lack:hands:{picture.id}") == chat.words("rated")
    async with chat.product.database.transaction() as tx:
        rating = await tx.ratings.get(picture.id)
    assert rating is not None
    assert (rating.is_good, rating.missing) == (False, Missing.HANDS)
    assert await chat.forge(f"pic:good:{picture.id}") == chat.words("rated")
    assert await chat.forge(f"lack:hands:{picture.id}") == chat.words("error-stale-button")


async def test_a_stranger_rates_nothing(chat: Chat, stranger: Chat) -> None:
    result = await chat.has_result(await chat.has_model())
    async with chat.product.database.transaction() as tx:
        (picture,) = await tx.pictures.all_of(result.id)
    await stranger.say("/start")
    for data in (f"pic:bad:{picture.id}", f"lack:face:{picture.id}"):
        assert await stranger.forge(data) == stranger.words("error-not-found"), data
