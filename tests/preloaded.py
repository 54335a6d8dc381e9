"""What a process that bots and sandboxes are forked from has done; see `tests.forks`."""

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
import sandbox.server  # noqa: E402, F401
import services.photos.worker  # noqa: E402, F401
from handlers.routing import build_router  # noqa: E402
from services.internet import tls  # noqa: E402

# These read all sentences and certificates once; they are kept. Models that every bot uses are
# built once, too.
build_router()
tls()
MODELS = (Update, Response[User], SendMessage, EditMessageText, AnswerCallbackQuery)
for model in MODELS:
    model.model_rebuild()
# A collector that goes over what is there already would copy all of its memory for each bot.
gc.collect()
gc.freeze()
