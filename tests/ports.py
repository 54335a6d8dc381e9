"""Ports for servers that a test starts later, and perhaps more than once."""

import fcntl
import itertools
import random
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

PORTS = range(20_000, 30_000)
"""Below those that the kernel gives to whoever asks for any (`ip_local_port_range`): such a one
may be somebody else's by the time that the server starts."""

_held: list[IO[str]] = []


def _candidates() -> Iterator[int]:
    start = random.SystemRandom().randrange(len(PORTS))
    return (PORTS[(start + step) % len(PORTS)] for step in itertools.count())


_ports = _candidates()


def free_port() -> int:
    """Return a port that nobody listens on; no other test process gets it while this one lives."""
    folder = Path(tempfile.gettempdir()) / "neurophoto-ports"
    folder.mkdir(exist_ok=True)
    for port in _ports:
        lock = (folder / str(port)).open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with socket.create_server(("127.0.0.1", port)):
                _held.append(lock)
                return port
        except OSError:
            lock.close()
    raise AssertionError("ports without end")
