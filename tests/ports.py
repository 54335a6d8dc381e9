"""Ports for servers that a test starts later, and perhaps more than once."""

import fcntl
import itertools
import os
import random
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

PORTS = range(20_000, 30_000)
"""Below those that the kernel gives to whoever asks for any (`ip_local_port_range`): such a one
may be somebody else's by the time that the server starts."""


def _candidates() -> Iterator[int]:
    start = random.SystemRandom().randrange(len(PORTS))
    return (PORTS[(start + step) % len(PORTS)] for step in itertools.count())


_ports = _candidates()


def free_port() -> int:
    """Return a port that nobody listens on; no other test process gets it while this one lives."""
    folder = Path(tempfile.gettempdir()) / "neurophoto-ports"
    folder.mkdir(exist_ok=True)
    for port in _ports:
        # Locked as long as this process lives, which closes it by ending.
        lock = os.open(folder / str(port), os.O_CREAT | os.O_WRONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with socket.create_server(("127.0.0.1", port)):
                return port
        except OSError:
            os.close(lock)
    raise AssertionError("ports without end")
