"""Every enlarger of the table before a fal that validates by its own schemas."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PIL import Image

from sandbox.fal.endpoints import ENDPOINTS
from services.errors import FalRejected
from services.fal.client import FalClient
from services.fal.enlargers import CRYSTAL, ENLARGERS, SEEDVR, enlargement_input
from services.fal.gateway import EnlargementOrder
from tests.services.fal.local_fal import LocalFal
from tests.services.fal.test_fal_contract import ended

PICTURE = "https://v3.fal.media/files/b/picture.jpg"


def test_each_gets_its_own_field_for_the_factor() -> None:
    assert enlargement_input(ENLARGERS[SEEDVR], EnlargementOrder(PICTURE)) == {
        "image_url": PICTURE,
        "upscale_mode": "factor",
        "upscale_factor": 2,
        "output_format": "jpg",
    }
    assert enlargement_input(ENLARGERS[CRYSTAL], EnlargementOrder(PICTURE)) == {
        "image_url": PICTURE,
        "scale_factor": 2,
        "creativity": 0,
        "output_format": "jpg",
    }


@pytest.mark.parametrize("enlarger", list(ENLARGERS))
def test_our_fields_and_ranges_are_those_of_the_endpoint(enlarger: str) -> None:
    row = ENLARGERS[enlarger]
    ours: dict[str, Any] = row.input_model.model_json_schema()
    theirs: dict[str, Any] = ENDPOINTS[enlarger].schema.model_json_schema()
    # fal ignores what it does not know, so a misspelt field would never be noticed there.
    assert set(ours["properties"]) <= set(theirs["properties"])
    assert set(theirs["required"]) <= set(ours["required"])
    for bound in ("minimum", "maximum"):
        given = theirs["properties"][row.factor_field]
        assert ours["properties"][row.factor_field][bound] == given[bound]


@pytest.mark.parametrize("enlarger", list(ENLARGERS))
async def test_a_picture_comes_back_larger_and_is_charged_as_reckoned(
    fal: FalClient, local_fal: LocalFal, enlarger: str
) -> None:
    small = Image.new("RGB", (768, 1024), "teal")
    out = io.BytesIO()
    small.save(out, "JPEG")
    url = await fal._fal.upload(out.getvalue(), "image/jpeg", "picture.jpg")
    job = await fal.submit_enlargement(enlarger, EnlargementOrder(url))
    (image,) = (await fal.made_images(await ended(fal, job))).images
    assert (image.width, image.height) == (1536, 2048)
    with Image.open(io.BytesIO(await fal.download(image.url, 10**7))) as opened:
        assert (opened.size, opened.format) == ((1536, 2048), "JPEG")
    row = ENLARGERS[enlarger]
    assert local_fal.jobs[0].charged_usd == float(row.usd_per_megapixel * 3)
    found = await fal.find_submissions(enlarger, [url], datetime.now(UTC) - timedelta(hours=1))
    assert found == [job.request_id]


@pytest.mark.parametrize("enlarger", list(ENLARGERS))
async def test_a_picture_that_is_gone_is_a_rejection(fal: FalClient, enlarger: str) -> None:
    order = EnlargementOrder("http://127.0.0.1:9/none.jpg")
    job = await fal.submit_enlargement(enlarger, order)
    with pytest.raises(FalRejected):
        await fal.made_images(await ended(fal, job))
