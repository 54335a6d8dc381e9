"""What each repository gives, on both databases."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from db.database import Database
from db.meeting import meet
from db.tables import Training
from db.trainings import Trainings
from db.trigger_words import DRAWS, NoFreeWord
from services.domain.clock import now
from services.domain.states import GenerationState, TrainingState
from services.domain.values import Dialogue, Picture
from services.domain.vocabulary import FailureReason, Language, PhotoState
from tests.db.conftest import OTHER_USER, USER
from tests.db.rows import SHA, add, draft, generation, model, photo, training


async def test_telegrams_language_is_followed_until_one_is_chosen(database: Database) -> None:
    async with database.transaction() as tx:
        assert (await tx.users.meet(7, Language.EN)).language is Language.EN
    async with database.transaction() as tx:
        assert (await tx.users.meet(7, Language.RU)).language is Language.RU
    async with database.transaction() as tx:
        await tx.users.choose_language(7, Language.EN)
    async with database.transaction() as tx:
        assert (await tx.users.meet(7, Language.RU)).language is Language.EN


async def test_claiming_a_trigger_word_draws_again_on_a_collision(database: Database) -> None:
    async with database.transaction() as tx:
        await add(tx, training("one", trigger_word="ANNA_0001"))
        await add(tx, draft("two", trigger_word="ANNA_0002"))
    words = iter(["ANNA_0001", "ANNA_0002", "ANNA_0003"])
    async with database.transaction() as tx:
        assert await tx.trigger_words.claim("three", lambda: next(words)) == "ANNA_0003"


async def test_claiming_gives_up_after_many_draws(database: Database) -> None:
    async with database.transaction() as tx:
        await add(tx, training("one", trigger_word="ANNA_0001"))
    draws = 0

    def draw() -> str:
        nonlocal draws
        draws += 1
        return "ANNA_0001"

    with pytest.raises(NoFreeWord):
        async with database.transaction() as tx:
            await tx.trigger_words.claim("two", draw)
    assert draws == DRAWS


async def test_a_draft_may_claim_its_own_word_again(database: Database) -> None:
    async with database.transaction() as tx:
        await add(tx, draft("one", trigger_word="ANNA_0001"))
    async with database.transaction() as tx:
        assert await tx.trigger_words.claim("one", lambda: "ANNA_0001") == "ANNA_0001"


def in_every_state() -> list[Training]:
    """One untold training a state, in the order of the states."""
    started = now()
    rows = []
    for minute, state in enumerate(TrainingState):
        row = training(state.value, state=state, created_at=started + timedelta(minutes=minute))
        if state.is_final:
            row.finished_at = started
        if state is TrainingState.FAILED:
            row.failure = FailureReason.TRAINER_FAILED
        if state is TrainingState.COMPLETED:
            row.lora_url, row.request_id = "https://lora", "r"
        rows.append(row)
    return rows


async def test_of_a_state_no_more_are_read_than_were_asked_for(database: Database) -> None:
    async with database.transaction() as tx:
        for row_id in ("one", "two", "three"):
            await add(tx, training(row_id, state=TrainingState.UNCONFIRMED))
        await add(tx, training("four"))
    async with database.transaction() as tx:
        found = await tx.trainings.in_state(TrainingState.UNCONFIRMED, 2)
        assert len(found) == 2
        assert {*found} < {"one", "two", "three"}
        assert len(await tx.trainings.in_state(TrainingState.UNCONFIRMED, 5)) == 3


async def test_every_started_training_is_carried_until_its_end_is_told(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        for row in reversed(in_every_state()):
            await add(tx, row)
    async with database.transaction() as tx:
        # The oldest first, whenever they were written.
        assert await tx.trainings.unfinished() == [s.value for s in TrainingState]
        for state in TrainingState:
            told = await tx.trainings.lock(state.value)
            assert told is not None
            if state.is_final:
                told.announced_at, told.is_settled = now(), True
    async with database.transaction() as tx:
        under_way = [s.value for s in TrainingState if not s.is_final]
        assert await tx.trainings.unfinished() == under_way
        assert [row.id for row in await tx.trainings.under_way_of(USER)] == under_way


Note = Callable[[Trainings], Awaitable[object]]

LATE: dict[str, tuple[TrainingState, Note]] = {
    "packing begins": (TrainingState.QUEUED, lambda rows: rows.begin_packing("one")),
    "it asks": (TrainingState.UPLOADING, lambda rows: rows.ask("one")),
    "its user answers": (TrainingState.PREPARING, lambda rows: rows.answer("one")),
    "the upload begins": (TrainingState.CANCELLED, lambda rows: rows.begin_upload("one")),
    "the upload ends": (TrainingState.PREPARING, lambda rows: rows.end_upload("one", "url")),
    "it is told": (TrainingState.QUEUED, lambda rows: rows.note_told("one")),
    "it is settled": (TrainingState.QUEUED, lambda rows: rows.note_settled("one")),
}


@pytest.mark.parametrize("what", LATE)
async def test_a_step_that_comes_too_late_changes_nothing(database: Database, what: str) -> None:
    state, note = LATE[what]
    async with database.transaction() as tx:
        await add(tx, training("one", state=state))
        before = await tx.trainings.read("one")
    async with database.transaction() as tx:
        assert not await note(tx.trainings)
    async with database.transaction() as tx:
        assert await tx.trainings.read("one") == before


async def test_the_first_wish_to_cancel_counts_and_stops_the_packing(database: Database) -> None:
    async with database.transaction() as tx:
        await add(tx, training("one", state=TrainingState.UPLOADING))
        assert await tx.trainings.note_packed("one", 3)
        await tx.trainings.request_cancel("one")
        first = await tx.trainings.locked("one")
    async with database.transaction() as tx:
        await tx.trainings.request_cancel("one")
        assert not await tx.trainings.note_packed("one", 4)
        assert not await tx.trainings.note_packed("none", 4)
        await tx.trainings.end_upload("one", "https://archive")
        again = await tx.trainings.locked("one")
    assert first is not None
    assert again is not None
    assert (again.state, again.prepared_photos) == (TrainingState.UPLOADING, 3)
    assert again.cancel_requested_at == first.cancel_requested_at is not None


async def test_the_latest_trainings_leave_drafts_and_strangers_out(database: Database) -> None:
    async with database.transaction() as tx:
        await add(tx, draft("draft"))
        for row in in_every_state():
            await add(tx, row)
        await add(tx, training("theirs", OTHER_USER))
    async with database.transaction() as tx:
        latest = await tx.trainings.latest_of(USER, 100)
        newest = await tx.trainings.latest_of(USER, 2)
        left = await tx.drafts.of(USER)
        assert await tx.drafts.of(OTHER_USER) is None
    assert [row.id for row in latest] == [s.value for s in reversed(list(TrainingState))]
    assert [row.id for row in newest] == ["cancelled", "failed"]
    assert left is not None
    assert left.id == "draft"


async def test_old_drafts_are_found_and_a_reminder_does_not_make_them_younger(
    database: Database,
) -> None:
    then, limit = now() - timedelta(days=6), now() - timedelta(days=5)
    async with database.transaction() as tx:
        await add(tx, draft("old", updated_at=then))
        await add(tx, draft("new", OTHER_USER))
        await add(tx, training("started", updated_at=then))
    async with database.transaction() as tx:
        assert await tx.drafts.untouched_since(limit) == ["old"]
        await tx.drafts.note_reminder("old")
    async with database.transaction() as tx:
        old = await tx.drafts.read("old")
        assert old is not None
        assert old.updated_at == then
        assert old.reminded_at is not None
        await tx.drafts.touch("old")
    async with database.transaction() as tx:
        assert await tx.drafts.untouched_since(limit) == []


async def test_photos_come_in_the_order_they_were_sent(database: Database) -> None:
    async with database.transaction() as tx:
        await add(tx, training("one"))
        await tx.flush()
        for number in (3, 1, 20, 10, 2):
            assert await tx.photos.record(photo("one", number))
        assert not await tx.photos.record(photo("one", 3))
    async with database.transaction() as tx:
        assert [p.message_id for p in await tx.photos.all_of("one")] == [1, 2, 3, 10, 20]
        pending = await tx.photos.in_state("one", PhotoState.PENDING)
        assert [p.message_id for p in pending] == [1, 2, 3, 10, 20]


async def test_a_photo_keeps_its_number_and_no_other_photo_gets_it(database: Database) -> None:
    async with database.transaction() as tx:
        await add(tx, training("one"))
        await tx.flush()
        for number in (1, 2, 2, 3):
            await tx.photos.record(photo("one", number))
        last = await tx.photos.find("one", "unique-3")
        assert last is not None
        await tx.photos.remove(last.id)
        await tx.photos.record(photo("one", 4))
    async with database.transaction() as tx:
        photos = await tx.photos.all_of("one")
        assert [(p.message_id, p.number) for p in photos] == [(1, 1), (2, 2), (4, 4)]
        await tx.photos.remove_all("one")
        await tx.photos.record(photo("one", 5))
    async with database.transaction() as tx:
        assert [p.number for p in await tx.photos.all_of("one")] == [1]


async def test_only_accepted_photos_are_copied(database: Database) -> None:
    accepted = {"state": PhotoState.ACCEPTED, "sha256": SHA, "fingerprint": "00"}
    async with database.transaction() as tx:
        await add(tx, training("one"))
        await add(tx, training("two"))
        await tx.flush()
        await tx.photos.record(photo("one", 1, **accepted))
        await tx.photos.record(photo("one", 2, state=PhotoState.REFUSED, refusal="gif"))
        await tx.photos.record(photo("one", 3))
    async with database.transaction() as tx:
        await tx.photos.copy_accepted("one", "two")
    async with database.transaction() as tx:
        copied = await tx.photos.all_of("two")
        assert [(p.number, p.file_id, p.state, p.sha256, p.fingerprint) for p in copied] == [
            (1, "file-1", PhotoState.ACCEPTED, SHA, "00")
        ]
        await tx.photos.record(photo("two", 9))
        assert [p.number for p in await tx.photos.all_of("two")] == [1, 4]
        await tx.photos.refuse_pending("one", "too_many")
        assert await tx.photos.count("one", PhotoState.REFUSED) == 2
        await tx.photos.remove_all("one")
        assert await tx.photos.all_of("one") == []


async def test_only_drafts_wait_for_the_check_of_their_photos(database: Database) -> None:
    async with database.transaction() as tx:
        await add(tx, draft("one"))
        await add(tx, training("two"))
        await tx.flush()
        for number in range(3):
            await tx.photos.record(photo("one", number))
        await tx.photos.record(photo("two", 1))
    async with database.transaction() as tx:
        assert await tx.photos.trainings_with_pending() == ["one"]


async def test_activating_a_model_puts_the_other_one_aside(database: Database) -> None:
    async with database.transaction() as tx:
        for name in ("one", "two"):
            await add(tx, training(name))
            await tx.flush()
            new = model(f"m-{name}", name)
            await tx.models.add(new)
            await tx.flush()
            await tx.models.activate(new)
    async with database.transaction() as tx:
        active = await tx.models.active_of(USER)
        assert active is not None
        assert active.id == "m-two"
        first = await tx.models.get("m-one")
        assert first is not None
        await tx.models.activate(first)
    async with database.transaction() as tx:
        assert [(m.id, m.active) for m in await tx.models.all_of(USER)] == [
            ("m-two", False),
            ("m-one", True),
        ]
        assert await tx.models.active_of(OTHER_USER) is None
        of_training = await tx.models.of_training("two")
        assert of_training is not None
        assert of_training.id == "m-two"


async def test_an_update_delivered_twice_is_one_generation(database: Database) -> None:
    async with database.transaction() as tx:
        await add(tx, training("one"))
        await tx.flush()
        await tx.models.add(model("m", "one"))
        await tx.flush()
        assert await tx.generations.record(generation("a", "m", origin="message:1:1"))
        assert not await tx.generations.record(generation("b", "m", origin="message:1:1"))
        kept = await tx.generations.of_origin(USER, "message:1:1")
    assert (kept.id, kept.state) == ("a", GenerationState.ACCEPTED)


async def test_a_percent_sign_in_an_origin_is_no_wildcard(database: Database) -> None:
    async with database.transaction() as tx:
        await add(tx, training("one"))
        await tx.flush()
        await tx.models.add(model("m", "one"))
        await tx.flush()
        for row_id, origin in (("a", "again:x:0"), ("b", "again:_:0"), ("c", "again:_:1")):
            values = generation(row_id, "m", origin=origin, announced_at=now())
            await tx.generations.record(values)
        await tx.generations.record(generation("d", "m", origin="again:_:2"))
        assert len(await tx.generations.of_button(USER, "again:_:")) == 3
        assert await tx.generations.of_button(OTHER_USER, "again:_:") == []
        assert await tx.generations.unfinished() == ["d"]


async def test_generations_and_pictures_are_told_apart_by_their_model(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        for number in "12":
            await add(tx, training(number))
            await tx.flush()
            await tx.models.add(model(f"m{number}", number))
        await tx.flush()
        for row_id, model_id in (("a", "m1"), ("b", "m1"), ("c", "m2")):
            await tx.generations.record(generation(row_id, model_id))
        told = await tx.generations.lock("a")
        assert told is not None
        told.announced_at = now()
        for row_id, flags in (("a", [False, True]), ("b", [False]), ("c", [True])):
            tx.pictures.add(
                Picture(
                    id=f"{row_id}{position}",
                    generation_id=row_id,
                    position=position,
                    url="https://picture",
                    is_flagged=is_flagged,
                )
                for position, is_flagged in enumerate(flags, start=1)
            )
    async with database.transaction() as tx:
        assert {made.id for made in await tx.generations.all_of("m1")} == {"a", "b"}
        assert await tx.pictures.count_of_model("m1") == 2
        assert await tx.pictures.count_of_model("m2") == 0


async def test_a_dialogue_is_read_with_its_user_and_leaves_no_row_when_it_is_over(
    database: Database,
) -> None:
    nowhere = Dialogue()
    asked = Dialogue(data={"deep": {"list": [1, "два"]}})

    async def stands(user_id: int) -> Dialogue:
        met = await database.at_once(lambda told: meet(told, user_id, Language.EN, "k"))
        return met.dialogue

    assert await stands(USER) == nowhere
    async with database.transaction() as tx:
        await tx.dialogues.put("k", Dialogue(state="TrainForm:name"))
        await tx.dialogues.put("k", asked)
    assert await stands(USER) == asked
    assert await stands(3003) == asked
    async with database.transaction() as tx:
        await tx.dialogues.put("k", nowhere)
    async with database.transaction() as tx:
        assert await tx.dialogues.get("k") == nowhere


async def test_large_telegram_ids_fit(database: Database) -> None:
    user_id, chat_id = 2**52 - 1, -(10**13)
    async with database.transaction() as tx:
        await tx.users.meet(user_id, Language.EN)
        await add(tx, training("one", user_id, chat_id=chat_id))
    async with database.transaction() as tx:
        row = await tx.trainings.get("one")
    assert row is not None
    assert (row.user_id, row.chat_id) == (user_id, chat_id)


async def test_what_is_done_for_an_update_is_done_once_until_it_is_forgotten(
    database: Database,
) -> None:
    for is_first in (True, False):
        async with database.transaction() as tx:
            assert await tx.once.is_first("press:1") is is_first
    for moment, is_first in ((now() - timedelta(days=1), False), (now(), True)):
        async with database.transaction() as tx:
            await tx.once.forget(moment)
            assert await tx.once.is_first("press:1") is is_first


async def test_what_failed_was_not_done(database: Database) -> None:
    with pytest.raises(NoFreeWord):
        await _done_in_vain(database)
    async with database.transaction() as tx:
        assert await tx.once.is_first("press:1")


async def _done_in_vain(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.once.is_first("press:1")
        raise NoFreeWord
