"""Writes down what a deletion leaves to be done, in the transaction that deletes the rows."""

from collections.abc import Iterable, Sequence

from db.database import Transaction
from services.domain.deletion import DeletedJob, DeletedMessage, Deletion, Receipt
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
from services.identifiers import new_id
from services.money.credits import Credits
from services.money.limits import Ledger

DELETED = "deleted"
"""Why the price of an order is given back whose rows were deleted."""


class Order:
    """Collects the jobs and messages of rows that are about to be deleted.

    Args:
        tx: The transaction that deletes them.
        ledger: Releases the charges for what fal never got.
    """

    def __init__(self, tx: Transaction, ledger: Ledger) -> None:
        self._tx = tx
        self._ledger = ledger
        self._credits = Credits()
        self._jobs: list[DeletedJob] = []
        self._messages: list[DeletedMessage] = []

    async def draft(self, draft: Draft) -> None:
        """Take up a draft, with its photo counter."""
        await self._counter(draft)

    async def trainings(self, trainings: Iterable[Training]) -> None:
        """Take up trainings, with their progress messages and photo counters."""
        for training in trainings:
            self._message(training.chat_id, training.progress_message_id)
            await self._counter(training)
            if not training.state.is_final:
                await self._credits.release(self._tx, training.id, DELETED)
                await self._job(training, training.trainer, [training.trigger_word])

    async def generations(
        self, generations: Iterable[Generation], models: Sequence[Model]
    ) -> None:
        """Take up generations of these models."""
        by_id = {model.id: model for model in models}
        for generation in generations:
            self._message(generation.chat_id, generation.status_message_id)
            if generation.announced_at is None:
                await self._credits.release(self._tx, generation.id, DELETED)
            if not generation.state.is_final:
                model = by_id[generation.model_id]
                marks = [model.trigger_word, f'"seed": {generation.seed}']
                await self._job(generation, model.generator, marks)

    async def enlargements(self, enlargements: Iterable[Enlargement]) -> None:
        """Take up enlargements."""
        for enlargement in enlargements:
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
    ) -> tuple[str, Receipt]:
        """Keep all that was collected; what there is to tell later is told in `place`.

        Returns:
            The deletion's id, and what there is to tell now.
        """
        deletion = Deletion(
            id=new_id(),
            user_id=user_id,
            chat_id=place.chat_id,
            message_thread_id=place.thread_id,
            language=language,
            receipt_message_id=receipt_message_id,
            told_under_way=len(self._jobs),
        )
        await self._tx.deletions.add(deletion, self._jobs, self._messages)
        return deletion.id, Receipt(under_way=len(self._jobs))

    async def _job(
        self, row: Training | Generation | Enlargement, endpoint: str, marks: Sequence[str]
    ) -> None:
        if row.submit_started_at is None and row.request_id is None:
            await self._ledger.release(self._tx, row.id)
            return
        job = DeletedJob(
            id=row.id,
            endpoint=endpoint,
            marks=marks,
            submit_started_at=row.submit_started_at or row.created_at,
            request_id=row.request_id,
            status_url=row.status_url,
            response_url=row.response_url,
            cancel_url=row.cancel_url,
        )
        self._jobs.append(job)

    async def _counter(self, owner: Draft | Training) -> None:
        self._message(owner.chat_id, await self._tx.photos.counter_message(owner.id))

    def _message(self, chat_id: int, message_id: int | None) -> None:
        if message_id:
            self._messages.append(DeletedMessage(chat_id=chat_id, message_id=message_id))
