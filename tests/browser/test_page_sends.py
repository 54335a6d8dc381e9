"""Writing and attaching: what leaves the page and how it looks while it leaves."""

from pathlib import Path

from PIL import Image, ImageChops, ImageStat
from playwright.async_api import FilePayload, Page, expect

from tests.browser.conftest import PhotoFile
from tests.browser.gestures import drop_files, paste_files
from tests.browser.screenshots import face
from tests.browser.support import ROOT, Sandbox, wait_until


async def choose(page: Page, way: str, paths: list[Path]) -> None:
    """Use the attach menu and its real file chooser."""
    await page.get_by_role("button", name="Attach").click()
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name=way).click()
    await (await chooser.value).set_files(paths)
    await expect(page.get_by_role("dialog")).to_be_visible()


async def send_chosen(page: Page) -> None:
    """Press Send in the dialog; the composer has a button of the same name."""
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Send", exact=True).click()


async def sent(sandbox: Sandbox, count: int) -> None:
    """Wait until the chat holds so many messages besides /start."""

    async def there() -> bool:
        return len(await sandbox.messages()) == count + 1

    await wait_until(there, f"{count} messages in the chat")


async def test_enter_sends_and_shift_enter_begins_a_line(chat: Page, sandbox: Sandbox) -> None:
    field = chat.get_by_role("textbox", name="Message")
    await field.press_sequentially("first")
    await field.press("Shift+Enter")
    await field.press_sequentially("second")
    await field.press("Enter")
    await expect(chat.locator(".row.out:not(.pending) .text").last).to_contain_text(
        "first\nsecond"
    )
    await expect(field).to_have_value("")
    await expect(field).to_be_focused()
    await sent(sandbox, 1)
    assert (await sandbox.messages())[-1]["text"] == "first\nsecond"


async def test_texts_keep_their_order_and_appear_once(chat: Page, sandbox: Sandbox) -> None:
    field = chat.locator("#field")
    words = ["one", "two", "two", "three", "four"]
    for word in words:
        await field.fill(word)
        await field.press("Enter")
    await sent(sandbox, len(words))
    await expect(chat.locator(".row.out:not(.pending)")).to_have_count(len(words) + 1)
    assert [m["text"] for m in await sandbox.messages()][1:] == words


async def test_photos_from_the_disk_become_an_album_of_photos(
    chat: Page, sandbox: Sandbox, photo_file: PhotoFile
) -> None:
    await choose(chat, "As photos", [photo_file(f"{n}.jpg", 1800, 1350) for n in "abc"])
    await chat.get_by_placeholder("Add a caption…").fill("Three of me")
    await chat.keyboard.press("Enter")
    await sent(sandbox, 3)
    row = chat.locator(".row.out:not(.pending)").last
    await expect(row.locator(".tile")).to_have_count(3)
    await expect(row.locator(".text")).to_contain_text("Three of me")
    album = (await sandbox.messages())[1:]
    assert len({m["media_group_id"] for m in album}) == 1
    assert all(m["photo"][-1]["width"] == 1280 for m in album)
    assert album[0]["caption"] == "Three of me"


async def test_files_from_the_disk_keep_their_bytes(
    chat: Page, sandbox: Sandbox, photo_file: PhotoFile
) -> None:
    path = photo_file("holiday.png", 700, 600)
    await choose(chat, "As files", [path])
    await send_chosen(chat)
    await sent(sandbox, 1)
    document = (await sandbox.messages())[-1]["document"]
    assert document["file_name"] == "holiday.png"
    answer = await sandbox.http.get(f"{sandbox.url}/sandbox/files/{document['file_id']}")
    assert await answer.read() == path.read_bytes()
    await expect(chat.locator(".row.out:not(.pending) .doc-name")).to_have_text("holiday.png")


async def test_twenty_photos_become_two_albums_of_ten(
    chat: Page, sandbox: Sandbox, photo_file: PhotoFile
) -> None:
    await choose(chat, "As photos", [photo_file(f"{n:02}.jpg", 900, 1200) for n in range(20)])
    await expect(chat.get_by_role("dialog", name="Send 20 items")).to_be_visible()
    await chat.keyboard.press("Enter")
    await sent(sandbox, 20)
    await expect(chat.locator(".row.out:not(.pending) .mosaic")).to_have_count(2)
    groups = [m["media_group_id"] for m in (await sandbox.messages())[1:]]
    assert sorted(groups.count(group) for group in set(groups)) == [10, 10]


