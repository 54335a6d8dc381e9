"""What a local Telegram is made with: the bot, its first user, the limits."""

from dataclasses import dataclass, field

from sandbox.telegram.files import MAX_KEPT_BYTES

DEFAULT_TOKEN = "7000000001:SANDBOX-local-emulator-token-000001"  # noqa: S105  (opens nothing)


@dataclass(frozen=True)
class Bucket:
    """A token bucket: `burst` messages at once, then `per_second` more.

    Attributes:
        burst: messages that may leave without a pause.
        per_second: how fast the allowance grows back, messages a second.
    """

    burst: float
    per_second: float


@dataclass(frozen=True)
class FloodLimits:
    """How many sends and edits Telegram takes before it answers 429.

    A group gets no more than 20 in any minute (Bots FAQ), bursts and all.

    The rates are Telegram's published ones (Bots FAQ: about one message a second in a chat,
    20 a minute in a longer run, 30 a second over all chats). The bursts are ours: Telegram says
    only that short bursts pass. They are wide enough for a conversation typed by a person.

    Attributes:
        enabled: False never answers 429.
        chat_second: the short limit of one chat.
        chat_minute: the long limit of one private chat.
        group_minute: how many messages a group gets in any minute.
        overall: the limit over all chats.
    """

    enabled: bool = True
    chat_second: Bucket = Bucket(burst=20, per_second=1.0)
    chat_minute: Bucket = Bucket(burst=60, per_second=20 / 60)
    group_minute: int = 20
    overall: Bucket = Bucket(burst=60, per_second=30.0)


@dataclass(frozen=True)
class TelegramConfig:
    """Settings of the Telegram emulator.

    Attributes:
        token: the bot token that is accepted, `digits:secret`; the digits are the bot's id.
        first_name: the bot's display name.
        username: the bot's username, without @.
        language: language_code of the first pretended user (id 1001); None leaves it to the
            browser that opens the page first, and is English until then.
        flood: limits of sending.
        busy_loop_guard: hold repeated short polls as the real server does (three seconds when
            the same offset is asked again within three seconds).
        max_kept_bytes: files in messages are kept up to this size, those shown last.
    """

    token: str = DEFAULT_TOKEN
    first_name: str = "NeuroPhoto"
    username: str = "neurophoto_sandbox_bot"
    language: str | None = "en"
    flood: FloodLimits = field(default_factory=FloodLimits)
    busy_loop_guard: bool = True
    max_kept_bytes: int = MAX_KEPT_BYTES

    @property
    def bot_id(self) -> int:
        """The numeric id at the head of the token."""
        return int(self.token.partition(":")[0])
