"""Does what the plan says: pays for each thing once, and leaves nothing running."""

import asyncio
import secrets
import tempfile
from pathlib import Path

from services.domain.vocabulary import PictureShape, PictureSize, Subject
from services.errors import FalError, FalUnavailable
from services.fal.client import FalClient
from services.fal.gateway import EditOrder, GenerationOrder, TrainedLora, TrainingOrder
from services.fal.platform import PLATFORM_URL, moment
from services.photos.worker import PhotoWorker
from services.verify.about_fal import CANCELLED, EDIT, PICTURE, TRAINING
from services.verify.about_platform import WITH_OFFSET, WITH_Z
from services.verify.about_telegram import ALBUM, PHOTO, WEIGHTS
from services.verify.drawings import drawings
from services.verify.evidence import Chat, Evidence, JobSeen
from services.verify.plan import MOST_MESSAGES
from services.verify.watching import Pace, Watcher

TRIGGER_WORD = "ohwxverify"
LEARNING_RATE = 1e-4
"""Within the range of every trainer."""

MOST_FILE_BYTES = 10 * 1024 * 1024
"""Of the weights, which may be larger, only the headers are wanted."""


class Verification:
    """One run.

    Args:
        fal: The gateway, which shows its answers to `evidence`.
        admin: The same with the admin key, where there is one.
        chat: The operator's chat.
        evidence: Where it is noted what was seen.
        watcher: Submits and watches.
        pace: How often is asked.
    """

    def __init__(
        self,
        fal: FalClient,
        admin: FalClient | None,
        chat: Chat,
        evidence: Evidence,
        watcher: Watcher,
        pace: Pace,
    ) -> None:
        self._fal = fal
        self._admin = admin
        self._chat = chat
        self._seen = evidence
        self._watcher = watcher
        self._pace = pace

    async def run(self) -> None:
        """Do all of it; whatever ends it, what is under way is cancelled or named."""
        try:
            await self._all()
        except FalError as error:
            self._seen.trouble.append(f"stopped early: {type(error).__name__}: {error}")
        finally:
            await self._watcher.clear()

    async def _all(self) -> None:
        await self._ask_dates()
        # First, while the chat is quiet: a training gives it time to recover.
        if self._seen.plan.floods:
            self._seen.flood = await self._chat.burst(MOST_MESSAGES)
        lora = await self._train()
        if lora is None:
            self._seen.trouble.append("without trained weights no picture was asked for")
        else:
            await self._make_picture(lora)
            seen = await self._order_picture(CANCELLED, lora)
            await self._watcher.stop(seen)
            await self._watcher.watch(seen, self._fal.made_images)
        await self._read_charges()

    async def _ask_dates(self) -> None:
        start = moment(self._watcher.since)
        for form in (WITH_Z, WITH_OFFSET):
            asked = {
                "endpoint_id": self._seen.plan.trainer,
                "start": start.replace("Z", form),
                "limit": 1,
            }
            try:
                answer = await self._fal.ask(f"{PLATFORM_URL}/models/requests/by-endpoint", asked)
            except FalUnavailable as error:
                self._seen.trouble.append(f"the history did not answer to {form}: {error}")
            else:
                self._seen.dates[form] = answer.status_code

    async def _train(self) -> TrainedLora | None:
        plan = self._seen.plan
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "photos.zip"
            async with PhotoWorker() as worker, worker.archive(path) as archive:
                for drawing in drawings():
                    await worker.add_to_archive(archive, drawing)
            url = await self._fal.upload_archive(path)
        order = TrainingOrder(url, TRIGGER_WORD, Subject.PERSON, plan.steps, 16, 1, LEARNING_RATE)
        request = self._fal.submit_training(plan.trainer, order)
        seen = await self._watcher.submit(TRAINING, plan.trainer, url, plan.training_usd, request)
        return await self._watcher.watch(seen, self._fal.trained_lora)

    async def _order_picture(self, name: str, lora: TrainedLora) -> JobSeen:
        plan, mark = self._seen.plan, secrets.token_hex(8)
        prompt = f"a photo of {TRIGGER_WORD} person, {mark}"
        order = GenerationOrder(prompt, lora.lora_url, seed=7)
        request = self._fal.submit_generation(plan.generator, order)
        return await self._watcher.submit(name, plan.generator, mark, plan.picture_usd, request)

    async def _make_picture(self, lora: TrainedLora) -> None:
        seen = await self._order_picture(PICTURE, lora)
        made = await self._watcher.watch(seen, self._fal.made_images)
        if made is None:
            return
        picture = made.images[0].url
        for url in (picture, lora.lora_url):
            await self._fetch(url)
        if self._seen.plan.editor:
            await self._change(picture)
        self._seen.chat[PHOTO] = await self._chat.photo(picture)
        self._seen.chat[ALBUM] = await self._chat.album([picture, picture])
        self._seen.chat[WEIGHTS] = await self._chat.document(lora.lora_url)

    async def _change(self, picture: str) -> None:
        """Have a picture changed; an edit model that fal knows no more stops nothing else."""
        plan, mark = self._seen.plan, secrets.token_hex(8)
        order = EditOrder(
            f"make the background plain grey, {mark}",
            picture,
            PictureShape.PORTRAIT,
            PictureSize.STANDARD,
            seed=7,
        )
        request = self._fal.submit_edit(plan.editor, order)
        try:
            seen = await self._watcher.submit(EDIT, plan.editor, mark, plan.edit_usd, request)
        except FalError as error:
            self._seen.trouble.append(f"no edit was taken: {type(error).__name__}: {error}")
        else:
            await self._watcher.watch(seen, self._fal.made_images)

    async def _fetch(self, url: str) -> None:
        try:
            await self._fal.download(url, MOST_FILE_BYTES)
        except FalError as error:
            self._seen.trouble.append(f"a file was not fetched: {type(error).__name__}: {error}")

    async def _read_charges(self) -> None:
        """Ask until the job that ended well is listed; charges may come late."""
        jobs = {seen.job.request_id: seen for seen in self._seen.jobs if seen.job}
        if self._admin is None or not jobs:
            return
        for _ in range(self._pace.looks):
            charged = await self._admin.charged_usd(list(jobs), self._watcher.since)
            for request_id, usd in charged.items():
                if request_id in jobs:
                    jobs[request_id].charged_usd = usd
            if all(s.charged_usd is not None for s in jobs.values() if s.outcome == "ok"):
                return
            await asyncio.sleep(self._pace.look_s)
