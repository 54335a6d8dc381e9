"""Each gift is given once, on both databases."""

import asyncio
from datetime import timedelta

import pytest

from db.database import Database
from services.console.promos import Promos, read_promo
from services.domain.clock import now
from services.domain.codes import Promo
from services.domain.credits import EntryKind, FoundIn, NoteKind, RefundedBy
from services.domain.values import User
from services.domain.vocabulary import Language
from services.errors import (
    CodeExpired,
    CodeUnknown,
    CodeUsedAlready,
    CodeUsedUp,
    CreditsMissing,
    StaleButton,
)
from services.money.charges import Charge
from services.money.gifts import Gifts
from services.money.purchases import Purchases
from services.paying.gifting import Gifting
from services.paying.giving import GIFT_PREFIX, Giving
from services.paying.inviting import Inviting
from tests.services.kit import STRANGER, USER
from tests.services.stars import waiting_notes


@pytest.fixture
async def database(sound_ledger: Database) -> Database:
    return sound_ledger


async def test_free_credits_are_given_once_also_to_who_starts_twice_at_once(
    database: Database,
) -> None:
    giving = Giving(database, 24)
    given = await asyncio.gather(*(giving.welcome(USER) for _ in range(4)))
    assert sorted(given) == [0, 0, 0, 24]
    assert await giving.welcome(STRANGER) == 24


async def test_the_first_picture_is_given_once_beside_what_everybody_gets(
    database: Database,
) -> None:
    gifts = Gifts()
    async with database.transaction() as tx:
        assert not await gifts.has_first_picture(tx, USER)
        assert await gifts.free(tx, USER, 24)
        assert not await gifts.has_first_picture(tx, USER)
        assert await gifts.first_picture(tx, USER, 7)
    async with database.transaction() as tx:
        assert await gifts.has_first_picture(tx, USER)
        assert not await gifts.first_picture(tx, USER, 7)
        assert await gifts.first_picture(tx, STRANGER, 7)
        given = await tx.wallets.find(USER)
        assert given is not None
        (newest, _) = await tx.wallets.entries(given.id, 10, None)
    assert (given.bonus, given.paid) == (31, 0)
    assert (newest.kind, newest.reason, newest.actor) == (
        EntryKind.FREE,
        "first_picture",
        "system",
    )


async def test_without_free_credits_nobody_gets_a_wallet(database: Database) -> None:
    assert await Giving(database).welcome(USER) == 0
    async with database.transaction() as tx:
        assert await tx.wallets.find(USER) is None


async def test_everybody_is_told_of_their_own_free_credits(database: Database) -> None:
    giving = Giving(database, 24)
    for user_id in (USER, STRANGER):
        await giving.welcome(user_id)
    async with database.transaction() as tx:
        wallets = {(await tx.wallets.of_user(user_id)).id for user_id in (USER, STRANGER)}
    notes = await waiting_notes(database)
    assert [(one.kind, one.words) for one in notes] == [(NoteKind.FREE, {"stars": 24})] * 2
    assert {one.wallet_id for one in notes} == wallets


async def make(database: Database, code: str, uses: int, days: int = 1) -> None:
    promo = Promo(code=code, credits=50, uses=uses, expires_at=now() + timedelta(days=days))
    await Promos(database).make(1, promo)


async def test_a_code_brings_its_credits_to_each_user_once(database: Database) -> None:
    await make(database, "SUMMER", uses=2)
    giving = Giving(database)
    assert (await giving.redeem(USER, "summer")).credits == 50
    again = await giving.redeem(USER, "SUMMER")
    assert isinstance(again.error, CodeUsedAlready)
    assert (await giving.redeem(STRANGER, "SUMMER")).credits == 50
    assert isinstance((await giving.redeem(USER + 100, "SUMMER")).error, CodeUsedUp)
    (promo,) = await Promos(database).newest()
    assert promo.used == 2


async def test_the_last_use_of_a_code_goes_to_one_of_many(database: Database) -> None:
    await make(database, "LAST", uses=1)
    giving = Giving(database)
    users = range(USER, USER + 5)
    outcomes = await asyncio.gather(*(giving.redeem(user, "LAST") for user in users))
    assert sorted(one.credits for one in outcomes) == [0, 0, 0, 0, 50]


async def test_a_code_that_is_over_or_was_never_made_brings_nothing(database: Database) -> None:
    await make(database, "OLD", uses=1, days=-1)
    giving = Giving(database)
    assert isinstance((await giving.redeem(USER, "OLD")).error, CodeExpired)
    assert isinstance((await giving.redeem(USER, "NEW")).error, CodeUnknown)


async def test_a_code_is_made_once(database: Database) -> None:
    await make(database, "SUMMER", uses=2)
    with pytest.raises(StaleButton):
        await make(database, "SUMMER", uses=3)


