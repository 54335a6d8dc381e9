"""The enlargers' work: a picture becomes a larger one."""

import asyncio
import io
import math

from PIL import Image, ImageFilter, UnidentifiedImageError

from sandbox.fal.download import Downloader
from sandbox.fal.enlarging_inputs import EnlargingPlan
from sandbox.fal.failures import JsonObject, field_error, model_error
from sandbox.fal.ids import uuid7
from sandbox.fal.job import Job
from sandbox.fal.loglines import generation_script
from sandbox.fal.product import ProducedFile, Product

MAX_PIXELS = 36_000_000
"""A limit of the sandbox (6000 x 6000); fal's own is not published."""

PLACE: list[str | int] = ["body", "image_url"]


async def enlarge(job: Job, plan: EnlargingPlan, files: Downloader) -> Product:
    """Do all of an enlargement but the waiting.

    Raises:
        JobFailure: The picture cannot be fetched or opened, or it would be beyond the sandbox.
    """
    job.logs.begin(generation_script(1))
    data = await files.fetch(plan.image_url, own=job.submission.origin, loc=PLACE)
    try:
        larger, width, height = await asyncio.to_thread(_enlarged, data, plan)
    except (UnidentifiedImageError, OSError) as error:
        raise field_error(PLACE, "Failed to load the image.") from error
    media = f"image/{plan.picture_format.of_pillow}"
    file = ProducedFile(f"{uuid7()}.{plan.picture_format}", media, larger)

    def answer(urls: list[str]) -> JsonObject:
        shown: JsonObject = {
            "url": urls[0],
            "content_type": file.content_type,
            "file_name": file.name,
            "file_size": len(file.data),
            "width": width,
            "height": height,
        }
        return {"images": [shown]} if plan.in_list else {"image": shown, "seed": 0}

    return Product((file,), math.ceil(width * height / 1024**2), answer)


def _enlarged(data: bytes, plan: EnlargingPlan) -> tuple[bytes, int, int]:
    with Image.open(io.BytesIO(data)) as opened:
        picture = opened.convert("RGB")
    factor = plan.factor
    if plan.target_px is not None:
        factor = plan.target_px / min(picture.size)
    width, height = round(picture.width * factor), round(picture.height * factor)
    if width * height > MAX_PIXELS:
        raise model_error("image_too_large", PLACE)
    larger = picture.resize((width, height), Image.Resampling.BICUBIC)
    larger = larger.filter(ImageFilter.UnsharpMask(radius=2, percent=60, threshold=2))
    out = io.BytesIO()
    larger.save(out, plan.picture_format.of_pillow, quality=90)
    return out.getvalue(), width, height
