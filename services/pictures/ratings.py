"""What users think of pictures, so that the operator learns which trainer to offer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from db.database import Database, Transaction
from services.domain.values import LikenessCount, Rating, RatingCount
from services.domain.vocabulary import Language, Missing
from services.errors import NotFound, StaleButton
from services.generation.found import result_of
from services.photos.coach.resemblance import STRANGER_BELOW
from services.pictures.service import Result, own_picture, own_result


@dataclass(frozen=True)
class RatingReport:
    """All ratings, counted by trainer with its mode, and by preset; and the measured likeness."""

    by_trainer: Sequence[RatingCount] = ()
    by_preset: Sequence[RatingCount] = ()
    likeness: Sequence[LikenessCount] = ()


class RatingService:
    """Use cases of ratings.

    Args:
        database: Where they are kept.
        has_changes: Whether pictures can be changed.
        rated: Is told of each new rating, once it is committed.
    """

    def __init__(
        self,
        database: Database,
        rated: Callable[[Rating], None] | None = None,
        *,
        has_changes: bool = False,
    ) -> None:
        self._database = database
        self._has_changes = has_changes
        self._rated = rated

    async def rate(self, user_id: int, picture_id: str, *, is_good: bool) -> Result:
        """Keep what a user thinks of a picture; the last press counts.

        Returns:
            The picture's generation.

        Raises:
            NotFound: No such picture of this user.
            StaleButton: Two people are in it, whose models are two trainers' work.
        """
        async with self._database.transaction() as tx:
            picture = await own_picture(tx, user_id, picture_id)
            generation, model = await result_of(tx, user_id, picture.generation_id)
            if generation.is_of_two:
                raise StaleButton
            training = await tx.trainings.read(model.training_id)
            if training is None:
                raise NotFound
            before = await tx.ratings.get(picture_id)
            rating = Rating(
                picture_id=picture_id,
                user_id=user_id,
                is_good=is_good,
                trainer=model.trainer,
                mode=training.mode,
                preset=(generation.title or {}).get(Language.EN, ""),
            )
            is_new = before is None or before.is_good is not is_good
            if is_new:
                await tx.ratings.put(rating)
            result = await self._result(tx, user_id, picture.generation_id)
        if is_new and self._rated is not None:
            self._rated(rating)
        return result

    async def note_missing(self, user_id: int, picture_id: str, missing: Missing) -> Result:
        """Keep what was missing in a picture that was not liked.

        Returns:
            The picture's generation.

        Raises:
            NotFound: No such picture of this user.
            StaleButton: It was not rated, or is liked by now.
        """
        async with self._database.transaction() as tx:
            picture = await own_picture(tx, user_id, picture_id)
            if not await tx.ratings.note_missing(picture_id, missing):
                raise StaleButton
            return await self._result(tx, user_id, picture.generation_id)

    async def _result(self, tx: Transaction, user_id: int, generation_id: str) -> Result:
        result = await own_result(tx, user_id, generation_id)
        return replace(result, has_changes=self._has_changes)

    async def report(self) -> RatingReport:
        """Return what an admin sees."""
        async with self._database.transaction() as tx:
            return RatingReport(
                await tx.ratings.by_trainer(),
                await tx.ratings.by_preset(),
                await tx.models.likeness_by_trainer(STRANGER_BELOW),
            )
