"""Threads: what is kept, whom it reaches, and what is never shown twice or at all."""

from dataclasses import dataclass, field

import pytest

from db.database import Database
from services.domain.support import Said, SupportMessage, SupportThread
from services.domain.values import Place, SentMessage
from services.errors import (
    DeliveryFailed,
    NobodyToAsk,
    NotFound,
    SupportTooLong,
    SupportTooOften,
    UserUnreachable,
)
from services.support.delivery import SupportDelivery
from services.support.service import A_PAGE, MAX_UNITS, MOST_AN_HOUR, SupportService
from tests.services.kit import USER, meet

FIRST, SECOND = 900_001, 900_002


@dataclass
class Post:
    """A post that writes down what it sends; `failing` are chats that it does not reach."""

    sent: list[tuple[int, str]] = field(default_factory=list)
    taken_back: list[SentMessage] = field(default_factory=list)
    failing: dict[int, DeliveryFailed] = field(default_factory=dict)

    async def to_admin(
        self, admin_id: int, thread: SupportThread, message: SupportMessage
    ) -> SentMessage | None:
        assert thread.id == message.thread_id
        return self._send(admin_id, message)

    async def to_user(self, thread: SupportThread, message: SupportMessage) -> SentMessage | None:
        return self._send(thread.chat_id, message)

    async def take_back(self, sent: SentMessage) -> None:
        self.taken_back.append(sent)

    def _send(self, chat_id: int, message: SupportMessage) -> SentMessage:
        if chat_id in self.failing:
            raise self.failing[chat_id]
        self.sent.append((chat_id, message.text or ""))
        return SentMessage(chat_id, len(self.sent))


class Console:
    """A service with its delivery, and everything that it has carried."""

    def __init__(self, database: Database, *admins: int) -> None:
        self.database = database
        self.admin_ids = frozenset(admins)
        self.post = Post()
        self.carried: list[str] = []
        self.service = SupportService(database, self.admins, self.carried.append)
        self.delivery = SupportDelivery(database, self.admins, self.post)

    async def admins(self) -> frozenset[int]:
        return self.admin_ids

    async def write(self, text: str, number: int = 1, album: str | None = None) -> str:
        said = Said(origin=f"message:{USER}:{number}", text=text, album=album)
        await self.service.write(USER, Place(USER), said)
        return self.carried[-1]

    async def thread_id(self) -> str:
        async with self.database.transaction() as tx:
            thread = await tx.support.thread_of(USER)
        assert thread is not None
        return thread.id


@pytest.fixture
async def console(database: Database) -> Console:
    await meet(database, USER)
    return Console(database, FIRST, SECOND)


async def test_a_message_reaches_every_admin_once(console: Console) -> None:
    row = await console.write("hello")
    assert await console.delivery.step(row) is None
    assert await console.delivery.step(row) is None
    assert console.post.sent == [(FIRST, "hello"), (SECOND, "hello")]


async def test_the_same_message_is_kept_once(console: Console) -> None:
    await console.write("hello")
    await console.write("hello")
    assert len(console.carried) == 1
    assert len((await console.service.page(await console.thread_id())).messages) == 1


async def test_an_answer_reaches_the_user_and_the_other_admins(console: Console) -> None:
    await console.write("hello")
    said = Said(origin="message:900001:5", text="yes?")
    thread_id = await console.thread_id()
    for _ in range(2):
        await console.service.answer(FIRST, thread_id, said)
    assert len(console.carried) == 2
    await console.delivery.step(console.carried[-1])
    assert console.post.sent == [(SECOND, "yes?"), (USER, "yes?")]
    async with console.database.transaction() as tx:
        (action,) = await tx.actions.newest(9)
    assert (action.admin_id, action.deed, action.user_id) == (FIRST, "reply", USER)


async def test_one_admin_who_cannot_be_reached_keeps_nobody_waiting(console: Console) -> None:
    row = await console.write("hello")
    console.post.failing[FIRST] = DeliveryFailed("429")
    with pytest.raises(DeliveryFailed):
        await console.delivery.step(row)
    assert console.post.sent == [(SECOND, "hello")]
    console.post.failing[FIRST] = UserUnreachable("403")
    assert await console.delivery.step(row) is None
    assert console.post.sent == [(SECOND, "hello")]
    async with console.database.transaction() as tx:
        assert await tx.support.claims.unfinished() == []


