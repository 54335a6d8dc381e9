"""docs/operations.md names settings, commands and alarms that there are, and all alarms."""

import re
from pathlib import Path

import pytest
from dotenv import dotenv_values

from bot.__main__ import USAGE
from bot.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "operations.md").read_text("utf-8")
COMPOSE = (ROOT / "docker-compose.yml").read_text("utf-8")

OF_POSTGRES = {"PGPASSWORD"}
"""Read by PostgreSQL's clients."""

CLAUSE_WORDS = 4


def alarms() -> dict[str, str]:
    """The sentences that begin with a warning, by their keys, of those the operator is told."""
    told = re.findall(r'"(admin-[\w-]+)"', (ROOT / "services/operator.py").read_text("utf-8"))
    words = (ROOT / "texts/locales/en/admin.ftl").read_text("utf-8")
    sentences = dict(re.findall(r"^(admin-[\w-]+) = (.*)$", words, re.MULTILINE))
    return {key: sentences[key] for key in told if sentences[key].startswith("⚠️")}


def test_every_setting_that_the_page_names_exists() -> None:
    blocks = re.findall(r"`([^`\n]+)`", PAGE) + re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
    named = set(
        re.findall(r"\b[A-Z][A-Z0-9]+(?:_[A-Z]+)+\b|\bPGPASSWORD\b|\bADMINS\b", " ".join(blocks))
    )
    known = {name.upper() for name in Settings.model_fields} | OF_POSTGRES
    assert len(named) > 10
    strange = named - known
    assert {name for name in strange if f"${{{name}" not in COMPOSE} == set()


def test_every_command_that_the_page_names_exists() -> None:
    named = set(re.findall(r"python -m bot ([a-z-]+)", PAGE))
    known = {line.split()[0] for line in USAGE.splitlines() if re.match(r"[a-z-]+ ", line)}
    assert {"check", "backup", "restore", "migrate-database", "health"} <= named
    assert named <= known


@pytest.mark.parametrize("key", alarms())
def test_every_alarm_of_the_operator_has_an_advice(key: str) -> None:
    clauses = re.split(r"[{}.,;:()]", alarms()[key].strip("⚠️ "))
    told = [clause.strip() for clause in clauses if len(clause.split()) >= CLAUSE_WORDS]
    assert any(f"*{clause}*" in PAGE for clause in told), told


def test_all_that_the_image_copies_is_let_into_its_build() -> None:
    copied = re.findall(r"^COPY (?!--)(\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().split() if line[0] == "!"}
    assert copied
    assert set(copied) <= let_in


def in_the_container(env: dict[str, str]) -> dict[str, str]:
    """Return the environment of the bot's container, as compose makes it of `.env`.

    What is below `environment` comes before `env_file`, and takes its own values from `.env`, too.
    """
    service = COMPOSE.split("\n  bot:\n")[1].split("\n\n")[0]
    block = service.split("    environment:\n")[1]
    own = {}
    for line in block.splitlines():
        if not line.startswith("      "):
            break
        if found := re.fullmatch(r" {6}([A-Z_]+): (.*)", line):
            own[found[1]] = re.sub(
                r"\$\{(\w+):-([^}]*)\}", lambda part: env.get(part[1]) or part[2], found[2]
            )
    return {**env, **own}


def test_in_its_container_the_bot_is_reached_by_the_proxy_with_the_example_as_it_is() -> None:
    env = {name: value or "" for name, value in dotenv_values(ROOT / ".env.example").items()}
    assert in_the_container(env)["HTTP_HOST"] == "0.0.0.0"  # noqa: S104  # in a container
    assert in_the_container({"DATABASE_URL": "own"})["DATABASE_URL"] == "own"


def test_what_the_page_says_of_readyz_is_what_it_looks_at() -> None:
    looked_at = (ROOT / "bot/outside.py").read_text("utf-8").split("def _troubles")[1]
    (entry,) = (one for one in PAGE.split("\n- ") if "Alert on\n  `/readyz`" in one)
    assert ("telegram_health" in looked_at) is ("it may be Telegram" in entry)
    assert ("fal" not in looked_at) is ("does not look at fal" in entry)
