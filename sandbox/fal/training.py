"""The trainer: an archive of photos becomes a LoRA file that remembers a few of them."""

import asyncio
import json

from sandbox.fal.archive import TrainingPhoto, read_archive, thumbnail
from sandbox.fal.download import Downloader
from sandbox.fal.endpoints import Endpoint
from sandbox.fal.failures import JsonObject, field_error
from sandbox.fal.job import Job
from sandbox.fal.loglines import download_line, training_script
from sandbox.fal.lora import Lora, pick_photos, triggers_of
from sandbox.fal.product import ProducedFile, Product
from sandbox.fal.training_inputs import TrainingPlan
from sandbox.portraits import draw_somebody_else

BINARY = "application/octet-stream"
WEIGHTS_NAME = "pytorch_lora_weights.safetensors"
CONFIG_NAME = "config.json"
OTHER_PHOTOS = 3


async def train(
    job: Job,
    endpoint: Endpoint,
    plan: TrainingPlan,
    files: Downloader,
    *,
    wrong_person: bool = False,
) -> Product:
    """Do all of a training but the waiting.

    Args:
        job: Its log gets the lines.
        endpoint: The trainer.
        plan: What to train.
        files: The way to the archive.
        wrong_person: The model remembers photos of somebody else.

    Raises:
        JobFailure: The archive cannot be fetched or used, or captions are missing.
    """
    loc: list[str | int] = ["body", plan.archive_field]
    job.logs.begin([download_line(plan.archive_url)])
    data = await files.fetch(plan.archive_url, own=job.submission.origin, loc=loc)
    photos = await asyncio.to_thread(read_archive, data, plan.archive_field)
    captions = _captions(plan, photos)
    job.logs.begin([*job.logs.script, *training_script(len(photos), plan.steps)])
    thumbnails = [photo.thumbnail for photo in photos]
    if wrong_person:
        thumbnails = await asyncio.to_thread(_somebody_else)
    lora = Lora(
        endpoint.family,
        triggers_of(plan.trigger, captions),
        plan.default_caption,
        plan.steps,
        pick_photos(thumbnails),
    )
    weights = ProducedFile(WEIGHTS_NAME, BINARY, lora.to_bytes())
    config = ProducedFile(CONFIG_NAME, BINARY, _config(endpoint, plan, len(photos)))

    def answer(urls: list[str]) -> JsonObject:
        made = zip((weights, config), urls, strict=True)
        lora_file, config_file = (_file(plan, file, url) for file, url in made)
        return {"diffusers_lora_file": lora_file, "config_file": config_file}

    return Product((weights, config), plan.steps, answer)


def _somebody_else() -> list[bytes]:
    drawn = draw_somebody_else(OTHER_PHOTOS)
    return [thumbnail(portrait, f"{number}.jpg", []) for number, portrait in enumerate(drawn)]


def _captions(plan: TrainingPlan, photos: list[TrainingPhoto]) -> list[str]:
    """Every caption there is, with the default one for photos that lack their own."""
    written = [photo.caption or plan.default_caption for photo in photos]
    missing = [photo.name for photo, text in zip(photos, written, strict=True) if not text]
    if missing and plan.caption_required:
        raise field_error(
            ["body", "default_caption"],
            f"No caption for {missing[0]} ({len(missing)} images in all) and no default_caption.",
        )
    captions = [text for text in written if text]
    return [text.replace("[trigger]", plan.trigger or "") for text in captions]


def _config(endpoint: Endpoint, plan: TrainingPlan, photos: int) -> bytes:
    content = {
        "trainer": endpoint.id,
        "base_model": endpoint.family,
        "steps": plan.steps,
        "trigger_word": plan.trigger,
        "default_caption": plan.default_caption,
        "images": photos,
        "sandbox": True,
    }
    return json.dumps(content, ensure_ascii=False, indent=2).encode()


def _file(plan: TrainingPlan, file: ProducedFile, url: str) -> JsonObject:
    if not plan.full_file_details and file.name == WEIGHTS_NAME:
        return {"url": url, "content_type": None, "file_name": None, "file_size": None}
    return {
        "url": url,
        "content_type": file.content_type,
        "file_name": file.name,
        "file_size": len(file.data),
    }
