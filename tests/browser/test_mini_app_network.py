"""The Mini App where the network is slow or breaks: all goes on, and nothing is done twice."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

from services.domain.vocabulary import Language
from tests.browser.looks import assert_accessible
from tests.browser.network import Break, Fault, Network, Odd, bad_network
from tests.browser.studio import WINDOWS, address_of_guest
from tests.browser.support import Sandbox, running_sandbox
from tests.e2e import pictures
from texts.reader import Texts

T = Texts(Language.EN)
SHORT_MS = 240_000
AGAIN = T.plain("page-retry")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def demo(browser: Browser) -> AsyncIterator[Sandbox]:
    assert browser.is_connected()
    async with running_sandbox("--bot", "--clock", "10", COACH="off") as sandbox:
        yield sandbox


@pytest_asyncio.fixture(loop_scope="session")
async def address(browser: Browser, demo: Sandbox) -> str:
    """Where the page of somebody is, who has pressed START."""
    context = await browser.new_context(**WINDOWS[Language.EN])
    chat = await context.new_page()
    await chat.goto(await address_of_guest(demo, Language.EN))
    await chat.get_by_role("button", name="START", exact=True).click()
    # The bot knows them once it has answered; the button is there before.
    await expect(chat.get_by_role("button", name=T.plain("app-open"))).to_be_visible()
    await chat.locator("#page-button").click()
    found = await chat.locator("#app-frame").get_attribute("src")
    await context.close()
    assert found is not None
    return found


@pytest_asyncio.fixture(loop_scope="session")
async def network(address: str) -> AsyncIterator[Network]:
    found = re.match(r"http://[^/]+", address)
    assert found is not None
    async with bad_network(found.group()) as network:
        yield network


@pytest_asyncio.fixture(loop_scope="session")
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    context = await browser.new_context(
        viewport={"width": 360, "height": 740}, reduced_motion="reduce", locale="en-GB"
    )
    yield context
    await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def page(context: BrowserContext) -> AsyncIterator[Page]:
    page = await context.new_page()
    mistakes: list[str] = []
    page.on("pageerror", lambda error: mistakes.append(str(error)))
    yield page
    assert mistakes == []


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Path]:
    folder = tmp_path_factory.mktemp("photos")
    paths = [folder / f"{number}.jpg" for number in range(6)]
    for number, path in enumerate(paths):
        path.write_bytes(pictures.photo(number + 60))
    return paths


def on(network: Network, address: str) -> str:
    """Return an address as it is reached over a network."""
    return re.sub(r"^http://[^/]+", network.url, address)


async def begin(page: Page, network: Network, address: str) -> None:
    """Open the page, and give the consent."""
    await page.goto(on(network, address))
    await page.locator("#consent").click()
    await expect(page.locator("#name")).to_be_visible()


def said(page: Page, key: str) -> Locator:
    return page.get_by_text(T.plain(key))


async def test_an_odd_answer_at_the_beginning_is_said_and_tried_again(
    page: Page, network: Network, address: str
) -> None:
    network.breaks("/api/events", Odd(503), Odd(200), Odd(429))
    await page.goto(on(network, address))
    await expect(said(page, "page-trouble")).to_be_visible()
    await assert_accessible(page)
    await page.get_by_role("button", name=AGAIN).click()
    await expect(said(page, "page-trouble")).to_be_visible()
    await page.get_by_role("button", name=AGAIN).click()
    await expect(said(page, "page-busy")).to_be_visible()
    # And by itself, for who presses nothing.
    await expect(page.locator("nav")).to_be_visible()


async def test_photos_that_break_go_on_and_none_is_there_twice(
    page: Page, network: Network, address: str, photos: Sequence[Path]
) -> None:
    await begin(page, network, address)
    faults = (Break.CUT, Break.LOST, Odd(503), Odd(500), Odd(429), Odd(200), Break.LOST)
    network.breaks("/api/upload-photos", *faults)
    await page.locator("#photos").set_input_files(photos)
    await expect(page.get_by_role("img", name=T.plain("page-good"))).to_have_count(
        len(photos), timeout=SHORT_MS
    )
    # A photo whose first answer was lost is known to be good before it has been sent again.
    await network.until_ordered("/api/upload-photos", len(photos) + 2)
    assert network.wrong == []
    assert len(network.orders("/api/upload-photos")) == len(photos) + 2
    await expect(page.locator("figure.tile")).to_have_count(6)
    await page.reload()
    await expect(page.locator("figure.tile")).to_have_count(6)


async def test_a_choice_that_is_not_taken_is_said_and_pressed_again(
    page: Page, network: Network, address: str
) -> None:
    await begin(page, network, address)
    failures: tuple[tuple[Fault, str], ...] = (
        (Odd(500), "page-trouble"),
        (Odd(503), "page-trouble"),
        (Odd(429), "page-busy"),
        (Odd(200), "page-trouble"),
        (Break.CUT, "page-unreachable"),
    )
    for number, (fault, key) in enumerate(failures):
        # A browser sends again by itself what it lost on a connection that was open before.
        network.breaks("/api/draft", *[fault] * (6 if fault is Break.CUT else 1))
        await page.locator("#name").fill(f"Name {number}")
        await page.locator("#name").blur()
        await expect(said(page, key)).to_be_visible()
        network.wrong.clear()
        goes_on = asyncio.Event()
        network.breaks("/api/draft", goes_on)
        await page.get_by_role("button", name=AGAIN).click()
        await expect(page.locator("#name")).to_have_value(f"Name {number}")
        goes_on.set()
        await expect(said(page, key)).to_be_hidden()
        await expect(page.locator("#name")).to_have_value(f"Name {number}")
        # The first was the consent.
        await network.until_passed("PATCH", number + 2)
    await page.reload()
    await expect(page.locator("#name")).to_have_value("Name 4")


async def test_a_stream_that_drops_comes_back(page: Page, network: Network, address: str) -> None:
    await begin(page, network, address)
    network.breaks("/api/events", Odd(200), Odd(502))
    await network.drop_stream()
    await expect(said(page, "page-offline")).to_be_visible()
    await assert_accessible(page)
    await expect(said(page, "page-offline")).to_be_hidden()
    assert network.wrong == []


async def test_offline_is_said_and_ends(
    page: Page, context: BrowserContext, network: Network, address: str
) -> None:
    await begin(page, network, address)
    await context.set_offline(True)
    await expect(said(page, "page-offline")).to_be_visible()
    await context.set_offline(False)
    await expect(said(page, "page-offline")).to_be_hidden()


async def test_a_slow_answer_shows_progress_and_two_taps_order_once(
    page: Page, network: Network, address: str, demo: Sandbox, photos: Sequence[Path]
) -> None:
    await begin(page, network, address)
    await page.locator("#photos").set_input_files(photos)
    await page.locator("#name").fill("My Portrait")
    await page.locator("#name").blur()
    await page.locator("input[name=gender][value=woman]").check(force=True)
    train = page.get_by_role("button", name=T.plain("page-train")).last
    await expect(train).to_be_enabled(timeout=SHORT_MS)
    goes_on = asyncio.Event()
    network.breaks("/api/train", goes_on)
    await train.dblclick()
    await expect(page.locator("button.primary[aria-busy=true]")).to_be_disabled()
    goes_on.set()
    go_on = page.get_by_role("button", name=T.plain("page-go-neuro"))
    await go_on.click(timeout=SHORT_MS)
    assert len(network.orders("/api/train")) == 1
    await page.locator("#prompt").fill("portrait photo in a forest")
    # The first answer is lost, and what follows comes from somebody between.
    network.breaks("/api/generate", Break.LOST, Odd(503), Odd(429))
    make = page.get_by_role("button", name=T.plain("page-make")).last
    await make.dblclick()
    await expect(said(page, "page-busy")).to_be_visible()
    await make.click()
    made = page.locator("#results article").first
    await expect(made.locator(".prompt")).to_have_text("portrait photo in a forest")
    await network.until_ordered("/api/generate", 2)
    assert len(set(network.orders("/api/generate"))) == 1
    assert len(network.orders("/api/generate")) == 2
    await expect(made.locator(".picture img").first).to_be_visible(timeout=SHORT_MS)
    asked = [one["prompt"] for one in await demo.jobs("fal-ai/flux-lora")]
    assert len([one for one in asked if "forest" in one]) == 1
