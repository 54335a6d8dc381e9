"""Words are taken where buttons are shown, in both languages and however they are typed."""

from datetime import UTC, datetime

import pytest
from aiogram import types
from aiogram.fsm.state import State

from handlers.telegram.words import Says
from handlers.train.states import TrainForm
from handlers.train.words import MODES, SUBJECTS
from services.domain.values import Draft
from services.domain.vocabulary import Language, QualityMode, Subject
from tests.handlers.chat import Chat, Product
from texts.reader import Texts

EVERY = Says(*SUBJECTS, *MODES, "said-done", "said-start", "said-cancel")


def message(text: str | None) -> types.Message:
    chat = types.Chat(id=1, type="private")
    return types.Message(message_id=1, date=datetime.now(UTC), chat=chat, text=text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("done", "said-done"),
        ("Готово!", "said-done"),
        ("✅ Done", "said-done"),
        ("  That's   all. ", "said-done"),
        ("мужчина", "said-man"),
        ("ЖЕНЩИНА", "said-woman"),
        ("A person", "said-person"),
        ("Стандарт", "said-standard"),
        ("⚡ Economy", "said-economy"),
        ("начать", "said-start"),
        ("✕ Cancel", "said-cancel"),
        ("Стоп!", "said-cancel"),
    ],
)
async def test_a_word_stands_for_its_button(text: str, said: str) -> None:
    assert await EVERY(message(text)) == {"said": said}


@pytest.mark.parametrize("text", ["", "…", "not done", "is this enough?", None])
async def test_other_texts_are_left_to_others(text: str | None) -> None:
    assert await EVERY(message(text)) is False


async def at(chat: Chat, question: State) -> Draft:
    """Bring the person to a question of /train with words only."""
    draft = await chat.has_draft(subject=None)
    await chat.say("/train")
    await chat.press("draft-left:continue")
    words = (
        (TrainForm.subject, "said-man"),
        (TrainForm.photos, "said-done"),
        (TrainForm.mode, "said-economy"),
        (TrainForm.confirm, "said-start"),
    )
    for present, said in words:
        assert await chat.state() == present.state
        if present == question:
            break
        await chat.say(Texts(chat.language).plain(said).split("|")[0])
    return draft


@pytest.mark.parametrize("language", list(Language))
async def test_the_whole_way_can_be_gone_in_words(product: Product, language: Language) -> None:
    chat = product.newcomer(language.value)
    await chat.say("/start")
    await at(chat, TrainForm.confirm)
    kept = await chat.draft()
    assert kept is not None
    assert (kept.subject, kept.mode) == (Subject.MAN, QualityMode.ECONOMY)
    await chat.say(Texts(language).plain("said-start").split("|")[0])
    assert await chat.draft() is None
    assert await chat.state() is None
    assert chat.words("training-started-toast") in chat.texts


@pytest.mark.parametrize(
    ("question", "key"),
    [
        (TrainForm.subject, "expects-subject"),
        (TrainForm.photos, "expects-photos"),
        (TrainForm.mode, "expects-mode"),
        (TrainForm.confirm, "expects-confirm"),
    ],
)
async def test_the_word_of_another_question_is_not_taken(
    chat: Chat, question: State, key: str
) -> None:
    await at(chat, question)
    await chat.say("start" if question == TrainForm.photos else "done")
    assert chat.words(key) in chat.texts
    assert await chat.state() == question.state


@pytest.mark.parametrize("word", ["Готово", "done", "Start!", "все"])
async def test_a_word_for_a_button_is_no_name(chat: Chat, word: str) -> None:
    await chat.has_draft(name=None)
    await chat.say("/train")
    await chat.press("draft-left:continue")
    await chat.say(word)
    assert chat.last.text == chat.words("expects-name")
    assert await chat.state() == TrainForm.name.state
    draft = await chat.draft()
    assert draft is not None
    assert draft.name is None


async def test_done_in_words_counts_the_photos_too(chat: Chat) -> None:
    await chat.has_draft(photos=4)
    await chat.say("/train")
    await chat.press("draft-left:continue")
    await chat.say("done")
    assert chat.words("error-too-few-photos", accepted=4, min=5) in chat.texts
    assert await chat.state() == TrainForm.photos.state
