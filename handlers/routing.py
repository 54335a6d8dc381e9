"""Puts the routers together."""

from aiogram import Router

from handlers import (
    admin,
    contact_sheet,
    errors,
    fallback,
    gallery,
    generate,
    help_pages,
    models,
    panel,
    photos,
    presets,
    privacy,
    results,
    returning,
    settings,
    start,
    train,
    train_again,
    trainers,
    trainings,
)


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
