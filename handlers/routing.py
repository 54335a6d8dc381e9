"""Puts the routers together."""

from aiogram import Router

from handlers.account import help_pages, privacy, settings, start
from handlers.admin import report as admin
from handlers.gallery import dialogue as gallery
from handlers.generate import dialogue as generate
from handlers.generate import panel, results
from handlers.models import dialogue as models
from handlers.presets import dialogue as presets
from handlers.telegram import errors, fallback
from handlers.telegram import membership as returning
from handlers.train import again as train_again
from handlers.train import contact_sheet, photos, trainers
from handlers.train import dialogue as train
from handlers.train import status as trainings


def build_router(admins: frozenset[int] = frozenset()) -> Router:
    """Give a fresh tree of routers; a router can have one parent only, so nothing is shared.

    The order matters: commands and buttons come before what a state expects, and the fallback
    comes last.
    """
    root = Router(name="root")
    root.include_routers(
        errors.build_router(),
        fallback.build_private_only_router(),
        returning.build_router(),
        start.build_router(),
        help_pages.build_router(),
        settings.build_router(),
        privacy.build_router(),
        admin.build_router(admins),
        models.build_router(),
        train_again.build_router(),
        gallery.build_router(),
        train.build_router(),
        trainers.build_router(),
        trainings.build_router(),
        generate.build_router(),
        presets.build_router(),
        panel.build_router(),
        contact_sheet.build_router(),
        results.build_router(),
        photos.build_router(),
        fallback.build_router(),
    )
    return root
