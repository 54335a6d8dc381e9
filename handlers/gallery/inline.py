"""Inline mode: whoever writes the bot's name in any chat is offered their own favourites."""

import logging

from aiogram import Router
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    InlineQuery,
    InlineQueryResultCachedPhoto,
    InlineQueryResultsButton,
    InlineQueryResultUnion,
)

from handlers.telegram.links import FAVOURITES
from handlers.telegram.replies import TOO_LATE
from services.domain.gallery import Shown
from services.errors import DomainError
from services.pictures.gallery import MAX_SEARCH_LENGTH, GalleryService, View
from services.users.access import Access
from services.users.service import UserService
from texts.reader import Texts

logger = logging.getLogger(__name__)

A_PAGE = 50
"""So many results Telegram takes at once."""


def build_router() -> Router:
    """Return the router of inline queries."""
    router = Router(name="inline")
    router.inline_query.register(offer)
    return router


async def offer(
    query: InlineQuery, t: Texts, users: UserService, access: Access, gallery: GalleryService
) -> None:
    """Offer the favourites whose prompt has the words, newest first, and nobody else's."""
    if not await _is_let_in(query.from_user.id, users, access):
        await _answer(query, [])
        return
    words = query.query[:MAX_SEARCH_LENGTH]
    found = await _favourites(gallery, query.from_user.id, query.offset, words)
    results: list[InlineQueryResultUnion] = [
        InlineQueryResultCachedPhoto(id=one.picture.id, photo_file_id=one.picture.photo_file_id)
        for one in found[:A_PAGE]
        if one.picture.photo_file_id is not None
    ]
    onwards = _place_of(found[A_PAGE - 1]) if len(found) > A_PAGE else ""
    button = None
    if not results and not query.offset:
        text = t.plain("inline-none-found" if words.strip() else "inline-none")
        button = InlineQueryResultsButton(text=text, start_parameter=FAVOURITES)
    await _answer(query, results, onwards, button)


async def _is_let_in(user_id: int, users: UserService, access: Access) -> bool:
    """Return whether somebody may use the bot, also if they have never written to it."""
    try:
        await access.admit(user_id)
        await users.known(user_id)
    except DomainError:
        return False
    return True


async def _favourites(
    gallery: GalleryService, user_id: int, offset: str, words: str
) -> list[Shown]:
    generation_id, _, position = offset.partition(":")
    place = View(only_favourites=True)
    if offset:
        if not position.isdecimal():
            return []
        place = View(generation_id, int(position), only_favourites=True)
    try:
        return list(await gallery.below(user_id, place, A_PAGE + 1, words))
    except DomainError:
        # Where the list went on is gone.
        return []


def _place_of(shown: Shown) -> str:
    return f"{shown.generation.id}:{shown.picture.position}"


async def _answer(
    query: InlineQuery,
    results: list[InlineQueryResultUnion],
    next_offset: str = "",
    button: InlineQueryResultsButton | None = None,
) -> None:
    try:
        await query.answer(
            results, cache_time=0, is_personal=True, next_offset=next_offset, button=button
        )
    except TelegramBadRequest as error:
        if not any(words in error.message for words in TOO_LATE):
            logger.warning("favourites cannot be offered: %s", type(error).__name__)
