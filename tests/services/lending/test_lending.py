"""Loans: offered by a link, taken by one, used up, taken back, and gone with either side."""

import asyncio
import contextlib
from datetime import timedelta
from decimal import Decimal

import pytest

from db.database import Database
from db.loan_tables import LoanRow
from services.domain.clock import now
from services.domain.loans import OFFERED_FOR, Borrowed, Loan, LoanState, LoanTerm
from services.domain.states import GenerationState
from services.domain.values import Generation, Model, Place
from services.domain.vocabulary import DeliveryProblem, FailureReason, PictureOption
from services.errors import (
    DomainError,
    FalAccount,
    FalOutcomeUnknown,
    LoanGone,
    LoanOver,
    LoanOwn,
    LoanUsedUp,
    NotFound,
    StaleButton,
    TooManyLoans,
)
from services.fal.client import FalClient
from services.fal.gateway import MadeImage, MadeImages
from services.generation.options import PictureOptions
from services.generation.ordering import Ordering
from services.generation.panel import PanelService
from services.generation.repeating import RepeatService
from services.generation.service import GenerationService
from services.lending.service import MAX_LOANS, LendingService
from services.models.service import ModelService
from services.money.prices import PriceList
from services.rules import TrainingRules
from services.users.privacy import PrivacyService
from tests.services.jobs.scripted_fal import ScriptedFal
from tests.services.kit import (
    STRANGER,
    USER,
    Notes,
    carried,
    generation_jobs,
    keep_model,
    meet,
    paid_context,
    pressed,
    wide_ledger,
)

THIRD = 3003
BLACK = MadeImages((MadeImage("https://x", None, None, is_flagged=True),), None)


class Pair:
    """An owner with a model, somebody else without one, and the services."""

    def __init__(self, database: Database, model: Model) -> None:
        prices = PriceList(FalClient("a:b"), Decimal("2.00"), Decimal("0.035"))
        self.database, self.model, self.ledger = database, model, wide_ledger()
        self.lending = LendingService(database)
        ordering = Ordering(prices, self.ledger)
        self.generations = GenerationService(database, ordering, lambda _: None)
        self.repeats = RepeatService(database, ordering, lambda _: None)
        self.models = ModelService(database, self.ledger, lambda _: None)
        self.panels = PanelService(database, TrainingRules(), prices)
        self.privacy = PrivacyService(database, self.ledger, lambda _: None)
        self.orders = 0

    async def offer(self, term: LoanTerm = LoanTerm.PICTURES) -> Loan:
        return await self.lending.lend(USER, self.model.id, term)

    async def lent(self, term: LoanTerm = LoanTerm.PICTURES) -> Borrowed:
        return await self.lending.accept(STRANGER, (await self.offer(term)).id, "Bob")

    async def order(self, count: int = 1, prompt: str = "a king") -> Generation:
        self.orders += 1
        return await self.generations.generate(
            STRANGER,
            Place(STRANGER),
            prompt,
            f"message:{self.orders}",
            PictureOptions(count=count),
        )

    async def used(self, loan: Loan) -> int:
        return (await self.lending.card(USER, loan.id)).used

    async def change(self, loan: Loan, **changes: object) -> None:
        async with self.database.transaction() as tx:
            row = await tx._session.get_one(LoanRow, loan.id)
            for name, value in changes.items():
                setattr(row, name, value)

    async def read(self, generation: Generation) -> Generation:
        async with self.database.transaction() as tx:
            found = await tx.generations.read(generation.id)
        assert found is not None
        return found

    async def news(self) -> list[tuple[int, str]]:
        async with self.database.transaction() as tx:
            ids = await tx.loan_news.claims.unfinished()
            found = [await tx.loan_news.get(news_id) for news_id in ids]
        return [(one.user_id, one.kind) for one in found if one is not None]


@pytest.fixture
async def pair(each_database: Database) -> Pair:
    await meet(each_database, USER, STRANGER, THIRD)
    return Pair(each_database, await keep_model(each_database, "https://anna"))


