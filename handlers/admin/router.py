"""Puts the routers of this folder together."""

from aiogram import Router

from handlers.admin import payments, report, threads


def build_router() -> Router:
    """Return a fresh router of the whole folder."""
    root = Router(name="admin")
    root.include_routers(report.build_router(), threads.build_router(), payments.build_router())
    return root
