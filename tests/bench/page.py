"""How fast the Mini App is on a slow phone: `python -m tests.bench.page`.

Prints figures, judges nothing. Chromium runs the page with its processor slowed down and over a
slow network, both by its own means (CDP), with nothing in its cache; what it measures itself is
printed. Needs Chromium, as the browser tests do.
"""

import asyncio
import statistics
import sys
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Browser, Page, async_playwright

from api.webapp import files
from services.domain.vocabulary import Language
from tests.browser.studio import WINDOWS, address_of_guest
from tests.browser.support import Sandbox, chromium_path, launch, running_sandbox
from texts.reader import Texts

ROUNDS = 5
WAIT_MS = 60_000
OPEN = Texts(Language.EN).plain("app-open")


@dataclass(frozen=True)
class Phone:
    """What the page runs on; `slower` is how much slower than this machine."""

    name: str
    slower: float
    bits_per_s: int
    latency_ms: int


PHONES = (
    Phone("this machine", 1, 0, 0),
    Phone("slow phone", 4, 1_600_000, 150),
)
"""The second is the slow phone of DevTools and Lighthouse."""

WATCH = """
  window.shift = 0;
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) if (!one.hadRecentInput) window.shift += one.value;
  }).observe({ type: "layout-shift", buffered: true });
"""

FIGURES = """() => {
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  const usable = performance.getEntriesByName("usable")[0];
  const sent = performance.getEntriesByType("resource");
  return {
    paint: paint ? paint.startTime : 0,
    usable: usable.startTime,
    bytes: sent
      .filter((one) => /\\.(js|css)$/.test(one.name))
      .reduce((sum, one) => sum + one.encodedBodySize, 0),
    requests: sent.length,
    shift: window.shift,
  };
}"""

USABLE = """() => new Promise((done) => {
  const look = () => {
    const first = document.querySelector("#consent, button.primary:not(:disabled)");
    if (!first) return requestAnimationFrame(look);
    performance.mark("usable");
    done();
  };
  look();
})"""
"""The first that can be done on the page: the consent of somebody new, or the main button."""


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


async def _page_of_somebody(browser: Browser, sandbox: Sandbox) -> str:
    context = await browser.new_context(**WINDOWS[Language.EN])
    chat = await context.new_page()
    await chat.goto(await address_of_guest(sandbox, Language.EN))
    await chat.get_by_role("button", name="START", exact=True).click()
    # The bot knows them once it has answered; the button is there before.
    await chat.get_by_role("button", name=OPEN).wait_for(timeout=WAIT_MS)
    await chat.locator("#page-button").click()
    found = await chat.locator("#app-frame").get_attribute("src")
    await context.close()
    assert found is not None
    return found


async def _slow(page: Page, phone: Phone) -> None:
    cdp = await page.context.new_cdp_session(page)
    await cdp.send("Network.enable")
    await cdp.send("Network.setCacheDisabled", {"cacheDisabled": False})
    await cdp.send("Emulation.setCPUThrottlingRate", {"rate": phone.slower})
    if phone.bits_per_s:
        bytes_per_s = phone.bits_per_s / 8
        speed = {"downloadThroughput": bytes_per_s, "uploadThroughput": bytes_per_s / 2}
        network = {"offline": False, "latency": phone.latency_ms, **speed}
        await cdp.send("Network.emulateNetworkConditions", network)


async def _open(browser: Browser, address: str, phone: Phone) -> dict[str, Any]:
    """Open the page in a new browser's profile; return what it measures."""
    context = await browser.new_context(viewport={"width": 360, "height": 740})
    page = await context.new_page()
    await _slow(page, phone)
    await page.add_init_script(WATCH)
    await page.goto(address, wait_until="commit")
    await page.wait_for_selector("#root")
    await page.evaluate(USABLE)
    await page.wait_for_timeout(1000)
    figures: dict[str, Any] = await page.evaluate(FIGURES)
    await context.close()
    return figures


async def main() -> None:
    """Open the page some times on each phone, and print the medians."""
    whole = sum(
        len(one.compressed) for name, one in files().items() if name.endswith((".js", ".css"))
    )
    say(f"script and style, compressed: {whole / 1000:.1f} kB")
    executable = chromium_path()
    if executable is None:
        say("There is no Chromium: set CHROMIUM_PATH.")
        return
    async with async_playwright() as playwright, running_sandbox("--bot", COACH="off") as sandbox:
        browser = await launch(playwright, executable)
        address = await _page_of_somebody(browser, sandbox)
        for phone in PHONES:
            seen = [await _open(browser, address, phone) for _ in range(ROUNDS)]
            middle = {name: statistics.median(one[name] for one in seen) for name in seen[0]}
            kilobytes, fastest = middle["bytes"] / 1000, min(one["usable"] for one in seen)
            say(
                f"{phone.name}: first paint {middle['paint']:.0f} ms,"
                f" usable {middle['usable']:.0f} ms (fastest {fastest:.0f}),"
                f" {kilobytes:.1f} kB of script and style in {middle['requests']:.0f} requests,"
                f" layout shift {middle['shift']:.3f}"
            )
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
