"""Editors: a photo is changed as the prompt says, in each endpoint's own form."""

import base64
import io
from typing import Any

import httpx
import pytest
from PIL import Image

from sandbox.portraits import draw_portraits
from tests.sandbox.fal.fal_kit import TRIGGER, Fal, error_type, photo

FLUX_2 = "fal-ai/flux-2/edit"
LORA = "fal-ai/flux-2/lora/edit"
BANANA = "google/nano-banana-2.1/edit"
FLUX_3 = "blackforestlabs/flux-3/edit-image"
EDITORS = (FLUX_2, LORA, BANANA, FLUX_3)
NAMES = {"trigger_phrase": TRIGGER, "default_caption": f"photo of {TRIGGER} woman"}


async def source(fal: Fal, data: bytes | None = None, name: str = "photo.jpg") -> str:
    return await fal.upload(photo() if data is None else data, name)


async def edited(
    fal: Fal, endpoint: str, prompt: str = "on the beach", **inputs: object
) -> httpx.Response:
    body = {"prompt": prompt, "image_urls": [await source(fal)], **inputs}
    return await fal.result(await fal.submit(endpoint, body))


async def opened(fal: Fal, answer: httpx.Response, index: int = 0) -> Image.Image:
    file = await fal.http.get(answer.json()["images"][index]["url"])
    image = Image.open(io.BytesIO(file.content))
    image.load()
    return image


@pytest.mark.parametrize("endpoint", EDITORS)
async def test_each_editor_changes_a_photo(fal: Fal, endpoint: str) -> None:
    portrait = draw_portraits(0, 1)[0]
    answer = await edited(fal, endpoint, image_urls=[await source(fal, portrait)])
    assert answer.status_code == 200, answer.text
    image = await opened(fal, answer)
    assert image.width / image.height == pytest.approx(3 / 4, abs=0.01)


async def test_flux_2_answers_as_a_generation(fal: Fal) -> None:
    body = (await edited(fal, FLUX_2, num_images=2, seed=2**40)).json()
    assert body["seed"] == 2**40
    assert body["has_nsfw_concepts"] == [False, False]
    assert body["prompt"] == "on the beach"
    assert body["images"][0]["content_type"] == "image/png"
    assert body["images"][0]["url"] != body["images"][1]["url"]


async def test_nano_banana_tells_no_size_no_seed_and_no_flags(fal: Fal) -> None:
    body = (await edited(fal, BANANA, num_images=2, output_format="jpeg")).json()
    assert set(body) == {"images", "description"}
    shown = body["images"][1]
    assert (shown["width"], shown["height"]) == (None, None)
    assert (shown["content_type"], shown["file_name"]) == ("image/jpeg", "1.jpg")


async def test_flux_3_answers_one_picture_and_ignores_what_it_may_not_know(fal: Fal) -> None:
    body = (await edited(fal, FLUX_3, num_images=3, output_format="webp")).json()
    assert set(body) == {"images", "seed"}
    assert [shown["content_type"] for shown in body["images"]] == ["image/jpeg"]


@pytest.mark.parametrize(
    ("endpoint", "inputs", "size"),
    [
        (FLUX_2, {"image_size": "portrait_4_3"}, (768, 1024)),
        (FLUX_2, {"image_size": {"width": 600, "height": 700}}, (600, 700)),
        (FLUX_2, {}, (512, 683)),
        (BANANA, {}, (888, 1184)),
        (BANANA, {"aspect_ratio": "16:9"}, (1368, 768)),
        (BANANA, {"resolution": "2K", "aspect_ratio": "1:1"}, (2048, 2048)),
        (FLUX_3, {"aspect_ratio": "1:1"}, (1024, 1024)),
    ],
)
async def test_the_size_is_the_one_asked_for_or_the_sources(
    fal: Fal, endpoint: str, inputs: dict[str, Any], size: tuple[int, int]
) -> None:
    assert (await opened(fal, await edited(fal, endpoint, **inputs))).size == size


async def test_a_large_or_long_source_is_brought_into_range(fal: Fal) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (5000, 1000)).save(buffer, "PNG")
    url = await source(fal, buffer.getvalue())
    image = await opened(fal, await edited(fal, FLUX_2, "smile", image_urls=[url]))
    assert image.size == (2048, 512)


@pytest.mark.parametrize(
    ("endpoint", "inputs", "field"),
    [
        (FLUX_2, {"image_urls": []}, "image_urls"),
        (FLUX_2, {"image_urls": ["x"] * 5}, "image_urls"),
        (BANANA, {"image_urls": ["x"] * 15}, "image_urls"),
        (FLUX_3, {"image_urls": ["x"] * 11}, "image_urls"),
        (FLUX_2, {"image_size": {"width": 511, "height": 600}}, "image_size"),
        (FLUX_2, {"num_images": 5}, "num_images"),
        (FLUX_2, {"output_format": "gif"}, "output_format"),
        (LORA, {"loras": [{"scale": 1}]}, "loras"),
        (BANANA, {"safety_tolerance": "7"}, "safety_tolerance"),
        (BANANA, {"safety_tolerance": 4}, "safety_tolerance"),
        (BANANA, {"resolution": "3K"}, "resolution"),
        (BANANA, {"aspect_ratio": "1:3"}, "aspect_ratio"),
        (FLUX_3, {"resolution": "1k"}, "resolution"),
    ],
)
async def test_what_is_out_of_range_is_refused(
    fal: Fal, endpoint: str, inputs: dict[str, Any], field: str
) -> None:
    answer = await edited(fal, endpoint, **inputs)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"][:2] == ["body", field]


