"""What is out of order at Telegram today: the part of the control plane that tests set."""

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Checkouts(StrEnum):
    """What becomes of payments that the bot is asked about."""

    WORK = "work"
    LATE_ANSWER = "late_answer"
    DIES = "dies"


class Notice(StrEnum):
    """How the bot is told of a payment."""

    SENT = "sent"
    TWICE = "twice"
    LATE = "late"
    LOST = "lost"


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
    inline: bool = False
    """Inline mode was switched on at @BotFather (`supports_inline_queries` in getMe)."""
    privacy: bool = True
    """Privacy mode is on, as for every new bot (`can_read_all_group_messages` in getMe): of a
    group the bot gets what is meant for it. Off, it gets all."""
    joins_groups: bool = True
    """@BotFather lets the bot be added to groups (`can_join_groups` in getMe)."""
    checkout: Checkouts = Checkouts.WORK
    """`late_answer`: the bot's answer comes too late. `dies`: the approved payment fails."""
    pay_twice: bool = False
    """Everyone confirms a payment twice at once, as from two devices."""
    payment_notice: Notice = Notice.SENT
    """successful_payment is `sent`, sent `twice`, `late`, or `lost`; the chat shows it anyway."""
    payment_notice_late_s: int = Field(default=60, ge=0)
    """Seconds of Telegram's clock after which a late notice comes."""
    statement_lag_s: int = Field(default=0, ge=0)
    """Seconds after which getStarTransactions and getMyStarBalance know of a movement."""
    renewal_charge_id: Literal["new", "same"] = "new"
    """Whether a renewal has a charge id of its own; which one is true is not known."""
    commission_per_mille: int = Field(default=0, ge=0, le=999)
    """An affiliate takes this share of each payment."""
    commission_is_deducted: bool = True
    """The statement shows what is left after the commission; which one is true is not known."""
    refund_says_already: bool = False
    """refundStarPayment does its work, answers CHARGE_ALREADY_REFUNDED and sends no notice."""
