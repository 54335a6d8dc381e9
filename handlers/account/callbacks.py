"""What the buttons of /help, /settings, /language and /deletemydata carry."""

from enum import StrEnum

from aiogram.filters.callback_data import CallbackData

from services.domain.vocabulary import Language
from services.users.service import Wish


class ChooseLanguage(CallbackData, prefix="lang"):
    """The language to speak."""

    language: Language


class ForgetMe(CallbackData, prefix="forget"):
    """The answer to whether everything is to be deleted."""

    sure: bool


class Want(CallbackData, prefix="want"):
    """Switches a wish in the settings on or off."""

    wish: Wish
    on: bool


class HelpTopic(StrEnum):
    """The pages of /help."""

    TIME = "time"
    PRICE = "price"
    OPTIONS = "options"
    LIKENESS = "likeness"
    PHOTOS = "photos"
    RIGHTS = "rights"
    CANCEL = "cancel"


class Help(CallbackData, prefix="help"):
    """A page of /help; the first one without a topic."""

    topic: HelpTopic | None = None
