"""docs/states.md draws exactly the changes of state that the code allows."""

import re
from pathlib import Path

import pytest

from db.tables import Training
from db.vocabulary import TRAINING_TRANSITIONS, TrainingState

DRAWING = Path(__file__).resolve().parents[2] / "docs" / "states.md"


def test_the_drawing_has_every_change_of_state_and_no_other() -> None:
    arrows = re.findall(r"^    (\w+) --> (\w+): (\w+),", DRAWING.read_text("utf-8"), re.MULTILINE)
    drawn = {(old, new) for old, new, _ in arrows}
    allowed = {
        (old.value, new.value) for old, all_new in TRAINING_TRANSITIONS.items() for new in all_new
    }
    assert drawn == allowed
    assert len(arrows) == len(drawn)
    assert {who for _, _, who in arrows} == {"user", "carrier"}


def test_every_state_is_on_the_map() -> None:
    assert set(TRAINING_TRANSITIONS) == set(TrainingState)
    assert {state for state, after in TRAINING_TRANSITIONS.items() if not after} == {
        state for state in TrainingState if state.is_final
    }


@pytest.mark.parametrize("old", TrainingState)
@pytest.mark.parametrize("new", TrainingState)
def test_a_row_refuses_a_change_that_is_not_on_the_map(
    old: TrainingState, new: TrainingState
) -> None:
    row = Training(id="one", state=old)
    if new == old or new in TRAINING_TRANSITIONS[old]:
        row.state = new
        assert row.state is new
    else:
        with pytest.raises(ValueError, match=f"from {old} to {new}"):
            row.state = new
