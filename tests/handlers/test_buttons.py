"""Buttons in old chats stay clickable; what one feature's carry is tested beside the feature."""

import importlib
from pathlib import Path

from aiogram.filters.callback_data import CallbackData

import handlers
from services.identifiers import new_id
from tests.handlers.buttons import LONGEST_ID

HERE = Path(__file__).parent
MODULES = sorted(Path(*handlers.__path__).glob("*/callbacks.py"))

PREFIXES = (
    "account apikey apilimit apinew better cast console consolejob consolepromo contact draft "
    "draft-left edit export forget gal gift gift-back go groups help lack lang lend loan look "
    "make menu mode model model-anew movements offer opt pack-buy panel paystart pcard pcats "
    "person photos pic pmake ppack ppacks pshelf psurprise receipts receipts-csv repairs res "
    "second start sub-allow sub-buy sub-cancel subj thr thread thrs tr trainer try use want"
)


def test_an_id_of_a_row_has_the_length_that_is_reckoned_with() -> None:
    ids = {new_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert {len(row_id) for row_id in ids} == {len(LONGEST_ID)}
    assert not any(":" in row_id for row_id in ids)


def test_every_kind_of_press_keeps_its_prefix() -> None:
    """A prefix never changes, and none is used twice."""
    for module in MODULES:
        importlib.import_module(f"handlers.{module.parent.name}.callbacks")
    every = CallbackData.__subclasses__()
    kinds = [kind for kind in every if kind.__module__.startswith("handlers.")]
    assert " ".join(sorted(kind.__prefix__ for kind in kinds)) == PREFIXES


def test_the_presses_of_every_feature_are_tested() -> None:
    for module in MODULES:
        assert (HERE / module.parent.name / "test_callbacks.py").exists(), module
