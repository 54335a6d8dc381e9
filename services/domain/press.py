"""A press of a button."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Press:
    """A press: Telegram's id of it, the message with the button, and the Stars it says it costs.

    `stars` is None where no price is on the button.
    """

    id: str
    message_id: int = 0
    stars: int | None = None
