"""An outage of a service is logged once, and so is its end."""

import logging

import pytest

from services.health import DOWN_AFTER, FIRST_PAUSE_S, LAST_PAUSE_S, Health


class Watch:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def health(watch: Watch) -> Health:
    return Health("fal", watch)


def fail(health: Health, times: int) -> None:
    for _ in range(times):
        health.failed("HTTP 502")


def test_one_or_two_failures_are_no_outage(health: Health) -> None:
    fail(health, DOWN_AFTER - 1)
    assert (health.is_down, health.is_worth_trying) == (False, True)
    health.answered()
    fail(health, DOWN_AFTER - 1)
    assert not health.is_down


def test_three_failures_in_a_row_are_an_outage_with_a_try_now_and_then(
    health: Health, watch: Watch
) -> None:
    fail(health, DOWN_AFTER)
    assert (health.is_down, health.is_worth_trying) == (True, False)
    watch.seconds += FIRST_PAUSE_S
    assert (health.is_down, health.is_worth_trying) == (True, True)
    fail(health, 1)
    assert not health.is_worth_trying
    watch.seconds += FIRST_PAUSE_S
    assert not health.is_worth_trying
    watch.seconds += FIRST_PAUSE_S
    assert health.is_worth_trying


def test_the_pauses_grow_up_to_half_a_minute(health: Health, watch: Watch) -> None:
    fail(health, 5000)
    watch.seconds += LAST_PAUSE_S - 0.1
    assert not health.is_worth_trying
    watch.seconds += 0.1
    assert health.is_worth_trying


def test_the_end_is_noted_at_once(health: Health) -> None:
    fail(health, 10)
    health.answered()
    assert (health.is_down, health.is_worth_trying) == (False, True)
    fail(health, DOWN_AFTER - 1)
    assert not health.is_down


def test_an_outage_is_two_lines_in_the_log(
    health: Health, watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    health.answered()
    fail(health, 50)
    watch.seconds += 42
    health.answered()
    health.answered()
    assert [record.getMessage() for record in caplog.records] == [
        "fal does not answer well (HTTP 502)",
        "fal answers again after 42 s",
    ]
    assert {record.levelno for record in caplog.records} == {logging.WARNING}
