"""The bot's aiogram builds its models late, and builds the same models."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def described(*words: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.bot.aiogram_models", *words]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def lean() -> dict[str, Any]:
    return described("lean")


@pytest.fixture(scope="module")
def usual() -> dict[str, Any]:
    return described()


def test_importing_builds_hardly_a_model(lean: dict[str, Any], usual: dict[str, Any]) -> None:
    assert {*lean["built"]} == {"Message", "Response"}
    assert len(usual["built"]) > 500


def test_each_model_and_each_answer_can_be_built(lean: dict[str, Any]) -> None:
    assert len(lean["complete"]) > 500
    assert [name for name, complete in lean["complete"].items() if not complete] == []


def test_the_models_are_those_of_any_other_import(
    lean: dict[str, Any], usual: dict[str, Any]
) -> None:
    assert lean["fields"] == usual["fields"]
    assert lean["config"] == usual["config"]


def test_pydantic_is_left_as_it_was(lean: dict[str, Any]) -> None:
    assert lean["left as it was"] == [True, True]
