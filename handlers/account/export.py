"""A copy of all that is a user's: begun and stopped in the chat."""

from aiogram import F, Router
from aiogram.types import CallbackQuery, Message

from handlers.account import export_screens
from handlers.account.callbacks import ExportAction, ExportButton
from handlers.telegram.command_filters import TextCommand
from handlers.telegram.messages import send_card
from handlers.telegram.replies import bot_of, place_of, release, replace
from services.domain.exports import Export
from services.domain.values import User
from services.exporting.service import Exports
from texts.reader import Texts


def build_router() -> Router:
    """Return the router of /export."""
    router = Router(name="export")
    router.message.register(start, TextCommand("export"))
    router.callback_query.register(start, ExportButton.filter(F.action == ExportAction.START))
    router.callback_query.register(stop, ExportButton.filter(F.action == ExportAction.STOP))
    return router


async def start(event: Message | CallbackQuery, user: User, t: Texts, exports: Exports) -> None:
    """Begin a copy, and show how it stands."""
    place, bot = place_of(event), bot_of(event)

    async def show(export: Export) -> int:
        return (await send_card(bot, place, export_screens.screen(t, export))).message_id

    await exports.start(user.id, place, show)
    if isinstance(event, CallbackQuery):
        await release(event)


async def stop(
    query: CallbackQuery, callback_data: ExportButton, user: User, t: Texts, exports: Exports
) -> None:
    """Stop a copy."""
    export = await exports.cancel(user.id, callback_data.export_id or "")
    screen = export_screens.screen(t, export)
    await replace(query, screen.text, screen.keyboard)
