"""The way to the LoRA files that an input names."""

import asyncio

from sandbox.fal.download import Downloader
from sandbox.fal.endpoints import Family
from sandbox.fal.failures import field_error
from sandbox.fal.job import Job
from sandbox.fal.lora import Lora
from sandbox.fal.safetensors import SafetensorsError


async def fetch_lora(job: Job, family: Family, path: str, index: int, files: Downloader) -> Lora:
    """The LoRA of the input's `loras[index]`.

    Raises:
        JobFailure: It cannot be fetched or read, or was trained for another base model.
    """
    loc: list[str | int] = ["body", "loras", index, "path"]
    data = await files.fetch(path, own=job.submission.origin, loc=loc)
    try:
        lora = await asyncio.to_thread(Lora.from_bytes, data)
    except SafetensorsError as error:
        raise field_error(loc, f"Failed to load the LoRA weights: {error}") from error
    if lora.family != family:
        message = f"The LoRA was trained for {lora.family}, this endpoint runs {family}."
        raise field_error(loc, message)
    return lora
