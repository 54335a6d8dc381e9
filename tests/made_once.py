"""Files that are made once for all processes of a test run: some take a second to draw."""

import fcntl
import functools
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_FOLDER = "TESTS_MADE_ONCE"
"""The variable by which the processes of a run find one another's files."""


@contextmanager
def made_once_folder() -> Iterator[None]:
    """Have a folder for these files, and delete it at the end; the first process of a run does."""
    if _FOLDER in os.environ:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="neurophoto-made-once-") as folder:
        os.environ[_FOLDER] = folder
        try:
            yield
        finally:
            del os.environ[_FOLDER]


def first_to_ask(name: str) -> bool:
    """Whether no process of the run has asked for this before."""
    if _FOLDER not in os.environ:
        return True
    try:
        (Path(os.environ[_FOLDER]) / name).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def made_once(name: str, make: Callable[[], bytes]) -> Callable[[], bytes]:
    """Return what gives the bytes that `make` makes, in whichever process needs them first."""

    @functools.cache
    def get() -> bytes:
        if _FOLDER not in os.environ:
            return make()
        path = Path(os.environ[_FOLDER]) / name
        with path.with_name(f"{name}.lock").open("w", encoding="ascii") as lock:
            # Whoever comes meanwhile waits: two processes would take as long for the same.
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not path.exists():
                # A process that is killed here leaves half of a file, under another name.
                half = path.with_name(f"{name}.half")
                half.write_bytes(make())
                half.replace(path)
        return path.read_bytes()

    return get