async def test_a_link_shows_the_name_of_the_model_and_is_taken_by_one(pair: Pair) -> None:
    loan = await pair.offer()
    invitation = await pair.lending.invitation(STRANGER, loan.code)
    assert invitation.model_name == pair.model.name
    one = await pair.lending.accept(STRANGER, loan.id, "Bob")
    assert (one.left, one.loan.active, one.is_usable) == (10, True, True)
    # A second tap finds the same; anybody else finds nothing.
    assert (await pair.lending.accept(STRANGER, loan.id, "Bob")).loan.id == loan.id
    with pytest.raises(LoanGone):
        await pair.lending.accept(THIRD, loan.id, "Eve")
    with pytest.raises(LoanGone):
        await pair.lending.invitation(THIRD, loan.code)
    assert await pair.news() == [(USER, "accepted")]


async def test_of_many_who_accept_at_once_one_has_it(pair: Pair) -> None:
    loan, people = await pair.offer(), range(4001, 4009)
    await meet(pair.database, *people)

    async def accept(user_id: int) -> int:
        with contextlib.suppress(LoanGone):
            await pair.lending.accept(user_id, loan.id, "x")
            return user_id
        return 0

    winners = [one for one in await asyncio.gather(*map(accept, people)) if one]
    assert len(winners) == 1
    assert len(await pair.models.borrowed(winners[0])) == 1
    assert await pair.news() == [(USER, "accepted")]


async def test_owners_do_not_borrow_from_themselves(pair: Pair) -> None:
    loan = await pair.offer()
    for asked in (
        pair.lending.invitation(USER, loan.code),
        pair.lending.accept(USER, loan.id, "Ann"),
        pair.lending.decline(USER, loan.id),
    ):
        with pytest.raises(LoanOwn):
            await asked


async def test_an_offer_that_was_declined_or_is_old_is_gone(pair: Pair) -> None:
    declined, old = await pair.offer(), await pair.offer()
    await pair.lending.decline(STRANGER, declined.id)
    await pair.change(old, offered_until=now() - timedelta(seconds=1))
    for loan in (declined, old):
        with pytest.raises(LoanGone):
            await pair.lending.accept(STRANGER, loan.id, "Bob")
    with pytest.raises(LoanGone):
        await pair.lending.invitation(STRANGER, "nonsense")
    assert await pair.news() == [(USER, "declined")]
    assert timedelta(days=7) == OFFERED_FOR


async def test_a_model_is_offered_so_often_at_once(pair: Pair) -> None:
    loans = [await pair.offer() for _ in range(MAX_LOANS)]
    with pytest.raises(TooManyLoans):
        await pair.offer()
    await pair.lending.take_back(USER, loans[0].id)
    assert await pair.offer()


async def test_nobody_else_sees_or_ends_a_loan(pair: Pair) -> None:
    one = await pair.lent()
    for asked in (
        pair.lending.lent(STRANGER, pair.model.id),
        pair.lending.lend(STRANGER, pair.model.id, LoanTerm.DAY),
        pair.lending.card(STRANGER, one.loan.id),
        pair.lending.take_back(STRANGER, one.loan.id),
        pair.lending.borrowed_card(THIRD, one.loan.id),
        pair.lending.give_back(THIRD, one.loan.id),
        pair.models.activate(THIRD, one.loan.id),
    ):
        with pytest.raises(NotFound):
            await asked


async def test_a_borrower_may_do_nothing_else_with_the_model(pair: Pair) -> None:
    await pair.lent()
    for asked in (
        pair.models.card(STRANGER, pair.model.id),
        pair.models.rename(STRANGER, pair.model.id, "Mine"),
        pair.models.delete(STRANGER, pair.model.id, Place(STRANGER)),
        pair.models.of_training(STRANGER, pair.model.training_id),
        pair.models.activate(STRANGER, pair.model.id),
    ):
        with pytest.raises(NotFound):
            await asked
    async with pair.database.transaction() as tx:
        assert await tx.exported.models(STRANGER) == []
        assert await tx.exported.files_of(STRANGER) == []


