"""Puts the routers of this folder together."""

from aiogram import Router

from handlers.admin import accounts, broadcasting, console, doing, payments, promos, threads
from handlers.admin.gate import from_admin
from handlers.telegram.switchboard import Narrowed


def build_router() -> Router:
    """Return a fresh router of the whole folder, for admins alone.

    To everybody else its commands are unknown, and its buttons old.
    """
    root = Narrowed(name="admin", message=from_admin, callback_query=from_admin)
    root.include_routers(
        console.build_router(),
        doing.build_router(),
        broadcasting.build_router(),
        threads.build_router(),
        payments.build_router(),
        accounts.build_router(),
        promos.build_router(),
    )
    return root