async def test_what_is_no_photo_goes_as_a_file_and_the_sheet_says_so(
    chat: Page, sandbox: Sandbox, photo_file: PhotoFile, tmp_path: Path
) -> None:
    note = tmp_path / "note.pdf"
    note.write_bytes(b"%PDF-1.4 nothing")
    await choose(chat, "As photos", [photo_file("a.jpg"), note])
    await expect(chat.locator("#sheet-note")).to_contain_text("not a photo")
    await chat.keyboard.press("Enter")
    await sent(sandbox, 2)
    photo, file = (await sandbox.messages())[1:]
    assert "photo" in photo
    assert file["document"]["file_name"] == "note.pdf"


async def test_a_file_can_be_taken_back_before_sending(chat: Page, photo_file: PhotoFile) -> None:
    await choose(chat, "As photos", [photo_file("a.jpg"), photo_file("b.jpg")])
    await chat.get_by_role("button", name="Remove a.jpg").click()
    await expect(chat.get_by_role("dialog", name="Send 1 item")).to_be_visible()
    await chat.get_by_role("button", name="Remove b.jpg").click()
    await expect(chat.get_by_role("dialog")).to_be_hidden()


async def test_dropped_files_go_as_the_zone_says(
    chat: Page, sandbox: Sandbox, photo_file: PhotoFile
) -> None:
    for zone, kind, way in (
        ("photo", "photo", "As photos"),
        ("document", "document", "As files"),
    ):
        before = len(await sandbox.messages())
        await drop_files(chat, [photo_file(f"{zone}.jpg")], zone)
        await expect(chat.locator("#drop")).to_be_hidden()
        await expect(chat.get_by_role("radio", name=way)).to_be_checked()
        await chat.keyboard.press("Enter")
        await sent(sandbox, before)
        assert kind in (await sandbox.messages())[-1]


async def test_a_pasted_picture_is_offered_as_a_photo(
    chat: Page, sandbox: Sandbox, photo_file: PhotoFile
) -> None:
    await paste_files(chat, [photo_file("pasted.jpg")])
    await expect(chat.get_by_role("dialog", name="Send 1 item")).to_be_visible()
    await chat.keyboard.press("Enter")
    await sent(sandbox, 1)
    assert "photo" in (await sandbox.messages())[-1]


async def test_sample_portraits_of_a_chosen_person_are_two_presses_away(
    chat: Page, sandbox: Sandbox
) -> None:
    await chat.get_by_role("button", name="Sample portraits").click()
    await chat.get_by_role("button", name="Send ten portraits: Leo").click()
    await expect(chat.locator(".row.out:not(.pending) .tile")).to_have_count(10)
    await sent(sandbox, 10)
    assert all("photo" in m for m in (await sandbox.messages())[1:])
    await expect(chat.locator(".pending")).to_have_count(0)


async def test_sample_portraits_can_go_as_files(chat: Page, sandbox: Sandbox) -> None:
    await chat.get_by_role("button", name="Sample portraits").click()
    await chat.get_by_role("switch", name="As files").check()
    await chat.get_by_role("button", name="Send ten portraits: Maya").click()
    await sent(sandbox, 10)
    assert all("document" in m for m in (await sandbox.messages())[1:])


async def test_a_refused_upload_says_why_and_can_be_dropped(chat: Page, sandbox: Sandbox) -> None:
    await chat.get_by_role("button", name="Attach").click()
    async with chat.expect_file_chooser() as chooser:
        await chat.get_by_role("button", name="As photos").click()
    broken = FilePayload(name="broken.jpg", mimeType="image/jpeg", buffer=b"no picture at all")
    await (await chooser.value).set_files([broken])
    await send_chosen(chat)
    await expect(chat.get_by_role("alert")).to_contain_text("Not sent")
    await chat.get_by_role("button", name="Discard").click()
    await expect(chat.locator(".pending")).to_have_count(0)
    assert len(await sandbox.messages()) == 1


async def test_a_text_that_could_not_leave_is_sent_again_by_a_press(
    chat: Page, sandbox: Sandbox
) -> None:
    await chat.route("**/text", lambda route: route.abort())
    await chat.locator("#field").fill("hello?")
    await chat.keyboard.press("Enter")
    await expect(chat.get_by_role("alert")).to_contain_text("Not sent")
    await chat.unroute("**/text")
    await chat.get_by_role("button", name="Send again").click()
    await sent(sandbox, 1)
    await expect(chat.locator(".row.out:not(.pending) .text").last).to_contain_text("hello?")
    await expect(chat.locator(".pending")).to_have_count(0)


