"""The files of the Mini App, and what they may do in a browser."""

import base64
import hashlib
import re
from pathlib import Path

import aiohttp
import pytest

from api.webapp import FILES, OWN_MACHINE, files, policy, version
from services.domain.vocabulary import Language
from tests.texts.sentences import messages
from texts.reader import Texts

OWN = [path for path in sorted(FILES.rglob("*.js")) if "vendor" not in path.parts]
MOST_BYTES = 40_000


async def test_the_page_names_files_that_are_served_forever(http: aiohttp.ClientSession) -> None:
    async with http.get("/app/") as answer:
        text = await answer.text()
        assert answer.headers["Cache-Control"] == "no-cache"
        said = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'self'" in said
    assert "unsafe" not in said
    for tag in ("script", "style"):
        (within,) = re.findall(rf"<{tag}>(.+?)</{tag}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(within.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in said
    named = re.findall(r'(?:href|src)="([^"]+\.(?:js|css))"', text)
    assert len(named) > 3
    for name in [*named, f"{version()}/webapp.ru.ftl"]:
        async with http.get(f"/app/{name}") as answer:
            assert answer.status == 200, name
            assert "immutable" in answer.headers["Cache-Control"]
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
    async with http.get(f"/np/app/{named[0]}") as answer:
        assert answer.status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/app/x/app.js",
        "/app/{version}/",
        "/app/{version}/README.md",
        "/app/{version}/index.html",
        "/app/{version}/../app.js",
        "/app/{version}/..%2fapi/app.py",
        "/app/{version}/vendor/lit-html.LICENSE",
    ],
)
async def test_nothing_else_is_served(http: aiohttp.ClientSession, path: str) -> None:
    async with http.get(path.replace("{version}", version())) as answer:
        assert answer.status == 404


def test_only_a_test_server_may_be_framed_by_another_page_than_telegrams() -> None:
    for public_url, is_framed in (("https://bot.example.org", False), ("http://127.0.0.1", True)):
        assert (OWN_MACHINE in policy(public_url)) is is_framed
        assert "https://web.telegram.org" in policy(public_url)


def test_every_module_that_the_first_screen_needs_is_loaded_at_once() -> None:
    named = set(
        re.findall(r'(?:href|src)="{version}/([^"]+)"', (FILES / "index.html").read_text())
    )
    needed, found = {"vendor/fluent/bundle.js"}, {"app.js"}
    while found:
        needed |= found
        imports = ((one, path) for one in found for path in _imports(FILES / one))
        paths = {(FILES / one).parent.joinpath(path).resolve() for one, path in imports}
        found = {path.relative_to(FILES).as_posix() for path in paths} - needed
    assert named == needed


def _imports(path: Path) -> list[str]:
    return re.findall(r'^import .*from "([^"]+)";$', path.read_text("utf-8"), re.MULTILINE)


async def test_the_sentences_come_in_the_language_of_the_phone(
    http: aiohttp.ClientSession,
) -> None:
    for header, language in (("ru-RU,ru;q=0.9", Language.RU), ("de", Language.EN)):
        async with http.get("/app/", headers={"Accept-Language": header}) as answer:
            text = await answer.text()
            assert f'<html lang="{language}">' in text
            assert Texts(language).plain("page-only-inside") in text
            assert "Accept-Language" in answer.headers["Vary"]


def test_script_and_style_are_small() -> None:
    sent = [file for name, file in files().items() if name.endswith((".js", ".css"))]
    assert sum(len(file.compressed) for file in sent) < MOST_BYTES


def test_the_page_has_every_sentence_that_it_says() -> None:
    source = "\n".join(path.read_text("utf-8") for path in OWN)
    said = set(re.findall(r'"(page-[a-z-]+[a-z])"', source))
    assert len(said) > 50
    assert said <= set(messages(Language.EN))


def test_no_file_puts_markup_into_the_page_or_asks_another_host() -> None:
    for path in OWN:
        text = path.read_text("utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|unsafeHTML|eval\(", text)
        hosts = re.findall(r"https?://[\w.-]+", text)
        assert set(hosts) <= {"https://web.telegram.org"}, path


def test_what_others_have_written_has_its_licence() -> None:
    folders = {path.parent for path in (FILES / "vendor").rglob("*.js")}
    assert {path.name for path in folders} == {"vendor", "fluent"}
    for folder in folders:
        assert any("LICENSE" in path.name for path in Path(folder).iterdir())
