"""Bounds on what one piece of photo work may take, set by the photo process on itself.

The kernel keeps them, also while a decoder holds the interpreter and when the bot is gone.
"""

import os
import resource
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Limits:
    """What one piece of work may take.

    Attributes:
        cpu_s: Seconds of processor, on all cores together. The slowest files that are accepted
            take about 8 on a core of a small server.
        wall_s: Seconds by the clock, for whatever waits instead of working.
        memory_mb: MB beyond what the process has when it starts. The largest files that are
            accepted take 640 to be prepared.
        idle_s: Seconds without work after which the process is ended.
    """

    cpu_s: float = 30
    wall_s: float = 90
    memory_mb: int = 800
    idle_s: float = 60


@contextmanager
def limited_time(limits: Limits) -> Iterator[None]:
    """End the process by a signal when the block takes too long (SIGALRM or SIGPROF)."""
    signal.setitimer(signal.ITIMER_REAL, limits.wall_s)
    signal.setitimer(signal.ITIMER_PROF, limits.cpu_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.setitimer(signal.ITIMER_PROF, 0)


def limit_memory(memory_mb: int) -> None:
    """Have allocations beyond a number of MB fail, which decoders report as a bad file.

    Where the kernel does not keep such a limit (macOS), a thread ends the process instead.
    """
    more = memory_mb * 1_000_000
    # The memory of a process that dies holds the photo; it must not be written to a disk.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        mapped_pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:
        watch_memory(memory_mb)
        return
    mapped = mapped_pages * resource.getpagesize()
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    soft = mapped + more if hard == resource.RLIM_INFINITY else min(mapped + more, hard)
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def watch_memory(memory_mb: int, every_s: float = 0.05) -> None:
    """Have a thread end the process as soon as its memory has grown by a number of MB."""
    most = _peak_bytes() + memory_mb * 1_000_000
    asleep = threading.Event()

    def watch() -> None:
        while _peak_bytes() < most:
            asleep.wait(every_s)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, name="memory", daemon=True).start()


def _peak_bytes() -> int:
    """Return the peak resident memory; macOS reports bytes, Linux kilobytes (getrusage(2))."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
