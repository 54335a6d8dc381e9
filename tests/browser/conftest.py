"""A sandbox process, Chromium, and a page for each test."""

import asyncio
import random
import sys
import zlib
from collections.abc import AsyncIterator, Generator
from contextlib import AsyncExitStack
from io import BytesIO
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image, ImageDraw
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from services.domain.vocabulary import Language
from tests.absent import absent
from tests.browser.studio import WINDOWS, Studio, address_of_guest
from tests.browser.support import Sandbox, chromium_path, launch, running_sandbox
from tests.browser.tour import Tour

HERE = "tests/browser/"
LONGEST_S = 600
PAGE_TIMEOUT_MS = 120_000
EXPECT_TIMEOUT_MS = 60_000
"""Playwright's own 5 s are short where the bot, the server and the browser share two cores."""
FAILED: pytest.StashKey[bool] = pytest.StashKey()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here is a browser test; one loop for all, because they share one browser."""
    for item in items:
        if item.nodeid.startswith(HERE):
            item.add_marker(pytest.mark.browser)
            if item.get_closest_marker("timeout") is None:
                item.add_marker(pytest.mark.timeout(LONGEST_S))
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    executable = chromium_path()
    if executable is None:
        absent("no Chromium: install Debian's package chromium or set CHROMIUM_PATH")
    expect.set_options(timeout=EXPECT_TIMEOUT_MS)
    async with async_playwright() as playwright:
        browser = await launch(playwright, executable)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_sandbox(browser: Browser) -> AsyncIterator[Sandbox]:
    # The browser comes first: without one there is no reason to start a sandbox.
    assert browser.is_connected()
    async with running_sandbox() as sandbox:
        yield sandbox


@pytest_asyncio.fixture(loop_scope="session")
async def sandbox(shared_sandbox: Sandbox) -> Sandbox:
    """The shared sandbox without a bot, empty, where the user has written /start."""
    await shared_sandbox.control("POST", "reset")
    await shared_sandbox.control("POST", "chats/1001/text", {"text": "/start"})
    return shared_sandbox


@pytest_asyncio.fixture(loop_scope="session")
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    context = await browser.new_context(
        viewport={"width": 1180, "height": 820}, color_scheme="light", locale="en-GB"
    )
    context.set_default_timeout(PAGE_TIMEOUT_MS)
    yield context
    await context.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def studios(browser: Browser) -> AsyncIterator[dict[Language, Studio]]:
    """One demo with two people, each in a window of their own.

    Telegram takes about one message a second in a chat, and the bot keeps to that; so the tests
    of the two chats take turns, and one rests while the other is used.
    """
    async with running_sandbox("--bot", "--clock", "1") as sandbox, AsyncExitStack() as windows:
        mistakes: list[str] = []
        opened: dict[Language, Studio] = {}
        for language, window in WINDOWS.items():
            context = await browser.new_context(**window, reduced_motion="reduce")
            windows.push_async_callback(context.close)
            context.on("weberror", lambda mistake: mistakes.append(str(mistake.error)))
            page = await context.new_page()
            await page.goto(await address_of_guest(sandbox, language))
            opened[language] = Studio(sandbox, Tour(page, language))
        await asyncio.gather(*(studio.tour.train() for studio in opened.values()))
        yield opened
        await windows.aclose()
        assert mistakes == []
        assert await sandbox.stop() == 0


@pytest.fixture(params=[Language.EN, Language.RU], ids=["english-laptop", "russian-phone"])
def studio(studios: dict[Language, Studio], request: pytest.FixtureRequest) -> Studio:
    language: Language = request.param
    return studios[language]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember whether the test itself failed, for the fixtures that end after it."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest_asyncio.fixture(loop_scope="session")
async def chat(
    context: BrowserContext, sandbox: Sandbox, request: pytest.FixtureRequest
) -> AsyncIterator[Page]:
    """The chat page of the first user; the test fails when the page throws or asks outside."""
    page = await context.new_page()
    mistakes: list[str] = []
    page.on("pageerror", lambda error: mistakes.append(str(error)))
    # Playwright catches choosers only while somebody listens, and begins to do so a little late.
    page.on("filechooser", lambda _: None)
    page.on("request", lambda r: _only_here(r.url, sandbox.url, mistakes))
    await page.goto(sandbox.url)
    await page.locator("#log .row").first.wait_for()
    yield page
    if request.node.stash.get(FAILED, False):
        sys.stderr.write(f"The page showed:\n{await page.locator('body').aria_snapshot()}\n")
    assert mistakes == []


def _only_here(address: str, home: str, mistakes: list[str]) -> None:
    if not address.startswith((home, "blob:", "data:")):
        mistakes.append(f"a request left for {address}")


@pytest.fixture
def photo_file(tmp_path: Path) -> "PhotoFile":
    return PhotoFile(tmp_path)


class PhotoFile:
    """Makes picture files on the disk for file choosers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, name: str, width: int = 1600, height: int = 1200) -> Path:
        """Write a picture of this size; the ending of the name chooses the format."""
        path = self._folder / name
        _draw(name, width, height).save(path)
        return path


@pytest.fixture
def photo_bytes() -> bytes:
    """A landscape JPEG."""
    data = BytesIO()
    _draw("bytes", 1280, 960).save(data, "JPEG")
    return data.getvalue()


def _draw(name: str, width: int, height: int) -> Image.Image:
    """A picture that differs by its name, so that no two files are the same."""
    seed = zlib.crc32(name.encode())
    levels = random.Random(seed).randbytes(8 * 8)  # noqa: S311  # a picture, no secret
    image = Image.frombytes("L", (8, 8), levels).resize((width, height)).convert("RGB")
    draw = ImageDraw.Draw(image)
    draw.ellipse((width * 0.3, height * 0.2, width * 0.7, height * 0.9), fill=(240, 200, 170))
    return image
