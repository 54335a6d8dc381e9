"""The buttons of this feature lead into it from another one; see `handlers.telegram.callbacks`."""

from pathlib import Path

import handlers.groups


def test_there_are_no_presses_of_its_own() -> None:
    assert not (Path(str(handlers.groups.__file__)).parent / "callbacks.py").exists()
