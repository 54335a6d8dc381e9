"""The bot's statement: lines of its Stars, oldest first, and their sum."""

from itertools import takewhile

from sandbox.telegram.emulator import TelegramEmulator
from sandbox.telegram.errors import ControlError
from sandbox.telegram.model import Json, User
from sandbox.telegram.stars.records import Line

_NOBODY: Json = {"id": 1000, "is_bot": False, "first_name": "Affiliate"}


def add_line(
    emulator: TelegramEmulator, line_id: str, change: int, partner: Json, date: int
) -> None:
    """Append a line; the bot sees it after the lag of the scenario.

    Args:
        emulator: whose bot.
        line_id: a payment and its refund share one.
        change: Stars that came (above zero) or went.
        partner: the Bot API's TransactionPartner.
        date: Unix time.
    """
    side = "source" if change > 0 else "receiver"
    body = {"id": line_id, "date": date, side: partner, "amount": abs(change)}
    visible_at = emulator.now() + emulator.scenario.statement_lag_s
    emulator.stars.lines.append(Line(body, change, visible_at))


def visible(emulator: TelegramEmulator) -> list[Line]:
    """The lines that the bot sees by now; none overtakes an older one."""
    now = emulator.now()
    return list(takewhile(lambda line: line.visible_at <= now, emulator.stars.lines))


def balance(emulator: TelegramEmulator) -> int:
    """The Stars of the bot: the sum of the visible lines."""
    return sum(line.change for line in visible(emulator))


def buyer(emulator: TelegramEmulator, user: User, payload: str, amount: int) -> tuple[Json, int]:
    """A person as the partner of a line, and the Stars that the line shows.

    An affiliate takes its part of what was paid when the scenario says so.
    """
    partner: Json = {"transaction_type": "invoice_payment", "type": "user", "user": user.as_user()}
    if payload:
        partner["invoice_payload"] = payload
    scenario = emulator.scenario
    taken = amount * scenario.commission_per_mille // 1000
    if taken:
        partner["affiliate"] = {
            "affiliate_user": _NOBODY,
            "commission_per_mille": scenario.commission_per_mille,
            "amount": taken,
        }
    return partner, amount - taken if scenario.commission_is_deducted else amount


_OTHERS: dict[str, Json] = {
    "fragment": {"type": "fragment"},
    "telegram_ads": {"type": "telegram_ads"},
    "telegram_api": {"type": "telegram_api", "request_count": 100},
    "affiliate_program": {"type": "affiliate_program", "commission_per_mille": 50},
    "chat": {"type": "chat", "chat": {"id": -1001, "title": "Channel", "type": "channel"}},
    "other": {"type": "other"},
    # Telegram adds types; a library that knows its own list of them only must bear it.
    "newer": {"type": "newer_than_this_library"},
}


def other_line(emulator: TelegramEmulator, kind: str, change: int) -> None:
    """Append a line of another kind: a withdrawal, advertisements, or one of the future.

    Raises:
        ControlError: the kind is unknown, or nothing moves.
    """
    if kind not in _OTHERS:
        raise ControlError(f"partner is user or one of {', '.join(sorted(_OTHERS))}.")
    if not change:
        raise ControlError("amount is a number of Stars other than 0.")
    line_id = f"{kind}{len(emulator.stars.lines) + 1}"
    add_line(emulator, line_id, change, _OTHERS[kind], int(emulator.now()))
