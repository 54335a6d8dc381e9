"""Which addresses a user may have messages sent to, as far as their words tell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.errors import BadWebhookAddress
from services.webhooks.address import MAX_LENGTH, read_address

NONE: frozenset[str] = frozenset()

BAD = [
    "",
    "example.org",
    "//example.org/",
    "http://example.org/",
    "ftp://example.org/",
    "HTTPS://example.org/",
    "https:///x",
    "https://",
    "https://user@example.org/",
    "https://user:word@example.org/",
    "https://example.org@127.0.0.1/",
    "https://example.org/#here",
    "https://example.org\\@127.0.0.1/",
    "https://example.org/\\x",
    "https://example.org/ x",
    "https://example.org/\n",
    "https://exa\tmple.org/",
    "https://example.org:22/",
    "https://example.org:80/",
    "https://example.org:6379/",
    "https://example.org:99999/",
    "https://example.org:0/",
    "https://example.org:/",
    "https://example.org./",
    "https://.example.org/",
    "https://-example.org/",
    "https://exam_ple.org/",
    "https://пример.рф/",
    "https://example。org/",
    "https://localhost/",
    "https://localhost:8443/",
    "https://intranet/",
    "https://127.0.0.1/",
    "https://8.8.8.8/",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.0.0.1/",
    "https://0177.0.0.1/",
    "https://127.0.0.0x1/",
    "https://127.0.0.1.1/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[fe80::1%25eth0]/",
    "https://[2606:4700::6812:7c0]/",
    "https://example.org/" + "x" * MAX_LENGTH,
]


@pytest.mark.parametrize("text", BAD)
def test_nothing_is_sent_there(text: str) -> None:
    with pytest.raises(BadWebhookAddress):
        read_address(text, NONE)


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("https://example.org", "example.org", 443),
        ("https://Hooks.Example.ORG/a/b%20c?key=1&x=%5B", "hooks.example.org", 443),
        ("https://example.org:443/", "example.org", 443),
        ("https://example.org:8443/hook", "example.org", 8443),
        ("https://xn--e1afmkfd.xn--p1ai/", "xn--e1afmkfd.xn--p1ai", 443),
        ("https://1.example.org/", "1.example.org", 443),
    ],
)
def test_an_address_by_name_is_taken(text: str, host: str, port: int) -> None:
    address = read_address(text, NONE)
    assert (address.host, address.port, address.is_allowed) == (host, port, False)


@pytest.mark.parametrize(
    "text", ["http://127.0.0.1:8080/x", "http://receiver/", "https://RECEIVER:1/"]
)
def test_what_the_operator_allows_is_taken_however_it_is_reached(text: str) -> None:
    assert read_address(text, frozenset({"127.0.0.1", "receiver"})).is_allowed


@pytest.mark.parametrize("text", ["http://receiver2/", "http://127.0.0.2/", "http://u@receiver/"])
def test_what_is_allowed_is_that_host_alone(text: str) -> None:
    with pytest.raises(BadWebhookAddress):
        read_address(text, frozenset({"127.0.0.1", "receiver"}))


@given(st.text(max_size=60), st.sampled_from(["", "https://", "https://127.0.0.1", "https://a.b"]))
def test_whatever_is_written_is_taken_or_refused(rest: str, beginning: str) -> None:
    try:
        address = read_address(beginning + rest, NONE)
    except BadWebhookAddress:
        return
    assert not address.host.rpartition(".")[2][0].isdigit()
    assert address.host.isascii()
