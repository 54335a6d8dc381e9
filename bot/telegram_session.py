"""The bot's requests, sent as JSON."""

import json

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.methods import TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import InputFile
from aiohttp import FormData
from aiohttp.payload import BytesPayload


class JsonSession(AiohttpSession):
    """aiogram's session, which sends a form only where a file goes with it.

    To write a form, every byte that is no Latin letter is looked at and quoted in Python. JSON is
    as good (https://core.telegram.org/bots/api#making-requests). The values are the same: what
    belongs in a form as JSON stays a text here, which the Bot API server reads alike.
    """

    def build_form_data(  # type: ignore[override]  # goes where aiohttp takes either
        self, bot: Bot, method: TelegramMethod[TelegramType]
    ) -> FormData | BytesPayload:
        """Return the body of a request."""
        files: dict[str, InputFile] = {}
        given = method.model_dump(warnings=False, exclude_none=True)
        values = {
            name: ready
            for name, value in given.items()
            if (ready := self.prepare_value(value, bot=bot, files=files))
        }
        if files:
            return super().build_form_data(bot, method)
        return BytesPayload(json.dumps(values).encode(), content_type="application/json")