async def test_pictures_are_counted_when_ordered_and_no_more_are_taken(pair: Pair) -> None:
    one = await pair.lent()
    made = await pair.order(4)
    assert (made.model_id, made.is_borrowed, made.user_id) == (pair.model.id, True, STRANGER)
    await pair.order(4)
    with pytest.raises(LoanUsedUp) as refused:
        await pair.order(4)
    assert refused.value.params == {"left": 2, "count": 4}
    assert await pair.used(one.loan) == 8
    uses = (await pair.lending.card(USER, one.loan.id)).uses
    assert [(use.pictures, use.prompt) for use in uses] == [(4, "a king"), (4, "a king")]


async def test_an_update_delivered_twice_counts_once(pair: Pair) -> None:
    one = await pair.lent()
    await pair.order(3)
    pair.orders -= 1
    await pair.order(3)
    assert await pair.used(one.loan) == 3


async def test_what_arrived_is_counted_once_and_listed_for_the_owner(pair: Pair) -> None:
    one = await pair.lent()
    made = await pair.order(4)
    assert await pair.used(one.loan) == 4
    images = [MadeImage(f"https://{n}", 8, 8, is_flagged=n == 2) for n in range(4)]
    fal = ScriptedFal(images=MadeImages(tuple(images), 7))
    notes = Notes(undelivered=1)
    jobs = generation_jobs(paid_context(pair.database, fal, TrainingRules()), notes)
    await carried(jobs.step, made.id, patience=1)
    # Another replica comes to the same job again.
    await carried(jobs.step, made.id)
    assert (await pair.read(made)).state is GenerationState.MADE
    assert (fal.calls["submit"], notes.ended_generations) == (1, [made.id])
    card = await pair.lending.card(USER, one.loan.id)
    assert card.used == 3
    assert [(use.pictures, use.prompt) for use in card.uses] == [(3, "a king")]
    (borrowed,) = await pair.models.borrowed(STRANGER)
    assert borrowed.left == 7


async def test_what_could_not_be_sent_is_tried_again_within_the_number(pair: Pair) -> None:
    one = await pair.lent()
    images = [MadeImage(f"https://{n}", 8, 8, is_flagged=False) for n in range(4)]
    fal = ScriptedFal(images=MadeImages(tuple(images), 7))
    jobs = generation_jobs(paid_context(pair.database, fal, TrainingRules()), Notes())
    made = []
    for _ in range(2):
        order = await pair.order(4)
        # It is made, and all but its delivery has happened.
        while (await pair.read(order)).state is not GenerationState.MADE:
            await jobs.step(order.id)
        async with pair.database.transaction() as tx:
            picture = (await tx.pictures.all_of(order.id))[0]
            await tx.pictures.note_problem(picture.id, DeliveryProblem.UNREACHABLE)
        await carried(jobs.step, order.id)
        made.append(order.id)
    assert await pair.used(one.loan) == 6
    await pair.order(3)
    assert await pair.repeats.deliver_again(STRANGER, made[0])
    assert not await pair.repeats.deliver_again(STRANGER, made[0])
    assert await pair.used(one.loan) == 10
    with pytest.raises(LoanUsedUp):
        await pair.repeats.deliver_again(STRANGER, made[1])
    await carried(jobs.step, made[0])
    assert await pair.used(one.loan) == 10


async def test_two_who_have_lent_to_each_other_can_leave_at_once(pair: Pair) -> None:
    for _ in range(3):
        await meet(pair.database, USER, STRANGER)
        for lender, borrower in ((USER, STRANGER), (STRANGER, USER)):
            model = await keep_model(pair.database, "https://x", lender)
            loan = await pair.lending.lend(lender, model.id, LoanTerm.DAY)
            await pair.lending.accept(borrower, loan.id, "x")
        await asyncio.gather(
            *(pair.privacy.forget(one, Place(one), None) for one in (USER, STRANGER))
        )
        async with pair.database.transaction() as tx:
            assert await tx.loans.count_lent() == 0


