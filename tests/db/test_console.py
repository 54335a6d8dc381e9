"""What the console reads and keeps, on both databases."""

from datetime import timedelta
from decimal import Decimal

from db.database import Database
from db.tables import Picture
from services.domain.broadcasts import Audience, Broadcast, Outcome
from services.domain.clock import now
from services.domain.console import Action, Block, Revenue
from services.domain.credits import FoundIn
from services.domain.states import TrainingState
from services.domain.support import SupportMessage
from services.domain.values import Charge, Place, Rating, SentMessage
from services.domain.vocabulary import ChargeKind, FailureReason, Language, QualityMode
from services.money.charges import Charge as StarCharge
from services.money.credits import Credits
from services.money.purchases import Purchases
from tests.db import rows
from tests.db.conftest import OTHER_USER, USER

HOUR = timedelta(hours=1)


async def test_figures_of_a_period(database: Database) -> None:
    failed = {
        "state": TrainingState.FAILED,
        "failure": FailureReason.DEADLINE,
        "submit_started_at": now(),
        "finished_at": now(),
    }
    async with database.transaction() as tx:
        await rows.add(tx, rows.training("a"), rows.training("b", OTHER_USER, **failed))
        for number, real in enumerate((Decimal("0.5"), None)):
            await tx.charges.add(
                Charge(
                    id=str(number),
                    user_id=USER,
                    kind=ChargeKind.TRAINING,
                    amount=1,
                    usd=Decimal(1),
                    real_usd=real,
                )
            )
    async with database.transaction() as tx:
        found = await tx.console.period(now() - HOUR)
        before = await tx.console.period(now() + HOUR)
        assert [job.id for job in await tx.console.under_way(9)] == ["a"]
        assert await tx.console.under_way(9, OTHER_USER) == []
        lost = await tx.console.failed(now() - HOUR, [FailureReason.DEADLINE], 9)
        assert [(job.kind, job.id, job.user_id) for job in lost] == [("training", "b", OTHER_USER)]
        assert await tx.console.owner_of("b") == OTHER_USER
        assert await tx.console.owner_of("gone") is None
    assert (found.users_new, found.users_active) == (2, 2)
    (one,) = found.trainers
    assert (one.started, one.completed, one.failed, one.pictures) == (2, 0, 1, 0)
    assert (found.estimated_usd, found.real_usd) == (Decimal(2), Decimal("0.5"))
    assert (found.charges, found.priced, found.cost_usd) == (2, 1, Decimal("1.5"))
    assert found.failures == [(FailureReason.DEADLINE, 1)]
    assert (before.users_new, before.users_active, before.trainers) == (0, 0, [])
    assert (before.estimated_usd, before.real_usd) == (Decimal(0), Decimal(0))


async def test_revenue_is_what_came_and_did_not_go_back(database: Database) -> None:
    purchases = Purchases()
    async with database.transaction() as tx:
        for name, stars in (("ch1", 60), ("ch2", 40)):
            await purchases.credit(tx, StarCharge(name, USER, stars, "?", now()), FoundIn.MESSAGE)
        await Credits().grant(tx, USER, 7, "gift", "because", "admin 1")
    async with database.transaction() as tx:
        await purchases.refunded(tx, StarCharge("ch2", USER, 40, "?", now()))
    async with database.transaction() as tx:
        found = (await tx.console.period(now() - HOUR)).revenue
        before = (await tx.console.period(now() + HOUR)).revenue
    assert found == Revenue(came=100, payments=2, went=40, refunds=1)
    assert found.kept == 60
    assert before == Revenue()


async def test_pictures_are_counted_by_their_trainer(database: Database) -> None:
    async with database.transaction() as tx:
        await rows.add(tx, rows.training("a"))
        tx._session.add(rows.model_row("m", "a"))
        await tx.flush()
        tx._session.add(rows.generation_row("g", "m"))
        await tx.flush()
    async with database.transaction() as tx:
        assert await tx.console.models_of(USER) == [(rows.training("a").trainer, 1)]
        assert await tx.console.pictures_of(USER) == 0
        assert await tx.console.trainings_of(USER) == [("preparing", 1)]


async def test_likeness_and_ratings_are_those_of_the_period(database: Database) -> None:
    async with database.transaction() as tx:
        await rows.add(tx, rows.training("a"), rows.training("b"))
        for name, training, likeness in (("m", "a", 80), ("n", "b", 61)):
            model = rows.model_row(name, training)
            model.likeness = likeness
            tx._session.add(model)
        await tx.flush()
        tx._session.add(rows.generation_row("g", "m"))
        await tx.flush()
        for number, is_good in enumerate((True, True, False)):
            tx._session.add(Picture(id=f"p{number}", generation_id="g", position=number, url="u"))
            await tx.flush()
            await tx.ratings.put(
                Rating(
                    picture_id=f"p{number}",
                    user_id=USER,
                    is_good=is_good,
                    trainer=rows.training("a").trainer,
                    mode=QualityMode.STANDARD,
                )
            )
    async with database.transaction() as tx:
        (one,) = (await tx.console.period(now() - HOUR)).trainers
        assert (await tx.console.period(now() + HOUR)).trainers == []
    assert (one.likeness, one.compared, one.good, one.bad) == (70, 2, 2, 1)


