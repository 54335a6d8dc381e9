"""Logging: ids, not contents, as text or as JSON lines, and never a secret."""

import json
import logging
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Literal

HIDDEN = "[hidden]"

_TOKEN_IN_URL = re.compile(r"bot\d+:[A-Za-z0-9_-]+")


def set_up_logging(
    level: str, log_format: Literal["text", "json"], secrets: Iterable[str]
) -> None:
    """Send all logs to stderr in the chosen form, with `secrets` blotted out."""
    handler = logging.StreamHandler()
    formatter: logging.Formatter = (
        JsonFormatter() if log_format == "json" else logging.Formatter(TEXT_FORMAT)
    )
    handler.setFormatter(HidingFormatter(formatter, secrets))
    logging.basicConfig(level=max(logging.WARNING, _number(level)), handlers=[handler], force=True)
    for room in OUR_ROOMS:
        logging.getLogger(room).setLevel(level)
    # Its warnings repeat what fal says, unfiltered; the gateway says the same in its own words.
    logging.getLogger("fal_client").setLevel(logging.CRITICAL)


def _number(level: str) -> int:
    return logging.getLevelNamesMapping()[level]


OUR_ROOMS = ("bot", "api", "handlers", "services", "db", "texts")
"""Only these follow the chosen level. What libraries log below a warning holds prompts, names and
addresses: SQL with its values, updates, URLs, bodies."""

TEXT_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class HidingFormatter(logging.Formatter):
    """Formats like another formatter and then blots out secrets, tracebacks included.

    Secrets are kept out of messages where they are made; this is the net below.
    """

    def __init__(self, inner: logging.Formatter, secrets: Iterable[str]) -> None:
        super().__init__()
        self._inner = inner
        self._secrets = [secret for secret in secrets if secret]

    def format(self, record: logging.LogRecord) -> str:
        """Return the line without secrets."""
        return without_secrets(self._inner.format(record), self._secrets)


def without_secrets(text: str, secrets: Iterable[str]) -> str:
    """Return a text with `secrets`, and whatever looks like a bot token in a URL, blotted out."""
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return _TOKEN_IN_URL.sub(f"bot{HIDDEN}", text)


class JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)
