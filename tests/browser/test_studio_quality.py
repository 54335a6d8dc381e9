"""What makes pictures good: bad photos are caught in words, and pictures can be made larger.

The people are those of `tests.browser.test_studio_tour`.
"""

import io
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import expect

from tests.browser.journey import BY_LANGUAGE
from tests.browser.studio import Studio
from tests.browser.tour import ANY, NEW
from tests.services.photos.coach import people

pytestmark = pytest.mark.e2e


async def test_twenty_bad_photos_are_caught_in_words(studio: Studio, tmp_path: Path) -> None:
    paths = []
    for number, data in enumerate(people.twenty_bad_photos(), start=1):
        paths.append(tmp_path / f"{number}.jpg")
        paths[-1].write_bytes(data)
    words = BY_LANGUAGE[studio.tour.language.value]
    async with studio.newcomer() as newcomer:
        tour = newcomer.tour
        await tour.begin()
        for start in (0, 10):
            await tour.attach(paths[start : start + 10], words.as_files)
        counter = await tour.heard("photos-counter", accepted=15, min=5, max=20)
        await expect(counter).to_contain_text(tour.t.plain("refusal-no_face"))
        for flaw, numbers in (
            ("small", "6, 7, 8, 9, 10"),
            ("dark", "11, 12, 13, 14, 15"),
            ("blurred", "16, 17, 18, 19, 20"),
        ):
            said = tour.t.plain(f"flaw-{flaw}", numbers=numbers, count=5)
            await expect(counter).to_contain_text(said)
        advice = tour.t.plain("lack-good-photos")
        await expect(counter).to_contain_text(advice)
        await newcomer.looks_well()
        await tour.press("photos-done")
        await tour.heard("coach-cost", photos=ANY, count=15)
        await tour.offers("coach-go-on")


async def test_an_hd_picture_is_enlarged_and_says_that_ai_made_it(studio: Studio) -> None:
    tour = studio.tour
    prompt = "portrait photo in a garden"
    await tour.say(f"/generate {prompt} --ar 3:4 --size hd")
    await tour.pictures("picture-caption", count=1, prompt=prompt, seed=ANY)
    await tour.press("more")
    await tour.press("enlarge", factor="2", price="none")
    sent = await tour.heard("enlarged", width="2304", height="3072")
    await studio.looks_well()
    link = sent.locator("a.doc-text")
    address = await link.get_attribute("href")
    async with studio.sandbox.http.get(f"{studio.sandbox.url}{address}") as answer:
        data = await answer.read()
    with Image.open(io.BytesIO(data)) as opened:
        assert opened.size == (2304, 3072)
        assert b"DigitalSourceType" in opened.info["xmp"]
        assert b"trainedAlgorithmicMedia" in opened.info["xmp"]
    assert await tour.page.locator(f"{NEW} .doc").count() == 1
