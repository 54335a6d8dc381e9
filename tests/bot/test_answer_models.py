"""The model of an answer, which takes long to make, is made once."""

import gc
import weakref

from aiogram import Bot
from aiogram.methods import GetMe, Response, TelegramMethod
from aiogram.types import User

from bot.answer_models import AnswerModels

ME = User(id=1, is_bot=True, first_name="Bot")


async def test_the_model_of_a_methods_answer_outlives_the_collection_of_garbage(bot: Bot) -> None:
    made: list[weakref.ref[type]] = []

    async def answer(bot: Bot, method: TelegramMethod[User]) -> Response[User]:
        assert bot is not None
        model = Response[method.__returning__]  # type: ignore[name-defined]  # as aiogram does
        made.append(weakref.ref(model))
        return model(ok=True, result=ME)

    held = AnswerModels()
    for _ in range(2):
        await held(answer, bot, GetMe())
        gc.collect()
    assert made[0]() is made[1]() is not None
