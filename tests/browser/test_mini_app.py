"""The Mini App itself: a model and pictures of somebody who types no command."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, FrameLocator, Page, Route, expect

from services.domain.vocabulary import Language
from tests.browser.looks import assert_accessible
from tests.browser.studio import WINDOWS, address_of_guest
from tests.browser.support import Sandbox, running_sandbox
from tests.e2e import pictures
from texts.reader import Texts

START = {Language.EN: "START", Language.RU: "СТАРТ"}
SHORT_MS = 240_000
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def demo(browser: Browser) -> AsyncIterator[Sandbox]:
    assert browser.is_connected()
    # The photos here show nobody.
    async with running_sandbox("--bot", "--clock", "10", COACH="off") as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Path]:
    folder = tmp_path_factory.mktemp("photos")
    paths = [folder / f"{number}.jpg" for number in range(6)]
    for number, path in enumerate(paths):
        path.write_bytes(pictures.photo(number + 40))
    return paths


@pytest_asyncio.fixture(loop_scope="session")
async def context(browser: Browser, language: Language) -> AsyncIterator[BrowserContext]:
    context = await browser.new_context(**WINDOWS[language], reduced_motion="reduce")
    yield context
    await context.close()


@pytest.fixture(params=[Language.EN, Language.RU], ids=["english-laptop", "russian-phone"])
def language(request: pytest.FixtureRequest) -> Language:
    chosen: Language = request.param
    return chosen


@pytest_asyncio.fixture(loop_scope="session")
async def chat(context: BrowserContext, demo: Sandbox, language: Language) -> AsyncIterator[Page]:
    """Somebody who has pressed START and opened the app by the menu button."""
    page = await context.new_page()
    mistakes: list[str] = []
    page.on("pageerror", lambda error: mistakes.append(str(error)))
    await page.goto(await address_of_guest(demo, language))
    await page.get_by_role("button", name=START[language], exact=True).click()
    # The bot knows them once it has answered; the button is there before.
    opens = page.get_by_role("button", name=Texts(language).plain("app-open"))
    await expect(opens).to_be_visible()
    await page.locator("#page-button").click()
    yield page
    assert mistakes == []


def app_in(page: Page) -> FrameLocator:
    return page.frame_locator("#app-frame")


async def fill(app: FrameLocator | Page, photos: Sequence[Path]) -> None:
    """Give the consent, and what a training needs."""
    # The form takes the place of the consent as soon as it is given.
    await app.locator("#consent").click()
    await app.locator("#name").fill("My Portrait")
    await app.locator("#name").blur()
    await app.locator("input[name=gender][value=woman]").check(force=True)
    await app.locator("#photos").set_input_files(photos)


async def not_available(route: Route) -> None:
    problem = {"status": 503, "code": "not-available", "detail": "A moment, please."}
    await route.fulfill(status=503, json=problem, headers={"Retry-After": "1"})


async def test_somebody_trains_and_makes_pictures_without_a_command(
    chat: Page, demo: Sandbox, language: Language, photos: Sequence[Path]
) -> None:
    t, app, sheet = Texts(language), app_in(chat), chat.locator("#app")
    await fill(app, photos)
    await sheet.get_by_role("button", name=t.plain("page-train")).click(timeout=SHORT_MS)
    trigger = await app.locator("button.copy code").text_content(timeout=SHORT_MS)
    assert trigger is not None
    assert trigger.startswith("MY_PORTRAIT_")
    await sheet.get_by_role("button", name=t.plain("page-go-neuro")).click(timeout=SHORT_MS)
    await app.locator("#prompt").fill("portrait photo in a forest")
    await sheet.get_by_role("button", name=t.plain("page-make")).click(timeout=SHORT_MS)
    made = app.locator("#results article").first
    await expect(made.locator(".prompt")).to_have_text("portrait photo in a forest")
    await made.locator(".picture img").first.click(timeout=SHORT_MS)
    favourite = app.get_by_role("button", name=t.plain("page-favourite"))
    await favourite.click()
    await expect(favourite).to_have_attribute("aria-pressed", "true")
    # The chat may have no picture yet that the page has shown already.
    await chat.route("**/share", not_available, times=1)
    await app.get_by_role("button", name=t.plain("page-share")).click()
    await chat.locator("#app-popup button").first.wait_for(timeout=SHORT_MS)
    await assert_accessible(chat)
    # Who thinks better of it reads of no mistake, and can share it after all.
    await chat.locator("#app-popup button").last.click()
    await expect(chat.locator("#app-popup")).to_be_hidden()
    await expect(app.locator("#viewer").get_by_role("alert")).to_be_empty()
    await app.get_by_role("button", name=t.plain("page-share")).click()
    await chat.locator("#app-popup button").first.click()
    await expect(app.get_by_text(t.plain("page-shared"))).to_be_visible()
    await app.get_by_role("button", name=t.plain("page-change")).click()
    await expect(app.locator("#change")).to_be_focused()
    await assert_accessible(chat)
    await app.locator("#change").fill("a beach at sunset")
    await app.locator("#changes button.primary").click()
    await expect(app.locator("#viewer")).to_be_hidden()
    await expect(made.locator(".prompt")).to_have_text("a beach at sunset")
    await made.locator(".picture img").click(timeout=SHORT_MS)
    await sheet.locator("#app-back").click()
    await expect(app.locator("#viewer")).to_be_hidden()
    before = await app.locator("#results article").count()
    await made.locator(".picture img").click(timeout=SHORT_MS)
    await app.get_by_role("button", name=t.plain("page-change")).click()
    await app.locator("#changes > .chip").first.click()
    await expect(app.locator("#viewer")).to_be_hidden()
    await expect(app.locator("#results article")).to_have_count(before + 1)
    sent = [job["prompt"] for job in await demo.jobs("fal-ai/flux-lora")]
    assert f"{trigger}, portrait photo in a forest" in sent


async def test_what_is_begun_on_the_page_goes_on_in_the_chat(
    chat: Page, language: Language, photos: Sequence[Path]
) -> None:
    app = app_in(chat)
    await fill(app, photos[:2])
    await expect(app.locator("figure.tile")).to_have_count(2)
    counted = Texts(language).plain("page-photos-missing", accepted=2, least=5)
    await expect(app.get_by_text(counted)).to_be_visible(timeout=SHORT_MS)
    await app.locator("figure.tile button").last.click()
    await expect(app.locator("figure.tile")).to_have_count(1)


async def test_a_file_that_is_no_picture_is_refused_without_a_broken_one(
    chat: Page, tmp_path: Path
) -> None:
    app = app_in(chat)
    await fill(app, [])
    await expect(app.locator("label.add span").first).to_have_text("+")
    text = tmp_path / "notes.txt"
    text.write_text("Not a photo. " * 50)
    await app.locator("#photos").set_input_files(text)
    await expect(app.locator("figure.tile.refused")).to_have_count(1, timeout=SHORT_MS)
    await expect(app.locator("figure.tile img")).to_have_count(0)
    await expect(app.get_by_role("img", name="notes.txt")).to_be_visible()


async def test_an_upload_that_breaks_goes_on_and_nothing_is_sent_twice(
    chat: Page, context: BrowserContext, language: Language, photos: Sequence[Path]
) -> None:
    app = app_in(chat)
    await fill(app, [])
    await expect(app.locator("#photos")).to_be_attached()
    await context.set_offline(True)
    await app.locator("#photos").set_input_files(photos[:3])
    waiting = app.get_by_text(Texts(language).plain("page-sending"))
    await expect(waiting.first).to_be_visible()
    await context.set_offline(False)
    counted = Texts(language).plain("page-photos-missing", accepted=3, least=5)
    await expect(app.get_by_text(counted)).to_be_visible(timeout=SHORT_MS)
    await app.locator("#photos").set_input_files(photos[:3])
    await chat.wait_for_timeout(3000)
    await expect(app.locator("figure.tile")).to_have_count(3)


async def test_everybody_can_use_it_and_it_fits(
    chat: Page, context: BrowserContext, language: Language, photos: Sequence[Path]
) -> None:
    address = await chat.locator("#app-frame").get_attribute("src")
    assert address is not None
    page = await context.new_page()
    await page.set_viewport_size({"width": 320, "height": 640})
    await page.goto(address)
    await expect(page.locator("#consent")).to_be_visible()
    await assert_accessible(page)
    await fill(page, photos)
    await expect(page.locator("figure.tile")).to_have_count(6)
    primary = page.get_by_role("button", name=Texts(language).plain("page-train"))
    await expect(primary.last).to_be_enabled(timeout=SHORT_MS)
    await assert_accessible(page)
    assert await page.evaluate(FITS)
    for name in ("neuro", "gallery"):
        button = page.get_by_role("button", name=Texts(language).plain(f"page-{name}"))
        await button.first.click()
        await assert_accessible(page)
        assert await page.evaluate(FITS)


async def test_who_has_not_pressed_start_may_do_so_while_the_page_is_open(
    context: BrowserContext, demo: Sandbox, language: Language
) -> None:
    chat = await context.new_page()
    await chat.goto(await address_of_guest(demo, language))
    start = chat.get_by_role("button", name=START[language], exact=True)
    await expect(start).to_be_visible()
    await expect(chat.locator("#page-button")).to_be_visible()
    [user_id] = parse_qs(urlsplit(chat.url).query)["user"]
    given = await demo.control("POST", f"chats/{user_id}/web_app", {})
    page = await context.new_page()
    await page.goto(f"{given['url']}#{urlencode({'tgWebAppData': given['init_data']})}")
    await expect(page.get_by_role("alert")).to_have_text(Texts(language).plain("api-not-met"))
    await start.click()
    await expect(page.locator("#consent")).to_be_visible()


async def test_a_link_opens_the_screen_that_it_names(
    chat: Page, context: BrowserContext, demo: Sandbox, language: Language
) -> None:
    [user_id] = parse_qs(urlsplit(chat.url).query)["user"]
    for screen in ("gallery", "neuro"):
        given = await demo.control("POST", f"chats/{user_id}/web_app", {"start_param": screen})
        page = await context.new_page()
        await page.goto(f"{given['url']}#{urlencode({'tgWebAppData': given['init_data']})}")
        wanted = page.get_by_role("button", name=Texts(language).plain(f"page-{screen}"))
        await expect(wanted.first).to_have_attribute("aria-current", "page")
        await assert_accessible(page)
        await page.close()


async def test_outside_telegram_the_page_says_how_to_open_it(
    context: BrowserContext, chat: Page, language: Language
) -> None:
    address = await chat.locator("#app-frame").get_attribute("src")
    assert address is not None
    page = await context.new_page()
    await page.goto(address.partition("#")[0])
    words = Texts(language).plain("page-only-inside")
    await expect(page.get_by_role("alert")).not_to_be_empty()
    forged = address.replace("hash%3D", "hash%3D0")
    await page.goto("about:blank")
    await page.goto(forged)
    await expect(page.get_by_role("alert")).to_have_text(words)
