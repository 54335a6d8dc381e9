"""The gateway against a strict fal that works."""

import asyncio
import zipfile
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from sandbox.fal.endpoints import ENDPOINTS
from sandbox.server import RunningSandbox
from services.domain.clock import now
from services.domain.vocabulary import Subject
from services.errors import FalAccount, FalRejected, FalUnavailable
from services.fal.client import FalClient
from services.fal.editors import EDITORS
from services.fal.endpoints import GENERATORS, TRAINERS
from services.fal.enlargers import ENLARGERS
from services.fal.gateway import (
    CancelOutcome,
    Ended,
    GenerationOrder,
    Job,
    JobStatus,
    Queued,
    Running,
    TrainingOrder,
)
from services.fal.progress import percent_of
from tests.services.fal.local_fal import LocalFal
from tests.services.kit import FAST, FLUX, jpeg

WEEK_S = 7 * 24 * 3600


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "photos.zip"
    with zipfile.ZipFile(path, "w") as made:
        for number in range(1, 11):
            made.writestr(f"{number:02d}.jpg", jpeg(number))
    return path


def order(archive_url: str, steps: int = 500) -> TrainingOrder:
    return TrainingOrder(
        archive_url=archive_url,
        trigger_word="ANNA_A3F2",
        subject=Subject.WOMAN,
        steps=steps,
        lora_rank=16,
        batch_size=1,
        learning_rate=1e-4,
    )


async def ended(fal: FalClient, job: Job) -> list[JobStatus]:
    """Every status up to the end."""
    seen: list[JobStatus] = []
    async with asyncio.timeout(30):
        while not seen or not isinstance(seen[-1], Ended):
            # The sandbox counts looks, and its work takes time as well.
            await asyncio.sleep(0.01)
            seen.append(await fal.status(job))
    return seen


async def test_an_archive_leaves_fal_when_it_is_told_to(
    fal: FalClient, sandbox: RunningSandbox, archive: Path
) -> None:
    url = await fal.upload_archive(archive, days=1)
    stored = sandbox.state.fal.files.get(url.split("/cdn/", 1)[1])
    assert stored is not None
    assert stored.expires_at == pytest.approx(now().timestamp() + 86400, abs=60)


async def test_an_archive_leaves_fal_after_seven_days(
    fal: FalClient, sandbox: RunningSandbox, archive: Path
) -> None:
    url = await fal.upload_archive(archive)
    stored = sandbox.state.fal.files.get(url.split("/cdn/", 1)[1])
    assert stored is not None
    assert stored.expires_at == pytest.approx(now().timestamp() + WEEK_S, abs=60)
    assert stored.content_type == "application/zip"
    assert stored.data == await asyncio.to_thread(archive.read_bytes)


@pytest.mark.parametrize("broken", ["auth/token", "files/upload"])
async def test_an_upload_takes_the_other_way_when_the_first_is_closed(
    fal: FalClient, local_fal: LocalFal, sandbox: RunningSandbox, archive: Path, broken: str
) -> None:
    local_fal.fault(broken, kind="status", status=500, times=0)
    url = await fal.upload_archive(archive)
    stored = sandbox.state.fal.files.get(url.split("/cdn/", 1)[1])
    assert stored is not None
    assert stored.data == await asyncio.to_thread(archive.read_bytes)
    assert stored.expires_at == pytest.approx(now().timestamp() + WEEK_S, abs=60)


async def test_an_upload_that_finds_both_ways_closed_may_be_tried_again(
    fal: FalClient, local_fal: LocalFal, archive: Path
) -> None:
    local_fal.fault("/rest/", kind="status", status=500, times=0)
    with pytest.raises(FalUnavailable):
        await fal.upload_archive(archive)


@pytest.mark.parametrize("trouble", ["locked", "bad_key"])
async def test_a_locked_account_or_a_bad_key_is_the_operators_matter(
    fal: FalClient, local_fal: LocalFal, archive: Path, trouble: str
) -> None:
    url = await fal.upload_archive(archive)
    local_fal.goes_wrong(**{trouble: True})
    with pytest.raises(FalAccount):
        await fal.upload_archive(archive)
    with pytest.raises(FalAccount):
        await fal.submit_training(FAST, order(url))
    assert local_fal.jobs == []


