"""Puts the routers of this folder together."""

from aiogram import Router

from handlers.train import again, contact_sheet, dialogue, photos, status, ways_out, words


def build_router() -> Router:
    """Return a fresh router of the whole folder."""
    root = Router(name="train")
    root.include_routers(
        again.build_router(),
        # What stands for a button or a command is no name.
        ways_out.build_router(),
        words.build_router(),
        dialogue.build_router(),
        status.build_router(),
        contact_sheet.build_router(),
        photos.build_router(),
    )
    return root
