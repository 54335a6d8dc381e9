"""`python -m bot verify`: what it asks for, what its report says, and what it never does."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Sequence
from decimal import Decimal
from pathlib import Path

import aiohttp
import pytest
from pydantic import SecretStr

from bot.settings import Settings
from bot.verify import NO_CHAT, Options, Verify, read_options
from db.database import Database
from handlers.telegram.limiter import Rates
from sandbox.fal.emulator import DEFAULT_ADMIN_KEY
from sandbox.faults import Service
from sandbox.journal import CallRecord
from sandbox.server import RunningSandbox, SandboxConfig, running_sandbox
from sandbox.telegram import TelegramConfig
from services.errors import FalUnavailable
from services.fal.client import FalClient
from services.fal.endpoints import TRAINERS
from services.fal.gateway import Job, UnitPrice
from services.money.prices import PriceList
from services.verify.about_telegram import ASSUMPTIONS, LEAST_BURST
from services.verify.assumptions import Verdict
from services.verify.drawings import drawings
from services.verify.evidence import Evidence, JobSeen
from services.verify.open_jobs import FILE_NAME, OpenJobs
from services.verify.plan import MOST_USD, fewest_steps, planned
from services.verify.watching import Pace, Watcher
from tests.conftest import migrated
from tests.sandbox.telegram.clients import Person
from tests.services.fal.local_fal import LocalFal
from tests.services.fal.raw_server import http, raw_server

CHAT = 1001
FAST = "fal-ai/flux-lora-fast-training"
FLUX_2 = "fal-ai/flux-2-trainer-v2"
QUICK = Pace(poll_s=0.0, look_s=0.0, looks=3)


@pytest.fixture
async def sandbox() -> AsyncIterator[RunningSandbox]:
    telegram = TelegramConfig(busy_loop_guard=False)
    config = SandboxConfig(port=0, telegram=telegram, clock_s=0, sketches=True)
    async with running_sandbox(config) as running, aiohttp.ClientSession() as http:
        LocalFal(running).takes(polls=4)
        await Person(http, running.url).write("/start")
        running.state.wire.journal.clear()
        yield running


@pytest.fixture
def local_fal(sandbox: RunningSandbox) -> LocalFal:
    return LocalFal(sandbox)


@pytest.fixture(scope="module")
def drawn() -> list[bytes]:
    return list(drawings())


@pytest.fixture(autouse=True)
def drawn_once(monkeypatch: pytest.MonkeyPatch, drawn: list[bytes]) -> None:
    """Have all runs train on the same drawings, as drawing takes longer than all else."""
    monkeypatch.setattr("services.verify.run.drawings", lambda: iter(drawn))


class Run:
    """A verification and what the operator saw of it."""

    def __init__(
        self, settings: Settings, folder: Path, options: Options, answer: str = "no"
    ) -> None:
        self.lines: list[str] = []
        self.questions: list[str] = []
        self.folder = folder / "reports"
        self._answer = answer
        self.work = Verify(settings, options, self.lines.append, self._ask, self.folder, QUICK)

    def _ask(self, question: str) -> str:
        self.questions.append(question)
        return self._answer

    @property
    def said(self) -> str:
        return "\n".join(self.lines)

    @property
    def report(self) -> str:
        (path,) = self.folder.glob("verify-*.md")
        assert path.stat().st_mode & 0o777 == 0o600
        assert f"the report is {path}" in self.lines
        return path.read_text()

    def verdict(self, assumption: str) -> str:
        (row,) = re.findall(rf"^\| {assumption} \| ([a-z ]+) \|", self.report, re.MULTILINE)
        return str(row)


SURE = Options(is_sure=True, chat_id=CHAT)


async def verified(settings: Settings, folder: Path, options: Options = SURE) -> Run:
    run = Run(settings, folder, options)
    run.code = await run.work.run()  # type: ignore[attr-defined]
    return run


def calls(sandbox: RunningSandbox) -> int:
    return len(sandbox.state.wire.journal.after(0, None))


def calls_to(sandbox: RunningSandbox, method: str) -> list[CallRecord]:
    calls = sandbox.state.wire.journal.after(0, Service.TELEGRAM)
    return [call for call in calls if method in call.path]


@pytest.fixture
def with_admin_key(settings: Settings) -> Settings:
    return settings.model_copy(update={"fal_admin_key": SecretStr(DEFAULT_ADMIN_KEY)})


async def test_a_report_names_every_assumption_and_holds_no_secret(
    with_admin_key: Settings, tmp_path: Path, local_fal: LocalFal
) -> None:
    local_fal.goes_wrong(queue_ahead=2)
    run = await verified(with_admin_key, tmp_path)
    assert "went otherwise than planned\n\nNothing." in run.report
    verdicts = {each.id: run.verdict(each.id) for each in ASSUMPTIONS}
    unseen = {name for name, verdict in verdicts.items() if verdict == Verdict.NOT_SEEN}
    assert unseen == {"weights-stay", "burst", "retry-after"}
    # The sandbox charges fractions of a megapixel, and takes nobody's word for it.
    refuted = {name for name, verdict in verdicts.items() if verdict == Verdict.REFUTED}
    assert refuted == {"picture-charge"}
    for secret in with_admin_key.secrets:
        for part in secret.split(":")[-1:]:
            assert part not in run.report + run.said
    assert "?" not in "".join(re.findall(r"https?://\S+", run.report))
    assert not (run.folder / FILE_NAME).exists()


async def test_the_report_holds_log_lines_sightings_prices_and_headers(
    with_admin_key: Settings, tmp_path: Path, local_fal: LocalFal
) -> None:
    run = await verified(with_admin_key, tmp_path)
    assert "Saving pytorch_lora_weights.safetensors" in run.report
    assert "IN_PROGRESS" in run.report
    assert re.search(r"in the request history: .*\d: listed", run.report)
    assert "| fal-ai/flux-lora | 0.035 | megapixels |" in run.report
    assert "x-fal-billable-units" in run.report
    assert "charged: 0.002 USD" in run.report
    for job in local_fal.jobs:
        assert job.request_id in run.report


async def test_it_pays_for_one_training_and_two_pictures_with_the_fewest_steps(
    settings: Settings, tmp_path: Path, local_fal: LocalFal
) -> None:
    await verified(settings, tmp_path)
    assert [job.submission.endpoint_id for job in local_fal.jobs] == [
        FAST,
        "fal-ai/flux-lora",
        "fal-ai/flux-2/edit",
        "fal-ai/flux-lora",
    ]
    (training,) = local_fal.inputs(FAST)
    assert training["steps"] == 1


@pytest.mark.parametrize(
    ("faults", "assumptions"),
    [
        ({"lower_statuses": True}, ["three-statuses"]),
        ({"no_logs": True}, ["logs-tell-steps"]),
        ({"private_logs": True}, ["logs-tell-steps"]),
        ({"fail_training": "invalid_archive"}, ["archive-is-read"]),
        ({"history_forbidden": True}, ["history-open-to-key"]),
        ({"history_lists_queued": True}, ["not-listed-proves-nothing"]),
        ({"cancel_mode": "ignore"}, ["cancel-ends-a-job", "cancelled-is-free"]),
        (
            {"cdn_missing": "pictures"},
            ["files-need-no-key", "photo-by-address", "album-by-address"],
        ),
    ],
)
async def test_a_fal_that_behaves_otherwise_refutes_what_we_assume(
    faults: dict[str, object],
    assumptions: list[str],
    with_admin_key: Settings,
    tmp_path: Path,
    local_fal: LocalFal,
) -> None:
    local_fal.goes_wrong(**faults)
    run = await verified(with_admin_key, tmp_path)
    assert [run.verdict(each) for each in assumptions] == [Verdict.REFUTED] * len(assumptions)


async def test_an_album_that_is_answered_with_429_is_told_with_its_seconds(
    settings: Settings, tmp_path: Path, sandbox: RunningSandbox
) -> None:
    sandbox.state.wire.faults.add(
        {"service": "telegram", "kind": "flood", "match": "sendMediaGroup", "seconds": 37}
    )
    run = await verified(settings, tmp_path)
    assert run.verdict("album-by-address") == Verdict.REFUTED
    assert run.verdict("photo-by-address") == Verdict.CONFIRMED
    assert "retry_after 37 s" in run.report


async def test_the_flood_is_looked_for_only_when_asked_and_ends_at_the_first_refusal(
    settings: Settings, tmp_path: Path, sandbox: RunningSandbox
) -> None:
    run = await verified(settings, tmp_path, Options(is_sure=True, floods=True, chat_id=CHAT))
    assert run.verdict("burst") == Verdict.CONFIRMED
    assert run.verdict("retry-after") == Verdict.CONFIRMED
    refused = [e for e in calls_to(sandbox, "sendMessage") if e.status == 429]
    assert len(refused) == 1


def test_the_burst_that_is_assumed_is_that_of_the_limiter() -> None:
    assert Rates().chat_burst == LEAST_BURST


async def test_a_dry_run_makes_no_call_at_all_and_writes_nothing(
    settings: Settings, tmp_path: Path, sandbox: RunningSandbox
) -> None:
    run = await verified(settings, tmp_path, Options(is_dry=True, floods=True))
    assert calls(sandbox) == 0
    assert "It costs $2.10 at most" in run.said
    assert not run.folder.exists()
    assert run.questions == []


async def test_without_a_yes_nothing_is_submitted(
    settings: Settings, tmp_path: Path, local_fal: LocalFal
) -> None:
    run = await verified(settings, tmp_path, Options(chat_id=CHAT))
    assert run.questions
    assert run.lines[-1] == "nothing was done"
    assert local_fal.jobs == []
    agreed = Run(settings, tmp_path, Options(chat_id=CHAT), answer="yes")
    await agreed.work.run()
    assert len(local_fal.jobs) == 4


async def test_more_than_the_cap_is_refused_before_anything_is_asked(
    settings: Settings, tmp_path: Path, local_fal: LocalFal
) -> None:
    dear = settings.model_copy(update={"trainers": (FLUX_2,)})
    run = await verified(dear, tmp_path)
    assert "refused" in run.lines[-1]
    assert local_fal.jobs == []


async def test_the_chat_is_that_of_the_admin_or_it_says_what_is_missing(
    settings: Settings, tmp_path: Path, sandbox: RunningSandbox
) -> None:
    run = await verified(settings, tmp_path, Options(is_sure=True))
    assert run.lines == [NO_CHAT]
    assert calls(sandbox) == 0
    await migrated(settings.database_url)
    database = Database(settings.database_url)
    async with database.transaction() as tx:
        await tx.admins.add(CHAT)
    await database.close()
    run = await verified(settings, tmp_path, Options(is_dry=True))
    assert f"  chat: {CHAT}" in run.lines


async def interrupted(run: Run, when: LocalFal, submits: int) -> None:
    async with asyncio.TaskGroup() as group:
        task = group.create_task(run.work.run())
        await when.until(lambda: len(when.jobs) >= submits)
        task.cancel()


@pytest.mark.parametrize("submits", [1, 2, 3])
async def test_interrupted_it_cancels_what_runs_and_names_it(
    submits: int, settings: Settings, tmp_path: Path, local_fal: LocalFal
) -> None:
    local_fal.takes(polls=30)
    run = Run(settings, tmp_path, SURE)
    await interrupted(run, local_fal, submits)
    assert len(local_fal.jobs) == submits
    last = local_fal.jobs[-1]
    assert f"may still run at fal: request id {last.request_id}" in run.report
    assert last.cancel_requested or last.outcome is not None
    left = json.loads((run.folder / FILE_NAME).read_text())
    assert [row["request_id"] for row in left] == [last.request_id]


async def test_after_an_interrupted_run_nothing_new_is_paid_for(
    settings: Settings, tmp_path: Path, local_fal: LocalFal
) -> None:
    local_fal.takes(polls=30)
    await interrupted(Run(settings, tmp_path, SURE), local_fal, 1)
    run = await verified(settings, tmp_path)
    assert local_fal.jobs[0].request_id in run.said
    assert FILE_NAME in run.lines[-1]
    assert len(local_fal.jobs) == 1


async def test_of_two_verifications_at_once_one_pays(
    settings: Settings, tmp_path: Path, local_fal: LocalFal
) -> None:
    local_fal.takes(polls=30)
    first = Run(settings, tmp_path, SURE)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(first.work.run())
        await local_fal.until(lambda: len(local_fal.jobs) >= 1)
        second = Run(settings, tmp_path, SURE)
        assert await second.work.run() == 2
        assert second.lines == ["another verification is running; nothing was done"]
        task.cancel()
    assert len(local_fal.jobs) == 1


async def test_a_submit_whose_answer_is_lost_is_not_sent_again_but_found_and_cancelled(
    settings: Settings, tmp_path: Path, local_fal: LocalFal
) -> None:
    local_fal.goes_wrong(drop_answer_of_submit=1, history_lists_queued=True)
    run = await verified(settings, tmp_path)
    (job,) = local_fal.jobs
    assert f"may still run at fal: request id {job.request_id}" in run.report
    assert "a cancel was answered: " in run.report


async def test_a_refused_submit_leaves_nothing_behind(
    settings: Settings, tmp_path: Path, local_fal: LocalFal
) -> None:
    local_fal.goes_wrong(submit_error=422)
    run = await verified(settings, tmp_path)
    assert "stopped early: FalRejected" in run.report
    assert not (run.folder / FILE_NAME).exists()


async def test_a_job_that_fal_does_not_know_for_a_moment_is_watched_on(
    settings: Settings, tmp_path: Path, local_fal: LocalFal
) -> None:
    local_fal.takes(polls=30)
    local_fal.fault("/status", kind="status", status=404, times=2)
    run = await verified(settings, tmp_path)
    assert run.verdict("archive-is-read") == Verdict.CONFIRMED
    assert "a status was not told: FalResultGone" in run.report
    assert len(local_fal.jobs) == 4
    assert all(job.outcome is not None or job.cancel_requested for job in local_fal.jobs)


class NoList:
    """A fal whose price list cannot be read."""

    async def unit_prices(self, endpoints: Sequence[str]) -> Sequence[UnitPrice]:
        raise FalUnavailable(f"not now: {len(endpoints)}")


@pytest.mark.parametrize("trainer", TRAINERS)
def test_the_bound_covers_a_least_charge_and_the_list_at_its_word(trainer: str) -> None:
    prices = PriceList(NoList(), Decimal(2), Decimal("0.035"))  # type: ignore[arg-type]
    usual = planned(trainer, prices, {}, floods=False)
    steps = fewest_steps(trainer)
    assert usual.steps == steps
    assert usual.bound_usd >= prices.training_usd(trainer, 1000)
    for unit in ("steps", "something"):
        listed = {trainer: UnitPrice(trainer, unit, MOST_USD + 1)}
        assert not planned(trainer, prices, listed, floods=False).is_affordable


async def test_a_status_at_an_address_of_another_form_ends_the_watch_too(tmp_path: Path) -> None:
    prices = PriceList(NoList(), Decimal(2), Decimal("0.035"))  # type: ignore[arg-type]
    evidence = Evidence(planned(FAST, prices, {}, floods=False))
    seen = JobSeen(name="picture", endpoint=FAST, mark="m", price_usd=Decimal(1), submitted_s=0.0)
    async with (
        raw_server(http(200, b'{"status": "COMPLETED"}')) as server,
        FalClient("some-id:some-secret", server.url, on_answer=evidence.note) as fal,
    ):
        url = f"{server.url}/of/another/form"
        seen.job = Job("r1", url, url, url)
        watcher = Watcher(fal, evidence, OpenJobs(tmp_path), QUICK, print)
        assert await watcher.watch(seen, fal.made_images) is None
    assert seen.ended_s is not None


def test_assumptions_have_ids_of_their_own_and_are_not_seen_without_evidence() -> None:
    assert len({each.id for each in ASSUMPTIONS}) == len(ASSUMPTIONS)
    prices = PriceList(NoList(), Decimal(2), Decimal("0.035"))  # type: ignore[arg-type]
    evidence = Evidence(planned(FAST, prices, {}, floods=False))
    assert {each.judge(evidence).verdict for each in ASSUMPTIONS} == {Verdict.NOT_SEEN}
    root = Path(__file__).parents[2]
    for each in ASSUMPTIONS:
        assert (root / each.where.partition(":")[0].partition(",")[0]).exists(), each.where


def test_options_are_read_and_wrong_ones_end_with_the_usage() -> None:
    assert read_options(["--yes", "--flood", "--chat", "7"]) == Options(
        is_sure=True, floods=True, chat_id=7
    )
    assert read_options(["--dry-run"]) == Options(is_dry=True)
    with pytest.raises(SystemExit) as ended:
        read_options(["--chat", "me"])
    assert ended.value.code == 2
