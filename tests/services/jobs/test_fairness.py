"""Whatever one user's pictures wait for, another user's picture goes first."""

import asyncio
from decimal import Decimal

from db.database import Database
from services.domain.values import Place
from services.fal.client import FalClient
from services.fal.gateway import GenerationOrder, Job, MadeImages
from services.generation.ordering import Ordering
from services.generation.service import GenerationService
from services.jobs.carrier import Carrier
from services.jobs.nursery import Nursery
from services.money.prices import PriceList
from tests.services.jobs.scripted_fal import IMAGES, ScriptedFal
from tests.services.jobs.test_every_ending import RULES
from tests.services.kit import Notes, generation_jobs, keep_model, paid_context, wide_ledger

BUSY, FLOODED, DRIPPING, CALM = 1, 2, range(10, 18), 3


class SlowFal(ScriptedFal):
    """Names a job by its prompt and number; some results never come, some submits neither."""

    async def submit_generation(self, generator: str, order: GenerationOrder) -> Job:  # noqa: ARG002
        await self._answer("submit")
        prompt = order.prompt.split(", ", 1)[1]
        if prompt == "hangs at the submit":
            await asyncio.Event().wait()
        self.taken[prompt] += 1
        name = f"{prompt} {self.taken[prompt]}"
        return Job(name, "https://status", "https://response", "https://cancel")

    async def made_images(self, job: Job) -> MadeImages:
        await self._answer("images")
        if job.request_id.startswith("drips"):
            await asyncio.Event().wait()
        return IMAGES


class FloodedChat(Notes):
    """A chat in which Telegram lets everybody wait whose id is in `flooded`."""

    def __init__(self) -> None:
        super().__init__()
        self.flooded: set[str] = set()
        self.waiting: set[str] = set()

    async def generation_ended(self, generation_id: str) -> None:
        if generation_id in self.flooded:
            self.waiting.add(generation_id)
            await asyncio.Event().wait()
        await super().generation_ended(generation_id)


async def test_another_users_picture_goes_first(database: Database) -> None:
    prices = PriceList(FalClient("a:b"), Decimal(2), Decimal("0.035"))
    service = GenerationService(database, Ordering(prices, wide_ledger()), lambda _: None)
    fal, chat = SlowFal(), FloodedChat()
    jobs = generation_jobs(paid_context(database, fal, RULES), chat)

    async def ask(user_id: int, prompt: str, number: int = 0) -> str:
        asked = await service.generate(
            user_id, Place(user_id), prompt, f"message:{prompt}:{number}"
        )
        return asked.id

    for user_id in (BUSY, FLOODED, CALM, *DRIPPING):
        await keep_model(database, "https://v3.fal.media/lora", user_id)
    busy = [await ask(BUSY, "drips", number) for number in range(24)]
    busy += [await ask(BUSY, "hangs at the submit", number) for number in range(24)]
    flooded = [await ask(FLOODED, "portrait photo", number) for number in range(24)]
    dripping = [await ask(user_id, "drips") for user_id in DRIPPING]
    calm = await ask(CALM, "portrait photo")
    chat.flooded = set(flooded)

    async with Nursery() as nursery:
        carrier = Carrier("generation", nursery, jobs.step)
        for job_id in (*busy, *flooded, *dripping):
            carrier.carry(job_id)
        async with asyncio.timeout(60):
            while fal.calls["images"] < len(DRIPPING) or not chat.waiting:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            carrier.carry(calm)
            while not chat.ended_generations:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        assert chat.ended_generations == [calm]
