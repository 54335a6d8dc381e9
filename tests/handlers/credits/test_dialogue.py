"""What is bought, what there is, and what has moved."""

from tests.handlers.chat import Chat
from tests.handlers.credits.paying import amounts, pay, pots


async def buy(chat: Chat) -> None:
    await chat.say("/buy")
    await chat.press("pack-buy:100")
    await pay(chat)


async def test_a_pack_brings_its_stars_and_its_bonus(chat: Chat) -> None:
    await chat.say("/buy")
    assert [label for label, _ in chat.last.buttons] == ["100 ⭐", "250 ⭐ + 15 as a gift"]
    await chat.press("pack-buy:250")
    assert amounts(chat) == [250]
    assert [label for label, _ in chat.last.buttons] == [chat.words("invoice-pay", stars=250)]
    await pay(chat)
    assert chat.last.text == chat.words("paid", stars=250, bonus=15)
    assert await pots(chat) == (250, 15, 0)
    await chat.say("/balance")
    assert "265 ⭐" in chat.last.text
    await chat.press("receipts:0")
    assert "+265 ⭐" in chat.last.text
    assert chat.words("receipt-payment") in chat.last.text
    await chat.press("receipts-csv")


async def test_the_balance_has_a_place_in_the_menu_and_in_help(chat: Chat) -> None:
    await chat.say("/help")
    assert "/balance" in chat.last.text
    await chat.say("/start")
    await chat.press("menu:balance")
    assert chat.words("balance", stars=0) in chat.last.text
    assert chat.last.has("pack-buy:")


async def test_who_has_nothing_is_told_so(chat: Chat) -> None:
    await chat.say("/balance")
    assert "0 ⭐" in chat.last.text
    await chat.say("/receipts")
    assert chat.last.text == chat.words("receipts-none")


async def test_many_receipts_have_pages(chat: Chat) -> None:
    for _ in range(10):
        await buy(chat)
    await chat.say("/receipts")
    assert "1000 ⭐" in chat.last.text
    await chat.press("receipts:")
    assert "balance 200 ⭐" in chat.last.text
    assert "balance 100 ⭐" in chat.last.text
    assert not chat.last.has("receipts:")


async def test_a_pack_that_is_gone_is_an_old_button(chat: Chat) -> None:
    await chat.say("/buy")
    assert await chat.forge("pack-buy:77") == chat.words("error-stale-button")


async def test_the_terms_are_told_and_a_question_opens_a_thread(chat: Chat) -> None:
    await chat.say("/terms")
    assert chat.last.text == chat.words("terms", days=180)
    await chat.say("/paysupport I paid <b>twice</b>")
    assert chat.last.text == chat.words("support-passed-on")


async def test_prices_are_in_stars_for_everybody(chat: Chat) -> None:
    await chat.has_model()
    await chat.say("/generate")
    await chat.say("/help")
    await chat.press("help:price")
    assert "60" in chat.last.text
    assert "⭐" in chat.last.text
    assert "$" not in chat.last.text


async def test_who_deletes_their_data_reads_what_is_kept_of_payments(chat: Chat) -> None:
    for command in ("/privacy", "/deletemydata"):
        await chat.say(command)
        assert chat.words("privacy-payments", days=180) in chat.last.text
    await buy(chat)
    await chat.press("forget:", "1")
    assert await pots(chat) == (100, 0, 0)
    async with chat.product.database.transaction() as tx:
        wallet = await tx.wallets.find(chat.id)
    assert wallet is not None
    assert wallet.deleted_at is not None
    await chat.say("/balance")
    assert "100 ⭐" in chat.last.text
