"""The editors' work: the first picture is changed as the prompt says."""

import asyncio
import io
import secrets
import time

from PIL import Image, ImageOps, UnidentifiedImageError

from sandbox.drawing.edits import DETAIL_PX, Edit, draw_edit
from sandbox.drawing.picture import SKETCH_PX, encode
from sandbox.fal.download import Downloader
from sandbox.fal.editing_inputs import AnswerForm, EditPlan
from sandbox.fal.endpoints import Endpoint
from sandbox.fal.failures import JsonObject, model_error
from sandbox.fal.generation import UNSAFE_WORD, data_uri
from sandbox.fal.job import Job
from sandbox.fal.loglines import generation_script
from sandbox.fal.lora_files import fetch_lora
from sandbox.fal.product import ProducedFile, Product

_SEED_BITS = 24


async def edit(
    job: Job,
    endpoint: Endpoint,
    plan: EditPlan,
    files: Downloader,
    *,
    all_unsafe: bool,
    sketch: bool = False,
) -> Product:
    """Do all of an edit but the waiting.

    The further sources are fetched and opened, and the LoRAs too, but the picture is made of the
    first source alone: its face stays, whoever the LoRA knows. Where a result has no flags for
    unsafe pictures, one ends the job instead.

    Args:
        job: Its log gets the lines.
        endpoint: The editor; its LoRAs must be of the same base model.
        plan: What to change.
        files: The way to the sources and to the LoRA files.
        all_unsafe: Every picture is taken for an unsafe one.
        sketch: The pictures are worked on roughly, since nobody looks at them.

    Raises:
        JobFailure: A source or a LoRA cannot be fetched or used, or the content is refused.
    """
    job.logs.begin(generation_script(plan.steps))
    began = time.perf_counter()
    source = await _first_source(job, plan, files)
    for index, weight in enumerate(plan.loras):
        await fetch_lora(job, endpoint.family, weight.path, index, files)
    unsafe = all_unsafe or (plan.safety_checker and UNSAFE_WORD in plan.prompt.casefold())
    if unsafe and plan.form is not AnswerForm.FLUX_2:
        raise model_error("content_policy_violation", ["body", "prompt"])
    seed = plan.seed if plan.seed is not None else secrets.randbits(_SEED_BITS)
    size = plan.size.of(source.size)
    detail_px = SKETCH_PX if sketch else DETAIL_PX
    edits = [
        Edit(source, plan.prompt, *size, seed + index, unsafe, detail_px)
        for index in range(plan.num_images)
    ]
    drawn = await asyncio.to_thread(_draw_all, edits, plan.picture_format)
    made = tuple(
        ProducedFile(
            f"{index}.{plan.picture_format.replace('jpeg', 'jpg')}",
            f"image/{plan.picture_format}",
            data,
        )
        for index, data in enumerate(drawn)
    )
    told = _beside_pictures(plan, seed, round(time.perf_counter() - began, 4), unsafe=unsafe)

    def answer(urls: list[str]) -> JsonObject:
        if plan.sync_mode:
            urls = [data_uri(file) for file in made]
        pairs = zip(made, urls, strict=True)
        return {"images": [_image(plan, size, file, url) for file, url in pairs], **told}

    units = plan.units(*size) * len(made)
    return Product(() if plan.sync_mode else made, units, answer)


async def _first_source(job: Job, plan: EditPlan, files: Downloader) -> Image.Image:
    """The first picture, upright; all of them must be pictures."""
    opened: list[Image.Image] = []
    for index, url in enumerate(plan.image_urls):
        loc: list[str | int] = ["body", "image_urls", index]
        data = await files.fetch(url, own=job.submission.origin, loc=loc)
        try:
            opened.append(await asyncio.to_thread(_opened, data))
        except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
            raise model_error("image_load_error", loc) from error
    return opened[0]


def _opened(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as image:
        return ImageOps.exif_transpose(image).convert("RGB")


def _draw_all(edits: list[Edit], picture_format: str) -> list[bytes]:
    return [encode(draw_edit(edit), picture_format) for edit in edits]


def _beside_pictures(plan: EditPlan, seed: int, took_s: float, *, unsafe: bool) -> JsonObject:
    match plan.form:
        case AnswerForm.FLUX_2:
            return {
                "timings": {"inference": took_s},
                "seed": seed,
                "has_nsfw_concepts": [unsafe] * plan.num_images,
                "prompt": plan.prompt,
            }
        case AnswerForm.GOOGLE:
            return {"description": ""}
        case AnswerForm.FLUX_3:
            return {"seed": seed}


def _image(plan: EditPlan, size: tuple[int, int], file: ProducedFile, url: str) -> JsonObject:
    # Google's models tell no size; who needs it opens the file.
    width, height = (None, None) if plan.form is AnswerForm.GOOGLE else size
    return {
        "url": url,
        "width": width,
        "height": height,
        "content_type": file.content_type,
        "file_name": file.name,
        "file_size": len(file.data),
    }
