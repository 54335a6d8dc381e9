"""Every trainer and generator of the table before a fal that validates by its own schemas."""

import asyncio
import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from sandbox.fal.endpoints import ENDPOINTS
from services.domain.vocabulary import PictureShape, PictureSize, Subject
from services.errors import FalRejected
from services.fal.client import FalClient
from services.fal.endpoints import GENERATORS, SIZES, TRAINERS, Generator, Trainer
from services.fal.gateway import Ended, GenerationOrder, Job, MadeImages, TrainingOrder
from tests.services.kit import FLUX, FLUX_2, jpeg

ROWS = [*TRAINERS.values(), *GENERATORS.values()]
LOOK_EVERY_S = 0.01
WORD = "ANNA_A3F2"
RANGES = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "type")


def photos(count: int) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        for number in range(1, count + 1):
            made.writestr(f"{number:02d}.jpg", jpeg(number))
    return packed.getvalue()


def bounds_of_steps(trainer: str) -> tuple[int, int]:
    given = TRAINERS[trainer].input_model.model_json_schema()["properties"]["steps"]
    return given["minimum"], given["maximum"]


async def ended(fal: FalClient, job: Job) -> Job:
    async with asyncio.timeout(20):
        status = await fal.status(job)
        while not isinstance(status, Ended):
            await asyncio.sleep(LOOK_EVERY_S)
            status = await fal.status(job)
    return job


def smallest_order(trainer: str, url: str) -> TrainingOrder:
    steps, _ = bounds_of_steps(trainer)
    return TrainingOrder(url, WORD, Subject.MAN, steps, 1, 1, learning_rate=1e-6)


async def lora_of(fal: FalClient, trainer: str, order: TrainingOrder) -> str:
    job = await fal.submit_training(trainer, order)
    return (await fal.trained_lora(await ended(fal, job))).lora_url


async def pictures(fal: FalClient, generator: str, order: GenerationOrder) -> MadeImages:
    job = await fal.submit_generation(generator, order)
    return await fal.made_images(await ended(fal, job))


@pytest.fixture
async def archive_url(fal: FalClient, tmp_path: Path) -> str:
    path = tmp_path / "photos.zip"
    path.write_bytes(photos(4))
    return await fal.upload_archive(path)


@pytest.mark.parametrize("trainer", list(TRAINERS))
async def test_the_smallest_and_the_fullest_request_of_a_trainer_and_its_generator(
    fal: FalClient, archive_url: str, trainer: str
) -> None:
    smallest = smallest_order(trainer, archive_url)
    await lora_of(fal, trainer, smallest)
    _, most_steps = bounds_of_steps(trainer)
    fullest = replace(smallest, steps=most_steps, lora_rank=128, learning_rate=1e-3)
    lora_url = await lora_of(fal, trainer, fullest)

    generator = TRAINERS[trainer].generator
    made = await pictures(fal, generator, GenerationOrder(prompt="a", lora_url=lora_url))
    assert len(made.images) == 1
    most = GenerationOrder(
        prompt=f"{WORD}, {'x' * 1000}",
        lora_url=lora_url,
        lora_scale=4.0,
        shape=PictureShape.TALL,
        num_images=4,
        seed=1_234_567_890,
    )
    made = await pictures(fal, generator, most)
    assert (len(made.images), made.seed) == (4, 1_234_567_890)
    image = made.images[0]
    assert (image.width, image.height, image.is_flagged) == (576, 1024, False)
    with Image.open(io.BytesIO(await fal.download(image.url, 10**7))) as opened:
        assert (opened.size, opened.format) == ((576, 1024), "JPEG")


@pytest.mark.parametrize("generator", list(GENERATORS))
async def test_a_picture_has_the_size_its_price_is_reckoned_with(
    fal: FalClient, archive_url: str, generator: str
) -> None:
    trainer = next(row.endpoint for row in TRAINERS.values() if row.generator == generator)
    lora_url = await lora_of(fal, trainer, smallest_order(trainer, archive_url))
    for shape, size in SIZES.items():
        order = GenerationOrder(prompt=WORD, lora_url=lora_url, shape=shape)
        (image,) = (await pictures(fal, generator, order)).images
        assert (image.width, image.height) == (size.width_px, size.height_px)
    order = GenerationOrder(prompt=WORD, lora_url=lora_url, size=PictureSize.HD)
    (image,) = (await pictures(fal, generator, order)).images
    with Image.open(io.BytesIO(await fal.download(image.url, 10**7))) as opened:
        assert opened.size == (image.width, image.height) == (1152, 1536)


async def test_a_lora_of_another_base_model_is_refused(fal: FalClient, archive_url: str) -> None:
    lora_url = await lora_of(fal, FLUX_2, smallest_order(FLUX_2, archive_url))
    order = GenerationOrder(prompt=WORD, lora_url=lora_url)
    with pytest.raises(FalRejected):
        await pictures(fal, FLUX, order)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.endpoint)
def test_our_fields_and_ranges_are_those_of_the_endpoint(row: Trainer | Generator) -> None:
    ours = row.input_model.model_json_schema()
    theirs = ENDPOINTS[row.endpoint].schema.model_json_schema()
    # fal ignores what it does not know, so a misspelt field would never be noticed there.
    assert set(ours["properties"]) <= set(theirs["properties"])
    assert set(theirs["required"]) <= set(ours["required"])
    for name in ("steps", "num_images", "num_inference_steps", "guidance_scale"):
        if name in ours["properties"]:
            assert _range(ours, name) == _range(theirs, name), name


def _range(schema: dict[str, Any], name: str) -> dict[str, Any]:
    given = schema["properties"][name]
    kinds = [kind for kind in given.get("anyOf", [given]) if kind["type"] != "null"]
    return {key: kinds[0][key] for key in RANGES if key in kinds[0]}
