"""In an outage of fal only a try now and then leaves the machine."""

import contextlib
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from sandbox.server import RunningSandbox
from services.domain.clock import now
from services.domain.vocabulary import Subject
from services.errors import (
    FalAccount,
    FalError,
    FalFileRefused,
    FalRefusesKey,
    FalRejected,
    FalResultGone,
    FalUnavailable,
)
from services.fal.circuit import FalCircuit
from services.fal.client import FalClient
from services.fal.gateway import GenerationOrder, Job, TrainingOrder
from services.health import DOWN_AFTER, FIRST_PAUSE_S, Health
from tests.services.fal.local_fal import LocalFal
from tests.services.kit import FAST, FLUX

STATUS = "/status"
TRAINING = TrainingOrder("https://zip", "ANNA_A3F2", Subject.WOMAN, 500, 8, 1, 1e-4)
PICTURE = GenerationOrder(prompt="ANNA_A3F2, portrait photo", lora_url="", seed=1)


class Line:
    """A circuit before the sandbox, with a clock that goes when it is told to."""

    def __init__(self, fal: FalClient, local_fal: LocalFal, job: Job) -> None:
        self.local_fal = local_fal
        self.job = job
        self.seconds = 0.0
        self.queue = self.health("fal")
        self.circuit = FalCircuit(fal, self.queue, self.health)

    def health(self, name: str) -> Health:
        return Health(name, lambda: self.seconds)

    async def ask(self) -> None:
        """Ask the queue; that it does not know the job is an answer."""
        with pytest.raises(FalResultGone):
            await self.circuit.status(self.job)

    async def break_down(self) -> None:
        self.local_fal.fault(STATUS, kind="html", status=502, times=DOWN_AFTER)
        for _ in range(DOWN_AFTER):
            with pytest.raises(FalUnavailable, match="502"):
                await self.circuit.status(self.job)

    @property
    def calls(self) -> int:
        return len(self.local_fal.sandbox.state.wire.journal.after(0, None))


@pytest.fixture
async def line(fal: FalClient, local_fal: LocalFal) -> Line:
    return Line(fal, local_fal, await fal.job_of(FAST, "request"))


async def test_after_three_failures_nothing_goes_out_until_the_pause_is_over(line: Line) -> None:
    await line.break_down()
    assert line.calls == DOWN_AFTER
    for _ in range(5):
        with pytest.raises(FalUnavailable, match="outage"):
            await line.circuit.status(line.job)
    assert line.calls == DOWN_AFTER
    line.seconds += FIRST_PAUSE_S
    await line.ask()
    await line.ask()
    assert line.calls == DOWN_AFTER + 2
    assert not line.queue.is_down


Call = Callable[[FalCircuit, Job, Path], Awaitable[object]]

CDN_FILE = "https://v3.fal.media/files/b/nothing/there.jpg"

CALLS: dict[str, tuple[str, list[Call]]] = {
    "queue": (
        "/queue/",
        [
            lambda circuit, _job, _zip: circuit.submit_training(FAST, TRAINING),
            lambda circuit, _job, _zip: circuit.submit_generation(FLUX, PICTURE),
            lambda circuit, job, _zip: circuit.status(job),
            lambda circuit, job, _zip: circuit.trained_lora(job),
            lambda circuit, job, _zip: circuit.made_images(job),
            lambda circuit, job, _zip: circuit.cancel(job),
        ],
    ),
    "storage": (
        "/rest/",
        [
            lambda circuit, _job, _zip: circuit.check_account(),
            lambda circuit, _job, path: circuit.upload_archive(path),
        ],
    ),
    "platform": (
        "/api/",
        [
            lambda circuit, _job, _zip: circuit.unit_prices([FAST]),
            lambda circuit, _job, _zip: circuit.find_submissions(
                FAST, ["ANNA"], now() - timedelta(hours=1)
            ),
        ],
    ),
    "cdn": ("/cdn/", [lambda circuit, _job, _zip: circuit.download(CDN_FILE, 10)]),
}
"""The calls to each part of fal, and what their addresses have in common."""


async def is_kept_in(line: Line, call: Call, archive: Path) -> bool:
    """Whether a call does not leave the machine."""
    before = line.calls
    with contextlib.suppress(FalError):
        await call(line.circuit, line.job, archive)
    return line.calls == before


