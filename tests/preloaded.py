"""What a process that bots are forked from has done for them; see `tests.forks`."""

import gc

from bot.lean_aiogram import import_aiogram

import_aiogram()

from aiogram.methods import (  # noqa: E402
    AnswerCallbackQuery,
    EditMessageText,
    Response,
    SendMessage,
)
from aiogram.types import Update, User  # noqa: E402

import bot.run  # noqa: E402, F401  # imported to be there
import db.migrate  # noqa: E402, F401
import services.photos.worker  # noqa: E402, F401
from handlers.routing import build_router  # noqa: E402

# This reads all sentences once; they are kept. Models that every bot uses are built once, too.
build_router()
for model in (Update, Response[User], SendMessage, EditMessageText, AnswerCallbackQuery):
    model.model_rebuild()
# A collector that goes over what is there already would copy all of its memory for each bot.
gc.collect()
gc.freeze()
