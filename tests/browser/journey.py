"""A newcomer's way through the page, from START to a picture, in both languages."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Locator, Page, expect

LONG_MS = 180_000
"""A training at the tests' clock takes seconds, on a busy machine a hundred more."""


@dataclass(frozen=True)
class Words:
    """What the newcomer reads on the buttons they press."""

    start: str
    train: str
    agree: str
    name: str
    subject: str
    samples: str
    person: str
    attach: str
    as_photos: str
    as_files: str
    send: str
    counter: str
    done: str
    economy: str
    begin: str
    ready: str
    go: str
    asks: str
    prompt: str
    prompt_in_english: str
    again: str


ENGLISH = Words(
    start="START",
    train="Train my model",
    agree="I am 18 or older and I agree",
    name="My Portrait 2025",
    subject="Woman",
    samples="Sample portraits",
    person="Send ten portraits: Maya",
    attach="Attach",
    as_photos="As photos",
    as_files="As files",
    send="Send",
    counter="Photos accepted: {count} (",
    done="Done",
    economy="Economy",
    begin="Start training",
    ready="is ready!",
    go="Go to NeuroPhoto",
    asks="What should the picture show?",
    prompt="portrait photo in a forest at sunset",
    prompt_in_english="portrait photo in a forest at sunset",
    again="Again",
)

RUSSIAN = Words(
    start="СТАРТ",
    train="Обучить модель",
    agree="Мне есть 18, я согласен(-на)",
    name="Мой портрет 2025",
    subject="Женщина",
    samples="Готовые портреты",
    person="Отправить десять портретов: Майя",
    attach="Прикрепить",
    as_photos="Как фото",
    as_files="Как файлы",
    send="Отправить",
    counter="Принято фото: {count} (",
    done="Готово",
    economy="Эконом",
    begin="Начать обучение",
    ready="готова!",
    go="Перейти в НейроФото",
    asks="Что должно быть на картинке?",
    prompt="портретное фото у моря на закате",
    prompt_in_english="portrait photo at sea on sunset",
    again="Ещё раз",
)

BY_LANGUAGE = {"en": ENGLISH, "ru": RUSSIAN}

Watcher = Callable[[str], Awaitable[None]]


async def _nobody(moment: str) -> None:
    """Nobody watches."""


class Journey:
    """Presses what a newcomer would press.

    Args:
        page: the chat page, opened.
        words: the labels in the user's language.
        watch: called at moments worth a picture, with the moment's name.
        typing_ms: pause between two letters; 0 writes at once.

    Attributes:
        presses: how often something was pressed.
    """

    def __init__(
        self, page: Page, words: Words, watch: Watcher = _nobody, typing_ms: float = 0
    ) -> None:
        self.page = page
        self.words = words
        self.watch = watch
        self.typing_ms = typing_ms
        self.presses = 0

    def button(self, text: str) -> Locator:
        """The newest button under a message with this text."""
        return self.page.locator("#log button.key", has_text=text).last

    async def press(self, text: str) -> None:
        """Press a button of the bot once it is there."""
        await self.click(self.button(text))

    async def click(self, target: Locator) -> None:
        """Press anything, and count it."""
        await target.click(timeout=LONG_MS)
        self.presses += 1

    async def say(self, text: str) -> None:
        """Write a message."""
        await self.page.locator("#field").press_sequentially(text, delay=self.typing_ms)
        await self.page.keyboard.press("Enter")

    async def heard(self, text: str, seconds: float = LONG_MS / 1000) -> Locator:
        """Wait until the bot says this; gives the bubble."""
        row = self.page.locator(".row.in", has_text=text).last
        await expect(row).to_be_visible(timeout=seconds * 1000)
        return row

    async def begin(self) -> None:
        """From the start screen to the bot's request for photos."""
        await self.watch("welcome")
        await self.click(self.page.get_by_role("button", name=self.words.start, exact=True))
        await expect(self.button(self.words.train)).to_be_visible(timeout=LONG_MS)
        await self.watch("started")
        await self.press(self.words.train)
        await self.press(self.words.agree)
        await self.heard(self.words.name)  # the bot gives it as an example
        await self.say(self.words.name)
        await self.press(self.words.subject)
        await self.heard("HEIC")

    async def send_samples(self) -> None:
        """Send ten portraits of Maya with two presses."""
        await self.click(self.page.get_by_role("button", name=self.words.samples))
        await self.watch("samples")
        await self.click(self.page.get_by_role("button", name=self.words.person))

    async def attach(self, paths: list[Path], way: str) -> None:
        """Attach files from the disk through the file chooser."""
        await self.click(self.page.get_by_role("button", name=self.words.attach))
        async with self.page.expect_file_chooser() as chooser:
            await self.click(self.page.get_by_role("button", name=way))
        await (await chooser.value).set_files(paths)
        await self.confirm()

    async def confirm(self) -> None:
        """Press Send on the sheet that shows the chosen files."""
        dialog = self.page.get_by_role("dialog")
        await self.click(dialog.get_by_role("button", name=self.words.send, exact=True))

    async def train(self, photos: int) -> None:
        """From the photos to a trained model."""
        await self.heard(self.words.counter.format(count=photos))
        await self.watch("photos")
        await self.press(self.words.done)
        await self.press(self.words.economy)
        await expect(self.button(self.words.begin)).to_be_visible(timeout=LONG_MS)
        await self.watch("summary")
        await self.press(self.words.begin)
        await self.heard(self.words.ready)
        await self.watch("ready")

    async def generate(self) -> Locator:
        """From the model to a picture; gives the bubble of the picture."""
        await self.press(self.words.go)
        await self.heard(self.words.asks)
        await self.say(self.words.prompt)
        # The newest picture may be the model's first one, which nobody asked for.
        pictures = self.page.locator(".row.in", has=self.page.locator(".tile img"))
        picture = pictures.filter(has_text=self.words.prompt).last
        await expect(picture).to_be_visible(timeout=LONG_MS)
        await self.watch("picture")
        return picture
