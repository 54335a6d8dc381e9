"""What a code brings, or why it brings nothing, is an answer in any case."""

from datetime import timedelta

from db.database import Database
from services.console.promos import Promos
from services.domain.clock import now
from services.domain.codes import Promo
from services.errors import CodeUnknown
from services.paying.gifting import Gifting
from services.paying.giving import GIFT_PREFIX, Giving, Redeemed
from tests.services.jobs.paying import pay_in
from tests.services.kit import STRANGER, USER


async def test_an_admins_code_and_one_of_a_gift_are_told_apart(database: Database) -> None:
    await pay_in(database)
    gift = await Gifting(database).make(USER, 20, "summer")
    promo = Promo(code="SUMMER", credits=50, uses=1, expires_at=now() + timedelta(days=1))
    await Promos(database).make(1, promo)
    giving = Giving(database)
    assert await giving.redeem(STRANGER, "Summer") == Redeemed(50)
    assert await giving.redeem(STRANGER, GIFT_PREFIX + gift.code) == Redeemed(20)


async def test_the_case_of_a_gifts_code_counts(database: Database) -> None:
    await pay_in(database)
    await Gifting(database).make(USER, 20, "summer")
    answer = await Giving(database).redeem(STRANGER, GIFT_PREFIX + "SUMMER")
    assert answer.credits == 0
    assert isinstance(answer.error, CodeUnknown)


async def test_who_had_their_free_credits_gets_none_again(database: Database) -> None:
    assert [await Giving(database, 24).welcome(USER) for _ in range(2)] == [24, 0]
    assert await Giving(database).welcome(STRANGER) == 0
