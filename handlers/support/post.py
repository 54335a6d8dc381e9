"""Sends the messages of threads; implements `services.support.delivery.SupportPost`."""

from aiogram.exceptions import TelegramBadRequest
from aiogram.types import Message, ReplyMarkupUnion

from handlers.telegram.callbacks import OpenThread
from handlers.telegram.captions import cut
from handlers.telegram.keyboards import button, contact_button, keyboard_of
from handlers.telegram.outgoing import Outgoing, is_about_chat
from services.domain.support import Attachment, SupportMessage, SupportThread
from services.domain.values import Place, SentMessage
from services.users.service import UserService
from texts.reader import Texts, as_text

WORDS_ROOM = 850
"""UTF-16 units of a caption that somebody's words may take, of 1024; the thread has them all."""


class TelegramSupportPost:
    """Sends each in the language of whom it is for.

    Args:
        outgoing: How people are reached.
        users: Know their languages.
    """

    def __init__(self, outgoing: Outgoing, users: UserService) -> None:
        self._outgoing = outgoing
        self._users = users

    async def to_admin(
        self, admin_id: int, thread: SupportThread, message: SupportMessage
    ) -> SentMessage | None:
        """See `SupportPost.to_admin`."""
        t = Texts(await self._users.language(admin_id, None))
        opening = button(
            t.plain("support-open"), OpenThread(thread_id=thread.id, is_new=True).pack()
        )
        letter = _Letter(_head(t, thread, message), message, keyboard_of([opening]))
        return await self._send(admin_id, Place(admin_id), letter)

    async def to_user(self, thread: SupportThread, message: SupportMessage) -> SentMessage | None:
        """See `SupportPost.to_user`."""
        t = Texts(await self._users.language(thread.user_id, None))
        letter = _Letter(t("support-answer"), message, keyboard_of([contact_button(t)]))
        return await self._send(thread.user_id, thread.place, letter)

    async def take_back(self, sent: SentMessage) -> None:
        """See `SupportPost.take_back`."""
        await self._outgoing.delete(sent)

    async def _send(self, user_id: int, place: Place, letter: "_Letter") -> SentMessage | None:
        async with self._outgoing.reaching(user_id):
            sent = await self._attached(place, letter)
            if sent is None:
                sent = await self._outgoing.bot.send_message(
                    place.chat_id,
                    letter.text(),
                    reply_markup=letter.keyboard,
                    message_thread_id=place.thread_id,
                )
            return SentMessage(place.chat_id, sent.message_id)
        return None

    async def _attached(self, place: Place, letter: "_Letter") -> Message | None:
        """Send what is attached; None where nothing is, or Telegram has it no more."""
        message, bot = letter.message, self._outgoing.bot
        if message.attachment is None or message.file_id is None:
            return None
        send = bot.send_photo if message.attachment is Attachment.PHOTO else bot.send_document
        try:
            return await send(
                place.chat_id,
                message.file_id,
                caption=letter.text(WORDS_ROOM),
                reply_markup=letter.keyboard,
                message_thread_id=place.thread_id,
            )
        except TelegramBadRequest as error:
            if is_about_chat(error):
                raise
            return None


class _Letter:
    """A message of a thread as somebody is shown it."""

    def __init__(self, head: str, message: SupportMessage, keyboard: ReplyMarkupUnion) -> None:
        self.message = message
        self.keyboard = keyboard
        self._head = head

    def text(self, room: int | None = None) -> str:
        """Return its words below its head, cut to `room` UTF-16 units."""
        words = self.message.text
        if not words:
            return self._head
        words = words if room is None else cut(words, room)
        return f"{self._head}\n\n{as_text(words)}"


def _head(t: Texts, thread: SupportThread, message: SupportMessage) -> str:
    if message.admin_id is not None:
        return t("support-from-admin", admin=str(message.admin_id), id=str(thread.user_id))
    head = t("support-from-user", id=str(thread.user_id))
    if message.code is not None:
        head += "\n" + t("support-code", code=message.code)
    return head
