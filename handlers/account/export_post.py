"""Sends the parts of a copy and shows how it stands; is `services.exporting.post.ExportPost`."""

from collections.abc import Callable, Sequence
from pathlib import Path

from aiogram.types import FSInputFile

from handlers.account import export_screens
from handlers.telegram.live_message import LiveMessage
from handlers.telegram.middlewares import lengthy
from handlers.telegram.outgoing import Outgoing, ScreensInPlace
from services.domain.clock import now
from services.domain.exports import Contents, Export, ExportState
from services.domain.values import SentMessage
from services.domain.vocabulary import Language
from services.errors import DeliveryFailed
from services.exporting.post import PartSent
from services.exporting.service import ExportViews
from services.paying.service import Receipt
from services.users.service import UserService
from texts.reader import Texts

INTERVAL_S = 3.0

UPLOAD_S = 900
"""How long a part may be on its way: 50 MB at half a megabit a second."""


class TelegramExportPost:
    """Sends each in the language of its user.

    Args:
        outgoing: How users are reached.
        users: Know their languages.
        views: How copies stand.
        receipts: Makes the table of receipts, as /receipts does.
    """

    def __init__(
        self,
        outgoing: Outgoing,
        users: UserService,
        views: ExportViews,
        receipts: Callable[[Texts, Sequence[Receipt]], bytes],
    ) -> None:
        self._outgoing = outgoing
        self._users = users
        self._views = views
        self._receipts = receipts
        self._screens = ScreensInPlace(outgoing)
        self._progress = LiveMessage(
            "export", outgoing.nursery, self._show, INTERVAL_S, outgoing.health
        )

    def changed(self, export_id: str) -> None:
        """See `ExportPost.changed`."""
        self._progress.touch(export_id)

    async def send_part(self, export: Export, path: Path, part: PartSent) -> SentMessage | None:
        """See `ExportPost.send_part`."""
        t = Texts(await self.language(export.user_id))
        name = f"neurophoto-{now():%Y-%m-%d}-{part.number}.zip"
        async with self._outgoing.reaching(export.user_id):
            with lengthy(UPLOAD_S):
                sent = await self._outgoing.bot.send_document(
                    export.chat_id,
                    FSInputFile(path, name),
                    caption=export_screens.caption(t, part),
                    message_thread_id=export.message_thread_id,
                    request_timeout=UPLOAD_S,
                )
            return SentMessage(export.chat_id, sent.message_id)
        return None

    async def settle(self, export: Export) -> None:
        """See `ExportPost.settle`; that a copy has come to nothing is told in a new message."""
        if export.state is ExportState.FAILED:
            t = Texts(await self.language(export.user_id))
            screen = export_screens.screen(t, export)
            await self._outgoing.send(export.user_id, export.place, screen)
        if not await self._progress.settle(export.id):
            raise DeliveryFailed("the end of a copy is not shown yet")
        self._screens.forget(export.id)

    async def take_back(self, sent: SentMessage) -> None:
        """See `ExportPost.take_back`."""
        await self._outgoing.delete(sent)

    async def language(self, user_id: int) -> Language:
        """See `ExportPost.language`."""
        return await self._users.language(user_id, None)

    def readme(self, language: Language, contents: Contents) -> str:
        """See `ExportPost.readme`."""
        return export_screens.readme(Texts(language), contents)

    def receipts(self, language: Language, shown: Sequence[Receipt]) -> str:
        """See `ExportPost.receipts`."""
        return self._receipts(Texts(language), shown).decode("utf-8-sig")

    async def _show(self, export_id: str) -> None:
        export = await self._views.get(export_id)
        if export is None:
            return
        t = Texts(await self.language(export.user_id))
        screen = export_screens.screen(t, export)
        message_id = await self._screens.put(export_id, export.place, export.message_id, screen)
        if message_id != export.message_id and not await self._views.show_in(
            export_id, message_id
        ):
            # It was deleted with everything else while this message was on its way.
            await self._outgoing.delete(SentMessage(export.chat_id, message_id))
