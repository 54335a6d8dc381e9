"""The API's document as a page for people: one file, no script, nothing from elsewhere."""

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem}
code,pre{font:14px/1.4 ui-monospace,monospace;background:#8882;border-radius:4px;padding:0 .25em}
details{border:1px solid #8886;border-radius:8px;margin:.5rem 0;padding:.5rem 1rem}
summary{cursor:pointer}b{display:inline-block;min-width:4.5rem}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.2rem .6rem .2rem 0;
vertical-align:top;border-bottom:1px solid #8884}:root{color-scheme:light dark}
"""


def docs_page(document: Mapping[str, Any]) -> str:
    """Return the page.

    Args:
        document: In OpenAPI 3.1.
    """
    about = document["info"]
    server = document["servers"][0]["url"]
    calls = "".join(
        _call(document, f"{server}{path}", verb, call)
        for path, calls in document["paths"].items()
        for verb, call in calls.items()
    )
    paragraphs = "".join(f"<p>{_marked(part)}</p>" for part in about["description"].split("\n\n"))
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(about['title'])}</title><style>{_STYLE}</style>"
        f"<h1>{escape(about['title'])}</h1>{paragraphs}"
        f'<p>For programs: <a href="openapi.json">openapi.json</a></p>{calls}</html>'
    )


def _call(document: Mapping[str, Any], path: str, verb: str, call: Mapping[str, Any]) -> str:
    parts = [
        f"<details><summary><b>{verb.upper()}</b> <code>{escape(path)}</code> "
        f"{escape(call.get('summary', ''))}</summary>"
    ]
    if "description" in call:
        parts.append(f"<p>{_marked(call['description'])}</p>")
    parameters = call.get("parameters", ())
    rows = [(one["name"], one["in"], one.get("description", "")) for one in parameters]
    for kind, content in call.get("requestBody", {}).get("content", {}).items():
        rows += [(name, kind, text) for name, text in _fields(document, content["schema"])]
    if rows:
        parts.append(_table(("send", "where", ""), rows))
    for status, answer in call["responses"].items():
        if status.startswith("2"):
            for kind, content in answer.get("content", {}).items():
                fields = list(_fields(document, content.get("schema", {})))
                parts.append(f"<p>{status}, <code>{escape(kind)}</code></p>")
                parts.append(_table(("get", ""), fields) if fields else "")
    problems = ", ".join(
        f"{status} {answer['description']}"
        for status, answer in call["responses"].items()
        if not status.startswith("2")
    )
    return "".join(parts) + f"<p>Or a problem: {escape(problems)}</p></details>"


def _fields(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    name = schema.get("$ref", "").rpartition("/")[2]
    found = document["components"]["schemas"].get(name, schema)
    for field, about in found.get("properties", {}).items():
        yield field, about.get("description", "")


def _table(heads: tuple[str, ...], rows: list[Any]) -> str:
    head = "".join(f"<th>{escape(one)}</th>" for one in heads)
    body = "".join(
        f"<tr><td><code>{escape(name)}</code></td>"
        + "".join(f"<td>{_marked(one)}</td>" for one in rest)
        + "</tr>"
        for name, *rest in rows
    )
    return f"<table><tr>{head}</tr>{body}</table>"


def _marked(text: str) -> str:
    """Return a text with what stands between backticks as code."""
    parts = escape(text).split("`")
    return "".join(
        f"<code>{part}</code>" if number % 2 else part for number, part in enumerate(parts)
    )
