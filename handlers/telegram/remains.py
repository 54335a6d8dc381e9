"""What may remain elsewhere of what is deleted here."""

from services.rules import TrainingRules
from texts.reader import Texts


def remains(t: Texts, rules: TrainingRules) -> str:
    """Say what may remain at fal and Telegram, and for how long."""
    key = "ask-remains-erased" if rules.erases_requests else "ask-remains"
    return t(key, days=rules.archive_days)
