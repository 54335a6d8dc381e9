"""Rating pictures: liked or not, and what was missing."""

from aiogram import F, Router
from aiogram.types import CallbackQuery

from handlers.generate import results_keyboards
from handlers.generate.callbacks import Lacks
from handlers.telegram.callbacks import PictureAction, PictureButton
from handlers.telegram.replies import change_buttons, release
from services.domain.values import User
from services.pictures.ratings import RatingService
from texts.reader import Texts


def build_router() -> Router:
    """Return the router of ratings; it comes before that of all other picture buttons."""
    router = Router(name="rating")
    presses = router.callback_query
    presses.register(like, PictureButton.filter(F.action == PictureAction.GOOD))
    presses.register(dislike, PictureButton.filter(F.action == PictureAction.BAD))
    presses.register(say_what_was_missing, Lacks.filter())
    return router


async def like(
    query: CallbackQuery,
    callback_data: PictureButton,
    user: User,
    t: Texts,
    ratings: RatingService,
) -> None:
    """Keep that a picture is liked."""
    result = await ratings.rate(user.id, callback_data.picture_id, is_good=True)
    await release(query, t.plain("rated"))
    await change_buttons(query, results_keyboards.result_buttons(t, result, result.pictures))


async def dislike(
    query: CallbackQuery,
    callback_data: PictureButton,
    user: User,
    t: Texts,
    ratings: RatingService,
) -> None:
    """Keep that a picture is not liked, and ask what was missing."""
    result = await ratings.rate(user.id, callback_data.picture_id, is_good=False)
    await release(query, t.plain("what-was-missing"))
    await change_buttons(
        query, results_keyboards.missing_buttons(t, result.generation.id, callback_data.picture_id)
    )


async def say_what_was_missing(
    query: CallbackQuery, callback_data: Lacks, user: User, t: Texts, ratings: RatingService
) -> None:
    """Keep what was missing in a picture."""
    result = await ratings.note_missing(user.id, callback_data.picture_id, callback_data.missing)
    await release(query, t.plain("rated"))
    await change_buttons(query, results_keyboards.result_buttons(t, result, result.pictures))
