"""What is counted at the seams is read over HTTP, and holds no ids and no words."""

import contextlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import httpx
import pytest
from aiogram import Bot, Dispatcher
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import Message

from bot.listener import listening
from bot.metrics.scrape import Carried
from bot.metrics.seams import call_of
from bot.metrics.serve import Metrics
from db.database import Database
from sandbox.server import RunningSandbox
from services.domain.trouble import DatabaseUnavailable
from services.errors import FalAccount, FalUnavailable, StaleButton
from services.fal.client import FalClient
from services.fal.gateway import GenerationOrder
from services.health import DOWN_AFTER, Health
from services.jobs.kind import End
from services.jobs.nursery import Nursery
from services.jobs.replica import Replica
from services.jobs.shared import SharedCarrier
from services.webhooks.sending import GIVEN_UP
from tests.services.kit import start_training
from tests.values import labels_of

ROOT = Path(__file__).resolve().parents[3]
FLUX = "fal-ai/flux-lora"
PERSON = 987654321
WORDS = "words-of-a-person"


class Reader:
    """The figures as Prometheus reads them."""

    def __init__(self, metrics: Metrics, http: aiohttp.ClientSession) -> None:
        self.metrics = metrics
        self._http = http

    async def text(self) -> str:
        async with self._http.get("/metrics") as answer:
            assert answer.status == 200
            assert answer.headers["Content-Type"].startswith("text/plain; version=")
            return await answer.text()

    async def value(self, line: str) -> float | None:
        found = re.search(rf"^{re.escape(line)} (\S+)$", await self.text(), re.MULTILINE)
        return float(found[1]) if found else None


@asynccontextmanager
async def read(
    database: Database,
    healths: dict[str, Health] | None = None,
    refused: dict[str, dict[str, int]] | None = None,
    carried: dict[str, Carried] | None = None,
) -> AsyncIterator[Reader]:
    with listening("127.0.0.1", 0) as listener:
        base = f"http://127.0.0.1:{listener.getsockname()[1]}"
        metrics = Metrics(listener)
        async with (
            metrics.served(database, healths or {}, refused or {}, 25.0, carried or {}),
            aiohttp.ClientSession(base) as http,
        ):
            yield Reader(metrics, http)


def message(number: int) -> dict[str, Any]:
    person = {"id": PERSON, "is_bot": False, "first_name": "Ann"}
    chat = {"id": PERSON, "type": "private", "first_name": "Ann"}
    said = {"message_id": number, "date": 1, "chat": chat, "from": person, "text": WORDS}
    return {"update_id": number, "message": said}


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (None, "ok"),
        (StaleButton(), "refused"),
        (DatabaseUnavailable("locked"), "put_off"),
        (KeyError(WORDS), "failed"),
    ],
)
async def test_updates_are_counted_by_kind_and_outcome(
    database: Database, bot: Bot, error: Exception | None, outcome: str
) -> None:
    async with read(database) as reader:
        dispatcher = Dispatcher(disable_fsm=True)
        assert reader.metrics.seams.updates is not None
        dispatcher.update.outer_middleware(reader.metrics.seams.updates)

        @dispatcher.message()
        async def handle(_: Message) -> None:
            if error is not None:
                raise error

        with contextlib.suppress(Exception):
            await dispatcher.feed_raw_update(bot, message(1))
        labels = f'{{kind="message",outcome="{outcome}"}}'
        assert await reader.value(f"neurophoto_update_seconds_count{labels}") == 1
        assert await reader.value("neurophoto_updates_in_progress") == 0


async def test_calls_of_telegram_are_counted_by_method_and_outcome(
    database: Database, bot: Bot, sandbox: RunningSandbox
) -> None:
    async with read(database) as reader:
        assert reader.metrics.seams.telegram is not None
        bot.session.middleware(reader.metrics.seams.telegram)
        await bot.get_me()
        with pytest.raises(TelegramBadRequest):
            await bot.send_message(PERSON, WORDS)
        sandbox.state.wire.faults.add(
            {"service": "telegram", "match": "getMe", "kind": "flood", "seconds": 1}
        )
        await bot.get_me()
        text = await reader.text()
    count = "neurophoto_telegram_call_seconds_count"
    assert f'{count}{{method="getMe",outcome="ok"}} 2.0' in text
    assert f'{count}{{method="getMe",outcome="flood"}} 1.0' in text
    assert f'{count}{{method="sendMessage",outcome="refused"}} 1.0' in text
    assert not [one for one in labels_of(text) if str(PERSON) in one]
    assert WORDS not in text


async def test_requests_to_fal_are_counted_by_what_they_ask(
    database: Database, sandbox: RunningSandbox
) -> None:
    order = GenerationOrder(WORDS, "https://v3.fal.media/lora.safetensors")
    async with read(database) as reader:
        async with FalClient(
            sandbox.config.fal_key, sandbox.fal_url, observer=reader.metrics.seams.fal
        ) as fal:
            job = await fal.submit_generation(FLUX, order)
            await fal.status(job)
            sandbox.state.wire.faults.add(
                {"service": "fal", "match": "/status", "kind": "status", "status": 503}
            )
            with pytest.raises(FalUnavailable):
                await fal.status(job)
        async with FalClient(
            "wrong:key", sandbox.fal_url, observer=reader.metrics.seams.fal
        ) as fal:
            with pytest.raises(FalAccount):
                await fal.submit_generation(FLUX, order)
        text = await reader.text()
    count = "neurophoto_fal_call_seconds_count"
    for labels in (
        'call="submit",outcome="ok"',
        'call="submit",outcome="refused"',
        'call="status",outcome="ok"',
        'call="status",outcome="failed"',
    ):
        assert f"{count}{{{labels}}} 1.0" in text
    assert WORDS not in text


