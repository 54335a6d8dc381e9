"""The photo step. A handler only records the photo and returns; the check runs behind it."""

import contextlib
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from aiogram import F, Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.filters import StateFilter, or_f
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Document, Message, PhotoSize

from handlers.telegram.dialogue import afterwards
from handlers.telegram.files import MAX_BYTES
from handlers.telegram.replies import release, replace, reply
from handlers.telegram.switchboard import Narrowed
from handlers.telegram.taps import SecondTap, pass_over
from handlers.train import keyboards
from handlers.train.callbacks import PhotoAction, Photos
from handlers.train.questions import TrainQuestions
from handlers.train.screens import consent_text
from handlers.train.states import TrainForm
from services.domain.values import Draft, User
from services.errors import DomainError
from services.photos.refusal import RefusalReason
from services.photos.tile import THUMBNAIL_PX
from services.rules import TrainingRules
from services.training.draft_photos import SentPhoto
from services.training.drafts import DraftService
from texts.reader import Texts

AFTER_PHOTOS = (TrainForm.trainer, TrainForm.mode, TrainForm.confirm)
"""The questions that a photo leads back from."""

MAX_WAITING = 50
"""How many photos wait for the consent; more than a training takes."""


def build_router() -> Router:
    """Return the router of the photo step."""
    is_in_time = ~StateFilter(TrainForm.consent, *AFTER_PHOTOS)
    router = Narrowed(name="photos", callback_query=is_in_time)
    pictures = or_f(F.photo, F.live_photo, F.document, F.animation, F.video, F.video_note)
    router.message.register(take_photo, pictures)
    presses = router.callback_query
    # A second tap would go on past the warning that the first one has brought.
    presses.register(pass_over, Photos.filter(F.action == PhotoAction.DONE), SecondTap())
    presses.register(done, Photos.filter(F.action == PhotoAction.DONE))
    presses.register(remove_last, Photos.filter(F.action == PhotoAction.REMOVE_LAST))
    presses.register(ask_to_start_over, Photos.filter(F.action == PhotoAction.START_OVER))
    presses.register(start_over, Photos.filter(F.action == PhotoAction.REMOVE_ALL))
    presses.register(insist, Photos.filter(F.action == PhotoAction.INSIST))
    presses.register(keep_photos, Photos.filter(F.action == PhotoAction.KEEP))
    return router


async def take_photo(
    message: Message,
    state: FSMContext,
    user: User,
    t: Texts,
    train_questions: TrainQuestions,
) -> None:
    """Record what was sent, whatever is being asked: a photo for an open draft is never lost.

    Where the photo step was left, it is open again. Without a draft, the photo waits for the
    consent.

    Raises:
        SkipHandler: Something else is being asked, and there is no draft that it could be for.
    """
    drafts, rules = train_questions.drafts, train_questions.rules
    sent, present = sent_photo(message), await state.get_state()
    draft = await drafts.open_draft(user.id)
    if sent is None or (draft is None and present not in {None, TrainForm.consent.state}):
        raise SkipHandler
    if draft is None and not _is_picture(message):
        raise SkipHandler
    if draft is None:
        await _keep_until_consent(message, state, t, rules, sent)
        return
    await drafts.photos.record(user.id, draft.id, sent)
    if present is None or present in AFTER_PHOTOS:
        await state.set_state(TrainForm.photos)
    if present != TrainForm.photos:
        await train_questions.live.reopen_counter(draft.id)


def _is_picture(message: Message) -> bool:
    # Only what is plainly meant as a photo begins a training by itself. An animation comes with a
    # document too, which may call itself image/gif (core.telegram.org/bots/api#message).
    document = None if message.animation else message.document
    is_image = document is not None and (document.mime_type or "").startswith("image/")
    return bool(message.photo or message.live_photo or is_image)


async def _keep_until_consent(
    message: Message, state: FSMContext, t: Texts, rules: TrainingRules, sent: SentPhoto
) -> None:
    data, album = await state.get_data(), message.media_group_id
    known: list[dict[str, Any]] = data.get("photos", [])
    waiting = [*(one for one in known if one["message_id"] != sent.message_id), asdict(sent)]
    is_asked = await state.get_state() is not None
    await state.set_state(TrainForm.consent)
    await state.update_data(photos=waiting[:MAX_WAITING], album=album)
    if not is_asked:
        can_be = t("photos-before-consent")
        if rules.has_instant:
            can_be = t("photos-before-consent-try")
        text = f"{can_be}\n\n{consent_text(t, rules)}"
        await reply(message, text, keyboards.consent(t))
    elif album is None or album != data.get("album"):
        # An album is one thing to the user, and gets one answer.
        await reply(message, t("photos-wait-for-consent"))


