"""What a page shows of a user, which changes by itself: all of it at one look."""

from collections.abc import Sequence
from dataclasses import dataclass

from db.database import Database, Transaction
from services.domain.values import User
from services.generation.views import ListedGeneration, newest_generations
from services.training.views import ListedTraining, PhotosView, newest_trainings

TRAININGS = 3
GENERATIONS = 6
"""So many of the newest are in an overview."""


@dataclass(frozen=True)
class Overview:
    """The draft with its photos, and the newest trainings and generations, newest first.

    `draft` is None where nothing is begun; no message that counts its photos is looked for.
    """

    draft: PhotosView | None
    trainings: Sequence[ListedTraining]
    generations: Sequence[ListedGeneration]


class Overviews:
    """Reads overviews.

    A page that is open looks each second: a look is one transaction of a few statements, however
    much there is to see. It reads the rows themselves, not what has changed since: photos and
    pictures do not say when they were changed, and the clocks of replicas differ.

    Args:
        database: Where everything is kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, user: User) -> Overview:
        """Return the overview of a user."""
        async with self._database.transaction() as tx:
            return Overview(
                draft=await _draft(tx, user),
                trainings=await newest_trainings(tx, user.id, TRAININGS),
                generations=await newest_generations(tx, user.id, GENERATIONS),
            )

    async def draft(self, user: User) -> PhotosView | None:
        """Return only the draft, if there is one."""
        async with self._database.transaction() as tx:
            return await _draft(tx, user)


async def _draft(tx: Transaction, user: User) -> PhotosView | None:
    draft = await tx.drafts.of(user.id)
    if draft is None:
        return None
    return PhotosView(draft, user.language, tuple(await tx.photos.all_of(draft.id)))
