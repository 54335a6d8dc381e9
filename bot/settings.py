"""The operator's settings, from the environment or `.env`."""

import re
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import (
    AliasChoices,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from db.database import check_url
from services.fal.endpoints import FAST_TRAINING, TRAINERS
from services.presets.file import load_presets

TELEGRAM = "https://api.telegram.org"

LARGEST_SET = 100
"""More photos than this help no trainer; fal's demo trainers take 200 files at most."""


UserIds = Annotated[frozenset[int], NoDecode]
"""Telegram user ids, written with commas or spaces between them."""


class BadSettings(Exception):
    """The settings cannot be used; the text is one line that names the variable."""


class Settings(BaseSettings):
    """Every setting, named like its variable in lower case."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True)

    bot_token: SecretStr
    fal_key: SecretStr
    telegram_api_url: str = TELEGRAM
    fal_api_url: str = ""
    database_url: str = "sqlite+aiosqlite:///data/bot.db"
    poll_interval: Annotated[float, Field(gt=0, le=300)] = 5.0
    job_deadline: Annotated[float, Field(gt=0, le=7 * 86400)] = 10800.0
    reconcile_time: Annotated[float, Field(ge=0)] = 900.0
    min_photos: Annotated[int, Field(ge=4)] = 5
    max_photos: Annotated[int, Field(le=LARGEST_SET)] = 20
    # TRAINER is the same by the name for one.
    trainers: Annotated[
        tuple[str, ...], NoDecode, Field(validation_alias=AliasChoices("trainers", "trainer"))
    ] = (FAST_TRAINING,)
    training_price_usd: Annotated[Decimal, Field(ge=0)] = Decimal("2.00")
    image_price_usd: Annotated[Decimal, Field(ge=0)] = Decimal("0.035")
    preview_images: Annotated[int, Field(ge=0, le=4)] = 1
    access: Literal["open", "allowlist"] = "allowlist"
    allowed_users: UserIds = frozenset()
    admins: UserIds = frozenset()
    daily_trainings: Annotated[int, Field(ge=0)] = 3
    daily_images: Annotated[int, Field(ge=0)] = 100
    running_trainings: Annotated[int, Field(ge=1)] = 1
    daily_budget_usd: Annotated[Decimal, Field(ge=0)] = Decimal(25)
    fal_admin_key: SecretStr | None = None
    low_balance_usd: Annotated[Decimal, Field(ge=0)] = Decimal(5)
    presets_file: str = ""
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
    def _fal_key(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(r"[^\s:]+:[^\s:]+", value.get_secret_value()):
            msg = "not a fal key; it looks like key_id:key_secret and comes from fal.ai"
            raise ValueError(msg)
        return value

    @field_validator("telegram_api_url", "fal_api_url")
    @classmethod
    def _http_url(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^\s/?#][^\s?#]*", value):
            msg = "not an http(s) URL"
            raise ValueError(msg)
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _database_url(cls, value: str) -> str:
        check_url(value)
        return value

    @field_validator("presets_file")
    @classmethod
    def _presets_file(cls, value: str) -> str:
        load_presets(value)
        return value

    @field_validator("trainers", mode="before")
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
        if not all(word.isdecimal() for word in words):
            msg = "not a list of Telegram user ids; write them like 12345, 67890"
            raise ValueError(msg)
        return frozenset(int(word) for word in words)

    @field_validator("log_level", "log_format", "access", mode="before")
    @classmethod
    def _any_case(cls, value: object, info: object) -> object:
        if not isinstance(value, str):
            return value
        return value.upper() if getattr(info, "field_name", "") == "log_level" else value.lower()

    @model_validator(mode="after")
    def _photo_limits(self) -> "Settings":
        if self.max_photos < self.min_photos:
            msg = f"MAX_PHOTOS: must be at least MIN_PHOTOS ({self.min_photos})"
            raise ValueError(msg)
        return self

    @property
    def secrets(self) -> tuple[str, ...]:
        """Everything that must never be printed."""
        kept = (self.bot_token, self.fal_key, self.fal_admin_key)
        return tuple(secret.get_secret_value() for secret in kept if secret is not None)


def load_settings() -> Settings:
    """Read the settings.

    Raises:
        BadSettings: With one line that names the variable; it never shows a secret.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise BadSettings(_one_line(error)) from None


def _one_line(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    message = first["msg"].removeprefix("Value error, ")
    if not first["loc"]:
        return message
    name = str(first["loc"][0]).upper()
    if first["type"] == "missing":
        message = "is not set; see .env.example"
    return f"{name}: {message}"
