"""What the bot sends looks as it would in Telegram."""

from playwright.async_api import Page, expect

from tests.browser.looks import SETTLED
from tests.browser.support import USER_ID, Json, Sandbox, wait_until


def keyboard(*rows: list[Json]) -> Json:
    return {"inline_keyboard": list(rows)}


def key(text: str, data: str) -> Json:
    return {"text": text, "callback_data": data}


async def test_start_is_shown_as_sent_and_as_read_when_the_bot_answers(
    chat: Page, sandbox: Sandbox
) -> None:
    mine = chat.locator(".row.out:not(.pending)").first
    await expect(mine.locator(".text")).to_contain_text("/start")
    await expect(mine.get_by_role("img", name="Sent")).to_be_visible()
    await sandbox.say("Hello")
    await expect(chat.locator(".row.in").first).to_contain_text("Hello")
    await expect(mine.get_by_role("img", name="Read")).to_be_visible()


async def test_formatting_becomes_elements(chat: Page, sandbox: Sandbox) -> None:
    html = (
        "<b>bold <i>both</i></b> <u>under</u> <s>struck</s> <code>code</code> "
        '<a href="https://example.org/a">link</a> <tg-spoiler>secret</tg-spoiler> 😀 /help '
        "<blockquote>quoted</blockquote><pre><code class='language-py'>x = 1</code></pre>"
    )
    await sandbox.say(html, parse_mode="HTML")
    text = chat.locator(".row.in .text").last
    # Telegram cuts a style where another one begins in it.
    await expect(text.locator("strong")).to_have_text(["bold", "both"])
    await expect(text.locator("strong em")).to_have_text("both")
    await expect(text.locator("u")).to_have_text("under")
    await expect(text.locator("s")).to_have_text("struck")
    await expect(text.locator("a")).to_have_attribute("href", "https://example.org/a")
    await expect(text.locator("blockquote")).to_have_text("quoted")
    await expect(text.locator("pre")).to_have_text("x = 1")
    await expect(text.get_by_role("button", name="/help")).to_be_visible()


async def test_a_spoiler_opens_when_pressed(chat: Page, sandbox: Sandbox) -> None:
    await sandbox.say("<tg-spoiler>secret</tg-spoiler>", parse_mode="HTML")
    await chat.get_by_role("button", name="Hidden text, press to show").press("Enter")
    await expect(chat.locator(".spoiler.shown")).to_have_text("secret")


async def test_text_is_never_markup(chat: Page, sandbox: Sandbox) -> None:
    nasty = "<img src=x onerror=alert(1)> & <script>boom()</script>"
    await sandbox.say(nasty)
    text = chat.locator(".row.in .text").last
    await expect(text).to_contain_text(nasty)
    await expect(text.locator("img, script")).to_have_count(0)


async def test_a_command_in_a_text_is_sent_when_pressed(chat: Page, sandbox: Sandbox) -> None:
    await sandbox.say("Try /train now")
    await chat.get_by_role("button", name="/train").click()
    await expect(chat.locator(".row.out:not(.pending) .text").last).to_contain_text("/train")
    assert (await sandbox.messages())[-1]["text"] == "/train"


async def test_code_and_copy_buttons_copy(chat: Page, sandbox: Sandbox) -> None:
    await chat.context.grant_permissions(["clipboard-read", "clipboard-write"])
    markup = keyboard([{"text": "Copy it", "copy_text": {"text": "from the button"}}])
    await sandbox.say("<code>MY_WORD_A3F2</code>", parse_mode="HTML", reply_markup=markup)
    await chat.get_by_role("button", name="Copy MY_WORD_A3F2").click()
    await expect(chat.locator(".toast")).to_have_text("Copied to the clipboard")
    assert await chat.evaluate("navigator.clipboard.readText()") == "MY_WORD_A3F2"
    await chat.get_by_role("button", name="Copy it").click()

    async def copied() -> bool:
        text = await chat.evaluate("navigator.clipboard.readText()")
        return bool(text == "from the button")

    # The toast of the first copy may still be there.
    await wait_until(copied, "the text of the button in the clipboard")
    await expect(chat.locator(".toast")).to_have_text("Copied to the clipboard")


async def test_a_button_waits_until_the_bot_answers_with_a_toast(
    chat: Page, sandbox: Sandbox
) -> None:
    await sandbox.say("Choose", reply_markup=keyboard([key("One", "1"), key("Two", "2")]))
    button = chat.get_by_role("button", name="Two")
    async with chat.expect_response(lambda r: r.url.endswith("/click")) as pressed:
        await button.click()
    await expect(button).to_have_attribute("aria-busy", "true")
    await expect(chat.get_by_role("button", name="One")).not_to_have_attribute("aria-busy", "true")
    callback = (await (await pressed.value).json())["callback_query_id"]
    await sandbox.bot("answerCallbackQuery", callback_query_id=callback, text="Two it is")
    await expect(button).not_to_have_attribute("aria-busy", "true")
    await expect(chat.locator(".toast")).to_have_text("Two it is")


