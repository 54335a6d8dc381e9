"""Who is let in, and how somebody becomes the admin."""

import asyncio

import pytest

from db.database import Database
from services.errors import NotAllowed, NotClaimed
from services.users.access import WRONG_TRIES, Access

STRANGER, OWNER, GUEST = 1, 2, 3


class Shown:
    """The codes the operator has seen, the newest last."""

    def __init__(self) -> None:
        self.codes: list[str] = []

    async def __call__(self, code: str) -> None:
        self.codes.append(code)


@pytest.fixture
def shown() -> Shown:
    return Shown()


@pytest.fixture
async def unclaimed(database: Database, shown: Shown) -> Access:
    access = Access(database, is_open=False)
    await access.invite(shown)
    return access


async def test_an_open_bot_lets_everyone_in_and_shows_no_code(
    database: Database, shown: Shown
) -> None:
    access = Access(database, is_open=True)
    await access.invite(shown)
    assert await access.admit(STRANGER) is False
    assert shown.codes == []
    assert await access.admins() == frozenset()


@pytest.mark.parametrize("names", [{"admins": frozenset({OWNER})}, {"allowed_users": {OWNER}}])
async def test_who_is_named_is_let_in_and_nobody_else(
    database: Database, shown: Shown, names: dict[str, frozenset[int]]
) -> None:
    access = Access(database, is_open=False, **names)
    await access.invite(shown)
    assert await access.admit(OWNER) is False
    with pytest.raises(NotAllowed) as refused:
        await access.admit(STRANGER, "any code")
    assert refused.value.params == {"id": str(STRANGER)}
    assert shown.codes == []


async def test_whoever_sends_the_code_first_becomes_the_admin(
    unclaimed: Access, shown: Shown
) -> None:
    (code,) = shown.codes
    for wrong in (None, "", code[:-1], f"{code}0", "код"):
        with pytest.raises(NotClaimed):
            await unclaimed.admit(STRANGER, wrong)
    assert await unclaimed.admit(OWNER, f" {code.upper()} ")
    assert await unclaimed.admins() == {OWNER}
    assert await unclaimed.admit(OWNER) is False
    with pytest.raises(NotAllowed):
        await unclaimed.admit(STRANGER, code)


async def test_of_two_who_send_the_code_at_once_one_becomes_the_admin(
    unclaimed: Access, shown: Shown
) -> None:
    both = await asyncio.gather(
        *(unclaimed.admit(user, shown.codes[0]) for user in (STRANGER, OWNER)),
        return_exceptions=True,
    )
    assert [repr(outcome) for outcome in both] == ["True", "NotAllowed('not-allowed')"]
    assert await unclaimed.admins() == {STRANGER}


async def test_the_admin_outlives_the_process(
    unclaimed: Access, shown: Shown, database: Database
) -> None:
    await unclaimed.admit(OWNER, shown.codes[0])
    restarted = Access(database, is_open=False, allowed_users=frozenset({GUEST}))
    await restarted.invite(shown)
    assert len(shown.codes) == 1
    assert await restarted.admins() == {OWNER}
    assert [await restarted.admit(user) for user in (OWNER, GUEST)] == [False, False]


async def test_admins_of_the_settings_replace_the_one_by_code(
    unclaimed: Access, shown: Shown, database: Database
) -> None:
    await unclaimed.admit(OWNER, shown.codes[0])
    restarted = Access(database, is_open=False, admins=frozenset({GUEST}))
    assert await restarted.admins() == {GUEST}
    with pytest.raises(NotAllowed):
        await restarted.admit(OWNER)


async def test_every_start_has_a_code_of_its_own(
    unclaimed: Access, shown: Shown, database: Database
) -> None:
    restarted = Access(database, is_open=False)
    await restarted.invite(shown)
    old, new = shown.codes
    with pytest.raises(NotClaimed):
        await restarted.admit(OWNER, old)
    assert await restarted.admit(OWNER, new)
    assert await unclaimed.admins() == {OWNER}


async def test_a_code_is_replaced_after_some_wrong_ones(unclaimed: Access, shown: Shown) -> None:
    for _ in range(WRONG_TRIES):
        with pytest.raises(NotClaimed):
            await unclaimed.admit(STRANGER, "guess")
    old, new = shown.codes
    with pytest.raises(NotClaimed):
        await unclaimed.admit(OWNER, old)
    assert await unclaimed.admit(OWNER, new)


async def test_a_code_is_not_spent_on_a_database_that_fails(
    database: Database, shown: Shown
) -> None:
    access = Access(database, is_open=False)
    await access.invite(shown)
    async with database.engine.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE admins RENAME COLUMN since TO since_when")
    with pytest.raises(Exception, match="since"):
        await access.admit(OWNER, shown.codes[0])
    async with database.engine.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE admins RENAME COLUMN since_when TO since")
    assert await access.admit(OWNER, shown.codes[0])
