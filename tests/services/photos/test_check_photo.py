"""Every file of the corpus is accepted or refused as it should be, and nothing else is raised."""

import hashlib
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.photos.check import PhotoFacts, PhotoRefused, RefusalReason, check_photo
from services.photos.likeness import SIDE
from services.photos.prepare import prepare_photo
from tests.services.photos.corpus import ACCEPTED, CORPUS, REFUSED, TRUNCATED, whole_files

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")

DECIDED_BY_THE_CALLER = {
    RefusalReason.DUPLICATE,
    RefusalReason.TOO_MANY,
    RefusalReason.GONE,
    RefusalReason.LOST,
    RefusalReason.UNCHECKABLE,
    RefusalReason.NO_FACE,
}
PROMISED_PARAMS = {
    RefusalReason.TOO_BIG: {"max_megabytes"},
    RefusalReason.TOO_SMALL: {"width", "height", "min_side_px"},
    RefusalReason.TOO_MANY_PIXELS: {"max_megapixels"},
    RefusalReason.TOO_HEAVY: {"max_megapixels"},
    RefusalReason.EXTREME_SHAPE: {"width", "height", "max_ratio"},
    RefusalReason.FOREIGN_PHOTO: {"found"},
    RefusalReason.NOT_A_PHOTO: {"found"},
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_check_accepts_and_measures(name: str) -> None:
    case = ACCEPTED[name]
    data = case.make()
    digest = hashlib.sha256(data).hexdigest()
    facts = check_photo(data)
    assert facts == PhotoFacts(*case.size, case.format, digest, facts.fingerprint)
    assert len(bytes.fromhex(facts.fingerprint)) == SIDE * SIDE


@pytest.mark.parametrize("name", [*REFUSED, *TRUNCATED])
def test_check_refuses_with_the_reason_and_what_its_sentence_needs(name: str) -> None:
    case = CORPUS[name]
    with pytest.raises(PhotoRefused) as refusal:
        check_photo(case.make())
    assert refusal.value.reason == case.refused
    assert set(refusal.value.params) == PROMISED_PARAMS.get(refusal.value.reason, set())


@pytest.mark.parametrize("name", [*REFUSED, *TRUNCATED])
def test_prepare_refuses_for_the_same_reason_as_check(name: str) -> None:
    case = CORPUS[name]
    with pytest.raises(PhotoRefused) as refusal:
        prepare_photo(case.make())
    assert refusal.value.reason == case.refused


def test_the_corpus_is_large_and_has_every_reason() -> None:
    assert len(CORPUS) > 150
    seen = {case.refused for case in REFUSED.values()}
    assert seen == set(RefusalReason) - DECIDED_BY_THE_CALLER


@pytest.mark.parametrize("name", ["bomb.png", "bomb.jpg", "bomb.webp", "bomb.bmp", "bomb.tif"])
def test_a_bomb_is_refused_by_its_header_alone(name: str) -> None:
    """Hardly any pixel data follows these headers: decoding it would end as UNREADABLE."""
    data = CORPUS[name].make()
    with pytest.raises(PhotoRefused) as refusal:
        check_photo(data)
    assert refusal.value.params == {"max_megapixels": 100}


def _only_refusals(data: bytes) -> None:
    """Anything but a refusal that escapes fails the test by itself."""
    with suppress(PhotoRefused):
        assert isinstance(check_photo(data), PhotoFacts)
    with suppress(PhotoRefused):
        assert prepare_photo(data).startswith(b"\xff\xd8\xff")


@settings(deadline=None, max_examples=100)
@given(data=st.binary(max_size=4000))
def test_random_bytes_bring_only_facts_or_refusals(data: bytes) -> None:
    _only_refusals(data)


MAGIC = [
    b"\xff\xd8\xff\xe0",
    b"\x89PNG\r\n\x1a\n",
    b"RIFF\x00\x10\x00\x00WEBPVP8X",
    b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    b"II*\0",
    b"MM\0*",
    b"BM",
]


@settings(deadline=None, max_examples=100)
@given(magic=st.sampled_from(MAGIC), rest=st.binary(max_size=2000))
def test_random_bytes_behind_a_true_magic_bring_only_facts_or_refusals(
    magic: bytes, rest: bytes
) -> None:
    _only_refusals(magic + rest)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    name=st.sampled_from(["jpg", "png", "webp", "heic", "lzw.tif", "bmp"]),
    changes=st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=8)),
        min_size=1,
        max_size=6,
    ),
    in_head=st.booleans(),
)
def test_a_damaged_photo_brings_only_facts_or_refusals(
    name: str, changes: list[tuple[float, bytes]], *, in_head: bool
) -> None:
    data = bytearray(whole_files()[name])
    reach = min(len(data), 600) if in_head else len(data)
    for where, what in changes:
        at = int(where * reach)
        data[at : at + len(what)] = what
    _only_refusals(bytes(data))