@pytest.mark.parametrize("broken", CALLS)
async def test_a_part_of_fal_that_is_down_keeps_its_own_calls_in_and_no_others(
    line: Line, tmp_path: Path, broken: str
) -> None:
    archive = tmp_path / "photos.zip"
    archive.write_bytes(b"PK")
    match, calls = CALLS[broken]
    line.local_fal.fault(match, kind="html", status=503, times=DOWN_AFTER)
    for _ in range(DOWN_AFTER):
        with pytest.raises(FalError) as failed:
            await calls[0](line.circuit, line.job, archive)
        assert failed.value.is_outage
    for part, (_, others) in CALLS.items():
        for call in others:
            assert await is_kept_in(line, call, archive) is (part == broken), part


@pytest.mark.parametrize("status", [400, 401, 403, 404, 408, 422, 425])
async def test_a_history_that_refuses_is_no_outage(line: Line, status: int) -> None:
    line.local_fal.fault("by-endpoint", kind="status", status=status, times=0)
    for _ in range(2 * DOWN_AFTER):
        with contextlib.suppress(FalUnavailable):
            assert await line.circuit.find_submissions(FAST, ["ANNA"], now()) is None
    assert line.calls == 2 * DOWN_AFTER
    await line.circuit.unit_prices([FAST])
    await line.ask()


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 408},
        {"kind": "status", "status": 307},
        {"kind": "status", "status": 200, "body": "[" * 2000},
        {"kind": "status", "status": 200, "body": {}},
    ],
)
async def test_an_odd_answer_is_no_outage(line: Line, fault: dict[str, object]) -> None:
    line.local_fal.fault(STATUS, times=2 * DOWN_AFTER, **fault)
    for _ in range(2 * DOWN_AFTER):
        with pytest.raises(FalUnavailable) as odd:
            await line.circuit.status(line.job)
        assert "outage" not in str(odd.value)
    assert not line.queue.is_down


async def test_an_outage_and_its_end_are_a_line_each(
    line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="services.health")
    await line.break_down()
    for _ in range(3):
        line.seconds += 60
        line.local_fal.fault(STATUS, kind="drop_before")
        with pytest.raises(FalUnavailable):
            await line.circuit.status(line.job)
    line.seconds += 60
    await line.ask()
    first, last = [record.getMessage() for record in caplog.records]
    assert first == "fal does not answer well (HTTP 502)"
    assert last == "fal answers again after 240 s"


async def test_a_refusal_is_an_answer(line: Line) -> None:
    job = line.job
    for scenario, wanted in (
        ({"locked": True, "locked_polls": True}, FalRefusesKey),
        ({"bad_key": True}, FalRefusesKey),
    ):
        line.local_fal.goes_wrong(**scenario)
        for _ in range(2 * DOWN_AFTER):
            with pytest.raises(wanted):
                await line.circuit.status(job)
            with pytest.raises(FalAccount):
                await line.circuit.submit_training(FAST, TRAINING)
    line.local_fal.goes_wrong(submit_error=422)
    for _ in range(2 * DOWN_AFTER):
        with pytest.raises(FalRejected):
            await line.circuit.submit_training(FAST, TRAINING)
    assert not line.queue.is_down


async def test_a_refusal_ends_an_outage(line: Line) -> None:
    await line.break_down()
    line.seconds += FIRST_PAUSE_S
    line.local_fal.goes_wrong(locked=True)
    with pytest.raises(FalAccount):
        await line.circuit.submit_training(FAST, TRAINING)
    assert not line.queue.is_down


async def test_downloads_from_other_hosts_pass_by(line: Line, sandbox: RunningSandbox) -> None:
    line.local_fal.fault("/cdn/", kind="html", status=503, times=DOWN_AFTER)
    for _ in range(DOWN_AFTER):
        with pytest.raises(FalUnavailable):
            await line.circuit.download(CDN_FILE, 10)
    for address in ("not an address", "https://[", "https://" + "\u0000"):
        with pytest.raises(FalFileRefused):
            await line.circuit.download(address, 10)
    for _ in range(DOWN_AFTER + 1):
        page = await line.circuit.download(f"{sandbox.url}/sandbox/state", 10_000)
        assert page.startswith(b"{")
