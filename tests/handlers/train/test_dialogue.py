"""The questions of /train: what is taken, what is refused, and what an old button does."""

from decimal import Decimal
from typing import Any

import pytest
from aiogram.fsm.state import State

from handlers.train.states import TrainForm
from services.domain.states import TrainingState
from services.domain.values import Consent
from services.domain.vocabulary import QualityMode, Subject
from services.training.consent import CONSENT_VERSION
from tests.handlers.chat import Chat


async def to_name(chat: Chat) -> None:
    await chat.say("/train")
    await chat.press("draft:agree")


async def to_subject(chat: Chat) -> None:
    await to_name(chat)
    await chat.say("Anna")


async def test_the_first_question_is_the_consent(chat: Chat) -> None:
    await chat.say("/train")
    assert chat.last.text == chat.words("ask-consent", days=7)
    assert await chat.draft() is None


async def test_no_draft_is_begun_without_the_consent(chat: Chat) -> None:
    await chat.say("/train")
    await chat.say("yes")
    assert chat.last.text == chat.words("expects-consent")
    assert await chat.draft() is None


async def test_the_consent_begins_a_draft_and_asks_for_the_name(chat: Chat) -> None:
    await to_name(chat)
    assert chat.last.text == chat.words("ask-name")
    assert await chat.draft() is not None


async def test_the_consent_pressed_later_is_an_old_button(chat: Chat) -> None:
    await to_name(chat)
    await chat.say("/help")
    assert await chat.forge("draft:agree") == chat.words("error-stale-button")
    assert await chat.state() == TrainForm.name.state


async def test_a_name_that_is_too_long_is_refused_and_asked_for_again(chat: Chat) -> None:
    await to_name(chat)
    await chat.say("n" * 41)
    assert chat.last.text == chat.words("error-invalid-name", max=40)
    await chat.say("Anna")
    draft = await chat.draft()
    assert draft is not None
    assert draft.name == "Anna"
    assert chat.last.has("subj:")


async def test_a_command_is_no_name(chat: Chat) -> None:
    await to_name(chat)
    await chat.say("/nonsense")
    draft = await chat.draft()
    assert draft is not None
    assert draft.name is None
    assert chat.last.text == chat.words("expects-name")


async def test_the_name_given_before_can_be_kept(chat: Chat) -> None:
    await to_subject(chat)
    await chat.press("go:back")
    assert chat.last.text == chat.words("ask-name")
    await chat.press("draft:keep")
    assert chat.last.has("subj:")
    draft = await chat.draft()
    assert draft is not None
    assert draft.name == "Anna"


async def test_the_subject_leads_to_the_photos(chat: Chat) -> None:
    await to_subject(chat)
    await chat.press("subj:", ":man")
    draft = await chat.draft()
    assert draft is not None
    assert draft.subject is Subject.MAN
    assert await chat.state() == TrainForm.photos.state


async def test_a_subject_in_other_words_is_asked_for_again(chat: Chat) -> None:
    await to_subject(chat)
    await chat.say("a dog")
    assert chat.last.text == chat.words("expects-subject")


async def test_a_strangers_draft_cannot_be_changed(chat: Chat, stranger: Chat) -> None:
    draft = await chat.has_draft(photos=0)
    await stranger.say("/start")
    for data in (
        f"subj:{draft.id}:man",
        f"mode:{draft.id}:economy",
        f"start:{draft.id}",
        f"draft-left:continue:{draft.id}",
    ):
        assert await stranger.forge(data) == stranger.words("error-not-found"), data
    kept = await chat.draft()
    assert kept is not None
    assert (kept.subject, kept.mode) == (draft.subject, None)


async def test_a_draft_with_photos_is_offered_before_a_new_one(chat: Chat) -> None:
    draft = await chat.has_draft()
    await chat.say("/train")
    assert chat.last.data == [f"draft-left:continue:{draft.id}", f"draft-left:anew:{draft.id}"]
    assert await chat.state() is None


async def test_a_draft_without_photos_is_not_offered(chat: Chat) -> None:
    await chat.has_draft(photos=0)
    await chat.say("/train")
    assert chat.last.text == chat.words("ask-consent", days=7)


@pytest.mark.parametrize(
    ("missing", "question"),
    [
        ("name", TrainForm.name),
        ("subject", TrainForm.subject),
        (None, TrainForm.photos),
    ],
)
async def test_a_draft_goes_on_at_its_first_unanswered_question(
    chat: Chat, missing: str | None, question: State
) -> None:
    unanswered: dict[str, Any] = {missing: None} if missing else {}
    await chat.has_draft(**unanswered)
    await chat.say("/train")
    await chat.press("draft-left:continue")
    assert await chat.state() == question.state


