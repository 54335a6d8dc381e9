"""Pictures asked for in groups: on whose account, as agreed, one at a time, and once."""

import asyncio
from decimal import Decimal

import pytest

from db.database import Database
from services.domain.console import Block
from services.domain.loans import LoanTerm
from services.domain.values import Call, Generation, Place
from services.domain.vocabulary import CallEnd, Language, PictureShape, PictureSize
from services.errors import NoModelYet, PriceChanged, StillTraining
from services.generation.ordering import Ordering
from services.groups.service import Called, GroupPictures, Refusal
from services.lending.service import LendingService
from services.money.limits import Ledger, SpendingLimits
from services.money.prices import PriceList
from services.money.sales import Sales
from services.money.star_prices import StarPrices, StarRates, Tariff
from services.users.access import Access
from services.users.privacy import PrivacyService
from services.users.service import UserService
from tests.services.jobs.paying import pay_in
from tests.services.jobs.scripted_fal import ScriptedFal
from tests.services.kit import (
    FLUX,
    STRANGER,
    USER,
    keep_model,
    keep_result,
    meet,
    start_training,
    wide_ledger,
)

CALL = Call(Place(-1_001_000_000_007, 5), 12)
PRICES = PriceList(ScriptedFal(), Decimal(2), Decimal("0.035"))


def selling(standard: int = 5) -> Sales:
    tariff = Tariff(pictures={FLUX: {"standard": standard, "hd": 9}})
    return Sales(StarPrices(PRICES, StarRates(), tariff, 1))


