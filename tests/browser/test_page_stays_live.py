"""Reload, two tabs, a lost server, a long chat."""

from playwright.async_api import Page, Route, expect

from tests.browser.support import Sandbox, running_sandbox, wait_until
from tests.ports import free_port

AT_REST = """async (node) => {
  for (let frames = 0, place = NaN; frames < 10; frames += 1) {
    if (node.scrollTop !== place) frames = 0;
    place = node.scrollTop;
    await new Promise(requestAnimationFrame);
  }
  return node.scrollTop;
}"""
"""Where it stands once it scrolls no more: a wheel moves it smoothly."""


async def test_a_reload_shows_the_whole_chat_again(chat: Page, sandbox: Sandbox) -> None:
    markup = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    await sandbox.say("One", reply_markup=markup)
    await sandbox.say("<b>Two</b>", parse_mode="HTML")
    await expect(chat.locator(".row")).to_have_count(3)
    before = await chat.locator("#log").inner_text()
    await chat.reload()
    await expect(chat.locator(".row")).to_have_count(3)
    assert await chat.locator("#log").inner_text() == before


async def test_two_tabs_stay_in_step(chat: Page, sandbox: Sandbox) -> None:
    other = await chat.context.new_page()
    await other.goto(chat.url)
    await expect(other.locator(".row")).to_have_count(1)
    await chat.locator("#field").fill("from the first tab")
    await chat.keyboard.press("Enter")
    await expect(other.locator(".row.out:not(.pending) .text").last).to_contain_text(
        "from the first tab"
    )
    message = await sandbox.say("Working")
    for tab in (chat, other):
        await expect(tab.locator(".row.in .text")).to_contain_text("Working")
    await sandbox.bot(
        "editMessageText", chat_id=1001, message_id=message["message_id"], text="Finished"
    )
    for tab in (chat, other):
        await expect(tab.locator(".row.in .text")).to_contain_text("Finished")
    assert await chat.locator(".row").count() == await other.locator(".row").count()


async def test_a_message_that_comes_while_the_chat_is_read_is_shown(
    chat: Page, sandbox: Sandbox
) -> None:
    async def read_then_wait(route: Route) -> None:
        answer = await route.fetch()
        await sandbox.say("In between")
        # Its event is there before the older picture of the chat is.
        await expect(chat.locator(".row.in .text")).to_contain_text("In between")
        await route.fulfill(response=answer)

    other = await chat.context.new_page()
    await other.route("**/messages", read_then_wait, times=1)
    await other.goto(chat.url)
    await expect(other.locator(".row")).to_have_count(2)
    await sandbox.say("Afterwards")
    await expect(other.locator(".row.in .text").last).to_contain_text("Afterwards")
    await expect(other.locator(".row")).to_have_count(3)


async def test_only_the_tab_that_pressed_shows_the_answer(chat: Page, sandbox: Sandbox) -> None:
    other = await chat.context.new_page()
    await other.goto(chat.url)
    markup = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    await sandbox.say("Ready?", reply_markup=markup)
    await expect(other.get_by_role("button", name="Go")).to_be_visible()
    async with chat.expect_response(lambda r: r.url.endswith("/click")) as pressed:
        await chat.get_by_role("button", name="Go").click()
    callback = (await (await pressed.value).json())["callback_query_id"]
    await sandbox.bot("answerCallbackQuery", callback_query_id=callback, text="Gone")
    await sandbox.say("after")
    await expect(chat.locator(".toast")).to_have_text("Gone")
    await expect(other.locator(".row.in").last).to_contain_text("after")
    await expect(other.locator(".toast")).to_have_count(0)


async def test_the_page_says_when_the_server_is_gone_and_recovers(chat: Page) -> None:
    port = str(free_port())
    async with running_sandbox("--port", port) as first:
        page = await chat.context.new_page()
        await page.goto(first.url)
        await expect(page.get_by_role("button", name="START", exact=True)).to_be_visible()
        await page.get_by_role("button", name="START", exact=True).click()
        await expect(page.locator(".row.out:not(.pending)")).to_have_count(1)
        assert await first.stop() == 0
        banner = page.locator("#banner")
        await expect(banner).to_contain_text("not answering", timeout=60_000)
    async with running_sandbox("--port", port) as second:
        await expect(banner).to_have_text("Connected again", timeout=60_000)
        await expect(page.get_by_role("button", name="START", exact=True)).to_be_visible()
        await second.control("POST", "chats/1001/text", {"text": "/start"})
        await second.say("A new beginning")
        await expect(page.locator(".row.in")).to_contain_text("A new beginning")
        await page.close()


async def test_a_reader_of_old_messages_is_not_moved_and_sees_what_is_new(
    chat: Page, sandbox: Sandbox
) -> None:
    await sandbox.control("POST", "chats/1001/text", {"text": "\n".join(["a story"] * 80)})
    await sandbox.say("\n".join(["an answer"] * 60))
    scroller = chat.locator("#scroll")
    jump = chat.get_by_role("button", name="Scroll to the newest message")
    await expect(chat.locator(".row:not(.pending)")).to_have_count(3)
    await expect(jump).to_be_hidden()
    await scroller.hover()
    await chat.mouse.wheel(0, -900)
    await expect(jump).to_be_visible()
    place = await scroller.evaluate(AT_REST)
    await sandbox.say("first")
    await sandbox.say("second")
    unread = chat.get_by_role("button", name="Scroll to the newest message, 2 new")
    await expect(unread).to_be_visible()
    assert await scroller.evaluate("node => node.scrollTop") == place
    await unread.click()
    await expect(jump).to_be_hidden()
    await expect(chat.locator(".row").last).to_be_in_viewport()


async def test_writing_takes_a_reader_of_old_messages_to_the_end(
    chat: Page, sandbox: Sandbox
) -> None:
    await sandbox.say("\n".join(["an answer"] * 60))
    await expect(chat.locator(".row.in")).to_have_count(1)
    await chat.locator("#scroll").hover()
    await chat.mouse.wheel(0, -900)
    jump = chat.get_by_role("button", name="Scroll to the newest message")
    await expect(jump).to_be_visible()
    await chat.locator("#field").fill("/settings")
    await chat.keyboard.press("Enter")
    await expect(chat.locator(".row.out:not(.pending)").last).to_be_in_viewport()
    await expect(jump).to_be_hidden()


async def test_the_newest_message_stays_in_view_while_the_chat_grows(
    chat: Page, sandbox: Sandbox, photo_bytes: bytes
) -> None:
    for number in range(6):
        await sandbox.bot("sendPhoto", chat_id=1001, photo=photo_bytes, caption=str(number))
    await expect(chat.locator(".tile")).to_have_count(6)

    async def at_the_bottom() -> bool:
        script = "n => n.scrollHeight - n.scrollTop - n.clientHeight < 2"
        return bool(await chat.locator("#scroll").evaluate(script))

    await wait_until(at_the_bottom, "the chat is at its end")


async def test_a_reset_empties_the_chat_in_every_tab(chat: Page, sandbox: Sandbox) -> None:
    await sandbox.control("POST", "reset")
    await expect(chat.get_by_role("button", name="START", exact=True)).to_be_visible()
    await expect(chat.locator(".row")).to_have_count(0)