async def test_a_broadcast_goes_on_from_row_to_row(database: Database) -> None:
    async with database.transaction() as tx:
        for name, audience in (("all", Audience.ALL), ("ru", Audience.RUSSIAN)):
            await tx.broadcasts.add(Broadcast(id=name, admin_id=1, text="News"))
            assert await tx.broadcasts.begin(name, audience)
            assert not await tx.broadcasts.begin(name, audience)
        assert await tx.broadcasts.size(Audience.PAYERS) == 0
    async with database.transaction() as tx:
        taken = await tx.broadcasts.take_next("ru")
        assert taken is not None
        assert (taken[0].audience_size, taken[1], taken[2]) == (1, OTHER_USER, False)
        await tx.broadcasts.go_back(taken[0], OTHER_USER)
    async with database.transaction() as tx:
        again = await tx.broadcasts.take_next("ru")
        assert again is not None
        assert again[1] == OTHER_USER
        await tx.broadcasts.count("ru", Outcome.DELIVERED)
        # Somebody else has gone on meanwhile: a late word of it changes nothing.
        await tx.broadcasts.go_back(again[0], USER)
    async with database.transaction() as tx:
        last = await tx.broadcasts.take_next("ru")
        assert last is not None
        assert last[1] is None
        assert await tx.broadcasts.take_next("ru") is None
        done = await tx.broadcasts.get("ru")
        assert done is not None
        assert (done.state, done.delivered) == ("done", 1)
        assert await tx.broadcasts.claims.unfinished() == ["all", "ru"]
        await tx.broadcasts.note_told("ru")
        assert await tx.broadcasts.stop("all")
        assert [one.id for one in await tx.broadcasts.newest(9)] == ["ru", "all"]


async def test_drafts_are_forgotten(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.broadcasts.add(Broadcast(id="old", admin_id=1, text="", created_at=now() - HOUR))
        await tx.broadcasts.add(Broadcast(id="new", admin_id=1, text=""))
        await tx.broadcasts.remove_drafts(now() - HOUR / 2)
    async with database.transaction() as tx:
        assert await tx.broadcasts.get("old") is None
        assert await tx.broadcasts.get("new") is not None


async def test_who_pays_is_an_audience(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.blocks.add(Block(user_id=USER, admin_id=1, reason="spam"))
        assert not await tx.blocks.add(Block(user_id=USER, admin_id=1, reason="again"))
    async with database.transaction() as tx:
        sizes = {audience: await tx.broadcasts.size(audience) for audience in Audience}
        assert sizes == {"all": 1, "en": 0, "ru": 1, "payers": 0}
        assert await tx.blocks.remove(USER)
        assert not await tx.blocks.remove(USER)


async def test_a_thread_and_its_messages(database: Database) -> None:
    async with database.transaction() as tx:
        thread = await tx.support.open_thread("t", USER, Place(USER, 7))
        again = await tx.support.open_thread("other", USER, Place(USER))
        assert (thread.id, again.id, again.message_thread_id) == ("t", "t", None)
        message = SupportMessage(id="m", thread_id="t", origin="o", album="a", text="hello")
        assert await tx.support.add(message)
        assert not await tx.support.add(SupportMessage(id="n", thread_id="t", origin="o"))
        await tx.support.note_copy("m", SentMessage(5, 6))
        await tx.support.note_copy("m", SentMessage(USER, 8))
    async with database.transaction() as tx:
        assert await tx.support.reached("m") == {5, USER}
        assert await tx.support.shown_by(SentMessage(5, 6)) == await tx.support.lock("m")
        assert await tx.support.copies_elsewhere(USER) == [SentMessage(5, 6)]
        assert await tx.support.has_album(USER, "a")
        assert await tx.support.count_waiting() == 1
        assert await tx.support.claims.unfinished() == ["m"]
        await tx.support.note_delivered("m")
        await tx.support.set_closed("t", closed=True)
        await tx.actions.add(Action(admin_id=5, deed="close", user_id=USER, reason="done"))
    async with database.transaction() as tx:
        assert await tx.support.count_waiting() == 0
        assert await tx.support.claims.unfinished() == []
        assert [one.id for one in await tx.support.threads(9, is_open=False)] == ["t"]
        await tx.users.remove(USER)
    async with database.transaction() as tx:
        assert await tx.support.thread_of(USER) is None
        assert await tx.support.shown_by(SentMessage(5, 6)) is None


async def test_codes_are_kept_for_a_month(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.error_codes.add("c0ffee", USER, "ValueError")
        await tx.error_codes.add("facade", USER, "KeyError")
    async with database.transaction() as tx:
        assert await tx.error_codes.user_of("c0ffee") == USER
        assert {one.code for one in await tx.error_codes.of(USER, 9)} == {"c0ffee", "facade"}
        user = await tx.users.get(USER)
        assert user is not None
        assert user.language is Language.EN
