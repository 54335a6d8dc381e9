"""`python -m tests.browser.screenshots`: the README's pictures, taken from the running demo.

Writes `docs/images/`: stills in both themes and at phone width, the studio, and `journey.webp`, an
animation from START to the picture; and the faces beside the "Sample portraits" button. Needs
Chromium, and a font with coloured emoji (Debian: fonts-noto-color-emoji) to look right.
"""

import asyncio
import io
import sys
import time
from itertools import pairwise
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, Page, async_playwright

from sandbox.portraits import draw_portraits
from services.domain.vocabulary import Language, PictureShape
from services.presets.file import load_presets
from tests.browser.journey import ENGLISH, RUSSIAN, Journey
from tests.browser.support import ROOT, chromium_path, launch, running_sandbox
from tests.browser.tour import ANY, Tour

IMAGES = ROOT / "docs" / "images"
FACES = ROOT / "sandbox" / "page"
FACE_SIZE = (192, 256)
FACE_NUMBER = 3
"""The fourth of each person's portraits: frontal, on an evening sky."""

FRONT = "demo"
"""The README's first picture, a PNG for every reader of Markdown; the others are WebP."""

CLOCK_S = "8"
FRAME_S = 0.15
LOOK_S = 1.1
"""How long the pretended person looks at each step of the animation."""
TYPING_MS = 45.0
LONGEST_FRAME_MS = 1400
LAST_FRAME_MS = 4000


def face(character: int) -> Image.Image:
    """The small portrait that stands for a sample person on the page."""
    portrait = draw_portraits(character, FACE_NUMBER + 1)[FACE_NUMBER]
    whole = Image.open(io.BytesIO(portrait)).convert("RGB")
    return whole.resize(FACE_SIZE, Image.Resampling.LANCZOS)


def draw_faces() -> None:
    """Write the portraits that the page offers."""
    for character in range(3):
        face(character).save(FACES / f"portrait-{character}.webp", quality=82)


