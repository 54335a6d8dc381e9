"""Generators: pictures that depend on photos, prompt, seed, size and scale."""

import base64
import io
from typing import Any

import pytest
from PIL import Image

from tests.sandbox.fal.fal_kit import (
    FLUX,
    TRIGGER,
    Fal,
    archive,
    error_type,
    photo,
)

PAIRS = [
    ("fal-ai/flux-lora-portrait-trainer", FLUX),
    ("fal-ai/z-image-turbo-trainer-v2", "fal-ai/z-image/turbo/lora"),
    ("fal-ai/flux-2-trainer-v2", "fal-ai/flux-2/lora"),
    ("fal-ai/qwen-image-2512-trainer", "fal-ai/qwen-image-2512/lora"),
]
NAMES = {"trigger_phrase": TRIGGER, "default_caption": f"photo of {TRIGGER} woman"}


def _using(lora: str, scale: float = 1.0) -> dict[str, Any]:
    return {"loras": [{"path": lora, "scale": scale}]}


@pytest.mark.parametrize(("trainer", "generator"), PAIRS)
async def test_each_generator_takes_the_lora_of_its_trainer(
    fal: Fal, trainer: str, generator: str
) -> None:
    lora = await fal.lora(trainer, **NAMES)
    size = {"image_size": {"width": 512, "height": 512}}
    with_person = await fal.picture(f"{TRIGGER} in a park", generator, **size, **_using(lora))
    assert with_person.status_code == 200, with_person.text
    stranger = await fal.picture(f"{TRIGGER} in a park", generator, **size)
    assert await fal.pixels(with_person) != await fal.pixels(stranger)


@pytest.mark.parametrize(("_trainer", "generator"), PAIRS)
@pytest.mark.parametrize(
    ("inputs", "field"),
    [
        ({"num_images": 5}, "num_images"),
        ({"num_images": 0}, "num_images"),
        ({"num_inference_steps": 0}, "num_inference_steps"),
        ({"num_inference_steps": 51}, "num_inference_steps"),
        ({"image_size": "portrait"}, "image_size"),
        ({"loras": [{"path": "https://x", "scale": 4.1}]}, "loras"),
        ({"loras": [{"scale": 1}]}, "loras"),
        ({"output_format": "gif"}, "output_format"),
    ],
)
async def test_every_generator_refuses_what_is_out_of_range(
    fal: Fal, _trainer: str, generator: str, inputs: dict[str, Any], field: str
) -> None:
    answer = await fal.picture("a park", generator, **{"image_size": "square", **inputs})
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"][:2] == ["body", field]


async def test_a_field_that_nobody_knows_is_ignored_as_at_fal(fal: Fal) -> None:
    assert (await fal.picture("a park", no_such_field=1)).status_code == 200


async def test_a_lora_of_another_base_model_is_refused(fal: Fal) -> None:
    lora = await fal.lora("fal-ai/flux-2-trainer-v2", **NAMES)
    answer = await fal.picture(TRIGGER, **_using(lora))
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", "loras", 0, "path"]


async def test_a_lora_that_is_gone_or_foreign_is_refused(fal: Fal) -> None:
    lora = await fal.lora(trigger_word=TRIGGER)
    await fal.scenario(cdn_missing="weights")
    assert error_type(await fal.picture(TRIGGER, **_using(lora))) == "file_download_error"
    foreign = await fal.upload(b"no weights", "a.safetensors")
    await fal.scenario(cdn_missing=None)
    assert (await fal.picture(TRIGGER, **_using(foreign))).status_code == 422


async def test_a_prompt_without_the_trigger_word_draws_a_stranger(fal: Fal) -> None:
    lora = await fal.lora(trigger_word=TRIGGER)
    prompt = "a portrait in a park"
    without = await fal.pixels(await fal.picture(prompt, **_using(lora)))
    nobody = await fal.pixels(await fal.picture(prompt))
    assert without == nobody
    called = await fal.pixels(await fal.picture(f"{TRIGGER.lower()} {prompt}", **_using(lora)))
    assert called != without


async def test_a_picture_depends_on_photos_prompt_seed_and_scale(fal: Fal) -> None:
    first = await fal.lora(trigger_word=TRIGGER)
    red = archive(0, {f"{index}.jpg": photo((230, 20 * index, 20)) for index in range(4)})
    answer = await fal.trained(data=red, trigger_word=TRIGGER)
    second = answer.json()["diffusers_lora_file"]["url"]
    prompt = f"{TRIGGER} on the beach"
    base = await fal.pixels(await fal.picture(prompt, **_using(first)))
    assert base == await fal.pixels(await fal.picture(prompt, **_using(first)))
    others = [
        await fal.picture(prompt, **_using(second)),
        await fal.picture(f"{TRIGGER} in space", **_using(first)),
        await fal.picture(prompt, **_using(first), seed=2),
        await fal.picture(prompt, **_using(first, 0.0)),
        await fal.picture(prompt, **_using(first, 0.4)),
        await fal.picture(prompt, **_using(first, 2.5)),
    ]
    drawn = {base, *[await fal.pixels(other) for other in others]}
    assert len(drawn) == 1 + len(others)


