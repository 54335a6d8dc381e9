"""A tiny Mini App for tests: it says what it is told to, and notes what it hears."""

from playwright.async_api import Frame, FrameLocator, Page, Route, expect

HTML = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Tiny</title>
<h1>Tiny page</h1><script>
  window.heard = [];
  window.launch = new URLSearchParams(location.hash.slice(1));
  window.say = (eventType, eventData) =>
    parent.postMessage(JSON.stringify({ eventType, eventData }), "*");
  addEventListener("message", ({ source, data }) => {
    if (source === parent) heard.push(JSON.parse(data));
  });
  say("web_app_ready");
</script></html>"""


class MiniPage:
    """The sheet on a chat page, and the tiny page in it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.sheet = page.locator("#app")

    async def serve(self) -> None:
        """Put the tiny page where the bot serves its Mini App."""

        async def give(route: Route) -> None:
            await route.fulfill(content_type="text/html", body=HTML)

        await self.page.route("**/app/**", give)

    @property
    def inside(self) -> FrameLocator:
        return self.page.frame_locator("#app-frame")

    async def frame(self) -> Frame:
        await expect(self.inside.get_by_role("heading", name="Tiny page")).to_be_visible()
        await expect(self.sheet).to_have_attribute("data-state", "ready")
        [frame] = self.page.main_frame.child_frames
        return frame

    async def say(self, event: str, **data: object) -> None:
        """Have the page say something, and the sheet hear it."""
        await (await self.frame()).evaluate("([event, data]) => say(event, data)", [event, data])
        await self.page.evaluate("new Promise((heard) => setTimeout(heard))")

    async def hears(self, event: str) -> object:
        """Wait until the page has heard of an event, and return the newest of its kind."""
        frame = await self.frame()
        script = "(event) => heard.findLast((one) => one.eventType === event)"
        found = await frame.wait_for_function(script, arg=event)
        return (await found.json_value()).get("eventData")
