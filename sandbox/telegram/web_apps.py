"""Mini Apps: who opens one from where, and the signed data that its page gets."""

import base64
import hashlib
import hmac
import json
import secrets
import time
from urllib.parse import quote, urlencode, urlsplit

from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sandbox.telegram.emulator import TelegramEmulator
from sandbox.telegram.errors import ControlError
from sandbox.telegram.forms import json_body, refusing, typed
from sandbox.telegram.model import Json, User
from sandbox.telegram.people import People, buttons

_MAX_START_PARAM = 512


def add_web_app_control(app: web.Application, emulator: TelegramEmulator) -> None:
    """Mount the route under `/sandbox/` by which people open Mini Apps."""
    control = _Control(emulator)
    app.router.add_route("POST", "/sandbox/chats/{user}/web_app", refusing(control.open))


class _Control:
    def __init__(self, emulator: TelegramEmulator) -> None:
        self._emulator = emulator
        self._people = People(emulator)
        # Telegram's own key is its own; whoever wants to check the signature needs this one.
        self._key = Ed25519PrivateKey.generate()

    async def open(self, request: web.Request) -> web.Response:
        raw = request.match_info["user"]
        user = self._people.user(int(raw) if raw.isdecimal() else 0)
        body = await json_body(request)
        start_param = typed(body, "start_param", str, "")
        if "message_id" in body:
            url = _pressed(buttons(self._emulator.message(user.id, body["message_id"])), body)
        else:
            # A link t.me/bot?startapp=… opens the main Mini App, which is set at BotFather; here
            # it is the one of the menu button.
            url = self._menu_page(user)
        if start_param:
            _check_start_param(start_param)
            url = _with_query(url, "tgWebAppStartParam", start_param)
        return web.json_response(
            {"url": url, "init_data": self._init_data(user, start_param)}, status=201
        )

    def _menu_page(self, user: User) -> str:
        button = self._emulator.settings.menu_button_for(user.id)
        if button["type"] != "web_app":
            raise ControlError("The menu button opens no Mini App.", status=404)
        return str(button["web_app"]["url"])

    def _init_data(self, user: User, start_param: str) -> str:
        """What the page is to hand to its server (core.telegram.org/bots/webapps)."""
        person = {
            "id": user.id,
            "first_name": user.first_name,
            "last_name": "",
            "language_code": user.language_code,
            "username": user.username,
            "allows_write_to_pm": user.started,
        }
        fields = {
            "query_id": base64.urlsafe_b64encode(secrets.token_bytes(15)).decode(),
            "user": _json({name: value for name, value in person.items() if value is not None}),
            # The time of this machine: the page's server knows no other.
            "auth_date": str(int(time.time())),
        }
        if start_param:
            fields["start_param"] = start_param
        token = self._emulator.config.token
        fields["signature"] = self._signature(fields)
        secret = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
        digest = hmac.new(secret, _lines(fields).encode(), hashlib.sha256)
        return urlencode({**fields, "hash": digest.hexdigest()}, quote_via=quote)

    def _signature(self, fields: dict[str, str]) -> str:
        """For those who have no token: over all fields but itself and the hash."""
        text = f"{self._emulator.config.bot_id}:WebAppData\n{_lines(fields)}"
        return base64.urlsafe_b64encode(self._key.sign(text.encode())).decode().rstrip("=")


def _json(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _lines(fields: dict[str, str]) -> str:
    return "\n".join(f"{name}={value}" for name, value in sorted(fields.items()))


def _pressed(rows: list[list[Json]], body: Json) -> str:
    row, column = typed(body, "row", int), typed(body, "column", int)
    found = rows[row][column : column + 1] if 0 <= row < len(rows) and column >= 0 else []
    if not found or "web_app" not in found[0]:
        raise ControlError("There is no such button.", status=404)
    return str(found[0]["web_app"]["url"])


def _check_start_param(value: str) -> None:
    # core.telegram.org/bots/webapps#direct-link-mini-apps
    is_plain = value.isascii() and value.replace("_", "").replace("-", "").isalnum()
    if not is_plain or len(value) > _MAX_START_PARAM:
        raise ControlError("start_param is 1 to 512 of A-Z, a-z, 0-9, _ and -.")


def _with_query(url: str, name: str, value: str) -> str:
    parts = urlsplit(url)
    query = "&".join(filter(None, (parts.query, f"{name}={value}")))
    return parts._replace(query=query).geturl()
