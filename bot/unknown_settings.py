"""Finds misspelt settings, which would pass silently and leave the default in force."""

import os
from collections.abc import Collection, Iterator
from difflib import get_close_matches
from pathlib import Path

from dotenv import dotenv_values

CLOSENESS = 0.88
"""The ratio of difflib from which a name is another one misspelt. `DAILY_IMAGE`, `LOGLEVEL`
are above it; `TELEGRAM_API_ID` of the local Bot API server and `FAL_KEY_ID` of fal's own clients
are below."""

FOREIGN = ("COMPOSE_", "DOCKER_", "POSTGRES_", "PG", "TZ", "LANG", "LC_", "PYTHON")
"""What else belongs in a `.env`: Docker Compose, PostgreSQL, the C library and Python read it."""


def unknown_settings(names: Collection[str], env_file: Path) -> list[str]:
    """Return a line for each variable that must be a misspelt setting.

    The file is ours, so every name in it must be one of `names`, or plainly somebody else's. The
    environment belongs to everybody, so there only a name that is close to one of ours counts.

    Args:
        names: All settings, in upper case.
        env_file: May be absent.
    """
    return [*_in_file(names, env_file), *_in_environment(names)]


def _in_file(names: Collection[str], env_file: Path) -> Iterator[str]:
    for name, value in dotenv_values(env_file).items():
        is_foreign = name.startswith(FOREIGN) or name.upper().endswith("_PROXY")
        if value and name.upper() not in names and not is_foreign:
            yield _line(name, _meant(name.upper(), names), f"is in {env_file}")


def _in_environment(names: Collection[str]) -> Iterator[str]:
    for name, value in sorted(os.environ.items()):
        if value and name.upper() not in names and (meant := _meant(name.upper(), names)):
            yield _line(name, meant, "is set")


def _line(name: str, meant: str | None, where: str) -> str:
    hint = f"is {meant} meant?" if meant else ".env.example has all names"
    return f"{name}: {where}, but there is no such setting; {hint}"


def _meant(name: str, names: Collection[str]) -> str | None:
    """Return the setting that a misspelt name stands for, if it is close to one.

    It is as well where the name lacks the last word: `DAILY_BUDGET` for `DAILY_BUDGET_USD`.
    """
    shortened = [known for known in sorted(names) if "_" in name and known.startswith(f"{name}_")]
    close = get_close_matches(name, sorted(names), n=1, cutoff=CLOSENESS)
    return next(iter([*close, *shortened]), None)
