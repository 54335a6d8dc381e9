"""Gifts of one user to another."""

from sandbox.telegram.stars.payments import give_back
from tests.handlers.chat import Chat
from tests.handlers.credits.paying import amounts, pay, pots, told


async def gift_of(chat: Chat) -> str:
    """Pay for a gift, and return what its link carries."""
    await chat.say("/gift")
    await chat.press("gift:100")
    assert amounts(chat) == [100]
    about = chat.words("invoice-top-up-gift", stars=100)
    assert told(chat) == (chat.words("invoice-order-gift", stars=100), about)
    await pay(chat)
    return chat.last.text.partition("?start=")[2]


async def test_a_gift_is_paid_passed_on_and_redeemed_once(chat: Chat) -> None:
    link = await gift_of(chat)
    assert await pots(chat) == (0, 0, 0)
    friend, late = chat.product.newcomer("ru"), chat.product.newcomer()
    await friend.say(f"/start {link}")
    await friend.product.told()
    assert friend.words("code-redeemed", stars=100) in friend.texts
    assert await pots(friend) == (0, 100, 0)
    await friend.say(f"/redeem {link}")
    assert friend.last.text == friend.words("error-code-used-already")
    await late.say(f"/redeem {link}")
    assert late.last.text == late.words("error-code-used-up")
    for person, key in ((chat, "receipt-gift_made"), (friend, "receipt-gift")):
        await person.say("/receipts")
        assert person.words(key) in person.last.text


async def test_a_gift_that_nobody_has_can_be_taken_back(chat: Chat) -> None:
    link = await gift_of(chat)
    await chat.say("/gift")
    taken_back = next(data for data in chat.last.data if data.startswith("gift-back:"))
    await chat.forge(taken_back)
    assert await pots(chat) == (100, 0, 0)
    await chat.say(f"/redeem {link}")
    assert chat.last.text == chat.words("error-code-expired")
    assert await chat.forge(taken_back) == chat.words("error-stale-button")


async def test_a_refund_takes_back_a_gift_that_nobody_has(chat: Chat) -> None:
    link = await gift_of(chat)
    telegram = chat.product.sandbox.state.telegram
    (payment,) = [one for one in telegram.stars.payments.values() if one.user_id == chat.id]
    give_back(telegram, payment)
    await chat.product.handle()
    assert await pots(chat) == (0, 0, 0)
    friend = chat.product.newcomer()
    await friend.say(f"/redeem {link}")
    assert friend.last.text == friend.words("error-code-expired")
