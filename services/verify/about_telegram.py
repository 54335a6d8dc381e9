"""What the code takes for granted about Telegram, and the list of all assumptions."""

from services.verify.about_fal import ABOUT_FAL
from services.verify.about_platform import ABOUT_PLATFORM
from services.verify.assumptions import Assumption, Finding, holds, not_seen
from services.verify.evidence import Evidence

PHOTO, ALBUM, WEIGHTS = "photo", "album", "weights"

LEAST_BURST = 20
"""`handlers.telegram.limiter.Rates.chat_burst`, which a test compares."""


def _photo(evidence: Evidence) -> Finding:
    return _taken(evidence, PHOTO)


def _album(evidence: Evidence) -> Finding:
    return _taken(evidence, ALBUM)


def _taken(evidence: Evidence, what: str) -> Finding:
    answer = evidence.chat.get(what)
    return not_seen("it was not sent") if answer is None else holds(answer.is_ok, answer.said)


def _weights(evidence: Evidence) -> Finding:
    answer = evidence.chat.get(WEIGHTS)
    return not_seen("it was not sent") if answer is None else holds(not answer.is_ok, answer.said)


def _burst(evidence: Evidence) -> Finding:
    flood = evidence.flood
    if flood is None:
        return not_seen("--flood was not given")
    seen = f"{flood.sent} messages in {flood.within_s} s, then {flood.refusal or 'no more sent'}"
    return holds(flood.sent >= LEAST_BURST, seen)


def _retry_after(evidence: Evidence) -> Finding:
    if evidence.flood is None or not evidence.flood.refusal:
        return not_seen("Telegram refused no message")
    seconds = evidence.flood.retry_after_s
    return holds(seconds is not None, f"retry_after: {seconds} s")


ABOUT_TELEGRAM = (
    Assumption(
        "photo-by-address",
        "Telegram fetches a picture from fal by its address.",
        "handlers/generate/picture_sender.py",
        _photo,
    ),
    Assumption(
        "album-by-address",
        "Telegram fetches an album from fal by addresses.",
        "handlers/generate/picture_sender.py",
        _album,
    ),
    Assumption(
        "weights-not-by-address",
        "Telegram does not fetch weights by address: too large, and no GIF, PDF or ZIP.",
        "handlers/models",
        _weights,
    ),
    Assumption(
        "burst",
        f"A chat takes {LEAST_BURST} messages at once.",
        "handlers/telegram/limiter.py: Rates",
        _burst,
    ),
    Assumption(
        "retry-after",
        "A refusal for flood says after how many seconds to try again.",
        "handlers/telegram/middlewares.py: PatientRequests",
        _retry_after,
    ),
)

ASSUMPTIONS = (*ABOUT_FAL, *ABOUT_PLATFORM, *ABOUT_TELEGRAM)
