"""Paying with play Stars: the sheet, what becomes of a payment, and the strip's part about it."""

from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import Page, ViewportSize, expect

from tests.browser.looks import assert_accessible, assert_fits
from tests.browser.support import USER_ID, Json, Sandbox, wait_until

PHONE: ViewportSize = {"width": 360, "height": 740}
DESKTOP: ViewportSize = {"width": 1180, "height": 820}


@dataclass(frozen=True)
class Words:
    """What the bot and the page say in one language."""

    title: str
    description: str
    pay: str
    question: str
    confirm: str
    waiting: str
    done: str
    close: str
    paid: str
    receipt: str
    refused: str
    refusal: str
    nothing: str
    timed_out: str
    missing: str
    get: str
    given_back: str


WORDS = {
    "en": Words(
        title="Twelve credits",
        description="For one picture. Unused credits stay on your balance.",
        pay="Pay ⭐12",
        question="Buy “Twelve credits” from NeuroPhoto for 12 Stars?",
        confirm="Confirm and pay",
        waiting="Asking the bot…",
        done="Payment completed",
        close="Close",
        paid="You paid 12 Stars for “Twelve credits”",
        receipt="Receipt",
        refused="The bot refused the payment",
        refusal="This bill is another person's.",
        nothing="Nothing was charged.",
        timed_out="The bot did not answer in time",
        missing="You have 11 Stars and need 1 more.",
        get="Get 1,000 Stars more",
        given_back="Refund: 12 Stars for “Twelve credits”",
    ),
    "ru": Words(
        title="12 кредитов",
        description="На одну картинку. Остаток сохранится на балансе.",
        pay="Оплатить ⭐12",
        question="Купить «12 кредитов» у бота NeuroPhoto? Цена: 12 звёзд.",
        confirm="Подтвердить и оплатить",
        waiting="Спрашиваем бота…",
        done="Оплата прошла",
        close="Закрыть",
        paid="Оплата: 12 звёзд, «12 кредитов»",
        receipt="Чек",
        refused="Бот отклонил оплату",
        refusal="Этот счёт выставлен другому человеку.",
        nothing="Звёзды не списаны.",
        timed_out="Бот не ответил вовремя",
        missing="На балансе 11 звёзд, не хватает: 1.",
        get="Взять ещё: 1 000 звёзд",
        given_back="Возврат: 12 звёзд, «12 кредитов»",
    ),
}


class Seller:
    """The bot's side of a payment, without a whole bot."""

    def __init__(self, sandbox: Sandbox, words: Words) -> None:
        self.sandbox = sandbox
        self.words = words
        self.offset = 0

    def offer(self) -> Json:
        """Fields that an invoice and a link share."""
        return {
            "title": self.words.title,
            "description": self.words.description,
            "payload": "order",
            "currency": "XTR",
            "prices": [{"label": "x", "amount": 12}],
        }

    async def bill(self) -> Json:
        """Send an invoice."""
        rows = [
            [{"text": self.words.pay, "pay": True}],
            [{"text": "/buy", "callback_data": "buy"}],
        ]
        message: Json = await self.sandbox.bot(
            "sendInvoice", chat_id=USER_ID, **self.offer(), reply_markup={"inline_keyboard": rows}
        )
        return message

    async def asked(self) -> str:
        """Wait until a payment is to be approved; gives the id of the question."""
        found: list[str] = []

        async def look() -> bool:
            updates = await self.sandbox.bot("getUpdates", offset=self.offset, timeout=1)
            for update in updates:
                self.offset = update["update_id"] + 1
                if "pre_checkout_query" in update:
                    found.append(update["pre_checkout_query"]["id"])
            return bool(found)

        await wait_until(look, "the bot is asked about a payment")
        return found[0]

    async def answer(self, *, ok: bool = True) -> None:
        """Approve what is asked, or refuse it."""
        refusal = {} if ok else {"error_message": self.words.refusal}
        await self.sandbox.bot(
            "answerPreCheckoutQuery", pre_checkout_query_id=await self.asked(), ok=ok, **refusal
        )


@pytest_asyncio.fixture(params=["en", "ru"], loop_scope="session")
async def seller(request: pytest.FixtureRequest, sandbox: Sandbox) -> Seller:
    """A bot that sells, and a person who speaks the language."""
    await sandbox.control("PATCH", f"users/{USER_ID}", {"language_code": request.param})
    return Seller(sandbox, WORDS[request.param])


async def opened(page: Page, seller: Seller) -> None:
    """Press Pay under the newest invoice."""
    await page.get_by_role("button", name=seller.words.pay.replace("⭐", "")).last.click()
    await expect(page.locator("#pay")).to_be_visible()


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_a_payment_is_confirmed_on_the_sheet(
    seller: Seller, chat: Page, viewport: ViewportSize
) -> None:
    words, sheet = seller.words, chat.locator("#pay")
    await chat.set_viewport_size(viewport)
    await seller.bill()
    card = chat.locator(".card")
    await expect(card).to_contain_text(words.title)
    await expect(card).to_contain_text(words.description)
    await assert_accessible(chat)
    await assert_fits(chat)
    await opened(chat, seller)
    await expect(sheet).to_contain_text(words.question)
    await expect(chat.locator("#pay-balance")).to_contain_text("500")
    await assert_accessible(chat)
    await assert_fits(chat)
    await chat.get_by_role("button", name=words.confirm).click()
    await expect(sheet).to_contain_text(words.waiting)
    await seller.answer()
    await expect(sheet).to_contain_text(words.done)
    await expect(chat.locator("#pay-balance")).to_contain_text("488")
    await assert_accessible(chat)
    await sheet.get_by_role("button", name=words.close).last.click()
    await expect(sheet).to_be_hidden()
    await expect(chat.locator(".row.money")).to_contain_text(words.paid)
    await assert_accessible(chat)
    # A paid invoice shows its receipt instead of asking again.
    await chat.get_by_role("button", name=words.receipt, exact=True).click()
    await expect(sheet.get_by_role("heading")).to_have_text(words.receipt)
    await expect(sheet).to_contain_text(words.title)
    await chat.keyboard.press("Escape")
    await expect(sheet).to_be_hidden()


