"""Reads fal's statuses."""

from typing import Any

from services.fal.answers import Unreadable, whole_number
from services.fal.gateway import Ended, JobStatus, Queued, Running
from services.fal.words import Words

LONGEST_QUEUE = 10_000_000

MOST_LOG_LINES = 500
MOST_LOG_LINE = 2000
"""Of a long log the newest is looked at; a line with many updates ends with the newest one."""


def status_of(answer: dict[str, Any], words: Words) -> JobStatus:
    """Return where a job stands.

    fal knows three words. Another one is no end: the job counts as running.

    Raises:
        Unreadable: There is no word at all.
    """
    word = answer.get("status")
    if not isinstance(word, str) or not word.strip():
        raise Unreadable("no status")
    match word.strip().upper():
        case "IN_QUEUE":
            return Queued(whole_number(answer.get("queue_position"), 0, LONGEST_QUEUE))
        case "COMPLETED":
            error = words.short(answer.get("error_type")) or words.short(answer.get("error"))
            return Ended(error or None)
        case _:
            return Running(_log_lines(answer.get("logs")))


def _log_lines(logs: object) -> tuple[str, ...]:
    if not isinstance(logs, list):
        return ()
    messages = (entry.get("message") for entry in logs if isinstance(entry, dict))
    texts = [message[-MOST_LOG_LINE:] for message in messages if isinstance(message, str)]
    return tuple(texts[-MOST_LOG_LINES:])
