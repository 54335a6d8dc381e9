"""Who calls: a Mini App by what Telegram or the bot has signed, or a program by its key."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from decimal import Decimal
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security.utils import get_authorization_scheme_param

from api.init_data import NotFromTelegram, read_init_data
from api.limits import RateLimit, RightLately
from api.offered import ApiOffered
from api.problems import Refused
from api.signatures import SESSION_PREFIX
from services.domain.api_keys import ApiKey, KeyScope
from services.domain.values import Place, User
from services.users.api_keys import digest_of
from services.users.service import language_of
from texts.reader import Texts


@dataclass(frozen=True)
class Caller:
    """Somebody who may call; `key` is what they call with, None for the Mini App.

    `is_admin` says whether they learn what fal takes. `opened_at` is when Telegram opened the
    page that calls (Unix time in seconds), None for everything else.
    """

    user: User
    texts: Texts
    key: ApiKey | None = None
    is_admin: bool = False
    opened_at: int | None = None

    def usd(self, amount: Decimal | None) -> Decimal | None:
        """Return what fal takes, for who may know it."""
        return amount if self.is_admin else None

    @property
    def place(self) -> Place:
        """The chat in which what they ask for is told as well."""
        return Place(self.user.id)


@dataclass(frozen=True)
class Limits:
    """How often somebody may ask: by the caller, and where the caller is not known, by address.

    `tries` is how often they may set the address of their own program, or have it tried.
    `right_keys` are those for which it is not asked how often their address has guessed.
    """

    calls: RateLimit = field(default_factory=lambda: RateLimit(burst=60, per_minute=120))
    strangers: RateLimit = field(default_factory=lambda: RateLimit(burst=20, per_minute=20))
    tries: RateLimit = field(default_factory=lambda: RateLimit(burst=5, per_minute=5))
    right_keys: RightLately = field(default_factory=RightLately)


def offered(request: Request) -> ApiOffered:
    """Return what the API is built on."""
    found: ApiOffered = request.app.state.offered
    return found


Offered = Annotated[ApiOffered, Depends(offered)]


async def find_caller(request: Request) -> Caller:
    """Return who calls.

    Raises:
        Refused: Nobody that is known, or too often.
        NotAllowed: Somebody the operator does not let in.
        NotClaimed: Nobody is let in yet.
    """
    api, limits = offered(request), request.app.state.limits
    scheme, given = get_authorization_scheme_param(request.headers.get("Authorization"))
    key, code, opened_at = None, None, None
    match scheme.lower():
        case "tma":
            user_id, code, opened_at = _opener(request, api, given)
        case "bearer" if given.startswith(SESSION_PREFIX):
            session = api.signatures.session_of(given, time.time())
            if session is None:
                raise _nobody(request)
            user_id, opened_at = session.user_id, session.opened_at
        case "bearer":
            key = await _key(request, api, given)
            user_id = key.user_id
        case _:
            user_id = _opener_of_address(request, api)
    request.state.texts = Texts(language_of(code))
    limits.calls.take(user_id)
    await api.access.admit(user_id)
    user = await api.users.known(user_id)
    if user is None:
        raise Refused(HTTPStatus.FORBIDDEN, "not-met")
    is_admin = await api.access.is_admin(user.id)
    texts = Texts(user.language, shows_prices=is_admin or api.paying.is_on)
    request.state.texts = texts
    return Caller(user, texts, key, is_admin, opened_at)


async def _key(request: Request, api: ApiOffered, given: str) -> ApiKey:
    """Return what is kept of the key that somebody shows.

    What comes from an address that has guessed too often is not looked up, so that it costs the
    database nothing, unless it was right lately.
    """
    limits: Limits = request.app.state.limits
    digest = digest_of(given)
    if digest not in limits.right_keys:
        limits.strangers.check(_address_of(request))
    key = await api.api_keys.known(given)
    limits.right_keys.note(digest, is_right=key is not None)
    if key is None:
        raise _nobody(request)
    return key


def _opener_of_address(request: Request, api: ApiOffered) -> int:
    """Return who may look at what an address leads to that the bot has signed."""
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    user_id = None
    if request.method == "GET":
        user_id = api.signatures.opener_of(path, request.query_params, time.time())
    if user_id is None:
        raise _nobody(request)
    return user_id


def _opener(request: Request, api: ApiOffered, given: str) -> tuple[int, str | None, int]:
    try:
        opener = read_init_data(given, api.init_data_secret, time.time())
    except NotFromTelegram:
        raise _nobody(request) from None
    return opener.user_id, opener.language_code, opener.opened_at


def _nobody(request: Request) -> Refused:
    # Wrong guesses are slowed down; who is known is not, whatever others at their address do.
    request.app.state.limits.strangers.take(_address_of(request))
    return Refused(HTTPStatus.UNAUTHORIZED, "no-access")


def _address_of(request: Request) -> str:
    return request.client.host if request.client else ""


def _who_may(scope: KeyScope) -> Callable[[Request], Awaitable[Caller]]:
    async def who_may(request: Request) -> Caller:
        caller: Caller = request.state.caller
        if caller.key is not None and not caller.key.scope.allows(scope):
            raise Refused(HTTPStatus.FORBIDDEN, "scope-missing", scope=scope.value)
        return caller

    return who_may


Reader = Annotated[Caller, Depends(_who_may(KeyScope.READ))]
Maker = Annotated[Caller, Depends(_who_may(KeyScope.GENERATE))]
Trainer = Annotated[Caller, Depends(_who_may(KeyScope.TRAIN))]
"""Somebody who may read; who may have pictures made; who may have models trained."""