async def test_an_answer_waits_for_its_user(console: Console) -> None:
    await console.write("hello")
    await console.delivery.step(console.carried[-1])
    await console.service.answer(FIRST, await console.thread_id(), Said(origin="o", text="yes?"))
    console.post.failing[USER] = UserUnreachable("403")
    with pytest.raises(UserUnreachable):
        await console.delivery.step(console.carried[-1])
    async with console.database.transaction() as tx:
        assert await tx.support.claims.unfinished() == [console.carried[-1]]
    console.post.failing.clear()
    await console.delivery.step(console.carried[-1])
    assert console.post.sent[-2:] == [(SECOND, "yes?"), (USER, "yes?")]


async def test_what_was_sent_of_a_user_who_left_meanwhile_is_taken_back(console: Console) -> None:
    row = await console.write("hello")

    class Leaving(Post):
        async def to_admin(
            self, admin_id: int, thread: SupportThread, message: SupportMessage
        ) -> SentMessage | None:
            async with console.database.transaction() as tx:
                await tx.users.remove(USER)
            return await super().to_admin(admin_id, thread, message)

    post = Leaving()
    await SupportDelivery(console.database, console.admins, post).step(row)
    assert [sent.chat_id for sent in post.taken_back] == [FIRST, SECOND]


async def test_without_admins_nothing_is_kept(console: Console) -> None:
    console.admin_ids = frozenset()
    assert not await console.service.has_somebody()
    with pytest.raises(NobodyToAsk):
        await console.write("hello")
    async with console.database.transaction() as tx:
        assert await tx.support.thread_of(USER) is None


async def test_length_is_counted_as_telegram_does(console: Console) -> None:
    await console.write("\U0001f984" * (MAX_UNITS // 2))
    with pytest.raises(SupportTooLong):
        await console.write("\U0001f984" * (MAX_UNITS // 2) + "W", 2)


async def test_the_rate_counts_what_the_user_writes(console: Console) -> None:
    for number in range(MOST_AN_HOUR):
        await console.write("hello", number)
        if number == 1:
            said = Said(origin="answer", text="yes?")
            await console.service.answer(FIRST, await console.thread_id(), said)
    with pytest.raises(SupportTooOften):
        await console.write("one more", MOST_AN_HOUR)
    # What was kept before is no further message.
    await console.write("hello", 0)


async def test_a_thread_is_closed_once_and_opened_by_whoever_writes(console: Console) -> None:
    await console.write("hello")
    thread_id = await console.thread_id()
    for _ in range(2):
        await console.service.set_closed(SECOND, thread_id, closed=True)
    assert [one.id for one in (await console.service.threads(is_open=False)).threads] == [
        thread_id
    ]
    await console.write("again", 2)
    assert [one.is_waiting for one in (await console.service.threads()).threads] == [True]
    async with console.database.transaction() as tx:
        assert [action.deed for action in await tx.actions.newest(9)] == ["close"]


async def test_pages_of_a_history_and_of_threads(console: Console) -> None:
    for number in range(A_PAGE + 1):
        await console.write(str(number), number)
    first = await console.service.page(await console.thread_id())
    assert [one.text for one in first.messages] == [str(n) for n in range(A_PAGE, 0, -1)]
    assert first.has_older
    second = await console.service.page(await console.thread_id(), 1)
    assert [one.text for one in second.messages] == ["0"]
    assert not second.has_older
    assert not (await console.service.threads()).has_more


async def test_an_album_is_known_to_its_user_only(console: Console) -> None:
    await console.write("hello", album="a")
    assert await console.service.has_album(USER, "a")
    assert not await console.service.has_album(USER, "b")
    assert not await console.service.has_album(FIRST, "a")


async def test_a_thread_that_is_gone_is_not_found(console: Console) -> None:
    with pytest.raises(NotFound):
        await console.service.page("gone")
    with pytest.raises(NotFound):
        await console.service.answer(FIRST, "gone", Said(origin="o", text="hm"))
    assert await console.service.shown_by(SentMessage(FIRST, 1)) is None
    await console.service.note_shown("gone", SentMessage(FIRST, 1))


async def test_a_user_leaves_with_what_was_said_and_done(console: Console) -> None:
    row = await console.write("hello")
    await console.delivery.step(row)
    await console.service.set_closed(FIRST, await console.thread_id(), closed=True)
    async with console.database.transaction() as tx:
        copies = await tx.support.copies_elsewhere(USER)
        assert {copy.chat_id for copy in copies} == {FIRST, SECOND}
        await tx.actions.forget(USER)
        await tx.users.remove(USER)
    async with console.database.transaction() as tx:
        assert await tx.support.get(row) is None
        (action,) = await tx.actions.newest(9)
    assert (action.user_id, action.of_id, action.deed) == (None, None, "close")
