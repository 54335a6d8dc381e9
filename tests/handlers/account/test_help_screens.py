"""Every question of the help has its answer in one message, and the way to the others."""

import re
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from aiogram.types import InlineKeyboardButton

from handlers.account import help_screens
from handlers.account.callbacks import Help, HelpTopic
from handlers.telegram.commands import COMMANDS
from handlers.telegram.screen import Screen
from services.domain.vocabulary import Language
from services.fal.client import FalClient
from services.fal.endpoints import GENERATORS, TRAINERS
from services.money.prices import PriceList
from services.rules import TrainingRules
from services.training.offers import TrainingOffers
from texts.reader import Texts

EN, RU = Texts(Language.EN), Texts(Language.RU)
MESSAGE_LIMIT = 4096


def buttons(screen: Screen) -> list[InlineKeyboardButton]:
    rows = screen.keyboard.inline_keyboard if screen.keyboard else []
    return [button for row in rows for button in row]


class Words(HTMLParser):
    """The text between tags."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = ""
        self.feed(text)
        self.close()

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("t", [EN, RU], ids=["en", "ru"])
def test_help_answers_every_question_in_one_message(t: Texts) -> None:
    rules = TrainingRules(trainers=tuple(TRAINERS))
    prices = PriceList(FalClient("a:b"), Decimal("2.00"), Decimal("0.035"))
    offers = TrainingOffers(rules, prices).all()
    first = help_screens.first_page(t, rules)
    assert [button.callback_data for button in buttons(first)] == [
        *(Help(topic=topic).pack() for topic in HelpTopic),
        "contact:",
    ]
    for topic in HelpTopic:
        page = help_screens.page(t, topic, rules, offers)
        assert len(Words(page.text).text) <= MESSAGE_LIMIT
        assert [button.text[0] for button in buttons(page)].count("•") == 1
        assert buttons(page)[-1].callback_data == Help().pack()
    price = help_screens.page(t, HelpTopic.PRICE, rules, offers)
    for amount in ("1.00", "2.00", "0.035", "0.0085"):
        assert t.usd(Decimal(amount)) in price.text
    rights = help_screens.page(t, HelpTopic.RIGHTS, rules, offers)
    for generator in GENERATORS:
        assert f"fal.ai/models/{generator}" in rights.text


@pytest.mark.parametrize("t", [EN, RU], ids=["en", "ru"])
def test_help_lists_every_command_that_telegram_lists(t: Texts) -> None:
    text = help_screens.first_page(t, TrainingRules()).text
    listed = re.findall(r"^/(\w+)", text, re.MULTILINE)
    assert sorted(listed) == sorted(COMMANDS)


@pytest.mark.parametrize("t", [EN, RU], ids=["en", "ru"])
def test_help_lists_try_and_balance_where_they_exist(t: Texts) -> None:
    rules = TrainingRules(has_instant=True)
    text = help_screens.first_page(t, rules, has_balance=True).text
    listed = re.findall(r"^/(\w+)", text, re.MULTILINE)
    assert sorted(listed) == sorted([*COMMANDS, "try", "balance"])
