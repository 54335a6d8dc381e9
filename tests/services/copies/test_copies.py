"""Files of models and pictures are copied, used when fal has them no more, and deleted."""

from datetime import timedelta
from time import monotonic

import httpx
import pytest
from sqlalchemy import text

from db.database import Database
from services.copies.service import MOST_KNOWN, FileCopies
from services.copies.store import Store, StoreSettings
from services.domain.copies import CopyKind
from services.domain.states import TrainingState
from services.domain.values import Picture
from services.errors import FalResultGone, FalUnavailable, StoreUnavailable
from services.fal.client import FalClient
from services.pictures.service import PictureService
from tests.db.rows import add, generation_row, model, model_row, training
from tests.services.copies.conftest import Files

CDN = "https://v3.fal.media"
HOUR = timedelta(hours=1)
WEIGHTS, CONFIG, ORIGINAL = b"w" * 300_000, b"{}", b"\xff\xd8 picture"


@pytest.fixture
async def full(database: Database, files: Files) -> Database:
    """A model and a picture, whose files fal has."""
    files.bodies = {"/w.safetensors": WEIGHTS, "/c.json": CONFIG, "/p.png": ORIGINAL}
    async with database.transaction() as tx:
        await tx.users.meet(1001, "en")  # type: ignore[arg-type]  # a language by its value
        await add(
            tx,
            training(
                "t1",
                state=TrainingState.COMPLETED,
                lora_url=f"{CDN}/w.safetensors",
                config_url=f"{CDN}/c.json",
                request_id="r",
            ),
        )
        tx._session.add(model_row("m1", "t1", lora_url=f"{CDN}/w.safetensors"))
        await tx.flush()
        tx._session.add(generation_row("g1", "m1"))
        await tx.flush()
        tx.pictures.add([PICTURE])
    return database


PICTURE = Picture(id="p1", generation_id="g1", position=1, url=f"{CDN}/p.png", width=8, height=8)
MODEL = model("m1", "t1", lora_url=f"{CDN}/w.safetensors")


@pytest.fixture
def copies(full: Database, s3: StoreSettings, fal: FalClient) -> FileCopies:
    return FileCopies(full, Store(s3), fal.files, HOUR)


async def carry(copies: FileCopies) -> list[str]:
    ids = list(await copies.unfinished())
    for copy_id in ids:
        assert await copies.step(copy_id) is None
    return ids


async def test_every_file_is_copied_once_and_its_hash_is_kept(
    copies: FileCopies, full: Database, s3: StoreSettings
) -> None:
    assert sorted(await carry(copies)) == ["config-m1", "original-p1", "weights-m1"]
    assert await carry(copies) == []
    for kind, of_id, data in (
        (CopyKind.WEIGHTS, "m1", WEIGHTS),
        (CopyKind.CONFIG, "m1", CONFIG),
        (CopyKind.ORIGINAL, "p1", ORIGINAL),
    ):
        async with full.transaction() as tx:
            copy = await tx.copies.made(kind, of_id)
        assert copy is not None
        seen = await Store(s3).seen(copy.key)
        assert (copy.size, copy.sha256) == (len(data), seen.sha256)
        assert seen.size == len(data)


async def test_a_copy_that_fails_is_made_later_and_one_of_nothing_never(
    copies: FileCopies, full: Database, files: Files
) -> None:
    files.bodies["/w.safetensors"] = 503
    del files.bodies["/c.json"]
    ids = await copies.unfinished()
    with pytest.raises(FalUnavailable):
        await copies.step("weights-m1")
    assert await copies.step("config-m1") is None
    assert set(await copies.unfinished()) == set(ids) - {"config-m1"}
    files.bodies["/w.safetensors"] = WEIGHTS
    await carry(copies)
    async with full.transaction() as tx:
        assert await tx.copies.made(CopyKind.WEIGHTS, "m1") is not None
        assert await tx.copies.made(CopyKind.CONFIG, "m1") is None


async def test_a_store_out_of_reach_is_waited_for(
    full: Database, s3: StoreSettings, fal: FalClient
) -> None:
    closed = StoreSettings("http://127.0.0.1:1", "bucket", "us-east-1", "KEY", "x")
    ids = await FileCopies(full, Store(closed), fal.files, HOUR).unfinished()
    with pytest.raises(StoreUnavailable):
        await FileCopies(full, Store(closed), fal.files, HOUR).step("config-m1")
    copies = FileCopies(full, Store(s3), fal.files, HOUR)
    assert await copies.unfinished() == ids
    await carry(copies)


async def test_a_model_whose_weights_fal_has_lost_is_used_from_the_copy(
    copies: FileCopies, files: Files
) -> None:
    await carry(copies)
    assert await copies.weights_address(MODEL) == MODEL.lora_url
    copies._is_gone.clear()
    files.bodies["/w.safetensors"] = 503
    assert await copies.weights_address(MODEL) == MODEL.lora_url
    del files.bodies["/w.safetensors"]
    address = await copies.weights_address(MODEL)
    assert "X-Amz-Expires=3600" in address
    async with httpx.AsyncClient() as http:
        assert (await http.get(address)).content == WEIGHTS
    asked = len(files.asked)
    await copies.weights_address(MODEL)
    assert len(files.asked) == asked


async def test_of_more_files_than_there_is_room_for_the_oldest_looks_are_forgotten(
    copies: FileCopies, files: Files
) -> None:
    await carry(copies)
    until_s = monotonic() + 3600
    copies._is_gone.update((f"{CDN}/{number}", (True, until_s)) for number in range(MOST_KNOWN))
    asked = len(files.asked)
    for _ in range(2):
        assert await copies.weights_address(MODEL) == MODEL.lora_url
    assert len(files.asked) == asked + 1
    assert len(copies._is_gone) == MOST_KNOWN
    assert f"{CDN}/0" not in copies._is_gone


async def test_without_a_copy_fals_own_address_stays(copies: FileCopies, files: Files) -> None:
    files.bodies.clear()
    assert await copies.weights_address(MODEL) == MODEL.lora_url


async def test_an_original_that_fal_has_lost_is_fetched_from_the_copy(
    copies: FileCopies, full: Database, fal: FalClient, files: Files
) -> None:
    pictures = PictureService(full, fal, copies.original)
    del files.bodies["/w.safetensors"]
    await carry(copies)
    assert await pictures.fetch(PICTURE) == ORIGINAL
    files.bodies.clear()
    assert await pictures.fetch(PICTURE) == ORIGINAL
    with pytest.raises(FalResultGone):
        await PictureService(full, fal).fetch(PICTURE)


async def test_what_is_deleted_leaves_the_store(
    copies: FileCopies, full: Database, s3: StoreSettings
) -> None:
    await carry(copies)
    async with full.transaction() as tx:
        await tx.users.remove(1001)
        assert await tx.copies.are_left_of(1001)
    assert len(await carry(copies)) == 3
    for key in ("weights/m1.safetensors", "config/m1.json", "original/p1.png"):
        with pytest.raises(StoreUnavailable):
            await Store(s3).seen(key)
    async with full.engine.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM copies")) == 0
