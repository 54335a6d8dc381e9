"""What a person does with the page once they have a model. Labels come from the locale files."""

import html
import re
from pathlib import Path

from playwright.async_api import Locator, Page, expect

from services.domain.vocabulary import Language, PictureShape
from tests.browser.journey import BY_LANGUAGE, LONG_MS, Journey
from texts.reader import Texts, Value

ANY = "…"
"""Stands for a value that the test does not know, such as a price."""

NEW = "#log .row.in:not(:has(~ .row.out))"
"""What the bot has said since the person wrote last."""

_MARKUP = re.compile(r"<[^>]+>")
_EXAMPLE = re.compile(r"<code>(.+?)</code>")


class Tour:
    """Presses, writes and reads in the user's language.

    Args:
        page: the chat page, opened.
        language: which the bot speaks to this user.

    Attributes:
        page: the chat page.
        language: which the bot speaks to this user.
        t: the bot's sentences.
    """

    def __init__(self, page: Page, language: Language) -> None:
        self.page = page
        self.language = language
        self.t = Texts(language)
        self._journey = Journey(page, BY_LANGUAGE[language.value])

    async def begin(self) -> None:
        """From START to the bot's request for photos."""
        await self._journey.begin()

    async def attach(self, paths: list[Path], way: str) -> None:
        """Attach files from the disk, the way that a button of the page names."""
        await self._journey.attach(paths, way)

    async def send_photos(self) -> None:
        """From START to a draft with ten photos that are taken."""
        await self._journey.begin()
        await self._journey.send_samples()
        await self.heard("photos-counter", accepted=10, min=5, max=20)

    async def train(self) -> None:
        """From START to a model of the sample portraits, with its first picture."""
        await self.send_photos()
        await self._journey.train(10)
        await self.pictures("preview-caption", count=1)

    async def say(self, text: str) -> None:
        """Write a message, and wait until it is in the chat."""
        own = self.page.locator("#log > .row.out")
        before = await own.count()
        await self.page.locator("#field").fill(text)
        await self.page.keyboard.press("Enter")
        await expect(own).to_have_count(before + 1, timeout=LONG_MS)
        await expect(own.last).to_contain_text(text, timeout=LONG_MS)

    async def heard(self, key: str, /, **values: Value) -> Locator:
        """Wait until the bot says a sentence of the locale files; gives its newest message."""
        return await self.reads(self._plain(key, **values).splitlines()[0])

    async def reads(self, text: str) -> Locator:
        """Wait until the bot says this text; gives its newest message that does."""
        message = self.page.locator(NEW, has_text=_pattern(text)).last
        await expect(message).to_be_visible(timeout=LONG_MS)
        return message

    async def toast(self, key: str, /, **values: Value) -> None:
        """Wait until the page shows the bot's answer to a press."""
        text = _pattern(self.t.plain(key, **values))
        toasts = self.page.locator(".toast", has_text=text)
        await expect(toasts.last).to_be_visible(timeout=LONG_MS)

    @property
    def newest(self) -> Locator:
        """The newest message of the bot since the person wrote."""
        return self.page.locator(NEW).last

    def button(self, label: str) -> Locator:
        """Return the newest button with exactly this label, under what the bot said last."""
        whole = re.compile(rf"^\s*{_pattern(label).pattern}\s*$")
        return self.page.locator(f"{NEW} .key", has_text=whole).last

    async def press_label(self, label: str) -> None:
        """Press the newest button with this label."""
        await self.button(label).click(timeout=LONG_MS)

    async def press(self, key: str, /, **values: Value) -> None:
        """Press the newest button with this label of the locale files."""
        await self.press_label(self.t.plain(key, **values))

    async def offers(self, key: str, /, **values: Value) -> None:
        """Wait until there is a button with this label of the locale files."""
        button = self.button(self.t.plain(key, **values))
        await expect(button).to_be_visible(timeout=LONG_MS)

    async def choose(self, label: str) -> None:
        """Press a value of a panel, and wait until it is marked."""
        await self.press_label(label)
        await expect(self.button(f"• {label}")).to_be_visible(timeout=LONG_MS)

    async def set_panel(self, shape: PictureShape, count: int) -> None:
        """Choose on a fresh panel a format, a number, and a strength one step lower."""
        await self.choose(shape.value)
        await self.choose(f"×{count}")
        await self.press_label("−")
        await self.offers("panel-button-scale", scale=self.t.decimal(0.9))

    async def pictures(self, key: str, /, *, count: int, **values: Value) -> Locator:
        """Wait until there are so many pictures under a caption; gives their message.

        All of the caption counts: what a screen with a picture begins with may be its first line.
        """
        message = await self.reads(self._plain(key, count=count, **values))
        await expect(message.locator(".tile img")).to_have_count(count, timeout=LONG_MS)
        return message

    def _plain(self, key: str, /, **values: Value) -> str:
        """A sentence of the locale files as it is read, without markup."""
        return html.unescape(_MARKUP.sub("", self.t(key, **values)))

    def example_in(self, key: str, /, **values: Value) -> str:
        """Return what a sentence of the bot tells the user to write."""
        found = _EXAMPLE.search(self.t(key, **values))
        if found is None:
            raise AssertionError(key)
        return html.unescape(found[1])


def _pattern(text: str) -> re.Pattern[str]:
    """A pattern of a text in which `ANY` stands for anything in the same line."""
    words = (re.escape(word).replace(re.escape(ANY), ".+") for word in text.split())
    # Dates have spaces at which no line ends.
    return re.compile(r"\s+".join(words))
