"""Calls from groups, the only messages there that are answered."""

from aiogram import Bot, F, Router
from aiogram.enums import ChatType, MessageEntityType
from aiogram.filters import Filter
from aiogram.types import Message, MessageEntity, User

from handlers.groups import screens
from handlers.telegram.groups import answer_in_group, way_to_private
from handlers.telegram.magic import Matches
from handlers.telegram.replies import bot_of, origin_of, place_of
from handlers.telegram.switchboard import Narrowed
from services.domain.values import Call
from services.groups.service import GroupPictures, Refusal
from texts.reader import Texts

COMMAND = "generate"


class Called(Filter):
    """Lets through what somebody writes to the bot in a group; gives the `words` of it."""

    async def __call__(self, message: Message, bot: Bot) -> bool | dict[str, str]:
        """Return the words of a call, which may be none; False for what is no call."""
        words = words_of_call(message, await bot.me())
        return False if words is None else {"words": words}


def build_router() -> Router:
    """Return the router that keeps groups away from the rest."""
    groups = {ChatType.GROUP, ChatType.SUPERGROUP}
    router = Narrowed(name="groups", message=Matches(F.chat.type.in_(groups)))
    router.message.register(call, Called())
    router.message.register(ignore)
    return router


def words_of_call(message: Message, me: User) -> str | None:
    """Return what a message asks for that calls the bot; None for all others.

    These are the command, also without the bot's name as Telegram gives it, and the bot's name
    before words. What people write about a picture, in reply to it, is none: it would cost them.
    Nobody is called by what is passed on, by inline results, and by who writes as a channel: whose
    account that would be is not known.
    """
    text = message.text
    is_own = not (message.forward_origin or message.via_bot or message.sender_chat)
    if text is None or not is_own:
        return None
    # Bold type that begins there as well is none of these.
    first = next((one for one in message.entities or () if _addresses(one)), None)
    name = f"@{me.username}".lower()
    if text.startswith("/"):
        command, _, at = _said(first, text).removeprefix("/").partition("@")
        is_meant = command.lower() == COMMAND and f"@{at}".lower() in {"@", name}
        return _behind(first, text) if is_meant and first is not None else None
    if first is not None:
        return _behind(first, text) if _said(first, text).lower() == name else None
    return None


ADDRESSING = {
    MessageEntityType.BOT_COMMAND,
    MessageEntityType.MENTION,
    MessageEntityType.TEXT_MENTION,
}


def _addresses(entity: MessageEntity) -> bool:
    return entity.offset == 0 and entity.type in ADDRESSING


def _said(entity: MessageEntity | None, text: str) -> str:
    return entity.extract_from(text) if entity is not None else ""


def _behind(entity: MessageEntity, text: str) -> str:
    return text.removeprefix(entity.extract_from(text)).strip()


async def call(message: Message, words: str, group_pictures: GroupPictures) -> None:
    """Have a picture made, or say in one sentence why not, and where to go on."""
    if message.from_user is None:
        return
    caller, where = message.from_user, Call(place_of(message), message.message_id)
    called = await group_pictures.call(
        caller.id, caller.language_code, where, words, origin_of(message)
    )
    if called.refusal is not None:
        await _refuse(message, Texts(called.language), called.refusal)


async def _refuse(message: Message, t: Texts, refusal: Refusal) -> None:
    bot = bot_of(message)
    text = screens.refused(t, refusal, (await bot.me()).username or "")
    keyboard = await way_to_private(bot, t)
    await answer_in_group(message, text, keyboard)


async def ignore(_message: Message) -> None:
    """Stay silent: people in a group talk to each other."""
