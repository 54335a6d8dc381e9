"""Every sentence the user reads, in the user's language.

Sentences live in `locales/<language>/*.ftl` (Fluent), which knows the plurals of each language.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from html import escape
from pathlib import Path

from fluent.runtime import FluentBundle, FluentResource

from services.domain.vocabulary import Language

LOCALES = Path(__file__).parent / "locales"

Value = int | str | date

RECURRING = 8192
"""So many sentences are remembered as they were read: all without values in each language, some
1,800, and those with the numbers of the day. Some 300 bytes each."""

NO_PRICE = "none"
"""What sentences get in the place of a price that their reader does not pay."""


def as_text(words: str) -> str:
    """Return somebody's own words as text, never as markup.

    They may be as long as a message; Fluent refuses values of more than 1,000 signs.
    """
    return escape(words, quote=False)


class Texts:
    """The sentences of one language. Values are put in as text, never as markup.

    Args:
        language: The language.
        shows_prices: Whether who reads them pays, and so must know what things cost.
    """

    def __init__(self, language: Language, *, shows_prices: bool = True) -> None:
        self.language = language
        self.shows_prices = shows_prices

    def __call__(self, key: str, /, **values: Value) -> str:
        """Return a sentence for a message: HTML, with the values escaped.

        Raises:
            KeyError: There is no such sentence, or a value it needs is missing.
        """
        escaped = {
            name: escape(value, quote=False) if isinstance(value, str) else value
            for name, value in values.items()
        }
        return self._format(key, escaped)

    def plain(self, key: str, /, **values: Value) -> str:
        """Return a sentence for a button or toast, which take no markup. Raises as `__call__`."""
        return self._format(key, values)

    def decimal(self, number: float | Decimal) -> str:
        """Return a number with the decimal mark of the language."""
        return str(number).replace(".", "," if self.language is Language.RU else ".")

    def usd(self, amount: Decimal) -> str:
        """Return an amount of dollars, with a third and fourth decimal only where they count.

        For those who pay nothing it is `NO_PRICE`.
        """
        if not self.shows_prices:
            return NO_PRICE
        exact = amount.quantize(Decimal("0.0001"))
        shorter = (amount.quantize(Decimal(places)) for places in ("0.01", "0.001"))
        number = self.decimal(next((short for short in shorter if short == exact), exact))
        return f"{number}\N{NO-BREAK SPACE}$" if self.language is Language.RU else f"${number}"

    def price(self, usd: Decimal, stars: int) -> str:
        """Return what something costs: in Stars where users pay, or else as `usd`."""
        return f"{stars}\N{NO-BREAK SPACE}⭐" if stars else self.usd(usd)

    def _format(self, key: str, values: Mapping[str, Value]) -> str:
        if all(type(value) is int for value in values.values()):
            return _recurring(self.language, key, tuple(values.items()))
        return _formatted(self.language, key, values)


@lru_cache(RECURRING)
def _recurring(language: Language, key: str, numbers: tuple[tuple[str, Value], ...]) -> str:
    """Return a sentence with no values but numbers: most recur, and nobody's words are kept."""
    return _formatted(language, key, dict(numbers))


def _formatted(language: Language, key: str, values: Mapping[str, Value]) -> str:
    bundle = _bundle(language)
    pattern = bundle.get_message(key).value
    if pattern is None:
        raise KeyError(key)
    text, errors = bundle.format_pattern(pattern, dict(values))
    if errors:
        msg = f"{key}: {errors[0]}"
        raise KeyError(msg)
    return str(text)


@cache
def _bundle(language: Language) -> FluentBundle:
    # Isolation marks would land in copied trigger words and prompts.
    bundle = FluentBundle([language.value], use_isolating=False)
    for path in sorted((LOCALES / language.value).glob("*.ftl")):
        bundle.add_resource(FluentResource(path.read_text(encoding="utf-8")))
    return bundle