async def test_an_alert_answer_stays_until_it_is_closed(chat: Page, sandbox: Sandbox) -> None:
    await sandbox.say("Choose", reply_markup=keyboard([key("Why?", "why")]))
    async with chat.expect_response(lambda r: r.url.endswith("/click")) as pressed:
        await chat.get_by_role("button", name="Why?").click()
    callback = (await (await pressed.value).json())["callback_query_id"]
    await sandbox.bot(
        "answerCallbackQuery", callback_query_id=callback, text="Because.", show_alert="true"
    )
    alert = chat.get_by_role("alertdialog", name="Because.")
    await expect(alert).to_be_visible()
    await chat.keyboard.press("Enter")
    await expect(alert).to_be_hidden()


async def test_an_address_button_is_a_link_and_a_start_link_starts(
    chat: Page, sandbox: Sandbox
) -> None:
    state = await sandbox.control("GET", "state")
    deep = f"https://t.me/{state['bot']['username']}?start=gift"
    rows = [{"text": "Docs", "url": "https://example.org/"}, {"text": "Gift", "url": deep}]
    await sandbox.say("Links", reply_markup=keyboard(rows))
    docs = chat.get_by_role("link", name="Docs")
    await expect(docs).to_have_attribute("href", "https://example.org/")
    await expect(docs).to_have_attribute("rel", "noopener noreferrer")
    await chat.get_by_role("link", name="Gift").click()
    await expect(chat.locator(".row.out:not(.pending) .text").last).to_contain_text("/start gift")


async def test_an_edit_happens_in_place_and_keeps_the_focus(chat: Page, sandbox: Sandbox) -> None:
    markup = keyboard([key("Cancel", "cancel")])
    message = await sandbox.say("Training: 10 %", reply_markup=markup)
    row = chat.locator(f".row[data-id='{message['message_id']}']")
    await expect(row).to_contain_text("10 %")
    await row.evaluate("node => { node.stays = true; }")
    await chat.get_by_role("button", name="Cancel").focus()
    for text, label in (("Training: 60 %", "Cancel"), ("Training: 90 %", "Stop")):
        await sandbox.bot(
            "editMessageText",
            chat_id=USER_ID,
            message_id=message["message_id"],
            text=text,
            reply_markup=keyboard([key(label, "cancel")]),
        )
        await expect(row.locator(".text")).to_contain_text(text)
        await expect(chat.get_by_role("button", name=label)).to_be_focused()
    await expect(row.locator(".edited")).to_have_text("edited")
    assert await row.evaluate("node => node.stays"), "the bubble was made again"


async def test_a_deleted_message_vanishes(chat: Page, sandbox: Sandbox) -> None:
    message = await sandbox.say("For a moment")
    row = chat.locator(f".row[data-id='{message['message_id']}']")
    await expect(row).to_be_visible()
    await sandbox.bot("deleteMessage", chat_id=USER_ID, message_id=message["message_id"])
    await expect(row).to_have_count(0)


async def test_an_album_is_one_bubble_with_a_mosaic_that_does_not_overlap(
    chat: Page, sandbox: Sandbox, photo_bytes: bytes
) -> None:
    names = [f"p{i}" for i in range(7)]
    media: list[Json] = [{"type": "photo", "media": f"attach://{name}"} for name in names]
    media[0]["caption"] = "Seven"
    files = dict.fromkeys(names, photo_bytes)
    await sandbox.bot("sendMediaGroup", chat_id=USER_ID, media=media, **files)
    row = chat.locator(".row.in").last
    await expect(row.locator(".tile")).to_have_count(7)
    await expect(row.locator(".text")).to_contain_text("Seven")
    # All at one moment: a bubble that appears is still growing.
    script = """(row) => [...row.querySelectorAll(".mosaic, .tile")]
        .map((node) => node.getBoundingClientRect()).map(({ width, height }) => width * height)"""
    await chat.evaluate(SETTLED)
    frame, *areas = await row.evaluate(script)
    assert len(areas) == 7
    assert min(areas) > 2500
    assert 0.95 < sum(areas) / frame <= 1.001


