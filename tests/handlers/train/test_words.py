"""Words are taken where buttons are shown, in both languages and however they are typed."""

from datetime import UTC, datetime

import pytest
from aiogram.types import Chat, Message

from handlers.train.words import MODES, SUBJECTS, Says

EVERY = Says(*SUBJECTS, *MODES, "said-done", "said-start")


def message(text: str | None) -> Message:
    chat = Chat(id=1, type="private")
    return Message(message_id=1, date=datetime.now(UTC), chat=chat, text=text)


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
    ],
)
async def test_a_word_stands_for_its_button(text: str, said: str) -> None:
    assert await EVERY(message(text)) == {"said": said}


@pytest.mark.parametrize("text", ["", "…", "not done", "is this enough?", None])
async def test_other_texts_are_left_to_others(text: str | None) -> None:
    assert await EVERY(message(text)) is False
