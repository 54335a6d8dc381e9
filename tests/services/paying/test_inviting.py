"""An invitation brings something once, after a payment, and only where it is offered."""

import pytest

from db.database import Database
from services.domain.values import User
from services.domain.vocabulary import Language
from services.paying.inviting import Inviting
from tests.services.jobs.paying import HAS, pay_in
from tests.services.kit import STRANGER, USER

FRIEND = STRANGER + 1


async def pots(database: Database, *users: int) -> list[tuple[int, int]]:
    async with database.transaction() as tx:
        wallets = [await tx.wallets.of_user(user_id) for user_id in users]
    return [(one.paid, one.bonus) for one in wallets]


async def test_who_invites_and_who_comes_get_the_same_once(database: Database) -> None:
    inviting = Inviting(database, 30)
    code = await inviting.code_of(USER)
    assert code is not None
    assert await inviting.follow(User(id=FRIEND, language=Language.EN), code)
    await pay_in(database, FRIEND)
    for _ in range(2):
        await inviting.paid(FRIEND)
        assert await pots(database, FRIEND, USER) == [(HAS, 30), (0, 30)]


async def test_who_has_invited_and_is_gone_gets_nothing(database: Database) -> None:
    inviting = Inviting(database, 30)
    code = await inviting.code_of(USER)
    assert code is not None
    assert await inviting.follow(User(id=FRIEND, language=Language.EN), code)
    async with database.transaction() as tx:
        wallet = await tx.wallets.of_user(USER)
        await tx.wallets.forget_user(wallet.id)
    await pay_in(database, FRIEND)
    await inviting.paid(FRIEND)
    assert await pots(database, FRIEND) == [(HAS, 30)]
    async with database.transaction() as tx:
        assert (await tx.wallets.lock(wallet.id)).bonus == 0


async def test_where_invitations_bring_nothing_there_is_no_link(database: Database) -> None:
    assert await Inviting(database).code_of(USER) is None
    await pay_in(database)
    await Inviting(database).paid(USER)
    assert await pots(database, USER) == [(HAS, 0)]


@pytest.mark.parametrize("user_id", [FRIEND, USER])
async def test_who_was_not_invited_gets_nothing(database: Database, user_id: int) -> None:
    inviting = Inviting(database, 30)
    assert not await inviting.follow(User(id=user_id, language=Language.EN), "no link of anybody")
    await inviting.paid(user_id)
    await pay_in(database, user_id)
    await inviting.paid(user_id)
    assert await pots(database, user_id) == [(HAS, 0)]
