"""docs/api.md names every address of the API and none that there is not, and its true limits."""

import re
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from api import events, multipart, photos
from api.callers import Limits
from api.pages import MOST
from api.public import PATH, build_api
from services.domain.api_keys import KeyScope
from services.domain.clock import now
from services.domain.webhooks import TEST, Webhook, WebhookEvent
from services.users.api_keys import DAILY_PICTURES
from services.webhooks.address import PORTS
from services.webhooks.post import WITHIN_S
from services.webhooks.sending import PAUSES_S
from services.webhooks.service import BOTH_SIGN_FOR
from services.webhooks.signing import headers_of, new_secret

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text("utf-8")


def test_the_page_names_the_addresses_that_there_are() -> None:
    document = build_api(cast("Any", None)).openapi()
    there = {
        f"{verb.upper()} {PATH}{path}"
        for path, calls in document["paths"].items()
        for verb in calls
    }
    assert set(re.findall(r"`((?:GET|POST|PUT|PATCH|DELETE) /api/[^`]+)`", PAGE)) == there


def test_the_limits_are_those_of_the_code() -> None:
    calls = Limits().calls
    assert "five a minute to set or try" in PAGE
    assert (Limits().tries._per_s * 60, Limits().tries._burst) == (5, 5)
    assert f"{calls._per_s * 60:.0f} requests a minute, {calls._burst} at once" in PAGE
    assert (photos.UPLOADS_OF_ONE, events.MOST) == (2, 5)
    assert "two uploads and five streams" in PAGE
    assert "longer than 20 files of 20 MB together is answered with 413" in PAGE
    assert f"more than {photos.UPLOAD_WITHIN_S / 60:.0f} minutes" in PAGE
    assert f"at most {MOST} (`limit`)" in PAGE
    assert f"up to {photos.MAX_FILES} files of at most {photos.MAX_FILE_BYTES >> 20} MB" in PAGE
    first, second, third = DAILY_PICTURES
    assert f"at most {first}, {second} or {third} in 24 hours" in PAGE
    assert all(f"| `{scope}` |" in PAGE for scope in KeyScope)
    assert multipart.GRACE_S == 10


def test_the_webhooks_are_those_of_the_code() -> None:
    named = set(re.findall(r"`((?:training|generation|enlargement|webhook)\.[a-z]+)`", PAGE))
    assert named == {*WebhookEvent, TEST}
    assert [*PAUSES_S] == [5, 300, 1800, *(3600 * hours for hours in (2, 5, 10, 14, 20, 24))]
    assert "after 5 seconds, 5 and 30 minutes, 2, 5, 10, 14, 20 and 24 hours" in PAGE
    assert (WITHIN_S, BOTH_SIGN_FOR.days, PORTS) == (15, 1, (443, 8443))


def test_the_example_knows_what_the_bot_has_signed() -> None:
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    made: dict[str, Any] = {}
    exec(example, made)  # noqa: S102  # our own words
    is_genuine = made["is_genuine"]
    renewed = Webhook(
        user_id=1,
        url="https://example.org/",
        secret=new_secret(),
        old_secret=new_secret(),
        old_until=now() + BOTH_SIGN_FOR,
    )
    headers = headers_of(renewed, "msg_1", now(), b"{}")
    assert is_genuine(renewed.secret, headers, b"{}")
    assert is_genuine(renewed.old_secret, headers, b"{}")
    assert not is_genuine(renewed.secret, headers, b"{ }")
    assert not is_genuine(new_secret(), headers, b"{}")
    old = headers_of(renewed, "msg_1", now() - timedelta(minutes=6), b"{}")
    assert not is_genuine(renewed.secret, old, b"{}")


def test_the_script_is_one(tmp_path: Path) -> None:
    (script,) = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    path = tmp_path / "script.sh"
    path.write_text(script)
    subprocess.run(["/bin/sh", "-n", str(path)], check=True)  # noqa: S603
