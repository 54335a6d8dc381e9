"""In an outage of fal only a try now and then leaves the machine."""

import logging
from datetime import timedelta
from pathlib import Path

import pytest

from sandbox.server import RunningSandbox
from services.domain.clock import now
from services.domain.vocabulary import Subject
from services.errors import FalAccount, FalRefusesKey, FalRejected, FalUnavailable
from services.fal.circuit import FalCircuit
from services.fal.client import FalClient
from services.fal.gateway import GenerationOrder, TrainingOrder
from services.health import DOWN_AFTER, FIRST_PAUSE_S, Health
from tests.services.fal.local_fal import LocalFal
from tests.services.kit import FAST, FLUX

PRICES = "/models/pricing"
TRAINING = TrainingOrder("https://zip", "ANNA_A3F2", Subject.WOMAN, 500, 8, 1, 1e-4)
PICTURE = GenerationOrder(prompt="ANNA_A3F2, portrait photo", lora_url="", seed=1)


class Line:
    """A circuit before the sandbox, with a clock that goes when it is told to."""

    def __init__(self, fal: FalClient, local_fal: LocalFal) -> None:
        self.local_fal = local_fal
        self.seconds = 0.0
        self.health = Health("fal", lambda: self.seconds)
        self.circuit = FalCircuit(fal, self.health)

    async def ask(self) -> None:
        await self.circuit.unit_prices([FAST])

    async def break_down(self) -> None:
        self.local_fal.fault(PRICES, kind="html", status=502, times=DOWN_AFTER)
        for _ in range(DOWN_AFTER):
            with pytest.raises(FalUnavailable, match="502"):
                await self.ask()

    @property
    def calls(self) -> int:
        return len(self.local_fal.sandbox.state.wire.journal.after(0, None))


@pytest.fixture
def line(fal: FalClient, local_fal: LocalFal) -> Line:
    return Line(fal, local_fal)


async def test_after_three_failures_nothing_goes_out_until_the_pause_is_over(line: Line) -> None:
    await line.break_down()
    assert line.calls == DOWN_AFTER
    for _ in range(5):
        with pytest.raises(FalUnavailable, match="outage"):
            await line.ask()
    assert line.calls == DOWN_AFTER
    line.seconds += FIRST_PAUSE_S
    await line.ask()
    await line.ask()
    assert line.calls == DOWN_AFTER + 2
    assert not line.health.is_down


async def test_every_call_is_kept_in_while_the_circuit_is_open(line: Line, tmp_path: Path) -> None:
    archive = tmp_path / "photos.zip"
    archive.write_bytes(b"PK")
    job = await line.circuit.job_of(FAST, "request")
    await line.break_down()
    circuit = line.circuit
    for call in (
        lambda: circuit.upload_archive(archive),
        lambda: circuit.submit_training(FAST, TRAINING),
        lambda: circuit.submit_generation(FLUX, PICTURE),
        lambda: circuit.status(job),
        lambda: circuit.trained_lora(job),
        lambda: circuit.made_images(job),
        lambda: circuit.cancel(job),
        circuit.check_account,
        lambda: circuit.unit_prices([FAST]),
        lambda: circuit.find_submissions(FAST, ["ANNA"], now() - timedelta(hours=1)),
    ):
        with pytest.raises(FalUnavailable, match="outage"):
            await call()
    assert line.calls == DOWN_AFTER


async def test_an_outage_and_its_end_are_a_line_each(
    line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="services.health")
    await line.break_down()
    for _ in range(3):
        line.seconds += 60
        line.local_fal.fault(PRICES, kind="drop_before")
        with pytest.raises(FalUnavailable):
            await line.ask()
    line.seconds += 60
    await line.ask()
    first, last = [record.getMessage() for record in caplog.records]
    assert first == "fal does not answer well (HTTP 502)"
    assert last == "fal answers again after 240 s"


async def test_a_refusal_is_an_answer(line: Line) -> None:
    job = await line.circuit.job_of(FAST, "request")
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
    assert not line.health.is_down


async def test_a_refusal_ends_an_outage(line: Line) -> None:
    await line.break_down()
    line.seconds += FIRST_PAUSE_S
    line.local_fal.goes_wrong(locked=True)
    with pytest.raises(FalAccount):
        await line.circuit.submit_training(FAST, TRAINING)
    assert not line.health.is_down


async def test_downloads_pass_by(line: Line, sandbox: RunningSandbox) -> None:
    await line.break_down()
    for _ in range(DOWN_AFTER + 1):
        page = await line.circuit.download(f"{sandbox.url}/sandbox/state", 10_000)
        assert page.startswith(b"{")
    assert line.health.is_down
