"""A gift waits for somebody, and can be taken back until somebody has it."""

from collections.abc import Sequence

import pytest

from db.database import Database
from services.errors import CodeExpired, StaleButton
from services.paying.gifting import Gifting
from services.paying.giving import GIFT_PREFIX, Giving
from tests.services.jobs.paying import HAS, pay_in
from tests.services.kit import STRANGER, USER


async def has(database: Database, user_id: int) -> tuple[int, int]:
    async with database.transaction() as tx:
        wallet = await tx.wallets.of_user(user_id)
    return wallet.paid, wallet.bonus


async def waiting(database: Database) -> Sequence[str]:
    return [gift.code for gift in await Gifting(database).waiting(USER)]


async def test_the_gifts_that_wait_are_listed_oldest_first(database: Database) -> None:
    assert await waiting(database) == []
    await pay_in(database)
    for code in ("c", "a", "b"):
        await Gifting(database).make(USER, 5, code)
    assert await waiting(database) == ["c", "a", "b"]
    assert await Gifting(database).waiting(STRANGER) == []


async def test_what_is_taken_back_can_be_spent_and_not_be_redeemed(database: Database) -> None:
    await pay_in(database)
    gift = await Gifting(database).make(USER, 30)
    assert await has(database, USER) == (HAS - 30, 0)
    await Gifting(database).take_back(USER, gift.code)
    assert await has(database, USER) == (HAS, 0)
    assert await waiting(database) == []
    answer = await Giving(database).redeem(STRANGER, GIFT_PREFIX + gift.code)
    assert isinstance(answer.error, CodeExpired)


async def test_a_gift_that_is_made_again_is_the_same_and_paid_once(database: Database) -> None:
    await pay_in(database)
    gifts = [await Gifting(database).make(USER, 30, "code") for _ in range(2)]
    assert gifts[0] == gifts[1]
    assert await has(database, USER) == (HAS - 30, 0)


async def test_a_gift_is_taken_back_once_by_who_gave_it_while_it_waits(
    database: Database,
) -> None:
    await pay_in(database)
    gifting = Gifting(database)
    back, redeemed, theirs = [await gifting.make(USER, 10) for _ in range(3)]
    await gifting.take_back(USER, back.code)
    await Giving(database).redeem(STRANGER, GIFT_PREFIX + redeemed.code)
    for user_id, code in (
        (USER, back.code),
        (USER, redeemed.code),
        (USER, "never made"),
        (STRANGER, theirs.code),
    ):
        with pytest.raises(StaleButton):
            await gifting.take_back(user_id, code)
    assert await has(database, USER) == (HAS - 20, 0)
    assert await has(database, STRANGER) == (0, 10)


async def test_each_gift_has_a_code_of_its_own_that_fits_a_link(database: Database) -> None:
    await pay_in(database)
    codes = {(await Gifting(database).make(USER, 1)).code for _ in range(5)}
    assert len(codes) == 5
    # A parameter of a link takes 64 letters (core.telegram.org/bots/features#deep-linking).
    assert max(len(GIFT_PREFIX + code) for code in codes) <= 64
