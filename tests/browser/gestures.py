"""Ways to give files to the page that Playwright has no word for."""

import base64
import mimetypes
from pathlib import Path

from playwright.async_api import Page

_MAKE = """
  const carried = new DataTransfer();
  for (const [name, type, data] of files) {
    const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
    carried.items.add(new File([bytes], name, { type }));
  }
"""
_DROP = f"""
([zone, files]) => {{
  {_MAKE}
  const fire = (type, target) => target.dispatchEvent(
    new DragEvent(type, {{ dataTransfer: carried, bubbles: true, cancelable: true }}));
  fire("dragenter", document.body);
  const target = document.querySelector(zone);
  fire("dragover", target);
  fire("drop", target);
}}
"""
_PASTE = f"""
(files) => {{
  {_MAKE}
  document.getElementById("field").dispatchEvent(
    new ClipboardEvent("paste", {{ clipboardData: carried, bubbles: true, cancelable: true }}));
}}
"""


async def drop_files(page: Page, paths: list[Path], zone: str) -> None:
    """Drag files over the page and drop them on a zone: `photo` or `document`."""
    await page.evaluate(_DROP, [f".drop-zone[data-as={zone}]", [_carried(p) for p in paths]])


async def paste_files(page: Page, paths: list[Path]) -> None:
    """Paste files from the clipboard into the message field."""
    await page.evaluate(_PASTE, [_carried(p) for p in paths])


def _carried(path: Path) -> list[str]:
    kind = mimetypes.guess_type(path.name)[0] or ""
    return [path.name, kind, base64.b64encode(path.read_bytes()).decode()]
