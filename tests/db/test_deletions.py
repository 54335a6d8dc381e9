"""What a deletion leaves to be done is kept until it is done, on both databases."""

from db.database import Database
from services.domain.clock import now
from services.domain.deletion import DeletedJob, DeletedMessage, Deletion, JobEnd, Receipt
from services.domain.vocabulary import Language
from tests.db.conftest import USER


def a_job(row_id: str) -> DeletedJob:
    return DeletedJob(
        id=row_id, endpoint="fal-ai/flux-lora", marks=["ANNA_A3F2"], submit_started_at=now()
    )


async def test_jobs_and_messages_go_one_by_one_and_then_the_deletion(database: Database) -> None:
    deletion = Deletion(id="d", user_id=USER, chat_id=USER, language=Language.RU)
    messages = [DeletedMessage(chat_id=USER, message_id=number) for number in (5, 6, 6)]
    async with database.transaction() as tx:
        await tx.deletions.add(deletion, [a_job("one"), a_job("two")], messages)
        # The user's row may go, and the deletion stays.
        await tx.users.remove(USER)
    async with database.transaction() as tx:
        assert await tx.deletions.unfinished() == ["d"]
        kept = await tx.deletions.get("d")
        assert kept is not None
        assert kept.language is Language.RU
        await tx.deletions.note_request("one", "r", "s", "p", "c")
        await tx.deletions.note_end("two", JobEnd.NOT_STOPPED)
        # An end is the end: what comes later changes nothing.
        await tx.deletions.note_end("two", JobEnd.STOPPED)
        await tx.deletions.note_request("two", "late", "s", "p", "c")
    async with database.transaction() as tx:
        (job,) = await tx.deletions.open_jobs("d")
        assert (job.id, job.request_id, job.cancel_url, job.marks) == (
            "one",
            "r",
            "c",
            ["ANNA_A3F2"],
        )
        assert await tx.deletions.receipt("d") == Receipt(under_way=1, not_stopped=1)
        seen = []
        while (message := await tx.deletions.next_message("d")) is not None:
            seen.append(message.message_id)
            await tx.deletions.cleared(message)
        assert seen == [6, 5]
        await tx.deletions.remove("d")
    async with database.transaction() as tx:
        assert await tx.deletions.unfinished() == []
        assert await tx.deletions.open_jobs("d") == []
