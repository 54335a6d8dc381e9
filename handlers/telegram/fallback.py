"""A kind answer to anything that nothing else answers."""

from collections import OrderedDict
from collections.abc import Mapping

from aiogram import F, Router
from aiogram.enums import ChatType, ContentType
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State
from aiogram.types import CallbackQuery, Message

from handlers.telegram.groups import answer_in_group
from handlers.telegram.keyboards import main_menu
from handlers.telegram.magic import Matches
from handlers.telegram.switchboard import Narrowed
from handlers.telegram.taps import SecondTap, pass_over
from services.domain.values import User
from services.errors import StaleButton
from services.users.service import UserService
from texts.reader import Texts

ALBUMS_REMEMBERED = 1000

SAID_BY_A_PERSON = F.content_type.in_(
    {
        ContentType.TEXT,
        ContentType.PHOTO,
        ContentType.LIVE_PHOTO,
        ContentType.DOCUMENT,
        ContentType.ANIMATION,
        ContentType.VIDEO,
        ContentType.VIDEO_NOTE,
        ContentType.VOICE,
        ContentType.AUDIO,
        ContentType.STICKER,
        ContentType.STORY,
        ContentType.PAID_MEDIA,
        ContentType.CONTACT,
        ContentType.LOCATION,
        ContentType.VENUE,
        ContentType.POLL,
        ContentType.DICE,
        ContentType.CHECKLIST,
    }
)
"""What deserves an answer. Everything else is a service message, of which there are dozens, and
more each month: a pinned message, a gift, a topic that was opened."""

FILES = {
    ContentType.DOCUMENT,
    ContentType.ANIMATION,
    ContentType.VIDEO,
    ContentType.VIDEO_NOTE,
}
"""What comes as a file. Pictures among them begin a training, so these are others."""


def build_router(expectations: Mapping[State, str]) -> Router:
    """Return the router that comes last.

    Args:
        expectations: The sentence that says what each state waits for.
    """
    sentences = {state.state: sentence for state, sentence in expectations.items()}
    router = Router(name="fallback")
    answered_albums: OrderedDict[str, None] = OrderedDict()

    async def unexpected(
        message: Message, state: FSMContext, user: User, t: Texts, users: UserService
    ) -> None:
        album = message.media_group_id
        if album is not None:
            # An album is one thing to the user, and gets one answer.
            if album in answered_albums:
                return
            answered_albums[album] = None
            if len(answered_albums) > ALBUMS_REMEMBERED:
                answered_albums.popitem(last=False)
        key = sentences.get(await state.get_state())
        if key is not None:
            await message.answer(t(key))
        else:
            menu = main_menu(t, await users.what_works_now(user.id))
            key = "expects-no-file" if message.content_type in FILES else "expects-anything"
            await message.answer(t(key), reply_markup=menu)

    router.message.register(unexpected, SAID_BY_A_PERSON)
    router.message.register(ignore)
    router.callback_query.register(pass_over, SecondTap())
    router.callback_query.register(stale_button)
    return router


async def stale_button(_query: CallbackQuery) -> None:
    """Say that the button has had its time."""
    raise StaleButton


def build_private_only_router() -> Router:
    """Return the router that keeps everything but private chats away from the rest."""
    router = Narrowed(
        name="private only",
        message=Matches(F.chat.type != ChatType.PRIVATE),
        edited_message=Matches(F.chat.type != ChatType.PRIVATE),
        callback_query=Matches(F.message.chat.type != ChatType.PRIVATE),
    )
    router.message.register(send_to_private_chat, F.text.startswith("/"))
    router.message.register(ignore)
    router.edited_message.register(ignore)
    router.callback_query.register(release_in_group)
    return router


async def send_to_private_chat(message: Message, t: Texts) -> None:
    """Say where the bot works; only to commands, so that a busy group is left in peace."""
    await answer_in_group(message, t("private-only"))


async def ignore(_message: Message) -> None:
    """Stay silent: to people in a group, who talk to each other, and to service messages."""


async def release_in_group(query: CallbackQuery, t: Texts) -> None:
    """Release a button pressed in a group."""
    await query.answer(t.plain("private-only"), show_alert=True)