@pytest.mark.parametrize("script", [{"submit": FalAccount("locked")}, {"images": BLACK}])
async def test_pictures_that_never_arrive_are_not_counted(
    pair: Pair, script: dict[str, object]
) -> None:
    one = await pair.lent()
    made = await pair.order(4)
    context = paid_context(pair.database, ScriptedFal(**script), TrainingRules())
    await carried(generation_jobs(context, Notes()).step, made.id)
    assert (await pair.read(made)).state is GenerationState.FAILED
    card = await pair.lending.card(USER, one.loan.id)
    assert (card.used, card.uses) == (0, [])


async def test_of_many_orders_at_once_the_last_picture_goes_to_one(pair: Pair) -> None:
    one = await pair.lent()
    await pair.order(4)
    await pair.order(4)
    await pair.order(1)

    async def order() -> int:
        with contextlib.suppress(LoanUsedUp):
            await pair.order(1)
            return 1
        return 0

    assert sum(await asyncio.gather(*(order() for _ in range(6)))) == 1
    assert await pair.used(one.loan) == 10
    assert await pair.models.borrowed(STRANGER) == []
    with pytest.raises(LoanOver):
        await pair.panels.panel(STRANGER)


async def test_time_runs_from_when_it_is_accepted(pair: Pair) -> None:
    one = await pair.lent(LoanTerm.DAY)
    assert one.loan.ends_at is not None
    assert timedelta(hours=23) < one.loan.ends_at - now() <= timedelta(days=1)
    assert one.left is None
    await pair.order()
    await pair.change(one.loan, ends_at=now())
    with pytest.raises(LoanOver):
        await pair.order()
    assert (await pair.lending.lent(USER, pair.model.id)).loans == []


async def test_what_was_taken_back_is_refused_and_never_replaced_unasked(pair: Pair) -> None:
    one = await pair.lent()
    own = await keep_model(pair.database, "https://own", STRANGER)
    # A new model of one's own is what one goes on with.
    assert (await pair.order()).model_id == own.id
    await pair.models.activate(STRANGER, one.loan.id)
    assert (await pair.order()).model_id == pair.model.id
    await pair.lending.take_back(USER, one.loan.id)
    with pytest.raises(StaleButton):
        await pair.lending.take_back(USER, one.loan.id)
    with pytest.raises(LoanOver):
        await pair.order()
    with pytest.raises(LoanOver):
        await pair.models.activate(STRANGER, one.loan.id)
    await pair.models.activate(STRANGER, own.id)
    assert (await pair.order()).model_id == own.id
    assert (STRANGER, "withdrawn") in await pair.news()


async def test_one_who_has_given_it_back_goes_on_with_their_own(pair: Pair) -> None:
    one = await pair.lent()
    with pytest.raises(LoanOver):
        await pair.repeats.again(STRANGER, Place(STRANGER), await _returned(pair, one), pressed())
    assert (USER, "returned") in await pair.news()


async def _returned(pair: Pair, one: Borrowed) -> str:
    made = await pair.order()
    await pair.lending.give_back(STRANGER, one.loan.id)
    return made.id


async def test_an_order_that_has_not_left_is_released_when_the_model_is_taken_back(
    pair: Pair, fal: FalClient
) -> None:
    one = await pair.lent()
    made = await pair.order(4)
    await pair.lending.take_back(USER, one.loan.id)
    notes = Notes()
    await carried(
        generation_jobs(paid_context(pair.database, fal, TrainingRules()), notes).step, made.id
    )
    ended = await pair.read(made)
    assert (ended.state, ended.failure) == (GenerationState.FAILED, FailureReason.LOAN_OVER)
    assert ended.submit_started_at is None
    assert notes.ended_generations == [made.id]
    assert await pair.used(one.loan) == 0
    async with pair.database.transaction() as tx:
        charge = await tx.charges.get(made.id)
    assert charge is not None
    assert charge.released_at is not None


