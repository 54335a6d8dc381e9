"""An operator finds every trainer, with its generator, where they choose one."""

from pathlib import Path

import pytest

from services.fal.endpoints import TRAINERS, Trainer

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("trainer", TRAINERS.values(), ids=list(TRAINERS))
@pytest.mark.parametrize("name", ["README.md", "README.ru.md"])
def test_every_trainer_is_in_the_tables_of_the_readmes(name: str, trainer: Trainer) -> None:
    row = f"| `{trainer.endpoint}` | `{trainer.generator}` |"
    assert row in (ROOT / name).read_text(encoding="utf-8")


def test_every_trainer_is_in_the_example_of_settings() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert [endpoint for endpoint in TRAINERS if endpoint not in example] == []