async def test_queue_log_and_end_are_told_apart(
    fal: FalClient, local_fal: LocalFal, archive: Path
) -> None:
    local_fal.takes(60)
    local_fal.goes_wrong(queue_ahead=2)
    job = await fal.submit_training(FAST, order(await fal.upload_archive(archive)))
    seen = await ended(fal, job)
    positions = [status.position for status in seen if isinstance(status, Queued)]
    assert positions[:2] == [2, 1]
    percents = [percent_of(s.log_lines, 500) for s in seen if isinstance(s, Running)]
    known = [percent for percent in percents if percent is not None]
    assert known, seen
    assert known == sorted(known)
    assert all(0 <= percent <= 99 for percent in known)
    assert seen[-1] == Ended(None)


@pytest.mark.parametrize("logs", ["no_logs", "private_logs"])
async def test_a_model_without_logs_just_runs(
    fal: FalClient, local_fal: LocalFal, archive: Path, logs: str
) -> None:
    local_fal.takes(2)
    local_fal.goes_wrong(**{logs: True})
    job = await fal.submit_training(FAST, order(await fal.upload_archive(archive)))
    seen = await ended(fal, job)
    assert Running(()) in seen


async def test_an_input_that_fal_refuses_comes_back_with_its_error_type(
    fal: FalClient, tmp_path: Path
) -> None:
    path = tmp_path / "photos.zip"
    path.write_bytes(b"no zip at all")
    job = await fal.submit_training(FAST, order(await fal.upload_archive(path)))
    await ended(fal, job)
    with pytest.raises(FalRejected) as refused:
        await fal.trained_lora(job)
    assert refused.value.error_type == "invalid_archive"


async def test_a_result_asked_for_too_early_is_not_there_yet(
    fal: FalClient, local_fal: LocalFal, archive: Path
) -> None:
    local_fal.goes_wrong(stall=True)
    job = await fal.submit_training(FAST, order(await fal.upload_archive(archive)))
    with pytest.raises(FalUnavailable):
        await fal.trained_lora(job)


async def test_cancelling_says_what_fal_said(
    fal: FalClient, local_fal: LocalFal, archive: Path
) -> None:
    local_fal.goes_wrong(stall=True, concurrency=1, cancel_mode="removed")
    url = await fal.upload_archive(archive)
    running, waiting = [await fal.submit_training(FAST, order(url)) for _ in range(2)]
    assert await fal.cancel(waiting) is CancelOutcome.REMOVED
    assert await fal.cancel(waiting) is CancelOutcome.UNKNOWN_JOB
    assert await fal.cancel(running) is CancelOutcome.REQUESTED
    await ended(fal, running)
    assert await fal.cancel(running) is CancelOutcome.TOO_LATE


async def test_flagged_pictures_are_marked(
    fal: FalClient, local_fal: LocalFal, archive: Path
) -> None:
    training = await fal.submit_training(FAST, order(await fal.upload_archive(archive)))
    await ended(fal, training)
    lora = await fal.trained_lora(training)
    local_fal.goes_wrong(nsfw=True)
    job = await fal.submit_generation(
        FLUX, GenerationOrder("ANNA_A3F2, a king", lora.lora_url, num_images=2)
    )
    await ended(fal, job)
    made = await fal.made_images(job)
    assert [image.is_flagged for image in made.images] == [True, True]


async def test_prices_come_from_fals_list(fal: FalClient) -> None:
    prices = await fal.unit_prices([*TRAINERS, *GENERATORS, *ENLARGERS, *EDITORS])
    assert {(price.endpoint, price.unit): price.usd for price in prices} == {
        (row.id, row.unit): Decimal(str(row.unit_price)) for row in ENDPOINTS.values()
    }
    assert (FAST, "steps") in {(price.endpoint, price.unit) for price in prices}


async def test_a_lost_submission_is_found_in_the_history_and_watched_to_its_end(
    fal: FalClient, local_fal: LocalFal
) -> None:
    await fal.submit_generation(FLUX, GenerationOrder("one", "https://x/y", seed=1_000_000_001))
    await fal.submit_generation(FLUX, GenerationOrder("two", "https://x/y", seed=1_000_000_002))
    await local_fal.until(lambda: all(job.outcome for job in local_fal.jobs))
    since = now() - timedelta(minutes=5)
    found = await fal.find_submissions(FLUX, ["two", '"seed": 1000000002'], since)
    assert found == [local_fal.jobs[1].request_id]
    job = await fal.job_of(FLUX, found[0])
    assert isinstance(await fal.status(job), Ended)
    for others in (["one", '"seed": 1000000002'], ['"seed": 100000000'], ['"seed": 1000000003']):
        assert await fal.find_submissions(FLUX, others, since) == []


async def test_a_history_that_is_forbidden_cannot_tell(
    fal: FalClient, local_fal: LocalFal
) -> None:
    local_fal.goes_wrong(history_forbidden=True)
    assert await fal.find_submissions(FLUX, ["ANNA"], now()) is None
