"""The question for the trainer."""

from dataclasses import replace
from decimal import Decimal

import pytest

from handlers.train.trainers_screens import trainer_question
from services.fal.endpoints import TRAINERS
from services.training.offers import TrainingOffers
from tests import values
from tests.handlers.samples import EN, PRICES, RU, RULES, labels
from tests.services.kit import FAST, Z_IMAGE
from texts.reader import Texts


@pytest.mark.parametrize("t", [EN, RU], ids=["en", "ru"])
def test_the_question_for_the_trainer_says_what_each_is_good_for_and_costs(t: Texts) -> None:
    everything = replace(RULES, trainers=tuple(TRAINERS))
    screen = trainer_question(t, values.a_draft(), TrainingOffers(everything, PRICES).all())
    for trainer in TRAINERS.values():
        assert t(f"trainer-about-{trainer.nickname}") in screen.text
    names = [t.plain(f"trainer-name-{trainer.nickname}") for trainer in TRAINERS.values()]
    usd = ("1.00", "1.20", "1.00", "0.85", "3.20", "0.75", "0.95")
    costs = [t.usd(Decimal(one)) for one in usd]
    assert labels(screen.keyboard) == [
        *(
            t.plain("trainer-choice", name=name, price=cost)
            for name, cost in zip(names, costs, strict=True)
        ),
        t.plain("back"),
        t.plain("cancel"),
    ]


def test_the_trainers_are_offered_in_the_operators_order() -> None:
    two = replace(RULES, trainers=(Z_IMAGE, FAST))
    first, second, *_ = labels(
        trainer_question(EN, values.a_draft(), TrainingOffers(two, PRICES).all()).keyboard
    )
    assert ("Z-Image" in first, "FLUX.1 Fast" in second) == (True, True)
