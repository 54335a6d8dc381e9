"""The Mini App in its sheet, as Telegram opens it, with the real bot behind it."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from services.domain.vocabulary import Language
from tests.browser.looks import assert_accessible, assert_fits
from tests.browser.mini_page import MiniPage
from tests.browser.studio import WINDOWS, address_of_guest
from tests.browser.support import Sandbox, running_sandbox


@dataclass(frozen=True)
class Words:
    """What bot and page say in one language."""

    start: str
    menu_button: str
    open: str
    close: str
    back: str
    question: str
    close_anyway: str
    cancel: str
    unknown: str


WORDS = {
    Language.EN: Words(
        start="START",
        menu_button="App",
        open="📱 Open the app",
        close="Close",
        back="Back",
        question="Close the app?",
        close_anyway="Close anyway",
        cancel="Cancel",
        unknown="The page said something that Telegram does not know",
    ),
    Language.RU: Words(
        start="СТАРТ",
        menu_button="Открыть",
        open="📱 Открыть приложение",
        close="Закрыть",
        back="Назад",
        question="Закрыть приложение?",
        close_anyway="Закрыть",
        cancel="Отмена",
        unknown="Страница прислала событие, которого нет в Telegram",
    ),
}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def demo(browser: Browser) -> AsyncIterator[Sandbox]:
    assert browser.is_connected()
    async with running_sandbox("--bot", "--clock", "1") as sandbox:
        yield sandbox


@pytest.fixture(params=[Language.EN, Language.RU], ids=["english-laptop", "russian-phone"])
def language(request: pytest.FixtureRequest) -> Language:
    chosen: Language = request.param
    return chosen


@pytest.fixture
def words(language: Language) -> Words:
    return WORDS[language]


@pytest_asyncio.fixture(loop_scope="session")
async def mini(
    browser: Browser, demo: Sandbox, language: Language, words: Words
) -> AsyncIterator[MiniPage]:
    """Somebody who has pressed START, with the tiny page behind the menu button."""
    context = await browser.new_context(**WINDOWS[language], reduced_motion="reduce")
    page = await context.new_page()
    mistakes: list[str] = []
    page.on("pageerror", lambda error: mistakes.append(str(error)))
    mini = MiniPage(page)
    await mini.serve()
    await page.goto(await address_of_guest(demo, language))
    await page.get_by_role("button", name=words.start, exact=True).click()
    await expect(page.get_by_role("button", name=words.open)).to_be_visible()
    yield mini
    await context.close()
    assert mistakes == []


async def open_by_menu(mini: MiniPage, words: Words) -> None:
    button = mini.page.locator("#page-button")
    await expect(button).to_have_text(words.menu_button)
    await button.click()
    await mini.frame()


async def test_the_api_knows_who_has_opened_the_page(
    mini: MiniPage, words: Words, language: Language
) -> None:
    await open_by_menu(mini, words)
    await assert_accessible(mini.page)
    await assert_fits(mini.page)
    frame = await mini.frame()
    me = await frame.evaluate(
        """async () => {
          const headers = { Authorization: `tma ${launch.get("tgWebAppData")}` };
          const answer = await fetch("/api/me", { headers });
          return { status: answer.status, ...(await answer.json()) };
        }"""
    )
    assert me["status"] == 200, me
    assert me["language"] == language.value
    assert await frame.evaluate("launch.get('tgWebAppPlatform')") == "weba"
    theme = await frame.evaluate("JSON.parse(launch.get('tgWebAppThemeParams'))")
    assert all(re.fullmatch("#[0-9a-f]{6}", color) for color in theme.values()), theme


async def test_an_inline_button_opens_it_and_the_page_closes_itself(
    mini: MiniPage, words: Words
) -> None:
    await mini.page.get_by_role("button", name=words.open).click()
    await mini.say("web_app_close")
    await expect(mini.sheet).to_be_hidden()
    await expect(mini.page.locator("#app-frame")).to_have_count(0)


async def test_buttons_of_the_sheet_tell_the_page(mini: MiniPage, words: Words) -> None:
    await open_by_menu(mini, words)
    back = mini.sheet.get_by_role("button", name=words.back)
    await expect(back).to_be_hidden()
    await mini.say("web_app_setup_back_button", is_visible=True)
    await back.click()
    await mini.hears("back_button_pressed")
    main = {"is_visible": True, "is_active": True, "text": "Train", "color": "#aa0000"}
    await mini.say("web_app_setup_main_button", **main)
    button = mini.sheet.get_by_role("button", name="Train")
    await expect(button).to_have_css("background-color", "rgb(170, 0, 0)")
    await button.click()
    await mini.hears("main_button_pressed")
    await mini.say("web_app_setup_main_button", is_active=False, is_progress_visible=True)
    await expect(button).to_be_disabled()
    await mini.say("web_app_setup_secondary_button", is_visible=True, text="Later")
    await mini.sheet.get_by_role("button", name="Later").click()
    await mini.hears("secondary_button_pressed")
    await mini.say("web_app_setup_main_button", is_visible=False)
    await expect(button).to_be_hidden()
    await assert_fits(mini.page)


async def test_the_sheet_asks_before_it_closes_where_the_page_wants_that(
    mini: MiniPage, words: Words
) -> None:
    await open_by_menu(mini, words)
    await mini.say("web_app_setup_closing_behavior", need_confirmation=True)
    close = mini.sheet.get_by_role("button", name=words.close, exact=True)
    question = mini.page.get_by_role("alertdialog", name=words.question)
    await close.click()
    await assert_accessible(mini.page)
    await question.get_by_role("button", name=words.cancel).click()
    await expect(mini.sheet).to_be_visible()
    await close.click()
    await question.get_by_role("button", name=words.close_anyway).click()
    await expect(mini.sheet).to_be_hidden()
    await open_by_menu(mini, words)
    await mini.sheet.get_by_role("button", name=words.close, exact=True).click()
    await expect(mini.sheet).to_be_hidden()


async def test_the_page_asks_and_is_answered(mini: MiniPage, words: Words) -> None:
    await open_by_menu(mini, words)
    await mini.say("web_app_request_viewport")
    size = await mini.hears("viewport_changed")
    assert isinstance(size, dict)
    assert size["height"] > 300
    await mini.say("web_app_request_theme")
    assert isinstance(await mini.hears("theme_changed"), dict)
    await mini.say("web_app_request_safe_area")
    await mini.say("web_app_request_content_safe_area")
    no_edges = {"top": 0, "bottom": 0, "left": 0, "right": 0}
    assert await mini.hears("safe_area_changed") == no_edges
    assert await mini.hears("content_safe_area_changed") == no_edges
    buttons = [{"id": "yes", "type": "default", "text": "Sure"}, {"type": "cancel"}]
    await mini.say("web_app_open_popup", title="Delete?", message="For good.", buttons=buttons)
    await mini.page.get_by_role("alertdialog").get_by_role("button", name="Sure").click()
    assert await mini.hears("popup_closed") == {"button_id": "yes"}
    await mini.say("web_app_trigger_haptic_feedback", type="impact", impact_style="light")
    await expect(mini.sheet).to_have_attribute("data-haptic", "light")
    await mini.say("web_app_dance")
    await expect(mini.page.locator("#toasts")).to_contain_text(words.unknown)
    before = await mini.hears("theme_changed")
    await mini.page.emulate_media(color_scheme="light" if await _is_dark(mini.page) else "dark")
    frame = await mini.frame()
    await frame.wait_for_function(
        "heard.filter((e) => e.eventType === 'theme_changed').length > 1"
    )
    assert await mini.hears("theme_changed") != before


async def _is_dark(page: Page) -> bool:
    return bool(await page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches"))
