"""The personal key: made, limited and revoked in the chat; and where messages for programs go."""

from aiogram import Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.types import CallbackQuery, Message

from handlers.account import api_keys_screens as screens
from handlers.account.callbacks import KeyAction, KeyButton, LimitKey, MakeKey
from handlers.telegram.command_filters import TextCommand
from handlers.telegram.replies import replace, reply
from services.domain.values import User
from services.users.api_keys import ApiKeys
from services.webhooks.service import Webhooks
from texts.reader import Texts


def build_router() -> Router:
    """Return the router of /apikey."""
    router = Router(name="api_keys")
    router.message.register(show_key, TextCommand("apikey"))
    router.callback_query.register(make_key, MakeKey.filter())
    router.callback_query.register(limit_key, LimitKey.filter())
    router.callback_query.register(press, KeyButton.filter())
    return router


async def show_key(
    message: Message, user: User, t: Texts, api_keys: ApiKeys, webhooks: Webhooks
) -> None:
    """Show what is known of the key, or offer to make one.

    Raises:
        SkipHandler: There is no API here that a key could be used with.
    """
    if not api_keys.is_on:
        raise SkipHandler
    key, host = await api_keys.of(user.id), await webhooks.host(user.id)
    screen = screens.offer(t, host) if key is None else screens.card(t, key, host)
    await reply(message, screen.text, screen.keyboard)


async def make_key(
    query: CallbackQuery,
    callback_data: MakeKey,
    user: User,
    t: Texts,
    api_keys: ApiKeys,
    webhooks: Webhooks,
) -> None:
    """Make a key and show it, this once."""
    key, secret = await api_keys.make(user.id, callback_data.scope)
    await replace(query, t("api-key-made", key=secret, docs=api_keys.docs_address))
    screen = screens.card(t, key, await webhooks.host(user.id))
    await reply(query, screen.text, screen.keyboard)


async def limit_key(
    query: CallbackQuery,
    callback_data: LimitKey,
    user: User,
    t: Texts,
    api_keys: ApiKeys,
    webhooks: Webhooks,
) -> None:
    """Change what the key may order a day."""
    key = await api_keys.limit(user.id, callback_data.key_id, callback_data.daily_pictures)
    screen = screens.card(t, key, await webhooks.host(user.id))
    await replace(query, screen.text, screen.keyboard)


async def press(
    query: CallbackQuery,
    callback_data: KeyButton,
    user: User,
    t: Texts,
    api_keys: ApiKeys,
    webhooks: Webhooks,
) -> None:
    """Revoke the key, offer to make another in its place, or have no messages sent any more."""
    match callback_data.action:
        case KeyAction.REVOKE:
            await api_keys.revoke(user.id)
            host = await webhooks.host(user.id)
            screen = screens.revoked(t, host)
            await replace(query, screen.text, screen.keyboard)
        case KeyAction.HOOK_OFF:
            await webhooks.remove(user.id)
            await replace(query, t("webhook-off"))
        case KeyAction.NEW:
            screen = screens.offer(t)
            await reply(query, screen.text, screen.keyboard)
