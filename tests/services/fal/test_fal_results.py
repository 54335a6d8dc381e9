"""A paid result is had for the address of its file alone; what has none is kept as it came."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.errors import FalError, FalResultUnreadable, FalUnavailable
from services.fal.answers import Unreadable, json_of
from services.fal.client import FalClient
from services.fal.gateway import Job, MadeImage, MadeImages, TrainedLora
from services.fal.outputs import IMAGE_PLACES, LORA_PLACES, made_images_of, trained_lora_of
from services.fal.statuses import status_of
from services.fal.words import MAX_RAW, Words
from tests.services.fal.raw_server import Answer, hang_up, http, raw_server

KEY = "key-id:key-secret"
BASE = "https://queue.fal.run/fal-ai/flux-lora/requests/r"
JOB = Job("r", f"{BASE}/status", BASE, f"{BASE}/cancel")
LORA = "https://v3.fal.media/files/b/x/lora.safetensors"
PICTURE = "https://v3.fal.media/files/b/x/1.jpg"

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**40), 10**40)
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(
        ["", "1024", "89 MB", "https://", "file:///x", "data:,x", chr(0xD800), chr(0x202E)]
    ),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["url", "width", "height", "seed", "images", "x"])
            | st.text(max_size=5),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
FIELDS = st.dictionaries(
    st.sampled_from(
        ["config_file", "has_nsfw_concepts", "seed", "timings", "prompt", "file_size", "width"]
    ),
    JSON,
)


@given(place=st.sampled_from(LORA_PLACES), fields=FIELDS, of_file=FIELDS, is_bare=st.booleans())
def test_a_lora_is_found_beside_anything(
    *, place: str, fields: dict[str, Any], of_file: dict[str, Any], is_bare: bool
) -> None:
    found = trained_lora_of({**fields, place: LORA if is_bare else {**of_file, "url": LORA}})
    assert found.lora_url == LORA
    assert found.config_url is None or found.config_url.startswith("http")


@given(
    place=st.sampled_from(IMAGE_PLACES),
    fields=FIELDS,
    before=st.lists(JSON, max_size=3),
    of_image=FIELDS,
)
def test_a_picture_is_found_beside_anything(
    place: str, fields: dict[str, Any], before: list[Any], of_image: dict[str, Any]
) -> None:
    made = made_images_of({**fields, place: [*before, {**of_image, "url": PICTURE}]})
    last = made.images[-1]
    assert last.url == PICTURE
    assert last.width is None or 1 <= last.width <= 100_000
    assert made.seed is None or 0 <= made.seed < 2**63
    # What is stored must be text that a database and a chat can take.
    "".join(image.url for image in made.images).encode()


@given(JSON)
def test_no_json_breaks_the_reading(value: object) -> None:
    for read in (trained_lora_of, made_images_of):
        try:
            read(value)
        except Unreadable:
            continue
    if isinstance(value, dict):
        for status in (value, {"status": "IN_PROGRESS", "logs": value}, {"status": value}):
            try:
                status_of(status, Words(KEY))
            except Unreadable:
                continue


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reading(content: bytes) -> None:
    with contextlib.suppress(Unreadable):
        json_of(content)
    Words(KEY).raw(content).encode()


@pytest.mark.parametrize(
    "beside",
    [
        {},
        {"config_file": {}},
        {"config_file": {"url": None}},
        {"config_file": "text"},
        {"config_file": None, "debug_preprocessed_output": 5},
        {"file_size": 10**30},
    ],
)
@pytest.mark.parametrize("size", [89.5, "89 MB", 10**30, None, -1, []])
def test_a_good_lora_survives_odd_fields(beside: dict[str, Any], size: object) -> None:
    result = {**beside, "diffusers_lora_file": {"url": LORA, "file_size": size}}
    assert trained_lora_of(result) == TrainedLora(LORA, None)


@pytest.mark.parametrize(
    ("width", "wanted"),
    [
        (1024, 1024),
        (1024.0, 1024),
        ("1024", 1024),
        (1024.5, None),
        (10**30, None),
        (0, None),
        (-5, None),
        (True, None),
        (None, None),
        ([], None),
        (1e400, None),
        ("\u0661", None),
    ],
)
def test_a_size_is_read_or_is_not_said(width: object, wanted: int | None) -> None:
    made = made_images_of({"images": [{"url": PICTURE, "width": width, "height": width}]})
    assert (made.images[0].width, made.images[0].height) == (wanted, wanted)


@pytest.mark.parametrize(
    ("seed", "wanted"),
    [(7, 7), ("7", 7), (7.0, 7), (7.5, None), ("abc", None), (2**63, None), (-1, None)],
)
def test_a_seed_is_read_or_is_not_said(seed: object, wanted: int | None) -> None:
    assert made_images_of({"images": [PICTURE], "seed": seed}).seed == wanted


@pytest.mark.parametrize(
    ("flags", "wanted"),
    [
        ([True, False], [True, False]),
        ([True], [True, False]),
        ([], [False, False]),
        (None, [False, False]),
        (False, [False, False]),
        (True, [True, True]),
        ([None], [False, False]),
        ([None, True], [False, True]),
        (["true", 1], [False, False]),
        ({}, [False, False]),
        ([False, True, True], [False, True]),
    ],
)
def test_flags_that_do_not_match_the_pictures_are_survived(
    flags: object, wanted: list[bool]
) -> None:
    made = made_images_of({"images": [{"url": "a"}, {"url": "b"}], "has_nsfw_concepts": flags})
    assert [image.is_flagged for image in made.images] == wanted


def test_a_flag_belongs_to_its_picture_though_another_has_no_address() -> None:
    images = [{"url": None}, {"url": PICTURE}]
    made = made_images_of({"images": images, "has_nsfw_concepts": [True, False]})
    assert made == MadeImages((MadeImage(PICTURE, None, None, is_flagged=False),), None)


def body(content: object, status: int = 200, kind: str = "application/json") -> Answer:
    return http(status, json.dumps(content).encode(), kind)


UNREADABLE = {
    "nothing": body({"nothing": 1}),
    "null": body(None),
    "a list": body([]),
    "no pictures": body({"images": []}),
    "a file without an address": body({"diffusers_lora_file": {"url": None}, "images": [{}]}),
    "an error in 200": body({"status": "COMPLETED", "error": "Runner disconnected"}),
    "no json": http(200, b"no json"),
    "nothing at all": http(200, b""),
    "a page": http(200, b"<html>hello</html>", "text/html"),
    "nested": http(200, b"[" * 200_000),
    "nested objects": http(200, b'{"a":' * 200_000),
    "a long number": http(200, b'{"seed": ' + b"9" * 10_000 + b"}"),
    "broken utf-8": http(200, b'{"url": "\xff\xfe"}'),
}


@pytest.mark.parametrize("case", UNREADABLE)
async def test_what_cannot_be_read_is_no_failure_and_is_kept(case: str) -> None:
    async with raw_server(UNREADABLE[case]) as server, FalClient(KEY, server.url) as fal:
        for ask in (fal.trained_lora, fal.made_images):
            with pytest.raises(FalResultUnreadable) as unreadable:
                await ask(JOB)
            assert not unreadable.value.is_outage
            assert len(unreadable.value.raw) <= MAX_RAW


@pytest.mark.parametrize(
    "answer",
    [body({}, 202), body({"status": "IN_QUEUE"}, 202), http(204, b""), hang_up],
)
async def test_no_result_yet_is_asked_for_later(answer: Answer) -> None:
    async with raw_server(answer) as server, FalClient(KEY, server.url) as fal:
        for ask in (fal.trained_lora, fal.made_images):
            with pytest.raises(FalError) as later:
                await ask(JOB)
            assert type(later.value) is FalUnavailable


async def test_what_is_kept_holds_fals_addresses_and_not_our_key() -> None:
    answer = body({"weights": LORA, "echo": f"Key {KEY}", "more": KEY.upper(), "nul": "\0"})
    async with raw_server(answer) as server, FalClient(KEY, server.url) as fal:
        with pytest.raises(FalResultUnreadable) as unreadable:
            await fal.trained_lora(JOB)
    raw = unreadable.value.raw
    assert LORA in raw
    assert "secret" not in raw.lower()
    assert "\0" not in raw


@pytest.mark.parametrize("kind", ["text/html", "application/octet-stream", "text/x; charset=q"])
async def test_the_declared_type_does_not_matter(kind: str) -> None:
    answer = body({"diffusers_lora_file": {"url": LORA}}, kind=kind)
    async with raw_server(answer) as server, FalClient(KEY, server.url) as fal:
        assert await fal.trained_lora(JOB) == TrainedLora(LORA, None)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_json_in_any_unicode_is_read(encoding: str) -> None:
    assert json_of('{"a": "ж"}'.encode(encoding)) == {"a": "ж"}


def test_numbers_that_are_none_are_not_said() -> None:
    assert json_of(b'{"a": NaN, "b": [Infinity, -Infinity]}') == {"a": None, "b": [None, None]}
