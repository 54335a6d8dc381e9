"""What waited for its payment is ordered once it is paid: once, and at no higher price."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from db.database import Database
from services.domain.states import TrainingState
from services.domain.values import Place
from services.errors import CreditsMissing, PriceChanged
from services.paying.gifting import Gifting
from tests.services.jobs.paying import HAS, pay_in
from tests.services.kit import (
    USER,
    begin_draft,
    keep_model,
    keep_result,
    pressed,
    start_training,
)
from tests.services.selling import DEARER, drafts, enlarging, generations, orders, trainings

HERE = Place(USER)


async def pictures(database: Database) -> None:
    await keep_model(database, "https://lora")
    await generations(database).generate(USER, HERE, "a king", "message:1:1")


async def larger(database: Database) -> None:
    result = await keep_result(database, await keep_model(database, "https://lora"), "https://x")
    async with database.transaction() as tx:
        (picture,) = await tx.pictures.all_of(result.id)
    await enlarging(database).enlarge(USER, HERE, picture.id, pressed())


async def training(database: Database) -> None:
    draft = await begin_draft(database)
    await drafts(database).start(USER, draft.id, None)


async def another_try(database: Database) -> None:
    stopped = await start_training(database, state=TrainingState.CANCELLED)
    await trainings(database).retry(USER, stopped.id)


sold = pytest.mark.parametrize(
    ("order", "stars"), [(pictures, 5), (larger, 7), (training, 60), (another_try, 60)]
)


async def waiting(ordered: Awaitable[object], missing: int) -> dict[str, Any]:
    """Return what waits for a payment, read from where it is kept meanwhile."""
    with pytest.raises(CreditsMissing) as error:
        await ordered
    assert error.value.params["missing"] == missing
    kept: dict[str, Any] = json.loads(json.dumps(error.value.request))
    return kept


async def pots(database: Database) -> tuple[int, int]:
    async with database.transaction() as tx:
        wallet = await tx.wallets.of_user(USER)
    return wallet.paid, wallet.held


@sold
async def test_what_is_paid_goes_on_once(
    database: Database, order: Callable[[Database], Awaitable[None]], stars: int
) -> None:
    request = await waiting(order(database), stars)
    await pay_in(database)
    for _ in range(2):
        assert await orders(database).go_on(USER, request) is None
        assert await pots(database) == (HAS - stars, stars)


@sold
async def test_what_is_not_paid_goes_on_waiting(
    database: Database, order: Callable[[Database], Awaitable[None]], stars: int
) -> None:
    request = await waiting(order(database), stars)
    await pay_in(database, stars=stars - 1)
    assert await waiting(orders(database).go_on(USER, request), 1)
    assert await pots(database) == (stars - 1, 0)


@sold
async def test_what_is_dearer_by_now_is_not_ordered(
    database: Database, order: Callable[[Database], Awaitable[None]], stars: int
) -> None:
    request = await waiting(order(database), stars)
    await pay_in(database)
    with pytest.raises(PriceChanged) as changed:
        await orders(database, DEARER).go_on(USER, request)
    assert changed.value.params == {"price": stars + 1}
    assert await pots(database) == (HAS, 0)


async def test_a_gift_is_made_under_the_code_that_waited(database: Database) -> None:
    request = await waiting(Gifting(database).make(USER, 20), 20)
    await pay_in(database)
    for _ in range(2):
        gift = await orders(database).go_on(USER, request)
        assert gift is not None
        assert (gift.code, gift.amount) == (request["code"], 20)
        assert await pots(database) == (HAS - 20, 0)
