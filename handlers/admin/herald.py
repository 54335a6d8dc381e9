"""Sends broadcasts; implements `services.console.broadcasts.Herald`."""

import logging

from aiogram.exceptions import (
    AiogramError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramRetryAfter,
)

from handlers.admin.broadcast_screens import ended
from handlers.telegram.limiter import brief, late
from handlers.telegram.messages import send_card
from handlers.telegram.outgoing import Outgoing, is_about_chat
from handlers.telegram.screen import Screen
from services.domain.broadcasts import Broadcast, Outcome
from services.domain.values import Place
from services.errors import DeliveryFailed
from services.users.service import UserService
from texts.reader import Texts

logger = logging.getLogger(__name__)


class TelegramHerald:
    """Behind all answers in the line of what leaves.

    Args:
        outgoing: How people are reached.
        users: Know the language of the admin.
    """

    def __init__(self, outgoing: Outgoing, users: UserService) -> None:
        self._outgoing = outgoing
        self._users = users

    async def send(self, user_id: int, broadcast: Broadcast) -> Outcome:
        """See `Herald.send`."""
        try:
            with late(), brief():
                screen = Screen(broadcast.text, photo=broadcast.photo_file_id)
                await send_card(self._outgoing.bot, Place(user_id), screen)
        except TelegramRetryAfter as error:
            raise DeliveryFailed(type(error).__name__, float(error.retry_after)) from error
        except TelegramForbiddenError:
            await self._outgoing.reach.note_unreachable(user_id)
            return Outcome.BLOCKED
        except TelegramBadRequest as error:
            if is_about_chat(error):
                await self._outgoing.reach.note_unreachable(user_id)
                return Outcome.BLOCKED
            logger.warning("broadcast %s: refused for user %s", broadcast.id, user_id)
            return Outcome.FAILED
        except (AiogramError, TimeoutError) as error:
            # It may have arrived: it is not sent again.
            kind = type(error).__name__
            logger.warning("broadcast %s to user %s: %s", broadcast.id, user_id, kind)
            return Outcome.FAILED
        return Outcome.DELIVERED

    async def tell_end(self, broadcast: Broadcast) -> None:
        """See `Herald.tell_end`."""
        admin = broadcast.admin_id
        t = Texts(await self._users.language(admin, None))
        await self._outgoing.send(admin, Place(admin), ended(t, broadcast))
