"""What `python -m bot check` says of the Stars at Telegram, beside what the ledger has of them."""

from aiogram.exceptions import AiogramError

from bot.app import make_bot
from bot.settings import Settings
from db.database import Database
from db.migrate import pending_migrations
from db.refused import DatabaseOutOfReach, SchemaRefused
from services.health import Health

EXPLAINED = (
    "; the rest was withdrawn, spent on Telegram, or paid before this ledger began: compare it"
    " with the bot's statement in Telegram"
)


async def told_stars(settings: Settings) -> tuple[bool, str]:
    """Return whether the balance of Stars could be read, and how it compares with the ledger."""
    bot = make_bot(settings, Health("Telegram"))
    try:
        balance = (await bot.get_my_star_balance()).amount
    except (AiogramError, TimeoutError) as error:
        return False, f"Stars: the balance at Telegram cannot be read: {type(error).__name__}"
    finally:
        await bot.session.close()
    kept = await _kept(settings)
    if kept is None:
        return True, f"Stars: {balance} at Telegram"
    words = f"Stars: {balance} at Telegram, {kept} by the ledger"
    return True, words if balance == kept else words + EXPLAINED


async def _kept(settings: Settings) -> int | None:
    """Sum what was paid and not given back; None where the database cannot tell."""
    database = Database(settings.database_url)
    try:
        if await pending_migrations(database):
            return None
        async with database.transaction() as tx:
            return await tx.payments.net_stars()
    except (SchemaRefused, DatabaseOutOfReach):
        return None
    finally:
        await database.close()
