"""What the buttons of /help, /settings, /language, /apikey, /privacy and /deletemydata carry."""

from enum import StrEnum

from aiogram.filters.callback_data import CallbackData

from services.domain.api_keys import KeyScope
from services.domain.vocabulary import Language
from services.users.service import Wish


class ChooseLanguage(CallbackData, prefix="lang"):
    """The language to speak."""

    language: Language


class ForgetMe(CallbackData, prefix="forget"):
    """The answer to whether everything is to be deleted."""

    sure: bool


class ExportAction(StrEnum):
    """What can be done about a copy of one's data."""

    START = "start"
    STOP = "stop"


class ExportButton(CallbackData, prefix="export"):
    """Begins a copy of the user's data, or stops that one."""

    action: ExportAction
    export_id: str | None = None


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


class MakeKey(CallbackData, prefix="apinew"):
    """Makes a personal key that may do so much."""

    scope: KeyScope


class LimitKey(CallbackData, prefix="apilimit"):
    """Changes how many pictures a day a key may order."""

    key_id: str
    daily_pictures: int


class KeyAction(StrEnum):
    """What else can be done with a key."""

    REVOKE = "revoke"
    NEW = "new"
    HOOK_OFF = "hookoff"


class KeyButton(CallbackData, prefix="apikey"):
    """Revokes the key, asks what a new one may do, or has no messages sent any more."""

    action: KeyAction
