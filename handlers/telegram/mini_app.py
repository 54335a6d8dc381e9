"""The Mini App: the button left of the input field, and buttons below messages that open it."""

import logging
from urllib.parse import urlsplit

from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramBadRequest
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    MenuButtonCommands,
    MenuButtonDefault,
    MenuButtonWebApp,
    WebAppInfo,
)

from handlers.telegram.commands import DEFAULT_LANGUAGE
from texts.reader import Texts

logger = logging.getLogger(__name__)

PATH = "/app/"
"""Where the page is, below PUBLIC_URL."""


class MiniApp:
    """Says where the page is, and has Telegram show the ways to it.

    Telegram takes https only, except on its test servers
    (core.telegram.org/bots/webapps#using-bots-in-the-test-environment). Whether another address is
    taken is known once it was tried: until then no button leads there.

    Args:
        bot: Whose page.
        public_url: What PUBLIC_URL says, without a slash at its end; empty means no page.
    """

    def __init__(self, bot: Bot, public_url: str) -> None:
        self._bot = bot
        self._address = public_url + PATH if public_url else ""
        self._is_taken = self._address.startswith("https://")

    async def register(self) -> None:
        """Set the button that everybody has, or take it away, where Telegram has another one.

        Raises:
            AiogramError: Telegram does not answer well.
        """
        known = await self._bot.get_chat_menu_button()
        wanted = self._menu_button(Texts(DEFAULT_LANGUAGE))
        try:
            if wanted is None:
                if _leads_to_page(known):
                    await self._bot.set_chat_menu_button(menu_button=MenuButtonCommands())
            elif not _is_same(known, wanted):
                await self._bot.set_chat_menu_button(menu_button=wanted)
        except TelegramBadRequest as error:
            self._is_taken = False
            logger.warning("PUBLIC_URL: there is no Mini App, Telegram says: %s", error.message)
        else:
            self._is_taken = wanted is not None

    async def renew(self, chat_id: int, t: Texts) -> None:
        """Have the button in a private chat speak the user's language, and lead where it is to.

        It is a courtesy: what Telegram says against it is logged, and the chat goes on.
        """
        wanted = self._menu_button(t) if self._is_taken else None
        try:
            known = await self._bot.get_chat_menu_button(chat_id=chat_id)
            if wanted is None:
                if _leads_to_page(known):
                    await self._bot.set_chat_menu_button(chat_id, MenuButtonDefault())
            elif not _is_same(known, wanted) and not self._says_the_same(known, wanted):
                await self._bot.set_chat_menu_button(chat_id, wanted)
        except (AiogramError, TimeoutError) as error:
            logger.info("the menu button of a chat stays as it is: %s", type(error).__name__)

    def with_button(self, t: Texts, menu: InlineKeyboardMarkup | None) -> InlineKeyboardMarkup:
        """Return a keyboard with *Open the app* as its first row, where there is a page.

        For private chats: Telegram refuses the button in groups.
        """
        rows = menu.inline_keyboard if menu is not None else []
        if self._is_taken:
            page = WebAppInfo(url=self._address)
            rows = [[InlineKeyboardButton(text=t.plain("app-open"), web_app=page)], *rows]
        return InlineKeyboardMarkup(inline_keyboard=rows)

    def _menu_button(self, t: Texts) -> MenuButtonWebApp | None:
        if not self._address:
            return None
        page = WebAppInfo(url=self._address)
        return MenuButtonWebApp(text=t.plain("app-menu-button"), web_app=page)

    def _says_the_same(self, known: object, wanted: MenuButtonWebApp) -> bool:
        """Whether the chat has no button of its own, and the one for everybody says the same."""
        everybody = self._menu_button(Texts(DEFAULT_LANGUAGE))
        return isinstance(known, MenuButtonDefault) and everybody == wanted


def _leads_to_page(known: object) -> bool:
    """Whether a button is one of ours; another page of the operator's stays."""
    return isinstance(known, MenuButtonWebApp) and urlsplit(known.web_app.url).path.endswith(PATH)


def _is_same(known: object, wanted: MenuButtonWebApp) -> bool:
    # Not `==` on the objects: the one that was received is bound to the bot.
    return isinstance(known, MenuButtonWebApp) and known.model_dump() == wanted.model_dump()
