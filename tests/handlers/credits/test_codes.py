"""What users are given: free credits, and what codes bring."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from sandbox.telegram.stars.payments import give_back
from tests.handlers.chat import ADMIN, Chat, Product
from tests.handlers.credits.paying import pay, pots, running_shop
from tests.services import kit


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def product(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Product]:
    """The product with every gift that there is."""
    settings = {"free_credits": 24, "referral_credits": 30}
    async with running_shop(tmp_path_factory.mktemp("giving"), **settings) as running:
        yield running


async def test_everybody_gets_a_gift_at_their_first_start(chat: Chat) -> None:
    gift = chat.words("free-credits", stars=24)
    for _ in range(2):
        await chat.say("/start")
        await chat.product.told()
        assert chat.texts.count(gift) == 1
    assert await pots(chat) == (0, 24, 0)
    await chat.say("/receipts")
    assert chat.words("receipt-free") in chat.last.text


async def test_who_deletes_their_data_gets_it_no_second_time(chat: Chat) -> None:
    await chat.say("/start")
    await chat.say("/deletemydata")
    await chat.press("forget:", "1")
    await chat.product.told()
    before = chat.texts.count(chat.words("free-credits", stars=24))
    await chat.say("/start")
    await chat.product.told()
    assert chat.texts.count(chat.words("free-credits", stars=24)) == before
    assert await pots(chat) == (0, 24, 0)


async def test_a_code_of_an_admin_is_used_by_its_link_and_by_command(chat: Chat) -> None:
    admin = chat.product.newcomer(user_id=ADMIN)
    await admin.say("/promo")
    assert admin.last.text == admin.words("admin-promos-how")
    await admin.say("/promo 50 2 30 Summer")
    assert "?start=promo_SUMMER" in admin.last.text
    await chat.say("/start promo_SUMMER")
    await chat.product.told()
    assert chat.words("code-redeemed", stars=50) in chat.texts
    assert any(chat.words("start", min=5, max=20) in text for text in chat.texts)
    assert await pots(chat) == (0, 74, 0)
    await chat.say("/redeem summer")
    assert chat.last.text == chat.words("error-code-used-already")
    await chat.say("/receipts")
    assert chat.words("receipt-promo", reason="SUMMER") in chat.last.text
    await admin.say("/promos")
    assert "SUMMER" in admin.last.text


async def test_a_code_is_asked_for_until_one_is_right(chat: Chat) -> None:
    admin = chat.product.newcomer(user_id=ADMIN)
    await admin.say("/promo 50 2 30 Autumn")
    await chat.has_model()
    await chat.say("/redeem")
    assert chat.last.text == chat.words("ask-code")
    await chat.send(kit.jpeg())
    assert chat.last.text == chat.words("expects-code")
    await chat.say("autum")
    assert chat.last.text == chat.words("error-code-unknown")
    await chat.say(" autumn ")
    await chat.product.told()
    assert chat.words("code-redeemed", stars=50) in chat.texts
    assert await chat.state() is None
    assert await pots(chat) == (0, 50, 0)
    await chat.say("/redeem")
    await chat.press("go:cancel")
    assert await chat.state() is None


async def test_an_admin_ends_a_code_from_the_console(chat: Chat) -> None:
    admin = chat.product.newcomer(user_id=ADMIN)
    await admin.say("/promo 50 2 30 LEAKED")
    await admin.forge("console:promos")
    await admin.press("consolepromo:", "LEAKED")
    assert "LEAKED" in admin.last.text
    assert "consolepromo:LEAKED" not in admin.last.data
    assert await admin.forge("consolepromo:LEAKED") == admin.words("error-stale-button")
    await chat.say("/redeem LEAKED")
    assert chat.last.text == chat.words("error-code-expired")
    await admin.forge("console:log")
    assert "promo_end" in admin.last.text


async def test_a_wrong_link_is_told_and_starts_the_bot_all_the_same(chat: Chat) -> None:
    await chat.say("/start promo_NOTHING")
    assert chat.texts[-2] == chat.words("error-code-unknown")
    assert chat.last.buttons


async def link_of(chat: Chat) -> str:
    await chat.say("/balance")
    return chat.last.text.partition("?start=")[2]


async def buy(chat: Chat) -> None:
    await chat.say("/buy")
    await chat.press("pack-buy:100")
    await pay(chat)


async def test_both_get_something_once_an_invited_friend_has_paid(chat: Chat) -> None:
    friend = chat.product.newcomer("ru")
    link = await link_of(chat)
    await friend.say(f"/start {link}")
    assert friend.texts[-2] == friend.words("invited", stars=30)
    assert await pots(chat) == (0, 0, 0)
    for _ in range(2):
        await buy(friend)
    assert await pots(friend) == (200, 54, 0)
    assert await pots(chat) == (0, 30, 0)
    assert friend.texts.count(friend.words("invitation-friend", stars=30)) == 1
    assert chat.texts.count(chat.words("invitation-referrer", stars=30)) == 1
    await chat.say("/receipts")
    assert chat.words("receipt-referral") in chat.last.text


async def test_a_refund_of_that_payment_takes_back_what_is_unspent(chat: Chat) -> None:
    friend = chat.product.newcomer()
    await friend.say(f"/start {await link_of(chat)}")
    await buy(friend)
    telegram = chat.product.sandbox.state.telegram
    (payment,) = [one for one in telegram.stars.payments.values() if one.user_id == friend.id]
    give_back(telegram, payment)
    await chat.product.handle()
    assert await pots(friend) == (0, 24, 0)
    assert await pots(chat) == (0, 0, 0)


async def test_nobody_invites_themselves_or_who_knows_the_bot(chat: Chat) -> None:
    other = chat.product.newcomer()
    await other.say("/start")
    link = await link_of(chat)
    for person in (chat, other):
        await person.say(f"/start {link}")
        assert person.texts[-2] == person.words("invited-not")
    await chat.say("/start ref_nobody")
    assert chat.texts[-2] == chat.words("invited-not")
    await buy(other)
    assert await pots(other) == (100, 24, 0)