async def test_a_draft_goes_on_with_the_consent_where_its_wording_has_changed(chat: Chat) -> None:
    draft = await chat.has_draft()
    async with chat.product.database.transaction() as tx:
        await tx.photos.agree(draft.id, Consent(version="2026-11"))
    await chat.say("/train")
    await chat.press("draft-left:continue")
    assert await chat.state() == TrainForm.consent.state
    assert chat.last.text == chat.words("ask-consent", days=7)
    await chat.press("draft:agree")
    assert await chat.state() == TrainForm.photos.state
    async with chat.product.database.transaction() as tx:
        assert (await tx.photos.consent_to(draft.id)).version == CONSENT_VERSION


@pytest.mark.parametrize("photos", [0, 5])
async def test_a_training_that_must_end_first_is_named_at_once(chat: Chat, photos: int) -> None:
    if photos:
        await chat.has_draft(photos)
    await chat.has_training(state=TrainingState.ASKING, name="Vera")
    await chat.say("/train")
    first, *rest = chat.last.text.split("\n\n")
    assert first == chat.words("train-next", name="Vera")
    assert rest
    assert chat.last.has("draft-left:continue" if photos else "draft:agree")


async def test_a_new_beginning_drops_the_draft_that_was_left(chat: Chat) -> None:
    await chat.has_draft()
    await chat.say("/train")
    await chat.press("draft-left:anew")
    assert await chat.draft() is None
    assert chat.last.text == chat.words("ask-consent", days=7)


async def test_an_old_new_beginning_does_not_drop_a_later_draft(chat: Chat) -> None:
    later = await chat.has_draft()
    await chat.say("/train")
    toast = await chat.forge("draft-left:anew:AAAAAAAAAAAA")
    assert toast == chat.words("error-stale-button")
    draft = await chat.draft()
    assert draft is not None
    assert draft.id == later.id


async def test_the_mode_leads_to_the_summary(chat: Chat) -> None:
    draft = await chat.has_draft()
    await chat.say("/train")
    await chat.press("draft-left:continue")
    await chat.forge(f"photos:{draft.id}:done")
    assert await chat.state() == TrainForm.mode.state
    await chat.press("mode:", ":standard")
    kept = await chat.draft()
    assert kept is not None
    assert kept.mode is QualityMode.STANDARD
    assert chat.last.has("start:")


async def test_a_mode_of_an_old_message_is_taken_outside_of_a_dialogue(chat: Chat) -> None:
    draft = await chat.has_draft()
    await chat.say("/start")
    await chat.forge(f"mode:{draft.id}:economy")
    kept = await chat.draft()
    assert kept is not None
    assert kept.mode is QualityMode.ECONOMY


async def test_a_mode_of_an_old_message_does_not_leave_another_question(chat: Chat) -> None:
    draft = await chat.has_draft()
    await chat.say("/train")
    await chat.press("draft-left:continue")
    toast = await chat.forge(f"mode:{draft.id}:economy")
    assert toast == chat.words("error-stale-button")
    assert await chat.state() == TrainForm.photos.state


async def test_a_draft_that_is_not_complete_does_not_start(chat: Chat) -> None:
    draft = await chat.has_draft()
    await chat.say("/start")
    assert await chat.forge(f"start:{draft.id}") == chat.words("error-stale-button")
    assert await chat.draft() is not None


async def test_a_draft_with_too_few_photos_does_not_start(chat: Chat) -> None:
    draft = await chat.has_draft(
        photos=4, mode=QualityMode.ECONOMY, steps=500, price_usd=Decimal(1)
    )
    await chat.say("/start")
    toast = await chat.forge(f"start:{draft.id}")
    assert toast == chat.words("error-too-few-photos", accepted=4, min=5)
    assert await chat.draft() is not None


async def test_a_training_starts_once_however_often_start_is_pressed(chat: Chat) -> None:
    draft = await chat.has_draft(mode=QualityMode.ECONOMY, steps=500, price_usd=Decimal(1))
    await chat.say("/start")
    assert await chat.forge(f"start:{draft.id}") == chat.words("training-started-toast")
    assert await chat.state() is None
    assert await chat.forge(f"start:{draft.id}") == chat.words("already-started")
    assert await chat.draft() is None
    assert (await chat.training(draft.id)).user_id == chat.id
