"""With PAYMENTS=off a user presses everything there is, and reads no word of money."""

import re

import pytest

from tests.handlers.chat import ADMIN, Chat, Product
from tests.texts.money import money_in
from texts.reader import NO_PRICE

COMMANDS = [
    "start",
    "help",
    "settings",
    "language",
    "privacy",
    "deletemydata",
    "cancel",
    "status",
    "models",
    "gallery",
    "presets",
    "train",
    "generate",
    "buy",
    "balance",
    "receipts",
    "redeem",
    "gift",
    "promos",
    "terms",
    "paysupport",
    "payments",
    "refund",
    "admin",
    "limits",
]
IDS = re.compile(r"\b[0-9a-f]{16}\b|\b[A-Za-z0-9_-]{16}\b")
LEFT_ALONE = ("forget:", "model:delete", "pic:delete", "lang:")
"""These would end the walk, or change its language."""

MOST_PRESSES = 250


class Walk:
    """Presses each kind of button once, and looks at all that it brings."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        self.pressed: set[str] = set()
        self.seen: set[str] = set()

    def look(self, toast: str = "") -> None:
        self.seen.add(toast)
        for said in self.chat.messages:
            self.seen.add(said.text)
            self.seen.update(label for label, _ in said.buttons)

    async def say(self, text: str) -> None:
        await self.chat.say(text)
        self.look()
        await self.press_all()

    async def press_all(self) -> None:
        while (found := self._next()) is not None and len(self.pressed) < MOST_PRESSES:
            data, message_id = found
            self.pressed.add(_kind(data))
            self.look(await self.chat.forge(data, message_id))

    def _next(self) -> tuple[str, int] | None:
        for said in reversed(self.chat.messages):
            for data in said.data:
                if data and _kind(data) not in self.pressed and not data.startswith(LEFT_ALONE):
                    return data, said.message_id
        return None


def _kind(data: str) -> str:
    return IDS.sub("ID", data)


async def _walk(chat: Chat) -> Walk:
    walk = Walk(chat)
    await chat.has_draft()
    # The faces are compared before the price is shown; the walk would not wait for that.
    await chat.say("/train")
    await chat.press("draft-left:continue")
    await chat.until(lambda: any(data.endswith(":done") for data in chat.last.data))
    await chat.press("photos:", ":done")
    await chat.until(lambda: chat.last.has("mode:"))
    walk.look()
    for command in ("/train", "/help", "/start"):
        await walk.say(command)
    await chat.has_training(price_usd=2)
    model = await chat.has_model()
    await chat.has_sent_result(model, 2)
    result = await chat.has_sent_result(model)
    await chat.forge(f"res:more:{result.id}")
    for command in COMMANDS:
        await walk.say(f"/{command}")
    await walk.say("/generate a king in Paris --size hd -n 2")
    await walk.say("a queen")
    return walk


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_a_user_reads_no_word_of_money(product: Product, language: str) -> None:
    walk = await _walk(product.newcomer(language))
    assert walk.chat.words("mode-standard", price=NO_PRICE) in walk.seen
    assert walk.chat.words("enlarge", factor=2, price=NO_PRICE) in walk.seen
    assert walk.chat.words("help-cancel") in walk.seen
    assert [(text, money_in(text)) for text in walk.seen if money_in(text)] == []


async def test_an_admin_sees_what_things_cost(product: Product) -> None:
    admin = product.newcomer(user_id=ADMIN)
    walk = Walk(admin)
    await admin.has_draft()
    await walk.say("/train")
    assert any("$" in text for text in walk.seen)
