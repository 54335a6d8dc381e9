"""The photo step: what is taken when, what waits, and what the buttons of the counter do."""

import pytest
from aiogram.fsm.state import State

from handlers.train.states import TrainForm
from services.domain.values import Photo
from services.domain.vocabulary import PhotoState
from services.photos.refusal import RefusalReason
from tests.e2e import pictures
from tests.handlers.chat import Chat
from tests.services.kit import jpeg, photo_values


async def photos_of(chat: Chat) -> list[Photo]:
    draft = await chat.draft()
    if draft is None:
        return []
    async with chat.product.database.transaction() as tx:
        return list(await tx.photos.all_of(draft.id))


async def check_begins(chat: Chat, training_id: str, number: int = 99) -> None:
    """Put a photo into a draft whose check has not ended."""
    values = photo_values(training_id, number, state=PhotoState.PENDING)
    async with chat.product.database.transaction() as tx:
        await tx.photos.record(values)


async def at_photos(chat: Chat, photos: int = 5) -> str:
    draft = await chat.has_draft(photos)
    await chat.say("/start")
    await chat.forge(f"draft-left:continue:{draft.id}")
    assert await chat.state() == TrainForm.photos.state
    return draft.id


async def test_a_photo_out_of_nowhere_asks_for_the_consent_and_waits_for_it(chat: Chat) -> None:
    await chat.send(jpeg(1))
    asked = f"{chat.words('photos-before-consent-try')}\n\n{chat.words('ask-consent', days=7)}"
    assert chat.last.text == asked
    assert await photos_of(chat) == []
    await chat.press("draft:agree")
    assert len(await photos_of(chat)) == 1
    assert (await chat.dialogue()).data["photos"] == []


async def test_a_second_photo_before_the_consent_is_told_that_it_waits(chat: Chat) -> None:
    await chat.send(jpeg(1))
    await chat.send(jpeg(2))
    assert chat.last.text == chat.words("photos-wait-for-consent")
    await chat.press("draft:agree")
    assert len(await photos_of(chat)) == 2


async def test_an_album_before_the_consent_gets_one_answer(chat: Chat) -> None:
    await chat.send(jpeg(1))
    await chat.send(jpeg(2), jpeg(3), jpeg(4))
    assert chat.texts[1:] == [chat.words("photos-wait-for-consent")]


@pytest.mark.parametrize(
    ("name", "data"), [("letter.pdf", b"%PDF-1.7"), ("moving.gif", pictures.gif())]
)
async def test_a_file_that_is_no_photo_begins_no_training_and_is_told_where_photos_belong(
    chat: Chat, name: str, data: bytes
) -> None:
    await chat.send(data, kind="document", name=name)
    assert chat.last.text == chat.words("expects-no-file")
    assert chat.last.has("menu:train")
    assert await chat.state() is None


async def test_an_image_sent_as_a_file_begins_a_training(chat: Chat) -> None:
    await chat.send(jpeg(1), kind="document", name="me.jpg")
    assert await chat.state() == TrainForm.consent.state


async def test_a_photo_in_another_dialogue_without_a_draft_is_not_taken(chat: Chat) -> None:
    await chat.has_model()
    await chat.say("/generate")
    await chat.send(jpeg(1))
    assert chat.last.text == chat.words("expects-prompt")


@pytest.mark.parametrize("question", [None, TrainForm.mode, TrainForm.confirm])
async def test_a_photo_for_an_open_draft_opens_its_photo_step_again(
    chat: Chat, question: State | None
) -> None:
    training_id = await at_photos(chat)
    if question is None:
        await chat.say("/cancel")
    else:
        await chat.forge(f"photos:{training_id}:done")
    if question == TrainForm.confirm:
        await chat.press("mode:", ":economy")
    await chat.send(jpeg(77))
    assert await chat.state() == TrainForm.photos.state
    assert len(await photos_of(chat)) == 6


async def test_a_photo_at_the_question_for_the_name_is_kept_and_leaves_it_open(
    chat: Chat,
) -> None:
    await chat.say("/train")
    await chat.press("draft:agree")
    await chat.send(jpeg(1))
    assert await chat.state() == TrainForm.name.state
    assert len(await photos_of(chat)) == 1


async def test_a_moving_picture_for_a_draft_is_refused_by_its_kind(chat: Chat) -> None:
    await at_photos(chat, photos=0)
    await chat.send(pictures.gif(), kind="document", name="moving.gif")
    (photo,) = await photos_of(chat)
    assert (photo.state, photo.refusal) == (PhotoState.REFUSED, RefusalReason.GIF)


@pytest.mark.parametrize("in_words", [False, True])
async def test_done_offers_the_photos_without_a_face_where_they_are_what_is_missing(
    chat: Chat, *, in_words: bool
) -> None:
    training_id = await at_photos(chat, photos=4)
    for number in (98, 99):
        values = photo_values(
            training_id, number, state=PhotoState.REFUSED, refusal=RefusalReason.NO_FACE.value
        )
        async with chat.product.database.transaction() as tx:
            await tx.photos.record(values)
    if in_words:
        await chat.say("done")
    else:
        await chat.forge(f"photos:{training_id}:done")
    offer = chat.words("photos-too-few-faceless", accepted=4, min=5, faceless=2)
    assert chat.last.text == offer
    assert await chat.state() == TrainForm.photos.state
    assert chat.last.data == [f"photos:{training_id}:insist"]
    toast = await chat.press("photos:", "insist")
    assert toast == chat.words("photos-insisted", count=2)
    await chat.forge(f"photos:{training_id}:done")
    assert await chat.state() != TrainForm.photos.state


