"""Which addresses Telegram could push to."""

import pytest

from bot.public_url import check_public_url


@pytest.mark.parametrize(
    "value",
    [
        "https://bot.example.org",
        "https://bot.example.org:8443/neuro/photo",
        "https://bot.example.org:88",
        "http://127.0.0.1:8080",
        "http://localhost:8080",
        "http://[::1]:8080",
        "https://10.0.0.7:9000",
    ],
)
def test_an_address_that_can_be_called_is_taken(value: str) -> None:
    check_public_url(value)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("bot.example.org", "not an address"),
        ("ftp://bot.example.org", "not an address"),
        ("https://", "not an address"),
        ("http://bot.example.org", "https only"),
        ("http://93.184.215.14", "https only"),
        ("https://bot.example.org:8080", "ports 443"),
        ("https://bot.example.org:99999", "out of range"),
        ("https://me@bot.example.org", "no user"),
        ("https://bot.example.org/?a=b", "query"),
    ],
)
def test_another_is_refused_with_what_to_do(value: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        check_public_url(value)