class Camera:
    """Films a page: a frame whenever it looks different, with the time it stayed so."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._frames: list[tuple[float, bytes]] = []
        self._stopped = asyncio.Event()

    async def film(self) -> None:
        """Take frames until `stop`."""
        while not self._stopped.is_set():
            began = time.monotonic()
            picture = await self._page.screenshot(type="png")
            if not self._frames or self._frames[-1][1] != picture:
                self._frames.append((began, picture))
            left = max(0.01, FRAME_S - (time.monotonic() - began))
            try:
                async with asyncio.timeout(left):
                    await self._stopped.wait()
            except TimeoutError:
                continue

    def stop(self) -> None:
        """End the film after the frame being taken."""
        self._stopped.set()

    def save(self, path: Path) -> None:
        """Write the film as an animated WebP; long waits are shortened."""
        times = [at for at, _ in self._frames]
        gaps = [round((b - a) * 1000) for a, b in pairwise(times)]
        durations = [min(max(gap, 20), LONGEST_FRAME_MS) for gap in gaps] + [LAST_FRAME_MS]
        pictures = [Image.open(io.BytesIO(data)).convert("RGB") for _, data in self._frames]
        pictures[0].save(
            path,
            save_all=True,
            append_images=pictures[1:],
            duration=durations,
            loop=0,
            quality=62,
            method=4,
        )


async def film_journey(browser: Browser) -> None:
    """The animation: one person from START to a picture, in a phone-sized window."""
    async with running_sandbox("--bot", "--clock", CLOCK_S) as sandbox:
        context = await browser.new_context(
            viewport={"width": 400, "height": 720}, color_scheme="light", locale="en-GB"
        )
        page = await context.new_page()
        await page.goto(sandbox.url)
        camera = Camera(page)
        journey = Journey(page, ENGLISH, watch=_look, typing_ms=TYPING_MS)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(camera.film())
            try:
                await _whole(journey)
            finally:
                camera.stop()
        camera.save(IMAGES / "journey.webp")
        await context.close()


async def _look(_moment: str) -> None:
    """Stay a while, so that whoever watches the animation can read."""
    await asyncio.sleep(LOOK_S)


async def _whole(journey: Journey) -> None:
    await journey.begin()
    await journey.send_samples()
    await journey.train(10)
    await journey.generate()


async def take_stills(browser: Browser) -> None:
    """Stills of the end of the journey: light, dark, phone in Russian, strip, viewer."""
    async with running_sandbox("--bot", "--clock", "2") as sandbox:
        context = await browser.new_context(
            viewport={"width": 1180, "height": 860}, color_scheme="light", locale="en-GB"
        )
        page = await context.new_page()
        await page.goto(sandbox.url)
        await page.locator("#start").wait_for()
        await _shoot(page, "start")
        await _whole(Journey(page, ENGLISH))
        await _shoot(page, FRONT)
        await page.emulate_media(color_scheme="dark")
        await _shoot(page, "demo-dark")
        await page.emulate_media(color_scheme="light")
        await page.get_by_role("button", name="Behind the scenes").click()
        await _shoot(page, "strip")
        await page.locator("#strip-close").click()
        await page.locator(".row.in .tile").last.click()
        await _shoot(page, "viewer")
        await context.close()
    await _phone(browser)


async def _phone(browser: Browser) -> None:
    async with running_sandbox("--bot", "--clock", "2", language="ru") as sandbox:
        context = await browser.new_context(
            viewport={"width": 360, "height": 740}, color_scheme="dark", device_scale_factor=2
        )
        page = await context.new_page()
        await page.goto(sandbox.url)
        await _whole(Journey(page, RUSSIAN))
        await _shoot(page, "phone-ru")
        await context.close()


async def take_studio(browser: Browser) -> None:
    """What a model is good for: the panel, a page of presets, the model's card, the gallery."""
    async with running_sandbox("--bot", "--clock", "2") as sandbox:
        context = await browser.new_context(
            viewport={"width": 400, "height": 980}, color_scheme="light", device_scale_factor=1.5
        )
        page = await context.new_page()
        await page.goto(sandbox.url)
        tour = Tour(page, Language.EN)
        await tour.train()
        await tour.say("/generate")
        await tour.set_panel(PictureShape("9:16"), 2)
        await _shoot(page, "panel")
        await tour.say("portrait photo by the sea at sunset")
        await tour.pictures("picture-caption", count=2, prompt=f"{ANY} at sunset", seed=ANY)
        await tour.say("/presets")
        await tour.press_label(load_presets("").categories[0].name.en)
        await tour.heard("preset-shelf-title", category=ANY)
        await _shoot(page, "presets")
        await tour.say("/models")
        await tour.press_label(f"✅ {ANY}")
        await tour.offers("model-button-rename")
        await _shoot(page, "model")
        await tour.say("/gallery")
        await tour.offers("gallery-send")
        await _shoot(page, "gallery")
        await context.close()


async def _shoot(page: Page, name: str) -> None:
    """Write one still once nothing moves."""
    await page.evaluate("document.activeElement?.blur()")
    await page.mouse.move(0, 0)
    await page.evaluate("Promise.all([...document.images].map((i) => i.decode().catch(() => 0)))")
    await page.locator(".toast").wait_for(state="hidden")
    await page.evaluate("Promise.allSettled(document.getAnimations().map((a) => a.finished))")
    picture = Image.open(io.BytesIO(await page.screenshot(type="png"))).convert("RGB")
    if name == FRONT:
        picture.save(IMAGES / f"{name}.png", optimize=True)
    else:
        # A tenth of a PNG; a palette of 256 colours would band the sky of the picture.
        picture.save(IMAGES / f"{name}.webp", quality=88, method=6)


async def main() -> int:
    """Take everything.

    Returns:
        1 when there is no Chromium.
    """
    executable = chromium_path()
    if executable is None:
        sys.stderr.write("No Chromium: install Debian's package chromium or set CHROMIUM_PATH.\n")
        return 1
    IMAGES.mkdir(parents=True, exist_ok=True)
    draw_faces()
    async with async_playwright() as playwright:
        browser = await launch(playwright, executable)
        await take_stills(browser)
        await take_studio(browser)
        await film_journey(browser)
        await browser.close()
    sys.stdout.write(f"Written to {IMAGES.relative_to(ROOT)}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
