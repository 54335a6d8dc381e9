"""Rows with everything filled in that their tables ask for."""

from decimal import Decimal
from typing import Any

from db import tables
from db.database import Transaction
from db.tables import Draft, Generation, PhotoSet, Training
from db.values import columns_of
from services.domain.clock import now
from services.domain.states import TrainingState
from services.domain.values import Model
from services.domain.vocabulary import PhotoState, QualityMode, Subject

SHA = "0" * 64


def training(row_id: str, user_id: int = 1001, **changes: object) -> Training:
    """A training that was just started."""
    values: dict[str, Any] = {
        "id": row_id,
        "user_id": user_id,
        "chat_id": user_id,
        "state": TrainingState.PREPARING,
        "name": "Anna",
        "trigger_word": f"ANNA_{row_id.upper()}",
        "subject": Subject.WOMAN,
        "mode": QualityMode.ECONOMY,
        "trainer": "fal-ai/flux-lora-fast-training",
        "steps": 500,
        "price_usd": Decimal(1),
    }
    values.update(changes)
    return Training(**values)


def draft(row_id: str, user_id: int = 1001, **changes: object) -> Draft:
    """A draft in which nothing is chosen."""
    values: dict[str, Any] = {
        "id": row_id,
        "user_id": user_id,
        "chat_id": user_id,
        "trainer": "fal-ai/flux-lora-fast-training",
    }
    return Draft(**values | changes)


def photo_set(owner: Draft | Training) -> PhotoSet:
    """The photo set of a draft or training, empty."""
    return PhotoSet(id=owner.id, user_id=owner.user_id, consent_at=now(), consent_version="1")


async def add(tx: Transaction, *owners: Draft | Training) -> None:
    """Keep drafts or trainings, each with its photo set."""
    for owner in owners:
        for row in (photo_set(owner), owner):
            tx._session.add(row)
            await tx.flush()


def photo(training_id: str, number: int, **changes: object) -> dict[str, Any]:
    """The values of a pending photo."""
    values: dict[str, Any] = {
        "training_id": training_id,
        "number": number,
        "message_id": number,
        "file_id": f"file-{number}",
        "file_unique_id": f"unique-{number}",
        "state": PhotoState.PENDING,
    }
    values.update(changes)
    return values


def model(row_id: str, training_id: str, user_id: int = 1001, **changes: object) -> Model:
    values: dict[str, Any] = {
        "id": row_id,
        "user_id": user_id,
        "training_id": training_id,
        "name": "Anna",
        "trigger_word": f"ANNA_{row_id.upper()}",
        "subject": Subject.WOMAN,
        "trainer": "fal-ai/flux-lora-fast-training",
        "generator": "fal-ai/flux-lora",
        "lora_url": "https://v3.fal.media/files/b/lora.safetensors",
    }
    values.update(changes)
    return Model(**values)


def generation(row_id: str, model_id: str, **changes: object) -> dict[str, Any]:
    values: dict[str, Any] = {
        "id": row_id,
        "user_id": 1001,
        "chat_id": 1001,
        "model_id": model_id,
        "origin": f"message:1001:{row_id}",
        "prompt": "portrait photo",
        "seed": 1_000_000_007,
    }
    values.update(changes)
    return values


def generation_row(row_id: str, model_id: str, **changes: object) -> Generation:
    return Generation(**generation(row_id, model_id, **changes))


def model_row(
    row_id: str, training_id: str, user_id: int = 1001, **changes: object
) -> tables.Model:
    return tables.Model(**columns_of(model(row_id, training_id, user_id, **changes)))
