"""The Stars of a user at the console: given, given back, and shown with what has moved."""

from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal

import pytest
import pytest_asyncio

from services.domain.clock import now
from services.domain.console import Action, Deed
from services.domain.vocabulary import Language
from tests.conftest import sqlite_template
from tests.handlers.chat import ADMIN, Chat, Product, running_product
from tests.handlers.credits.paying import pay, pots
from texts.reader import Texts


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def product(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Product]:
    """The product with PAYMENTS=stars."""
    folder = tmp_path_factory.mktemp("accounts")
    (folder / "bot.db").write_bytes(sqlite_template())
    url = f"sqlite+aiosqlite:///{folder / 'bot.db'}"
    async with running_product(url, payments="stars", star_packs="100, 250+15") as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def admin(product: Product) -> Chat:
    admin = product.newcomer(user_id=ADMIN)
    await admin.say("/start")
    return admin


async def actions(user: Chat) -> list[Action]:
    async with user.product.database.transaction() as tx:
        return list(await tx.actions.newest(9, user.id))


async def buy(chat: Chat, stars: int) -> None:
    await chat.say("/buy")
    await chat.press(f"pack-buy:{stars}")
    await pay(chat)


async def test_a_gift_is_told_with_its_reason_and_logged(admin: Chat, chat: Chat) -> None:
    await chat.say("/start")
    await admin.say(f"/user {chat.id}")
    assert admin.words("console-person-stars", stars="0") in admin.last.text
    await admin.press("account:")
    assert admin.words("console-no-purchases") in admin.last.text
    await admin.press("account:", ":grant:-")
    for wrong in ("sorry", "0 sorry", "50", "-5 sorry", "100000 sorry", "٣ sorry"):
        await admin.say(wrong)
        assert admin.last.text == admin.words("expects-console-grant")
    await admin.say("50 sorry for <the> wait")
    assert await pots(chat) == (0, 50, 0)
    await chat.product.told()
    assert chat.words("granted", stars=50, reason="sorry for <the> wait") in chat.texts
    (action,) = await actions(chat)
    assert (action.admin_id, action.deed) == (ADMIN, Deed.GRANT)
    assert (action.of_id, action.reason) == ("50 Stars", "sorry for <the> wait")
    assert await admin.state() is None
    await admin.press("movements:")
    assert "grant" in admin.last.text
    assert "+50" in admin.last.text
    assert f"admin {ADMIN}" in admin.last.text


async def test_a_refund_takes_what_is_unspent_of_its_purchase_and_no_more(
    admin: Chat, chat: Chat
) -> None:
    await buy(chat, 100)
    await buy(chat, 250)
    await admin.forge(f"account:{chat.id}::-")
    refunds = {label: data for label, data in admin.last.buttons if ":refund:" in data}
    assert len(refunds) == 2
    newest = next(data for label, data in refunds.items() if "250 ⭐" in label)
    await admin.press(newest)
    assert admin.last.text == admin.words("console-ask-refund", stars=250, unused="250")
    await admin.say("asked for it")
    await chat.product.handle()
    assert await pots(chat) == (100, 0, 0)
    assert chat.words("given-back-admin", stars=250) in chat.texts
    (action,) = await actions(chat)
    assert (action.deed, action.reason) == (Deed.REFUND, "asked for it")
    assert action.of_id is not None
    assert "250 Stars" in action.of_id
    await admin.forge(newest)
    await admin.say("once more")
    assert admin.last.text == admin.words("error-stale-button")
    assert await pots(chat) == (100, 0, 0)


async def test_a_refund_of_an_unknown_payment_is_an_old_button(admin: Chat, chat: Chat) -> None:
    await buy(chat, 100)
    stale = admin.words("error-stale-button")
    assert await admin.forge(f"account:{chat.id}:refund:0123456789") == stale


async def test_movements_have_pages_and_nobody_else_sees_them(admin: Chat, chat: Chat) -> None:
    for _ in range(9):
        await buy(chat, 100)
    await admin.forge(f"movements:{chat.id}:0")
    assert "payment" in admin.last.text
    await admin.press(f"movements:{chat.id}:2")
    assert admin.last.text.count("payment") == 1
    for data in (f"movements:{chat.id}:0", f"account:{chat.id}::-", f"account:{chat.id}:grant:-"):
        assert await chat.forge(data) == chat.words("error-stale-button")


async def test_figures_have_revenue_refunds_and_margin(admin: Chat, chat: Chat) -> None:
    await buy(chat, 100)
    async with chat.product.database.transaction() as tx:
        revenue = (await tx.console.period(now() - timedelta(days=1))).revenue
    brought = Texts(Language.EN).usd(revenue.kept * Decimal("0.013"))
    await admin.forge("console:1")
    assert revenue.came >= 100
    assert (
        admin.words(
            "console-revenue",
            came=str(revenue.came),
            payments=revenue.payments,
            went=str(revenue.went),
            refunds=revenue.refunds,
            spent=str(revenue.spent),
            usd=brought,
            cost="$0.00",
            margin=brought,
        )
        in admin.last.text
    )


async def test_prices_stand_beside_their_cost_and_margin(admin: Chat) -> None:
    await admin.forge("console:prices")
    assert admin.words("console-prices") in admin.last.text
    assert "training fast, economy: $" in admin.last.text
    assert "⭐, × " in admin.last.text
