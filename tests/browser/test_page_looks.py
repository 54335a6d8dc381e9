"""Themes, phone width, keyboard only, accessibility, language, the first screen."""

from typing import Literal

import pytest
from playwright.async_api import Browser, BrowserContext, Page, Route, ViewportSize, expect

from tests.browser.looks import assert_accessible, assert_fits
from tests.browser.support import USER_ID, Json, Sandbox, running_sandbox

PHONE: ViewportSize = {"width": 360, "height": 740}
DESKTOP: ViewportSize = {"width": 1180, "height": 820}

RICH = (
    "<b>Ready</b> to train <code>MY_PORTRAIT_2025_A3F2</code>, see /help or "
    '<a href="https://example.org">the site</a>. <tg-spoiler>secret</tg-spoiler>'
    "<blockquote>A quotation</blockquote><pre><code class='language-py'>x = 1</code></pre>"
)


async def fill(sandbox: Sandbox, photo: bytes) -> None:
    """One of everything."""
    rows = [
        [{"text": "Start training", "callback_data": "go", "style": "primary"}],
        [
            {"text": "Back", "callback_data": "back"},
            {"text": "Cancel", "callback_data": "no", "style": "danger"},
        ],
        [
            {"text": "Copy", "copy_text": {"text": "word"}},
            {"text": "Docs", "url": "https://a.org"},
        ],
    ]
    await sandbox.bot("setMyCommands", commands=[{"command": "help", "description": "Help"}])
    markup = {"inline_keyboard": rows}
    message = await sandbox.say(RICH, parse_mode="HTML", reply_markup=markup)
    media: list[Json] = [{"type": "photo", "media": f"attach://p{i}"} for i in range(10)]
    files = {f"p{i}": photo for i in range(10)}
    await sandbox.bot("sendMediaGroup", chat_id=USER_ID, media=media, **files)
    await sandbox.bot("sendDocument", chat_id=USER_ID, document=photo, caption="A file")
    long = "W" * 120 + " and a sentence of the user"
    await sandbox.control("POST", f"chats/{USER_ID}/text", {"text": long})
    await sandbox.bot(
        "editMessageText",
        chat_id=USER_ID,
        message_id=message["message_id"],
        text=RICH + " (edited)",
        parse_mode="HTML",
        reply_markup=markup,
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_every_part_is_accessible_and_fits(
    browser: Browser,
    sandbox: Sandbox,
    photo_bytes: bytes,
    scheme: Literal["light", "dark"],
    viewport: ViewportSize,
) -> None:
    context = await browser.new_context(
        viewport=viewport, color_scheme=scheme, locale="en-GB", reduced_motion="reduce"
    )
    page = await context.new_page()
    await sandbox.control("POST", "reset")
    await page.goto(sandbox.url)
    await expect(page.get_by_role("button", name="START", exact=True)).to_be_visible()
    await assert_accessible(page)
    await assert_fits(page)
    await page.get_by_role("button", name="START", exact=True).click()
    await expect(page.locator(".row.out:not(.pending)")).to_have_count(1)
    await fill(sandbox, photo_bytes)
    await expect(page.locator(".row.out:not(.pending)")).to_have_count(2)
    await expect(page.locator(".edited")).to_be_attached()
    await assert_accessible(page)
    await assert_fits(page)
    await page.locator(".tile").first.click()
    await assert_accessible(page)
    await page.keyboard.press("Escape")
    for opener in ("Attach", "Sample portraits"):
        await page.get_by_role("button", name=opener).click()
        await assert_accessible(page)
        await assert_fits(page)
        await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Behind the scenes").click()
    await expect(page.locator("#calls li").first).to_be_visible()
    await page.locator("#calls summary").first.click()
    await assert_accessible(page)
    await assert_fits(page)
    await context.close()


async def test_the_theme_follows_the_system(chat: Page) -> None:
    script = "getComputedStyle(document.querySelector('.top')).backgroundColor"
    light = await chat.evaluate(script)
    await chat.emulate_media(color_scheme="dark")
    await chat.wait_for_function(f"(light) => {script} !== light", arg=light)


async def test_the_page_speaks_the_users_language(chat: Page, sandbox: Sandbox) -> None:
    await sandbox.control("PATCH", f"users/{USER_ID}", {"language_code": "ru"})
    await expect(chat.get_by_placeholder("Сообщение")).to_be_visible()
    await expect(chat.locator("html")).to_have_attribute("lang", "ru")
    await expect(chat.get_by_role("button", name="Готовые портреты")).to_be_visible()
    await sandbox.control("PATCH", f"users/{USER_ID}", {"language_code": "en"})
    await expect(chat.get_by_placeholder("Message")).to_be_visible()


async def test_the_page_follows_the_language_that_the_bot_writes_in(
    chat: Page, sandbox: Sandbox
) -> None:
    await sandbox.say("Теперь я говорю по-русски: пришлите фото, когда будете готовы.")
    await expect(chat.locator("html")).to_have_attribute("lang", "ru")
    await expect(chat.get_by_placeholder("Сообщение")).to_be_visible()
    await sandbox.say("https://example.org/an-address-is-in-no-language")
    await expect(chat.locator(".text a")).to_be_visible()
    await expect(chat.get_by_placeholder("Сообщение")).to_be_visible()
    await sandbox.say("From now on I speak English: send photos when you are ready.")
    await expect(chat.get_by_placeholder("Message")).to_be_visible()


async def test_a_fresh_sandbox_speaks_as_the_browser_that_opens_it(browser: Browser) -> None:
    async with running_sandbox(language="") as fresh:
        context = await browser.new_context(locale="ru-RU")
        page = await context.new_page()
        await page.goto(fresh.url)
        await expect(page.get_by_role("button", name="СТАРТ", exact=True)).to_be_visible()
        (user,) = (await fresh.control("GET", "state"))["users"]
        assert user["language_code"] == "ru"
        await context.close()


async def test_a_bot_that_has_not_asked_yet_is_starting(context: BrowserContext) -> None:
    async with running_sandbox() as fresh:
        page = await context.new_page()

        async def with_a_bot(route: Route) -> None:
            state = await (await route.fetch()).json()
            asked = state["pending_updates"] == 0 and len(state["users"]) > 1
            await route.fulfill(json=state | {"bot_running": True, "bot_ready": asked})

        await page.route("**/sandbox/state", with_a_bot)
        await page.goto(fresh.url)
        await expect(page.locator("#status")).to_have_text("the bot is starting…")
        await expect(page.locator("#starting")).to_contain_text("a few seconds")
        await fresh.control("POST", "users", {"first_name": "Another"})
        await expect(page.locator("#status")).to_have_text("bot")
        await expect(page.locator("#starting")).to_be_hidden()


async def test_an_empty_chat_explains_itself_and_starts_with_one_press(
    chat: Page, sandbox: Sandbox
) -> None:
    await sandbox.control("POST", "reset")
    welcome = chat.get_by_role("region", name="Portraits of yourself")
    await expect(welcome).to_contain_text("Nothing leaves this machine")
    await expect(welcome).to_contain_text("simulated")
    await chat.get_by_role("button", name="START", exact=True).click()
    await expect(chat.locator(".row.out:not(.pending) .text")).to_contain_text("/start")
    await expect(welcome).to_be_hidden()
    await expect(chat.locator("#field")).to_be_focused()


async def test_everything_can_be_done_with_the_keyboard(
    chat: Page, sandbox: Sandbox, photo_bytes: bytes
) -> None:
    await sandbox.bot("sendPhoto", chat_id=USER_ID, photo=photo_bytes)
    markup = {"inline_keyboard": [[{"text": "Press me", "callback_data": "x"}]]}
    await sandbox.say("Buttons", reply_markup=markup)
    await expect(chat.get_by_role("button", name="Press me")).to_be_visible()
    await chat.locator("body").press("Tab")
    await expect(chat.get_by_role("link", name="Skip to the message field")).to_be_focused()
    seen: list[str] = []
    for _ in range(16):
        await chat.keyboard.press("Tab")
        seen.append(await chat.evaluate(FOCUSED))
        if seen[-1] == "attach-button":
            break
    wanted = ["strip-toggle", "scroll", "tile", "key", "field", "samples-button", "attach-button"]
    assert [name for name in seen if name in wanted] == wanted
    await chat.get_by_role("button", name="Press me").focus()
    async with chat.expect_response(lambda r: r.url.endswith("/click")):
        await chat.keyboard.press("Enter")
    await chat.locator("#samples-button").focus()
    await chat.keyboard.press("Enter")
    await expect(chat.get_by_role("button", name="Send ten portraits: Maya")).to_be_focused()
    await chat.keyboard.press("Enter")
    # Until they are drawn, or they would arrive in the middle of the next test.
    await expect(chat.locator(".row.out:not(.pending) .tile")).to_have_count(10, timeout=60_000)
    await chat.locator("#attach-button").focus()
    await chat.keyboard.press("Enter")
    await expect(chat.get_by_role("button", name="As photos")).to_be_focused()
    async with chat.expect_file_chooser():
        await chat.keyboard.press("Enter")


FOCUSED = """
(() => {
  const node = document.activeElement;
  return node.id || node.classList[0] || node.tagName;
})()
"""


async def test_new_messages_are_told_to_screen_readers(chat: Page, sandbox: Sandbox) -> None:
    log = chat.get_by_role("log")
    await expect(log).to_have_attribute("aria-live", "polite")
    await expect(log).to_have_attribute("aria-busy", "false")
    await sandbox.say("Hello")
    message = log.get_by_role("article").last
    await expect(message).to_contain_text("Hello")
    await expect(message).to_have_accessible_name("NeuroPhoto, " + await clock(chat))


async def clock(page: Page) -> str:
    return await page.locator(".row time").last.inner_text()
