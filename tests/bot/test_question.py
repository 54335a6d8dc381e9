"""A question on the terminal can be left."""

import contextlib
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PROGRAM = """
import asyncio, signal
from bot.question import ask

async def main():
    task = asyncio.current_task()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    answer = ask("go on? ")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    print(repr(answer))

asyncio.run(main())
"""


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [
        (signal.SIGINT, 0, b"go on? \n''\n"),
        (signal.SIGTERM, -signal.SIGTERM, b"go on? "),
    ],
)
def test_a_question_ends_at_the_first_signal_though_asyncio_runs(
    number: signal.Signals, code: int, said: bytes
) -> None:
    words = [sys.executable, "-c", PROGRAM]
    with subprocess.Popen(  # noqa: S603  # our own interpreter
        words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        asked = process.stdout.read(len(b"go on? "))
        # One that comes before the question waits is only seen with the next.
        while process.poll() is None:
            process.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=0.5)
        assert asked + process.stdout.read() == said
        assert process.wait() == code


@pytest.mark.parametrize(("typed", "answer"), [(b"yes\n", b"'yes'"), (b"", b"''")])
def test_an_answer_is_what_was_typed(typed: bytes, answer: bytes) -> None:
    words = [sys.executable, "-c", PROGRAM]
    found = subprocess.run(  # noqa: S603  # our own interpreter
        words, cwd=ROOT, input=typed, capture_output=True, check=True
    )
    assert found.stdout.endswith(answer + b"\n")
