"""Rows of money by the moment and the order that they are asked for."""

from datetime import UTC, datetime, timedelta

import pytest

from db.database import Database
from services.domain.codes import Promo

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
async def database(each_database: Database) -> Database:
    return each_database


@pytest.mark.parametrize(
    ("used", "expires_at", "is_ended"),
    [(1, NOON + SECOND, True), (1, NOON, False), (2, NOON + SECOND, False)],
)
async def test_a_code_that_is_worth_something_ends_and_no_other_does(
    database: Database, used: int, expires_at: datetime, *, is_ended: bool
) -> None:
    async with database.transaction() as tx:
        for code in ("MINE", "OTHER"):
            await tx.codes.add_promo(Promo(code=code, credits=5, uses=2, expires_at=expires_at))
        for _ in range(used):
            await tx.codes.count_use("MINE")
        assert await tx.codes.end_promo("MINE", NOON) is is_ended
        mine, other = [await tx.codes.lock_promo(code) for code in ("MINE", "OTHER")]
    assert mine is not None
    assert other is not None
    assert (mine.used, mine.expires_at) == (used, NOON if is_ended else expires_at)
    assert (other.used, other.expires_at) == (0, expires_at)
