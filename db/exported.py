"""All that is a user's, as a copy of it tells."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db import console_tables, tables
from db.loan_tables import LoanRow, LoanUseRow
from db.values import value_of
from services.domain.exports import ExportItem, ItemKind
from services.domain.loans import Loan, LoanUse
from services.domain.states import EnlargementState
from services.domain.support import SupportMessage
from services.domain.values import (
    Consent,
    Draft,
    Enlargement,
    Generation,
    Model,
    Photo,
    Picture,
    Rating,
    Training,
)

A_PAGE = 200

OF_EDIT = "e:"
"""Before the id of a generation, where a photo is known by what was made of it."""


@dataclass(frozen=True, slots=True)
class Made:
    """A generation with what came of it; the ratings and enlargements are by picture."""

    generation: Generation
    pictures: Sequence[Picture]
    ratings: dict[str, Rating]
    enlargements: dict[str, Sequence[Enlargement]]


@dataclass(frozen=True, slots=True)
class ListedLoan:
    """A loan with its model, and its uses that made or make pictures."""

    loan: Loan
    model: Model
    uses: Sequence[LoanUse]


class Exported:
    """Reads what belongs to a user, and nothing that belongs to anybody else."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def files_of(self, user_id: int) -> Sequence[ExportItem]:
        """Return the files there may be of a user, in the order they go into a copy.

        A photo that is in several sets is one file.
        """
        photos = [str(one) for one in await self._photo_ids(user_id)]
        photos += [f"{OF_EDIT}{one}" for one in (await self.edited(user_id)).values()]
        found = [
            (ItemKind.PHOTO, of_id, f"photos/photo-{number:03}")
            for number, of_id in enumerate(photos, start=1)
        ]
        found += await self._pictures(user_id)
        models = await self._session.execute(
            select(tables.Model, tables.Training.config_url)
            .join(tables.Training, tables.Model.training_id == tables.Training.id)
            .where(tables.Model.user_id == user_id)
            .order_by(tables.Model.created_at, tables.Model.id)
        )
        for model, config_url in models:
            stem = f"models/{model.trigger_word}"
            if config_url is not None:
                found.append((ItemKind.CONFIG, model.id, stem))
            found.append((ItemKind.WEIGHTS, model.id, stem))
        return [
            ExportItem(number=number, kind=kind, of_id=of_id, path=path)
            for number, (kind, of_id, path) in enumerate(found, start=1)
        ]

    async def _photo_ids(self, user_id: int) -> Sequence[int]:
        """Return the first row of each photo."""
        rows = await self._session.scalars(
            select(func.min(tables.Photo.id))
            .join(tables.PhotoSet, tables.Photo.training_id == tables.PhotoSet.id)
            .where(tables.PhotoSet.user_id == user_id)
            .group_by(tables.Photo.file_unique_id)
        )
        return sorted(rows)

    async def edited(self, user_id: int) -> Mapping[str, str]:
        """Return the photos that are in no set, by file: the first generation made of each."""
        table = tables.Generation
        in_sets = (
            select(tables.Photo.file_id)
            .join(tables.PhotoSet, tables.Photo.training_id == tables.PhotoSet.id)
            .where(tables.PhotoSet.user_id == user_id)
        )
        rows = await self._session.execute(
            select(table.id, table.source_file_id)
            .where(
                table.user_id == user_id,
                table.source_file_id.is_not(None),
                table.source_file_id.not_in(in_sets),
            )
            .order_by(table.created_at, table.id)
        )
        firsts: dict[str, str] = {}
        for generation_id, file_id in rows:
            if file_id is not None:
                firsts.setdefault(file_id, generation_id)
        return firsts

    async def _pictures(self, user_id: int) -> list[tuple[ItemKind, str, str]]:
        rows = await self._session.execute(
            select(tables.Picture.id, tables.Generation.created_at, tables.Picture.position)
            .join(tables.Generation, tables.Picture.generation_id == tables.Generation.id)
            .where(tables.Generation.user_id == user_id, ~tables.Picture.is_flagged)
            .order_by(tables.Generation.created_at, tables.Generation.id, tables.Picture.position)
        )
        ids = [row[0] for row in rows]
        enlarged = await self._session.execute(
            select(tables.Enlargement.picture_id, tables.Enlargement.id)
            .where(
                tables.Enlargement.user_id == user_id,
                tables.Enlargement.state == EnlargementState.MADE,
            )
            .order_by(tables.Enlargement.created_at)
        )
        # Of several, the last is the picture's, as for *Full size*.
        by_picture = {picture_id: larger_id for picture_id, larger_id in enlarged}  # noqa: C416
        found = []
        for one in ids:
            found.append((ItemKind.PICTURE, one, picture_path(one)))
            if one in by_picture:
                found.append((ItemKind.ENLARGED, by_picture[one], f"{picture_path(one)}-larger"))
        return found

    async def photo_file(self, of_id: str) -> str | None:
        """Return Telegram's id of the file of a photo that is still kept.

        Args:
            of_id: That of the photo; or after `OF_EDIT`, that of a generation made of it.
        """
        if of_id.startswith(OF_EDIT):
            generation_id = of_id.removeprefix(OF_EDIT)
            edit = await self._session.get(
                tables.Generation, generation_id, populate_existing=True
            )
            return None if edit is None else edit.source_file_id
        row = await self._session.get(tables.Photo, int(of_id), populate_existing=True)
        return None if row is None else row.file_id

    async def config_url(self, model_id: str) -> str | None:
        """Return where fal has the settings of a model, if anywhere."""
        return await self._session.scalar(
            select(tables.Training.config_url)
            .join(tables.Model, tables.Model.training_id == tables.Training.id)
            .where(tables.Model.id == model_id)
        )

    async def consents(self, user_id: int) -> Sequence[tuple[str, Consent]]:
        """Return what a user has agreed to, by the draft or training it was for."""
        rows = await self._session.scalars(
            select(tables.PhotoSet)
            .where(tables.PhotoSet.user_id == user_id)
            .order_by(tables.PhotoSet.consent_at, tables.PhotoSet.id)
        )
        return [(row.id, Consent(version=row.consent_version, at=row.consent_at)) for row in rows]

    async def drafts(self, user_id: int) -> Sequence[Draft]:
        """Return the drafts of a user."""
        rows = await self._session.scalars(
            select(tables.Draft).where(tables.Draft.user_id == user_id)
        )
        return [value_of(Draft, row) for row in rows]

    async def trainings(self, user_id: int) -> Sequence[Training]:
        """Return the trainings of a user, the oldest first."""
        rows = await self._session.scalars(
            select(tables.Training)
            .where(tables.Training.user_id == user_id)
            .order_by(tables.Training.created_at, tables.Training.id)
        )
        return [value_of(Training, row) for row in rows]

    async def models(self, user_id: int) -> Sequence[Model]:
        """Return the models of a user, the oldest first."""
        rows = await self._session.scalars(
            select(tables.Model)
            .where(tables.Model.user_id == user_id)
            .order_by(tables.Model.created_at, tables.Model.id)
        )
        return [value_of(Model, row) for row in rows]

    async def loans(self, user_id: int) -> Sequence[ListedLoan]:
        """Return what a user has lent, and has borrowed, the oldest first; with the uses."""
        found = await self._session.execute(
            select(LoanRow, tables.Model)
            .join(tables.Model, LoanRow.model_id == tables.Model.id)
            .where((tables.Model.user_id == user_id) | (LoanRow.borrower_id == user_id))
            .order_by(LoanRow.created_at, LoanRow.id)
        )
        loans = [(value_of(Loan, loan), value_of(Model, model)) for loan, model in found]
        rows = await self._session.scalars(
            select(LoanUseRow)
            .where(LoanUseRow.loan_id.in_([loan.id for loan, _ in loans]), LoanUseRow.pictures > 0)
            .order_by(LoanUseRow.created_at, LoanUseRow.generation_id)
        )
        uses = [value_of(LoanUse, row) for row in rows]
        return [
            ListedLoan(loan, model, [use for use in uses if use.loan_id == loan.id])
            for loan, model in loans
        ]

    async def photos(self, user_id: int) -> Sequence[Photo]:
        """Return all photos of a user, set by set."""
        rows = await self._session.scalars(
            select(tables.Photo)
            .join(tables.PhotoSet, tables.Photo.training_id == tables.PhotoSet.id)
            .where(tables.PhotoSet.user_id == user_id)
            .order_by(tables.Photo.training_id, tables.Photo.number)
        )
        return [value_of(Photo, row) for row in rows]

    async def searches(self, user_id: int) -> Sequence[str]:
        """Return what a user has looked for in their prompts."""
        rows = await self._session.scalars(
            select(tables.Search.words)
            .where(tables.Search.user_id == user_id)
            .order_by(tables.Search.created_at)
        )
        return rows.all()

    async def written(self, user_id: int) -> Sequence[SupportMessage]:
        """Return what a user has written to the operator; the answers are the operator's."""
        table = console_tables.SupportMessage
        rows = await self._session.scalars(
            select(table)
            .join(console_tables.SupportThread)
            .where(console_tables.SupportThread.user_id == user_id, table.admin_id.is_(None))
            .order_by(table.created_at, table.id)
        )
        return [value_of(SupportMessage, row) for row in rows]

    async def generations(self, user_id: int, after: Generation | None) -> Sequence[Generation]:
        """Return a page of a user's generations, the oldest first."""
        table = tables.Generation
        query = select(table).where(table.user_id == user_id)
        if after is not None:
            query = query.where(
                (table.created_at > after.created_at)
                | ((table.created_at == after.created_at) & (table.id > after.id))
            )
        rows = await self._session.scalars(
            query.order_by(table.created_at, table.id).limit(A_PAGE)
        )
        return [value_of(Generation, row) for row in rows]

    async def made(self, generations: Sequence[Generation]) -> AsyncIterator[Made]:
        """Yield generations with their pictures."""
        ids = [one.id for one in generations]
        pictures = [
            value_of(Picture, row)
            for row in await self._session.scalars(
                select(tables.Picture)
                .where(tables.Picture.generation_id.in_(ids))
                .order_by(tables.Picture.generation_id, tables.Picture.position)
            )
        ]
        picture_ids = [one.id for one in pictures]
        ratings = {
            row.picture_id: value_of(Rating, row)
            for row in await self._session.scalars(
                select(tables.Rating).where(tables.Rating.picture_id.in_(picture_ids))
            )
        }
        larger = [
            value_of(Enlargement, row)
            for row in await self._session.scalars(
                select(tables.Enlargement)
                .where(tables.Enlargement.picture_id.in_(picture_ids))
                .order_by(tables.Enlargement.created_at)
            )
        ]
        for generation in generations:
            own = [one for one in pictures if one.generation_id == generation.id]
            yield Made(
                generation,
                own,
                {one.id: ratings[one.id] for one in own if one.id in ratings},
                {one.id: [each for each in larger if each.picture_id == one.id] for one in own},
            )


def picture_path(picture_id: str) -> str:
    """Return where a picture is in a copy, but for its ending: named as *Full size* sends it."""
    return f"pictures/neurophoto-{picture_id}"
