"""Sending a broadcast: each user at most once, whatever breaks, and counted."""

from dataclasses import dataclass, field

import pytest

from db.database import Database
from services.console.broadcasts import OUTAGE_PAUSE_S, Broadcasts, BroadcastSending
from services.domain.broadcasts import Audience, Broadcast, BroadcastState, Outcome
from services.domain.console import Block
from services.errors import DeliveryFailed, StaleButton, UserUnreachable
from tests.services.kit import meet

ADMIN = 900_001
USERS = (11, 12, 13)


class Killed(BaseException):
    """The process is gone."""


@dataclass
class Herald:
    """Writes down whom it sends to; `script` has what happens instead."""

    sent: list[int] = field(default_factory=list)
    ended: list[BroadcastState] = field(default_factory=list)
    script: dict[int, list[Outcome | BaseException]] = field(default_factory=dict)

    async def send(self, user_id: int, broadcast: Broadcast) -> Outcome:
        assert broadcast.text == "News"
        scripted = self.script.get(user_id)
        what = scripted.pop(0) if scripted else Outcome.DELIVERED
        if isinstance(what, BaseException):
            raise what
        self.sent.append(user_id)
        return what

    async def tell_end(self, broadcast: Broadcast) -> None:
        scripted = self.script.get(ADMIN)
        if scripted and isinstance(what := scripted.pop(0), BaseException):
            raise what
        self.ended.append(broadcast.state)


class Stage:
    def __init__(self, database: Database) -> None:
        self.database, self.herald = database, Herald()
        self.carried: list[str] = []
        self.is_down = False
        self.broadcasts = Broadcasts(database, self.carried.append)
        self.sending = BroadcastSending(database, self.herald, lambda: 4.0, lambda: self.is_down)

    async def begin(self, audience: Audience = Audience.ALL) -> str:
        draft = await self.broadcasts.draft(ADMIN, "News", None)
        await self.broadcasts.begin(ADMIN, draft.id, audience)
        return draft.id

    async def run(self, broadcast_id: str) -> Broadcast:
        while await self.sending.step(broadcast_id) is not None:
            pass
        return await self.broadcasts.get(broadcast_id)


@pytest.fixture
async def stage(database: Database) -> Stage:
    await meet(database, *USERS)
    return Stage(database)


async def test_everybody_gets_it_once_at_its_pace(stage: Stage) -> None:
    row = await stage.begin()
    assert stage.carried == [row]
    assert await stage.sending.step(row) == pytest.approx(0.25)
    found = await stage.run(row)
    assert stage.herald.sent == list(USERS)
    assert (found.state, found.delivered) == (BroadcastState.DONE, 3)
    assert stage.herald.ended == [BroadcastState.DONE]
    # Nothing is left to do or to tell.
    assert await stage.sending.step(row) is None
    assert stage.herald.ended == [BroadcastState.DONE]


async def test_a_kill_in_the_middle_sends_nothing_twice(stage: Stage) -> None:
    row = await stage.begin()
    stage.herald.script[12] = [Killed()]
    with pytest.raises(Killed):
        await stage.run(row)
    found = await stage.run(row)
    assert stage.herald.sent == [11, 13]
    assert (found.delivered, found.blocked, found.failed, found.audience_size) == (2, 0, 0, 3)


async def test_what_was_refused_for_the_moment_is_sent_later(stage: Stage) -> None:
    row = await stage.begin()
    stage.herald.script[12] = [DeliveryFailed("429", 7.0)]
    delays = []
    while (delay_s := await stage.sending.step(row)) is not None:
        delays.append(delay_s)
    assert delays == pytest.approx([0.25, 7.0, 0.25, 0.25])
    assert stage.herald.sent == list(USERS)


async def test_who_has_blocked_the_bot_and_what_failed_are_counted(stage: Stage) -> None:
    async with stage.database.transaction() as tx:
        await tx.users.note_unreachable(11)
    row = await stage.begin()
    stage.herald.script |= {12: [Outcome.BLOCKED], 13: [Outcome.FAILED]}
    found = await stage.run(row)
    assert stage.herald.sent == [12, 13]
    assert (found.delivered, found.blocked, found.failed) == (0, 2, 1)


async def test_an_outage_costs_nobody_their_turn(stage: Stage) -> None:
    row = await stage.begin()
    stage.is_down = True
    assert await stage.sending.step(row) == OUTAGE_PAUSE_S
    stage.is_down = False
    assert (await stage.run(row)).delivered == 3


async def test_a_stop_sends_to_nobody_more_and_is_told(stage: Stage) -> None:
    row = await stage.begin()
    await stage.sending.step(row)
    await stage.broadcasts.stop(ADMIN, row)
    with pytest.raises(StaleButton):
        await stage.broadcasts.stop(ADMIN, row)
    found = await stage.run(row)
    assert (found.state, found.delivered) == (BroadcastState.STOPPED, 1)
    assert stage.herald.ended == [BroadcastState.STOPPED]


async def test_an_end_that_cannot_be_told_is_told_later_or_never(stage: Stage) -> None:
    row = await stage.begin()
    stage.herald.script[ADMIN] = [DeliveryFailed("502"), UserUnreachable("403")]
    with pytest.raises(DeliveryFailed):
        await stage.run(row)
    async with stage.database.transaction() as tx:
        assert await tx.broadcasts.claims.unfinished() == [row]
    await stage.run(row)
    async with stage.database.transaction() as tx:
        assert await tx.broadcasts.claims.unfinished() == []


async def test_a_draft_begins_once_and_is_logged(stage: Stage) -> None:
    row = await stage.begin()
    with pytest.raises(StaleButton):
        await stage.broadcasts.begin(ADMIN, row, Audience.ALL)
    async with stage.database.transaction() as tx:
        (action,) = await tx.actions.newest(9)
    assert (action.deed, action.of_id, action.reason) == ("broadcast", row, "all")


async def test_who_comes_later_or_is_kept_out_is_not_in_it(stage: Stage) -> None:
    async with stage.database.transaction() as tx:
        await tx.blocks.add(Block(user_id=12, admin_id=ADMIN, reason="spam"))
    row = await stage.begin()
    await meet(stage.database, 14)
    found = await stage.run(row)
    assert stage.herald.sent == [11, 13]
    assert found.audience_size == 2


async def test_a_draft_is_in_nobodys_hands(stage: Stage) -> None:
    draft = await stage.broadcasts.draft(ADMIN, "News", None)
    assert await stage.sending.step(draft.id) is None
    assert stage.herald.sent == []
    assert await stage.broadcasts.newest() == []
