"""/admin: for admins only."""

from tests.handlers.chat import ADMIN, Chat, Product


async def test_an_admin_is_told_what_was_spent(product: Product) -> None:
    admin = product.newcomer(user_id=ADMIN)
    await admin.say("/admin")
    start = admin.words("admin-spending", spent="", budget="", running=0).splitlines()[0]
    assert "$100000.00" in (await admin.until_said(start)).text


async def test_to_anybody_else_the_command_is_unknown(chat: Chat) -> None:
    await chat.say("/admin")
    assert chat.last.text == chat.words("expects-anything")
