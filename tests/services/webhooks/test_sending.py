"""A message is tried until it arrives, is given up, or nobody wants it."""

from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from db import tables
from db.database import Database
from services.domain.clock import now
from services.domain.webhooks import AddressNews, Webhook
from services.errors import BadWebhookAddress, DeliveryFailed, NotFound
from services.jobs.lanes import Lane
from services.webhooks.leaving import leave_event
from services.webhooks.post import Came, Post
from services.webhooks.sending import MOST_WISHED_S, Sending
from services.webhooks.service import Webhooks
from tests.receiver import Receiver
from tests.services.kit import STRANGER, USER, meet

PAUSES_S = (60.0, 120.0)
EVENT = "generation.completed"


@dataclass
class News:
    """Writes down what the chat is told, and fails at first where it is told to."""

    told: list[tuple[int, AddressNews, str]] = field(default_factory=list)
    failures: int = 0

    async def tell(self, user_id: int, news: AddressNews, host: str) -> None:
        if self.failures:
            self.failures -= 1
            raise DeliveryFailed("flood")
        self.told.append((user_id, news, host))


@dataclass
class World:
    """A user with an address, and all that is on its way."""

    database: Database
    post: Post
    receiver: Receiver
    news: News = field(default_factory=News)
    outcomes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.webhooks = Webhooks(self.database, self.post)
        self.sending = Sending(
            self.database,
            self.post,
            self.news,
            Lane(4, 1),
            lambda outcome, _: self.outcomes.append(outcome),
            PAUSES_S,
        )

    async def leave(self, event: str = EVENT, user_id: int = USER, **data: object) -> None:
        async def said() -> dict[str, Any]:
            return data

        async with self.database.transaction() as tx:
            await leave_event(tx, user_id, event, said)

    async def waiting(self) -> list[str]:
        async with self.database.transaction() as tx:
            return list(await tx.webhooks.claims.unfinished())

    async def steps(self) -> list[float | None]:
        """Take each that waits one step on."""
        return [await self.sending.step(one) for one in await self.waiting()]

    async def settle(self) -> None:
        """Have the chat told what it is to be told."""
        for one in await self.waiting():
            async with self.database.transaction() as tx:
                message = await tx.webhooks.message(one)
            if message is not None and message.type in set(AddressNews):
                await self.sending.step(one)

    async def pass_time(self) -> None:
        """Have everything due."""
        async with self.database.transaction() as tx:
            for one in await tx.webhooks.claims.unfinished():
                row = await tx._session.get_one(tables.WebhookMessage, one)
                row.next_at = now() - timedelta(seconds=1)


@pytest.fixture
async def world(database: Database, receiver: Receiver) -> Any:  # noqa: ANN401  # a generator
    await meet(database, USER)
    await meet(database, STRANGER)
    async with Post(frozenset({"127.0.0.1"})) as post:
        world = World(database, post, receiver)
        await world.webhooks.put(USER, receiver.url)
        await world.settle()
        world.news.told.clear()
        yield world


async def test_what_has_happened_arrives_once(world: World) -> None:
    await world.leave(id="g", status="made")
    assert await world.steps() == [None]
    assert await world.steps() == []
    (sent,) = world.receiver.sent
    assert (sent.said["type"], sent.said["data"]) == (EVENT, {"id": "g", "status": "made"})
    assert (await world.webhooks.of(USER)).webhook.delivered_at is not None
    assert world.outcomes == ["delivered"]


async def test_who_has_no_address_is_sent_nothing(world: World) -> None:
    await world.leave(user_id=STRANGER)
    assert await world.waiting() == []


async def test_an_event_that_there_is_not_is_a_bug(world: World) -> None:
    with pytest.raises(ValueError, match="is not a valid WebhookEvent"):
        await world.leave("generation.eaten")


async def test_what_does_not_arrive_comes_again_with_growing_pauses(world: World) -> None:
    world.receiver.statuses = [500, 302]
    await world.leave(id="g")
    assert await world.steps() == [60.0]
    # After a restart it is known when it is due.
    (wait_s,) = await world.steps()
    assert 50 < (wait_s or 0) <= 60
    assert len(world.receiver.sent) == 1
    await world.pass_time()
    assert await world.steps() == [120.0]
    await world.pass_time()
    assert await world.steps() == [None]
    assert len({sent.id for sent in world.receiver.sent}) == 1
    assert len({sent.body for sent in world.receiver.sent}) == 1
    assert world.outcomes == ["refused", "refused", "delivered"]


@pytest.mark.parametrize(
    ("status", "said", "least_s", "most_s"),
    [
        (429, "600", 600, 600),
        (503, "600", 600, 600),
        (500, "600", 60, 60),
        (503, "5", 60, 60),
        (429, "9" * 5000, MOST_WISHED_S, MOST_WISHED_S),
        (429, "-600", 60, 60),
        (429, "soon", 60, 60),
        (429, "Wed, 21 Oct 2015 07:28:00 GMT", 60, 60),
        pytest.param(
            429,
            format_datetime(now() + timedelta(hours=2), usegmt=True),
            3600,
            7200,
            id="429-a date in two hours",
        ),
    ],
)
async def test_a_receiver_says_how_long_it_wants_nothing(
    world: World, status: int, said: str, least_s: float, most_s: float
) -> None:
    world.receiver.statuses = [status]
    world.receiver.retry_after = said
    await world.leave(id="g")
    (wait_s,) = await world.steps()
    assert least_s <= (wait_s or 0) <= most_s
    await world.pass_time()
    assert await world.steps() == [None]


