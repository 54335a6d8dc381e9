"""Users at the console, and maintenance."""

import pytest

from db.database import Database
from services.console.maintenance import MaintenanceMode
from services.console.people import People
from services.domain.clock import now
from services.domain.loans import LoanEvent, LoanTerm
from services.errors import Blocked, LoanGone, NotFound, StaleButton
from services.lending.service import LendingService
from services.users.service import Farewell, UserService
from tests.services.kit import STRANGER, USER, keep_model, keep_result, meet

ADMIN = 900_001


async def admins() -> frozenset[int]:
    return frozenset({ADMIN})


async def nobody_waits() -> None:
    raise AssertionError("nobody was away")


@pytest.fixture
def people(database: Database) -> People:
    return People(database, admins)


async def test_a_card_has_counts_and_no_words(database: Database, people: People) -> None:
    model = await keep_model(database, "https://v3.fal.media/lora")
    await keep_result(database, model, "https://a", "https://b", prompt="a secret wish")
    card = await people.card(USER)
    assert (card.pictures, card.models) == (2, [(model.trainer, 1)])
    assert card.trainings == [("completed", 1)]
    assert "secret" not in repr(card)
    assert model.trigger_word not in repr(card)


async def test_nobody_is_not_found(people: People) -> None:
    for words in ("", "12", "nothing", "1" * 40):
        with pytest.raises(NotFound):
            await people.find(words)
    with pytest.raises(NotFound):
        await people.card(12)


async def test_a_block_keeps_out_also_who_has_no_record(
    database: Database, people: People
) -> None:
    users = UserService(database, nobody_waits)
    await meet(database, USER)
    await people.block(ADMIN, USER, "spam " * 100)
    for _ in range(2):
        with pytest.raises(Blocked):
            await users.meet(USER, "en", "dialogue")
    with pytest.raises(Blocked):
        await users.known(USER)
    assert (await users.meet(USER, "en", "d", Farewell(is_open_to_all=True)))[0].id == USER
    async with database.transaction() as tx:
        await tx.users.remove(USER)
    with pytest.raises(Blocked):
        await users.meet(USER, "en", "dialogue")
    assert await people.find(str(USER)) == USER
    await people.allow(ADMIN, USER, "")
    assert (await users.meet(USER, "en", "dialogue"))[0].id == USER
    with pytest.raises(StaleButton):
        await people.allow(ADMIN, USER, "")


async def test_what_a_blocked_person_lends_goes_back(database: Database, people: People) -> None:
    model = await keep_model(database, "https://v3.fal.media/lora")
    await meet(database, STRANGER)
    lending = LendingService(database)
    lent = await lending.accept(
        STRANGER, (await lending.lend(USER, model.id, LoanTerm.DAY)).id, "Bob"
    )
    offered = await lending.lend(USER, model.id, LoanTerm.PICTURES)
    await people.block(ADMIN, USER, "spam")
    assert not (await lending.borrowed_card(STRANGER, lent.loan.id)).is_usable
    with pytest.raises(LoanGone):
        await lending.invitation(STRANGER, offered.code)
    async with database.transaction() as tx:
        ids = await tx.loan_news.claims.unfinished()
        news = [await tx.loan_news.get(one) for one in ids]
    told = [(one.user_id, one.kind) for one in news if one]
    assert told == [(USER, LoanEvent.ACCEPTED), (STRANGER, LoanEvent.WITHDRAWN)]


async def test_admins_cannot_be_blocked(people: People) -> None:
    with pytest.raises(StaleButton):
        await people.block(ADMIN, ADMIN, "hm")


async def test_an_error_is_found_by_its_code_and_goes_with_its_user(
    database: Database, people: People
) -> None:
    users = UserService(database, nobody_waits)
    await users.note_error(USER, "c0ffee", "ValueError")
    await meet(database, USER)
    await users.note_error(USER, "facade", "V" * 200)
    with pytest.raises(NotFound):
        await people.find("c0ffee")
    assert await people.find(" FACADE ") == USER
    (code,) = (await people.card(USER)).codes
    assert len(code.kind) == 80
    assert code.said_at <= now()
    async with database.transaction() as tx:
        await tx.users.remove(USER)
    with pytest.raises(NotFound):
        await people.find("facade")


async def test_maintenance_is_one_row_for_all(database: Database) -> None:
    mode, other = MaintenanceMode(database), MaintenanceMode(database)
    assert not await mode.is_on()
    assert await mode.switch(ADMIN, on=True, reason="moving")
    assert await other.is_on()
    assert not await other.switch(ADMIN, on=True)
    assert await other.switch(ADMIN, on=False)
    async with database.transaction() as tx:
        actions = await tx.actions.newest(9)
    assert [(one.deed, one.reason) for one in actions] == [
        ("maintenance_off", None),
        ("maintenance_on", "moving"),
    ]