async def record_waiting(
    user: User, state: FSMContext, drafts: DraftService, draft_id: str
) -> bool:
    """Take the photos into a draft that were sent before the consent to it; return if any were."""
    waiting = (await state.get_data()).get("photos", [])
    for sent in waiting:
        refusal = sent.get("refusal")
        photo = SentPhoto(**{**sent, "refusal": RefusalReason(refusal) if refusal else None})
        await drafts.photos.record(user.id, draft_id, photo)
    await state.update_data(photos=[])
    return bool(waiting)


def sent_photo(message: Message) -> SentPhoto | None:
    """Return the picture of a message, refused at once where the message itself tells."""
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
    """Return the smallest size that fills a tile of a contact sheet; they come in that order."""
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
    train_questions: TrainQuestions,
) -> None:
    """Close the photo step and ask what comes next."""
    draft = await train_questions.drafts.resume(user.id, callback_data.training_id)
    await close_photos(query, state, t, train_questions, draft)


async def close_photos(
    event: Message | CallbackQuery,
    state: FSMContext,
    t: Texts,
    train_questions: TrainQuestions,
    draft: Draft,
) -> None:
    """Go on to the next question: at once, or as soon as all photos are checked and compared.

    Raises:
        TooFewPhotos: Fewer than the minimum are accepted, and none is being checked.
    """
    if await train_questions.live.are_photos_checked(draft.id):
        await _go_on(event, state, t, train_questions, draft)
        return

    async def go_on() -> None:
        # Whoever has gone elsewhere meanwhile is not called back; where photos are missing after
        # all, the counter says so.
        by_now = await afterwards(state)
        if await by_now.get_state() == TrainForm.photos.state:
            with contextlib.suppress(DomainError):
                await _go_on(event, by_now, t, train_questions, draft)

    # Whoever presses is at the photos again. It is written now: the last check may end at once.
    await (await afterwards(state)).set_state(TrainForm.photos)
    if isinstance(event, Message):
        await reply(event, t("photos-done-soon"))
    else:
        await release(event, t.plain("photos-done-soon"))
    train_questions.live.when_checked(draft.id, go_on)


async def _go_on(
    event: Message | CallbackQuery,
    state: FSMContext,
    t: Texts,
    train_questions: TrainQuestions,
    draft: Draft,
) -> None:
    if (offer := await train_questions.live.faceless_offer(t, draft.id)) is not None:
        await reply(event, offer.text, offer.keyboard)
        return
    if await _is_warned(event, state, t, train_questions, draft):
        return
    draft = await train_questions.drafts.finish_photos(draft.user_id, draft.id)
    await train_questions.live.close_counter(draft.id)
    taken = t("photos-taken-down", count=await train_questions.drafts.photos.accepted(draft.id))
    if isinstance(event, Message):
        await reply(event, taken)
    else:
        await replace(event, taken)
    question = train_questions.after(TrainForm.photos, draft)
    await train_questions.ask_below(event, state, t, question, draft)


async def _is_warned(
    event: Message | CallbackQuery,
    state: FSMContext,
    t: Texts,
    train_questions: TrainQuestions,
    draft: Draft,
) -> bool:
    """Say once for each flaw what those in the photos cost; return whether it was said now."""
    flaws = await train_questions.live.flaws(draft.id)
    found = {f"{photo_id}:{flaw}" for photo_id, those in flaws.items() for flaw in those}
    known = set((await state.get_data()).get("warned", []))
    screen = await train_questions.live.coach_warning(t, draft.id)
    if screen is None or found <= known:
        return False
    await state.update_data(warned=sorted(known | found))
    await reply(event, screen.text, screen.keyboard)
    return True


async def remove_last(
    query: CallbackQuery, callback_data: Photos, user: User, t: Texts, drafts: DraftService
) -> None:
    """Remove the photo sent last, if there is one that is not refused."""
    is_removed = await drafts.photos.remove_last(user.id, callback_data.training_id, query.id)
    await release(query, t.plain("photo-removed" if is_removed else "photos-none"))


async def ask_to_start_over(
    query: CallbackQuery, callback_data: Photos, user: User, t: Texts, drafts: DraftService
) -> None:
    """Ask whether all photos should really be removed."""
    draft = await drafts.resume(user.id, callback_data.training_id)
    count = await drafts.photos.count(draft.id)
    keyboard = keyboards.remove_all_or_keep(t, draft.id)
    await reply(query, t("photos-start-over-ask", count=count), keyboard)


async def start_over(
    query: CallbackQuery, callback_data: Photos, user: User, t: Texts, drafts: DraftService
) -> None:
    """Remove all photos."""
    await drafts.photos.start_over(user.id, callback_data.training_id, query.id)
    await replace(query, t("photos-removed"))


async def insist(
    query: CallbackQuery, callback_data: Photos, user: User, t: Texts, drafts: DraftService
) -> None:
    """Take the photos after all on which nobody is seen."""
    taken = await drafts.photos.insist(user.id, callback_data.training_id)
    await release(query, t.plain("photos-insisted", count=taken))


async def keep_photos(query: CallbackQuery, t: Texts) -> None:
    """Leave the photos as they are."""
    await replace(query, t("photos-kept"))
