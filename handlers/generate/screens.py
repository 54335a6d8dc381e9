"""What is shown while a picture is made."""

from collections.abc import Sequence

from handlers.telegram.captions import cut
from handlers.telegram.names import words_of
from handlers.telegram.screen import Screen
from services.domain.states import GenerationState
from services.domain.values import Generation
from texts.reader import Texts

MAX_PROMPT_SHOWN = 200


def generating(t: Texts, generation: Generation, pack: Sequence[Generation] = ()) -> Screen:
    """Return the message shown while a picture is made, or those of a pack."""
    words = ", ".join(words_of(t, one) for one in pack or [generation])
    prompt = cut(words, MAX_PROMPT_SHOWN)
    if generation.state == GenerationState.UNCONFIRMED:
        return Screen(t("generating-unconfirmed"))
    if generation.queue_position is None:
        is_change = generation.source_picture_id is not None
        return Screen(t("changing" if is_change else "generating", prompt=prompt))
    if generation.queue_position == 0:
        return Screen(t("generating-next", prompt=prompt))
    return Screen(t("generating-queued", position=generation.queue_position, prompt=prompt))


def doubt(t: Texts, generation: Generation) -> Screen:
    """Return the message that it is not clear yet what fal has done with a generation."""
    return Screen(t("generation-in-doubt" if generation.request_id is None else "generation-late"))
