"""The operator's settings, from the environment or `.env`."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import (
    AliasChoices,
    Field,
    FiniteFloat,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.public_url import check_public_url, is_private
from bot.unknown_settings import unknown_settings
from db.database import BAD_PORT, check_url, is_in_memory
from services.fal.editors import FLUX_2_EDIT, GENERAL_EDITORS, WITH_LORA
from services.fal.endpoints import FAST_TRAINING, TRAINERS
from services.fal.enlargers import ENLARGERS, SEEDVR
from services.fal.gateway import ARCHIVE_DAYS
from services.money.star_prices import load_tariff
from services.paying.packs import Pack, read_packs, read_subscription
from services.presets.file import load_presets
from services.prompts.instructions import MAX_RULES

ENV_FILE = ".env"

TELEGRAM = "https://api.telegram.org"

PROMPT_MODEL = "google/gemini-2.5-flash"
"""Small and quick; about 0.001 USD a prompt was reported for it by way of fal (2026-10)."""

OFF = "off"

DAY_S = 86400

LARGEST_SET = 100
"""More photos than this help no trainer; fal's demo trainers take 200 files at most."""


PAST_IDS = 2**52
"""Telegram's ids have at most 52 significant bits (core.telegram.org/bots/api#user)."""

UserIds = Annotated[frozenset[int], NoDecode]
"""Telegram user ids, written with commas or spaces between them."""


class BadSettings(Exception):
    """The settings cannot be used; each line of the text names a variable and what is wrong."""


class DatabaseSettings(BaseSettings):
    """What is needed to find the database, and nothing else."""

    model_config = SettingsConfigDict(env_file=ENV_FILE, extra="ignore", env_ignore_empty=True)

    database_url: str = "sqlite+aiosqlite:///data/bot.db"

    @field_validator("database_url")
    @classmethod
    def _database_url(cls, value: str) -> str:
        check_url(value)
        if is_in_memory(value):
            msg = "names no file; write it like sqlite+aiosqlite:///data/bot.db"
            raise ValueError(msg)
        return value


