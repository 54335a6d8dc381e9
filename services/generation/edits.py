"""What an edit adds to a generation's job: the picture or the photo that it is made of."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from db import tables
from db.database import Database
from services.announcer import PhotoSource
from services.domain.states import GenerationState
from services.domain.values import Generation, Model, Picture
from services.domain.vocabulary import FailureReason
from services.errors import FalAccount, FalRejected, PhotoGone
from services.fal.editors import EDITORS, Editor, edit_marks, edit_prompt
from services.fal.gateway import EditOrder, FalGateway, Job
from services.fal.marks import ending_mark, field_mark
from services.jobs.endings import Endings
from services.jobs.kind import Ending, Result
from services.photos.refusal import PhotoRefused
from services.photos.worker import PhotoProcessEnded, PhotoWorker
from services.rules import TrainingRules

logger = logging.getLogger(__name__)

AnyGeneration = Generation | tables.Generation

Opening = Callable[[Model], str]
"""Returns what stands before the words of a prompt, see `TrainingRules.opening`."""


def editor_of(generation: AnyGeneration) -> Editor | None:
    """Return the edit model of a generation; None where it is no edit."""
    return EDITORS[generation.editor] if generation.editor is not None else None


def is_with_lora(generation: AnyGeneration) -> bool:
    """Return whether its person is known by a LoRA, so that strength and seed say something."""
    editor = editor_of(generation)
    return editor is None or editor.takes_lora


def prompt_sent(
    generation: AnyGeneration, opening: Opening, model: Model | None, second: Model | None = None
) -> str | None:
    """Return the prompt as fal gets it; None where a model is gone whose trigger word is in it."""
    words, of_two = generation.english or generation.prompt, generation.second_scale is not None
    editor = editor_of(generation)
    if editor is not None and not editor.takes_lora:
        return edit_prompt(editor, words, of_two=of_two)
    if model is None or (editor is None and of_two and second is None):
        return None
    if editor is None and of_two and second is not None:
        words = opening(second) + words
    return opening(model) + words


def marks_of(
    generation: AnyGeneration, opening: Opening, model: Model | None, second: Model | None = None
) -> tuple[str, Sequence[str]]:
    """Return the endpoint of a generation, and what tells its input from all others' there.

    A user may have chosen the seed, so others can have it, too, and the prompt has to be the same
    from its beginning to its end. Where a model is gone, its end is known still, and where it is
    one of two, the other's trigger word.
    """
    editor = editor_of(generation)
    sent = prompt_sent(generation, opening, model, second)
    words = generation.english or generation.prompt
    prompt = ending_mark(words) if sent is None else field_mark("prompt", sent)
    if editor is not None:
        url = generation.source_url or generation.id
        return editor.endpoint, edit_marks(editor, url, prompt, generation.seed)
    models = [one for one in (model, second) if one is not None]
    if not models and generation.is_borrowed:
        # Its words are gone with it: what has no request id by now is found no more.
        return "", []
    if not models:
        msg = f"generation {generation.id} has neither a model nor an editor"
        raise LookupError(msg)
    triggers = [one.trigger_word for one in models]
    return models[0].generator, [*triggers, prompt, field_mark("seed", generation.seed)]


class Edits:
    """Uploads photos and submits edits.

    Args:
        database: Where generations are kept.
        fal: Where photos and requests go.
        rules: Say how a prompt with a trigger word begins.
        source: Where photos are fetched from.
        worker: Prepares them.
        picture_address: Returns where fal fetches a picture; None for fal's own address.
    """

    def __init__(
        self,
        database: Database,
        fal: FalGateway,
        rules: TrainingRules,
        source: PhotoSource,
        worker: PhotoWorker,
        picture_address: Callable[[Picture], Awaitable[str]] | None = None,
    ) -> None:
        self._database = database
        self._fal = fal
        self._rules = rules
        self._source = source
        self._worker = worker
        self._picture_address = picture_address

    async def upload(
        self, row: tables.Generation, endings: Endings[tables.Generation, Result]
    ) -> bool:
        """Upload the photo of an edit, where it has one that was not uploaded yet.

        What a crash has cut off is uploaded once more; fal forgets both within a day.

        Returns:
            Whether the edit can go on; if not, it has ended.

        Raises:
            PhotoUnavailable: Try again later.
            FalUnavailable: Try again later.
        """
        if row.source_file_id is None or row.source_url is not None:
            return True
        try:
            async with self._worker.room:
                data = await self._source.fetch(row.source_file_id)
                prepared = await self._worker.prepare(data)
        except (PhotoGone, PhotoRefused, PhotoProcessEnded) as error:
            logger.info("generation %s: its photo cannot be used: %s", row.id, error)
            ending = Ending(FailureReason.PHOTOS_MISSING, is_charged=False)
            await endings.end(row.id, ending, {GenerationState.WORDING})
            return False
        try:
            url = await self._fal.upload_photo(prepared)
        except FalAccount as error:
            await endings.refuse(row.id, error, {GenerationState.WORDING})
            return False
        except FalRejected as error:
            # Nobody has looked at the words yet, so they are not what is wrong.
            ending = Ending(FailureReason.GENERATOR_FAILED, str(error), is_charged=False)
            await endings.end(row.id, ending, {GenerationState.WORDING})
            return False
        async with self._database.transaction() as tx:
            await tx.generations.note_source(row.id, url)
        return True

    async def request(
        self, row: tables.Generation, editor: Editor, model: Model | None, lora_url: str
    ) -> Callable[[], Awaitable[Job]]:
        """Return the call that submits an edit; what fal is given to look at is kept before."""
        url = await self._address(row)
        prompt = prompt_sent(row, self._rules.opening, model)
        if prompt is None:
            msg = f"the model of generation {row.id} was deleted meanwhile"
            raise LookupError(msg)
        order = EditOrder(
            prompt=prompt,
            image_url=url,
            shape=row.shape,
            size=row.size,
            seed=row.seed,
            lora_url=lora_url if editor.takes_lora else "",
            lora_scale=row.lora_scale,
        )
        return partial(self._fal.submit_edit, editor.endpoint, order)

    async def _address(self, row: tables.Generation) -> str:
        url = row.source_url or ""
        if self._picture_address is None or row.source_picture_id is None:
            return url
        async with self._database.transaction() as tx:
            picture = await tx.pictures.get(row.source_picture_id)
        if picture is None:
            # Deleted since; fal may have it still.
            return url
        address = await self._picture_address(picture)
        if address != url:
            async with self._database.transaction() as tx:
                await tx.generations.note_source(row.id, address)
        return address
