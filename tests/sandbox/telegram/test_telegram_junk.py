"""Whatever a client sends, the answer is the Bot API's envelope and never a crash."""

import json
from typing import Any

import pytest

from tests.sandbox.telegram.clients import RawApi

JUNK: list[Any] = [
    None,
    0,
    -1,
    True,
    "x",
    [],
    {},
    [1],
    [[1]],
    [{}],
    [[{}]],
    [None],
    {"type": 1},
    {"type": "chat", "chat_id": []},
    {"type": "chat_member", "chat_id": 1001, "user_id": "x"},
    {"message_id": "x"},
    {"message_id": [1]},
    {"keyboard": 1, "inline_keyboard": 2},
    {"inline_keyboard": [[{"text": 1, "callback_data": 2}, {"text": "a", "callback_data": 3}]]},
    {"inline_keyboard": [[{"text": "a", "url": {}}, {"text": "a", "web_app": 1}]]},
    {"inline_keyboard": [[{"text": "a", "copy_text": 1}, {"text": "a", "style": []}]]},
    [{"offset": 0, "length": 1}],
    [{"offset": -5, "length": 3, "type": "bold"}],
    [{"offset": 0, "length": 1, "type": []}],
    [{"type": "photo", "media": 5, "caption": 7, "caption_entities": [1]}] * 2,
    [{"command": 1, "description": None}],
    {"type": "web_app", "web_app": 3},
    [{"type": []}],
]

# Deeper than the server reads, and deeper than Python does.
DEEP = ["[" * 102 + "]" * 102, "[" * 4000]


@pytest.mark.parametrize(
    ("method", "parameter"),
    [
        ("sendMessage", "reply_markup"),
        ("sendMessage", "reply_parameters"),
        ("sendMessage", "entities"),
        ("sendMessage", "link_preview_options"),
        ("sendMessage", "text"),
        ("sendMessage", "chat_id"),
        ("sendPhoto", "photo"),
        ("sendMediaGroup", "media"),
        ("editMessageText", "reply_markup"),
        ("editMessageMedia", "media"),
        ("deleteMessages", "message_ids"),
        ("setMyCommands", "commands"),
        ("setMyCommands", "scope"),
        ("setChatMenuButton", "menu_button"),
        ("setMessageReaction", "reaction"),
        ("getUpdates", "allowed_updates"),
        ("answerCallbackQuery", "callback_query_id"),
    ],
)
async def test_junk_is_answered_in_the_envelope(
    raw: RawApi, chat: int, method: str, parameter: str
) -> None:
    known = {"chat_id": chat, "message_id": 1, "text": "x"}
    for value in [*JUNK, *DEEP]:
        params = {**known, parameter: value if value in DEEP else json.dumps(value)}
        async with raw.http.post(f"{raw.base}/{method}", data=params) as response:
            answer = await response.json()
            assert response.status in {200, 400}, (value, answer)
            assert answer["ok"] is (response.status == 200)


@pytest.mark.parametrize("path", ["/bot", "/bot/x/y/z", "/file/botx"])
async def test_wrong_paths_are_not_found_in_the_envelope(raw: RawApi, path: str) -> None:
    url = raw.base.partition("/bot")[0] + path
    async with raw.http.get(url) as response:
        assert await response.json() == {
            "ok": False,
            "error_code": 404,
            "description": "Not Found",
        }


@pytest.mark.parametrize("depth", [101, 102, 100_000])
async def test_json_is_read_a_hundred_levels_deep(raw: RawApi, chat: int, depth: int) -> None:
    deep = '{"inline_keyboard": [], "x": ' + "[" * (depth - 1) + "]" * (depth - 1) + "}"
    if depth == 101:
        await raw("sendMessage", chat_id=chat, text="x", reply_markup=deep)
        return
    said = await raw.refusal("sendMessage", chat_id=chat, text="x", reply_markup=deep)
    assert said == "Bad Request: can't parse reply keyboard markup JSON object"


@pytest.mark.parametrize("body", ["[" * 100_000, '{"text": ' + "[" * 100_000])
async def test_a_deep_body_counts_as_no_parameters(raw: RawApi, chat: int, body: str) -> None:
    headers = {"Content-Type": "application/json"}
    url = f"{raw.base}/sendMessage?chat_id={chat}"
    async with raw.http.post(url, data=body, headers=headers) as response:
        assert (await response.json())["description"] == "Bad Request: message text is empty"