async def test_a_document_is_a_row_with_name_size_and_download(
    chat: Page, sandbox: Sandbox, photo_bytes: bytes
) -> None:
    await sandbox.bot("sendDocument", chat_id=USER_ID, document=photo_bytes)
    row = chat.locator(".row.in .doc").last
    await expect(row.locator(".doc-name")).to_have_text("document.jpg")
    async with chat.expect_download() as download:
        await row.get_by_role("link").click()
    path = await (await download.value).path()
    assert path.read_bytes() == photo_bytes


async def test_the_header_says_what_the_bot_is_doing(chat: Page, sandbox: Sandbox) -> None:
    status = chat.locator("#status")
    await expect(status).to_have_text("bot")
    await sandbox.bot("sendChatAction", chat_id=USER_ID, action="upload_photo")
    await expect(status).to_have_text("sending photo")
    await sandbox.say("done")
    await expect(status).to_have_text("bot")


async def test_a_reply_keyboard_writes_its_words_and_goes_when_it_is_removed(
    chat: Page, sandbox: Sandbox
) -> None:
    markup = {"keyboard": [[{"text": "Woman"}, {"text": "Man"}]], "resize_keyboard": True}
    await sandbox.say("Who?", reply_markup=markup)
    box = chat.get_by_role("group", name="Quick replies")
    await box.get_by_role("button", name="Woman").click()
    await expect(chat.locator(".row.out:not(.pending) .text").last).to_contain_text("Woman")
    await chat.get_by_role("button", name="Hide the quick replies").click()
    await expect(box).to_be_hidden()
    await chat.get_by_role("button", name="Show the quick replies").click()
    await expect(box).to_be_visible()
    await sandbox.say("Thanks", reply_markup={"remove_keyboard": True})
    await expect(box).to_be_hidden()


async def test_a_demanded_reply_is_sent_as_a_reply(chat: Page, sandbox: Sandbox) -> None:
    markup = {"force_reply": True, "input_field_placeholder": "Your name"}
    asked = await sandbox.say("Name?", reply_markup=markup)
    await expect(chat.get_by_placeholder("Your name")).to_be_visible()
    await chat.locator("#field").fill("Alex")
    await chat.keyboard.press("Enter")
    mine = chat.locator(".row.out:not(.pending)").last
    await expect(mine.locator(".quoted")).to_contain_text("Name?")
    answer = (await sandbox.messages())[-1]
    assert answer["reply_to_message"]["message_id"] == asked["message_id"]


async def test_commands_are_offered_completed_and_sent(chat: Page, sandbox: Sandbox) -> None:
    commands = [
        {"command": "train", "description": "Train a model"},
        {"command": "generate", "description": "Make a picture"},
        {"command": "help", "description": "How it works"},
    ]
    await sandbox.bot("setMyCommands", commands=commands)
    offers = chat.get_by_role("listbox", name="Commands")
    field = chat.locator("#field")
    await expect(chat.get_by_role("button", name="Commands")).to_be_visible()
    await field.press_sequentially("/g")
    await expect(offers.get_by_role("option")).to_have_count(1)
    # Those that come while one is being typed are offered, too.
    await sandbox.bot("setMyCommands", commands=commands[:1])
    await expect(offers).to_be_hidden()
    await sandbox.bot("setMyCommands", commands=commands)
    await expect(offers.get_by_role("option")).to_have_count(1)
    await field.press("Tab")
    await expect(field).to_have_value("/generate ")
    await field.press_sequentially("a castle")
    await field.press("Enter")
    await expect(chat.locator(".row.out:not(.pending) .text").last).to_contain_text(
        "/generate a castle"
    )
    await chat.get_by_role("button", name="Commands").click()
    await expect(offers.get_by_role("option")).to_have_count(3)
    await field.press("ArrowDown")
    await field.press("ArrowDown")
    await field.press("Enter")
    await expect(chat.locator(".row.out:not(.pending) .text").last).to_contain_text("/help")
    await expect(offers).to_be_hidden()


async def test_a_reaction_of_the_bot_is_shown_under_the_message(
    chat: Page, sandbox: Sandbox
) -> None:
    first = (await sandbox.messages())[0]["message_id"]
    heart = [{"type": "emoji", "emoji": "❤"}]
    await sandbox.bot("setMessageReaction", chat_id=USER_ID, message_id=first, reaction=heart)
    await expect(chat.locator(".row.out:not(.pending) .reaction")).to_have_text("❤")


async def test_a_pinned_message_is_told(chat: Page, sandbox: Sandbox) -> None:
    message = await sandbox.say("Prices")
    await sandbox.bot("pinChatMessage", chat_id=USER_ID, message_id=message["message_id"])
    await expect(chat.locator(".row.in").last).to_contain_text("Pinned: Prices")
