"""Writes down what a deletion leaves to be done, in the transaction that deletes the rows."""

from collections.abc import Iterable, Sequence

from db.database import Transaction
from services.domain.deletion import DeletedJob, DeletedMessage, DeletedPayload, Deletion, Receipt
from services.domain.states import GenerationState
from services.domain.values import (
    Draft,
    Enlargement,
    Generation,
    Model,
    Place,
    SentMessage,
    Training,
)
from services.domain.vocabulary import Language
from services.generation.edits import Opening, marks_of
from services.generation.pricing import take_price
from services.identifiers import new_id
from services.lending.holding import give_back
from services.money.credits import Credits
from services.money.limits import Ledger

DELETED = "deleted"
"""Why the price of an order is given back whose rows were deleted."""


class Order:
    """Collects the jobs and messages of rows that are about to be deleted.

    Args:
        tx: The transaction that deletes them.
        ledger: Releases the charges for what fal never got.
        opening: Returns what stood before the words of a prompt.
        erases: Whether what fal keeps of the requests is deleted, too.
    """

    def __init__(self, tx: Transaction, ledger: Ledger, opening: Opening, *, erases: bool) -> None:
        self._tx = tx
        self._ledger = ledger
        self._opening = opening
        self._credits = Credits()
        self._jobs: list[DeletedJob] = []
        self._messages: list[DeletedMessage] = []
        self._models: set[str] = set()
        self._pictures = 0
        self._photos: set[str] = set()
        self._requests = 0
        self._erases = erases
        self.cancels = False
        self.in_groups = 0
        self._payloads: list[DeletedPayload] = []

    async def draft(self, draft: Draft) -> None:
        """Take up a draft, with its photos and their counter."""
        await self._count_photos(draft)
        await self._counter(draft)

    async def trainings(self, trainings: Iterable[Training]) -> None:
        """Take up trainings, with their progress messages, photos and their counters."""
        for training in trainings:
            await self._count_photos(training)
            self._request(training)
            self._message(training.chat_id, training.progress_message_id)
            await self._counter(training)
            if not training.state.is_final:
                await self._credits.release(self._tx, training.id, DELETED)
                await self._job(training, training.trainer, [training.trigger_word])

    def model(self, model: Model) -> None:
        """Take up a model."""
        self._models.add(model.id)

    def pictures(self, count: int) -> None:
        """Count pictures, those held back as unsafe left out."""
        self._pictures += count

    async def generations(self, generations: Iterable[Generation]) -> None:
        """Take up generations, each once, while their models are there."""
        for generation in generations:
            await self._generation(generation)

    async def _generation(self, generation: Generation) -> None:
        self._request(generation)
        self._message(generation.chat_id, generation.status_message_id)
        if generation.announced_at is None and generation.state is GenerationState.MADE:
            # Pages and programs have had the pictures before the chat.
            await take_price(self._tx, generation.id)
        elif generation.announced_at is None:
            await self._credits.release(self._tx, generation.id, DELETED)
            await give_back(self._tx, generation.id)
        if generation.state.is_final:
            return
        models = [
            await self._tx.models.get(model_id)
            for model_id in (generation.model_id, generation.second_model_id)
        ]
        is_known = not generation.is_borrowed or any(models)
        if is_known or generation.request_id is not None:
            await self._job(generation, *marks_of(generation, self._opening, *models))

    async def enlargements(self, enlargements: Iterable[Enlargement]) -> None:
        """Take up enlargements."""
        for enlargement in enlargements:
            self._request(enlargement)
            if not enlargement.state.is_final:
                await self._credits.release(self._tx, enlargement.id, DELETED)
                marks = [enlargement.source_url or enlargement.id]
                await self._job(enlargement, enlargement.enlarger, marks)

    def messages(self, shown: Iterable[SentMessage]) -> None:
        """Take up messages in other chats."""
        for message in shown:
            self._message(message.chat_id, message.message_id)

    async def place(
        self,
        user_id: int,
        language: Language,
        place: Place,
        receipt_message_id: int | None = None,
    ) -> tuple[Deletion, Receipt]:
        """Keep all that was collected; what there is to tell later is told in `place`.

        Returns:
            The deletion, and what there is to tell now.
        """
        deletion = Deletion(
            id=new_id(),
            user_id=user_id,
            chat_id=place.chat_id,
            message_thread_id=place.thread_id,
            language=language,
            receipt_message_id=receipt_message_id,
            told_under_way=len(self._jobs),
            models=len(self._models),
            pictures=self._pictures,
            photos=len(self._photos),
            requests=self._requests,
            in_groups=self.in_groups,
            erases=self._erases,
            cancels=self.cancels,
            told_erasing=receipt_message_id is not None and bool(self._payloads),
        )
        await self._tx.deletions.add(deletion, self._jobs, self._messages)
        for payload in self._payloads:
            await self._tx.deletions.add_payload(deletion.id, payload)
        return deletion, Receipt(under_way=len(self._jobs), erasing=len(self._payloads))

    def _request(self, row: Training | Generation | Enlargement) -> None:
        if row.request_id is None:
            return
        self._requests += 1
        # What has not ended follows when it was stopped.
        if self._erases and row.state.is_final:
            self._payloads.append(DeletedPayload(request_id=row.request_id))

    async def _job(
        self, row: Training | Generation | Enlargement, endpoint: str, marks: Sequence[str]
    ) -> None:
        if row.submit_started_at is None and row.request_id is None:
            await self._ledger.release(self._tx, row.id)
            return
        job = DeletedJob(
            id=row.id,
            endpoint=endpoint,
            # They have the prompt in them, which is kept no longer than it is needed.
            marks=marks if row.request_id is None else [],
            submit_started_at=row.submit_started_at or row.created_at,
            request_id=row.request_id,
            status_url=row.status_url,
            response_url=row.response_url,
            cancel_url=row.cancel_url,
        )
        self._jobs.append(job)

    async def _count_photos(self, owner: Draft | Training) -> None:
        # A training made again has the photos of the one before: one photo each.
        photos = await self._tx.photos.all_of(owner.id)
        self._photos.update(photo.file_unique_id for photo in photos)

    async def _counter(self, owner: Draft | Training) -> None:
        self._message(owner.chat_id, await self._tx.photos.counter_message(owner.id))

    def _message(self, chat_id: int, message_id: int | None) -> None:
        if message_id:
            self._messages.append(DeletedMessage(chat_id=chat_id, message_id=message_id))
