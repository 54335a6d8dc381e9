"""The private folder that archives are made in."""

import secrets
import stat
from pathlib import Path
from tempfile import gettempdir

from services.training.packing import emptied_folder


def test_what_a_killed_process_left_is_removed_and_nobody_else_may_look() -> None:
    name = f"neurophoto-test-{secrets.token_hex(4)}"
    folder = emptied_folder(name)
    left = folder / "neurophoto-abc"
    left.mkdir()
    (left / "photos.zip").write_bytes(b"a face")
    try:
        assert emptied_folder(name) == folder
        assert list(folder.iterdir()) == []
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    finally:
        folder.rmdir()


def test_a_name_that_belongs_to_somebody_else_is_left_alone() -> None:
    name = f"neurophoto-test-{secrets.token_hex(4)}"
    theirs = Path(gettempdir(), name)
    theirs.write_text("theirs")
    try:
        folder = emptied_folder(name)
        assert folder != theirs
        assert folder.is_dir()
        assert theirs.read_text() == "theirs"
        folder.rmdir()
    finally:
        theirs.unlink()
