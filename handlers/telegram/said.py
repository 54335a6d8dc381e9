"""What a message says that goes into a support thread."""

from aiogram import F
from aiogram.types import Message

from handlers.telegram.replies import origin_of
from services.domain.support import Attachment, Said

SAYS = (F.text & ~F.text.startswith("/")) | F.photo | F.document
"""Messages that a thread takes: words, photos and files."""


def said_in(message: Message, code: str | None = None) -> Said:
    """Return what a message says; `code` is that of an error that led to it."""
    attachment, file_id = None, None
    if message.photo:
        attachment, file_id = Attachment.PHOTO, message.photo[-1].file_id
    elif message.document is not None:
        attachment, file_id = Attachment.DOCUMENT, message.document.file_id
    return Said(
        origin=origin_of(message),
        text=message.text or message.caption,
        attachment=attachment,
        file_id=file_id,
        album=message.media_group_id,
        code=code,
    )
