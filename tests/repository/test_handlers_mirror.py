"""The tests of handlers mirror the handlers, so that a new room is not left without any."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HANDLERS = ROOT / "handlers"


def decides(module: Path) -> bool:
    """Return whether a module registers handlers, or changes messages by itself."""
    return ".register(" in module.read_text() or module.name == "live.py"


DECIDING = sorted(
    str(module.relative_to(HANDLERS)) for module in HANDLERS.rglob("*.py") if decides(module)
)


def test_the_modules_that_decide_are_found() -> None:
    assert {"train/photos.py", "telegram/fallback.py", "generate/live.py"} <= set(DECIDING)
    assert len(DECIDING) > 20


@pytest.mark.parametrize("module", DECIDING)
def test_a_module_of_handlers_has_tests_in_its_own_room(module: str) -> None:
    path = ROOT / "tests" / "handlers" / module
    tests = path.with_name(f"test_{path.name}")
    assert tests.exists(), f"handlers/{module} is tested nowhere: write {tests.relative_to(ROOT)}"
    assert "def test_" in tests.read_text()
