"""The buttons behind *More*: which there are depends on what the operator offers."""

from aiogram.types import InlineKeyboardMarkup

from handlers.generate import results_keyboards
from services.enlarging.service import EnlargingService
from services.generation.improving import Improvements
from services.pictures.service import PictureService
from texts.reader import Texts


class MoreButtons:
    """Asks what can be done with a result.

    Args:
        pictures: Its pictures.
        improvements: Whether a richer prompt is offered.
        enlarging: What a larger picture costs, where it is offered.
    """

    def __init__(
        self, pictures: PictureService, improvements: Improvements, enlarging: EnlargingService
    ) -> None:
        self._pictures = pictures
        self._improvements = improvements
        self._enlarging = enlarging

    async def of(self, t: Texts, user_id: int, generation_id: str) -> InlineKeyboardMarkup:
        """Return the buttons of a result.

        Raises:
            NotFound: No such generation of this user.
        """
        result = await self._pictures.result(user_id, generation_id)
        offer = await self._enlarging.offer(user_id, result.generation.id)
        # A pack has several prompts, presets are rich already, and an edit has an instruction.
        generation = result.generation
        is_own = not generation.title and not generation.editor
        improves = self._improvements.are_offered and is_own
        return results_keyboards.more_buttons(t, result, offer, improves=improves)
