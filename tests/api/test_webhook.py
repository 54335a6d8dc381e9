"""A program is told of each end of a job, at an address that its user has set."""

import uuid
from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio

from api.app import Served, build_app
from api.callers import Limits
from api.limits import RateLimit
from bot.listener import listening
from bot.web import serving
from services.domain.api_keys import KeyScope
from services.domain.webhooks import WebhookEvent
from services.errors import BadWebhookAddress, NotFound
from tests.api.kit import Caller
from tests.handlers.chat import Product
from tests.receiver import Receiver, receiving


@pytest_asyncio.fixture(loop_scope="session")
async def receiver(product: Product) -> AsyncIterator[Receiver]:
    del product
    async with receiving() as running:
        yield running


async def test_a_generation_is_told_with_what_the_api_says_of_it(
    caller: Caller, receiver: Receiver
) -> None:
    model = await caller.own_model()
    put = await caller.ask("PUT", "/webhook", json={"url": receiver.url})
    assert put.status == 200
    secret = put.body["secret"]
    assert secret.startswith("whsec_")
    assert put.body["events"] == [*WebhookEvent]
    key = {"Idempotency-Key": str(uuid.uuid4())}
    asked = {"prompt": "a portrait", "count": 2}
    made = (await caller.ask("POST", "/generate", json=asked, headers=key)).body["id"]
    (sent,) = await receiver.until(1)
    assert sent.is_signed(secret)
    assert sent.said["type"] == "generation.completed"
    shown = (await caller.get(f"/generations/{made}")).body
    assert sent.said["data"] == {
        "id": made,
        "model_id": model.training_id,
        "second_model_id": None,
        "status": shown["status"],
        "failure": None,
        "pictures": [{"id": one["id"]} for one in shown["pictures"]],
    }
    assert len(shown["pictures"]) == 2
    await caller.chat.until_said("127.0.0.1")


async def test_an_enlargement_is_told(caller: Caller, receiver: Receiver) -> None:
    await caller.own_result(await caller.own_model())
    await caller.ask("PUT", "/webhook", json={"url": receiver.url})
    picture = (await caller.get("/pictures")).body["items"][0]["id"]
    key = {"Idempotency-Key": str(uuid.uuid4())}
    ordered = await caller.ask("POST", f"/pictures/{picture}/enlarge", headers=key)
    assert ordered.status == 202
    (sent,) = await receiver.until(1)
    assert sent.said["type"].startswith("enlargement.")
    assert sent.said["data"]["id"] == ordered.body["id"]
    assert sent.said["data"]["picture_id"] == picture


async def test_an_address_is_shown_without_its_secret_and_forgotten(
    caller: Caller, stranger: Caller, receiver: Receiver
) -> None:
    assert (await caller.get("/webhook")).code == NotFound.code
    await caller.ask("PUT", "/webhook", json={"url": receiver.url})
    shown = (await caller.get("/webhook")).body
    assert (shown["url"], shown["waiting"]) == (receiver.url, 0)
    assert "secret" not in shown
    again = await caller.ask("PUT", "/webhook", json={"url": receiver.url})
    assert again.body["secret"] is None
    renewed = await caller.ask("PUT", "/webhook", json={"url": receiver.url, "renew_secret": True})
    assert renewed.body["secret"].startswith("whsec_")
    # It is nobody else's.
    assert (await stranger.get("/webhook")).status == 404
    assert (await stranger.ask("DELETE", "/webhook")).status == 204
    assert (await caller.get("/webhook")).status == 200
    for _ in range(2):
        assert (await caller.ask("DELETE", "/webhook")).status == 204
    assert (await caller.get("/webhook")).status == 404


@pytest.mark.parametrize("scope", [KeyScope.READ, KeyScope.GENERATE])
async def test_only_a_key_that_may_do_everything_changes_it(
    caller: Caller, receiver: Receiver, scope: KeyScope
) -> None:
    await caller.uses_key(scope)
    for method, path, body in (
        ("PUT", "/webhook", {"url": receiver.url}),
        ("DELETE", "/webhook", None),
        ("POST", "/webhook/test", None),
    ):
        answer = await caller.ask(method, path, json=body)
        assert (answer.status, answer.code) == (403, "scope-missing")
    assert (await caller.get("/webhook")).status == 404
    await caller.uses_key(KeyScope.TRAIN)
    assert (await caller.ask("PUT", "/webhook", json={"url": receiver.url})).status == 200


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "https://localhost/",
        "https://10.0.0.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://2130706433/",
        "https://[::1]/",
        "https://user:word@example.org/",
        "https://example.org:22/",
    ],
)
async def test_an_address_that_is_not_called_is_refused(caller: Caller, url: str) -> None:
    answer = await caller.ask("PUT", "/webhook", json={"url": url})
    assert (answer.status, answer.code) == (422, BadWebhookAddress.code)


async def test_an_address_is_tried_on_demand(caller: Caller, receiver: Receiver) -> None:
    assert (await caller.ask("POST", "/webhook/test")).status == 404
    await caller.ask("PUT", "/webhook", json={"url": receiver.url})
    receiver.statuses = [503]
    failed = await caller.ask("POST", "/webhook/test")
    assert failed.body == {"is_delivered": False, "status": 503, "trouble": None}
    arrived = await caller.ask("POST", "/webhook/test")
    assert arrived.body == {"is_delivered": True, "status": 204, "trouble": None}
    assert receiver.sent[0].said["type"] == "webhook.test"
    await caller.ask("PUT", "/webhook", json={"url": "http://127.0.0.1:1/"})
    nobody = await caller.ask("POST", "/webhook/test")
    assert nobody.body == {"is_delivered": False, "status": None, "trouble": "unreachable"}


async def test_nobody_has_this_machine_knock_at_doors_all_day(
    product: Product, receiver: Receiver
) -> None:
    async def untroubled() -> list[str]:
        return []

    limits = Limits(tries=RateLimit(burst=3, per_minute=1))
    with listening("127.0.0.1", 0) as listener:
        base = f"http://127.0.0.1:{listener.getsockname()[1]}"
        app = build_app(Served(untroubled, api=product.api), limits)
        async with serving(app, listener), aiohttp.ClientSession(base) as client:
            caller = Caller(product, client, product.newcomer())
            await caller.chat.say("/start")
            await caller.opens()
            put = await caller.ask("PUT", "/webhook", json={"url": receiver.url})
            assert put.status == 200
            for _ in range(2):
                assert (await caller.ask("POST", "/webhook/test")).status == 200
            for method, path in (("POST", "/webhook/test"), ("PUT", "/webhook")):
                answer = await caller.ask(method, path, json={"url": receiver.url})
                assert (answer.status, answer.code) == (429, "too-many-requests")
    assert len(receiver.sent) == 2