@pytest.mark.parametrize(
    ("method", "url", "call"),
    [
        ("POST", "https://queue.fal.run/fal-ai/flux-lora?fal_webhook=https%3A%2F%2Fa", "submit"),
        ("PUT", "https://queue.fal.run/fal-ai/flux-lora/requests/1/cancel", "cancel"),
        ("GET", "https://queue.fal.run/fal-ai/flux-lora/requests/1/status?logs=1", "status"),
        ("GET", "https://queue.fal.run/fal-ai/flux-lora/requests/1", "result"),
        ("GET", "http://127.0.0.1:8081/fal/queue/fal-ai/flux-lora/requests/1/status", "status"),
        ("POST", "https://rest.fal.ai/storage/upload/initiate", "storage"),
        ("PUT", "https://v3.fal.media/files/upload", "upload"),
        ("GET", "https://api.fal.ai/v1/models/pricing", "platform"),
        ("GET", "https://elsewhere.example.org/", "other"),
    ],
)
def test_what_is_asked_of_fal_has_few_names(method: str, url: str, call: str) -> None:
    assert call_of(method, httpx.URL(url)) == call


async def test_ends_of_jobs_are_counted_with_their_reason(database: Database) -> None:
    async with read(database) as reader:
        assert reader.metrics.seams.jobs is not None
        reader.metrics.seams.jobs(End("training", "completed", None, 300.0))
        reader.metrics.seams.jobs(End("training", "failed", "deadline", 10_800.0))
        done = 'neurophoto_job_seconds_sum{end="completed",kind="training"}'
        assert await reader.value(done) == 300
        failed = 'neurophoto_job_failures_total{kind="training",reason="deadline"}'
        assert await reader.value(failed) == 1


async def test_messages_to_programs_are_counted_by_their_outcome(database: Database) -> None:
    async with read(database) as reader:
        assert reader.metrics.seams.sent is not None
        reader.metrics.seams.sent("delivered", 0.5)
        reader.metrics.seams.sent("too_slow", 15.0)
        reader.metrics.seams.sent(GIVEN_UP, 0.0)
        line = 'neurophoto_program_seconds_sum{outcome="delivered"}'
        assert await reader.value(line) == 0.5
        line = 'neurophoto_program_seconds_count{outcome="too_slow"}'
        assert await reader.value(line) == 1
        assert await reader.value("neurophoto_program_messages_given_up_total") == 1


async def test_outages_and_refused_calls_are_read_as_they_are_now(database: Database) -> None:
    health, refused = Health("fal"), {"fal": {"forged": 2}}
    async with read(database, {"fal": health}, refused) as reader:
        assert await reader.value('neurophoto_service_up{service="fal"}') == 1
        for _ in range(DOWN_AFTER):
            health.failed("HTTP 503")
        refused["fal"]["forged"] += 1
        assert await reader.value('neurophoto_service_up{service="fal"}') == 0
        line = 'neurophoto_webhook_calls_refused_total{caller="fal",reason="forged"}'
        assert await reader.value(line) == 3


async def test_without_its_database_the_rest_is_still_told(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}")
    async with read(database) as reader:
        assert await reader.value("neurophoto_database_up") == 0
        assert await reader.value("neurophoto_inbox_updates") is None
        assert await reader.value("neurophoto_updates_in_progress") == 0
    await database.close()


async def test_what_a_process_has_in_hand_is_told_by_kind(database: Database) -> None:
    async def step(_row_id: str) -> float | None:
        return 3600.0

    training = await start_training(database, photos=0)
    async with Replica(database) as replica, Nursery() as nursery:
        carrier = SharedCarrier("training", nursery, replica, lambda tx: tx.trainings.claims, step)
        await carrier.start()
        carrier.carry(training.id)
        async with read(database, carried={"training": carrier}) as reader:
            assert await reader.value('neurophoto_jobs_held{kind="training"}') == 1
            assert await reader.value('neurophoto_jobs_taken_over_total{kind="training"}') == 1


async def test_nothing_else_is_served_there(database: Database) -> None:
    async with read(database) as reader:
        for path in ("/", "/healthz", "/telegram"):
            async with reader._http.get(path) as answer:
                assert answer.status == 404


async def test_the_page_names_every_figure_and_no_other(database: Database) -> None:
    async with read(database) as reader:
        told = set(re.findall(r"^# TYPE (neurophoto_\w+)", await reader.text(), re.MULTILINE))
    # Counters and histograms tell when they began in a series of their own.
    told = {name for name in told if not name.endswith("_created")}
    page = (ROOT / "docs" / "metrics.md").read_text("utf-8")
    named = set(re.findall(r"^\| `(neurophoto_\w+)`", page, re.MULTILINE))
    assert named == told
