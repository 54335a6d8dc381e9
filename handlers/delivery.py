"""Sends what a user must get, and remembers what Telegram has got."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from aiogram import Bot
from aiogram.exceptions import (
    AiogramError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramServerError,
)
from aiogram.types import BufferedInputFile, InputMediaPhoto, MediaUnion, Message

from db.tables import Picture
from db.vocabulary import GenerationState, Purpose
from handlers import results_screens
from handlers.screens import Screen
from handlers.texts import Texts
from services.errors import DeliveryFailed, UserUnreachable
from services.pictures import PictureService
from services.views import GenerationView, Views

logger = logging.getLogger(__name__)

Media = Sequence[str | BufferedInputFile]
"""Pictures to send, by address or as bytes."""


class Delivery:
    """Sends the ends of trainings and generations.

    Pictures are sent by address where Telegram can fetch it, and by upload where it cannot. The
    ids that Telegram gives them are kept at once, so that a delivery that is cut off and begun
    again does not repeat what has arrived.

    Args:
        bot: How Telegram is spoken to.
        views: What is shown is read there.
        pictures: Where pictures come from, and where their ids are kept.
        by_address: Whether the addresses of pictures lead to fal itself. An address that stands
            for a server of ours is nothing to Telegram.
    """

    def __init__(
        self, bot: Bot, views: Views, pictures: PictureService, *, by_address: bool
    ) -> None:
        self._bot = bot
        self._views = views
        self._pictures = pictures
        self._by_address = by_address

    async def send(self, user_id: int, chat_id: int, screen: Screen) -> None:
        """Send a message.

        Raises:
            DeliveryFailed: Telegram did not take it; try again later.
        """
        async with self._reaching(user_id):
            await self._send(chat_id, screen)

    async def send_result(self, view: GenerationView) -> None:
        """Send the pictures of a generation, or say why there are none.

        Of first pictures, which nobody asked for, only what worked out is told.

        Raises:
            DeliveryFailed: Telegram did not take it; try again later.
            FalUnavailable: The pictures cannot be had now.
            FalResultGone: The pictures cannot be had any more.
        """
        generation, t = view.generation, Texts(view.language)
        async with self._reaching(generation.user_id):
            if generation.state is GenerationState.MADE and len(view.shown) == 1:
                await self._send_single(t, view)
            elif generation.state is GenerationState.MADE and view.shown:
                await self._send_album(t, view)
            elif generation.failure is not None and generation.purpose is Purpose.ASKED:
                await self._send(generation.chat_id, results_screens.failure(t, generation))

    async def send_full_size(self, t: Texts, chat_id: int, picture: Picture) -> None:
        """Send a picture as the generator made it, or say why that cannot be done."""
        if picture.document_file_id is not None:
            await self._bot.send_document(chat_id, picture.document_file_id)
            return
        original = await self._pictures.original(picture)
        if original.data is not None:
            file = BufferedInputFile(original.data, original.name)
            message = await self._bot.send_document(chat_id, file)
            if message.document is not None:
                await self._pictures.keep_document(picture.id, message.document.file_id)
        elif original.is_gone and picture.photo_file_id is not None:
            text = t("full-size-gone")
            await self._bot.send_photo(chat_id, picture.photo_file_id, caption=text)
        else:
            await self._bot.send_message(chat_id, t("full-size-later"))

    async def _send_single(self, t: Texts, view: GenerationView) -> None:
        screen = results_screens.single(t, view)

        async def send(media: Media) -> Sequence[Message]:
            return [
                await self._bot.send_photo(
                    view.generation.chat_id,
                    media[0],
                    caption=screen.text,
                    parse_mode=None,
                    reply_markup=screen.keyboard,
                )
            ]

        await self._send_unsent(view, send)

    async def _send_album(self, t: Texts, view: GenerationView) -> None:
        caption = results_screens.caption(t, view)

        async def send(media: Media) -> Sequence[Message]:
            album: list[MediaUnion] = [
                InputMediaPhoto(media=item, caption=None if index else caption, parse_mode=None)
                for index, item in enumerate(media)
            ]
            return await self._bot.send_media_group(view.generation.chat_id, album)

        await self._send_unsent(view, send)
        # An album takes no keyboard, so the buttons follow in a message of their own.
        await self._send(view.generation.chat_id, results_screens.after_album(t, view))

    async def _send_unsent(
        self, view: GenerationView, send: Callable[[Media], Awaitable[Sequence[Message]]]
    ) -> None:
        """Send the pictures, unless a delivery that was cut off has done so."""
        if all(picture.photo_file_id is not None for picture in view.shown):
            return
        messages = await self._send_by_address(view.shown, send)
        if messages is None:
            messages = await send(await self._files(view.shown))
        file_ids = {
            picture.id: message.photo[-1].file_id
            for picture, message in zip(view.shown, messages, strict=False)
            if message.photo
        }
        await self._pictures.keep_photos(view.generation.id, file_ids)

    async def _send_by_address(
        self, pictures: Sequence[Picture], send: Callable[[Media], Awaitable[Sequence[Message]]]
    ) -> Sequence[Message] | None:
        """Have Telegram fetch the pictures; None when it cannot."""
        if not self._by_address:
            return None
        try:
            return await send([picture.url for picture in pictures])
        except (TelegramBadRequest, TelegramServerError) as error:
            # Its words for an address it does not like are many; the bytes may be good all the
            # same, and what is wrong with the chat is said again to an upload.
            logger.info("pictures are uploaded after all: %s", error.message)
            return None

    async def _files(self, pictures: Sequence[Picture]) -> list[BufferedInputFile]:
        return [
            BufferedInputFile(await self._pictures.fetch(picture), f"neurophoto-{number}.jpg")
            for number, picture in enumerate(pictures, start=1)
        ]

    async def _send(self, chat_id: int, screen: Screen) -> None:
        await self._bot.send_message(chat_id, screen.text, reply_markup=screen.keyboard)

    @asynccontextmanager
    async def _reaching(self, user_id: int) -> AsyncIterator[None]:
        try:
            yield
        except TelegramForbiddenError as error:
            await self._views.set_unreachable(user_id)
            raise UserUnreachable(type(error).__name__) from error
        except (AiogramError, TimeoutError) as error:
            raise DeliveryFailed(type(error).__name__) from error