async def test_two_loras_whose_words_are_in_the_prompt_draw_two_people(fal: Fal) -> None:
    loras, colours = [], [(230, 30, 30), (30, 30, 230)]
    for word, (red, green, blue) in zip(("TRIGGER_A", "TRIGGER_B"), colours, strict=True):
        album = archive(0, {f"{one}.jpg": photo((red, green + one, blue)) for one in range(4)})
        trained = await fal.trained(data=album, trigger_word=word)
        loras.append({"path": trained.json()["diffusers_lora_file"]["url"], "scale": 1})

    async def sides(prompt: str, *used: dict[str, Any]) -> list[bool]:
        """Return whether red outweighs blue in the middle of the left half and of the right."""
        answer = await fal.picture(prompt, loras=list(used), image_size="square")
        file = await fal.http.get(answer.json()["images"][0]["url"])
        with Image.open(io.BytesIO(file.content)) as image:
            width, height = image.size
            middles = [(width // 4, height * 2 // 3), (width * 3 // 4, height * 2 // 3)]
            seen = [image.convert("RGB").getpixel(at) for at in middles]
        return [one[0] > one[2] for one in seen if isinstance(one, tuple)]

    both = "TRIGGER_A, TRIGGER_B, in a white studio"
    assert await sides(both, *loras) == [True, False]
    assert await sides(both, *reversed(loras)) == [False, True]
    one_called = await fal.picture("TRIGGER_B, in a white studio", loras=loras)
    alone = await fal.picture("TRIGGER_B, in a white studio", loras=loras[1:])
    assert await fal.pixels(one_called) == await fal.pixels(alone)


@pytest.mark.parametrize(
    ("size", "pixels"),
    [
        ("square", (512, 512)),
        ("portrait_16_9", (576, 1024)),
        ({"width": 321, "height": 123}, (321, 123)),
        (None, (1024, 768)),
    ],
)
async def test_the_size_is_the_one_asked_for(
    fal: Fal, size: str | dict[str, int] | None, pixels: tuple[int, int]
) -> None:
    body = {"prompt": "a king"} | ({"image_size": size} if size else {})
    shown = (await fal.result(await fal.submit(FLUX, body))).json()["images"][0]
    assert (shown["width"], shown["height"]) == pixels
    file = await fal.http.get(shown["url"])
    with Image.open(io.BytesIO(file.content)) as image:
        assert image.size == pixels


async def test_several_pictures_differ_and_seeds_are_echoed_or_drawn(fal: Fal) -> None:
    answer = await fal.picture("a king", num_images=4, seed=2**40)
    assert answer.json()["seed"] == 2**40
    assert answer.json()["has_nsfw_concepts"] == [False] * 4
    assert len({await fal.pixels(answer, index) for index in range(4)}) == 4
    seeds = {(await fal.picture("a king", seed=None)).json()["seed"] for _ in range(3)}
    assert len(seeds) == 3


@pytest.mark.parametrize(
    ("endpoint", "picture_format"),
    [(FLUX, "png"), (FLUX, "jpeg"), ("fal-ai/z-image/turbo/lora", "webp")],
)
async def test_the_format_is_the_one_asked_for(
    fal: Fal, endpoint: str, picture_format: str
) -> None:
    answer = await fal.picture("a king", endpoint, output_format=picture_format)
    shown = answer.json()["images"][0]
    assert shown["content_type"] == f"image/{picture_format}"
    with Image.open(io.BytesIO((await fal.http.get(shown["url"])).content)) as image:
        assert image.format == picture_format.upper()


async def test_flux_lora_knows_no_webp_and_flux_2_no_small_pictures(fal: Fal) -> None:
    webp = await fal.picture("a king", output_format="webp")
    assert error_type(webp) == "enum"
    small = await fal.picture("a king", "fal-ai/flux-2/lora")
    assert small.status_code == 422


async def test_the_newer_generators_take_three_loras_at_most(fal: Fal) -> None:
    four = {"loras": [{"path": "x"}] * 4}
    answer = await fal.picture("a king", "fal-ai/z-image/turbo/lora", **four)
    assert error_type(answer) == "too_long"


async def test_sync_mode_gives_the_picture_itself_and_stores_nothing(fal: Fal) -> None:
    answer = await fal.picture("a king", sync_mode=True)
    url = answer.json()["images"][0]["url"]
    assert url.startswith("data:image/jpeg;base64,")
    assert base64.b64decode(url.split(",")[1]).startswith(b"\xff\xd8")
    assert (await fal.records())[0]["files"] == []


async def test_unsafe_pictures_are_black_and_flagged_but_no_error(fal: Fal) -> None:
    checked = await fal.picture("a king, NSFW", num_images=2)
    assert checked.status_code == 200
    assert checked.json()["has_nsfw_concepts"] == [True, True]
    assert set(await fal.pixels(checked)) == {0}
    unchecked = await fal.picture("a king, nsfw", enable_safety_checker=False)
    assert unchecked.json()["has_nsfw_concepts"] == [False]
    await fal.scenario(nsfw=True)
    assert (await fal.picture("a king")).json()["has_nsfw_concepts"] == [True]


async def test_a_generation_is_charged_by_its_megapixels(fal: Fal) -> None:
    await fal.picture("a king", image_size="square_hd", num_images=2)
    assert (await fal.records())[0]["charged_usd"] == pytest.approx(2 * 1.048576 * 0.035)


async def test_a_picture_beyond_the_sandbox_is_refused(fal: Fal) -> None:
    answer = await fal.picture("a king", image_size={"width": 14_142, "height": 14_142})
    assert error_type(answer) == "image_too_large"
