"""A person with a trained model in front of the demo page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from services.domain.vocabulary import Language
from tests.browser.looks import assert_accessible, assert_fits
from tests.browser.support import Json, Sandbox, wait_until
from tests.browser.tour import Tour

WINDOWS: dict[Language, dict[str, Any]] = {
    Language.EN: {"viewport": {"width": 1280, "height": 720}, "color_scheme": "light"},
    Language.RU: {"viewport": {"width": 360, "height": 740}, "color_scheme": "dark"},
}


@dataclass(frozen=True)
class Studio:
    """A person with a trained model in front of the page."""

    sandbox: Sandbox
    tour: Tour

    async def asked(self) -> list[Json]:
        """What fal was asked for in generations, in order."""
        return await self.sandbox.jobs("fal-ai/flux-lora")

    async def asked_for_one_more(self, before: list[Json]) -> Json:
        """Wait for one more generation at fal; gives what it asks for."""

        async def look() -> bool:
            return len(await self.asked()) > len(before)

        await wait_until(look, "one more generation at fal")
        [newest] = (await self.asked())[len(before) :]
        return newest

    async def looks_well(self) -> None:
        """The page as it is now can be used by everybody, and nothing is cut off."""
        await assert_accessible(self.tour.page)
        await assert_fits(self.tour.page)

    @asynccontextmanager
    async def newcomer(self) -> AsyncIterator["Studio"]:
        """Another person who speaks this language, in a window of the same kind."""
        language = self.tour.language
        page = await self.tour.page.context.new_page()
        await page.goto(await address_of_guest(self.sandbox, language))
        yield Studio(self.sandbox, Tour(page, language))
        await page.close()


async def address_of_guest(sandbox: Sandbox, language: Language) -> str:
    """Add a person, and return the address of their chat."""
    guest = await sandbox.control(
        "POST", "users", {"first_name": "Maya", "language_code": language.value}
    )
    return f"{sandbox.url}/?user={guest['id']}"
