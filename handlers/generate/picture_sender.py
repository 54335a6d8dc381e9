"""Sends generated pictures in whatever way Telegram takes them."""

import logging
from collections.abc import Mapping, Sequence

from aiogram import Bot
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.types import (
    BufferedInputFile,
    InputMediaPhoto,
    MediaUnion,
    Message,
    ReplyParameters,
)

from handlers.generate.picture_hosts import Hosts
from handlers.telegram.groups import is_about_group, reply_to
from handlers.telegram.limiter import ChatClosed
from handlers.telegram.middlewares import impatient
from handlers.telegram.outgoing import is_about_chat
from handlers.telegram.screen import Screen
from services.domain.values import Picture, Place
from services.domain.vocabulary import DeliveryProblem
from services.errors import FalError, FalFileRefused, FalResultGone, FalUnavailable
from services.photos.refusal import PhotoRefused
from services.photos.sniff import refuse_known_non_photo
from services.pictures.service import PictureService, Sent

logger = logging.getLogger(__name__)

ALBUM_SIZE = 10
"""The most that an album takes (core.telegram.org/bots/api#sendmediagroup)."""

MAX_PHOTO_BYTES = 10 * 1024 * 1024
"""The largest photo by upload (core.telegram.org/bots/api#sending-files); a larger picture goes as
a document."""

MAX_TRIES = 20
"""How often a picture that cannot be fetched is tried: about a quarter of an hour, with the pauses
of a carrier."""

GONE_TRIES = 7
"""The same where fal answers that it has no such file: about a minute. A result may name a file
before all of its hosts know it."""

REFUSALS = (TelegramBadRequest, TelegramEntityTooLarge)


class PictureSender:
    """Sends pictures by address, by upload, one by one, or as documents: what works first.

    What has arrived is noted at once, so a delivery that was cut off repeats nothing.

    Args:
        bot: How Telegram is spoken to.
        pictures: Where pictures come from, and where it is noted what became of them.
    """

    def __init__(self, bot: Bot, pictures: PictureService) -> None:
        self._bot = bot
        self._pictures = pictures
        self._hosts = Hosts()

    async def send(
        self,
        place: Place,
        pictures: Sequence[Picture],
        screen: Screen,
        *,
        answers: int | None = None,
    ) -> None:
        """Send those of a generation's pictures of which it is not known what became of them.

        Args:
            place: Where to.
            pictures: All pictures of the generation that may be shown.
            screen: The caption, plain text, of the first of them. The keyboard goes with it when
                it is the only one: albums take none.
            answers: The message that they are sent as a reply to, if any.

        Raises:
            FalUnavailable: Some cannot be fetched now; the others were sent.
            AiogramError: Telegram does not answer well.
        """
        is_new = not any(picture.is_sent for picture in pictures)
        caption = screen if is_new else None
        if caption is not None and len(pictures) > 1:
            caption = Screen(screen.text)
        parcel = _Parcel(self._bot, self._pictures, self._hosts, place, caption)
        parcel.answers = reply_to(answers)
        pending = [picture for picture in pictures if picture.is_pending]
        for start in range(0, len(pending), ALBUM_SIZE):
            await parcel.send(pending[start : start + ALBUM_SIZE])
        if parcel.unavailable is not None:
            raise parcel.unavailable


