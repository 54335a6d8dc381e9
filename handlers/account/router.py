"""Puts the routers of this folder together."""

from aiogram import Router

from handlers.account import api_keys, export, help_pages, privacy, settings, start


def build_router() -> Router:
    """Return a fresh router of the whole folder."""
    root = Router(name="account")
    root.include_routers(
        start.build_router(),
        help_pages.build_router(),
        settings.build_router(),
        api_keys.build_router(),
        export.build_router(),
        privacy.build_router(),
    )
    return root
