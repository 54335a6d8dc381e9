"""The link that makes the operator the admin is in the log, whatever the level."""

import pytest
from aiogram import Bot

from bot import admin_link
from bot.logs import set_up_logging
from tests.sandbox.telegram.clients import Person

pytestmark = pytest.mark.usefixtures("root_logger_put_back")


async def test_the_link_is_one_line_at_every_level(
    bot: Bot, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_logging("ERROR", "text", ())
    await admin_link.in_log(bot)("c0de")
    (line,) = capsys.readouterr().err.splitlines()
    assert "ADMIN LINK: https://t.me/neurophoto_sandbox_bot?start=c0de " in line


async def test_without_telegram_the_code_is_shown(
    bot: Bot, person: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    await person.fault(service="telegram", match="/getMe", kind="html", times=0)
    set_up_logging("ERROR", "text", ())
    await admin_link.in_log(bot)("c0de")
    assert "ADMIN LINK: send the bot /start c0de" in capsys.readouterr().err