async def test_done_with_too_few_photos_says_how_many_there_are(chat: Chat) -> None:
    training_id = await at_photos(chat, photos=4)
    toast = await chat.forge(f"photos:{training_id}:done")
    assert toast == chat.words("error-too-few-photos", accepted=4, min=5)
    assert await chat.state() == TrainForm.photos.state


async def test_done_asks_for_the_mode_and_says_what_was_taken(chat: Chat) -> None:
    training_id = await at_photos(chat)
    await chat.forge(f"photos:{training_id}:done")
    assert chat.words("photos-taken-down", count=5) in chat.texts
    assert chat.last.has("mode:")


async def test_done_while_photos_are_checked_goes_on_once_they_are(chat: Chat) -> None:
    training_id = await at_photos(chat)
    await check_begins(chat, training_id)
    toast = await chat.forge(f"photos:{training_id}:done")
    assert toast == chat.words("photos-done-soon")
    assert await chat.state() == TrainForm.photos.state
    # The file of this photo is nowhere, so its check ends with a refusal.
    await chat.send(jpeg(31))
    await chat.until(lambda: any(said.has("mode:") for said in chat.messages))
    await chat.press("mode:", ":economy")
    assert any(said.has("start:") for said in chat.messages)


async def check_ends(chat: Chat, training_id: str) -> None:
    """Have the pending photo of a draft refused, and what waits for that go on."""
    async with chat.product.database.transaction() as tx:
        (pending,) = await tx.photos.in_state(training_id, PhotoState.PENDING)
        await tx.photos.refuse(pending.id, RefusalReason.GONE, {})
    await chat.product.dispatcher.workflow_data["train_live"]._go_on_if_checked(training_id)


async def test_done_while_photos_are_checked_goes_on_also_for_who_was_elsewhere(
    chat: Chat,
) -> None:
    training_id = await at_photos(chat)
    await chat.say("/start")
    assert await chat.state() is None
    await check_begins(chat, training_id)
    await chat.forge(f"photos:{training_id}:done")
    await check_ends(chat, training_id)
    await chat.until(lambda: chat.last.has("mode:"))
    assert await chat.state() == TrainForm.mode.state


async def test_done_while_photos_are_checked_calls_nobody_back_who_has_gone_elsewhere(
    chat: Chat,
) -> None:
    training_id = await at_photos(chat)
    await check_begins(chat, training_id)
    await chat.forge(f"photos:{training_id}:done")
    await chat.say("/cancel")
    before = len(chat.messages)
    await check_ends(chat, training_id)
    assert len(chat.messages) == before
    assert await chat.state() is None


async def test_remove_last_takes_the_newest_photo_away(chat: Chat) -> None:
    training_id = await at_photos(chat)
    toast = await chat.forge(f"photos:{training_id}:last")
    assert toast == chat.words("photo-removed")
    assert [photo.message_id for photo in await photos_of(chat)] == [1, 2, 3, 4]


async def test_the_same_press_delivered_twice_takes_one_photo_away(chat: Chat) -> None:
    training_id = await at_photos(chat)
    await chat.forge(f"photos:{training_id}:last")
    await chat.handle_last_again()
    assert len(await photos_of(chat)) == 4


async def test_two_presses_take_two_photos_away(chat: Chat) -> None:
    training_id = await at_photos(chat)
    await chat.forge(f"photos:{training_id}:last")
    await chat.forge(f"photos:{training_id}:last")
    assert len(await photos_of(chat)) == 3


async def test_where_no_photo_is_left_the_old_counter_says_so(chat: Chat) -> None:
    training_id = await at_photos(chat)
    await chat.forge(f"photos:{training_id}:all")
    for action in ("last", "show"):
        toast = await chat.forge(f"photos:{training_id}:{action}")
        assert toast == chat.words("photos-none"), action


async def test_start_over_asks_before_anything_is_removed(chat: Chat) -> None:
    training_id = await at_photos(chat)
    await chat.forge(f"photos:{training_id}:over")
    assert chat.last.text == chat.words("photos-start-over-ask", count=5)
    assert len(await photos_of(chat)) == 5
    await chat.press("photos:", ":keep")
    assert chat.last.text == chat.words("photos-kept")
    assert len(await photos_of(chat)) == 5


async def test_start_over_removes_all_photos_once_it_is_confirmed(chat: Chat) -> None:
    training_id = await at_photos(chat)
    await chat.forge(f"photos:{training_id}:over")
    await chat.press("photos:", ":all")
    assert chat.last.text == chat.words("photos-removed")
    assert await photos_of(chat) == []


async def test_the_counter_of_a_strangers_draft_does_nothing(chat: Chat, stranger: Chat) -> None:
    draft = await chat.has_draft()
    await stranger.say("/start")
    for action in ("done", "last", "over", "all"):
        toast = await stranger.forge(f"photos:{draft.id}:{action}")
        assert toast == stranger.words("error-not-found"), action
    assert len(await photos_of(chat)) == 5


async def test_the_counter_does_nothing_at_a_question_after_the_photos(chat: Chat) -> None:
    training_id = await at_photos(chat)
    await chat.forge(f"photos:{training_id}:done")
    toast = await chat.forge(f"photos:{training_id}:last")
    assert toast == chat.words("error-stale-button")
    assert len(await photos_of(chat)) == 5
