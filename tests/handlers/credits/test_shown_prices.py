"""What is ordered costs no more than its button or question has shown; less is welcome."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio

from handlers.telegram.keyboards import button, keyboard_of
from handlers.telegram.presses import with_price
from services.domain.clock import now
from services.domain.credits import EntryKind, Order, OrderKind, OrderState
from services.domain.states import GenerationState, TrainingState
from services.domain.values import Dialogue
from services.domain.vocabulary import FailureReason, Language, QualityMode
from services.money.credits import Credits
from tests.handlers.chat import Chat, Product
from tests.handlers.credits.paying import running_shop
from texts.reader import Texts

PICTURE, LARGER, ECONOMY, STANDARD, PACK = 12, 7, 60, 90, 48
PLENTY = 10_000

Prepare = Callable[[Chat, int | None], Awaitable[str]]
"""Makes what a button is about, which has cost so much before, and returns what it carries."""


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def product(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Product]:
    """The product with prices that are easy to tell."""
    async with running_shop(tmp_path_factory.mktemp("shown")) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def rich(chat: Chat) -> Chat:
    """Somebody who can pay for anything."""
    await chat.say("/start")
    async with chat.product.database.transaction() as tx:
        await Credits().grant(tx, chat.id, PLENTY, f"grant:{chat.id}", "much", "admin")
    return chat


@dataclass(frozen=True)
class Button:
    """A button that orders: what it carries and says, and what it costs.

    Attributes:
        data: Prepares what it is for, and returns what it carries.
        key: What it says.
        price: What it costs now.
        values: What its sentence needs beside the price.
        text: What its message says.
    """

    data: Prepare
    key: str
    price: int
    values: Mapping[str, int | str] = field(default_factory=dict)
    text: str = "Shall I?"


def carries(data: str) -> Prepare:
    async def prepare(chat: Chat, cost_before: int | None) -> str:
        del cost_before
        await chat.has_model()
        return data

    return prepare


def about_result(data: str, **columns: Any) -> Prepare:  # noqa: ANN401  # columns
    async def prepare(chat: Chat, cost_before: int | None) -> str:
        result = await chat.has_sent_result(await chat.has_model(), announced_at=now(), **columns)
        await has_cost(chat, result.id, OrderKind.PICTURES, cost_before)
        async with chat.product.database.transaction() as tx:
            picture = (await tx.pictures.all_of(result.id))[0]
        return data.format(result.id, picture=picture.id)

    return prepare


def about_training(data: str) -> Prepare:
    async def prepare(chat: Chat, cost_before: int | None) -> str:
        failed = await chat.has_training(
            state=TrainingState.FAILED,
            failure=FailureReason.TRAINER_FAILED,
            finished_at=now(),
            announced_at=now(),
            is_settled=True,
        )
        await has_cost(chat, failed.id, OrderKind.TRAINING, cost_before)
        return data.format(failed.id)

    return prepare


def about_draft(data: str) -> Prepare:
    async def prepare(chat: Chat, cost_before: int | None) -> str:
        draft = await chat.has_draft(mode="standard", steps=1000, price_usd=2)
        return data.format(draft.id, cost_before)

    return prepare


async def offered(chat: Chat, cost_before: int | None) -> str:
    del cost_before
    await chat.has_model()
    await chat.say("a king in a garden")
    return next(data for data in chat.last.data if data.startswith("offer:make:"))


async def has_cost(chat: Chat, job_id: str, kind: OrderKind, stars: int | None) -> None:
    """Have an earlier order cost something else than it would now."""
    if stars is None:
        return
    async with chat.product.database.transaction() as tx:
        wallet = await tx.wallets.of_user(chat.id)
        order = Order(
            id=job_id,
            wallet_id=wallet.id,
            kind=kind,
            unit_price=stars,
            units=1,
            from_paid=stars,
            state=OrderState.RELEASED,
            reason="failed",
            ended_at=now(),
        )
        await tx.orders.add(order)


PRICED = {
    "a preset": Button(carries("pmake:noir"), "preset-create", PICTURE),
    "a pack": Button(
        carries("ppack:round-the-world"), "preset-pack", PACK, {"name": "Round the world"}
    ),
    "a surprise": Button(carries("psurprise"), "preset-surprise", PICTURE),
    "an offered prompt": Button(offered, "offer-make", PICTURE),
    "a richer prompt": Button(
        about_result("better:take:{}:"),
        "offer-make",
        PICTURE,
        text="<code>a king in soft light</code>",
    ),
    "the panel": Button(about_result("make:{}"), "panel-make", PICTURE),
    "enlarge": Button(about_result("pic:large:{picture}"), "enlarge", LARGER, {"factor": 2}),
    "a training": Button(about_draft("paystart:{}:1"), "mode-standard", STANDARD),
}
"""Buttons with a price on them."""

UNPRICED = {
    "again": Button(about_result("res:again:{}"), "again", PICTURE),
    "as it is": Button(
        about_result(
            "res:asis:{}", state=GenerationState.FAILED, failure=FailureReason.NOT_ENGLISH
        ),
        "send-as-it-is",
        PICTURE,
    ),
    "another try of a training": Button(about_training("tr:{}:retry"), "try-again", ECONOMY),
    "the consent to it": Button(about_training("tr:{}:agree"), "consent-agree", ECONOMY),
}
"""Buttons without one: they repeat what has cost something before."""


async def put(chat: Chat, one: Button, label: str, data: str) -> int:
    """Have the bot show a button, and return the message."""
    keyboard = keyboard_of([button(label, data)])
    sent = await chat.product.bot.send_message(chat.id, one.text, reply_markup=keyboard)
    return sent.message_id


async def orders(chat: Chat) -> int:
    """Return how many prices were held."""
    async with chat.product.database.transaction() as tx:
        wallet = await tx.wallets.of_user(chat.id)
        entries = await tx.wallets.entries(wallet.id, 100, None)
    return sum(one.kind is EntryKind.HOLD for one in entries)


def label_of(chat: Chat, message_id: int) -> str:
    (said,) = [one for one in chat.messages if one.message_id == message_id]
    return said.buttons[0][0]


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", PRICED)
async def test_a_button_that_shows_less_asks_again_and_then_orders(
    rich: Chat, language: Language, name: str
) -> None:
    one, t = PRICED[name], Texts(language)
    label = t.plain(one.key, price=f"{one.price - 1}\N{NO-BREAK SPACE}⭐", **one.values)
    data = await one.data(rich, None)
    message_id = await put(rich, one, label, data)
    said = await rich.forge(data, message_id)
    assert said == rich.words("error-price-changed", price=one.price)
    assert await orders(rich) == 0
    assert label_of(rich, message_id) == label.replace(str(one.price - 1), str(one.price))
    await rich.forge(data, message_id)
    assert await orders(rich) > 0


@pytest.mark.parametrize("more", [0, 1])
@pytest.mark.parametrize("name", PRICED)
async def test_a_button_that_shows_as_much_or_more_orders(
    rich: Chat, name: str, more: int
) -> None:
    one = PRICED[name]
    price = f"{one.price + more}\N{NO-BREAK SPACE}⭐"
    label = Texts(Language.EN).plain(one.key, price=price, **one.values)
    data = await one.data(rich, None)
    await rich.forge(data, await put(rich, one, label, data))
    assert await orders(rich) > 0


@pytest.mark.parametrize("name", UNPRICED)
async def test_what_costs_more_than_before_is_asked_about(rich: Chat, name: str) -> None:
    one = UNPRICED[name]
    label = Texts(Language.EN).plain(one.key)
    data = await one.data(rich, one.price - 1)
    message_id = await put(rich, one, label, data)
    said = await rich.forge(data, message_id)
    assert said == rich.words("error-price-changed", price=one.price)
    assert await orders(rich) == 0
    assert label_of(rich, message_id) == with_price(label, one.price)
    await rich.forge(data, message_id)
    assert await orders(rich) == 1


@pytest.mark.parametrize("before", [0, 1, None])
@pytest.mark.parametrize("name", UNPRICED)
async def test_what_costs_no_more_than_before_is_ordered(
    rich: Chat, name: str, before: int | None
) -> None:
    one = UNPRICED[name]
    data = await one.data(rich, None if before is None else one.price + before)
    await rich.forge(data, await put(rich, one, Texts(Language.EN).plain(one.key), data))
    assert await orders(rich) == 1


async def test_a_failed_enlargement_is_tried_again_at_its_price(rich: Chat) -> None:
    data = await about_result("pic:large:{picture}")(rich, None)
    await rich.forge(data, await put(rich, UNPRICED["again"], "Enlarge", data))
    # The picture of this test is nowhere, so there is no larger one.
    await rich.until_said(rich.words("stars-back", stars=LARGER))
    await rich.press("pic:large:")
    assert await orders(rich) == 2


async def test_a_picture_of_an_album_is_enlarged_at_the_price_that_led_to_it(rich: Chat) -> None:
    result = await rich.has_sent_result(await rich.has_model(), 2, announced_at=now())
    label = f"Enlarge · {LARGER - 1}\N{NO-BREAK SPACE}⭐"
    one, data = UNPRICED["again"], f"res:large:{result.id}"
    message_id = await put(rich, one, label, data)
    await rich.forge(data, message_id)
    (said,) = [one for one in rich.messages if one.message_id == message_id]
    number, press = said.buttons[0]
    assert number == with_price("1", LARGER - 1)
    changed = rich.words("error-price-changed", price=LARGER)
    assert await rich.forge(press, message_id) == changed
    assert label_of(rich, message_id) == with_price("1", LARGER)
    await rich.forge(press, message_id)
    assert await orders(rich) == 1


async def stands_at(chat: Chat, stars: int) -> None:
    """Have the question that was asked last have shown another price."""
    key = f"{chat.product.bot.id}:{chat.id}:{chat.id}:::default"
    at = await chat.dialogue()
    async with chat.product.database.transaction() as tx:
        data = {**at.data, "stars": stars}
        await tx.dialogues.put(key, Dialogue(state=at.state, data=data))


async def test_a_typed_prompt_costs_what_the_question_said(rich: Chat) -> None:
    await rich.has_model()
    await rich.say("/generate")
    await stands_at(rich, PICTURE - 1)
    await rich.say("a king")
    assert rich.last.text == rich.words("error-price-changed", price=PICTURE)
    assert await orders(rich) == 0
    await rich.say("a king -n 2")
    assert await orders(rich) == 1
    await rich.say("/generate")
    await stands_at(rich, PICTURE + 1)
    await rich.say("a queen")
    assert await orders(rich) == 2


async def test_a_training_started_in_words_costs_what_the_summary_said(rich: Chat) -> None:
    draft = await rich.has_draft(mode="economy", steps=500, price_usd=1)
    await rich.say("/train")
    await rich.press("draft-left:continue")
    await rich.say("done")
    await rich.say("economy")
    async with rich.product.database.transaction() as tx:
        # As the Mini App does.
        await tx.drafts.choose_mode(draft.id, QualityMode.STANDARD, 1000, Decimal(2))
    await rich.say("start")
    assert rich.last.text == rich.words("error-price-changed", price=STANDARD)
    assert await orders(rich) == 0
    await rich.say("start")
    assert await orders(rich) == 1


async def test_a_choice_under_the_question_shows_its_price(rich: Chat) -> None:
    await rich.has_model()
    await rich.say("/generate")
    await rich.press("opt|count|2|")
    assert (await rich.dialogue()).data["stars"] == 2 * PICTURE
    await rich.say("a king")
    assert await orders(rich) == 1


async def test_a_variation_costs_what_its_first_picture_did(rich: Chat) -> None:
    data = await about_result("res:vary:{}")(rich, PICTURE - 1)
    await rich.forge(data)
    await rich.say("a queen")
    assert rich.last.text == rich.words("error-price-changed", price=PICTURE)
    assert await orders(rich) == 0
    await rich.say("a queen")
    assert await orders(rich) == 1
