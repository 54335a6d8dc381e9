"""Whether the page can be used by everybody, and fits its window."""

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

SETTLED = """
() => Promise.allSettled(document.getAnimations()
  .filter((animation) => animation.effect.getComputedTiming().endTime < Infinity)
  .map((animation) => animation.finished))
"""


async def assert_accessible(page: Page) -> None:
    """No serious or critical finding of axe-core on what is shown now."""
    # A bubble that is still fading in has colours that nobody will read; a spinner never ends.
    await page.evaluate(SETTLED)
    results = await Axe().run(page)
    findings = [
        f"{v['id']}: {v['help']} {[n['target'] for n in v['nodes']]}"
        for v in results.response["violations"]
        if v["impact"] in {"serious", "critical"}
    ]
    assert findings == [], findings


async def assert_fits(page: Page) -> None:
    """Nothing is wider than the window."""
    script = """
    () => {
      const parts = "body, #scroll, .row, .bubble, #composer, dialog, #strip";
      const tooWide = (node) => node.scrollWidth > node.clientWidth + 1
        || node.getBoundingClientRect().right > innerWidth + 1;
      return [...document.querySelectorAll(parts)]
        .filter((node) => node.getClientRects().length > 0 && tooWide(node))
        .map((node) => node.id || node.className);
    }
    """
    too_wide = await page.evaluate(script)
    assert too_wide == [], too_wide
