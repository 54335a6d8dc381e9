"""Sends admins what was spent, counted behind the message that asked for it."""

import logging

from aiogram import Bot
from aiogram.exceptions import AiogramError

from handlers.telegram.messages import send_card
from handlers.telegram.screen import Screen
from services.domain.values import Place
from services.jobs.nursery import Nursery
from services.money.fal_account import AccountWatch, SpendingReport
from texts.reader import Texts

logger = logging.getLogger(__name__)


class ReportSender:
    """Asks fal for the balance and sends one report at a time to each admin.

    After a crash nothing is sent: the admin asks again.
    """

    def __init__(self, bot: Bot, accounts: AccountWatch, nursery: Nursery) -> None:
        self._bot = bot
        self._accounts = accounts
        self._nursery = nursery
        self._under_way: set[Place] = set()

    def send(self, place: Place, t: Texts) -> None:
        """Have a report sent, unless one is on its way."""
        if place not in self._under_way:
            self._under_way.add(place)
            self._nursery.start(self._send(place, t), name=f"report for {place.chat_id}")

    async def _send(self, place: Place, t: Texts) -> None:
        try:
            await send_card(self._bot, place, screen(t, await self._accounts.report()))
        except (AiogramError, TimeoutError) as error:
            logger.warning("report for %s: %s", place.chat_id, type(error).__name__)
        finally:
            self._under_way.discard(place)


def screen(t: Texts, report: SpendingReport) -> Screen:
    """Say what was spent, what is left at fal, and what is under way."""
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
    return Screen("\n".join(lines))
