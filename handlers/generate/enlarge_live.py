"""What the chat shows of an enlargement: the file, or why there is none."""

from handlers.generate import results_screens
from handlers.generate.full_size_sender import send_enlarged
from handlers.telegram.outgoing import Outgoing
from handlers.telegram.screen import Screen
from services.domain.values import Enlargement
from services.enlarging.views import EnlargementViews
from services.pictures.service import PictureService
from texts.reader import Texts


class EnlargeLive:
    """Tells of enlargements.

    Args:
        outgoing: How the user is reached.
        views: What is shown.
        pictures: Where the files come from.
    """

    def __init__(
        self, outgoing: Outgoing, views: EnlargementViews, pictures: PictureService
    ) -> None:
        self._outgoing = outgoing
        self._views = views
        self._pictures = pictures

    async def enlargement_ended(self, enlargement_id: str) -> None:
        """See `Announcer.enlargement_ended`; what cannot be fetched now is asked for later."""
        view = await self._views.enlargement(enlargement_id)
        if view is None:
            return
        t, larger = Texts(view.language), view.enlargement
        if larger.failure is not None:
            await self._say(larger, results_screens.no_enlargement(t, view))
            return
        async with self._outgoing.reaching(larger.user_id):
            is_sent = await send_enlarged(
                self._outgoing.bot, self._pictures, t, larger.place, larger
            )
        if not is_sent:
            await self._say(larger, Screen(t("full-size-later")))

    async def enlargement_in_doubt(self, enlargement_id: str) -> None:
        """See `Announcer.enlargement_in_doubt`."""
        view = await self._views.enlargement(enlargement_id)
        if view is not None:
            is_sent = view.enlargement.request_id is not None
            key = "generation-late" if is_sent else "generation-in-doubt"
            await self._say(view.enlargement, Screen(Texts(view.language)(key)))

    async def _say(self, larger: Enlargement, screen: Screen) -> None:
        await self._outgoing.send(larger.user_id, larger.place, screen)
