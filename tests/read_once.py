"""What aiogram reads again and again, though it is the same each time, read once for all tests.

Each of its dispatchers reads the parameters of two thousand functions, each of its sessions the
certificates of all authorities, and tests have hundreds of both.
"""

import functools
import inspect
import ssl
import sys
from collections.abc import Callable
from types import CodeType, FunctionType, SimpleNamespace

_signatures: dict[CodeType, inspect.Signature] = {}


def _signature(function: Callable[..., object]) -> inspect.Signature:
    """Return what `inspect.signature` does, as far as aiogram asks: names and kinds.

    Functions of one code have the same, whatever is default in each.
    """
    if type(function) is not FunctionType or vars(function):
        return inspect.signature(function)
    code = function.__code__
    if code not in _signatures:
        _signatures[code] = inspect.signature(function)
    return _signatures[code]


def read_once() -> None:
    """Have aiogram, which has been imported, read each once from now on."""
    certificates = functools.cache(ssl.create_default_context)
    of_session = SimpleNamespace(create_default_context=certificates)
    of_handler = SimpleNamespace(**{**vars(inspect), "signature": _signature})
    vars(sys.modules["aiogram.client.session.aiohttp"])["ssl"] = of_session
    vars(sys.modules["aiogram.dispatcher.event.handler"])["inspect"] = of_handler
