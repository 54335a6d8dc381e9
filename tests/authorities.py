"""The certificates of all authorities, which aiogram reads for each of its sessions."""

import functools
import ssl
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from aiogram.client.session import aiohttp


@pytest.fixture(scope="session", autouse=True)
def authorities_read_once() -> Iterator[None]:
    """Reading them takes longer than most tests, none of which has aiogram use TLS."""
    read = functools.cache(ssl.create_default_context)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(aiohttp, "ssl", SimpleNamespace(create_default_context=read))
        yield
