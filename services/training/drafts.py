"""The dialogue that prepares a training: each answer is saved on the draft at once."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from db.database import Database, Transaction
from services.domain.api_keys import Asking
from services.domain.values import Draft, Place, Training
from services.domain.vocabulary import PhotoState, QualityMode, Subject
from services.errors import (
    BadOptionValue,
    CreditsMissing,
    NotFound,
    PhotosDiffer,
    StaleButton,
    TooFewPhotos,
)
from services.identifiers import new_id
from services.money.limits import Ledger
from services.money.sales import Sales, require_shown
from services.repeats import find_repeated, note_asked
from services.rules import TrainingRules
from services.training import consent
from services.training.draft_photos import DraftPhotos
from services.training.model_name import model_name
from services.training.offers import Quote, TrainingOffers
from services.training.own_draft import own_draft, own_training
from services.training.trigger_word import draw_trigger_word

DRAFT = "draft"
"""The kind of an order that waits for its payment: the start of a draft."""

ORDER = "train"
"""What the start of a training is called among the requests over HTTP."""


@dataclass(frozen=True)
class TrainingWishes:
    """What somebody who asks over HTTP wants to have trained.

    `photo_ids` are those that it is to be trained on, None for all that are accepted; `trainer` is
    the nickname of one on offer, None for the first.
    """

    name: str
    subject: Subject
    mode: QualityMode
    trainer: str | None = None
    photo_ids: Collection[int] | None = None


class DraftService:
    """Use cases of the /train dialogue.

    Args:
        database: Where drafts are kept.
        rules: The operator's limits.
        offers: What can be chosen, and what it costs.
        photos: The photos of drafts.
        carry: Has a started training carried on.
        ledger: Takes the charge.
        sales: Holds what users pay.
    """

    def __init__(
        self,
        database: Database,
        rules: TrainingRules,
        offers: TrainingOffers,
        photos: DraftPhotos,
        carry: Callable[[str], None],
        ledger: Ledger,
        *,
        sales: Sales | None = None,
    ) -> None:
        self._database = database
        self._rules = rules
        self._offers = offers
        self.photos = photos
        self._carry = carry
        self._ledger = ledger
        self._sales = sales or Sales()

    async def left_behind(self, user_id: int) -> Draft | None:
        """Return the user's draft if photos were sent for it already."""
        async with self._database.transaction() as tx:
            draft = await tx.drafts.of(user_id)
            has_photos = draft is not None and bool(await tx.photos.all_of(draft.id))
            return draft if has_photos else None

    async def current(self, user_id: int) -> Draft:
        """Return the user's draft.

        Raises:
            NotFound: There is none.
        """
        draft = await self.open_draft(user_id)
        if draft is None:
            raise NotFound
        return draft

    async def open_draft(self, user_id: int) -> Draft | None:
        """Return the user's draft, if there is one."""
        async with self._database.transaction() as tx:
            return await tx.drafts.of(user_id)

    async def to_wait_for(self, user_id: int) -> Training | None:
        """Return the training that must end before the draft can be started; None for none."""
        async with self._database.transaction() as tx:
            return await self._ledger.to_wait_for(tx, user_id)

    async def must_agree_again(self, draft_id: str) -> bool:
        """Return whether the wording of the consent has changed since it was given."""
        async with self._database.transaction() as tx:
            return not await consent.is_current(tx, draft_id)

    async def begin(self, user_id: int, place: Place) -> Draft:
        """Record the consent, on the user's draft or on a new one."""
        async with self._database.transaction() as tx:
            await tx.users.lock(user_id)
            draft = await tx.drafts.of(user_id)
            if draft is not None:
                draft = await tx.drafts.move(draft.id, place)
                await tx.photos.agree(draft.id, consent.given_now())
                return draft
            draft = Draft(
                id=new_id(),
                user_id=user_id,
                chat_id=place.chat_id,
                message_thread_id=place.thread_id,
                trainer=self._rules.trainers[0],
            )
            await self._add(tx, draft)
            return draft

    async def open_or_begin(self, user_id: int, place: Place) -> Draft:
        """Return the user's draft, as it is; where there is none, begin one with the consent."""
        return await self.open_draft(user_id) or await self.begin(user_id, place)

    async def begin_again(self, user_id: int, place: Place, model_id: str, press: str) -> Draft:
        """Record the consent on a new draft that has the photos, name and subject of a model.

        A draft without photos makes way; one with photos does not. The same press that is handled
        again finds the draft that it has begun.

        Raises:
            NotFound: No such model of this user.
            StaleButton: There is a draft with photos.
        """
        async with self._database.transaction() as tx:
            await tx.users.lock(user_id)
            model = await tx.models.get(model_id)
            if model is None or model.user_id != user_id:
                raise NotFound
            known = await tx.drafts.of(user_id)
            if not await tx.once.is_first(f"press:{press}") and known is not None:
                return known
            await _make_way(tx, user_id)
            draft_id = new_id()
            draft = Draft(
                id=draft_id,
                user_id=user_id,
                chat_id=place.chat_id,
                message_thread_id=place.thread_id,
                trainer=self._rules.trainers[0],
                name=model.name,
                trigger_word=await tx.trigger_words.claim(
                    draft_id, lambda: draw_trigger_word(model.name)
                ),
                subject=model.subject,
            )
            await self._add(tx, draft)
            await tx.photos.copy_accepted(model.training_id, draft.id)
            return draft

    async def resume(self, user_id: int, training_id: str, place: Place | None = None) -> Draft:
        """Go on with a draft that was left behind; with a place, its messages go there now.

        Raises:
            NotFound: It was dropped.
            StaleButton: It has started.
        """
        async with self._database.transaction() as tx:
            draft = await own_draft(tx, user_id, training_id)
            return draft if place is None else await tx.drafts.move(draft.id, place)

    async def discard(self, user_id: int, training_id: str) -> None:
        """Drop a draft that was left behind; nothing happens where there is none.

        Raises:
            StaleButton: The user is at another draft by now.
        """
        async with self._database.transaction() as tx:
            draft = await tx.drafts.of(user_id)
            if draft is None:
                return
            if draft.id != training_id:
                raise StaleButton
            await own_draft(tx, user_id, training_id)
            await tx.drafts.remove(training_id)

    async def set_name(self, user_id: int, training_id: str, name: str) -> Draft:
        """Name the model and derive its trigger word; the same name again keeps its word.

        Raises:
            InvalidName: Empty, or longer than 40 characters.
        """
        name = model_name(name)
        async with self._database.transaction() as tx:
            draft = await own_draft(tx, user_id, training_id)
            if draft.name == name:
                return draft
            word = await tx.trigger_words.claim(training_id, lambda: draw_trigger_word(name))
            return await tx.drafts.name(training_id, name, word)

    async def set_subject(self, user_id: int, training_id: str, subject: Subject) -> Draft:
        """Say who is in the photos."""
        async with self._database.transaction() as tx:
            await own_draft(tx, user_id, training_id)
            return await tx.drafts.choose_subject(training_id, subject)

    async def finish_photos(self, user_id: int, training_id: str) -> Draft:
        """Say that all photos are sent.

        Raises:
            PhotosStillChecking: Some are not checked yet.
            TooFewPhotos: Fewer than the minimum are accepted.
        """
        async with self._database.transaction() as tx:
            draft = await own_draft(tx, user_id, training_id)
            await self.photos.require(tx, training_id)
            if draft.trainer not in self._rules.trainers:
                # The operator has switched it off since the draft was begun.
                return await tx.drafts.choose_trainer(training_id, self._rules.trainers[0])
            return draft

    async def set_trainer(self, user_id: int, training_id: str, nickname: str) -> Draft:
        """Choose who trains the model; a mode and price chosen for another one are forgotten.

        Raises:
            StaleButton: It is not on offer any more.
        """
        offered = {offer.nickname: offer.trainer for offer in self._offers.all()}
        async with self._database.transaction() as tx:
            draft = await own_draft(tx, user_id, training_id)
            if nickname not in offered:
                raise StaleButton
            if draft.trainer == offered[nickname]:
                return draft
            return await tx.drafts.choose_trainer(training_id, offered[nickname])

    async def set_mode(self, user_id: int, training_id: str, mode: QualityMode) -> Draft:
        """Choose how long the model is trained; the price is fixed now.

        Raises:
            StaleButton: The draft's trainer is not on offer any more.
        """
        async with self._database.transaction() as tx:
            draft = await own_draft(tx, user_id, training_id)
            if draft.trainer not in self._rules.trainers:
                raise StaleButton
            offer = self._offers.of(draft.trainer).mode(mode)
            return await tx.drafts.choose_mode(training_id, mode, offer.steps, offer.usd)

    async def quote(self, draft: Draft) -> Quote:
        """Return what a draft will cost in all if it is started as it is.

        Raises:
            StaleButton: The mode is not chosen.
        """
        async with self._database.transaction() as tx:
            user = await tx.users.get(draft.user_id)
        return self._offers.quote(draft, wants_pictures=user is None or user.wants_preview)

    async def start(
        self,
        user_id: int,
        training_id: str,
        progress_message_id: int | None,
        shown_stars: int | None = None,
    ) -> tuple[Training, bool]:
        """Start the training. Only the first press starts it.

        Args:
            user_id: Who presses.
            training_id: The draft.
            progress_message_id: The message that shows the progress from now on.
            shown_stars: The price that the user has confirmed; None where none was shown.

        Returns:
            The training, and whether this call started it.

        Raises:
            NotFound: The draft was dropped.
            StaleButton: The draft is not complete, or its trainer not on offer any more.
            ConsentChanged: The consent was given to another wording.
            PhotosStillChecking: Some photos are not checked yet.
            TooFewPhotos: Photos were removed since.
            PriceChanged: It is dearer by now.
            CreditsMissing: The user has too little.
            DomainError: A spending limit, see `Ledger.charge_training`.
        """
        async with self._database.transaction() as tx:
            draft = await tx.drafts.lock(training_id)
            if draft is None or draft.user_id != user_id:
                return await own_training(tx, user_id, training_id), False
            started = await self._start(tx, draft, progress_message_id, shown_stars)
        self._carry(training_id)
        return started, True

    async def order(self, user_id: int, wishes: TrainingWishes, asking: Asking) -> Training:
        """Start a training over HTTP; the same request again starts nothing more.

        Args:
            user_id: Who asks, and agrees to the training with these photos.
            wishes: What is to be trained.
            asking: How it is asked.

        Raises:
            RequestKeyReused: The caller's key belongs to another request.
            NotFound: What was started has been deleted since.
            InvalidName: Empty, or longer than 40 characters.
            BadOptionValue: The trainer is not on offer.
            PhotosDiffer: The draft would be trained on other photos than those named.
            PhotosStillChecking: Some photos are not checked yet.
            TooFewPhotos: Fewer than the minimum are accepted, or there is no draft.
            DomainError: A spending limit, see `Ledger.charge_training`; KeyLimitReached.
        """
        async with self._database.transaction() as tx:
            await tx.users.lock(user_id)
            known_id = await find_repeated(tx, user_id, ORDER, asking)
            if known_id is not None:
                return await own_training(tx, user_id, known_id)
            draft = await tx.drafts.of(user_id)
            if draft is None:
                raise TooFewPhotos(accepted=0, min=self._rules.min_photos)
            draft = await self._as_wished(tx, await own_draft(tx, user_id, draft.id), wishes)
            started = await self._start(tx, draft, None)
            if asking.by is not None:
                await self._ledger.charge_key(tx, started.id, asking.by)
            await note_asked(tx, user_id, ORDER, asking, started.id)
        self._carry(started.id)
        # The counter of its photos becomes a record.
        self.photos.catch_up(started.id)
        return started

    async def _as_wished(self, tx: Transaction, draft: Draft, wishes: TrainingWishes) -> Draft:
        """Return the draft with what is wished for in it, and the consent recorded."""
        if wishes.photo_ids is not None:
            accepted = await tx.photos.in_state(draft.id, PhotoState.ACCEPTED)
            if {photo.id for photo in accepted} != set(wishes.photo_ids):
                raise PhotosDiffer(accepted=len(accepted))
        name = model_name(wishes.name)
        offered = {offer.nickname: offer for offer in self._offers.all()}
        nickname = wishes.trainer or next(iter(offered))
        if nickname not in offered:
            allowed = ", ".join(offered)
            raise BadOptionValue(option="trainer", value=nickname, allowed=allowed)
        mode = offered[nickname].mode(wishes.mode)
        word = draft.trigger_word
        if word is None or draft.name != name:
            word = await tx.trigger_words.claim(draft.id, lambda: draw_trigger_word(name))
        await tx.photos.agree(draft.id, consent.given_now())
        return replace(
            draft,
            name=name,
            trigger_word=word,
            subject=wishes.subject,
            trainer=offered[nickname].trainer,
            mode=mode.mode,
            steps=mode.steps,
            price_usd=mode.usd,
        )

    async def _start(
        self,
        tx: Transaction,
        draft: Draft,
        progress_message_id: int | None,
        shown_stars: int | None = None,
    ) -> Training:
        """Make a training of a draft, and charge it."""
        training = self._training_of(draft, progress_message_id)
        await consent.require_current(tx, draft.id)
        await self.photos.require(tx, draft.id)
        user_id = draft.user_id
        await self._ledger.charge_training(tx, training.id, user_id, training.price_usd)
        stars = self._sales.training_stars(training.trainer, training.mode, training.steps)
        require_shown(shown_stars, stars)
        try:
            await self._sales.hold_training(tx, user_id, training.id, stars)
        except CreditsMissing as error:
            error.request = {
                "kind": DRAFT,
                "training_id": training.id,
                "name": training.name,
                "message_id": progress_message_id,
                "stars": stars,
            }
            raise
        await tx.drafts.end(draft.id)
        return await tx.trainings.start(training)

    def _training_of(self, draft: Draft, progress_message_id: int | None) -> Training:
        """Return the training that a complete draft becomes."""
        if (
            draft.name is None
            or draft.trigger_word is None
            or draft.subject is None
            or draft.mode is None
            or draft.steps is None
            or draft.trainer not in self._rules.trainers
        ):
            raise StaleButton
        return Training(
            id=draft.id,
            user_id=draft.user_id,
            chat_id=draft.chat_id,
            message_thread_id=draft.message_thread_id,
            name=draft.name,
            trigger_word=draft.trigger_word,
            subject=draft.subject,
            trainer=draft.trainer,
            mode=draft.mode,
            steps=draft.steps,
            price_usd=self._offers.quote(draft, wants_pictures=False).training_usd,
            progress_message_id=progress_message_id,
            created_at=draft.created_at,
        )

    async def _add(self, tx: Transaction, draft: Draft) -> None:
        await tx.photos.open_set(draft.id, draft.user_id, consent.given_now())
        await tx.drafts.add(draft)


async def _make_way(tx: Transaction, user_id: int) -> None:
    draft = await tx.drafts.of(user_id)
    if draft is None:
        return
    if await tx.photos.all_of(draft.id):
        raise StaleButton
    await tx.drafts.remove(draft.id)
