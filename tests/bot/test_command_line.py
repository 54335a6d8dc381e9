"""What `python -m bot` does besides running, as an operator starts it: without a token."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from aiogram import Bot

from api.app import Served, build_app
from bot.heartbeat import QUIET_S, Heartbeat, health, heartbeat_file
from bot.listener import listening
from bot.web import serving

ROOT = Path(__file__).parents[2]


def bot_says(*words: str, folder: Path, **environment: str) -> tuple[int, str, str]:
    kept = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(folder)}
    result = subprocess.run(  # noqa: S603  # our own interpreter and module
        [sys.executable, "-m", "bot", *words],
        cwd=folder,
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return result.returncode, result.stdout, result.stderr


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["help"], ["restore", "x.db", "--help"]])
def test_help_needs_no_settings(words: list[str], tmp_path: Path) -> None:
    code, printed, complained = bot_says(*words, folder=tmp_path)
    assert (code, complained) == (0, "")
    assert all(name in printed for name in ("check", "verify", "backup", "migrate-database"))


@pytest.mark.parametrize("words", [["chek"], ["backup"], ["backup", "--to", "x"], ["restore"]])
def test_an_unknown_command_shows_the_usage(words: list[str], tmp_path: Path) -> None:
    code, printed, complained = bot_says(*words, folder=tmp_path)
    assert (code, printed) == (2, "")
    assert complained.startswith(f"not understood: {' '.join(words)}\n\nusage: ")


def test_backup_and_restore_need_the_database_alone(sqlite_url: str, tmp_path: Path) -> None:
    url = {"DATABASE_URL": sqlite_url}
    copy = str(tmp_path / "copy.db")
    assert bot_says("backup", copy, folder=tmp_path, **url)[0] == 0
    code, _, complained = bot_says("restore", copy, folder=tmp_path, **url)
    assert code == 2
    assert "--force" in complained
    code, printed, _ = bot_says("restore", copy, "--force", folder=tmp_path, **url)
    assert code == 0
    assert "the one before is" in printed


def test_a_backup_of_nothing_is_an_error_and_makes_nothing(tmp_path: Path) -> None:
    code, _, complained = bot_says("backup", "copy.db", folder=tmp_path)
    assert code == 2
    assert complained.startswith("there is no database data/bot.db")
    assert list(tmp_path.iterdir()) == []


def test_without_a_bot_there_is_no_health(tmp_path: Path) -> None:
    code, printed, _ = bot_says("health", folder=tmp_path)
    assert (code, printed) == (1, "no bot has asked Telegram for updates from this folder\n")


async def test_a_poll_is_a_sign_of_life_and_a_long_silence_is_none(
    bot: Bot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    heartbeat_file().unlink(missing_ok=True)
    bot.session.middleware(Heartbeat(heartbeat_file()))
    await bot.get_me()
    assert health()[0] is False
    await bot.get_updates(timeout=0)
    assert health()[0] is True
    last = heartbeat_file().stat().st_mtime - QUIET_S - 1
    os.utime(heartbeat_file(), (last, last))
    is_well, line = health()
    assert not is_well
    assert "has not asked Telegram for updates for 12" in line
    heartbeat_file().unlink()


@pytest.mark.parametrize("is_in_file", [True, False])
async def test_where_there_is_a_server_it_must_answer_too(
    bot: Bot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_in_file: bool
) -> None:
    async def untroubled() -> list[str]:
        return []

    monkeypatch.chdir(tmp_path)
    bot.session.middleware(Heartbeat(heartbeat_file()))
    await bot.get_updates(timeout=0)
    with listening("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        host = "0.0.0.0"  # noqa: S104  # as in a container
        if is_in_file:
            (tmp_path / ".env").write_text(f"http_port={port}\nHTTP_HOST={host}\n")
            # As Settings have it, an empty variable says nothing.
            monkeypatch.setenv("HTTP_PORT", "")
        else:
            monkeypatch.setenv("HTTP_PORT", str(port))
            monkeypatch.setenv("HTTP_HOST", host)
        async with serving(build_app(Served(untroubled)), listener):
            assert (await asyncio.to_thread(health))[0] is True
    assert await asyncio.to_thread(health) == (False, f"/healthz does not answer at port {port}")
    heartbeat_file().unlink()
