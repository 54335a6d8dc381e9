"""Puts the routers of this folder together."""

from aiogram import Router

from handlers.generate import dialogue, improving, offers, panel, rating, results


def build_router() -> Router:
    """Return a fresh router of the whole folder."""
    root = Router(name="generate")
    root.include_routers(
        dialogue.build_router(),
        panel.build_router(),
        rating.build_router(),
        results.build_router(),
        improving.build_router(),
        offers.build_router(),
    )
    return root
