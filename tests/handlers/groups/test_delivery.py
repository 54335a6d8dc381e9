"""The picture of a call goes into its group once, or else into the private chat."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from handlers.generate.delivery import Delivery
from handlers.telegram.outgoing import Outgoing
from sandbox.fal.files import Lifecycle
from sandbox.telegram.model import BotIs
from services.domain.states import GenerationState
from services.domain.values import Generation, User
from services.domain.vocabulary import CallEnd, DeliveryProblem, FailureReason, Language
from services.errors import DeliveryFailed
from services.fal.client import FalClient
from services.generation.views import GenerationViews
from services.health import Health
from services.jobs.nursery import Nursery
from services.pictures.service import PictureService
from services.users.reach import Reach
from tests.handlers.chat import Chat, Product
from tests.handlers.groups.conftest import Group
from tests.services.kit import jpeg, keep_result
from texts.reader import Texts


class Desk:
    """Delivers what somebody in a group has called for."""

    def __init__(self, product: Product, fal: FalClient, chat: Chat, group: Group) -> None:
        self.product, self.chat, self.group = product, chat, group
        self.views = GenerationViews(product.database)
        outgoing = Outgoing(product.bot, Reach(product.database), Nursery(), Health("Telegram"))
        pictures = PictureService(product.database, fal)
        self.delivery = Delivery(outgoing, self.views, pictures)

    async def made(self, *, is_there: bool = True, **changes: Any) -> str:  # noqa: ANN401
        call = self.group.groups.write(self.group.id, self.chat.id, "a hat")
        async with self.product.database.transaction() as tx:
            model = await tx.models.active_of(self.chat.id)
        assert model is not None
        files = self.product.sandbox.state.fal.files
        kept = files.add("a.jpg", "image/jpeg", jpeg(3), Lifecycle())
        url = (
            f"{self.product.sandbox.fal_url}/cdn/{kept.path}"
            if is_there
            else "https://v3.fal.media/no"
        )
        urls = [] if "failure" in changes else [url]
        row = {
            "call_chat_id": self.group.id,
            "call_message_id": call.message_id,
            "prompt": "a hat",
            **changes,
        }
        return (await keep_result(self.product.database, model, *urls, **row)).id

    async def deliver(self, generation_id: str) -> None:
        view = await self.views.generation(generation_id)
        assert view is not None
        await self.delivery.send_result(view)

    async def row(self, generation_id: str) -> Generation:
        async with self.product.database.transaction() as tx:
            found = await tx.generations.read(generation_id)
        assert found is not None
        return found

    async def user(self) -> User:
        async with self.product.database.transaction() as tx:
            user = await tx.users.get(self.chat.id)
        assert user is not None
        return user

    def refuse(self, method: str, status: int, words: str, times: int = 1) -> None:
        body: dict[str, Any] = {"ok": False, "error_code": status, "description": words}
        if status == 429:
            body["parameters"] = {"retry_after": 30}
        fault = {"service": "telegram", "match": method, "kind": "status", "status": status}
        self.product.sandbox.state.wire.faults.add({**fault, "body": body, "times": times})


@pytest.fixture
async def desk(open_product: Product, chat: Chat, group: Group) -> AsyncIterator[Desk]:
    sandbox = open_product.sandbox
    async with FalClient(sandbox.config.fal_key, sandbox.fal_url) as fal:
        yield Desk(open_product, fal, chat, group)


CAPTION = Texts(Language.EN).plain("group-caption", name="Ann", prompt="a hat")
CLOSED = Texts(Language.EN).plain("group-closed")


async def test_a_picture_is_sent_once_whatever_is_repeated(desk: Desk) -> None:
    generation_id = await desk.made()
    before = desk.chat.messages
    for _ in range(2):
        await desk.deliver(generation_id)
    assert desk.group.texts == [CAPTION]
    assert desk.chat.messages == before
    assert (await desk.row(generation_id)).call_end is CallEnd.ANSWERED


async def test_the_call_may_be_deleted(desk: Desk) -> None:
    generation_id = await desk.made(call_message_id=10**6)
    await desk.deliver(generation_id)
    (picture,) = desk.group.said
    assert picture.reply_to is None


@pytest.mark.parametrize("bot_is", [BotIs.KICKED, BotIs.MUTED])
async def test_where_the_group_takes_nothing_the_picture_comes_in_private(
    desk: Desk, bot_is: BotIs
) -> None:
    generation_id = await desk.made()
    desk.group.groups.set_bot(desk.group.id, desk.chat.id, bot_is)
    for _ in range(2):
        await desk.deliver(generation_id)
    assert desk.group.said == []
    (picture,) = [said for said in desk.chat.messages if said.is_picture]
    assert CLOSED in picture.text
    assert picture.has("res:again")
    assert (await desk.row(generation_id)).call_end is CallEnd.CLOSED
    assert (await desk.user()).unreachable_since is None


@pytest.mark.parametrize("words", ["TOPIC_CLOSED", "TOPIC_DELETED", "message thread not found"])
async def test_where_the_topic_takes_nothing_the_picture_comes_in_private(
    desk: Desk, words: str
) -> None:
    generation_id = await desk.made()
    desk.refuse("sendPhoto", 400, f"Bad Request: {words}")
    await desk.deliver(generation_id)
    assert desk.group.said == []
    (picture,) = [said for said in desk.chat.messages if said.is_picture]
    assert CLOSED in picture.text
    assert (await desk.row(generation_id)).call_end is CallEnd.CLOSED


async def test_a_group_that_became_a_supergroup_gets_it_there(desk: Desk) -> None:
    basic = desk.group.groups.make("Old friends", desk.chat.id, is_super=False)
    desk.group.id = basic.id
    generation_id = await desk.made()
    new = desk.group.groups.upgrade(basic.id, desk.chat.id)
    # The number of the call is another message's there.
    desk.group.groups.write(new.id, desk.chat.id, "hello")
    await desk.deliver(generation_id)
    desk.group.id = new.id
    (picture,) = desk.group.said
    assert picture.reply_to is None
    assert desk.group.texts == [CAPTION]
    assert not [said for said in desk.chat.messages if said.is_picture]


async def test_a_failure_is_a_word_in_the_group_and_explained_in_private(desk: Desk) -> None:
    failed: dict[str, Any] = {
        "state": GenerationState.FAILED,
        "failure": FailureReason.REFUSED_SEXUAL,
    }
    generation_id = await desk.made(**failed)
    await desk.deliver(generation_id)
    assert desk.group.texts == [desk.chat.words("group-none-made")]
    assert desk.chat.words("failure-refused_sexual") in desk.chat.last.text
    assert (await desk.row(generation_id)).call_end is CallEnd.ANSWERED


async def test_a_failure_is_not_repeated_in_the_group_for_the_private_chat(desk: Desk) -> None:
    failed: dict[str, Any] = {
        "state": GenerationState.FAILED,
        "failure": FailureReason.GENERATOR_FAILED,
    }
    generation_id = await desk.made(**failed)
    await desk.deliver(generation_id)
    # As after a kill before it was noted that the user is told.
    desk.refuse("sendMessage", 429, "Too Many Requests: retry after 30")
    with pytest.raises(DeliveryFailed):
        await desk.deliver(generation_id)
    await desk.deliver(generation_id)
    assert desk.group.texts == [desk.chat.words("group-none-made")]
    assert desk.chat.words("failure-generator_failed") in desk.chat.last.text


async def test_a_picture_that_is_gone_is_named_in_private(desk: Desk) -> None:
    generation_id = await desk.made(is_there=False)
    async with desk.product.database.transaction() as tx:
        (picture,) = await tx.pictures.all_of(generation_id)
        await tx.pictures.note_problem(picture.id, DeliveryProblem.GONE)
    await desk.deliver(generation_id)
    assert desk.group.texts == [desk.chat.words("group-none-made")]
    assert desk.chat.last.has("res:resend")


@pytest.mark.parametrize(("method", "times"), [("sendPhoto", 2), ("getChat", 1)])
async def test_what_a_group_gets_later_it_gets(desk: Desk, method: str, times: int) -> None:
    generation_id = await desk.made()
    # A photo is tried by address, and then uploaded.
    desk.refuse(method, 429, "Too Many Requests: retry after 30", times)
    with pytest.raises(DeliveryFailed):
        await desk.deliver(generation_id)
    assert (await desk.row(generation_id)).call is not None
    await desk.deliver(generation_id)
    assert desk.group.texts == [CAPTION]


async def test_without_a_name_the_prompt_is_there(desk: Desk) -> None:
    desk.refuse("getChat", 400, "Bad Request: chat not found")
    await desk.deliver(await desk.made())
    assert desk.group.texts == ["🎨 a hat"]


@pytest.mark.parametrize("name", ["<b>Ann", "A" * 100, "Ann \u202e", "@ann & co"])
async def test_names_and_prompts_are_plain_text_that_fits(desk: Desk, name: str) -> None:
    telegram = desk.product.sandbox.state.telegram
    telegram.users[desk.chat.id].first_name = name
    await desk.deliver(await desk.made(prompt="<i>hat" + "\U0001f984" * 450))
    (caption,) = desk.group.texts
    assert "<i>hat" in caption
    assert "\u202e" not in caption
    assert name[:3] in caption
    assert len(caption.encode("utf-16-le")) // 2 <= 1024
