"""Who pays nothing reads no word of money, in no sentence of either language."""

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl

from services.domain.vocabulary import Language
from tests.texts.money import money_in
from tests.texts.sentences import messages, plausible_values
from texts.reader import LOCALES, NO_PRICE, Texts

OF_PAYERS = {
    "error-already-subscribed",
    "error-credits-missing",
    "error-price-changed",
    "groups-balance",
    "groups-dearer",
    "help-button-price",
    "help-cancel-price",
    "help-price",
    "help-price-more",
    "help-price-one",
    "page-stars",
    "panel-price",
    "preset-packs-price",
    "summary-price",
    "summary-price-with-pictures",
}
"""Said where users pay, or to admins, besides what admins alone read and all of payments."""


def _in_file(name: str) -> set[str]:
    body = FluentParser().parse((LOCALES / "en" / name).read_text(encoding="utf-8")).body
    return {entry.id.name for entry in body if isinstance(entry, ftl.Message)}


OTHERS = ("admin.ftl", "console.ftl", "credits.ftl")
FREE = set(messages(Language.EN)) - OF_PAYERS - set[str]().union(*map(_in_file, OTHERS))


@pytest.mark.parametrize("language", Language)
def test_no_sentence_for_everybody_is_about_money(language: Language) -> None:
    texts = Texts(language, shows_prices=False)
    for key in FREE:
        for values in plausible_values(messages(language)[key]):
            given = {
                name: NO_PRICE if name.endswith("price") else value
                for name, value in values.items()
            }
            assert money_in(texts.plain(key, **given)) == [], key


def test_what_payers_alone_read_is_about_money() -> None:
    for key in OF_PAYERS - {"help-price-one"}:
        values = next(plausible_values(messages(Language.EN)[key]))
        assert money_in(Texts(Language.EN).plain(key, **values)), key
