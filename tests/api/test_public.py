"""The API describes itself, and is there only where it is wanted."""

import json
import re

import pytest

from tests.api.kit import Caller


async def test_the_document_is_one_of_openapi_and_names_its_problems(caller: Caller) -> None:
    caller.authorization = ""
    document = (await caller.get("/openapi.json")).body
    assert document["openapi"].startswith("3.1")
    assert document["servers"] == [{"url": "/api"}]
    words = json.dumps(document)
    assert "HTTPValidationError" not in words
    for name in re.findall(r'"#/components/schemas/(\w+)"', words):
        assert name in document["components"]["schemas"]
    assert set(document["webhooks"]["job.ended"]["post"]["responses"]) == {"200", "410"}
    for calls in document["paths"].values():
        for call in calls.values():
            for status in ("401", "403", "422", "429", "503"):
                (kind,) = call["responses"][status]["content"]
                assert kind == "application/problem+json"


async def test_people_can_read_it_without_anything_from_elsewhere(caller: Caller) -> None:
    caller.authorization = ""
    answer = await caller.get("/docs")
    page = answer.body.decode()
    assert answer.status == 200
    document = (await caller.get("/openapi.json")).body
    for path in document["paths"]:
        assert f"<code>/api{path}</code>" in page
    assert "//" not in page.replace("<!doctype", "")
    assert "<script" not in page
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "no-such-address"),
        ("GET", "", 404, "no-such-address"),
        ("GET", "/me/", 404, "no-such-address"),
        ("PUT", "/me", 405, "method-not-allowed"),
        ("OPTIONS", "/me", 405, "method-not-allowed"),
    ],
)
async def test_what_is_not_there_is_a_problem_too(
    caller: Caller, method: str, path: str, status: int, code: str
) -> None:
    answer = await caller.ask(method, path, headers={"Origin": "https://evil.example.org"})
    assert (answer.status, answer.code) == (status, code)


async def test_pages_of_other_sites_may_read_nothing(caller: Caller) -> None:
    answer = await caller.get("/me", headers={"Origin": "https://evil.example.org"})
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]
