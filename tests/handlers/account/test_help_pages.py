"""/help: its pages in place."""

import pytest

from handlers.account.callbacks import HelpTopic
from tests.handlers.chat import Chat


@pytest.mark.parametrize("topic", [one for one in HelpTopic if one is not HelpTopic.PRICE])
async def test_a_page_opens_in_place_and_leads_back(chat: Chat, topic: HelpTopic) -> None:
    await chat.say("/help")
    first = chat.last
    await chat.press(f"help:{topic}")
    assert chat.last.message_id == first.message_id
    assert chat.last.text != first.text
    assert "help:" in chat.last.data
    await chat.forge("help:")
    assert chat.last == first


async def test_who_pays_nothing_is_not_asked_about_prices(chat: Chat) -> None:
    await chat.say("/help")
    first = chat.last
    assert "help:price" not in first.data
    await chat.press("help:time")
    await chat.forge("help:price")
    assert chat.last == first


async def test_a_page_that_is_no_more_is_an_old_button(chat: Chat) -> None:
    await chat.say("/help")
    assert await chat.forge("help:nothing") == chat.words("error-stale-button")


async def test_help_leaves_a_dialogue_as_it_is(chat: Chat) -> None:
    await chat.say("/train")
    before = await chat.state()
    await chat.say("/help")
    assert await chat.state() == before


async def test_where_nobody_pays_there_is_no_balance(chat: Chat) -> None:
    await chat.say("/help")
    assert "/balance" not in chat.last.text
    await chat.say("/start")
    assert "menu:balance" not in chat.last.data
    assert await chat.forge("menu:balance") == chat.words("error-stale-button")
