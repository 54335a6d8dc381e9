"""The photo step. A handler only records the photo and returns; the check runs behind it."""

from collections.abc import Sequence

from aiogram import F, Router
from aiogram.filters import or_f
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Document, Message, PhotoSize

from handlers.telegram.files import MAX_BYTES
from handlers.telegram.keyboards import back_and_cancel
from handlers.telegram.replies import follow, release, replace, reply
from handlers.train import keyboards
from handlers.train.callbacks import PhotoAction, Photos
from handlers.train.live import TrainLive
from handlers.train.states import TrainForm
from handlers.train.trainers import ask_how_to_train
from services.domain.values import Training, User
from services.money.prices import PriceList
from services.photos.refusal import RefusalReason
from services.photos.tile import THUMBNAIL_PX
from services.rules import TrainingRules
from services.training.drafts import DraftService, SentPhoto
from texts.reader import Texts

PRESSES_REMEMBERED = 100
"""No more updates than these are unconfirmed at a time and come again after a crash."""


def build_router() -> Router:
    """Give the router of the photo step."""
    router = Router(name="photos")
    pictures = or_f(F.photo, F.live_photo, F.document, F.animation, F.video, F.video_note)
    router.message.register(take_photo, TrainForm.photos, pictures)
    router.callback_query.register(
        done, TrainForm.photos, Photos.filter(F.action == PhotoAction.DONE)
    )
    router.callback_query.register(
        remove_last, TrainForm.photos, Photos.filter(F.action == PhotoAction.REMOVE_LAST)
    )
    for action, handler in (
        (PhotoAction.START_OVER, ask_to_start_over),
        (PhotoAction.REMOVE_ALL, start_over),
        (PhotoAction.KEEP, keep_photos),
    ):
        router.callback_query.register(
            handler, TrainForm.photos, Photos.filter(F.action == action)
        )
    return router


async def ask_photos(
    query: CallbackQuery,
    state: FSMContext,
    t: Texts,
    draft: Training,
    *,
    rules: TrainingRules,
    train_live: TrainLive,
) -> None:
    """Ask for the photos; those already sent are counted in a fresh message below."""
    await state.set_state(TrainForm.photos)
    guide = t(
        "ask-photos",
        min=rules.min_photos,
        max=rules.max_photos,
        recommended=rules.recommended_photos,
    )
    await replace(query, guide, back_and_cancel(t, TrainForm.photos))
    await train_live.open_counter(draft.id)


async def take_photo(message: Message, user: User, drafts: DraftService) -> None:
    """Record what was sent."""
    sent = sent_photo(message)
    if sent is not None:
        draft = await drafts.current(user.id)
        await drafts.record_photo(user.id, draft.id, sent)


def sent_photo(message: Message) -> SentPhoto | None:
    """Give the picture of a message, refused at once where the message itself tells."""
    sizes = message.photo or (message.live_photo.photo if message.live_photo else None)
    if sizes:
        return SentPhoto(
            message.message_id,
            sizes[-1].file_id,
            sizes[-1].file_unique_id,
            thumbnail_file_id=_small_enough(sizes).file_id,
        )
    document = message.document
    moving = message.animation or message.video or message.video_note
    file = document or moving
    if file is None:
        return None
    refusal = RefusalReason.VIDEO
    if message.animation is not None:
        refusal = RefusalReason.GIF
    return SentPhoto(
        message.message_id,
        file.file_id,
        file.file_unique_id,
        thumbnail_file_id=file.thumbnail.file_id if file.thumbnail else None,
        label=getattr(file, "file_name", None),
        refusal=refusal if moving else _refusal_of(document),
    )


def _small_enough(sizes: Sequence[PhotoSize]) -> PhotoSize:
    """Give the smallest size that fills a tile of a contact sheet; they come in that order."""
    large = [size for size in sizes if max(size.width, size.height) >= THUMBNAIL_PX]
    return large[0] if large else sizes[-1]


def _refusal_of(document: Document | None) -> RefusalReason | None:
    if document is None:
        return None
    # What a client says of the type is often wrong; the file itself tells.
    if document.file_size is not None and document.file_size > MAX_BYTES:
        return RefusalReason.TOO_BIG
    return None


async def done(
    query: CallbackQuery,
    callback_data: Photos,
    state: FSMContext,
    user: User,
    t: Texts,
    drafts: DraftService,
    prices: PriceList,
    rules: TrainingRules,
    train_live: TrainLive,
) -> None:
    """Close the photo step and ask how to train."""
    draft = await drafts.finish_photos(user.id, callback_data.training_id)
    screen = await ask_how_to_train(state, t, draft, rules, prices)
    await train_live.close_counter(draft.id)
    count = await drafts.accepted_photos(draft.id)
    await replace(query, t("photos-taken-down", count=count))
    await follow(query, screen.text, screen.keyboard)


async def remove_last(
    query: CallbackQuery,
    callback_data: Photos,
    state: FSMContext,
    user: User,
    t: Texts,
    drafts: DraftService,
) -> None:
    """Remove the photo sent last."""
    if await _is_new_press(query, state):
        await drafts.remove_last(user.id, callback_data.training_id)
    await release(query, t.plain("photo-removed"))


async def ask_to_start_over(
    query: CallbackQuery, callback_data: Photos, user: User, t: Texts, drafts: DraftService
) -> None:
    """Ask whether all photos should really be removed."""
    draft = await drafts.resume(user.id, callback_data.training_id)
    count = await drafts.sent_photos(draft.id)
    keyboard = keyboards.remove_all_or_keep(t, draft.id)
    await reply(query, t("photos-start-over-ask", count=count), keyboard)


async def start_over(
    query: CallbackQuery,
    callback_data: Photos,
    state: FSMContext,
    user: User,
    t: Texts,
    drafts: DraftService,
) -> None:
    """Remove all photos."""
    if await _is_new_press(query, state):
        await drafts.start_over(user.id, callback_data.training_id)
    await replace(query, t("photos-removed"))


async def keep_photos(query: CallbackQuery, t: Texts) -> None:
    """Leave the photos as they are."""
    await replace(query, t("photos-kept"))


async def _is_new_press(query: CallbackQuery, state: FSMContext) -> bool:
    """Say whether a press is seen for the first time, and remember it.

    After a crash Telegram delivers it again, and then it must not take another photo away. It is
    remembered before anything is removed: a crash in between costs a press, never a photo.
    """
    known: list[str] = (await state.get_data()).get("presses", [])
    if query.id in known:
        return False
    await state.update_data(presses=[*known[1 - PRESSES_REMEMBERED :], query.id])
    return True