async def test_deleting_the_model_ends_the_loan_and_leaves_the_pictures(pair: Pair) -> None:
    await pair.lent()
    made = await pair.order()
    await pair.models.delete(USER, pair.model.id, Place(USER))
    kept = await pair.read(made)
    assert (kept.model_id, kept.is_borrowed, kept.user_id) == (None, True, STRANGER)
    assert (STRANGER, "deleted") in await pair.news()
    assert await pair.models.borrowed(STRANGER) == []
    with pytest.raises(LoanOver):
        await pair.repeats.again(STRANGER, Place(STRANGER), made.id, pressed())


async def test_an_order_whose_model_was_deleted_is_released(pair: Pair, fal: FalClient) -> None:
    await pair.lent()
    made = await pair.order()
    await pair.privacy.forget(USER, Place(USER), None)
    notes = Notes()
    await carried(
        generation_jobs(paid_context(pair.database, fal, TrainingRules()), notes).step, made.id
    )
    assert (await pair.read(made)).failure is FailureReason.LOAN_OVER
    assert notes.ended_generations == [made.id]


async def test_a_lost_submit_is_not_looked_for_once_the_model_is_deleted(pair: Pair) -> None:
    await pair.lent()
    made = await pair.order()
    fal = ScriptedFal(submit=FalOutcomeUnknown("lost"))
    jobs = generation_jobs(paid_context(pair.database, fal, TrainingRules()), Notes())
    while (await pair.read(made)).state is not GenerationState.UNCONFIRMED:
        await jobs.step(made.id)
    asked = fal.calls["history"]
    await pair.models.delete(USER, pair.model.id, Place(USER))
    await carried(jobs.step, made.id, within_s=20)
    assert (await pair.read(made)).failure is FailureReason.SUBMIT_UNKNOWN
    assert fal.calls["history"] == asked


async def test_a_borrower_who_leaves_leaves_a_count_alone(pair: Pair) -> None:
    one = await pair.lent()
    made = await pair.order(2)
    async with pair.database.transaction() as tx:
        row = await tx.generations.lock(made.id)
        assert row is not None
        row.announced_at = now()
    await pair.privacy.forget(STRANGER, Place(STRANGER), None)
    card = await pair.lending.card(USER, one.loan.id)
    assert (card.loan.state, card.loan.borrower_id, card.used) == (LoanState.RETURNED, None, 2)
    assert [(use.pictures, use.prompt) for use in card.uses] == [(2, None)]
    assert (USER, "returned") in await pair.news()


async def test_the_owners_pictures_are_counted_without_the_borrowers(pair: Pair) -> None:
    await pair.lent()
    await pair.order()
    assert (await pair.models.card(USER, pair.model.id)).picture_count == 0
    async with pair.database.transaction() as tx:
        assert await tx.generations.all_of(pair.model.id) == []


async def test_the_strength_of_a_borrowed_model_is_its_owners(pair: Pair) -> None:
    async with pair.database.transaction() as tx:
        await tx.models.choose_scale(pair.model.id, 0.8)
    await pair.lent()
    await pair.panels.choose(STRANGER, PictureOption.SCALE, "1.2")
    assert (await pair.panels.panel(STRANGER)).options.lora_scale == pytest.approx(1.2)
    async with pair.database.transaction() as tx:
        model = await tx.models.get(pair.model.id)
    assert model is not None
    assert model.lora_scale == pytest.approx(0.8)


async def test_a_refused_order_leaves_nothing_behind(pair: Pair) -> None:
    one = await pair.lent()
    await pair.lending.take_back(USER, one.loan.id)
    with pytest.raises(DomainError):
        await pair.order()
    async with pair.database.transaction() as tx:
        assert await tx.generations.latest_of(STRANGER) is None
