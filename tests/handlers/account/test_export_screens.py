"""What is said of a copy, in the chat and in the copy."""

from datetime import UTC, datetime

import pytest

from handlers.account import export_screens
from services.domain.exports import (
    Contents,
    Export,
    ExportItem,
    ExportState,
    ItemKind,
    ItemProblem,
)
from services.exporting.post import PartSent
from tests.handlers.samples import EN, RU
from texts.reader import Texts

BOTH = pytest.mark.parametrize("t", [EN, RU], ids=["en", "ru"])
GONE = ExportItem(
    number=2, kind=ItemKind.PHOTO, of_id="2", path="photos/photo-002", problem=ItemProblem.GONE
)


def contents(**changes: object) -> Contents:
    values: dict[str, object] = {
        "user_id": 1001,
        "made_at": datetime(2026, 12, 1, tzinfo=UTC),
        "counts": {ItemKind.PHOTO: 5},
        "links": {},
        "links_last_days": None,
        "missing": [],
        "has_receipts": False,
    }
    return Contents(**values | changes)  # type: ignore[arg-type]


@BOTH
def test_the_readme_says_what_there_is_and_no_more(t: Texts) -> None:
    text = export_screens.readme(t, contents())
    assert t.plain("export-readme-photo", count=5) in text
    for key in ("export-readme-file-receipts", "export-readme-links", "export-readme-missing"):
        assert t.plain(key) not in text
    assert t.plain("export-readme-picture", count=0) not in text


@BOTH
def test_the_readme_names_what_is_missing_and_where_the_rest_is(t: Texts) -> None:
    links = {"models/ANNA.safetensors": "https://store/anna"}
    text = export_screens.readme(
        t, contents(links=links, links_last_days=7, missing=[GONE], has_receipts=True)
    )
    assert "models/ANNA.safetensors: https://store/anna" in text
    assert t.plain("export-readme-links-last", days=7) in text
    assert f"photos/photo-002: {t.plain('export-problem-gone')}" in text
    assert t.plain("export-readme-file-receipts") in text


@BOTH
def test_a_copy_under_way_can_be_stopped_and_one_that_has_ended_cannot(t: Texts) -> None:
    export = Export(id="e" * 16, user_id=1, chat_id=1, items=9, gathered=4, parts=1)
    screen = export_screens.screen(t, export)
    assert screen.keyboard is not None
    assert t("export-gathered", done=4, all=9) in screen.text
    for state in set(ExportState) - {ExportState.WORKING}:
        ended = Export(id="e", user_id=1, chat_id=1, state=state)
        assert export_screens.screen(t, ended).keyboard is None


@BOTH
def test_only_the_last_part_says_that_it_is_the_last(t: Texts) -> None:
    assert export_screens.caption(t, PartSent(1, is_last=False)) == t("export-part", number=1)
    assert export_screens.caption(t, PartSent(1, is_last=True)) == t("export-only-part", number=1)
    assert export_screens.caption(t, PartSent(2, is_last=True, missing=3)).splitlines() == [
        t("export-last-part", number=2),
        t("export-missing", count=3),
    ]
