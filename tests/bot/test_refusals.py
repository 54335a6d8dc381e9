"""A refusal of Telegram's that lasts is told with what to do, and one that passes is not."""

from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramNotFound,
    TelegramUnauthorizedError,
)
from aiogram.methods import GetUpdates

from bot.refusals import LASTING_S, OVER_AFTER_S, Refusals
from db.database import Database
from services.health import Health
from services.jobs.replica import Replica
from tests.bot.test_outside import outside
from tests.bot.test_webhook import kept
from tests.e2e.driver import eventually
from tests.sandbox.telegram.clients import Person


class Told:
    """What is noted at moments of one's own."""

    def __init__(self) -> None:
        self.moment_s = 0.0
        self.refusals = Refusals(Health("Telegram"), lambda: self.moment_s)

    def refuse(self, kind: type[TelegramAPIError], words: str = "", every_s: float = 10.0) -> None:
        asked: Any = GetUpdates()
        self.refusals.note(kind(method=asked, message=words))
        self.moment_s += every_s


@pytest.mark.parametrize(
    ("kind", "words", "advice"),
    [
        (TelegramUnauthorizedError, "Unauthorized", "it was revoked"),
        (TelegramNotFound, "Not Found", "TELEGRAM_API_URL"),
        (TelegramConflictError, "terminated by other getUpdates request", "stop one of them"),
        (TelegramConflictError, "while webhook is active", "sets a webhook"),
    ],
)
def test_a_refusal_that_lasts_is_an_error_once_with_what_to_do(
    kind: type[TelegramAPIError], words: str, advice: str, caplog: pytest.LogCaptureFixture
) -> None:
    told = Told()
    for _ in range(20):
        told.refuse(kind, words)
    assert advice in told.refusals.lasting
    assert told.refusals.is_down
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert advice in caplog.text
    told.moment_s += OVER_AFTER_S
    assert not told.refusals.lasting
    assert not told.refusals.is_down


def test_a_conflict_when_one_start_takes_over_from_another_is_no_alarm(
    caplog: pytest.LogCaptureFixture,
) -> None:
    told = Told()
    for _ in range(3):
        while told.moment_s % 1000 < LASTING_S - 10:
            told.refuse(TelegramConflictError, "terminated by other getUpdates request")
        assert not told.refusals.lasting
        # The next hand-over comes much later.
        told.moment_s += 1000 - told.moment_s % 1000
    assert not caplog.records


def test_a_second_poller_that_lets_this_one_have_answers_in_between_is_seen() -> None:
    told = Told()
    for _ in range(4):
        told.refuse(TelegramConflictError, "terminated by other getUpdates request", every_s=40)
    assert "stop one of them" in told.refusals.lasting


def test_other_failures_are_no_refusals_of_the_bot() -> None:
    told = Told()
    for _ in range(20):
        told.refuse(TelegramBadRequest, "Bad Request")
    assert not told.refusals.lasting


async def test_with_a_webhook_a_revoked_token_is_seen_by_who_asks_whether_it_is_ready(
    bot: Bot, person: Person, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.webhook.FIRST_RETRY_S", 0.01)
    monkeypatch.setattr("bot.webhook.LAST_RETRY_S", 0.01)
    monkeypatch.setattr("bot.refusals.LASTING_S", 0.05)
    await person.fault(
        service="telegram",
        match="/setWebhook",
        kind="status",
        status=401,
        times=100,
        body={"ok": False, "error_code": 401, "description": "Unauthorized"},
    )
    refusals = Refusals(Health("Telegram"))
    async with Replica(database) as replica, kept(bot, refusals=refusals):
        asked = outside(replica, refusals)

        async def told() -> bool:
            return any("it was revoked" in line for line in await asked._troubles(None))

        await eventually(told, "the revoked token is a trouble")
