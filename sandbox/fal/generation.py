"""The generator: a prompt and LoRA files become pictures."""

import asyncio
import base64
import secrets
import time

from sandbox.drawing.picture import (
    DETAIL_PX,
    SKETCH_PX,
    Picture,
    Sitter,
    draw_picture,
    encode,
)
from sandbox.fal.download import Downloader
from sandbox.fal.endpoints import Endpoint, Family
from sandbox.fal.failures import JsonObject, model_error
from sandbox.fal.generation_inputs import GenerationPlan
from sandbox.fal.job import Job
from sandbox.fal.loglines import generation_script
from sandbox.fal.lora_files import fetch_lora
from sandbox.fal.product import ProducedFile, Product

UNSAFE_WORD = "nsfw"
MAX_PIXELS = 16_777_216
"""A limit of the sandbox (4096 x 4096); fal's schema would allow far more."""
MAX_SITTERS = 2
"""So many people fit into a picture of the sandbox."""
_SEED_BITS = 24


async def generate(
    job: Job,
    endpoint: Endpoint,
    plan: GenerationPlan,
    files: Downloader,
    *,
    all_unsafe: bool,
    sketch: bool = False,
) -> Product:
    """Do all of a generation but the waiting.

    Args:
        job: Its log gets the lines.
        endpoint: The generator; its LoRAs must be of the same base model.
        plan: What to draw.
        files: The way to the LoRA files.
        all_unsafe: Every picture is taken for an unsafe one.
        sketch: The pictures are painted roughly, since nobody looks at them.

    Raises:
        JobFailure: A LoRA cannot be fetched or used here, or the size is beyond the sandbox.
    """
    if plan.width * plan.height > MAX_PIXELS:
        raise model_error("image_too_large", ["body", "image_size"])
    job.logs.begin(generation_script(plan.steps))
    began = time.perf_counter()
    sitters = await _sitters(job, endpoint, plan, files)
    seed = plan.seed if plan.seed is not None else secrets.randbits(_SEED_BITS)
    unsafe = all_unsafe or (plan.safety_checker and UNSAFE_WORD in plan.prompt.casefold())
    media = f"image/{plan.picture_format}"
    pictures = [
        Picture(
            plan.prompt,
            plan.width,
            plan.height,
            seed + index,
            sitters,
            unsafe,
            SKETCH_PX if sketch else DETAIL_PX,
        )
        for index in range(plan.num_images)
    ]
    drawn = await asyncio.to_thread(_draw_all, pictures, plan.picture_format)
    timings = {"inference": round(time.perf_counter() - began, 4)}
    made = tuple(
        ProducedFile(f"{index}.{plan.picture_format.replace('jpeg', 'jpg')}", media, data)
        for index, data in enumerate(drawn)
    )

    def answer(urls: list[str]) -> JsonObject:
        if plan.sync_mode:
            urls = [data_uri(file) for file in made]
        pairs = zip(made, urls, strict=True)
        return {
            "images": [_image(endpoint, plan, file, url) for file, url in pairs],
            "timings": timings,
            "seed": seed,
            "has_nsfw_concepts": [unsafe] * len(made),
            "prompt": plan.prompt,
        }

    megapixels = plan.width * plan.height * plan.num_images / 1e6
    return Product(() if plan.sync_mode else made, megapixels, answer)


def _draw_all(pictures: list[Picture], picture_format: str) -> list[bytes]:
    return [encode(draw_picture(picture), picture_format) for picture in pictures]


async def _sitters(
    job: Job, endpoint: Endpoint, plan: GenerationPlan, files: Downloader
) -> tuple[Sitter, ...]:
    """The people of the first two LoRAs that the prompt calls; nobody draws a stranger.

    They stay apart and keep their faces. Whether they do at fal is not known.
    """
    called: list[Sitter] = []
    for index, weight in enumerate(plan.loras):
        lora = await fetch_lora(job, endpoint.family, weight.path, index, files)
        if lora.wakes_on(plan.prompt):
            called.append(Sitter(lora.photos, weight.scale))
    return tuple(called[:MAX_SITTERS])


def data_uri(file: ProducedFile) -> str:
    """Return the file itself as an address."""
    return f"data:{file.content_type};base64,{base64.b64encode(file.data).decode()}"


def _image(endpoint: Endpoint, plan: GenerationPlan, file: ProducedFile, url: str) -> JsonObject:
    shown: JsonObject = {
        "url": url,
        "width": plan.width,
        "height": plan.height,
        "content_type": file.content_type,
    }
    # Only the newer endpoints describe the file itself.
    if endpoint.family is not Family.FLUX_1:
        shown |= {"file_name": file.name, "file_size": len(file.data)}
    return shown
