"""What Telegram says of a payment."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Charge:
    """What Telegram says of a payment, in its message or its statement.

    `charge_id` is telegram_payment_charge_id, and `paid_at` Telegram's date. Of a subscription, a
    message says until when it is paid, and whether it is the first time; the statement does not.
    `nth` is how many lines of this id a look at the statement has found within a day.
    """

    charge_id: str
    user_id: int
    stars: int
    payload: str
    paid_at: datetime
    paid_until: datetime | None = None
    is_first: bool | None = None
    nth: int = 1
