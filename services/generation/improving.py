"""Richer versions of prompts, which their user sees and takes or leaves."""

from dataclasses import dataclass, replace
from decimal import Decimal

from db.database import Database, Transaction
from services.domain.press import Press
from services.domain.values import Generation, Model, Place
from services.generation.found import active_model, result_of
from services.generation.line import read_line
from services.generation.options import PictureOptions, PictureRequest, options_of, remembered
from services.generation.ordering import MAX_PROMPT_LENGTH
from services.generation.service import GenerationService
from services.money.prices import PriceList
from services.money.sales import Sales
from services.prompts.answer import Refused, Worded
from services.prompts.instructions import Task
from services.prompts.wording import Wording


@dataclass(frozen=True)
class Source:
    """What is improved: the prompt of a result, or a line that was offered as a prompt."""

    generation_id: str | None = None
    line: str = ""


@dataclass(frozen=True)
class Words:
    """A richer prompt in its user's language and in English."""

    own: str
    english: str


@dataclass(frozen=True)
class Improved:
    """A richer prompt, and what its pictures cost."""

    words: Words
    price_usd: Decimal
    stars: int = 0


class Improvements:
    """Use cases of richer prompts. What was not taken is kept nowhere but in the chat.

    Args:
        database: Where generations and models are kept.
        prices: What a picture costs.
        wording: Asks the model; None where the operator has none.
        generations: Where pictures are asked for.
        sales: What users pay.
    """

    def __init__(
        self,
        database: Database,
        prices: PriceList,
        wording: Wording | None,
        generations: GenerationService,
        sales: Sales | None = None,
    ) -> None:
        self._database = database
        self._prices = prices
        self._wording = wording
        self._generations = generations
        self._sales = sales or Sales()

    @property
    def are_offered(self) -> bool:
        """Whether there is a model to ask."""
        return self._wording is not None

    async def check(self, user_id: int, source: Source) -> None:
        """Look a source up, before anything is asked about it; raises as `of`."""
        async with self._database.transaction() as tx:
            await _read(tx, user_id, source)

    async def of(self, user_id: int, source: Source) -> Improved | Refused | None:
        """Return a richer version of a prompt; None where the model does not help now.

        Raises:
            NoModelYet: There is nothing to generate with.
            NotFound: No such generation of this user.
            UnknownOption: And the others of `services.generation.line.read_line`.
        """
        async with self._database.transaction() as tx:
            prompt, options, model = await _read(tx, user_id, source)
        if self._wording is None:
            return None
        found = await self._wording.of(user_id, prompt, model.trigger_word, Task.IMPROVE)
        if not isinstance(found, Worded):
            return found
        own = (found.own or found.english)[:MAX_PROMPT_LENGTH]
        usd = self._prices.image_usd(model.generator, options.shape, options.size) * options.count
        stars = self._sales.picture_stars(model.generator, options.shape, options.size)
        return Improved(Words(own, found.english), usd, stars * options.count)

    async def take(
        self, user_id: int, place: Place, source: Source, press: Press, words: Words
    ) -> None:
        """Ask for pictures of a richer prompt; the button of a message asks once.

        Raises:
            DomainError: As `of`, and as `GenerationService.press`.
        """
        async with self._database.transaction() as tx:
            _, options, model = await _read(tx, user_id, source)
            second = None
            if source.generation_id is None:
                # That of a result comes with it.
                user = await tx.users.lock(user_id)
                beside = await self._generations.pairs.chosen(tx, user, model)
                second = beside.second if beside else None
        request = PictureRequest(words.own, options, english=words.english, second=second)
        button, asks = f"better:{press.message_id}", self._generations
        if source.generation_id is None:
            await asks.press(user_id, place, button, press, [request])
        else:
            like = source.generation_id
            await asks.press_like(user_id, place, button, press, request, like)


async def _read(
    tx: Transaction, user_id: int, source: Source
) -> tuple[str, PictureOptions, Model]:
    """Return the prompt of a source, how its pictures are made, and by which model."""
    if source.generation_id is not None:
        before, model = await result_of(tx, user_id, source.generation_id)
        return before.prompt, _options_of(before), model
    active, user = await active_model(tx, user_id), await tx.users.get(user_id)
    request = read_line(source.line, remembered(user, active) if user else PictureOptions())
    return request.prompt, request.options, active


def _options_of(before: Generation) -> PictureOptions:
    return replace(options_of(before), seed=None)
