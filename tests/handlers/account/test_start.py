"""/start and the language."""

from services.domain.vocabulary import Language
from tests.handlers.chat import Chat, Product


async def test_start_greets_in_the_language_of_the_client(product: Product) -> None:
    for language in Language:
        chat = product.newcomer(language.value)
        await chat.say("/start")
        assert chat.last.text == chat.words("start", min=5, max=20)


async def test_start_leaves_any_dialogue(chat: Chat) -> None:
    await chat.say("/train")
    await chat.say("/start")
    assert await chat.state() is None


async def test_the_language_is_chosen_and_kept(chat: Chat) -> None:
    await chat.say("/language")
    assert chat.last.text == chat.words("choose-language")
    toast = await chat.press("lang:", "ru")
    chat.language = Language.RU
    assert toast == chat.words("language-chosen")
    assert chat.last.text == chat.words("start", min=5, max=20)
    await chat.say("/cancel")
    assert chat.last.text == chat.words("nothing-to-leave")


async def test_a_language_that_is_not_spoken_is_an_old_button(chat: Chat) -> None:
    await chat.say("/language")
    assert await chat.forge("lang:xx") == chat.words("error-stale-button")
