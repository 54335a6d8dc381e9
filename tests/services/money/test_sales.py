"""Where users pay, what they order is held, all of it or nothing."""

import pytest

from db.database import Database
from services.domain.credits import OrderState, Wallet
from services.domain.states import TrainingState
from services.domain.values import Place
from services.domain.vocabulary import PictureShape, PictureSize, QualityMode
from services.errors import CreditsMissing, UserUnreachable
from services.fal.editors import EDITORS
from services.fal.endpoints import GENERATORS
from services.fal.enlargers import ENLARGERS
from services.fal.gateway import MadeImage, MadeImages
from services.generation.options import PictureOptions, PictureRequest
from services.generation.views import GenerationViews
from services.models.service import ModelService
from services.money.sales import Sales
from services.money.star_prices import StarPrices, StarRates, Tariff
from services.rules import TrainingRules
from services.training.views import TrainingViews
from services.users.privacy import PrivacyService
from tests.services.jobs.paying import assert_paid, pay_in
from tests.services.jobs.scripted_fal import ScriptedFal
from tests.services.kit import (
    FAST,
    USER,
    Notes,
    begin_draft,
    generation_jobs,
    keep_model,
    paid_context,
    pressed,
    wide_ledger,
)
from tests.services.selling import PRICES, SALES, drafts, generations, trainings

HERE = Place(USER)


def test_a_training_costs_more_the_longer_it_is() -> None:
    assert SALES.training_stars(FAST, QualityMode.ECONOMY, 1000) == 60
    # Two dollars for each 1000 steps and 0.035 for the picture, 1.5 times, at 0.013 a Star.
    costs = [SALES.training_stars(FAST, QualityMode.STANDARD, steps) for steps in (1000, 2000)]
    assert costs == [235, 466]
    assert Sales().training_stars(FAST, QualityMode.STANDARD, 1000) == 0


@pytest.mark.parametrize("size", PictureSize)
@pytest.mark.parametrize("shape", PictureShape)
def test_each_thing_costs_what_the_prices_say_and_nothing_where_users_do_not_pay(
    shape: PictureShape, size: PictureSize
) -> None:
    prices = StarPrices(PRICES, StarRates(), Tariff(), 1)
    sales, free = Sales(prices), Sales()
    for generator in GENERATORS:
        assert sales.picture_stars(generator, shape, size) == prices.picture(
            generator, shape, size
        )
        assert free.picture_stars(generator, shape, size) == 0
        for enlarger in ENLARGERS:
            order = (enlarger, generator, shape, size)
            assert sales.enlarged_stars(*order) == prices.enlarged(*order)
            assert free.enlarged_stars(*order) == 0
    for editor in EDITORS:
        assert sales.edited_stars(editor, shape, size) == prices.edited(editor, shape, size)
        assert free.edited_stars(editor, shape, size) == 0


async def wallet_of(database: Database) -> Wallet | None:
    async with database.transaction() as tx:
        assert await tx.invariants.broken() == {}
        return await tx.wallets.find(USER)


async def pots(database: Database) -> tuple[int, int]:
    wallet = await wallet_of(database)
    assert wallet is not None
    return wallet.paid, wallet.held


async def test_pictures_are_held_by_shape_and_count(database: Database) -> None:
    await keep_model(database, "https://lora")
    await pay_in(database)
    service = generations(database)
    for _ in range(2):
        asked = await service.generate(
            USER, HERE, "a king", "message:1:1", PictureOptions(count=3)
        )
        assert await pots(database) == (85, 15)
    async with database.transaction() as tx:
        order = await tx.orders.get(asked.id)
    assert order is not None
    assert (order.unit_price, order.units, order.state) == (5, 3, OrderState.HELD)


async def test_where_nobody_pays_nothing_is_held(database: Database) -> None:
    await keep_model(database, "https://lora")
    await generations(database, Sales()).generate(USER, HERE, "a king", "message:1:1")
    assert await wallet_of(database) is None


async def test_who_has_too_little_orders_nothing_and_is_charged_nothing(
    database: Database,
) -> None:
    await keep_model(database, "https://lora")
    with pytest.raises(CreditsMissing) as missing:
        await generations(database).generate(USER, HERE, "a king", "message:1:1")
    assert missing.value.params == {"price": 5, "missing": 5}
    async with database.transaction() as tx:
        assert await tx.generations.find_origin(USER, "message:1:1") is None
        assert await tx.generations.unfinished() == []


async def test_a_pack_is_ordered_whole_or_not_at_all(database: Database) -> None:
    await keep_model(database, "https://lora")
    await pay_in(database, stars=19)
    options = PictureOptions(shape=PictureShape.PORTRAIT)
    pack = [PictureRequest(f"king {number}", options) for number in range(4)]
    with pytest.raises(CreditsMissing) as missing:
        await generations(database).press(USER, HERE, "pack:1", pressed(), pack)
    assert missing.value.params == {"price": 20, "missing": 1}
    assert await pots(database) == (19, 0)


