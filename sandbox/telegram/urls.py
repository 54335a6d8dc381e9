"""Web and mail addresses in a text, as Telegram finds them.

The rules are those of tdlib (td/telegram/MessageEntity.cpp), its oddities included; its published
test vectors are run in tests/sandbox. `zones.txt` has the top-level domains that it knows: without
a scheme, only names in one of these are addresses.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

from sandbox.telegram.tags import Span

_ZONES = frozenset((Path(__file__).parent / "zones.txt").read_text("utf-8").split())
_SCHEMES = ("http://", "https://", "ftp://", "tonsite://")
_OPEN_END = ".:;,('?!`"
_BRACKETS = {")": "(", "]": "[", "}": "{"}
_PORT = re.compile(r":0*([1-9][0-9]{0,4})(?![0-9])")
# tdlib looks for `tonsite` but begins the address three letters before the colon.
_APP_LINK = re.compile(r"(?:tg|ton|(?<=tons)ite)://[A-Za-z0-9_-]{1,253}", re.IGNORECASE)
_EMAIL = re.compile(
    r"(?:[a-z0-9_-]{0,26}[.+]){0,10}[a-z0-9_-]{1,35}"
    r"@(?:(?:[a-z0-9][a-z0-9_-]{0,28})?[a-z0-9][.]){1,6}[a-z]{2,8}",
    re.IGNORECASE,
)


def _is_separator(char: str) -> bool:
    return unicodedata.category(char)[0] == "Z"


def _in_address(char: str) -> bool:
    if "\u2000" <= char <= "\u206f":  # Of the punctuation there, joiners and dashes.
        return char in "\u200c\u200d" or "\u2010" <= char <= "\u2015"
    return not _is_separator(char)


def _in_path(char: str) -> bool:
    return char not in '\n<>"«»' and _in_address(char)


def _in_user(char: str) -> bool:
    return char not in "\n/[]{}()'`<>\"@«»" and _in_address(char)


def _in_domain(char: str) -> bool:
    if char < "\u00c0":
        return char.isascii() and (char.isalnum() or char in "._-~")
    return _in_address(char)


def _in_scheme(char: str) -> bool:
    if char.isascii():
        return char.isalnum() or char in "+-"
    return not _is_separator(char)


def _back(text: str, at: int, stop: int, taken: Callable[[str], bool]) -> int:
    while at > stop and taken(text[at - 1]):
        at -= 1
    return at


def is_email(text: str) -> bool:
    """Whether the whole text is a mail address."""
    return _EMAIL.fullmatch(text) is not None


def app_links(text: str) -> Iterator[Span]:
    """Addresses of the app: `tg://...` and `ton://...`."""
    at = 0
    while (match := _APP_LINK.search(text, at)) is not None:
        at = _with_path(text, match.end())
        yield match.start(), at


def _with_path(text: str, at: int) -> int:
    """Where an address ends whose host (and port) ends at a place."""
    if text[at : at + 1] not in {"/", "?", "#"}:
        return at
    end = at + 1
    while end < len(text) and _in_path(text[end]):
        end += 1
    while end > at + 1 and text[end - 1] in _OPEN_END:
        end -= 1
    return end if text[at] == "/" or end > at + 1 else at


def web_addresses(text: str) -> Iterator[tuple[Span, bool]]:
    """Places of addresses, and whether each is a mail address."""
    for begin, end in _candidates(text):
        found = text[begin:end]
        if is_email(found):
            yield (begin, end), True
        elif found.startswith("mailto:") and is_email(found[7:]):
            yield (begin + 7, end), True
        elif (length := _checked_length(found)) > 0:
            yield (begin, begin + length), False


def _candidates(text: str) -> Iterator[Span]:
    """What is round a dot and may be an address; each search begins where the last one ended."""
    start = 0
    while 0 <= (dot := text.find(".", start)) < len(text) - 1:
        if text[dot + 1] == " ":
            start = dot + 2
            continue
        begin, end, is_good = _around(text, start, dot)
        if is_good:
            if end > dot + 1:
                yield begin, end
            while text[end : end + 1] == ".":
                end += 1
        else:
            end = text.rfind(".", 0, end) + 1
        start = max(end, dot + 1)


def _around(text: str, start: int, dot: int) -> tuple[int, int, bool]:
    """The candidate round one dot: begin, end, and whether what is before it allows one."""
    begin = _back(text, dot, start, _in_domain)
    host_end = dot
    while host_end < len(text) and (text[host_end] == "@" or _in_domain(text[host_end])):
        host_end += 1
    has_at = "@" in text[dot:host_end]
    if has_at:
        begin = _back(text, begin, start, _in_user)
    port = _PORT.match(text, host_end)
    if port is not None and int(port[1]) <= 65535:
        host_end = port.end()
    end = _with_path(text, host_end)
    while end > dot + 1 and text[end - 1] == ".":
        end -= 1
    is_good = True
    if begin > start and text[begin - 1] == "@":
        user = _back(text, begin - 1, start, _in_user)
        is_good = not has_at and user < begin - 1
        begin = user
    before, allows = _scheme(text, start, begin)
    return before, end, is_good and allows


def _scheme(text: str, start: int, begin: int) -> tuple[int, bool]:
    """Where the scheme before an address begins, and whether an address may stand there."""
    if begin == start:
        return begin, True
    prefix = text[start:begin]
    if len(prefix.encode()) >= 6 and prefix.endswith("://"):
        name = text[_back(text, begin - 3, start, _in_scheme) : begin - 3].lower()
        for scheme, strangers in (
            ("http", {"shttp"}),
            ("https", set()),
            ("ftp", {"tftp", "sftp"}),
            ("tonsite", set()),
        ):
            if name.endswith(scheme) and name not in strangers:
                return begin - 3 - len(scheme), True
        return begin, False
    last = prefix[-1]
    return begin, not (last.isalnum() or last in "_/#@")


def _checked_length(found: str) -> int:
    """How much of a candidate is an address; 0 when nothing is."""
    head = found[:10].lower()
    scheme = next((name for name in _SCHEMES if head.startswith(name)), "")
    rest = found[len(scheme) :]
    host_end = min((at for at in map(rest.find, "/?#") if at >= 0), default=len(rest))
    host, path = rest[:host_end], rest[host_end:]
    host = host.partition("@")[2] if "@" in host else host
    host = host.rpartition(":")[0] if ":" in host else host
    if not _is_host(host, has_scheme=bool(scheme)):
        return 0
    return len(found) - len(path) + _path_length(path)


def _path_length(path: str) -> int:
    """A path ends before a bracket that it did not open."""
    opened = dict.fromkeys("([{", 0)
    end = len(path)
    for place, char in enumerate(path):
        if char in opened:
            opened[char] += 1
        elif char in _BRACKETS:
            opened[_BRACKETS[char]] -= 1
            if opened[_BRACKETS[char]] < 0:
                end = place
                break
    while end > 0 and path[end - 1] in _OPEN_END:
        end -= 1
    return end


def _is_host(host: str, *, has_scheme: bool) -> bool:
    # A name that was used to imitate Telegram's own.
    if host.lower() == "teiegram.org":
        return False
    parts = host.split(".")
    if len(parts) == 1 or any(not _is_part(part) for part in parts):
        return False
    if len(parts) == 4 and all(map(_is_octet, parts)):
        return True
    if all(part.isascii() and part.isdigit() for part in parts):
        return False
    return "_" not in parts[-2] and _is_zone(parts[-1], has_scheme=has_scheme)


def _is_part(part: str) -> bool:
    return 0 < len(part.encode()) < 64 and not part.endswith("-")


def _is_octet(part: str) -> bool:
    is_short = part.isascii() and part.isdigit() and len(part) <= 3
    return is_short and int(part) <= 255 and str(int(part)) == part


def _is_zone(zone: str, *, has_scheme: bool) -> bool:
    if len(zone) <= 1:
        return False
    if zone.startswith("xn--"):
        return len(zone) > 5 and zone[4:].isascii() and zone[4:].isalnum()
    if "_" in zone or "-" in zone:
        return False
    return has_scheme or _is_common_zone(zone)


def _is_common_zone(zone: str) -> bool:
    lower = zone.lower()
    # A capital first letter alone begins a sentence after a missing space: `end.Org`.
    if lower != zone and lower[1:] == zone[1:]:
        return False
    return lower in _ZONES
