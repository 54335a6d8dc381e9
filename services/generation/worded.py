"""The first step of a generation: its prompt in English, or a kind refusal."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from db.database import Database
from db.tables import Generation
from services.domain.clock import now
from services.domain.states import GenerationState
from services.domain.vocabulary import FailureReason
from services.jobs.endings import Endings
from services.jobs.kind import Ending, Result
from services.prompts.answer import Refused, RefusedFor, Worded, is_latin, without_trigger
from services.prompts.instructions import Task
from services.prompts.wording import Wording

REMEMBERED_FOR = timedelta(days=1)
"""How long the same words of a user need no new answer, so that changed rules count soon."""

REFUSALS: Mapping[RefusedFor, FailureReason] = {
    RefusedFor.SEXUAL: FailureReason.REFUSED_SEXUAL,
    RefusedFor.MINORS: FailureReason.REFUSED_MINORS,
    RefusedFor.VIOLENCE: FailureReason.REFUSED_VIOLENCE,
    RefusedFor.RULES: FailureReason.REFUSED_RULES,
}


class EnglishStep:
    """Words the prompts of new generations.

    What the model said before is found in the user's own generations, so nothing else is kept, and
    what is kept goes with them.

    Args:
        database: Where generations are kept.
        wording: Asks the model; None where the operator has none.
    """

    def __init__(self, database: Database, wording: Wording | None) -> None:
        self._database = database
        self._wording = wording

    async def take(
        self, row: Generation, trigger_words: Sequence[str], endings: Endings[Generation, Result]
    ) -> float:
        """Word a prompt once; without an answer a prompt in Latin letters goes as it is.

        None of the trigger words, those of the models, leaves with it.

        Returns:
            Seconds until the next step.
        """
        if row.english is not None:
            await self._accept(row, row.english)
            return 0.0
        match await self._known(row) or await self._asked(row, trigger_words):
            case Refused(why=why):
                await self._end(row, REFUSALS[why], endings)
            case Worded(english=english):
                await self._accept(row, english)
            case None if self._wording is None or is_latin(row.prompt):
                await self._accept(row, None)
            case None:
                await self._end(row, FailureReason.NOT_ENGLISH, endings)
        return 0.0

    async def _known(self, row: Generation) -> Worded | None:
        async with self._database.transaction() as tx:
            english = await tx.generations.english_of(
                row.user_id,
                row.prompt,
                now() - REMEMBERED_FOR,
                is_edit=row.editor is not None,
            )
        # What was sent as it is, for want of an answer, is none.
        return Worded(english) if english is not None and is_latin(english) else None

    async def _asked(
        self, row: Generation, trigger_words: Sequence[str]
    ) -> Worded | Refused | None:
        if self._wording is None:
            return None
        first, *others = trigger_words or [""]
        prompt = row.prompt
        for word in others:
            prompt = without_trigger(prompt, word)
        task = Task.TRANSLATE if row.editor is None else Task.EDIT
        return await self._wording.of(row.user_id, prompt, first, task)

    async def _accept(self, row: Generation, english: str | None) -> None:
        async with self._database.transaction() as tx:
            await tx.generations.accept(row.id, row.prompt, english)

    async def _end(
        self, row: Generation, failure: FailureReason, endings: Endings[Generation, Result]
    ) -> None:
        async with self._database.transaction() as tx:
            now_there = await tx.generations.get(row.id)
        # The answer to a prompt that was edited meanwhile is nothing to the new one.
        if now_there is not None and now_there.prompt == row.prompt:
            await endings.end(row.id, Ending(failure, is_charged=False), {GenerationState.WORDING})
