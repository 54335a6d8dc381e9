"""fal's words are shown and kept without secrets, on one line, and short."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.fal.words import HIDDEN, MAX_RAW, MAX_WORDS, Words

KEY_ID, SECRET = "0f5a2c9e-1111-4222-8333-94445555aaaa", "9c1fe5d0b7a84c3f8a2d6e4b1c0f9a8d"
KEY = f"{KEY_ID}:{SECRET}"
WORDS = Words(KEY)
OTHER_KEY = "7f5a2c9e-1111-4222-8333-94445555bbbb:1c1fe5d0b7a84c3f8a2d6e4b1c0f9a8d"
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
BOT_TOKEN = "123456789:AAHsecretsecretsecretsecretsecret12"


@pytest.mark.parametrize(
    "form",
    [
        KEY,
        KEY_ID,
        SECRET,
        KEY.upper(),
        quote(KEY, safe=""),
        f"Key {KEY}",
        f"Bearer {SECRET}",
        OTHER_KEY,
        quote(OTHER_KEY, safe=""),
        TOKEN,
        f"Bearer {TOKEN}",
        f"Basic {'dXNlcjpwYXNz' * 2}",
        BOT_TOKEN,
        f"https://api.telegram.org/bot{BOT_TOKEN}/getMe",
        f"https://user:{SECRET}@fal.ai/x",
        f"https://storage.googleapis.com/x?X-Goog-Signature={SECRET}",
    ],
)
def test_a_secret_is_hidden_in_every_form(form: str) -> None:
    for text in (form, f"No user for '{form}', sorry", f'{{"key":"{form}"}}', f"x\n{form}\ny"):
        for shown in (WORDS.short(text), WORDS.raw(text.encode())):
            for secret in (KEY_ID, SECRET, OTHER_KEY[-32:], TOKEN[-12:], BOT_TOKEN[-20:]):
                assert secret.lower() not in shown.lower()
            assert HIDDEN in shown


def test_a_secret_at_the_end_of_what_is_kept_is_not_cut_into_view() -> None:
    for spare in range(len(KEY) + 5):
        text = "x " * ((MAX_WORDS - spare) // 2) + KEY
        assert SECRET[:8] not in WORDS.short(text)
        raw = "x" * (MAX_RAW - spare - 1) + " " + KEY
        assert SECRET[:8] not in WORDS.raw(raw.encode())


@pytest.mark.parametrize(
    "words",
    [
        "Invalid Key Authorization header format. Expected '<key_id>:<key_secret>'.",
        "No user found for Key ID and Secret",
        "User is locked. Reason: Exhausted balance. Top up at fal.ai/dashboard/billing.",
        "Too few files in the archive. Expected at least 10 with extensions .jpg, .png, found 8.",
        "Не удалось найти лицо",
    ],
)
def test_what_fal_usually_says_stays_as_it_is(words: str) -> None:
    assert WORDS.short(words) == words


def test_of_an_address_only_the_host_is_left() -> None:
    said = "Failed to download https://v3.fal.media/files/b/x/photos.zip?a=b, see https://fal.ai"
    assert (
        WORDS.short(said) == f"Failed to download https://v3.fal.media/{HIDDEN} see https://fal.ai"
    )


@pytest.mark.parametrize(
    "char",
    [chr(code) for code in (0, 10, 13, 27, 0x7F, 0x85, 0x9B, 0x200B, 0x200F, 0x2028, 0x2029)]
    + [chr(code) for code in (0x202E, 0x2066, 0xFEFF, 0xD800, 0xE0041)],
)
def test_what_could_forge_a_line_is_spelt_out(char: str) -> None:
    shown = WORDS.short(f"a{char}b")
    assert shown == f"a{char.encode('unicode_escape').decode()}b"


@given(st.text())
def test_any_words_become_one_short_line(text: str) -> None:
    shown = WORDS.short(text)
    assert shown.isprintable()
    assert len(shown) <= MAX_WORDS
    assert len(shown.splitlines()) <= 1
    shown.encode()


@pytest.mark.parametrize("said", [None, 5, [], {}, b"x", True])
def test_what_is_no_text_says_nothing(said: object) -> None:
    assert WORDS.short(said) == ""


@pytest.mark.parametrize("key", ["", "a:b", "::"])
def test_a_key_without_a_secret_hides_no_words(key: str) -> None:
    assert Words(key).short("a plain banana") == "a plain banana"


def test_raw_keeps_lines_and_addresses() -> None:
    raw = '{\n\t"url": "https://v3.fal.media/files/b/x.jpg"\n}'
    assert WORDS.raw(raw.encode()) == raw
    assert WORDS.raw(b"x" * 10**6) == "x" * MAX_RAW
