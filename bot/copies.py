"""Wires the copies of files to the operator's store, where there is one."""

from datetime import timedelta

from bot.settings import Settings
from db.database import Database
from services.copies.service import FileCopies
from services.copies.store import Store, StoreSettings
from services.fal.files import FalFiles


def open_store(settings: Settings) -> Store:
    """Return the store of the settings, which have one."""
    secret = settings.s3_secret_access_key
    return Store(
        StoreSettings(
            endpoint=settings.s3_endpoint,
            bucket=settings.s3_bucket,
            region=settings.s3_region,
            access_key_id=settings.s3_access_key_id,
            secret_access_key=secret.get_secret_value() if secret else "",
            prefix=settings.s3_prefix,
        )
    )


def file_copies(settings: Settings, database: Database, files: FalFiles) -> FileCopies:
    """Return what copies files to the store of the settings."""
    lasts = timedelta(seconds=settings.job_deadline)
    return FileCopies(database, open_store(settings), files, lasts)
