"""From START to a picture from one photo, a model, a loan, a copy of everything, and the end."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import Locator, expect

from sandbox.portraits import draw_portraits
from services.domain.vocabulary import Language
from tests.browser.journey import BY_LANGUAGE, LONG_MS, Journey
from tests.browser.studio import Studio
from tests.browser.tour import ANY, NEW, Tour

pytestmark = pytest.mark.e2e

CHANGES = {Language.EN: "another background, evening", Language.RU: "другой фон, вечер"}
PROMPTS = {Language.EN: "a cup of coffee in Paris", Language.RU: "чашка кофе в Париже"}


async def test_somebody_is_drawn_from_one_photo_trains_lends_and_leaves_with_all_of_it(
    studio: Studio, tmp_path: Path
) -> None:
    words = BY_LANGUAGE[studio.tour.language.value]
    photos = saved_portraits(tmp_path)
    async with studio.newcomer() as newcomer, newcomer.newcomer() as friend:
        tour = newcomer.tour
        await start(tour)
        await tour.press("menu-try")
        await tour.heard("try-send-photo")
        await tour.attach(photos[:1], words.as_photos)
        await tour.press("consent-agree")
        offer = await tour.heard("try-offer", price="none")
        await newcomer.looks_well()
        await offer.locator(".key").first.click()
        first = await with_picture(tour, tour.t.plain("try-next"))
        await first.locator(".key", has_text=tour.t.plain("change")).click()
        await tour.heard("ask-change", price="none")
        change = CHANGES[tour.language]
        await tour.say(change)
        await with_picture(tour, change)
        await newcomer.looks_well()

        await tour.say("/train")
        await tour.press("draft-continue")
        await tour.say(words.name)
        journey = Journey(tour.page, words)
        await journey.press(words.subject)
        await tour.heard("photos-counter", accepted=1, min=5, max=20)
        await tour.attach(photos[1:], words.as_photos)
        await journey.train(10)
        await tour.pictures("preview-caption", count=1)

        await tour.say("/models")
        await tour.press_label(f"✅ {ANY}")
        await tour.press("model-button-lend")
        await tour.press("lend-term-pictures")
        link = await tour.reads("?start=lend_")
        found = re.search(r"\?start=(lend_\S+)", await link.inner_text())
        assert found is not None
        await newcomer.looks_well()
        await borrow(friend, f"/start {found[1]}")
        await tour.heard("loan-news-accepted", who="Maya", name=words.name)

        await tour.say("/export")
        await tour.heard("export-only-part")
        await tour.heard("export-done", parts=1)

        await tour.say("/deletemydata")
        await tour.heard("forget-ask")
        await tour.press("forget-sure")
        receipt = await tour.heard("forget-done", date=datetime.now(UTC).date())
        gone = tour.t.plain("receipt-deleted", models=1, pictures=3, photos=10)
        await expect(receipt).to_contain_text(gone)
        await friend.tour.heard("loan-news-deleted", name=words.name)
        await newcomer.looks_well()


def saved_portraits(folder: Path) -> list[Path]:
    """Write ten photos of one person."""
    paths = [folder / f"{number}.jpg" for number in range(10)]
    for path, data in zip(paths, draw_portraits(0, len(paths)), strict=True):
        path.write_bytes(data)
    return paths


async def start(tour: Tour) -> None:
    """Press START, and wait until the bot has greeted."""
    words = BY_LANGUAGE[tour.language.value]
    await tour.page.get_by_role("button", name=words.start, exact=True).click()
    await tour.offers("menu-try")


async def with_picture(tour: Tour, text: str) -> Locator:
    """Wait for a picture under which the bot says this; gives its message."""
    picture = tour.page.locator(NEW, has=tour.page.locator(".tile img"), has_text=text).last
    await expect(picture).to_be_visible(timeout=LONG_MS)
    return picture


async def borrow(friend: Studio, link: str) -> None:
    """Take the model that a link offers, and make a picture with it."""
    tour = friend.tour
    await start(tour)
    await tour.say(link)
    await tour.heard("loan-invitation", name=ANY, limit=ANY)
    await friend.looks_well()
    await tour.press("loan-accept")
    await tour.toast("loan-accepted")
    prompt = PROMPTS[tour.language]
    await tour.say(f"/generate {prompt}")
    await with_picture(tour, prompt)
