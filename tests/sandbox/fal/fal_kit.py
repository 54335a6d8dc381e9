"""What the tests of the emulator share: a client of its addresses, photos and archives."""

import asyncio
import io
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
from PIL import Image

from sandbox.fal import Clock, ClockMode, FalEmulator

KEY = {"Authorization": "Key sandbox-id:sandbox-secret"}
ADMIN = {"Authorization": "Key sandbox-admin-id:sandbox-admin-secret"}
FAST = "fal-ai/flux-lora-fast-training"
PORTRAIT = "fal-ai/flux-lora-portrait-trainer"
FLUX = "fal-ai/flux-lora"
TRIGGER = "ANNA_A3F2"


class WallClock:
    """Unix time that a test can push forward."""

    def __init__(self) -> None:
        self.shift = 0.0

    def __call__(self) -> float:
        return time.time() + self.shift


@dataclass
class Fal:
    """The emulator and an HTTP client that carries the key."""

    emulator: FalEmulator
    url: str
    http: httpx.AsyncClient
    wall: WallClock
    deadline_s: float = 60.0

    @property
    def queue(self) -> str:
        return f"{self.url}/fal/queue"

    @property
    def api(self) -> str:
        return f"{self.url}/fal/api/v1"

    def set_clock(self, mode: ClockMode, value: float = 30) -> None:
        self.emulator.clock = Clock(mode=mode, value=value)

    async def scenario(self, **faults: object) -> None:
        answer = await self.http.put(f"{self.url}/sandbox/fal/scenario", json=faults)
        assert answer.status_code == 200, answer.text

    async def post(
        self,
        endpoint: str,
        body: object,
        headers: dict[str, str] | None = None,
        params: dict[str, str] | None = None,
    ) -> httpx.Response:
        url = f"{self.queue}/{endpoint}"
        return await self.http.post(url, json=body, headers=headers, params=params)

    async def submit(
        self, endpoint: str, body: object, headers: dict[str, str] | None = None
    ) -> dict[str, Any]:
        answer = await self.post(endpoint, body, headers)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def status(self, ticket: dict[str, Any], logs: str = "1") -> httpx.Response:
        return await self.http.get(ticket["status_url"], params={"logs": logs})

    async def until(
        self, ticket: dict[str, Any], wanted: Callable[[dict[str, Any]], bool]
    ) -> dict[str, Any]:
        """Poll until the status is as wanted."""
        async with asyncio.timeout(self.deadline_s):
            while True:
                body = (await self.status(ticket)).json()
                if wanted(body):
                    return dict(body)
                # Polling without a pause would take the machine from the work that is waited for.
                await self.emulator.engine.bell.wait(0.005)

    async def followed(self, ticket: dict[str, Any]) -> list[dict[str, Any]]:
        """Every status that polling sees, up to the end."""
        seen: list[dict[str, Any]] = []

        def noted(body: dict[str, Any]) -> bool:
            seen.append(body)
            return bool(body["status"] == "COMPLETED")

        await self.until(ticket, noted)
        return seen

    async def completed(self, ticket: dict[str, Any]) -> dict[str, Any]:
        return await self.until(ticket, lambda body: body["status"] == "COMPLETED")

    async def result(self, ticket: dict[str, Any]) -> httpx.Response:
        await self.completed(ticket)
        return await self.http.get(ticket["response_url"])

    async def upload(self, data: bytes, name: str = "photos.zip") -> str:
        """The two-call upload; gives the file's address."""
        initiated = await self.http.post(
            f"{self.url}/fal/rest/storage/upload/initiate",
            params={"storage_type": "gcs"},
            json={"file_name": name, "content_type": "application/zip"},
        )
        body = initiated.json()
        (await self.http.put(body["upload_url"], content=data)).raise_for_status()
        return str(body["file_url"])

    async def trained(
        self, endpoint: str = FAST, data: bytes | None = None, **inputs: object
    ) -> httpx.Response:
        """The result of a whole training on four plain photos or on `data`."""
        url = await self.upload(archive() if data is None else data)
        body = {"images_data_url": url, "image_data_url": url} | inputs
        return await self.result(await self.submit(endpoint, body))

    async def lora(self, endpoint: str = FAST, **inputs: object) -> str:
        """The address of a new LoRA."""
        answer = await self.trained(endpoint, None, **inputs)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["diffusers_lora_file"]["url"])

    async def picture(self, prompt: str, endpoint: str = FLUX, **inputs: object) -> httpx.Response:
        """The result of a small generation."""
        body = {"prompt": prompt, "image_size": {"width": 192, "height": 256}, "seed": 1} | inputs
        return await self.result(await self.submit(endpoint, body))

    async def pixels(self, answer: httpx.Response, index: int = 0) -> bytes:
        """The decoded picture of an answer."""
        file = await self.http.get(answer.json()["images"][index]["url"])
        with Image.open(io.BytesIO(file.content)) as image:
            return image.convert("RGB").tobytes()

    async def records(self) -> list[dict[str, Any]]:
        return list((await self.http.get(f"{self.url}/sandbox/fal/jobs")).json()["jobs"])


def photo(color: tuple[int, int, int] = (200, 120, 90), kind: str = "JPEG") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (96, 128), color).save(buffer, kind)
    return buffer.getvalue()


def archive(count: int = 4, extra: dict[str, bytes] | None = None) -> bytes:
    """A zip of plain photos `01.jpg`… and whatever else by name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for index in range(count):
            made.writestr(f"{index + 1:02d}.jpg", photo((30 * index + 60, 90, 140)))
        for name, data in (extra or {}).items():
            made.writestr(name, data)
    return buffer.getvalue()


def error_type(answer: httpx.Response) -> str:
    return str(answer.json()["detail"][0]["type"])
