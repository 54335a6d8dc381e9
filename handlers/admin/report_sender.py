"""Sends admins what was spent, counted behind the message that asked for it."""

import logging

from aiogram import Bot
from aiogram.exceptions import AiogramError

from handlers.admin.screens import home
from handlers.telegram.messages import send_card
from handlers.telegram.screen import Screen
from services.console.reading import ConsoleReading
from services.domain.values import Place, RatingCount
from services.jobs.nursery import Nursery
from services.money.fal_account import AccountWatch, SpendingReport
from services.pictures.ratings import RatingReport, RatingService
from texts.reader import Texts

logger = logging.getLogger(__name__)

MOST_PRESETS = 10
"""So many are told; a message takes 4096 characters."""


class ReportSender:
    """Asks fal for the balance and sends one report at a time to each admin.

    After a crash nothing is sent: the admin asks again.
    """

    def __init__(
        self,
        bot: Bot,
        accounts: AccountWatch,
        ratings: RatingService,
        console: ConsoleReading,
        nursery: Nursery,
    ) -> None:
        self._bot = bot
        self._accounts = accounts
        self._ratings = ratings
        self._console = console
        self._nursery = nursery
        self._under_way: set[Place] = set()

    def send(self, place: Place, t: Texts) -> None:
        """Have a report sent, unless one is on its way."""
        if place not in self._under_way:
            self._under_way.add(place)
            self._nursery.start(self._send(place, t), name=f"report for {place.chat_id}")

    async def _send(self, place: Place, t: Texts) -> None:
        try:
            report, ratings = await self._accounts.report(), await self._ratings.report()
            keyboard = home(t, await self._console.home())
            await send_card(self._bot, place, Screen(words(t, report, ratings), keyboard))
        except (AiogramError, TimeoutError) as error:
            logger.warning("report for %s: %s", place.chat_id, type(error).__name__)
        finally:
            self._under_way.discard(place)


def words(t: Texts, report: SpendingReport, ratings: RatingReport) -> str:
    """Say what was spent, what is left at fal, what is under way, and what users think of it."""
    lines = [
        t(
            "admin-spending",
            spent=t.usd(report.spent_usd),
            budget=t.usd(report.budget_usd),
            running=report.trainings_under_way,
        )
    ]
    if report.balance_usd is not None:
        lines.append(t("admin-balance", balance=t.usd(report.balance_usd)))
    if report.is_paused:
        lines.append(t("admin-paused"))
    lines += _likeness(t, ratings) + _ratings(t, ratings)
    return "\n".join(lines)


def _likeness(t: Texts, ratings: RatingReport) -> list[str]:
    lines = [
        t(
            "admin-likeness-line",
            of=f"{count.trainer}, {t.plain(f'rated-mode-{count.mode}')}",
            percent=str(count.percent),
            models=count.models,
            strangers=count.strangers,
        )
        for count in ratings.likeness
    ]
    return ["", t("admin-likeness"), *lines] if lines else []


def _ratings(t: Texts, ratings: RatingReport) -> list[str]:
    by_trainer = [
        _counted(t, f"{trainer}, {t.plain(f'rated-mode-{mode}')}", count)
        for count in ratings.by_trainer
        for trainer, mode in [count.of]
    ]
    by_preset = [_counted(t, count.of[0], count) for count in ratings.by_preset[:MOST_PRESETS]]
    return ["", t("admin-ratings"), *by_trainer, *by_preset] if by_trainer else []


def _counted(t: Texts, of: str, count: RatingCount) -> str:
    missed = sorted(count.missing.items(), key=lambda item: -item[1])
    words = ", ".join(f"{t.plain(f'missing-{missing}')} {number}" for missing, number in missed)
    return t("admin-rating", of=of, good=count.good, bad=count.bad, missing=words or "none")
