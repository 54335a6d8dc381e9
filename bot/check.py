"""`python -m bot check`: says whether everything the bot needs is there, and migrates nothing."""

from collections.abc import Awaitable, Callable

from aiogram.exceptions import AiogramError

from bot.app import make_bot
from bot.logs import without_secrets
from bot.settings import Settings
from db.database import Database
from db.migrate import SchemaRefused, pending_migrations
from services.errors import FalError
from services.fal.client import FalClient
from services.health import Health

Line = tuple[bool, str]


async def check(settings: Settings, say: Callable[[str], object]) -> bool:
    """Look at the database, Telegram, fal and the admin key (where set); say a line about each.

    Returns:
        Whether all of them are in order.
    """
    checks: list[Callable[[Settings], Awaitable[Line]]] = [_database, _telegram, _fal]
    if settings.fal_admin_key is not None:
        checks.append(_fal_admin)
    say("ok    settings")
    all_well = True
    for look in checks:
        is_well, words = await look(settings)
        # What libraries say of a failure may hold an address, and Telegram's hold the token.
        words = without_secrets(words, settings.secrets)
        say(f"{'ok   ' if is_well else 'FAIL '} {words}")
        all_well = all_well and is_well
    return all_well


async def _database(settings: Settings) -> Line:
    try:
        database = Database(settings.database_url)
        try:
            pending = await pending_migrations(database)
        finally:
            await database.close()
    except SchemaRefused as error:
        return False, f"database (DATABASE_URL): {error}"
    except Exception as error:  # noqa: BLE001  # drivers raise whatever they like
        return False, f"database (DATABASE_URL): {type(error).__name__}"
    if pending:
        return True, f"database: reachable; {pending} migrations will run at the next start"
    return True, "database: reachable, schema up to date"


async def _telegram(settings: Settings) -> Line:
    bot = make_bot(settings, Health("Telegram"))
    try:
        me = await bot.get_me()
    except (AiogramError, TimeoutError) as error:
        return False, f"Telegram (BOT_TOKEN, TELEGRAM_API_URL): {_words(error)}"
    finally:
        await bot.session.close()
    return True, f"Telegram: @{me.username}"


async def _fal(settings: Settings) -> Line:
    async with FalClient(settings.fal_key.get_secret_value(), settings.fal_api_url) as fal:
        try:
            await fal.unit_prices(settings.trainers)
        except FalError as error:
            return False, f"fal (FAL_KEY, FAL_API_URL): {error}"
    return True, "fal: reachable, the key is accepted"


async def _fal_admin(settings: Settings) -> Line:
    key = settings.fal_admin_key
    assert key is not None  # noqa: S101  # asked for only where it is set
    async with FalClient(key.get_secret_value(), settings.fal_api_url) as fal:
        try:
            balance_usd = await fal.balance_usd()
        except FalError as error:
            return False, f"fal admin key (FAL_ADMIN_KEY): {error}"
    return True, f"fal admin key: accepted, the balance is ${balance_usd:.2f}"


def _words(error: Exception) -> str:
    return f"{type(error).__name__} {getattr(error, 'message', '')}".strip()