async def test_a_source_may_be_a_data_uri(fal: Fal) -> None:
    uri = f"data:image/jpeg;base64,{base64.b64encode(photo()).decode()}"
    assert (await edited(fal, FLUX_2, image_urls=[uri])).status_code == 200


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://example.com/a.jpg", "file_download_error"),
        ("data:image/jpeg;base64,***", "file_download_error"),
        ("data:image/jpeg;base64", "file_download_error"),
        ("data:text/plain,words", "image_load_error"),
    ],
)
@pytest.mark.parametrize("endpoint", EDITORS)
async def test_every_source_must_be_a_picture_that_is_there(
    fal: Fal, endpoint: str, url: str, kind: str
) -> None:
    answer = await edited(fal, endpoint, image_urls=[await source(fal), url])
    assert error_type(answer) == kind
    assert answer.json()["detail"][0]["loc"] == ["body", "image_urls", 1]
    assert (await fal.records())[0]["charged_usd"] == 0


async def test_a_photo_is_turned_upright_first(fal: Fal) -> None:
    buffer = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (800, 600), (90, 120, 160)).save(buffer, "JPEG", exif=exif)
    url = await source(fal, buffer.getvalue())
    assert (await opened(fal, await edited(fal, FLUX_2, image_urls=[url]))).size == (600, 800)


async def test_an_edit_takes_only_loras_of_its_own_base_model(fal: Fal) -> None:
    own = await fal.lora("fal-ai/flux-2-trainer-v2", **NAMES)
    foreign = await fal.lora(trigger_word=TRIGGER)
    taken = await edited(fal, LORA, loras=[{"path": own}])
    assert taken.status_code == 200, taken.text
    refused = await edited(fal, LORA, loras=[{"path": own}, {"path": foreign}])
    assert refused.status_code == 422
    assert refused.json()["detail"][0]["loc"] == ["body", "loras", 1, "path"]


@pytest.mark.parametrize(
    ("endpoint", "inputs", "usd"),
    [
        (FLUX_2, {"image_size": "square_hd", "num_images": 2}, 2 * 1.048576 * 0.012),
        (LORA, {"image_size": "square_hd"}, 1.048576 * 0.021),
        (BANANA, {"num_images": 2}, 2 * 0.044),
        (BANANA, {"resolution": "2K"}, 0.063),
        (FLUX_3, {"aspect_ratio": "1:1"}, 0.024),
    ],
)
async def test_edits_are_charged_in_the_units_of_their_price(
    fal: Fal, endpoint: str, inputs: dict[str, Any], usd: float
) -> None:
    await edited(fal, endpoint, **inputs)
    assert (await fal.records())[0]["charged_usd"] == pytest.approx(usd)


async def test_the_price_list_has_the_editors(fal: Fal) -> None:
    query = {"endpoint_id": list(EDITORS)}
    answer = await fal.http.get(f"{fal.api}/models/pricing", params=query)
    prices = [(row["unit_price"], row["unit"]) for row in answer.json()["prices"]]
    assert prices == [
        (0.012, "megapixels"),
        (0.021, "megapixels"),
        (0.044, "images"),
        (0.024, "megapixels"),
    ]


async def test_an_edit_whose_answer_was_lost_is_found_by_its_input(fal: Fal) -> None:
    await fal.scenario(drop_answer_of_submit=1)
    body = {"prompt": "in a forest, 4711", "image_urls": [await source(fal)]}
    with pytest.raises(httpx.RemoteProtocolError):
        await fal.post(BANANA, body)
    query = {"endpoint_id": BANANA, "expand": "payloads"}
    history = f"{fal.api}/models/requests/by-endpoint"
    items = (await fal.http.get(history, params=query)).json()["items"]
    assert [item["json_input"] for item in items] == [body]


async def test_unsafe_edits_are_black_where_there_are_flags_and_refused_elsewhere(
    fal: Fal,
) -> None:
    await fal.scenario(nsfw=True)
    flagged = await edited(fal, FLUX_2)
    assert flagged.json()["has_nsfw_concepts"] == [True]
    assert set(await fal.pixels(flagged)) == {0}
    for endpoint in (BANANA, FLUX_3):
        assert error_type(await edited(fal, endpoint)) == "content_policy_violation"


@pytest.mark.parametrize("endpoint", EDITORS)
async def test_scenarios_of_generations_hold_for_edits(fal: Fal, endpoint: str) -> None:
    await fal.scenario(fail_generation="content_policy_violation")
    assert error_type(await edited(fal, endpoint)) == "content_policy_violation"
    await fal.scenario(fail_generation=None, stall=True)
    body = {"prompt": "smile", "image_urls": [await source(fal)]}
    ticket = await fal.submit(endpoint, body)
    await fal.until(ticket, lambda seen: seen["status"] == "IN_PROGRESS")
    assert (await fal.status(ticket)).json()["status"] == "IN_PROGRESS"


async def test_sync_mode_gives_the_picture_itself(fal: Fal) -> None:
    answer = await edited(fal, FLUX_2, sync_mode=True, output_format="jpeg")
    assert answer.json()["images"][0]["url"].startswith("data:image/jpeg;base64,")
