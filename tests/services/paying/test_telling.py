"""What becomes of their money is told to users, and what they have paid for goes on."""

from dataclasses import dataclass

import pytest

from db.database import Database
from services.domain.clock import now
from services.domain.credits import Note, NoteKind
from services.domain.values import Place, User
from services.domain.vocabulary import Language
from services.errors import CreditsMissing, DeliveryFailed, UserUnreachable
from services.money.charges import Charge
from services.money.notes import leave_note
from services.paying.inviting import Inviting
from services.paying.packs import Pack
from services.paying.service import Paying
from services.paying.telling import Telling
from tests.services.kit import STRANGER, USER, keep_model
from tests.services.selling import DEARER, generations, orders
from tests.services.stars import News, waiting_notes

PICTURE = 5


@dataclass
class Till:
    """A shop in which one picture waits for its payment."""

    database: Database
    news: News
    paying: Paying
    telling: Telling

    async def pay(self, stars: int) -> Note:
        """Have the user pay, and return what there is to tell of it."""
        assert await self.paying.paid(Charge("ch1", USER, stars, "?", now()))
        (note,) = await waiting_notes(self.database)
        return note

    async def is_waiting(self) -> bool:
        async with self.database.transaction() as tx:
            return await tx.pending_orders.of_user(USER) is not None

    async def kinds(self) -> list[NoteKind]:
        return [note.kind for note in await waiting_notes(self.database)]


@pytest.fixture
async def till(database: Database) -> Till:
    news, paying = News(), Paying(database, [Pack(100)], orders(database), 180)
    await keep_model(database, "https://lora")
    with pytest.raises(CreditsMissing) as missing:
        await generations(database).generate(USER, Place(USER), "a king", "message:1:1")
    await paying.offer_missing(USER, missing.value)
    telling = Telling(database, news, paying, Inviting(database, 30))
    return Till(database, news, paying, telling)


async def test_a_payment_is_told_and_what_it_was_for_goes_on(till: Till) -> None:
    note = await till.pay(PICTURE)
    for _ in range(2):
        assert await till.telling.step(note.id) is None
        assert till.news.told == [(USER, NoteKind.PAID)]
    assert till.news.started == [USER]
    assert till.news.asked == []
    assert not await till.is_waiting()
    assert await till.kinds() == []


async def test_who_has_paid_too_little_is_asked_for_the_rest(till: Till) -> None:
    note = await till.pay(PICTURE - 1)
    assert await till.telling.step(note.id) is None
    assert till.news.started == []
    assert till.news.asked == [(USER, 1)]
    assert await till.is_waiting()


@pytest.mark.parametrize("failure", [DeliveryFailed("flood"), UserUnreachable("blocked")])
async def test_what_cannot_be_told_now_goes_on_and_is_told_later(
    till: Till, failure: DeliveryFailed
) -> None:
    note = await till.pay(PICTURE)
    till.news.failure = failure
    with pytest.raises(type(failure)):
        await till.telling.step(note.id)
    assert not await till.is_waiting()
    till.news.failure = None
    assert await till.telling.step(note.id) is None
    assert till.news.told == [(USER, NoteKind.PAID)]
    assert till.news.started == []
    assert await till.kinds() == [NoteKind.GOES_ON]


async def test_who_could_not_be_told_is_not_asked_for_the_rest(till: Till) -> None:
    note = await till.pay(PICTURE - 1)
    till.news.failure = DeliveryFailed("flood")
    with pytest.raises(DeliveryFailed):
        await till.telling.step(note.id)
    assert till.news.asked == []
    assert await till.is_waiting()


async def test_what_was_told_before_a_kill_is_not_told_again(till: Till) -> None:
    note = await till.pay(PICTURE)
    async with till.database.transaction() as tx:
        await tx.payment_notes.note_told(note.id)
    assert await till.telling.step(note.id) is None
    assert till.news.told == []
    assert not await till.is_waiting()
    assert await till.kinds() == []


async def test_an_order_that_is_refused_after_all_is_told_so(till: Till) -> None:
    note = await till.pay(PICTURE)
    dearer = Paying(till.database, [Pack(100)], orders(till.database, DEARER), 180)
    await Telling(till.database, till.news, dearer, Inviting(till.database, 30)).step(note.id)
    assert till.news.started == [USER]
    assert await till.kinds() == [NoteKind.REFUSED]


async def test_only_a_payment_has_what_waited_go_on(till: Till) -> None:
    async with till.database.transaction() as tx:
        wallet = await tx.wallets.of_user(USER)
        await leave_note(tx, wallet.id, NoteKind.REDEEMED, "code", stars=50)
    (note,) = await waiting_notes(till.database)
    assert await till.telling.step(note.id) is None
    assert till.news.told == [(USER, NoteKind.REDEEMED)]
    assert till.news.asked == []
    assert await till.is_waiting()


async def test_nobody_is_told_in_the_name_of_who_is_forgotten(till: Till) -> None:
    async with till.database.transaction() as tx:
        wallet = await tx.wallets.of_user(STRANGER)
        await leave_note(tx, wallet.id, NoteKind.GIVEN_BACK, "ch9", stars=50)
        await tx.wallets.forget_user(wallet.id)
    (note,) = await waiting_notes(till.database)
    assert await till.telling.step(note.id) is None
    assert till.news.told == []
    assert await till.kinds() == []


async def test_a_friends_payment_is_told_to_who_has_invited_them(
    till: Till,
) -> None:
    inviting = Inviting(till.database, 30)
    code = await inviting.code_of(STRANGER)
    assert code is not None
    friend = STRANGER + 1
    assert await inviting.follow(User(id=friend, language=Language.EN), code)
    assert await till.paying.paid(Charge("ch1", friend, 60, "?", now()))
    (note,) = await waiting_notes(till.database)
    await till.telling.step(note.id)
    for rest in await waiting_notes(till.database):
        await till.telling.step(rest.id)
    assert sorted(till.news.told) == [
        (STRANGER, NoteKind.REFERRER),
        (friend, NoteKind.FRIEND),
        (friend, NoteKind.PAID),
    ]
