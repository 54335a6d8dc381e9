"""The texts of a copy: one file for programs, and tables that a spreadsheet opens."""

import csv
import io
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from db.database import Database
from db.exported import OF_EDIT, ListedLoan, Made
from services.domain.exports import ExportItem, ItemKind
from services.domain.loans import Loan
from services.domain.values import Draft, Generation, Model, Photo, Picture, Training, User
from services.domain.webhooks import Webhook
from services.exporting.fields import (
    OF_DRAFT,
    OF_GENERATION,
    OF_LOAN,
    OF_MODEL,
    OF_PHOTO,
    OF_PICTURE,
    OF_TRAINING,
    OF_USER,
    OF_WEBHOOK,
)

Json = dict[str, Any]


COLUMNS = (
    "date",
    "file",
    "model",
    "prompt",
    "english",
    "seed",
    "format",
    "size",
    "strength",
    "favourite",
    "rating",
    "missing",
    "likeness",
)

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would take for a formula."""


class Data:
    """Writes what is known of a user and of their files, and nothing of anybody else.

    Args:
        database: Where it is kept.
        user_id: Whose data.
        items: The files of the copy, with their paths.
    """

    def __init__(self, database: Database, user_id: int, items: Sequence[ExportItem]) -> None:
        self._database = database
        self._user_id = user_id
        self._edited: Mapping[str, str | None] = {}
        self._paths = {(item.kind, item.of_id): item.path for item in items if item.part}

    async def json(self) -> AsyncIterator[str]:
        """Yield all as JSON."""
        async with self._database.transaction() as tx:
            user = await tx.users.get(self._user_id)
            consents = await tx.exported.consents(self._user_id)
            drafts = await tx.exported.drafts(self._user_id)
            trainings = await tx.exported.trainings(self._user_id)
            models = await tx.exported.models(self._user_id)
            photos = await tx.exported.photos(self._user_id)
            searches = await tx.exported.searches(self._user_id)
            written = await tx.exported.written(self._user_id)
            webhook = await tx.webhooks.of(self._user_id)
            edited = await tx.exported.edited(self._user_id)
            loans = await tx.exported.loans(self._user_id)
        paths = self._photo_paths(photos)
        self._edited = {photo.file_id: paths.get(photo.file_unique_id) for photo in photos} | {
            file_id: self._paths.get((ItemKind.PHOTO, OF_EDIT + generation_id))
            for file_id, generation_id in edited.items()
        }
        head: Json = {
            "user": _some(user, OF_USER) if user else {},
            "consents": [
                {"of": of, "wording": consent.version, "at": _plain(consent.at)}
                for of, consent in consents
            ],
            "drafts": [_some(draft, OF_DRAFT) for draft in drafts],
            "trainings": [_some(training, OF_TRAINING) for training in trainings],
            "models": [self._model(model) for model in models],
            "lent": [_lent(one) for one in loans if one.model.user_id == self._user_id],
            "borrowed": [_borrowed(one) for one in loans if one.model.user_id != self._user_id],
            "photos": [
                {**_some(photo, OF_PHOTO), "file": paths.get(photo.file_unique_id)}
                for photo in photos
            ],
            "searches": list(searches),
            # Without its secret, which was shown once.
            "webhook": _some(webhook, OF_WEBHOOK) if webhook else None,
            "written_to_operator": [
                {
                    "text": one.text,
                    "attachment": _plain(one.attachment),
                    "at": _plain(one.created_at),
                }
                for one in written
            ],
        }
        yield _json(head).removesuffix("\n}") + ',\n "generations": ['
        separator = "\n"
        async for made in self._made():
            yield separator + _json(self._generation(made))
            separator = ",\n"
        yield "\n ]\n}\n"

    async def pictures(self) -> AsyncIterator[str]:
        """Yield a table of the pictures, the oldest first."""
        async with self._database.transaction() as tx:
            models = {one.id: one.name for one in await tx.exported.models(self._user_id)}
        yield _line(COLUMNS)
        async for made in self._made():
            for picture in made.pictures:
                if not picture.is_flagged:
                    of = (made.generation.model_id, made.generation.second_model_id)
                    name = ", ".join(models[one] for one in of if one in models)
                    yield _line(self._cells(made, picture, name))

    async def consents(self) -> AsyncIterator[str]:
        """Yield a table of what was agreed to."""
        async with self._database.transaction() as tx:
            consents = await tx.exported.consents(self._user_id)
            names: dict[str, str | None] = {
                one.id: one.name for one in await tx.exported.trainings(self._user_id)
            }
            names |= {one.id: one.name for one in await tx.exported.drafts(self._user_id)}
        yield _line(("date", "wording of", "for", "name"))
        for of, consent in consents:
            yield _line((_plain(consent.at), consent.version, of, names.get(of) or ""))

    async def _made(self) -> AsyncIterator[Made]:
        last: Generation | None = None
        while True:
            async with self._database.transaction() as tx:
                page = await tx.exported.generations(self._user_id, last)
                made = [one async for one in tx.exported.made(page)]
            for one in made:
                yield one
            if not page:
                return
            last = page[-1]

    def _photo_paths(self, photos: Sequence[Photo]) -> Mapping[str, str]:
        found = {}
        for photo in photos:
            path = self._paths.get((ItemKind.PHOTO, str(photo.id)))
            if path is not None:
                found[photo.file_unique_id] = path
        return found

    def _model(self, model: Model) -> Json:
        return {
            **_some(model, OF_MODEL),
            "weights": self._paths.get((ItemKind.WEIGHTS, model.id)),
            "config": self._paths.get((ItemKind.CONFIG, model.id)),
            "address": model.lora_url,
        }

    def _generation(self, made: Made) -> Json:
        return {
            **_some(made.generation, OF_GENERATION),
            "of_photo": self._edited.get(made.generation.source_file_id or ""),
            "pictures": [self._picture(made, picture) for picture in made.pictures],
        }

    def _picture(self, made: Made, picture: Picture) -> Json:
        if picture.is_flagged:
            return {"id": picture.id, "position": picture.position, "held_back": True}
        rating = made.ratings.get(picture.id)
        larger = made.enlargements.get(picture.id, ())
        return {
            **_some(picture, OF_PICTURE),
            "file": self._paths.get((ItemKind.PICTURE, picture.id)),
            "rating": None
            if rating is None
            else {"good": rating.is_good, "missing": rating.missing, "at": rating.created_at},
            "enlarged": [
                {
                    "file": self._paths.get((ItemKind.ENLARGED, one.id)),
                    "enlarger": one.enlarger,
                    "state": one.state,
                    "at": one.created_at,
                }
                for one in larger
            ],
        }

    def _cells(self, made: Made, picture: Picture, model: str) -> Sequence[object]:
        generation, rating = made.generation, made.ratings.get(picture.id)
        return (
            _plain(picture.created_at),
            self._paths.get((ItemKind.PICTURE, picture.id), ""),
            model,
            generation.prompt,
            generation.english or "",
            generation.seed,
            generation.shape,
            generation.size,
            generation.lora_scale,
            "yes" if picture.is_favourite else "",
            "" if rating is None else "good" if rating.is_good else "bad",
            "" if rating is None else rating.missing or "",
            "" if picture.likeness is None else picture.likeness,
        )


def _some(
    value: User | Draft | Training | Model | Loan | Photo | Generation | Picture | Webhook,
    names: Sequence[str],
) -> Json:
    known = {field.name for field in fields(value)}
    return {name: _plain(getattr(value, name)) for name in names if name in known}


def _lent(one: ListedLoan) -> Json:
    """Return a loan as its owner may keep it: the prompts stay the borrower's to delete."""
    uses = [{"at": _plain(use.created_at), "pictures": use.pictures} for use in one.uses]
    return {"model_id": one.model.id, **_some(one.loan, OF_LOAN), "uses": uses}


def _borrowed(one: ListedLoan) -> Json:
    uses = [{"generation_id": use.generation_id, "pictures": use.pictures} for use in one.uses]
    return {"model": one.model.name, **_some(one.loan, OF_LOAN), "uses": uses}


def _plain(value: object) -> Any:  # noqa: ANN401  # JSON
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, StrEnum):
        return value.value
    return str(value) if isinstance(value, Decimal) else value


def _json(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, default=_plain)


def _line(cells: Sequence[object]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow([_cell(cell) for cell in cells])
    return text.getvalue()


def _cell(cell: object) -> object:
    """Return a cell that is no formula, whatever somebody has written."""
    plain = _plain(cell)
    is_formula = isinstance(plain, str) and plain.startswith(FORMULA)
    return f"'{plain}" if is_formula else plain