class Group:
    """A group, the service, and what it had carried."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.carried: list[str] = []
        self.ledger = wide_ledger()
        self.sales = Sales()
        self.access = Access(database, is_open=True)

    @property
    def pictures(self) -> GroupPictures:
        ordering = Ordering(PRICES, self.ledger, sales=self.sales)
        users = UserService(self.database, _nothing)
        return GroupPictures(
            self.database, ordering, self.carried.append, users, self.access, is_on=True
        )

    async def call(
        self, line: str = "a king", origin: str = "message:-7:12", user: int = USER
    ) -> Refusal | None:
        called = await self.pictures.call(user, "ru-RU", CALL, line, origin)
        return called.refusal

    async def made(self) -> Generation:
        (generation_id,) = self.carried
        async with self.database.transaction() as tx:
            found = await tx.generations.read(generation_id)
        assert found is not None
        return found


async def _nothing() -> None:
    return


@pytest.fixture
async def group(each_database: Database) -> Group:
    """Somebody with a model has allowed it, where nobody pays."""
    await keep_model(each_database, "https://lora")
    found = Group(each_database)
    await found.pictures.allow(USER, None)
    return found


async def test_one_picture_is_made_by_the_callers_own_choices(group: Group) -> None:
    async with group.database.transaction() as tx:
        await tx.users.choose_options(
            USER,
            shape=PictureShape.PORTRAIT,
            picture_count=4,
            lora_scale=0.9,
            kept_seed=77,
        )
    assert await group.call("a king -n 3 --scale 1.1") is None
    made = await group.made()
    assert (made.picture_count, made.lora_scale, made.seed) == (1, 1.1, 77)
    assert (made.prompt, made.user_id, made.place) == ("a king", USER, Place(USER))
    assert made.call == CALL


async def test_a_call_that_comes_twice_makes_one_picture(group: Group) -> None:
    assert await asyncio.gather(*(group.call() for _ in range(3))) == [None] * 3
    assert len(set(group.carried)) == 1
    assert await group.call(origin="message:-7:13") is None
    assert len(set(group.carried)) == 2


async def test_a_stranger_is_not_met_and_is_spoken_to_in_their_language(group: Group) -> None:
    called = await group.pictures.call(STRANGER, "ru-RU", CALL, "a king", "message:-7:1")
    assert called == Called(Language.RU, Refusal.ALLOW)
    async with group.database.transaction() as tx:
        assert await tx.users.get(STRANGER) is None
    assert group.carried == []


async def test_nothing_is_made_before_it_is_allowed_nor_after(group: Group) -> None:
    user = await group.pictures.forbid(USER)
    assert user.group_stars is None
    assert await group.call() is Refusal.ALLOW
    await meet(group.database, STRANGER)
    assert await group.call(user=STRANGER) is Refusal.ALLOW
    assert group.carried == []


async def test_who_is_kept_out_makes_nothing(group: Group) -> None:
    group.access = Access(group.database, is_open=False, allowed_users=frozenset({5}))
    assert await group.call() is Refusal.ALLOW
    group.access = Access(group.database, is_open=True)
    async with group.database.transaction() as tx:
        await tx.blocks.add(Block(user_id=USER, admin_id=1, reason="spam"))
    assert await group.call() is Refusal.ALLOW
    assert group.carried == []


async def test_who_has_blocked_the_bot_in_private_makes_nothing(group: Group) -> None:
    async with group.database.transaction() as tx:
        await tx.users.note_unreachable(USER)
    assert await group.call() is Refusal.ALLOW


@pytest.mark.parametrize("line", ["", " ", "x" * 901, "a king --size huge", "a king --seed"])
async def test_words_that_cannot_be_drawn_are_refused(group: Group, line: str) -> None:
    assert await group.call(line) is Refusal.WORDS
    assert group.carried == []


async def test_without_a_model_there_is_nothing_to_make_or_allow(group: Group) -> None:
    await meet(group.database, STRANGER)
    assert await group.pictures.terms(STRANGER) is None
    with pytest.raises(NoModelYet):
        await group.pictures.allow(STRANGER, 5)
    async with group.database.transaction() as tx:
        await tx.users.allow_in_groups(STRANGER, 0)
    assert await group.call(user=STRANGER) is Refusal.MODEL


async def test_a_model_that_is_being_trained_makes_nothing_yet(group: Group) -> None:
    await meet(group.database, STRANGER)
    await start_training(group.database, user_id=STRANGER)
    assert await group.pictures.terms(STRANGER) is None
    with pytest.raises(StillTraining):
        await group.pictures.allow(STRANGER, 5)
    async with group.database.transaction() as tx:
        await tx.users.allow_in_groups(STRANGER, 0)
    assert await group.call(user=STRANGER) is Refusal.MODEL


async def test_a_borrowed_model_makes_pictures_while_it_is_lent(group: Group) -> None:
    lending = LendingService(group.database)
    async with group.database.transaction() as tx:
        model = await tx.models.active_of(USER)
    assert model is not None
    await meet(group.database, STRANGER)
    loan = await lending.lend(USER, model.id, LoanTerm.PICTURES)
    await lending.accept(STRANGER, loan.id, "Ben")
    await group.pictures.allow(STRANGER, None)
    assert await group.call(user=STRANGER) is None
    made = await group.made()
    assert (made.user_id, made.model_id, made.is_borrowed) == (STRANGER, model.id, True)
    async with group.database.transaction() as tx:
        assert await tx.loans.used(loan.id) == 1
    await lending.take_back(USER, loan.id)
    assert await group.call(origin="message:-7:13", user=STRANGER) is Refusal.MODEL


async def test_limits_are_those_of_every_picture(group: Group) -> None:
    group.ledger = Ledger(
        SpendingLimits(
            daily_trainings=1,
            daily_images=1,
            running_trainings=1,
            daily_budget_usd=Decimal(1),
        )
    )
    assert await group.call() is None
    assert await group.call(origin="message:-7:13") is Refusal.LATER
    assert await group.call() is None


async def test_a_picture_costs_what_was_agreed_to_and_no_more(group: Group) -> None:
    group.sales = selling()
    # What was agreed to when nobody paid is no price.
    assert await group.call() is Refusal.AGAIN
    terms = await group.pictures.terms(USER)
    assert terms is not None
    assert (terms.stars, terms.agreed, terms.is_allowed) == (5, 0, False)
    assert (await group.pictures.allow(USER, terms.stars)).is_allowed
    assert await group.call() is Refusal.PRIVATE
    await pay_in(group.database)
    assert await group.call() is None
    group.sales = selling(6)
    assert await group.call(origin="message:-7:13") is Refusal.AGAIN
    # It was ordered before it became dearer.
    assert await group.call() is None
    group.sales = selling(4)
    assert await group.call(origin="message:-7:13") is None
    async with group.database.transaction() as tx:
        prices = [
            order.price for order in [await tx.orders.get(one) for one in group.carried] if order
        ]
    assert prices == [5, 5, 4]


async def test_words_do_not_order_what_is_dearer(group: Group) -> None:
    group.sales = selling()
    await group.pictures.allow(USER, 5)
    await pay_in(group.database)
    assert await group.call("a king --size hd") is Refusal.WORDS
    async with group.database.transaction() as tx:
        await tx.users.choose_options(
            USER,
            shape=PictureShape.PORTRAIT,
            size=PictureSize.HD,
            picture_count=1,
            lora_scale=1.0,
            kept_seed=None,
        )
    assert await group.call() is Refusal.AGAIN
    assert await group.call("a king --size standard") is Refusal.AGAIN
    assert group.carried == []


async def test_a_price_that_has_risen_since_it_was_shown_is_not_agreed_to(group: Group) -> None:
    group.sales = selling(6)
    for shown in (5, None):
        with pytest.raises(PriceChanged) as changed:
            await group.pictures.allow(USER, shown)
        assert changed.value.params == {"price": 6}
    terms = await group.pictures.terms(USER)
    assert terms is not None
    assert terms.agreed == 0


async def test_a_call_is_answered_once_and_moves_with_its_group(group: Group) -> None:
    await group.call()
    made = await group.made()
    async with group.database.transaction() as tx:
        await tx.generations.move_calls(-1, -3)
        await tx.generations.move_calls(CALL.place.chat_id, -2)
    assert (await group.made()).call == Call(Place(-2), None)
    async with group.database.transaction() as tx:
        await tx.generations.end_call(made.id, CallEnd.CLOSED)
        await tx.generations.end_call(made.id, CallEnd.ANSWERED)
        await tx.generations.move_calls(-2, -4)
    ended = await group.made()
    assert (ended.call, ended.call_end, ended.call_chat_id) == (None, CallEnd.CLOSED, -2)


async def test_a_deletion_counts_what_stays_in_groups(group: Group) -> None:
    service = PrivacyService(group.database, group.ledger, lambda _: None)
    assert not (await service.leaving(USER)).is_in_groups
    async with group.database.transaction() as tx:
        model = await tx.models.active_of(USER)
    assert model is not None
    for end in (None, CallEnd.CLOSED, CallEnd.ANSWERED):
        kept = await keep_result(
            group.database, model, "https://one", call_chat_id=-2, call_end=end
        )
        async with group.database.transaction() as tx:
            for picture in await tx.pictures.all_of(kept.id):
                await tx.pictures.note_sent(picture.id, "file", None)
    assert (await service.leaving(USER)).is_in_groups
    deletion, _ = await service.forget(USER, Place(USER), 1)
    assert (deletion.pictures, deletion.in_groups) == (3, 1)
