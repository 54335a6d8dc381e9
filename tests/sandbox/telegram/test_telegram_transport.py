"""Transport: tokens, methods, encodings, envelopes."""

import logging
from typing import Any

import aiohttp
import pytest
from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramNotFound, TelegramUnauthorizedError
from aiogram.methods import TelegramMethod
from aiogram.types import BufferedInputFile

from sandbox.server import RunningSandbox
from tests.sandbox.telegram.clients import RawApi


async def test_get_me_fits_the_token(bot: Bot) -> None:
    me = await bot.get_me()
    assert (me.id, me.is_bot, me.can_read_all_group_messages) == (bot.id, True, False)


async def test_methods_answer_to_any_letter_case_by_get_and_post(
    raw: RawApi, http: aiohttp.ClientSession
) -> None:
    for method in (http.get, http.post):
        async with method(f"{raw.base}/GETME") as response:
            assert (await response.json())["ok"] is True
    async with http.get(f"{raw.base}/test/getMe") as response:
        assert response.status == 200


@pytest.mark.parametrize("style", ["query", "json", "multipart", "urlencoded"])
async def test_parameters_come_in_every_encoding(
    raw: RawApi, http: aiohttp.ClientSession, chat: int, style: str
) -> None:
    params = {"chat_id": str(chat), "text": "hi", "protect_content": "True"}
    form = aiohttp.FormData(params)
    if style == "multipart":
        form.add_field("unused", b"x", filename="x.bin")
    styles: dict[str, dict[str, Any]] = {
        "query": {"params": params},
        "json": {"json": {"chat_id": chat, "text": "hi", "protect_content": True}},
        "multipart": {"data": form},
        "urlencoded": {"data": params},
    }
    async with http.post(f"{raw.base}/sendMessage", **styles[style]) as response:
        message = (await response.json())["result"]
    assert message["text"] == "hi"
    assert message["has_protected_content"] is True


async def test_a_malformed_json_body_counts_as_no_parameters(
    raw: RawApi, http: aiohttp.ClientSession
) -> None:
    headers = {"Content-Type": "application/json"}
    async with http.post(f"{raw.base}/sendMessage", data=b"{", headers=headers) as response:
        assert response.status == 400
        assert (await response.json())["description"] == "Bad Request: message text is empty"


@pytest.mark.parametrize(
    ("token", "status", "description"),
    [
        ("7000000001:wrong", 401, "Unauthorized"),
        ("nonsense", 401, "Unauthorized: invalid token specified"),
    ],
)
async def test_a_wrong_token_is_unauthorized(
    sandbox: RunningSandbox,
    http: aiohttp.ClientSession,
    token: str,
    status: int,
    description: str,
) -> None:
    async with http.get(f"{sandbox.telegram_url}/bot{token}/getMe") as response:
        assert response.status == status
        assert await response.json() == {
            "ok": False,
            "error_code": status,
            "description": description,
        }


async def test_aiogram_sees_a_wrong_token(bot: Bot) -> None:
    stranger = Bot("7000000001:wrong", session=bot.session)
    with pytest.raises(TelegramUnauthorizedError):
        await stranger.get_me()


async def test_unknown_methods_are_not_found_and_logged(
    raw: RawApi, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        answer = await raw("makeCoffee", 404)
    assert answer["description"] == "Not Found: method not found"
    assert "makeCoffee" in caplog.text


async def test_parameters_of_the_past_are_read_and_logged(
    raw: RawApi, chat: int, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        today = await raw("sendMessage", chat_id=chat, text="x", link_preview_options="{}")
        assert caplog.text == ""
        past = await raw("sendMessage", chat_id=chat, text="x", disable_web_page_preview="true")
    assert today["ok"]
    assert past["result"]["link_preview_options"] == {"is_disabled": True}
    (line,) = caplog.messages
    assert line == "sendMessage has link_preview_options in place of disable_web_page_preview"


@pytest.mark.parametrize(
    ("chat_id", "refusal"),
    [("", "chat_id is empty"), ("999", "chat not found"), ("@nobody", "chat not found")],
)
async def test_unknown_chats_are_refused(raw: RawApi, chat_id: str, refusal: str) -> None:
    said = await raw.refusal("sendMessage", chat_id=chat_id, text="x")
    assert said == f"Bad Request: {refusal}"


async def test_a_user_who_never_wrote_is_no_chat_yet(raw: RawApi) -> None:
    said = await raw.refusal("sendMessage", chat_id=1001, text="x")
    assert said == "Bad Request: chat not found"


async def test_empty_counts_as_missing(raw: RawApi, chat: int) -> None:
    said = await raw.refusal("sendMediaGroup", chat_id=chat, media="")
    assert said == 'Bad Request: parameter "media" is required'


async def test_a_body_over_50_mb_gets_an_empty_413(bot: Bot, chat: int) -> None:
    big = BufferedInputFile(bytes(52 * 1024 * 1024), "big.bin")
    with pytest.raises(ClientDecodeError):
        await bot.send_document(chat, big)


async def test_an_unknown_file_path_is_not_found(
    sandbox: RunningSandbox, http: aiohttp.ClientSession
) -> None:
    token = sandbox.config.telegram.token
    url = f"{sandbox.telegram_url}/file/bot{token}/photos/file_77.jpg"
    async with http.get(url) as response:
        assert response.status == 404


async def test_aiogram_turns_404_into_its_own_error(bot: Bot) -> None:
    class MakeCoffee(TelegramMethod[bool]):
        __returning__ = bool
        __api_method__ = "makeCoffee"

    with pytest.raises(TelegramNotFound):
        await bot(MakeCoffee())
