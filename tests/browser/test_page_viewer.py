"""The photo viewer."""

import pytest_asyncio
from playwright.async_api import Page, expect

from tests.browser.support import USER_ID, Sandbox


@pytest_asyncio.fixture(loop_scope="session")
async def photos(chat: Page, sandbox: Sandbox, photo_bytes: bytes) -> Page:
    """A chat with three photos from the bot."""
    for number in range(3):
        await sandbox.bot(
            "sendPhoto", chat_id=USER_ID, photo=photo_bytes, caption=f"Photo number {number}"
        )
    await expect(chat.locator(".tile")).to_have_count(3)
    return chat


async def test_a_photo_opens_in_full_size_and_escape_gives_the_focus_back(photos: Page) -> None:
    tile = photos.locator(".tile").nth(1)
    await tile.focus()
    await photos.keyboard.press("Enter")
    viewer = photos.get_by_role("dialog", name="Photo viewer")
    await expect(viewer).to_be_visible()
    await expect(viewer.locator("#viewer-caption")).to_have_text("Photo number 1")
    await photos.wait_for_function("document.getElementById('viewer-image').naturalWidth === 1280")
    await photos.keyboard.press("Escape")
    await expect(viewer).to_be_hidden()
    await expect(tile).to_be_focused()


async def test_arrows_and_buttons_go_through_all_pictures(photos: Page) -> None:
    await photos.locator(".tile").first.click()
    caption = photos.locator("#viewer-caption")
    previous = photos.get_by_role("button", name="Previous photo")
    await expect(previous).to_be_disabled()
    await photos.keyboard.press("ArrowRight")
    await expect(caption).to_have_text("Photo number 1")
    await photos.get_by_role("button", name="Next photo").click()
    await expect(caption).to_have_text("Photo number 2")
    await expect(photos.locator("#viewer-count")).to_have_text("3 / 3")
    await photos.keyboard.press("ArrowRight")
    await expect(caption).to_have_text("Photo number 2")
    await photos.keyboard.press("ArrowLeft")
    await expect(caption).to_have_text("Photo number 1")


async def test_actual_size_shows_every_pixel(photos: Page) -> None:
    await photos.set_viewport_size({"width": 600, "height": 500})
    await photos.locator(".tile").first.click()
    await photos.get_by_role("button", name="Actual size").click()
    await expect(photos.locator("#viewer-image")).to_have_js_property("clientWidth", 1280)


async def test_the_picture_can_be_downloaded(photos: Page) -> None:
    await photos.locator(".tile").first.click()
    async with photos.expect_download() as download:
        await photos.get_by_role("link", name="Download").click()
    assert (await download.value).suggested_filename.endswith(".jpg")


async def test_a_caption_of_many_lines_covers_no_part_of_the_picture(
    chat: Page, sandbox: Sandbox, photo_bytes: bytes
) -> None:
    caption = "\n".join(["portrait photo by the sea"] * 5)
    await sandbox.bot("sendPhoto", chat_id=USER_ID, photo=photo_bytes, caption=caption)
    await chat.locator(".tile").click()
    await expect(chat.locator("#viewer-caption")).to_have_text(caption)
    await expect(chat.locator("#viewer-image")).to_have_js_property("naturalWidth", 1280)
    image = await chat.locator("#viewer-image").bounding_box()
    words = await chat.locator("#viewer-caption").bounding_box()
    assert image is not None
    assert words is not None
    assert image["height"] > 300
    assert image["y"] + image["height"] <= words["y"] + 1


async def test_a_deleted_picture_closes_the_viewer(photos: Page, sandbox: Sandbox) -> None:
    await photos.locator(".tile").first.click()
    message = (await sandbox.messages())[1]
    await sandbox.bot("deleteMessage", chat_id=USER_ID, message_id=message["message_id"])
    await expect(photos.get_by_role("dialog", name="Photo viewer")).to_be_hidden()
