"""setWebhook pushes: order, retries, answers, refusals."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest
from aiogram import Bot, Dispatcher, F
from aiogram.methods import SendMessage
from aiogram.types import Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web

from sandbox.server import RunningSandbox
from tests.sandbox.telegram.clients import USER, Json, Person, RawApi
from tests.sandbox.telegram.stars_kit import Till

Answer = Callable[[int], web.Response]


class Hook:
    """A bot's own server: remembers what is pushed, answers as told."""

    def __init__(self) -> None:
        self.url = ""
        self.updates: list[Json] = []
        self.headers: list[Any] = []
        self.answer: Answer = lambda _: web.Response()
        self.at_once: int = 0
        self.most_at_once = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self._came = asyncio.Condition()

    async def take(self, request: web.Request) -> web.Response:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.headers.append(request.headers)
        self.updates.append(await request.json())
        answer = self.answer(len(self.updates))
        async with self._came:
            self._came.notify_all()
        await self.gate.wait()
        self.at_once -= 1
        return answer

    async def has(self, count: int) -> list[Json]:
        async with asyncio.timeout(20), self._came:
            await self._came.wait_for(lambda: len(self.updates) >= count)
        return self.updates

    @property
    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.updates if "message" in update]


async def serve(app: web.Application) -> tuple[web.AppRunner, str]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}"


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    made = Hook()
    app = web.Application()
    app.router.add_post("/hook", made.take)
    runner, url = await serve(app)
    made.url = f"{url}/hook"
    yield made
    await runner.cleanup()


async def info_says(raw: RawApi, name: str, value: object) -> Json:
    """Ask getWebhookInfo until a field has a value."""
    async with asyncio.timeout(20):
        while True:
            info: Json = (await raw("getWebhookInfo"))["result"]
            if info.get(name) == value:
                return info


async def test_updates_are_pushed_with_the_secret(hook: Hook, raw: RawApi, person: Person) -> None:
    said = await raw("setWebhook", url=hook.url, secret_token="s-3_cret")
    assert said["description"] == "Webhook was set"
    await person.write("hello")
    (update,) = await hook.has(1)
    assert update["message"]["text"] == "hello"
    assert isinstance(update["update_id"], int)
    assert hook.headers[0]["X-Telegram-Bot-Api-Secret-Token"] == "s-3_cret"
    assert hook.headers[0]["Content-Type"] == "application/json"
    info = await info_says(raw, "pending_update_count", 0)
    assert (info["url"], info["max_connections"]) == (hook.url, 40)
    assert info["ip_address"] == "127.0.0.1"
    assert "last_error_date" not in info


async def test_without_a_secret_there_is_no_header(
    hook: Hook, raw: RawApi, person: Person
) -> None:
    await raw("setWebhook", url=hook.url)
    await person.write("hello")
    await hook.has(1)
    assert "X-Telegram-Bot-Api-Secret-Token" not in hook.headers[0]


async def test_a_push_whose_answer_is_lost_comes_once_more(
    hook: Hook, raw: RawApi, person: Person
) -> None:
    await person.fault(service="telegram", kind="duplicate")
    await raw("setWebhook", url=hook.url)
    await person.write("twice")
    await person.write("once")
    first, second, _ = await hook.has(3)
    assert first == second
    assert hook.texts == ["twice", "twice", "once"]


async def test_what_waited_is_pushed_when_a_webhook_is_set(
    hook: Hook, raw: RawApi, person: Person
) -> None:
    await person.write("earlier")
    await raw("setWebhook", url=hook.url)
    await hook.has(1)
    assert hook.texts == ["earlier"]


async def test_waiting_updates_are_dropped_on_request(
    hook: Hook, raw: RawApi, person: Person
) -> None:
    await person.write("earlier")
    await raw("setWebhook", url=hook.url, drop_pending_updates="true")
    await person.write("later")
    await hook.has(1)
    assert hook.texts == ["later"]