async def test_a_refusal_of_the_bot_is_read_on_the_sheet(seller: Seller, chat: Page) -> None:
    await seller.bill()
    await opened(chat, seller)
    await chat.get_by_role("button", name=seller.words.confirm).click()
    await seller.answer(ok=False)
    for said in (seller.words.refused, seller.words.refusal, seller.words.nothing):
        await expect(chat.locator("#pay")).to_contain_text(said)


async def test_a_bot_that_is_silent_for_ten_seconds_gets_nothing(
    seller: Seller, chat: Page, sandbox: Sandbox
) -> None:
    await seller.bill()
    await opened(chat, seller)
    await chat.get_by_role("button", name=seller.words.confirm).click()
    await seller.asked()
    await sandbox.control("POST", "time", {"advance_s": 10})
    await expect(chat.locator("#pay")).to_contain_text(seller.words.timed_out)
    await expect(chat.locator("#pay")).to_contain_text(seller.words.nothing)


async def test_missing_stars_are_to_be_had_for_free(
    seller: Seller, chat: Page, sandbox: Sandbox
) -> None:
    await sandbox.control("PATCH", f"users/{USER_ID}", {"stars": 11})
    await seller.bill()
    await opened(chat, seller)
    await chat.get_by_role("button", name=seller.words.confirm).click()
    await expect(chat.locator("#pay")).to_contain_text(seller.words.missing)
    await chat.get_by_role("button", name=seller.words.get).click()
    await chat.get_by_role("button", name=seller.words.confirm).click()
    await seller.answer()
    await expect(chat.locator("#pay")).to_contain_text(seller.words.done)


async def test_an_invoice_link_opens_the_sheet(seller: Seller, chat: Page) -> None:
    link = await seller.sandbox.bot(
        "createInvoiceLink", **seller.offer(), subscription_period=2_592_000
    )
    rows = [[{"text": "30", "url": link}]]
    await seller.sandbox.say(link, reply_markup={"inline_keyboard": rows})
    for place in (chat.locator(".text a"), chat.get_by_role("link", name="30")):
        await place.click()
        await expect(chat.locator("#pay")).to_contain_text(seller.words.title)
        await expect(chat.locator("#pay .pay-text")).to_contain_text(seller.words.description)
        await chat.keyboard.press("Escape")
        await expect(chat.locator("#pay")).to_be_hidden()
    assert len(chat.context.pages) == 1


async def test_the_strip_gives_back_and_cancels(sandbox: Sandbox, chat: Page) -> None:
    seller = Seller(sandbox, WORDS["en"])
    link = await sandbox.bot("createInvoiceLink", **seller.offer(), subscription_period=2_592_000)
    await sandbox.control("POST", f"chats/{USER_ID}/pay", {"link": link})
    await seller.answer()
    await chat.get_by_role("button", name="Behind the scenes").click()
    await expect(chat.locator("#strip")).to_contain_text("The bot has 12 Stars.")
    await assert_accessible(chat)
    await assert_fits(chat)
    await chat.get_by_role("button", name="A month passes").click()
    await expect(chat.locator("#strip")).to_contain_text("The bot has 24 Stars.")
    await expect(chat.locator(".row.money").last).to_contain_text("Subscription to")
    await chat.get_by_role("button", name="Cancel", exact=True).click()
    await expect(chat.locator("#strip")).to_contain_text("cancelled, still active")
    await chat.get_by_role("button", name="Take up again").click()
    await expect(chat.locator("#strip")).to_contain_text("renews by itself")
    await chat.get_by_role("button", name="Give back").first.click()
    await expect(chat.locator(".row.money").last).to_contain_text(seller.words.given_back)
    await expect(chat.locator("#strip")).to_contain_text("The bot has 12 Stars.")
    await chat.get_by_label("The user's play Stars").fill("77")
    await chat.get_by_label("The user's play Stars").press("Enter")

    async def stars(wanted: int) -> bool:
        users = (await sandbox.control("GET", "state"))["users"]
        return bool(users[0]["stars"] == wanted)

    await wait_until(lambda: stars(77), "the user has 77 Stars")


async def test_the_strip_puts_payments_out_of_order(sandbox: Sandbox, chat: Page) -> None:
    await chat.get_by_role("button", name="Behind the scenes").click()

    async def becomes(key: str, wanted: object) -> None:
        async def look() -> bool:
            return bool((await sandbox.control("GET", "telegram/scenario"))[key] == wanted)

        await wait_until(look, f"{key} is {wanted}")

    for name, key, wanted, before in (
        ("The bot's answer comes too late", "checkout", "late_answer", "work"),
        ("Approved payments fail", "checkout", "dies", "work"),
        ("Each payment is confirmed twice", "pay_twice", True, False),
    ):
        switch = chat.get_by_role("switch", name=name)
        await switch.click()
        await becomes(key, wanted)
        await expect(switch).to_be_checked()
        await switch.click()
        await becomes(key, before)
    await chat.get_by_label("The bot hears of a payment").select_option("never")
    await becomes("payment_notice", "lost")
