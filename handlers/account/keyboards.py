"""The inline keyboards of /language, /privacy and /deletemydata."""

from aiogram.types import InlineKeyboardMarkup

from handlers.account.callbacks import ChooseLanguage, ExportAction, ExportButton, ForgetMe
from handlers.telegram.keyboards import button, keyboard_of
from services.domain.vocabulary import Language
from texts.reader import Texts


def languages(t: Texts) -> InlineKeyboardMarkup:
    """Return a button for each language, each in its own words."""
    return keyboard_of(
        [
            button(
                t.plain(f"language-name-{language.value}"),
                ChooseLanguage(language=language).pack(),
            )
            for language in Language
        ]
    )


def export_me(t: Texts) -> InlineKeyboardMarkup:
    """Return the button that has a copy of everything made."""
    return keyboard_of(
        [button(t.plain("export-start"), ExportButton(action=ExportAction.START).pack())]
    )


def forget_me(t: Texts) -> InlineKeyboardMarkup:
    """Return the choice between deleting everything and keeping it."""
    return keyboard_of(
        [button(t.plain("forget-keep"), ForgetMe(sure=False).pack())],
        [button(t.plain("forget-sure"), ForgetMe(sure=True).pack())],
    )