async def test_a_chat_keeps_its_order_while_others_go_on(
    hook: Hook, raw: RawApi, person: Person, chat: int, bot: Bot
) -> None:
    keyboard = {"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]}
    asked = await bot.send_message(chat, "x", reply_markup=keyboard)  # type: ignore[arg-type]
    await person.ask("POST", "users", 201, json={"first_name": "Eva", "id": 1002})
    await raw("setWebhook", url=hook.url)
    hook.gate.clear()
    for text in ("1", "2", "3"):
        await person.write(text)
    await person.write("other", user=1002)
    await person.click(asked.message_id, data="a")
    # The first message of each chat and the press are under way; "2" and "3" wait for "1".
    await hook.has(3)
    assert sorted(hook.texts) == ["1", "other"]
    assert hook.at_once == 3
    hook.gate.set()
    await hook.has(5)
    mine = [u["message"]["text"] for u in hook.updates if _chat(u) == USER and "message" in u]
    assert mine == ["1", "2", "3"]


def _chat(update: Json) -> int:
    return int(update.get("message", {}).get("chat", {}).get("id", 0))


async def test_max_connections_bounds_what_is_under_way(
    hook: Hook, raw: RawApi, person: Person
) -> None:
    await raw("setWebhook", url=hook.url, max_connections=2)
    for user in range(1002, 1007):
        await person.ask("POST", "users", 201, json={"first_name": "U", "id": user})
        await person.write("x", user=user)
    await hook.has(5)
    assert hook.most_at_once <= 2
    assert (await raw("getWebhookInfo"))["result"]["max_connections"] == 2


async def test_a_refused_update_comes_again_after_growing_pauses(
    hook: Hook, raw: RawApi, person: Person
) -> None:
    hook.answer = lambda count: web.Response(status=500 if count < 5 else 200)
    await raw("setWebhook", url=hook.url)
    await person.write("stubborn")
    await hook.has(2)  # The second try comes at once.
    info = await info_says(raw, "pending_update_count", 1)
    assert info["last_error_message"] == (
        "Wrong response from the webhook: 500 Internal Server Error"
    )
    assert info["last_error_date"] > 0
    for tries, pause_s in ((3, 2), (4, 4), (5, 8)):
        await person.later(pause_s)
        await hook.has(tries)
    assert hook.texts == ["stubborn"] * 5
    assert len({update["update_id"] for update in hook.updates}) == 1
    await info_says(raw, "pending_update_count", 0)


async def test_a_server_may_name_the_pause(hook: Hook, raw: RawApi, person: Person) -> None:
    busy = {"Retry-After": "600"}
    hook.answer = lambda count: web.Response(status=429 if count < 2 else 200, headers=busy)
    await raw("setWebhook", url=hook.url)
    await person.write("later")
    await hook.has(1)
    await info_says(
        raw, "last_error_message", "Wrong response from the webhook: 429 Too Many Requests"
    )
    await person.later(500)
    await person.ask("GET", "state")
    assert len(hook.updates) == 1
    await person.later(101)
    await hook.has(2)


async def test_what_nobody_took_for_a_day_is_lost(hook: Hook, raw: RawApi, person: Person) -> None:
    hook.answer = lambda _: web.Response(status=500)
    await raw("setWebhook", url=hook.url)
    await person.write("x")
    await hook.has(2)
    await person.later(25 * 3600)
    await info_says(raw, "pending_update_count", 0)


async def test_a_webhook_that_says_gone_for_a_day_is_closed(
    hook: Hook, raw: RawApi, person: Person
) -> None:
    hook.answer = lambda _: web.Response(status=410)
    await raw("setWebhook", url=hook.url)
    await person.write("x")
    await hook.has(2)
    await person.later(23 * 3600 + 60)
    await info_says(raw, "url", "")


async def test_redirects_are_not_followed(hook: Hook, raw: RawApi, person: Person) -> None:
    hook.answer = lambda _: web.Response(status=307, headers={"Location": "/hook"})
    await raw("setWebhook", url=hook.url)
    await person.write("x")
    await info_says(
        raw, "last_error_message", "Wrong response from the webhook: 307 Temporary Redirect"
    )


async def test_a_server_that_is_not_there_is_told(raw: RawApi, person: Person) -> None:
    runner, url = await serve(web.Application())
    await runner.cleanup()
    await raw("setWebhook", url=url)
    await person.write("x")
    info = await info_says(raw, "last_error_message", "Connection refused")
    assert info["pending_update_count"] == 1


@pytest.mark.parametrize("form", ["json", "urlencoded", "multipart"])
async def test_a_method_in_the_answer_is_performed(
    hook: Hook, raw: RawApi, person: Person, form: str
) -> None:
    body = {"method": "sendMessage", "chat_id": str(USER), "text": "from the answer"}

    def answered(_: int) -> web.Response:
        if form == "json":
            return web.json_response(body)
        data = aiohttp.FormData(body)
        if form == "multipart":
            data.add_field("unused", b"x", filename="x.bin")
        return web.Response(body=data())

    hook.answer = answered
    await raw("setWebhook", url=hook.url)
    await person.write("/start")
    await info_says(raw, "pending_update_count", 0)
    assert [m["text"] for m in await person.messages()] == ["/start", "from the answer"]


async def test_an_answer_that_is_no_method_counts_as_taken(
    hook: Hook, raw: RawApi, person: Person
) -> None:
    answers = [
        web.Response(text="[" * 100_000, content_type="application/json"),
        web.Response(text="ok", content_type="text/plain"),
        web.Response(status=204),
    ]
    hook.answer = lambda count: answers[count - 1]
    await raw("setWebhook", url=hook.url)
    for text in ("1", "2", "3"):
        await person.write(text)
    await info_says(raw, "pending_update_count", 0)
    assert hook.texts == ["1", "2", "3"]


@pytest.mark.parametrize("method", ["deleteWebhook", "getMe", "noSuchMethod", "sendMessage"])
async def test_methods_that_an_answer_cannot_perform_change_nothing(
    hook: Hook, raw: RawApi, person: Person, method: str
) -> None:
    hook.answer = lambda _: web.json_response({"method": method})
    await raw("setWebhook", url=hook.url)
    await person.write("/start")
    info = await info_says(raw, "pending_update_count", 0)
    assert info["url"] == hook.url
    assert len(await person.messages()) == 1


async def test_polling_is_refused_while_a_webhook_is_set(
    hook: Hook, raw: RawApi, person: Person
) -> None:
    await raw("setWebhook", url=hook.url)
    said = await raw("getUpdates", 409, timeout=0)
    assert "while webhook is active" in said["description"]
    assert (await raw("deleteWebhook"))["description"] == "Webhook was deleted"
    await person.write("polled")
    assert len((await raw("getUpdates", timeout=0))["result"]) == 1
    assert hook.updates == []


async def test_setting_a_webhook_ends_a_waiting_poll(
    hook: Hook, raw: RawApi, person: Person, sandbox: RunningSandbox
) -> None:
    async with asyncio.TaskGroup() as tasks:
        poll = tasks.create_task(raw("getUpdates", 409, timeout=30))
        async with asyncio.timeout(30):
            while sandbox.state.telegram.updates._poll is None:
                await person.ask("GET", "state")
        await raw("setWebhook", url=hook.url)
    said = poll.result()["description"]
    assert said == "Conflict: terminated by setWebhook request"


async def test_allowed_updates_of_a_webhook_last(hook: Hook, raw: RawApi, person: Person) -> None:
    await raw("setWebhook", url=hook.url, allowed_updates='["edited_message"]')
    written = await person.write("not asked for")
    edit = {"message_id": written["message_id"], "text": "asked for"}
    await person.ask("POST", "chats/1001/edit", json=edit)
    (update,) = await hook.has(1)
    assert update["edited_message"]["text"] == "asked for"
    again = await raw("setWebhook", url=hook.url)
    assert again["description"] == "Webhook is already set"
    info = (await raw("getWebhookInfo"))["result"]
    assert info["allowed_updates"] == ["edited_message"]


@pytest.mark.parametrize(
    ("params", "refusal"),
    [
        ({"url": "ftp://127.0.0.1/x"}, "invalid webhook URL specified"),
        ({"url": "https://"}, "invalid webhook URL specified"),
        ({"url": "http://127.0.0.1/", "secret_token": "x" * 257}, "secret token is too long"),
        (
            {"url": "http://127.0.0.1/", "secret_token": "a b"},
            "secret token contains unallowed characters",
        ),
        (
            {"url": "http://example.com/hook"},
            "bad webhook: An HTTPS URL must be provided for webhook",
        ),
        (
            {"url": "https://example.com:444/hook"},
            "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
        ),
    ],
)
async def test_bad_webhooks_are_refused(raw: RawApi, params: dict[str, str], refusal: str) -> None:
    assert await raw.refusal("setWebhook", **params) == f"Bad Request: {refusal}"


@pytest.mark.parametrize(
    "params",
    [{"url": "https://example.com/hook"}, {"url": "http://[::1]/", "ip_address": "1.1.1.1"}],
)
async def test_what_is_out_of_reach_is_not_imitated(raw: RawApi, params: dict[str, str]) -> None:
    said = await raw("setWebhook", 501, **params)
    assert "sandbox does not imitate" in said["description"]


async def test_a_refused_webhook_has_closed_the_old_one(hook: Hook, raw: RawApi) -> None:
    await raw("setWebhook", url=hook.url)
    await raw.refusal("setWebhook", url="http://example.com/hook")
    assert (await raw("getWebhookInfo"))["result"]["url"] == ""


async def test_an_aiogram_bot_lives_on_a_webhook(bot: Bot, person: Person) -> None:
    dispatcher = Dispatcher()

    @dispatcher.message(F.text == "/start")
    async def start(message: Message) -> SendMessage:
        return message.answer("Hello from the webhook")

    app = web.Application()
    SimpleRequestHandler(
        dispatcher,
        bot,
        handle_in_background=False,
        secret_token="abc",
    ).register(app, path="/hook")
    setup_application(app, dispatcher, bot=bot)
    runner, url = await serve(app)
    try:
        assert await bot.set_webhook(f"{url}/hook", secret_token="abc")
        await person.write("/start")
        async with asyncio.timeout(20):
            while len(messages := await person.messages()) < 2:
                await person.ask("GET", "state")
        assert messages[1]["text"] == "Hello from the webhook"
        assert await bot.delete_webhook()
    finally:
        await runner.cleanup()


async def test_a_payment_is_approved_in_the_answer_to_its_question(
    hook: Hook, raw: RawApi, till: Till
) -> None:
    def approve(_: int) -> web.Response:
        query = hook.updates[-1].get("pre_checkout_query")
        if query is None:
            return web.Response()
        method = {"method": "answerPreCheckoutQuery", "pre_checkout_query_id": query["id"]}
        return web.json_response({**method, "ok": True})

    hook.answer = approve
    bill = await till.bill()
    await raw("setWebhook", url=hook.url)
    await till.confirm(bill)
    _, paid = await hook.has(2)
    assert paid["message"]["successful_payment"]["total_amount"] == 12
    assert await till.stars() == 2488


async def test_a_bot_that_is_started_again_waits_out_no_pause(
    hook: Hook, raw: RawApi, person: Person, sandbox: RunningSandbox
) -> None:
    await raw("setWebhook", url=hook.url)
    hook.answer = lambda _: web.Response(status=500)
    await person.write("hello")
    await hook.has(2)
    hook.answer = lambda _: web.Response()
    # Who starts the bot's process clears this; its first setWebhook says that it is there.
    sandbox.state.telegram.updates.asked.clear()
    said = await raw("setWebhook", url=hook.url)
    assert said["description"] == "Webhook is already set"
    assert sandbox.state.telegram.updates.asked.is_set()
    await info_says(raw, "pending_update_count", 0)
    assert hook.texts[-1] == "hello"
