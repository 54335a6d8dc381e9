"""Words in the place of buttons and commands: who types "done" or "отмена" is understood."""

from aiogram.filters import Filter
from aiogram.types import Message

from services.domain.vocabulary import Language
from texts.reader import Texts


class Says(Filter):
    """Lets through a text that is one of some words, in whatever language of the bot.

    Args:
        keys: The sentences with the words, parted by `|`.
    """

    def __init__(self, *keys: str) -> None:
        self._meant = {
            _bare(word): key
            for key in keys
            for language in Language
            for word in Texts(language).plain(key).split("|")
        }

    async def __call__(self, message: Message) -> bool | dict[str, str]:
        """Return the key of the words that were said as `said`."""
        said = self._meant.get(_bare(message.text or ""))
        return {"said": said} if said else False


def _bare(text: str) -> str:
    kept = "".join(sign if sign.isalnum() else " " for sign in text.casefold())
    return " ".join(kept.split())
