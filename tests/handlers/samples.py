"""What the tests of screens show, awkward names among it."""

from decimal import Decimal
from typing import Any

from aiogram.types import InlineKeyboardMarkup

from services.domain.states import TrainingState
from services.domain.values import Model, Training
from services.domain.vocabulary import Language, QualityMode, Subject
from services.fal.client import FalClient
from services.money.prices import PriceList
from services.rules import TrainingRules
from services.training.offers import TrainingOffers
from tests import values
from texts.reader import Texts

EN, RU = Texts(Language.EN), Texts(Language.RU)
AWKWARD = "<b>Tom & Ann</b>"
ESCAPED = "&lt;b&gt;Tom &amp; Ann&lt;/b&gt;"
MESSAGE_LIMIT = 4096
ROW_ID = "abcdefghijkl"
RULES = TrainingRules()
PRICES = PriceList(FalClient("a:b"), Decimal("2.00"), Decimal("0.035"))
OFFERS = TrainingOffers(RULES, PRICES)


def a_training(**changes: object) -> Training:
    values: dict[str, Any] = {
        "id": ROW_ID,
        "user_id": 1,
        "chat_id": 1,
        "state": TrainingState.TRAINING,
        "name": "Anna",
        "trigger_word": "ANNA_A3F2",
        "subject": Subject.WOMAN,
        "mode": QualityMode.STANDARD,
        "steps": 1000,
        "price_usd": Decimal("2.00"),
        "trainer": RULES.trainers[0],
        "percent": 0,
        "prepared_photos": 0,
    }
    values.update(changes)
    return Training(**values)


def a_model(**changes: object) -> Model:
    return values.a_model(**{"id": ROW_ID, "active": True} | changes)


def labels(keyboard: InlineKeyboardMarkup | None) -> list[str]:
    rows = keyboard.inline_keyboard if keyboard else []
    return [button.text for row in rows for button in row]
