"""docs/api.md names every address of the API and none that there is not, and its true limits."""

import re
import subprocess
from pathlib import Path
from typing import Any, cast

from api import events, multipart, photos
from api.callers import Limits
from api.pages import MOST
from api.public import PATH, build_api
from services.domain.api_keys import KeyScope
from services.users.api_keys import DAILY_PICTURES

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text("utf-8")


def test_the_page_names_the_addresses_that_there_are() -> None:
    document = build_api(cast("Any", None)).openapi()
    there = {
        f"{verb.upper()} {PATH}{path}"
        for path, calls in document["paths"].items()
        for verb in calls
    }
    assert set(re.findall(r"`((?:GET|POST|PUT|DELETE) /api/[^`]+)`", PAGE)) == there


def test_the_limits_are_those_of_the_code() -> None:
    calls = Limits().calls
    assert f"{calls._per_s * 60:.0f} requests a minute, {calls._burst} at once" in PAGE
    assert (photos.UPLOADS_OF_ONE, events.MOST) == (2, 5)
    assert "two uploads and five streams" in PAGE
    assert f"at most {MOST} (`limit`)" in PAGE
    assert f"up to {photos.MAX_FILES} files of at most {photos.MAX_FILE_BYTES >> 20} MB" in PAGE
    first, second, third = DAILY_PICTURES
    assert f"at most {first}, {second} or {third} in 24 hours" in PAGE
    assert all(f"| `{scope}` |" in PAGE for scope in KeyScope)
    assert multipart.GRACE_S == 10


def test_the_script_is_one(tmp_path: Path) -> None:
    (script,) = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    path = tmp_path / "script.sh"
    path.write_text(script)
    subprocess.run(["/bin/sh", "-n", str(path)], check=True)  # noqa: S603
