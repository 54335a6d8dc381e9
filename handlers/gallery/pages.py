"""The pages of the gallery, with what can be ordered for their pictures."""

from handlers.gallery import screens
from handlers.telegram.screen import Screen
from services.enlarging.service import EnlargingService
from services.pictures.gallery import Page
from texts.reader import Texts


class GalleryPages:
    """Shows pages.

    Args:
        enlarging: What a larger picture costs, where it is offered.
        has_changes: Whether pictures can be changed.
    """

    def __init__(self, enlarging: EnlargingService, *, has_changes: bool = False) -> None:
        self._enlarging = enlarging
        self._has_changes = has_changes

    async def of(self, t: Texts, user_id: int, page: Page) -> Screen:
        """Return a page with its buttons.

        Raises:
            NotFound: Its picture was deleted meanwhile.
        """
        shown = page.shown
        offer = await self._enlarging.offer(user_id, shown.generation.id) if shown else None
        return screens.page(t, page, offer, has_changes=self._has_changes)
