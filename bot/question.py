"""A question to the operator, on the terminal."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager


def ask(question: str) -> str:
    """Return what is typed; after Ctrl-C, or without any input, that is nothing."""
    try:
        with _usual_signals():
            return input(question)
    except (EOFError, KeyboardInterrupt):
        sys.stdout.write("\n")
        return ""


@contextmanager
def _usual_signals() -> Iterator[None]:
    # asyncio's handlers only wake the loop, which does not run while a question waits.
    interrupt = signal.signal(signal.SIGINT, signal.default_int_handler)
    terminate = signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, interrupt)
        signal.signal(signal.SIGTERM, terminate)
