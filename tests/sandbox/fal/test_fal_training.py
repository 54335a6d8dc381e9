"""Trainers: what they take, refuse, and leave behind."""

import json
import struct
from typing import Any

import pytest

from sandbox.fal.lora import Lora, triggers_of
from sandbox.fal.safetensors import SafetensorsError, read_metadata, write_safetensors
from tests.sandbox.fal.fal_kit import (
    FAST,
    PORTRAIT,
    TRIGGER,
    Fal,
    archive,
    error_type,
    photo,
)

Z_IMAGE = "fal-ai/z-image-turbo-trainer-v2"
FLUX_2 = "fal-ai/flux-2-trainer-v2"
QWEN = "fal-ai/qwen-image-2512-trainer"


async def test_a_training_yields_weights_and_config(fal: Fal) -> None:
    output = (await fal.trained(trigger_word=TRIGGER, steps=700)).json()
    assert set(output) == {"diffusers_lora_file", "config_file"}
    weights = await fal.http.get(output["diffusers_lora_file"]["url"])
    assert len(weights.content) == output["diffusers_lora_file"]["file_size"]
    length = struct.unpack_from("<Q", weights.content)[0]
    header = json.loads(weights.content[8 : 8 + length])
    ends = [v["data_offsets"][1] for k, v in header.items() if k != "__metadata__"]
    assert max(ends) == len(weights.content) - 8 - length
    lora = Lora.from_bytes(weights.content)
    assert (lora.triggers, lora.steps, len(lora.photos)) == ((TRIGGER.casefold(),), 700, 4)
    config = (await fal.http.get(output["config_file"]["url"])).json()
    assert config["trigger_word"] == TRIGGER


async def test_the_portrait_trainer_describes_only_the_address_of_its_weights(fal: Fal) -> None:
    output = (await fal.trained(PORTRAIT, trigger_phrase=TRIGGER)).json()
    weights = output["diffusers_lora_file"]
    assert {key for key, value in weights.items() if value is not None} == {"url"}


@pytest.mark.parametrize("endpoint", [Z_IMAGE, FLUX_2, QWEN])
async def test_the_newer_trainers_fail_without_captions(fal: Fal, endpoint: str) -> None:
    answer = await fal.trained(endpoint)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", "default_caption"]
    assert (await fal.trained(endpoint, default_caption="photo of ohwx man")).status_code == 200


async def test_caption_files_take_the_place_of_a_default_caption(fal: Fal) -> None:
    texts = {f"{index:02d}.txt": b"a photo of qzx man" for index in range(1, 5)}
    answer = await fal.trained(Z_IMAGE, archive(4, texts))
    weights = await fal.http.get(answer.json()["diffusers_lora_file"]["url"])
    assert Lora.from_bytes(weights.content).triggers == ("qzx",)


@pytest.mark.parametrize(
    ("endpoint", "inputs", "field", "kind"),
    [
        (FAST, {"steps": 0}, "steps", "greater_than_equal"),
        (FAST, {"steps": "many"}, "steps", "int_parsing"),
        (PORTRAIT, {"learning_rate": 1}, "learning_rate", "less_than_equal"),
        (FLUX_2, {"steps": 150}, "steps", "multiple_of"),
        (FLUX_2, {"output_lora_format": "a1111"}, "output_lora_format", "enum"),
        (Z_IMAGE, {"steps": 5}, "steps", "greater_than_equal"),
        (QWEN, {"steps": 30_100}, "steps", "less_than_equal"),
    ],
)
async def test_ranges_of_inputs_are_those_of_the_real_schemas(
    fal: Fal, endpoint: str, inputs: dict[str, Any], field: str, kind: str
) -> None:
    answer = await fal.trained(endpoint, **inputs)
    assert answer.status_code == 422
    detail = answer.json()["detail"][0]
    assert (detail["loc"], detail["type"]) == (["body", field], kind)


async def test_the_name_of_the_archive_field_differs_between_trainers(fal: Fal) -> None:
    url = await fal.upload(archive())
    for endpoint, wrong, right in (
        (FAST, "image_data_url", "images_data_url"),
        (FLUX_2, "images_data_url", "image_data_url"),
    ):
        answer = await fal.result(await fal.submit(endpoint, {wrong: url}))
        assert answer.status_code == 422
        assert answer.json()["detail"][0]["loc"] == ["body", right]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"no zip at all", "invalid_archive"),
        (archive()[:200], "invalid_archive"),
        (archive(3), "archive_file_count_below_minimum"),
        (archive(3, {"04.heic": photo()}), "archive_file_count_below_minimum"),
        (archive(3, {"__MACOSX/._04.jpg": b"x"}), "archive_file_count_below_minimum"),
        (archive(3, {".04.jpg": photo()}), "archive_file_count_below_minimum"),
        (archive(3, {"03_mask.jpg": photo()}), "archive_file_count_below_minimum"),
        (archive(4, {"05.jpg": b"no picture"}), "image_load_error"),
        (archive(4, {"05.jpg": photo()[:-40]}), "image_load_error"),
    ],
)
async def test_bad_archives_fail_as_a_trainer_would_say(fal: Fal, data: bytes, kind: str) -> None:
    answer = await fal.trained(FAST, data, trigger_word=TRIGGER)
    assert (answer.status_code, error_type(answer)) == (422, kind)
    assert answer.headers["x-fal-retryable"] == "false"
    assert (await fal.records())[0]["charged_usd"] == 0


async def test_too_few_images_are_counted_in_the_error(fal: Fal) -> None:
    detail = (await fal.trained(FAST, archive(2))).json()["detail"][0]
    assert detail["ctx"]["min_count"] == 4
    assert detail["ctx"]["provided_count"] == 2
    assert "found 2." in detail["msg"]


@pytest.mark.parametrize(
    "url",
    ["https://example.com/a.zip", "data:application/zip;base64,?", "not a url", "{}/gone.zip"],
)
async def test_an_archive_that_cannot_be_fetched_fails(fal: Fal, url: str) -> None:
    body = {"images_data_url": url.format(f"{fal.url}/fal/cdn/files/b/none")}
    answer = await fal.result(await fal.submit(FAST, body))
    assert (answer.status_code, error_type(answer)) == (422, "file_download_error")


async def test_an_expired_archive_cannot_be_fetched(fal: Fal) -> None:
    await fal.scenario(queue_ahead=1)
    url = await fal.upload(archive())
    ticket = await fal.submit(FAST, {"images_data_url": url})
    await fal.scenario(cdn_missing="archives")
    assert error_type(await fal.result(ticket)) == "file_download_error"


def test_captions_win_over_the_trigger_word() -> None:
    assert triggers_of("OHWX", []) == ("ohwx",)
    assert triggers_of("OHWX", ["photo of qzx man", "qzx in a hat"]) == ("qzx",)
    assert triggers_of("OHWX", ["photo of a man", "a hat"]) == ()
    assert triggers_of(None, []) == ()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff" * 16,
        struct.pack("<Q", 2) + b"[]",
        struct.pack("<Q", 3) + b"{{{",
        write_safetensors({}, {"a": [1.0]})[:-1],
        write_safetensors({}, {"a": [1.0]}) + b"x",
    ],
)
def test_broken_safetensors_are_told_apart(data: bytes) -> None:
    with pytest.raises(SafetensorsError):
        read_metadata(data)


def test_safetensors_keep_their_strings() -> None:
    data = write_safetensors({"name": "Анна"}, {"a": [1.0, 2.0], "b": [3.0]})
    assert read_metadata(data) == {"name": "Анна"}