async def test_codes_are_listed_newest_first_and_of_one_moment_by_name(
    database: Database,
) -> None:
    moment = now()
    for code, age in (("B", 1), ("OLD", 2), ("C", 1), ("A", 1), ("NEW", 0)):
        made_at = moment - timedelta(days=age)
        promo = Promo(
            code=code,
            credits=50,
            uses=1,
            expires_at=moment + timedelta(days=9),
            created_at=made_at,
        )
        await Promos(database).make(1, promo)
    listed = await Promos(database).newest()
    assert [one.code for one in listed] == ["NEW", "A", "B", "C", "OLD"]


@pytest.mark.parametrize(
    "words", ["", "50", "50 100", "0 1 1", "50 1 1 ab", "50 1 1 a b", "٥٠ 1 1", "50 1 1 код"]
)
def test_what_describes_no_code_is_told_so(words: str) -> None:
    assert read_promo(words) is None


def test_a_code_without_a_name_is_drawn() -> None:
    named, drawn = read_promo("50 100 30 summer"), read_promo(" 50  100 30 ")
    assert named is not None
    assert (named.code, named.credits, named.uses) == ("SUMMER", 50, 100)
    assert drawn is not None
    assert len(drawn.code) == 8


async def test_an_invitation_is_rewarded_once_also_where_it_is_asked_for_twice_at_once(
    database: Database,
) -> None:
    inviting = Inviting(database, 30)
    code = await inviting.code_of(USER)
    assert code is not None
    assert code == await inviting.code_of(USER)
    friend = User(id=STRANGER, language=Language.EN)
    assert await inviting.follow(friend, code)
    await inviting.paid(STRANGER)
    async with database.transaction() as tx:
        charge = Charge("ch1", STRANGER, 60, "?", now())
        await Purchases().credit(tx, charge, FoundIn.STATEMENT)
    await asyncio.gather(*(inviting.paid(STRANGER) for _ in range(3)))
    async with database.transaction() as tx:
        wallets = [await tx.wallets.of_user(user_id) for user_id in (USER, STRANGER)]
    assert [wallet.bonus for wallet in wallets] == [30, 30]


async def test_a_refund_takes_back_what_this_friend_has_brought_and_no_other(
    database: Database,
) -> None:
    inviting = Inviting(database, 30)
    code = await inviting.code_of(USER)
    assert code is not None
    friends = [STRANGER, STRANGER + 1]
    charges = [Charge(f"ch-{friend}", friend, 60, "?", now()) for friend in friends]
    for friend, charge in zip(friends, charges, strict=True):
        assert await inviting.follow(User(id=friend, language=Language.EN), code)
        async with database.transaction() as tx:
            await Purchases().credit(tx, charge, FoundIn.MESSAGE)
        await inviting.paid(friend)
    async with database.transaction() as tx:
        await Purchases().refunded(tx, charges[0])
        wallets = [await tx.wallets.of_user(user_id) for user_id in (USER, *friends)]
    assert [wallet.bonus for wallet in wallets] == [30, 0, 30]


async def test_who_was_met_long_ago_is_not_invited(database: Database) -> None:
    inviting = Inviting(database, 30)
    code = await inviting.code_of(USER)
    assert code is not None
    old = User(id=STRANGER, language=Language.EN, created_at=now() - timedelta(days=1))
    assert not await inviting.follow(old, code)
    assert not await inviting.follow(User(id=USER, language=Language.EN), code)


async def bought(database: Database, stars: int = 60) -> Charge:
    charge = Charge("ch1", USER, stars, "?", now())
    async with database.transaction() as tx:
        await Purchases().credit(tx, charge, FoundIn.MESSAGE)
    return charge


async def test_a_gift_goes_to_one_of_many(database: Database) -> None:
    await bought(database)
    gift = await Gifting(database).make(USER, 50)
    giving = Giving(database)
    users = range(USER, USER + 5)
    code = GIFT_PREFIX + gift.code
    outcomes = await asyncio.gather(*(giving.redeem(user, code) for user in users))
    assert sorted(one.credits for one in outcomes) == [0, 0, 0, 0, 50]


async def test_only_what_was_bought_is_passed_on(database: Database) -> None:
    await Giving(database, 24).welcome(USER)
    with pytest.raises(CreditsMissing) as missing:
        await Gifting(database).make(USER, 24)
    assert missing.value.params["missing"] == 24


async def test_a_refund_takes_an_open_gift_back_and_leaves_a_redeemed_one(
    database: Database,
) -> None:
    charge = await bought(database)
    opened, given = [await Gifting(database).make(USER, 20) for _ in range(2)]
    assert (await Giving(database).redeem(STRANGER, GIFT_PREFIX + given.code)).credits == 20
    async with database.transaction() as tx:
        frozen = await Purchases().freeze(tx, charge.charge_id, "asked", "admin 1")
        assert frozen.frozen_paid == 40
        assert await Purchases().refunded(tx, charge) is RefundedBy.ADMIN
    answer = await Giving(database).redeem(STRANGER, GIFT_PREFIX + opened.code)
    assert isinstance(answer.error, CodeExpired)
