"""What the chat shows of a draft and a training by itself."""

from datetime import date

import pytest

from handlers.telegram.outgoing import Outgoing, ScreensInPlace
from handlers.telegram.screen import Screen
from handlers.train.live import TrainLive
from services.domain.states import TrainingState
from services.domain.values import Place
from services.domain.vocabulary import PhotoState
from services.errors import UserUnreachable
from services.health import Health
from services.jobs.nursery import Nursery
from services.training.photo_check import CHECKED
from services.training.views import COUNTER_CLOSED
from services.users.reach import Reach
from tests.handlers.chat import Chat
from tests.services import kit
from tests.services.kit import jpeg


def live_of(chat: Chat) -> TrainLive:
    live = chat.product.dispatcher.workflow_data["train_live"]
    assert isinstance(live, TrainLive)
    return live


def counters(chat: Chat) -> int:
    return sum(said.has("photos:") for said in chat.messages)


async def test_photos_are_counted_in_one_message(chat: Chat) -> None:
    draft = await chat.has_draft(photos=4)
    await live_of(chat).open_counter(draft.id)
    await chat.say("/start")
    await live_of(chat).open_counter(draft.id)
    await chat.until(lambda: counters(chat) == 1)


async def test_a_draft_without_photos_has_no_counter(chat: Chat) -> None:
    draft = await chat.has_draft(photos=0)
    await chat.say("/start")
    await live_of(chat).open_counter(draft.id)
    await live_of(chat).close_counter(draft.id)
    assert counters(chat) == 0


async def test_a_closed_counter_is_not_shown_again_by_itself(chat: Chat) -> None:
    draft = await chat.has_draft()
    await chat.say("/start")
    await live_of(chat).close_counter(draft.id)
    live_of(chat).photos_changed(draft.id)
    await live_of(chat).close_counter(draft.id)
    assert counters(chat) == 0
    assert await kit.counter_of(chat.product.database, draft.id) == COUNTER_CLOSED


async def test_a_counter_is_moved_below_and_the_old_one_taken_away(chat: Chat) -> None:
    draft = await chat.has_draft(photos=4)
    await chat.say("/start")
    await live_of(chat).open_counter(draft.id)
    await chat.until(lambda: counters(chat) == 1)
    (old,) = [said for said in chat.messages if said.has("photos:")]
    await chat.say("/help")
    await live_of(chat).move_counter_down(draft.id)
    await chat.until(lambda: chat.last.has("photos:"))
    assert counters(chat) == 1
    assert chat.last.message_id > old.message_id


async def test_who_waits_for_the_check_is_called_back_once(chat: Chat) -> None:
    draft = await chat.has_draft()
    called: list[str] = []

    async def go_on() -> None:
        called.append(draft.id)
        await chat.product.bot.send_message(chat.id, "checked")

    await chat.say("/start")
    live_of(chat).when_checked(draft.id, go_on)
    await chat.until_said("checked")
    live_of(chat).photos_changed(draft.id)
    await live_of(chat).close_counter(draft.id)
    assert called == [draft.id]


@pytest.mark.parametrize("draft_named", ["this", "any"])
async def test_who_waits_for_the_check_of_another_process_is_called_back(
    chat: Chat, draft_named: str
) -> None:
    draft = await chat.has_draft()
    database = chat.product.database
    async with database.transaction() as tx:
        pending = kit.photo_values(draft.id, 9, state=PhotoState.PENDING, sha256=None)
        await tx.photos.record(pending)

    async def go_on() -> None:
        await chat.product.bot.send_message(chat.id, "checked")

    await chat.say("/start")
    live_of(chat).when_checked(draft.id, go_on)
    await live_of(chat).close_counter(draft.id)
    assert "checked" not in chat.last.text
    async with database.transaction() as tx:
        await tx.photos.refuse_pending(draft.id, "too_many")
        await tx.wake(CHECKED, draft.id if draft_named == "this" else "")
    await chat.until_said("checked")


async def test_a_draft_that_will_be_removed_is_told_of_by_name(chat: Chat) -> None:
    draft = await chat.has_draft()
    await chat.say("/start")
    await live_of(chat).draft_ages(draft.id, date(2026, 11, 29))
    assert "Anna" in chat.last.text
    assert "November 29, 2026" in chat.last.text


async def test_of_what_was_deleted_nothing_is_told(chat: Chat) -> None:
    await chat.say("/start")
    before = chat.messages
    live = live_of(chat)
    await live.draft_ages("gone", date(2026, 11, 29))
    await live.training_ended("gone")
    await live.training_in_doubt("gone")
    await live.training_asks("gone")
    assert chat.messages == before


async def test_a_training_that_asks_is_shown_below(chat: Chat) -> None:
    training = await chat.has_training(state=TrainingState.ASKING)
    await chat.say("/start")
    await live_of(chat).training_asks(training.id)
    await chat.until(lambda: chat.last.has(f"tr:{training.id}"))
    assert chat.last.has(f"tr:{training.id}:fewer")


async def test_an_album_is_counted_below_its_photos(chat: Chat) -> None:
    await chat.has_draft(photos=0)
    await chat.say("/train")
    await chat.press("draft:agree")
    await chat.send(jpeg(1), jpeg(2))
    await chat.until(lambda: counters(chat) == 1)


async def test_what_another_process_has_put_into_a_message_is_not_taken_for_ones_own(
    chat: Chat,
) -> None:
    await chat.say("/start")
    is_alone = False
    outgoing = Outgoing(
        chat.product.bot,
        Reach(chat.product.database),
        Nursery(),
        Health("Telegram"),
        lambda: is_alone,
    )
    mine, theirs = ScreensInPlace(outgoing), ScreensInPlace(outgoing)
    place = Place(chat.id)
    message_id = await mine.put("key", place, None, Screen("six photos"))
    await theirs.put("key", place, message_id, Screen("five photos"))
    await mine.put("key", place, message_id, Screen("six photos"))
    assert chat.last.text == "six photos"
    # Nor is what was shown before the others had gone.
    await theirs.put("key", place, message_id, Screen("five photos"))
    is_alone = True
    await mine.put("key", place, message_id, Screen("six photos"))
    assert chat.last.text == "six photos"


async def test_who_has_blocked_the_bot_is_shown_nothing_until_they_return(chat: Chat) -> None:
    await chat.say("/start")
    reach = Reach(chat.product.database)
    screens = ScreensInPlace(Outgoing(chat.product.bot, reach, Nursery(), Health("Telegram")))
    place = Place(chat.id)
    message_id = await screens.put("key", place, None, Screen("a fifth"))
    # Blocked, and Telegram has not told that yet.
    chat.product.people.set_blocked(chat.id, blocked=True)
    journal = chat.product.sandbox.state.wire.journal
    before = len(journal.after(0, None))
    for done in ("a third", "a half", "all of it"):
        with pytest.raises(UserUnreachable):
            await screens.put("key", place, message_id, Screen(done))
    (refused,) = journal.after(0, None)[before:]
    assert refused.status == 403
    await chat.block(blocked=False)
    assert await screens.put("key", place, message_id, Screen("all of it")) == message_id
    assert chat.last.text == "all of it"
