"""A live message shows the newest state, not too often, and survives Telegram's moods."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest
from aiogram.exceptions import TelegramForbiddenError, TelegramNetworkError
from aiogram.methods import SendMessage

from handlers.telegram.limiter import StaleEdit
from handlers.telegram.live_message import SHOWN_AT_ONCE, TROUBLES_IN_A_ROW, LiveMessage
from services.errors import UserUnreachable
from services.health import DOWN_AFTER, Health
from services.jobs.nursery import Nursery

METHOD = SendMessage(chat_id=1, text="x")


@pytest.fixture
async def nursery() -> AsyncIterator[Nursery]:
    async with Nursery() as running:
        yield running


async def quiet(live: LiveMessage) -> None:
    async with asyncio.timeout(30):
        while live._running:  # noqa: ASYNC110  # the live has no event for tests
            await asyncio.sleep(0.001)


async def test_many_touches_are_one_first_showing_and_one_last(nursery: Nursery) -> None:
    state, shown = 0, []

    async def show(_key: str) -> None:
        shown.append(state)

    live = LiveMessage("test", nursery, show, 0.01, Health("Telegram"))
    for state in range(1, 51):
        live.touch("a")
        if state == 10:
            await asyncio.sleep(0)
    await quiet(live)
    assert shown == [10, 50]


async def test_finished_waits_for_the_showing_under_way_and_for_no_pause(
    nursery: Nursery,
) -> None:
    began, may_end = asyncio.Event(), asyncio.Event()

    async def show(_key: str) -> None:
        began.set()
        await may_end.wait()

    live = LiveMessage("test", nursery, show, 3600, Health("Telegram"))
    await live.finished("a")
    live.touch("a")
    await began.wait()
    waiting = asyncio.gather(live.finished("a"))
    await asyncio.sleep(0)
    assert not waiting.done()
    may_end.set()
    async with asyncio.timeout(5):
        await waiting
        await live.finished("a")


async def test_two_showings_of_a_key_are_an_interval_apart(nursery: Nursery) -> None:
    interval_s = 0.03
    times: list[float] = []

    async def show(_key: str) -> None:
        times.append(time.monotonic())
        if len(times) < 4:
            live.touch("a")

    live = LiveMessage("test", nursery, show, interval_s, Health("Telegram"))
    live.touch("a")
    await quiet(live)
    assert len(times) == 4
    # The loop's clock may be a hair early.
    assert all(b - a >= interval_s * 0.95 for a, b in pairwise(times))


async def test_keys_do_not_wait_for_each_other(nursery: Nursery) -> None:
    shown: Counter[str] = Counter()

    async def show(key: str) -> None:
        shown[key] += 1

    live = LiveMessage("test", nursery, show, 3600, Health("Telegram"))
    for key in "abc":
        live.touch(key)
    async with asyncio.timeout(30):
        while shown.total() < 3:  # noqa: ASYNC110  # the live has no event for tests
            await asyncio.sleep(0)
    assert shown == Counter("abc")


async def test_what_cannot_be_sent_yet_is_not_rendered_yet(nursery: Nursery) -> None:
    shown: list[str] = []
    may_end = asyncio.Semaphore(0)

    async def show(key: str) -> None:
        shown.append(key)
        await may_end.acquire()

    live = LiveMessage("test", nursery, show, 3600, Health("Telegram"))
    keys = [f"{number}" for number in range(3 * SHOWN_AT_ONCE)]
    for key in keys:
        live.touch(key)
    await asyncio.sleep(0)
    assert shown == keys[:SHOWN_AT_ONCE]
    settling = asyncio.gather(live.settle(keys[-1]))
    await asyncio.sleep(0)
    for _ in keys:
        may_end.release()
    async with asyncio.timeout(30):
        (is_shown,) = await settling
        assert is_shown
        while len(shown) < len(keys):  # noqa: ASYNC110  # the live has no event for tests
            await asyncio.sleep(0)
    # What somebody waits for goes first; the others keep their order.
    assert shown == [*keys[:SHOWN_AT_ONCE], keys[-1], *keys[SHOWN_AT_ONCE:-1]]


async def test_a_bug_in_a_showing_keeps_nobody_waiting(nursery: Nursery) -> None:
    async def show(_key: str) -> None:
        raise ZeroDivisionError

    live = LiveMessage("test", nursery, show, 0.001, Health("Telegram"))
    async with asyncio.timeout(30):
        assert not await live.settle("a")


async def test_a_touch_after_a_pause_shows_at_once(nursery: Nursery) -> None:
    shown = 0

    async def show(_key: str) -> None:
        nonlocal shown
        shown += 1

    live = LiveMessage("test", nursery, show, 0.001, Health("Telegram"))
    for _ in range(3):
        live.touch("a")
        await quiet(live)
    assert shown == 3


async def test_a_showing_that_fails_is_tried_again_until_it_works(nursery: Nursery) -> None:
    tries = 0

    async def show(_key: str) -> None:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise TelegramNetworkError(METHOD, "down")

    live = LiveMessage("test", nursery, show, 0.001, Health("Telegram"))
    live.touch("a")
    await quiet(live)
    assert tries == 3


async def test_a_live_message_that_keeps_failing_rests_until_it_is_touched(
    nursery: Nursery,
) -> None:
    tries = 0

    async def show(_key: str) -> None:
        nonlocal tries
        tries += 1
        raise TelegramNetworkError(METHOD, "down")

    live = LiveMessage("test", nursery, show, 0.001, Health("Telegram"))
    live.touch("a")
    await quiet(live)
    assert tries == TROUBLES_IN_A_ROW
    live.touch("a")
    await quiet(live)
    assert tries == 2 * TROUBLES_IN_A_ROW


async def test_an_edit_that_became_stale_is_rendered_again(nursery: Nursery) -> None:
    tries = 0

    async def show(_key: str) -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise StaleEdit

    live = LiveMessage("test", nursery, show, 0.001, Health("Telegram"))
    live.touch("a")
    await quiet(live)
    assert tries == 2


@pytest.mark.parametrize(
    "error",
    [TelegramForbiddenError(METHOD, "bot was blocked by the user"), UserUnreachable("away")],
    ids=["refused", "known"],
)
async def test_a_user_who_blocked_the_bot_is_not_pestered(
    nursery: Nursery, error: Exception
) -> None:
    tries = 0

    async def show(_key: str) -> None:
        nonlocal tries
        tries += 1
        raise error

    live = LiveMessage("test", nursery, show, 0.001, Health("Telegram"))
    live.touch("a")
    await quiet(live)
    assert tries == 1


async def test_a_bug_in_a_showing_is_logged_and_does_not_stop_later_ones(
    nursery: Nursery, caplog: pytest.LogCaptureFixture
) -> None:
    tries = 0

    async def show(_key: str) -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise ZeroDivisionError

    live = LiveMessage("test", nursery, show, 0.001, Health("Telegram"))
    live.touch("a")
    await quiet(live)
    await asyncio.sleep(0)
    assert "test message a failed" in caplog.text
    live.touch("a")
    await quiet(live)
    assert tries == 2


async def test_in_an_outage_of_telegram_a_live_message_does_not_log_its_failures(
    nursery: Nursery, caplog: pytest.LogCaptureFixture
) -> None:
    tries = 0

    async def show(_key: str) -> None:
        nonlocal tries
        tries += 1
        if tries <= DOWN_AFTER:
            health.failed("TelegramServerError")
            raise TimeoutError

    health = Health("Telegram")
    live = LiveMessage("test", nursery, show, 0.001, health)
    live.touch("a")
    await quiet(live)
    assert tries == DOWN_AFTER + 1
    messages = [
        record for record in caplog.records if record.name == "handlers.telegram.live_message"
    ]
    assert len(messages) == DOWN_AFTER - 1
