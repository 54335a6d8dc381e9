"""Wires the copies that users have made of their data."""

from bot.carriers import folder_name
from bot.parts import Parts
from handlers.account.export_post import TelegramExportPost
from handlers.credits.screens import as_csv as receipts_as_csv
from services.exporting.service import CHANNEL as EXPORTS
from services.exporting.service import ExportViews
from services.exporting.sources import Sources
from services.exporting.steps import ExportSteps
from services.jobs.shared import SharedCarrier
from services.paying.service import Paying
from services.training.packing import emptied_folder, own_folder
from services.users.service import UserService

EXPORTS_AT_ONCE = 2
"""Each takes room for two parts on the disk."""


def make_export_carrier(parts: Parts, users: UserService, paying: Paying) -> SharedCarrier:
    """Return what makes the copies that users ask for of their data."""
    database = parts.database
    make_folder = own_folder if database.is_shared else emptied_folder
    folder = make_folder(f"{folder_name(parts.settings, parts.bot)}-exports")
    steps = ExportSteps(
        database,
        Sources(database, parts.files, parts.fal_client.files, parts.pictures, parts.copies),
        TelegramExportPost(parts.outgoing, users, ExportViews(database), receipts_as_csv),
        paying,
        folder,
        parts.settings.export_part_mb * 1024**2,
    )
    exports = SharedCarrier(
        "export",
        parts.nursery,
        parts.replica,
        lambda tx: tx.exports.claims,
        steps.step,
        parts.healths,
        EXPORTS_AT_ONCE,
    )
    database.wakes.subscribe(EXPORTS, lambda row_id: exports.carry(row_id) if row_id else None)
    return exports
