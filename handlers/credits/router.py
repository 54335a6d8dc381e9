"""Puts the routers of this folder together."""

from aiogram import Router

from handlers.credits import checkout, codes, dialogue, gifts, subscriptions


def build_router() -> Router:
    """Return a fresh router of the whole folder."""
    root = Router(name="paying")
    root.include_routers(
        checkout.build_router(),
        codes.build_router(),
        dialogue.build_router(),
        gifts.build_router(),
        subscriptions.build_router(),
    )
    return root
