"""docs/states.md draws exactly the changes of state that the code allows."""

import re
from collections.abc import Mapping
from enum import StrEnum
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from db.tables import Enlargement, Generation, Training
from services.domain.states import (
    ENLARGEMENT_TRANSITIONS,
    FINAL_ENLARGEMENT_STATES,
    FINAL_GENERATION_STATES,
    FINAL_TRAINING_STATES,
    GENERATION_TRANSITIONS,
    TRAINING_TRANSITIONS,
    EnlargementState,
    GenerationState,
    TrainingState,
)

DRAWINGS = Path(__file__).resolve().parents[2] / "docs" / "states.md"

MAPS: dict[
    str,
    tuple[type[Training | Generation | Enlargement], type[StrEnum], Mapping[Any, frozenset[Any]]],
] = {
    "A training": (Training, TrainingState, TRAINING_TRANSITIONS),
    "A generation": (Generation, GenerationState, GENERATION_TRANSITIONS),
    "An enlargement": (Enlargement, EnlargementState, ENLARGEMENT_TRANSITIONS),
}

ENDS = {*FINAL_TRAINING_STATES, *FINAL_GENERATION_STATES, *FINAL_ENLARGEMENT_STATES}

CHANGES = [
    pytest.param(row, transitions, old, new, id=f"{row.__name__}-{old}-{new}")
    for row, states, transitions in MAPS.values()
    for old, new in product(states, states)
]


@pytest.mark.parametrize("heading", MAPS)
def test_the_drawing_has_every_change_of_state_and_no_other(heading: str) -> None:
    _, _, transitions = MAPS[heading]
    section = DRAWINGS.read_text("utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    arrows = re.findall(r"^    (\w+) --> (\w+): (\w+),", section, re.MULTILINE)
    drawn = {(old, new) for old, new, _ in arrows}
    assert drawn == {
        (old.value, new.value) for old, all_new in transitions.items() for new in all_new
    }
    assert len(arrows) == len(drawn)
    assert {who for _, _, who in arrows} == {"user", "carrier"}


@pytest.mark.parametrize("heading", MAPS)
def test_every_state_is_on_the_map(heading: str) -> None:
    _, states, transitions = MAPS[heading]
    assert set(transitions) == set(states)


@pytest.mark.parametrize("heading", MAPS)
def test_from_an_end_there_is_only_the_way_back_to_look_again(heading: str) -> None:
    _, states, transitions = MAPS[heading]
    after_ends = {
        (old.value, new.value) for old in states if old in ENDS for new in transitions[old]
    }
    assert after_ends == {("failed", "queued"), ("failed", "unconfirmed")}
    assert all(transitions[state] for state in states if state not in ENDS)


@pytest.mark.parametrize(("row", "transitions", "old", "new"), CHANGES)
def test_a_row_refuses_a_change_that_is_not_on_the_map(
    row: type[Training | Generation],
    transitions: Mapping[Any, frozenset[Any]],
    old: StrEnum,
    new: StrEnum,
) -> None:
    job = row(id="one", state=old)
    if new == old or new in transitions[old]:
        setattr(job, "state", new)  # noqa: B010  # the two rows have states of two types
        assert job.state is new
    else:
        words = f"^{row.__name__.lower()} one cannot go from {old} to {new}$"
        with pytest.raises(ValueError, match=words):
            setattr(job, "state", new)  # noqa: B010