async def test_an_upload_shows_its_progress(
    chat: Page, sandbox: Sandbox, photo_file: PhotoFile
) -> None:
    network = await chat.context.new_cdp_session(chat)
    await network.send("Network.enable")
    await network.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 5, "downloadThroughput": -1, "uploadThroughput": 60_000},
    )
    await choose(chat, "As photos", [photo_file("big.png", 3000, 2000)])
    await chat.keyboard.press("Enter")
    await expect(chat.get_by_role("progressbar", name="Sending")).to_be_visible()
    await expect(chat.locator(".progress-text")).to_contain_text("Uploading")
    await sent(sandbox, 1)
    await expect(chat.get_by_role("progressbar")).to_have_count(0)


async def test_the_faces_on_offer_are_the_faces_that_are_sent() -> None:
    for number in range(3):
        shown = Image.open(ROOT / "sandbox" / "page" / f"portrait-{number}.webp").convert("RGB")
        drawn = face(number)
        assert shown.size == drawn.size
        difference = ImageStat.Stat(ImageChops.difference(shown, drawn)).mean
        assert max(difference) < 6, "run `make screenshots`: the portraits are drawn again"


async def test_a_long_pasted_text_leaves_as_several_messages(chat: Page, sandbox: Sandbox) -> None:
    words = "word " * 1000
    await chat.get_by_role("textbox", name="Message").fill(words)
    await chat.keyboard.press("Enter")
    await expect(chat.locator(".row.out:not(.pending)")).to_have_count(3)
    texts = [message["text"] for message in (await sandbox.messages())[1:]]
    assert [len(text) <= 4096 for text in texts] == [True, True]
    assert " ".join(texts) == words.strip()


async def test_an_own_message_is_changed_by_arrow_up(chat: Page, sandbox: Sandbox) -> None:
    field = chat.get_by_role("textbox", name="Message")
    await field.fill("a kong")
    await field.press("Enter")
    await expect(chat.locator(".row.out:not(.pending)")).to_have_count(2)
    await field.press("ArrowUp")
    await expect(field).to_have_value("a kong")
    await expect(chat.locator("#editing")).to_contain_text("Editing a kong")
    await field.fill("a king")
    await field.press("Enter")
    await expect(chat.locator(".row.out:not(.pending)").last).to_contain_text("a king")
    await expect(chat.locator(".row.out:not(.pending)").last.locator(".edited")).to_be_visible()
    await expect(chat.locator("#editing")).to_be_hidden()
    updates = await sandbox.bot("getUpdates")
    assert updates[-1]["edited_message"]["text"] == "a king"


async def test_changing_a_message_begins_at_its_pen_and_ends_with_escape(chat: Page) -> None:
    first = chat.locator(".row.out:not(.pending)").first
    await first.hover()
    await first.get_by_role("button", name="Edit").click()
    field = chat.get_by_role("textbox", name="Message")
    await expect(field).to_have_value("/start")
    await field.press("Escape")
    await expect(field).to_have_value("")
    await expect(chat.locator("#editing")).to_be_hidden()
    await expect(first).to_contain_text("/start")


async def test_topics_part_the_chat(chat: Page, sandbox: Sandbox) -> None:
    bar = chat.get_by_role("navigation", name="Topics")
    await expect(bar).to_be_hidden()
    await chat.get_by_role("button", name="Behind the scenes").click()
    await chat.get_by_role("switch", name="Topics in the private chat").check()
    await bar.get_by_role("button", name="New topic").click()
    topic = bar.get_by_role("button", name="Topic 1")
    await expect(topic).to_have_attribute("aria-pressed", "true")
    await expect(chat.locator(".row")).to_have_count(1)
    await expect(chat.locator(".row")).to_contain_text("Topic opened: Topic 1")
    field = chat.get_by_role("textbox", name="Message")
    await field.fill("in the topic")
    await field.press("Enter")
    await expect(chat.locator(".row.out:not(.pending)").last).to_contain_text("in the topic")
    written = (await sandbox.messages())[-1]
    assert written["is_topic_message"]
    await sandbox.say("beside it")
    await sandbox.say("inside", message_thread_id=written["message_thread_id"])
    await expect(chat.locator(".row.in")).to_have_count(1)
    await expect(chat.locator(".row.in")).to_contain_text("inside")
    await bar.get_by_role("button", name="All").click()
    await expect(chat.locator(".row")).to_have_count(5)
    await chat.get_by_role("switch", name="Topics in the private chat").uncheck()
    await expect(bar).to_be_hidden()