async def test_after_the_last_try_a_message_is_given_up_and_a_dead_address_turned_off(
    world: World,
) -> None:
    world.receiver.statuses = [500] * 9
    await world.leave(id="1")
    await world.leave(id="2")
    for _ in range(3):
        await world.pass_time()
        await world.steps()
    await world.settle()
    assert await world.waiting() == []
    assert world.news.told == [(USER, AddressNews.SILENT, "127.0.0.1")]
    assert "given_up" in world.outcomes
    with pytest.raises(NotFound):
        await world.webhooks.of(USER)


async def test_an_address_that_takes_others_stays(world: World) -> None:
    world.receiver.statuses = [500, 500]
    await world.leave(id="bad")
    for _ in range(2):
        await world.steps()
        await world.pass_time()
    await world.leave(id="good")
    (first, second) = await world.waiting()
    assert await world.sending.step(second) is None
    world.receiver.statuses = [500]
    assert await world.sending.step(first) is None
    assert await world.waiting() == []
    assert (await world.webhooks.of(USER)).waiting == 0


async def test_gone_turns_the_address_off_and_the_chat_is_told(world: World) -> None:
    world.receiver.statuses = [500, 410]
    await world.leave(id="1")
    await world.leave(id="2")
    await world.steps()
    world.news.failures = 1
    (left,) = await world.waiting()
    with pytest.raises(DeliveryFailed):
        await world.sending.step(left)
    assert await world.steps() == [None]
    assert world.news.told == [(USER, AddressNews.GONE, "127.0.0.1")]
    await world.leave(id="3")
    assert await world.waiting() == []
    assert world.outcomes == ["refused", "gone"]


async def test_the_gone_of_an_address_that_was_changed_meanwhile_is_not_the_new_ones(
    world: World,
) -> None:
    webhook = (await world.webhooks.of(USER)).webhook
    await world.leave(id="1")
    (left,) = await world.waiting()
    async with world.database.transaction() as tx:
        message = await tx.webhooks.message(left)
    assert message is not None
    await world.webhooks.put(USER, world.receiver.url + "2")
    # It was asked for at the new address while it was sent to the old one.
    assert await world.sending._failed(message, webhook, Came(410)) == 0.0
    assert (await world.webhooks.of(USER)).webhook.url.endswith("2")


async def test_what_is_on_its_way_goes_to_the_new_address_at_once(world: World) -> None:
    world.receiver.statuses = [500]
    await world.leave(id="1")
    assert await world.steps() == [60.0]
    view, _ = await world.webhooks.put(USER, world.receiver.url + "2")
    assert view.waiting == (await world.webhooks.of(USER)).waiting == 1
    await world.steps()
    assert len(world.receiver.sent) == 2
    assert (await world.webhooks.of(USER)).waiting == 0
    assert world.news.told == [(USER, AddressNews.SET, "127.0.0.1")]


async def test_without_the_address_nothing_is_left(world: World) -> None:
    await world.leave(id="1")
    await world.webhooks.remove(USER)
    assert await world.waiting() == []
    await world.webhooks.remove(USER)


async def test_everything_goes_with_its_user(world: World) -> None:
    await world.leave(id="1")
    async with world.database.transaction() as tx:
        await tx.users.remove(USER)
    assert await world.waiting() == []
    with pytest.raises(NotFound):
        await world.webhooks.of(USER)


async def test_a_secret_is_told_once_and_renewed_on_demand(world: World) -> None:
    _, again = await world.webhooks.put(USER, world.receiver.url)
    assert again is None
    before = (await world.webhooks.of(USER)).webhook
    view, new = await world.webhooks.put(USER, world.receiver.url, renews_secret=True)
    assert new not in {None, before.secret}
    assert (view.webhook.secret, view.webhook.old_secret) == (new, before.secret)
    assert view.webhook.changed_at == before.changed_at
    await world.leave(id="1")
    await world.steps()
    (sent,) = world.receiver.sent
    assert sent.is_signed(str(new))
    assert sent.is_signed(before.secret)
    assert new not in repr(view)
    # The chat is told of a new address only.
    assert world.news.told == []


async def test_of_many_changes_the_chat_is_told_the_last(world: World) -> None:
    for number in range(5):
        await world.webhooks.put(USER, f"https://hooks{number}.example.org/")
    await world.settle()
    assert world.news.told == [(USER, AddressNews.SET, "hooks4.example.org")]


async def test_an_address_is_tried_on_demand(world: World) -> None:
    world.receiver.statuses = [410]
    assert await world.webhooks.test(USER) == Came(410)
    assert await world.webhooks.test(USER) == Came(204)
    assert world.receiver.sent[0].said["type"] == "webhook.test"
    with pytest.raises(NotFound):
        await world.webhooks.test(STRANGER)


async def test_no_other_address_is_kept(world: World) -> None:
    with pytest.raises(BadWebhookAddress):
        await world.webhooks.put(USER, "http://10.0.0.1/")
    assert (await world.webhooks.of(USER)).webhook.url == world.receiver.url


def test_nothing_that_is_printed_shows_a_secret() -> None:
    webhook = Webhook(user_id=1, url="https://example.org/?key=abc", secret="whsec_abc")
    assert "abc" not in repr(webhook)
