"""The types of columns, and the base of all tables."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    Dialect,
    Enum,
    Index,
    MetaData,
    text,
)
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import DateTime, TypeDecorator

from services.domain.api_keys import KeyScope
from services.domain.clock import UTC
from services.domain.copies import CopyKind
from services.domain.deletion import JobEnd, PayloadEnd
from services.domain.states import (
    EnlargementState,
    GenerationState,
    TrainingState,
)
from services.domain.vocabulary import (
    CallEnd,
    ChargeKind,
    DeliveryProblem,
    FailureReason,
    Language,
    Missing,
    PhotoState,
    PictureShape,
    PictureSize,
    Purpose,
    QualityMode,
    Subject,
)

MICROS = 1_000_000


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time. SQLite keeps no zone, so it is put back when a row is read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse naive times; store everything else as UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = "a naive time cannot be stored"
            raise ValueError(msg)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the time with its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Usd(TypeDecorator[Decimal]):
    """An amount of US dollars, kept as whole millionths so that sums are exact everywhere."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Store millionths, rounded."""
        return None if value is None else round(value * MICROS)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        """Return dollars."""
        return None if value is None else Decimal(value) / MICROS


def choice(kind: type[StrEnum], name: str) -> Enum:
    """Store a closed choice as its text value, guarded by a check constraint."""
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=24,
        values_callable=lambda enum: [member.value for member in enum],
    )


def unfinished(table: str, on_sqlite: str, on_postgres: str = "") -> Index:
    """Return an index of the rows with something left to be done: others are never looked through.

    SQLite uses it where a query has the condition word for word.
    """
    return Index(
        f"ix_{table}_unfinished",
        "created_at",
        sqlite_where=text(on_sqlite),
        postgresql_where=text(on_postgres or on_sqlite),
    )


class Table(DeclarativeBase):
    """Base of all tables; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        Decimal: Usd,
        ChargeKind: choice(ChargeKind, "kind"),
        Language: choice(Language, "language"),
        Subject: choice(Subject, "subject"),
        QualityMode: choice(QualityMode, "mode"),
        TrainingState: choice(TrainingState, "state"),
        GenerationState: choice(GenerationState, "state"),
        EnlargementState: choice(EnlargementState, "state"),
        PhotoState: choice(PhotoState, "state"),
        Missing: choice(Missing, "missing"),
        PictureShape: choice(PictureShape, "shape"),
        PictureSize: choice(PictureSize, "size"),
        Purpose: choice(Purpose, "purpose"),
        FailureReason: choice(FailureReason, "failure"),
        DeliveryProblem: choice(DeliveryProblem, "delivery_problem"),
        CallEnd: choice(CallEnd, "call_end"),
        JobEnd: choice(JobEnd, "end"),
        PayloadEnd: choice(PayloadEnd, "payload_end"),
        CopyKind: choice(CopyKind, "kind"),
        KeyScope: choice(KeyScope, "scope"),
        dict[str, Any]: JSON,
        list[str]: JSON,
    }
