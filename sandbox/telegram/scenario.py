"""What is out of order at Telegram today: the part of the control plane that tests set."""

from pydantic import BaseModel, ConfigDict, Field


class TelegramScenario(BaseModel):
    """Conditions at Telegram; the default is a Telegram that works.

    Each holds until it is changed or everything is reset.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    fetches: bool = True
    """Telegram fetches files by address from this sandbox's fal; false: it reaches no server."""
    albums_by_address_flood_s: int = Field(default=0, ge=0)
    """Albums by address are answered with 429 and this `retry_after`, while single photos pass.

    So does the real service, usually (tdlib/telegram-bot-api#505); 0 lets albums pass too.
    """
    topics: bool = False
    """Private chats with the bot have topics (`has_topics_enabled` in getMe)."""