class _Parcel:
    """One delivery: pictures to a chat, with a caption for the first that arrives."""

    def __init__(
        self,
        bot: Bot,
        pictures: PictureService,
        hosts: Hosts,
        place: Place,
        caption: Screen | None,
    ) -> None:
        self._bot, self._pictures, self._hosts = bot, pictures, hosts
        self._place = place
        self._caption = caption
        self.answers: ReplyParameters | None = None
        self._address_failed_in_album: bool | None = None
        self.unavailable: FalUnavailable | None = None

    async def send(self, batch: Sequence[Picture]) -> None:
        """Send up to ten pictures, and note what becomes of each."""
        if await self._send_by_address(batch):
            return
        files = await self._fetched(batch)
        small = [p for p in batch if p.id in files and len(files[p.id]) <= MAX_PHOTO_BYTES]
        if len(small) > 1 and await self._send_album(small, files):
            small_ids = {picture.id for picture in small}
            files = {key: data for key, data in files.items() if key not in small_ids}
        for picture in batch:
            if picture.id in files:
                await self._send_file(picture, files[picture.id])

    async def _send_by_address(self, batch: Sequence[Picture]) -> bool:
        """Have Telegram fetch the pictures; return whether it did."""
        in_album = len(batch) > 1
        if not self._pictures.may_go_by_address:
            return False
        if not all(self._hosts.may_fetch(picture.url, in_album=in_album) for picture in batch):
            return False
        if self._hosts.is_flooded(batch[0].url):
            # Tried before the pause that Telegram wanted.
            self._address_failed_in_album = in_album
            return False
        try:
            with impatient():
                messages = await self._post([picture.url for picture in batch])
        except ChatClosed:
            raise
        except (TelegramBadRequest, TelegramServerError, TelegramRetryAfter) as error:
            # Its words for an address it does not like are many. After a 429 the limiter keeps
            # the upload back until the chat is open again.
            if self._is_closed(error):
                raise
            if isinstance(error, TelegramRetryAfter):
                self._hosts.note_flood(batch[0].url)
            logger.info("%s pictures are uploaded: %s", len(batch), type(error).__name__)
            self._address_failed_in_album = in_album
            return False
        await self._note(batch, messages)
        return True

    async def _fetched(self, batch: Sequence[Picture]) -> dict[str, bytes]:
        """Return the bytes of the pictures that can be fetched; note what keeps the others."""
        files: dict[str, bytes] = {}
        for picture in batch:
            try:
                data = await self._pictures.fetch(picture)
                _check_is_picture(data)
            except FalUnavailable as error:
                await self._try_later(picture, MAX_TRIES, DeliveryProblem.UNREACHABLE, error)
            except FalFileRefused as error:
                await self._give_up(picture, DeliveryProblem.GONE, error)
            except FalResultGone as error:
                await self._try_later(picture, GONE_TRIES, DeliveryProblem.GONE, error)
            except PhotoRefused as error:
                await self._give_up(picture, DeliveryProblem.BROKEN, error)
            else:
                files[picture.id] = data
        return files

    async def _try_later(
        self, picture: Picture, most: int, problem: DeliveryProblem, error: FalError
    ) -> None:
        if await self._pictures.note_try(picture.id) < most:
            self.unavailable = FalUnavailable(str(error), is_outage=error.is_outage)
        else:
            await self._give_up(picture, problem, error)

    async def _send_album(self, batch: Sequence[Picture], files: Mapping[str, bytes]) -> bool:
        """Upload pictures as an album; return whether Telegram took it.

        One bad item fails the whole album, and nothing of it arrives.
        """
        try:
            messages = await self._post([_file_of(picture, files) for picture in batch])
        except REFUSALS as error:
            if self._is_closed(error):
                raise
            logger.info("an album is sent one by one: %s", type(error).__name__)
            return False
        await self._note_upload(batch, messages)
        return True

    async def _send_file(self, picture: Picture, data: bytes) -> None:
        """Upload a picture as a photo, or else as a document."""
        files = {picture.id: data}
        try:
            if len(data) <= MAX_PHOTO_BYTES:
                await self._note_upload([picture], await self._post([_file_of(picture, files)]))
                return
        except REFUSALS as error:
            if self._is_closed(error):
                raise
            logger.info("picture %s goes as a document: %s", picture.id, type(error).__name__)
        try:
            message = await self._bot.send_document(
                self._place.chat_id,
                _file_of(picture, files),
                caption=self._caption.text if self._caption else None,
                parse_mode=None,
                reply_markup=self._caption.keyboard if self._caption else None,
                message_thread_id=self._place.thread_id,
                reply_parameters=self.answers,
            )
        except REFUSALS as error:
            if self._is_closed(error):
                raise
            await self._give_up(picture, DeliveryProblem.REFUSED, error)
        else:
            await self._note_upload([picture], [message])

    async def _post(self, media: Sequence[str | BufferedInputFile]) -> Sequence[Message]:
        caption = self._caption
        text = caption.text if caption else None
        if len(media) == 1:
            message = await self._bot.send_photo(
                self._place.chat_id,
                media[0],
                caption=text,
                parse_mode=None,
                reply_markup=caption.keyboard if caption else None,
                message_thread_id=self._place.thread_id,
                reply_parameters=self.answers,
            )
            return [message]
        album: list[MediaUnion] = [
            InputMediaPhoto(media=item, caption=None if index else text, parse_mode=None)
            for index, item in enumerate(media)
        ]
        return await self._bot.send_media_group(
            self._place.chat_id,
            album,
            message_thread_id=self._place.thread_id,
            reply_parameters=self.answers,
        )

    def _is_closed(self, error: Exception) -> bool:
        is_group = self._place.chat_id < 0
        return is_about_chat(error) or (is_group and is_about_group(error))

    async def _note_upload(self, batch: Sequence[Picture], messages: Sequence[Message]) -> None:
        # The file is good, so it was the address that Telegram could do nothing with.
        if (in_album := self._address_failed_in_album) is not None:
            for picture in batch:
                self._hosts.refuse(picture.url, in_album=in_album)
        await self._note(batch, messages)

    async def _note(self, batch: Sequence[Picture], messages: Sequence[Message]) -> None:
        self._caption = None
        # An album has a message for each picture, in their order.
        sent = {
            picture.id: _ids_in(message) for picture, message in zip(batch, messages, strict=False)
        }
        await self._pictures.note_sent(sent)

    async def _give_up(self, picture: Picture, problem: DeliveryProblem, error: Exception) -> None:
        logger.warning("picture %s is not sent: %s: %s", picture.id, problem, type(error).__name__)
        await self._pictures.note_problem(picture.id, problem)


def _ids_in(message: Message) -> Sent:
    return Sent(
        photo_file_id=message.photo[-1].file_id if message.photo else None,
        document_file_id=message.document.file_id if message.document else None,
    )


def _file_of(picture: Picture, files: Mapping[str, bytes]) -> BufferedInputFile:
    return BufferedInputFile(files[picture.id], f"neurophoto-{picture.position}.jpg")


def _check_is_picture(data: bytes) -> None:
    if not data:
        raise FalFileRefused("an empty file")
    refuse_known_non_photo(data)
