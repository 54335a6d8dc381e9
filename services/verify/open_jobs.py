"""Remembers, in a file, what a verification has under way: it may die without a word."""

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from services.verify.evidence import JobSeen

FILE_NAME = "verify-open.json"


class OpenJobs:
    """The file of what may be running at fal; while there is one, nothing new is begun.

    Args:
        folder: Where the file is.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME

    @contextmanager
    def held(self) -> Iterator[bool]:
        """Keep other verifications from the folder meanwhile; they are given False.

        The lock is the system's, so it goes with the process that holds it.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_ours = True
        except BlockingIOError:
            is_ours = False
        try:
            yield is_ours
        finally:
            os.close(folder)

    def left(self) -> Sequence[str] | None:
        """Return what an earlier verification left behind; None when it ended well."""
        if not self.path.exists():
            return None
        try:
            rows = json.loads(self.path.read_text())
            return [f"{row['name']} ({row['endpoint']}): {row['request_id']}" for row in rows]
        except (ValueError, TypeError, KeyError):
            return ["something (its file cannot be read)"]

    def keep(self, jobs: Sequence[JobSeen]) -> None:
        """Write down what is under way; without any the file is removed."""
        rows = [
            {
                "name": job.name,
                "endpoint": job.endpoint,
                "request_id": job.job.request_id if job.job else "request id not known",
            }
            for job in jobs
            if job.is_under_way
        ]
        if rows:
            write_private(self.path, json.dumps(rows))
        else:
            self.path.unlink(missing_ok=True)


def write_private(path: Path, text: str) -> None:
    """Write a file that its owner alone can read, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
