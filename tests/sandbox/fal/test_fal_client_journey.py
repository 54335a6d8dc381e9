"""The whole way with the real client: archive up, training, picture back."""

import io

import fal_client
import pytest
from PIL import Image

from sandbox.fal import ClockMode
from tests.sandbox.fal.fal_kit import FAST, FLUX, TRIGGER, Fal, archive, photo


async def test_the_real_client_trains_and_generates(
    fal: Fal, client: fal_client.AsyncClient
) -> None:
    url = await client.upload(archive(5), "application/zip", file_name="photos.zip")
    handle = await client.submit(
        FAST, {"images_data_url": url, "trigger_word": TRIGGER, "steps": 500}
    )
    trained = await handle.get()
    lora = trained["diffusers_lora_file"]["url"]
    answer = await client.subscribe(
        FLUX,
        {
            "prompt": f"{TRIGGER}, portrait",
            "image_size": "square",
            "loras": [{"path": lora, "scale": 1.0}],
            "seed": 7,
        },
    )
    assert answer["seed"] == 7
    assert answer["prompt"] == f"{TRIGGER}, portrait"
    assert answer["has_nsfw_concepts"] == [False]
    picture = await fal.http.get(answer["images"][0]["url"])
    assert picture.headers["content-type"] == "image/jpeg"
    with Image.open(io.BytesIO(picture.content)) as image:
        assert image.size == (512, 512)


async def test_the_real_client_sees_queue_progress_and_logs(
    fal: Fal, client: fal_client.AsyncClient
) -> None:
    fal.set_clock(ClockMode.POLLS, 3)
    await fal.scenario(queue_ahead=2)
    url = await fal.upload(archive())
    handle = await client.submit(FAST, {"images_data_url": url, "trigger_word": TRIGGER})
    seen = [event async for event in handle.iter_events(with_logs=True, interval=0.001)]
    assert [e.position for e in seen if isinstance(e, fal_client.Queued)] == [2, 1]
    assert any(isinstance(event, fal_client.InProgress) and event.logs for event in seen)
    assert isinstance(seen[-1], fal_client.Completed)
    assert seen[-1].metrics["inference_time"] >= 0


async def test_the_real_client_gets_the_error_of_a_bad_input_only_with_the_result(
    client: fal_client.AsyncClient,
) -> None:
    handle = await client.submit(FLUX, {"loras": []})
    with pytest.raises(fal_client.FalClientHTTPError) as caught:
        await handle.get()
    assert caught.value.status_code == 422


async def test_the_real_client_reads_an_infrastructure_failure(
    fal: Fal, client: fal_client.AsyncClient
) -> None:
    await fal.scenario(fail_generation="runner_disconnected")
    handle = await client.submit(FLUX, {"prompt": "a king", "image_size": "square"})
    events = [event async for event in handle.iter_events(interval=0.001)]
    assert isinstance(events[-1], fal_client.Completed)
    assert events[-1].error_type == "runner_disconnected"
    with pytest.raises(fal_client.FalClientHTTPError) as caught:
        await handle.get()
    assert (caught.value.status_code, caught.value.error_type) == (503, "runner_disconnected")


async def test_the_real_client_cancels(fal: Fal, client: fal_client.AsyncClient) -> None:
    await fal.scenario(stall=True)
    handle = await client.submit(FLUX, {"prompt": "a king", "image_size": "square"})
    await handle.cancel()
    with pytest.raises(fal_client.FalClientHTTPError) as caught:
        await handle.get()
    assert caught.value.status_code == 499


async def test_the_real_client_falls_back_when_its_direct_upload_fails(
    fal: Fal, client: fal_client.AsyncClient
) -> None:
    # A header cannot carry this name, so the client takes the initiated upload instead.
    url = await client.upload(b"data", "application/zip", file_name="фото.zip")
    assert (await fal.http.get(url)).content == b"data"


async def test_the_real_client_runs_synchronously(client: fal_client.AsyncClient) -> None:
    answer = await client.run(FLUX, {"prompt": "a king", "image_size": "square"})
    assert len(answer["images"]) == 1


async def test_the_real_client_follows_the_status_of_a_request_by_id(
    client: fal_client.AsyncClient,
) -> None:
    endpoint = "fal-ai/z-image/turbo/lora"
    handle = await client.submit(endpoint, {"prompt": "a king", "image_size": "square"})
    await handle.get()
    status = await client.status(endpoint, handle.request_id, with_logs=True)
    assert isinstance(status, fal_client.Completed)


async def test_the_real_client_uploads_a_photo_that_expires_and_has_it_edited(
    fal: Fal, client: fal_client.AsyncClient
) -> None:
    kept = fal_client.StorageSettings(expires_in="1h")
    url = await client.upload(photo(), "image/jpeg", file_name="me.jpg", lifecycle=kept)
    stored = await fal.http.get(url)
    assert (stored.content, stored.headers["content-type"]) == (photo(), "image/jpeg")
    inputs = {"prompt": "on the beach", "image_urls": [url]}
    answer = await client.subscribe("fal-ai/flux-2/edit", inputs)
    assert (answer["images"][0]["width"], answer["images"][0]["height"]) == (512, 683)
    fal.wall.shift = 3601
    assert (await fal.http.get(url)).status_code == 404
