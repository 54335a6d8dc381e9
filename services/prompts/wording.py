"""Asks a language model about a prompt: within seconds and the budget, and while it helps."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from db.database import Database
from services.errors import (
    BudgetSpent,
    FalError,
    FalOutcomeUnknown,
    FalRejected,
    FalResultUnreadable,
)
from services.fal.language import LanguageModel, Question, Reply
from services.health import Health
from services.identifiers import new_id
from services.money.limits import Ledger
from services.prompts.answer import Refused, UnusableAnswer, Worded, read_answer, without_trigger
from services.prompts.instructions import Task, instructions, question

logger = logging.getLogger(__name__)

WITHIN_S = 5.0
"""Nobody waits longer for a prompt's wording."""

ABSENT_FOR_S = 600.0
"""After fal has refused the question itself (no such endpoint, no such model), it is not asked for
so long: every prompt would only be later."""

USUAL_USD = Decimal("0.001")
"""What an answer is booked with until fal says what it cost: of this order for small models."""

MAX_TOKENS = 700
"""Of an answer: two descriptions of 70 words, in languages that take several tokens a word."""


@dataclass(frozen=True)
class PromptSettings:
    """The operator's choices: a model's name at OpenRouter, and what else to refuse."""

    model: str
    rules: str = ""


class Wording:
    """Use cases of prompts before they are drawn.

    Args:
        database: Where charges are kept.
        ledger: Takes them.
        language_model: Answers.
        settings: Which model, by which rules.
        clock: Seconds that only grow.
    """

    def __init__(
        self,
        database: Database,
        ledger: Ledger,
        language_model: LanguageModel,
        settings: PromptSettings,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._ledger = ledger
        self._model = language_model
        self._settings = settings
        self._clock = clock
        self._health = Health("fal's language model", clock)
        self._absent_until = 0.0

    async def of(
        self, user_id: int, text: str, trigger_word: str, task: Task = Task.TRANSLATE
    ) -> Worded | Refused | None:
        """Return a prompt in English or why it is refused; None where the model does not help.

        The trigger word does not leave: a text is asked about without it. Each call is a request
        of its own; after a crash it is made again, and booked again.

        Args:
            user_id: Whose day it counts for.
            text: What the person wrote.
            trigger_word: Of their model.
            task: What to do with the text.
        """
        asked = without_trigger(text, trigger_word)
        if not asked or not self._is_worth_asking:
            return None
        reply = await self._reply(user_id, task, asked)
        if reply is None:
            return None
        try:
            return read_answer(reply.text, asked, trigger_word)
        except UnusableAnswer as error:
            logger.info("the language model's answer to a prompt is of no use: %s", error)
            return None

    @property
    def _is_worth_asking(self) -> bool:
        return self._clock() >= self._absent_until and self._health.is_worth_trying

    async def _reply(self, user_id: int, task: Task, text: str) -> Reply | None:
        charge_id = new_id()
        try:
            async with self._database.transaction() as tx:
                await self._ledger.charge_prompt(tx, charge_id, user_id, USUAL_USD)
        except BudgetSpent:
            return None
        asked = Question(
            self._settings.model,
            instructions(task, self._settings.rules),
            question(task, text),
            MAX_TOKENS,
        )
        try:
            reply = await self._model.ask_model(asked, WITHIN_S)
        except FalError as error:
            self._note(error)
            if not isinstance(error, FalOutcomeUnknown | FalResultUnreadable):
                async with self._database.transaction() as tx:
                    await self._ledger.release(tx, charge_id)
            return None
        self._health.answered()
        async with self._database.transaction() as tx:
            await self._ledger.answered(tx, charge_id, reply.request_id, reply.usd)
        return reply

    def _note(self, error: FalError) -> None:
        if error.is_outage:
            self._health.failed(type(error).__name__)
            return
        self._health.answered()
        if isinstance(error, FalRejected):
            self._absent_until = self._clock() + ABSENT_FOR_S
            logger.info("fal does not take questions to %s for now", self._settings.model)
