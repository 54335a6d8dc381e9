"""What a process that bots and sandboxes are forked from has done; see `tests.forks`."""

import gc

from bot.lean_aiogram import import_aiogram

gc.disable()
import_aiogram()

import anyio._backends._asyncio  # noqa: E402, F401  # anyio imports it where a loop runs
import httpcore  # noqa: E402, F401  # httpx imports it for its first client
import uvloop  # noqa: E402, F401  # the bot imports it when it starts
from aiogram import Router, methods, types  # noqa: E402
from pydantic import BaseModel  # noqa: E402
from sqlalchemy.orm import configure_mappers  # noqa: E402

import api.app  # noqa: E402, F401  # imported to be there, as all that follow
import bot.composition  # noqa: E402
import bot.fal_calls  # noqa: E402
import bot.run  # noqa: E402
import bot.web  # noqa: E402
import db.migrate  # noqa: E402
import sandbox.server  # noqa: E402, F401
import services.fal.webhook  # noqa: E402
import services.photos.worker  # noqa: E402, F401
from bot.updates import GetRawUpdates  # noqa: E402
from handlers.routing import build_router  # noqa: E402
from services.internet import tls  # noqa: E402
from services.presets.file import load_presets  # noqa: E402
from tests.compared_once import compare_once  # noqa: E402
from tests.read_once import read_once  # noqa: E402

read_once()
compare_once()

# These read all sentences, certificates, presets and migrations once; they are kept.
router = build_router()
db.migrate.head_revision()
tls()
load_presets("")
configure_mappers()


def router_of(*, is_inline: bool, in_groups: bool) -> Router:
    """Return what `build_router` does; that of most bots is made already, one for each process."""
    if is_inline or in_groups:
        return build_router(is_inline=is_inline, in_groups=in_groups)
    return router


vars(bot.composition)["build_router"] = router_of

METHODS = (
    GetRawUpdates,
    methods.AnswerCallbackQuery,
    methods.DeleteMessage,
    methods.DeleteWebhook,
    methods.EditMessageMedia,
    methods.EditMessageText,
    methods.GetChat,
    methods.GetChatMenuButton,
    methods.GetFile,
    methods.GetMe,
    methods.GetMyCommands,
    methods.GetMyDescription,
    methods.GetMyShortDescription,
    methods.GetUserProfilePhotos,
    methods.SendChatAction,
    methods.SendMediaGroup,
    methods.SendMessage,
    methods.SendPhoto,
    methods.SetMyCommands,
)
"""What many bots call. Their models and those of the answers are built once, and kept."""
MODELS: tuple[type[BaseModel], ...] = (
    types.Update,
    types.User,
    types.BotCommand,
    types.BotCommandScopeAllGroupChats,
    types.BotCommandScopeAllPrivateChats,
    types.CopyTextButton,
    types.InlineKeyboardButton,
    types.InlineKeyboardMarkup,
    types.InputMediaPhoto,
    types.LinkPreviewOptions,
    types.ReplyParameters,
    *METHODS,
    *(methods.Response[method.__returning__] for method in METHODS),  # type: ignore[name-defined]  # as `AnswerModels`
)
for model in MODELS:
    model.model_rebuild()


# A collector that goes over what is there already would copy all of its memory for each bot.
gc.collect()
gc.freeze()
gc.enable()
