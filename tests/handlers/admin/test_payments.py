"""/payments and /refund: for admins only, and said how."""

import pytest

from tests.handlers.chat import ADMIN, Chat, Product


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("/payments", "admin-payments-how"),
        ("/payments Ann", "admin-payments-how"),
        ("/payments 77", "admin-payments-none"),
        ("/refund", "admin-refund-how"),
        ("/refund ch1", "admin-refund-how"),
        ("/refund ch1 a reason", "error-not-found"),
    ],
)
async def test_an_admin_is_told_how(product: Product, said: str, answer: str) -> None:
    admin = product.newcomer(user_id=ADMIN)
    await admin.say(said)
    assert admin.last.text == admin.words(answer)


@pytest.mark.parametrize("said", ["/payments 77", "/refund ch1 a reason"])
async def test_to_anybody_else_the_commands_are_unknown(chat: Chat, said: str) -> None:
    await chat.say(said)
    assert chat.last.text == chat.words("expects-anything")


@pytest.mark.parametrize("said", ["/buy", "/balance", "/receipts", "/terms"])
async def test_where_nobody_pays_there_is_no_word_of_payments(chat: Chat, said: str) -> None:
    await chat.say(said)
    assert chat.last.text == chat.words("expects-anything")