async def test_a_draft_is_held_when_it_starts_and_kept_when_it_cannot(database: Database) -> None:
    draft = await begin_draft(database)
    with pytest.raises(CreditsMissing) as missing:
        await drafts(database).start(USER, draft.id, None)
    assert missing.value.params == {"price": 60, "missing": 60}
    assert await drafts(database).current(USER)
    await pay_in(database)
    for _ in range(2):
        await drafts(database).start(USER, draft.id, None)
        assert await pots(database) == (40, 60)


async def test_another_try_is_held_again(database: Database) -> None:
    draft = await begin_draft(database)
    await pay_in(database)
    await drafts(database).start(USER, draft.id, None)
    context = paid_context(database, ScriptedFal(), TrainingRules())
    service = trainings(database)
    async with database.transaction() as tx:
        row = await tx.trainings.lock(draft.id)
        assert row is not None
        row.state = TrainingState.CANCELLED
        await context.credits.release(tx, draft.id, "stopped")
    assert await pots(database) == (100, 0)
    view = await TrainingViews(database, lambda: False).training(draft.id)
    assert view is not None
    assert view.stars_back == 60
    for _ in range(2):
        await service.retry(USER, draft.id)
        assert await pots(database) == (40, 60)


async def test_of_two_pictures_the_one_that_arrived_is_paid(database: Database) -> None:
    await keep_model(database, "https://lora")
    await pay_in(database)
    made = MadeImages(
        (
            MadeImage("https://x/1", None, None, is_flagged=True),
            MadeImage("https://x/2", None, None, is_flagged=False),
        ),
        None,
    )
    context = paid_context(database, ScriptedFal(images=made), TrainingRules())
    asked = await generations(database).generate(
        USER, HERE, "a king", "message:1:1", PictureOptions(count=2)
    )
    views = GenerationViews(database)
    backs = []

    class Front(Notes):
        """Looks at what a front shows while the pictures are being sent."""

        async def generation_ended(self, generation_id: str) -> None:
            view = await views.generation(generation_id)
            assert view is not None
            backs.append(view.stars_back)

    jobs = generation_jobs(context, Front())
    while await jobs.step(asked.id) is not None:
        pass
    await assert_paid(database, asked.id, delivered=1, price=5)
    view = await views.generation(asked.id)
    assert view is not None
    assert [*backs, view.stars_back] == [5, 5]


async def test_a_deleted_model_gives_back_what_its_pictures_hold(database: Database) -> None:
    model = await keep_model(database, "https://lora")
    await pay_in(database)
    asked = await generations(database).generate(USER, HERE, "a king", "message:1:1")
    models = ModelService(database, wide_ledger(), lambda _: None)
    await models.delete(USER, model.id, HERE)
    assert await pots(database) == (100, 0)
    async with database.transaction() as tx:
        order = await tx.orders.get(asked.id)
    assert order is not None
    assert order.reason == "deleted"


@pytest.mark.parametrize("of", ["model", "data"])
async def test_pictures_that_were_made_are_paid_though_they_are_deleted_before_they_came(
    database: Database, of: str
) -> None:
    """A page and a program have them before the chat, where the bot may be blocked."""
    model = await keep_model(database, "https://lora")
    await pay_in(database)
    made = MadeImages(
        (
            MadeImage("https://x/1", None, None, is_flagged=True),
            MadeImage("https://x/2", None, None, is_flagged=False),
        ),
        None,
    )
    asked = await generations(database).generate(
        USER, HERE, "a king", "message:1:1", PictureOptions(count=2)
    )

    class Blocked(Notes):
        async def generation_ended(self, generation_id: str) -> None:
            raise UserUnreachable(generation_id)

    context = paid_context(database, ScriptedFal(images=made), TrainingRules())
    jobs = generation_jobs(context, Blocked())

    async def carry() -> None:
        while await jobs.step(asked.id) is not None:
            pass

    with pytest.raises(UserUnreachable):
        await carry()
    assert await pots(database) == (90, 10)
    if of == "model":
        models = ModelService(database, wide_ledger(), lambda _: None)
        await models.delete(USER, model.id, HERE)
    else:
        await PrivacyService(database, wide_ledger(), lambda _: None).forget(USER, HERE, None)
    async with database.transaction() as tx:
        order = await tx.orders.get(asked.id)
        assert await tx.invariants.broken() == {}
    assert order is not None
    assert (order.state, order.delivered) == (OrderState.CAPTURED, 1)


async def test_who_deletes_their_data_gets_back_what_is_held(database: Database) -> None:
    await keep_model(database, "https://lora")
    await pay_in(database)
    await generations(database).generate(USER, HERE, "a king", "message:1:1")
    draft = await begin_draft(database)
    await drafts(database).start(USER, draft.id, None)
    assert await pots(database) == (35, 65)
    await PrivacyService(database, wide_ledger(), lambda _: None).forget(USER, HERE, None)
    assert await pots(database) == (100, 0)
