"""Every file and folder that the documents for contributors name is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"`((?:bot|handlers|texts|services|db|sandbox|tests|docs)/[\w./-]+)`")


@pytest.mark.parametrize("document", ["CONTRIBUTING.md", "ARCHITECTURE.md", "SECURITY.md"])
def test_a_file_that_is_named_is_there(document: str) -> None:
    named = NAMED.findall((ROOT / document).read_text("utf-8"))
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []
