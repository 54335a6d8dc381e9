"""From START to a picture of oneself, with the real bot, as a newcomer would go."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from services.domain.vocabulary import Language
from tests.browser.conftest import PhotoFile
from tests.browser.gestures import drop_files
from tests.browser.journey import BY_LANGUAGE, ENGLISH, Journey
from tests.browser.support import USER_ID, Sandbox, running_sandbox, wait_until
from texts.reader import Texts

pytestmark = pytest.mark.e2e

TRAINING_S = 3
PHONE: ViewportSize = {"width": 360, "height": 740}
LAPTOP: ViewportSize = {"width": 1280, "height": 720}


@dataclass(frozen=True)
class Demo:
    """The whole demo: sandbox, bot, an open page."""

    sandbox: Sandbox
    page: Page


OpenDemo = Callable[..., AbstractAsyncContextManager[Demo]]


@pytest.fixture
def demo(browser: Browser) -> OpenDemo:
    @asynccontextmanager
    async def opened(
        language: str = "en",
        viewport: ViewportSize = LAPTOP,
        scheme: str = "light",
        coach: str = "on",
    ) -> AsyncIterator[Demo]:
        options = ("--bot", "--clock", str(TRAINING_S))
        async with running_sandbox(*options, language=language, COACH=coach) as sandbox:
            context = await browser.new_context(
                viewport=viewport, color_scheme="dark" if scheme == "dark" else "light"
            )
            page = await context.new_page()
            mistakes: list[str] = []
            page.on("pageerror", lambda error: mistakes.append(str(error)))
            await page.goto(sandbox.url)
            yield Demo(sandbox, page)
            await context.close()
            assert mistakes == []
            assert await sandbox.stop() == 0

    return opened


@pytest.mark.parametrize(
    ("language", "viewport", "scheme"),
    [("en", LAPTOP, "light"), ("ru", PHONE, "dark")],
    ids=["english-laptop", "russian-phone"],
)
async def test_an_empty_handed_newcomer_gets_a_picture_in_a_minute(
    demo: OpenDemo, language: str, viewport: ViewportSize, scheme: str
) -> None:
    async with demo(language, viewport, scheme) as opened:
        words = BY_LANGUAGE[language]
        journey = Journey(opened.page, words)
        began, waited_s = time.monotonic(), waited_for_processor_s()
        await journey.begin()
        await journey.send_samples()
        await journey.train(10)
        picture = await journey.generate()
        busy_s = waited_for_processor_s() - waited_s
        assert time.monotonic() - began - busy_s < 60
        assert journey.presses <= 10
        await expect(picture.get_by_role("button", name=words.again)).to_be_visible()
        image = picture.locator(".tile img")
        await expect(image).to_have_js_property("complete", value=True)
        await image.click()
        await expect(opened.page.locator("#viewer-caption")).to_contain_text(words.prompt)
        [training] = await opened.sandbox.jobs("fal-ai/flux-lora-fast-training")
        [preview, generation] = await opened.sandbox.jobs("fal-ai/flux-lora")
        assert preview["prompt"].startswith(f"{training['trigger_word']}, portrait photo of ")
        assert generation["prompt"] == f"{training['trigger_word']}, {words.prompt_in_english}"
        assert [lora["scale"] for lora in generation["loras"]] == [1.0]


async def test_twenty_photos_from_the_disk_as_two_albums_are_all_kept(
    demo: OpenDemo, photo_file: PhotoFile
) -> None:
    # Nobody is on these photos.
    async with demo(coach="off") as opened:
        journey = Journey(opened.page, ENGLISH)
        await journey.begin()
        paths = [photo_file(f"{n:02}.jpg", 900, 1200) for n in range(20)]
        await journey.attach(paths, ENGLISH.as_photos)
        await journey.train(20)
        await journey.generate()


async def test_dropped_files_train_a_model_and_survive_a_killed_bot(
    demo: OpenDemo, photo_file: PhotoFile
) -> None:
    # Nobody is on these photos.
    async with demo(coach="off") as opened:
        page, sandbox = opened.page, opened.sandbox
        journey = Journey(page, ENGLISH)
        await journey.begin()
        paths = [photo_file(f"{n:02}.png", 800, 1000) for n in range(6)]
        await drop_files(page, paths, "document")
        await journey.confirm()
        await sandbox.control("PUT", "clock", {"mode": "seconds", "value": 8})
        await journey.heard(ENGLISH.counter.format(count=6))
        for text in (ENGLISH.done, ENGLISH.economy, ENGLISH.begin):
            await journey.press(text)
        await wait_until(lambda: _training_submitted(sandbox), "the training is with fal")
        await page.get_by_role("button", name="Behind the scenes").click()
        await page.get_by_role("button", name="Kill the bot and start it again").click()
        await expect(page.locator(".toast")).to_have_text("Done", timeout=60_000)
        await journey.heard(ENGLISH.ready)
        await expect(page.locator(".row.in", has_text=ENGLISH.ready)).to_have_count(1)
        assert len(await sandbox.jobs("fal-ai/flux-lora-fast-training")) == 1


def waited_for_processor_s() -> float:
    """Return for how long somebody has had to wait for a processor, since this machine began.

    Linux says it (docs.kernel.org/accounting/psi.html); 0 where nobody does.
    """
    try:
        pressure = Path("/proc/pressure/cpu").read_text(encoding="ascii")
    except OSError:
        return 0.0
    return int(pressure.partition("total=")[2].split()[0]) / 1e6


async def _training_submitted(sandbox: Sandbox) -> bool:
    return len(await sandbox.jobs("fal-ai/flux-lora-fast-training")) == 1


async def test_a_command_with_a_prompt_generates_at_once_and_a_reload_keeps_it_all(
    demo: OpenDemo,
) -> None:
    async with demo() as opened:
        journey = Journey(opened.page, ENGLISH)
        await journey.begin()
        await journey.send_samples()
        await journey.train(10)
        await journey.say("/generate portrait photo")
        await journey.heard("portrait photo")
        pictures = opened.page.locator(".row.in .tile")
        # The examples of the photo step, the model's first picture and the one that was asked for.
        await expect(pictures).to_have_count(3, timeout=60_000)

        # Its last deed: it takes away what said that the picture was being made.
        note = Texts(Language.EN).plain("generating", prompt="portrait photo")
        await expect(opened.page.locator(".row.in", has_text=note)).to_have_count(0)
        before = await opened.page.locator(".row .text").count()
        await opened.page.reload()
        await expect(pictures).to_have_count(3)
        assert await opened.page.locator(".row .text").count() == before
        assert len(await opened.sandbox.messages(USER_ID)) > before
