"""What the chat shows of a generation by itself."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from handlers.generate.delivery import Delivery
from handlers.generate.live import GenerateLive
from handlers.telegram.outgoing import Outgoing
from services.domain.states import GenerationState
from services.domain.vocabulary import Purpose
from services.generation.views import GenerationViews
from services.health import Health
from services.jobs.nursery import Nursery
from services.users.reach import Reach
from tests.handlers.chat import Chat


@asynccontextmanager
async def live_for(chat: Chat) -> AsyncIterator[GenerateLive]:
    product = chat.product
    async with Nursery() as nursery:
        outgoing = Outgoing(product.bot, Reach(product.database), nursery, Health("Telegram"))
        views = GenerationViews(product.database)
        pictures = product.dispatcher.workflow_data["pictures"]
        yield GenerateLive(outgoing, views, Delivery(outgoing, views, pictures))


async def asked(chat: Chat, purpose: Purpose = Purpose.ASKED, pack: str | None = None) -> str:
    model = await chat.has_model()
    await chat.say("/start")
    row = await chat.has_result(
        model, prompt="in Paris", state=GenerationState.QUEUED, purpose=purpose, pack=pack
    )
    return row.id


async def test_a_generation_under_way_is_shown_in_one_message(chat: Chat) -> None:
    generation_id = await asked(chat)
    before = len(chat.messages)
    async with live_for(chat) as live:
        await live._show_status(generation_id)
        await live._show_status(generation_id)
        assert len(chat.messages) == before + 1
        assert "in Paris" in chat.last.text


async def test_what_a_group_has_called_for_is_shown_nowhere_before_it_is_there(
    chat: Chat,
) -> None:
    model = await chat.has_model()
    await chat.say("/start")
    row = await chat.has_result(model, state=GenerationState.QUEUED, call_chat_id=-1)
    before = chat.messages
    async with live_for(chat) as live:
        await live._show_status(row.id)
        await live.generation_settled(row.id)
    assert chat.messages == before


async def test_its_message_goes_when_it_is_settled(chat: Chat) -> None:
    generation_id = await asked(chat)
    before = chat.messages
    async with live_for(chat) as live:
        await live._show_status(generation_id)
        await live.generation_settled(generation_id)
    assert chat.messages == before


async def test_of_a_first_picture_nothing_is_shown_before_it_is_there(chat: Chat) -> None:
    generation_id = await asked(chat, Purpose.PREVIEW)
    before = chat.messages
    async with live_for(chat) as live:
        await live._show_status(generation_id)
        await live.generation_in_doubt(generation_id)
    assert chat.messages == before


async def test_a_doubt_about_a_picture_that_was_asked_for_is_told(chat: Chat) -> None:
    generation_id = await asked(chat)
    before = len(chat.messages)
    async with live_for(chat) as live:
        await live.generation_in_doubt(generation_id)
    assert len(chat.messages) == before + 1


async def test_the_first_of_a_pack_speaks_for_all_of_it(chat: Chat) -> None:
    pack = f"pack-{chat.id}"
    first, second = await asked(chat, pack=pack), await asked(chat, pack=pack)
    before = len(chat.messages)
    async with live_for(chat) as live:
        await live._show_status(second)
        assert len(chat.messages) == before
        await live._show_status(first)
        assert len(chat.messages) == before + 1


async def test_of_what_was_deleted_nothing_is_shown(chat: Chat) -> None:
    await chat.say("/start")
    before = chat.messages
    async with live_for(chat) as live:
        await live._show_status("gone")
        await live.generation_ended("gone")
        await live.generation_in_doubt("gone")
        await live.generation_settled("gone")
    assert chat.messages == before
