"""Back and Cancel within /train: where they lead, and what is kept."""

from typing import Any

import pytest

from handlers.train.states import TrainForm
from tests.handlers.chat import Chat


async def test_back_from_the_first_question_shows_the_main_menu(chat: Chat) -> None:
    await chat.say("/train")
    await chat.press("go:back")
    assert chat.last.text == chat.words("start", min=5, max=20)
    assert await chat.state() is None


async def test_back_leads_through_the_questions(chat: Chat) -> None:
    draft = await chat.has_draft()
    await chat.say("/train")
    await chat.press("draft-left:continue")
    await chat.forge(f"photos:{draft.id}:done")
    await chat.press("mode:", ":economy")
    walked = [await chat.state()]
    for _ in range(5):
        await chat.press("go:back")
        walked.append(await chat.state())
    questions = (
        TrainForm.confirm,
        TrainForm.mode,
        TrainForm.photos,
        TrainForm.subject,
        TrainForm.name,
        TrainForm.consent,
    )
    assert walked == [question.state for question in questions]


@pytest.mark.parametrize(("way", "shows"), [("back", "subj:"), ("cancel", "menu:")])
async def test_the_examples_go_with_their_question(chat: Chat, way: str, shows: str) -> None:
    await chat.say("/train")
    await chat.press("draft:agree")
    await chat.say("Anna")
    await chat.press("subj:", ":woman")
    guide = chat.last
    assert guide.is_picture
    assert guide.text == chat.words("ask-photos", min=5, max=20, recommended=10)
    await chat.press(f"go:{way}")
    assert chat.last.has(shows)
    assert guide.message_id not in {said.message_id for said in chat.messages}


async def test_a_second_tap_on_back_leaves_no_other_question(chat: Chat) -> None:
    await chat.has_draft()
    await chat.say("/train")
    await chat.press("draft-left:continue")
    back = next(data for data in chat.messages[-1].data if data.startswith("go:back"))
    await chat.forge(back)
    assert await chat.state() == TrainForm.subject.state
    assert await chat.forge(back) == chat.words("error-stale-button")
    assert await chat.state() == TrainForm.subject.state


async def test_cancel_without_photos_says_only_that(chat: Chat) -> None:
    await chat.say("/train")
    await chat.press("draft:agree")
    await chat.say("/cancel")
    assert chat.last.text == chat.words("cancelled")
    assert await chat.state() is None


async def test_cancel_keeps_the_photos_and_says_how_many(chat: Chat) -> None:
    draft = await chat.has_draft(photos=3)
    await chat.say("/train")
    await chat.press("draft-left:continue")
    await chat.press("go:cancel")
    assert chat.words("cancelled-draft-kept", count=3) in chat.texts
    assert await chat.state() is None
    kept = await chat.draft()
    assert kept is not None
    assert kept.id == draft.id


@pytest.mark.parametrize("word", ["cancel", "Отмена", "стоп"])
@pytest.mark.parametrize("missing", ["name", "subject", "mode"])
async def test_cancel_as_a_word_leaves_any_question(chat: Chat, missing: str, word: str) -> None:
    unanswered: dict[str, Any] = {missing: None}
    draft = await chat.has_draft(**unanswered)
    await chat.say("/train")
    await chat.press("draft-left:continue")
    await chat.say(word)
    assert chat.words("cancelled-draft-kept", count=5) in chat.texts
    assert await chat.state() is None
    kept = await chat.draft()
    assert kept is not None
    assert (kept.id, kept.name) == (draft.id, draft.name)


async def test_cancel_elsewhere_says_that_there_is_nothing_to_leave(chat: Chat) -> None:
    await chat.has_draft(photos=3)
    await chat.say("/cancel")
    assert chat.last.text == chat.words("nothing-to-leave")
