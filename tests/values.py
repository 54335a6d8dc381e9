"""Complete values for tests that care about a few of their fields."""

from decimal import Decimal
from typing import Any

from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import update

from db.database import Database
from db.tables import Table
from services.domain.values import Draft, Generation, Model, Photo, Picture, Training
from services.domain.vocabulary import QualityMode, Subject


def a_model(**changes: Any) -> Model:  # noqa: ANN401  # whatever the fields hold
    values: dict[str, Any] = {
        "id": "m",
        "user_id": 1001,
        "training_id": "t",
        "name": "Anna",
        "trigger_word": "ANNA_A3F2",
        "subject": Subject.WOMAN,
        "trainer": "fal-ai/flux-lora-fast-training",
        "generator": "fal-ai/flux-lora",
        "lora_url": "https://v3.fal.media/files/b/lora.safetensors",
    }
    return Model(**values | changes)


def a_draft(**changes: Any) -> Draft:  # noqa: ANN401
    """A draft in which everything is chosen."""
    values: dict[str, Any] = {
        "id": "t",
        "user_id": 1001,
        "chat_id": 1001,
        "name": "Anna",
        "trigger_word": "ANNA_A3F2",
        "subject": Subject.WOMAN,
        "trainer": "fal-ai/flux-lora-fast-training",
        "mode": QualityMode.STANDARD,
        "steps": 1000,
        "price_usd": Decimal("2.00"),
    }
    return Draft(**values | changes)


def a_training(**changes: Any) -> Training:  # noqa: ANN401
    draft = a_draft()
    names = ("id", "user_id", "chat_id", "name", "trigger_word", "subject", "trainer", "mode")
    values = {name: getattr(draft, name) for name in (*names, "steps", "price_usd")}
    return Training(**values | changes)


def a_photo(**changes: Any) -> Photo:  # noqa: ANN401
    values: dict[str, Any] = {
        "id": 1,
        "training_id": "t",
        "number": 1,
        "message_id": 1,
        "file_id": "file",
        "file_unique_id": "unique",
    }
    return Photo(**values | changes)


def a_generation(**changes: Any) -> Generation:  # noqa: ANN401
    values: dict[str, Any] = {
        "id": "g",
        "user_id": 1001,
        "chat_id": 1001,
        "model_id": "m",
        "origin": "message:1001:1",
        "prompt": "portrait photo",
        "seed": 1_000_000_007,
    }
    return Generation(**values | changes)


def a_picture(**changes: Any) -> Picture:  # noqa: ANN401
    values: dict[str, Any] = {
        "id": "p",
        "generation_id": "g",
        "position": 1,
        "url": "https://v3.fal.media/files/b/1.jpg",
    }
    return Picture(**values | changes)


async def set_columns(
    database: Database, table: type[Table], row_id: int | str, **changes: object
) -> None:
    """Write into a row what the product never writes so, or not at that moment."""
    columns = table.__table__.c
    async with database.engine.begin() as connection:
        await connection.execute(update(table).where(columns.id == row_id).values(**changes))


def labels_of(figures: str) -> set[str]:
    """Return all label values of a page of metrics, without the figures.

    A short id stands by chance among the digits of a float; in a label it does so on purpose.
    """
    return {
        value
        for family in text_string_to_metric_families(figures)
        for sample in family.samples
        for value in sample.labels.values()
    }
