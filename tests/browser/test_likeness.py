"""The likeness of a right and of a wrong model, as the person reads it in the demo."""

import re

import pytest
from playwright.async_api import Browser, Locator, expect

from services.domain.vocabulary import Language
from services.photos.coach.resemblance import CLEAR_PERCENT, STRANGER_BELOW
from tests.browser.journey import LONG_MS
from tests.browser.looks import assert_accessible, assert_fits
from tests.browser.studio import WINDOWS, address_of_guest
from tests.browser.support import running_sandbox
from tests.browser.tour import NEW, Tour

pytestmark = pytest.mark.e2e

SWITCH = {
    Language.EN: ("Behind the scenes", "New models come out as somebody else"),
    Language.RU: ("За кулисами", "Новые модели выходят похожими на другого"),
}


@pytest.mark.parametrize("language", list(Language))
async def test_a_right_and_a_wrong_model_differ_visibly(
    browser: Browser, language: Language
) -> None:
    async with running_sandbox("--bot", "--clock", "1", language=language.value) as sandbox:
        context = await browser.new_context(**WINDOWS[language], reduced_motion="reduce")
        page = await context.new_page()
        await page.goto(await address_of_guest(sandbox, language))
        right = Tour(page, language)
        await right.train()
        assert await percent_in(right, "resembles-clear") >= CLEAR_PERCENT
        await assert_accessible(page)
        await assert_fits(page)
        page = await context.new_page()
        await page.goto(await address_of_guest(sandbox, language))
        strip, switch = SWITCH[language]
        await page.get_by_role("button", name=strip).click()
        await page.get_by_role("switch", name=switch).click()
        await expect(page.get_by_role("switch", name=switch)).to_be_checked()
        await page.locator("#strip-close").click()
        wrong = Tour(page, language)
        await wrong.train()
        assert await percent_in(wrong, "resembles-stranger") < STRANGER_BELOW
        await assert_accessible(page)
        await assert_fits(page)
        await wrong.press("model-button-again")
        await wrong.press("consent-agree")
        await wrong.heard("photos-counter", accepted=10, min=5, max=20)
        await context.close()
        assert await sandbox.stop() == 0


async def percent_in(tour: Tour, key: str) -> int:
    """Wait for a likeness in this word; return its number."""
    sentence = re.escape(tour.t.plain(key, percent="00")).replace("00", r"(\d+)")
    said: Locator = tour.page.locator(NEW, has_text=re.compile(sentence)).last
    await expect(said).to_be_visible(timeout=LONG_MS)
    found = re.search(sentence, await said.inner_text())
    assert found is not None
    return int(found[1])
