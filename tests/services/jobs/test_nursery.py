"""The nursery keeps, names, logs and ends its tasks."""

import ast
import asyncio
from pathlib import Path

import pytest

from services.domain.trouble import DatabaseUnavailable
from services.jobs import nursery as nurseries
from services.jobs.nursery import Nursery

ROOT = Path(__file__).resolve().parents[3]


async def test_leaving_cancels_and_waits_for_what_still_runs() -> None:
    ended = []

    async def linger() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            ended.append("cleaned up")

    async with Nursery() as nursery:
        nursery.start(linger(), name="lingering")
        await asyncio.sleep(0)
    assert ended == ["cleaned up"]


async def test_a_failure_is_logged_with_its_name_and_hurts_nobody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    done = asyncio.Event()

    async def fail() -> None:
        raise RuntimeError("boom")

    async def work() -> None:
        done.set()

    async with Nursery() as nursery:
        failing = nursery.start(fail(), name="failing one")
        await asyncio.wait([failing])
        nursery.start(work(), name="working one")
        await done.wait()
    assert "background task failing one failed" in caplog.text
    assert "boom" in caplog.text


async def test_a_database_that_does_not_answer_is_a_warning_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(nurseries, "PAUSE_S", 0.0)
    failures = [DatabaseUnavailable("cut"), DatabaseUnavailable("cut")]

    async def work() -> None:
        if failures:
            raise failures.pop()

    async with Nursery() as nursery:
        await asyncio.wait([nursery.start(work(), name="once")])
        await nursery.keep(work, name="for ever")
    assert caplog.messages == [
        "background task once ends for the database: cut",
        "background task for ever waits for the database: cut",
    ]
    assert {(one.levelname, one.exc_info) for one in caplog.records} == {("WARNING", None)}


async def test_finished_tasks_are_forgotten() -> None:
    async def work() -> None:
        return

    async with Nursery() as nursery:
        await nursery.start(work(), name="short")
        await asyncio.sleep(0)
        assert not nursery._tasks


async def test_what_is_kept_goes_on_after_any_failure_and_logs_the_first(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(nurseries, "PAUSE_S", 0.0)
    failures = [RuntimeError("first"), KeyError("second"), RuntimeError("third")]

    async def work() -> None:
        await asyncio.sleep(0)
        if failures:
            raise failures.pop(0)

    async with Nursery() as nursery:
        await nursery.keep(work, name="kept one")
    assert not failures
    assert caplog.text.count("background task kept one failed and goes on") == 1


async def test_what_has_run_for_long_is_logged_when_it_fails_anew(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(nurseries, "PAUSE_S", 0.0)
    monkeypatch.setattr(nurseries, "NEW_AFTER_S", 0.0)
    failures = [RuntimeError("first"), RuntimeError("second")]

    async def work() -> None:
        if failures:
            raise failures.pop(0)

    async with Nursery() as nursery:
        await nursery.keep(work, name="kept one")
    assert caplog.text.count("background task kept one failed and goes on") == 2


def loops_in(tree: ast.Module) -> set[str]:
    """The names of the coroutines of a module that go round and round."""
    return {
        function.name
        for function in ast.walk(tree)
        if isinstance(function, ast.AsyncFunctionDef)
        and any(isinstance(part, ast.While) for part in ast.walk(function))
    }


def begun_in(tree: ast.Module) -> set[str]:
    """The names of the coroutines that a module makes for `Nursery.start`."""
    return {
        name
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "start"
        and call.args
        and isinstance(made := call.args[0], ast.Call)
        and (name := getattr(made.func, "attr", getattr(made.func, "id", "")))
    }


PASSING = {"show_upload_action", "_kept"}
"""A courtesy that is ended by what it is shown for, and what `keep` itself begins."""


def test_whatever_goes_round_and_round_is_kept() -> None:
    trees = {
        path: ast.parse(path.read_text("utf-8"))
        for room in ("bot", "db", "handlers", "services", "api")
        for path in (ROOT / room).rglob("*.py")
    }
    loops = set().union(*(loops_in(tree) for tree in trees.values()))
    assert {"_keep", "listen", "keep_bringing", "keep_writing", "again_and_again"} <= loops
    for path, tree in trees.items():
        # Many classes have a `_run`, which only their own module begins.
        going = (loops - {"_run"}) | loops_in(tree)
        assert not begun_in(tree) & going - PASSING, path