class Settings(DatabaseSettings):
    """Every setting, named like its variable in lower case."""

    bot_token: SecretStr
    # Before the keys, whose form depends on it.
    fal_api_url: str = ""
    fal_key: SecretStr
    telegram_api_url: str = TELEGRAM
    poll_interval: Annotated[FiniteFloat, Field(gt=0, le=300)] = 5.0
    job_deadline: Annotated[FiniteFloat, Field(gt=0, le=7 * 86400)] = 10800.0
    reconcile_time: Annotated[FiniteFloat, Field(ge=0)] = 900.0
    # The default as well is compared with JOB_DEADLINE.
    keep_archive: Annotated[int, Field(ge=0, le=30, validate_default=True)] = ARCHIVE_DAYS
    min_photos: Annotated[int, Field(ge=4)] = 5
    # The default as well is compared with MIN_PHOTOS.
    max_photos: Annotated[int, Field(le=LARGEST_SET, validate_default=True)] = 20
    # TRAINER is the same by the name for one.
    trainers: Annotated[
        tuple[str, ...], NoDecode, Field(validation_alias=AliasChoices("trainers", "trainer"))
    ] = ()
    class_word_trainers: Annotated[tuple[str, ...], NoDecode] = ()
    training_price_usd: Annotated[Decimal, Field(ge=0)] = Decimal("2.00")
    image_price_usd: Annotated[Decimal, Field(ge=0)] = Decimal("0.035")
    coach: Literal["on", "off"] = "on"
    preview_images: Annotated[int, Field(ge=0, le=4)] = 1
    access: Literal["open", "allowlist"] | None = None
    allowed_users: UserIds = frozenset()
    admins: UserIds = frozenset()
    daily_trainings: Annotated[int, Field(ge=0)] = 3
    daily_images: Annotated[int, Field(ge=0)] = 100
    running_trainings: Annotated[int, Field(ge=1)] = 1
    daily_budget_usd: Annotated[Decimal, Field(ge=0)] = Decimal(25)
    fal_admin_key: SecretStr | None = None
    low_balance_usd: Annotated[Decimal, Field(ge=0)] = Decimal(5)
    prompt_model: Annotated[str, Field(max_length=100)] = PROMPT_MODEL
    prompt_rules: Annotated[str, Field(max_length=MAX_RULES)] = ""
    enlarger: str = SEEDVR
    editor: str = FLUX_2_EDIT
    instant_models: Annotated[tuple[str, ...], NoDecode] = (FLUX_2_EDIT,)
    free_instant: Literal["on", "off"] = "off"
    mark: Literal["metadata", "visible", "none"] = "metadata"
    presets_file: str = ""
    prices_file: str = ""
    payments: Literal["off", "stars"] = "off"
    star_packs: str = "100, 250+15, 500+50, 1000+150"
    free_credits: Annotated[int, Field(ge=0, le=100_000)] = 0
    subscription: str = ""
    referral_credits: Annotated[int, Field(ge=0, le=100_000)] = 0
    star_usd: Annotated[Decimal, Field(gt=0)] = Decimal("0.013")
    margin: Annotated[Decimal, Field(gt=0)] = Decimal("1.5")
    ledger_days: Annotated[int, Field(ge=1, le=3650)] = 180
    public_url: str = ""
    telegram_messages_per_second: Annotated[FiniteFloat, Field(gt=0, le=1000)] = 30.0
    inline: Literal["off", "on"] = "off"
    groups: Literal["off", "on"] = "off"
    two_models: Literal["off", "on"] = "off"
    export_part_mb: Annotated[int, Field(ge=1, le=1900)] = 48
    http_host: str = "127.0.0.1"
    http_port: Annotated[int | None, Field(ge=1, le=65535, validate_default=True)] = None
    webhook_allowed_hosts: Annotated[frozenset[str], NoDecode] = frozenset()
    s3_endpoint: str = ""
    s3_bucket: Annotated[str, Field(validate_default=True)] = ""
    s3_region: str = "us-east-1"
    s3_access_key_id: Annotated[str, Field(validate_default=True)] = ""
    s3_secret_access_key: Annotated[SecretStr | None, Field(validate_default=True)] = None
    s3_prefix: str = ""
    metrics_host: str = "127.0.0.1"
    metrics_port: Annotated[int | None, Field(ge=1, le=65535)] = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"

    @field_validator("bot_token")
    @classmethod
    def _bot_token(cls, value: SecretStr) -> SecretStr:
        if not re.fullmatch(r"\d+:[A-Za-z0-9_-]+", value.get_secret_value()):
            msg = "not a bot token; it looks like 123456789:AAH... and comes from @BotFather"
            raise ValueError(msg)
        return value

    @field_validator("fal_key", "fal_admin_key")
    @classmethod
    def _fal_key(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if value is None:
            return value
        key = value.get_secret_value()
        if info.data.get("fal_api_url"):
            # Another server than fal may give out keys of any form that a header can carry.
            if not re.fullmatch(r"[!-~]+", key):
                msg = "not a key; it has neither spaces nor letters outside of ASCII"
                raise ValueError(msg)
        elif not re.fullmatch(r"[^\s:]+:[^\s:]+", key):
            msg = "not a fal key; it looks like key_id:key_secret and comes from fal.ai"
            raise ValueError(msg)
        return value

    @field_validator("telegram_api_url", "fal_api_url", "s3_endpoint")
    @classmethod
    def _http_url(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^\s/?#][^\s?#]*", value):
            msg = "not an http(s) URL"
            raise ValueError(msg)
        if value and not _is_port_right(value):
            raise ValueError(BAD_PORT)
        return value.rstrip("/")

    @field_validator("public_url")
    @classmethod
    def _public_url(cls, value: str) -> str:
        if value:
            check_public_url(value)
        return value.rstrip("/")

    @field_validator("http_port")
    @classmethod
    def _http_port(cls, value: int | None, info: ValidationInfo) -> int | None:
        if value is None and info.data.get("public_url"):
            msg = "must be set with PUBLIC_URL: the port that the reverse proxy passes on to"
            raise ValueError(msg)
        return value

    @field_validator("keep_archive")
    @classmethod
    def _keep_archive(cls, value: int, info: ValidationInfo) -> int:
        deadline_s = info.data.get("job_deadline", 0.0)
        if max(value, 1) * DAY_S < deadline_s:
            msg = f"photos must outlive a training, which may take JOB_DEADLINE: {deadline_s:g} s"
            raise ValueError(msg)
        return value

    @field_validator("prompt_model")
    @classmethod
    def _prompt_model(cls, value: str) -> str:
        if value.lower() == OFF:
            return ""
        if not re.fullmatch(r"[\w.-]+/[\w.:-]+", value):
            msg = f"not a model of OpenRouter; it looks like {PROMPT_MODEL}, or use {OFF}"
            raise ValueError(msg)
        return value

    @field_validator("enlarger", "editor")
    @classmethod
    def _one_or_off(cls, value: str, info: ValidationInfo) -> str:
        name, known = (
            ("an enlarger", ENLARGERS)
            if info.field_name == "enlarger"
            else ("an edit model", GENERAL_EDITORS)
        )
        if value.lower() == OFF:
            return ""
        if value not in known:
            msg = f"not {name}; use one of {', '.join(known)}, or {OFF}"
            raise ValueError(msg)
        return value

    @field_validator("instant_models", mode="before")
    @classmethod
    def _instant_models(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        named = tuple(dict.fromkeys(value.replace(",", " ").split()))
        if tuple(map(str.lower, named)) == (OFF,):
            return ()
        if not named or not set(named) <= set(GENERAL_EDITORS):
            msg = f"not a list of edit models; use some of {', '.join(GENERAL_EDITORS)}, or {OFF}"
            raise ValueError(msg)
        return named

    @field_validator("prompt_rules")
    @classmethod
    def _prompt_rules(cls, value: str) -> str:
        return " ".join(value.split())

    @field_validator("s3_bucket", "s3_access_key_id", "s3_secret_access_key")
    @classmethod
    def _s3(cls, value: str | SecretStr | None, info: ValidationInfo) -> str | SecretStr | None:
        endpoint = info.data.get("s3_endpoint")
        if endpoint and not value:
            msg = "must be set with S3_ENDPOINT"
            raise ValueError(msg)
        if value and endpoint == "":
            msg = "is set without S3_ENDPOINT, such as https://s3.eu-central-1.amazonaws.com"
            raise ValueError(msg)
        return value

    @field_validator("presets_file")
    @classmethod
    def _presets_file(cls, value: str) -> str:
        load_presets(value)
        return value

    @field_validator("prices_file")
    @classmethod
    def _prices_file(cls, value: str) -> str:
        load_tariff(value)
        return value

    @field_validator("trainers", "class_word_trainers", mode="before")
    @classmethod
    def _trainers(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        named = tuple(dict.fromkeys(value.replace(",", " ").split()))
        if not named or not set(named) <= set(TRAINERS):
            msg = f"not a list of trainers; use some of {', '.join(TRAINERS)}"
            raise ValueError(msg)
        return named

    @field_validator("allowed_users", "admins", mode="before")
    @classmethod
    def _user_ids(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        words = value.replace(",", " ").split()
        if not all(re.fullmatch(r"[0-9]{1,16}", word) for word in words) or not all(
            0 < int(word) < PAST_IDS for word in words
        ):
            msg = "not a list of Telegram user ids; write them like 12345, 67890"
            raise ValueError(msg)
        return frozenset(int(word) for word in words)

    @field_validator("webhook_allowed_hosts", mode="before")
    @classmethod
    def _hosts(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        hosts = value.lower().replace(",", " ").split()
        if not all(re.fullmatch(r"[a-z0-9.-]+", host) for host in hosts):
            msg = "not a list of host names; write them like receiver, 10.0.0.5, without ports"
            raise ValueError(msg)
        return frozenset(hosts)

    @field_validator("star_packs")
    @classmethod
    def _star_packs(cls, value: str) -> str:
        read_packs(value)
        return value

    @field_validator("subscription")
    @classmethod
    def _subscription(cls, value: str, info: ValidationInfo) -> str:
        if read_subscription(value) is not None and info.data.get("payments") != "stars":
            msg = "is for PAYMENTS=stars only"
            raise ValueError(msg)
        return value

    @field_validator(
        "log_level",
        "log_format",
        "access",
        "coach",
        "mark",
        "payments",
        "inline",
        "groups",
        "two_models",
        "free_instant",
        mode="before",
    )
    @classmethod
    def _any_case(cls, value: object, info: object) -> object:
        if not isinstance(value, str):
            return value
        return value.upper() if getattr(info, "field_name", "") == "log_level" else value.lower()

    @field_validator("max_photos")
    @classmethod
    def _photo_limits(cls, value: int, info: ValidationInfo) -> int:
        least = info.data.get("min_photos", value)
        if value < least:
            msg = f"must be at least MIN_PHOTOS ({least})"
            raise ValueError(msg)
        return value

    @property
    def archive_days(self) -> int:
        """After how many days fal deletes the prepared photos: at the soonest, one."""
        return max(self.keep_archive, 1)

    @property
    def is_emulated(self) -> bool:
        """Whether neither Telegram nor fal are the real ones, so that nobody gets a bill.

        Another Bot API server alone may well be a local one of the real Telegram.
        """
        return self.telegram_api_url != TELEGRAM and bool(self.fal_api_url)

    @property
    def is_open(self) -> bool:
        """Whether everyone is let in: by ACCESS, or where it says nothing and costs nothing."""
        if self.access is not None:
            return self.access == "open"
        return self.is_emulated and not self.allowed_users | self.admins

    @property
    def packs(self) -> tuple[Pack, ...]:
        """What users can buy; nothing where they pay nothing."""
        return read_packs(self.star_packs) if self.payments == "stars" else ()

    @property
    def monthly(self) -> Pack | None:
        """What users can buy each month; None where that is nothing."""
        return read_subscription(self.subscription) if self.payments == "stars" else None

    @property
    def editors(self) -> tuple[str, ...]:
        """What makes pictures of pictures: EDITOR, what takes the LoRAs, and INSTANT_MODELS."""
        own = [self.editor] if self.editor else []
        generators = [TRAINERS[trainer].generator for trainer in self.offered_trainers]
        with_lora = [WITH_LORA[one] for one in generators if self.editor and one in WITH_LORA]
        return tuple(dict.fromkeys([*own, *with_lora, *self.instant_models]))

    @property
    def offered_trainers(self) -> tuple[str, ...]:
        """The trainers on offer; fast-training until the operator has chosen."""
        return self.trainers or (FAST_TRAINING,)

    @property
    def fal_calls_back(self) -> bool:
        """Whether fal can call PUBLIC_URL: fal itself reaches no private network."""
        return bool(self.public_url and (self.fal_api_url or not is_private(self.public_url)))

    @property
    def secrets(self) -> tuple[str, ...]:
        """Everything that must never be printed."""
        kept = (self.bot_token, self.fal_key, self.fal_admin_key, self.s3_secret_access_key)
        return tuple(secret.get_secret_value() for secret in kept if secret is not None)


def _is_port_right(url: str) -> bool:
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


def load_settings() -> Settings:
    """Read the settings.

    Raises:
        BadSettings: With a line for each mistake that names the variable; it never shows a secret.
    """
    aliases = {"TRAINER"}
    names = {name.upper() for name in Settings.model_fields} | aliases
    mistakes = unknown_settings(names, Path(ENV_FILE))
    try:
        settings = Settings()
    except ValidationError as error:
        raise BadSettings("\n".join([*_lines(error), *mistakes])) from None
    if mistakes:
        raise BadSettings("\n".join(mistakes))
    return settings


def load_database_settings() -> DatabaseSettings:
    """Read DATABASE_URL alone: for what needs neither Telegram nor fal.

    Raises:
        BadSettings: As for `load_settings`.
    """
    try:
        return DatabaseSettings()
    except ValidationError as error:
        raise BadSettings("\n".join(_lines(error))) from None


def _lines(error: ValidationError) -> list[str]:
    lines = []
    for mistake in error.errors(include_input=False, include_url=False):
        message = mistake["msg"].removeprefix("Value error, ")
        if mistake["type"] == "missing":
            message = "is not set; see .env.example"
        lines.append(f"{str(mistake['loc'][0]).upper()}: {message}")
    return lines
