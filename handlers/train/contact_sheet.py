"""Looking over the photos of a draft: the contact sheet, and removing by its numbers."""

from aiogram import F, Router
from aiogram.filters import StateFilter
from aiogram.types import CallbackQuery, Message

from handlers.telegram.replies import place_of, release
from handlers.train.callbacks import PhotoAction, Photos
from handlers.train.contact_sheet_sender import ContactSheetSender
from handlers.train.questions import TrainQuestions
from handlers.train.states import TrainForm
from services.domain.values import User
from services.training.contact_sheets import ContactSheets
from services.training.photo_numbers import numbers_to_remove
from texts.reader import Texts


def build_router() -> Router:
    """Return the router of the contact sheet."""
    router = Router(name="contact sheet")
    # The photos of who sent them first are counted while the name is asked for.
    is_in_time = StateFilter(TrainForm.name, TrainForm.subject, TrainForm.photos)
    router.callback_query.register(
        show_photos, is_in_time, Photos.filter(F.action == PhotoAction.SHOW)
    )
    asks_to_remove = F.text.func(numbers_to_remove).as_("numbers")
    router.message.register(remove_photos, TrainForm.photos, F.text, asks_to_remove)
    return router


async def show_photos(
    query: CallbackQuery,
    callback_data: Photos,
    user: User,
    t: Texts,
    sheets: ContactSheets,
    sheet_sender: ContactSheetSender,
) -> None:
    """Have the contact sheet sent, if there is anything to show on it."""
    photos = await sheets.photos(user.id, callback_data.training_id)
    if not photos:
        await release(query, t.plain("photos-none"))
        return
    sheet_sender.send(place_of(query), photos, t)
    await release(query, t.plain("sheet-is-made"))


async def remove_photos(
    message: Message,
    numbers: tuple[int, ...],
    user: User,
    t: Texts,
    sheets: ContactSheets,
    train_questions: TrainQuestions,
) -> None:
    """Remove the photos that the user names by their numbers."""
    draft = await train_questions.drafts.current(user.id)
    left = await sheets.remove(user.id, draft.id, numbers)
    listed = ", ".join(map(str, numbers))
    removed = t("numbers-removed", numbers=listed, count=len(numbers))
    await message.answer(removed if left else t("photos-removed"))
    await train_questions.live.move_counter_down(draft.id)
