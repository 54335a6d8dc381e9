"""The photo process: reads photo work from its input, does it, and writes the answers.

Files of users meet decoders only here. The process has no secrets, no database and no network of
the bot's; when a file ends it, the bot starts another. Started by `services.photos.worker` as
`python -m services.photos.process CPU_S WALL_S MEMORY_MB [coach]`; it ends when its input does.
"""

import os
import signal
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from typing import Any, BinaryIO, TypeAlias

from services.photos.check import check_photo
from services.photos.contact_sheet import contact_sheet
from services.photos.limits import Limits, limit_memory, limited_time
from services.photos.mark import mark
from services.photos.messages import Message, read_message
from services.photos.prepare import prepare_photo
from services.photos.refusal import PhotoRefused
from services.photos.thumbnail import thumbnail
from services.photos.tile import Mark, Tile

Work: TypeAlias = Callable[[Message], Message]

_NICENESS = 5
"""The bot's event loop goes first where there is one core."""


def main(words: Sequence[str]) -> None:
    """Answer requests until the input ends.

    Args:
        words: The limits, see `Limits`: seconds of processor, seconds, MB; then `coach` where
            photos are looked at, too.
    """
    # Not every event loop closes what the bot has inherited.
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    cpu_s, wall_s, memory_mb, *rest = words
    limits = Limits(cpu_s=float(cpu_s), wall_s=float(wall_s), memory_mb=int(memory_mb))
    # The bot says when to end, by closing the input; what a terminal or a service manager sends to
    # the whole group must not cut off the photo in work, as if the photo had done it.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    os.nice(_NICENESS)
    requests, answers = _private_pipes()
    work = WORK
    if rest:
        # What the coach is made of counts as what the process has when it starts.
        from services.photos.coach.work import COACH_WORK  # noqa: PLC0415  # 140 MB

        work = {**WORK, **COACH_WORK}
    limit_memory(limits.memory_mb)
    with suppress(BrokenPipeError):
        while (request := read_message(requests)) is not None:
            with limited_time(limits):
                answer = answer_to(request, work)
            del request
            for piece in answer.pieces():
                answers.write(piece)
            answers.flush()
            del answer


def answer_to(request: Message, work: Mapping[Any, Work]) -> Message:
    """Do the work that a request names under `work`.

    Returns:
        What it gives; or `refused` with the reason and its `params`; or `failed` with the
        traceback of what must be a bug of ours.
    """
    try:
        return work[request.head["work"]](request)
    except PhotoRefused as refusal:
        return Message({"refused": refusal.reason.value, "params": refusal.params})
    except Exception:  # noqa: BLE001  # the bot logs it
        return Message({"failed": traceback.format_exc()})


def _check(request: Message) -> Message:
    return Message({"facts": asdict(check_photo(*request.parts))})


def _prepare(request: Message) -> Message:
    return Message({}, [prepare_photo(request.parts[0], request.head["turn"])])


def _thumbnail(request: Message) -> Message:
    return Message({}, [thumbnail(request.parts[0], request.head["turn"])])


def _contact_sheet(request: Message) -> Message:
    tiles = [
        Tile(number, Mark(mark), words, thumbnail or None)
        for (number, mark, words), thumbnail in zip(
            request.head["tiles"], request.parts, strict=True
        )
    ]
    return Message({}, [contact_sheet(tiles)])


def _mark(request: Message) -> Message:
    return Message({}, [mark(*request.parts)])


WORK: dict[Any, Work] = {
    "check": _check,
    "prepare": _prepare,
    "thumbnail": _thumbnail,
    "contact_sheet": _contact_sheet,
    "mark": _mark,
}
"""What can be asked for, by name."""


def _private_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Move input and output to descriptors of their own: what a library prints is no answer."""
    requests, answers = os.dup(0), os.dup(1)
    os.dup2(2, 1)
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123  # a device
        os.dup2(nothing.fileno(), 0)
    return os.fdopen(requests, "rb"), os.fdopen(answers, "wb")


if __name__ == "__main__":
    main(sys.argv[1:])
