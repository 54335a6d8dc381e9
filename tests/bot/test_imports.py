"""What the bot does not need at once is not imported when it starts: it takes time and memory."""

import gc
import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.__main__ import main

ROOT = Path(__file__).resolve().parents[2]

UNNEEDED = {
    "PIL": "photos are decoded in a process of their own",
    "pillow_heif": "the same",
    "fastapi": "only with HTTP_PORT or PUBLIC_URL",
    "uvicorn": "the same",
    "prometheus_client": "only with METRICS_PORT",
    "alembic": "databases are migrated in a process of their own",
    "bot.check": "a command of its own",
    "bot.verify": "a command of its own",
}


def test_a_start_imports_only_what_it_needs() -> None:
    begin = "from bot.lean_aiogram import import_aiogram; import_aiogram()"
    look = f"{begin}; import bot.run, json, sys; print(json.dumps(sorted(sys.modules)))"
    command = [sys.executable, "-c", look]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603
    assert UNNEEDED.keys() & set(json.loads(done.stdout)) == set()


def test_garbage_is_looked_for_as_soon_as_all_is_imported(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def run_bot() -> int:
        return 0 if gc.isenabled() else 1

    monkeypatch.setattr("bot.run.run_bot", run_bot)
    assert main([]) == 0
