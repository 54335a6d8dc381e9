"""`python -m bot check`: says whether everything the bot needs is there, and migrates nothing.

A line that is not well says what to do about it.
"""

from collections.abc import Awaitable, Callable

from aiogram.exceptions import AiogramError, TelegramNotFound, TelegramUnauthorizedError

from bot.app import make_bot
from bot.check_access import told_access
from bot.check_prices import told_prices
from bot.check_stars import told_stars
from bot.logs import without_secrets
from bot.settings import Settings
from db.database import Database
from db.migrate import pending_migrations
from db.refused import DatabaseOutOfReach, SchemaRefused
from services.errors import FalError, StoreUnavailable
from services.fal.client import FalClient
from services.health import Health
from services.photos.coach import weights

Line = tuple[bool, str]


async def check(settings: Settings, say: Callable[[str], object]) -> bool:
    """Look at the database, Telegram, fal and the admin key (where set); say a line about each.

    Returns:
        Whether all of them are in order.
    """
    checks: list[Callable[[Settings], Awaitable[Line]]] = [_database, _telegram, _fal]
    if settings.fal_admin_key is not None:
        checks.append(_fal_admin)
    if settings.s3_endpoint:
        checks.append(_store)
    if settings.packs:
        checks.append(told_stars)
    say("ok    settings")
    priced = await told_prices(settings) if settings.prices_file or settings.packs else ()
    told = (
        *told_access(settings),
        _trainers(settings),
        _prompts(settings),
        _coach(settings),
        *priced,
    )
    for is_safe, words in told:
        say(f"{'ok   ' if is_safe else 'warn '} {words}")
    all_well = True
    for look in checks:
        is_well, words = await look(settings)
        # What libraries say of a failure may hold an address, and Telegram's hold the token.
        words = without_secrets(words, settings.secrets)
        say(f"{'ok   ' if is_well else 'FAIL '} {words}")
        all_well = all_well and is_well
    return all_well


def _trainers(settings: Settings) -> Line:
    names = ", ".join(settings.offered_trainers)
    if settings.trainers:
        return True, f"trainers: {names} (TRAINERS)"
    return False, (
        f"trainers: {names}, as none is chosen (TRAINERS); the README says under Trainers what is"
        " known of each"
    )


def _prompts(settings: Settings) -> Line:
    if settings.prompt_model:
        return True, f"prompts: put into English by {settings.prompt_model} at fal (PROMPT_MODEL)"
    return False, "prompts: go as they are, and FLUX.1 reads hardly any Russian (PROMPT_MODEL=off)"


def _coach(settings: Settings) -> Line:
    if settings.coach == "off":
        return True, "photo coach: off (COACH=off)"
    if lacking := weights.missing():
        return False, f"photo coach: off, as {lacking}; photos are checked without it"
    return True, "photo coach: looks for the face in each photo (COACH)"


async def _database(settings: Settings) -> Line:
    try:
        database = Database(settings.database_url)
        try:
            pending = await pending_migrations(database)
            broken = [] if pending else await _broken(database)
        finally:
            await database.close()
    except (SchemaRefused, DatabaseOutOfReach) as error:
        return False, f"database (DATABASE_URL): {error}"
    except Exception as error:  # noqa: BLE001  # drivers raise whatever they like
        return False, f"database (DATABASE_URL): {type(error).__name__}; {DATABASE_ADVICE}"
    if pending:
        return True, f"database: reachable; {pending} migrations will run at the next start"
    if broken:
        return False, f"ledger: {'; '.join(broken)}: does not hold; {LEDGER_ADVICE}"
    return True, "database: reachable, schema up to date"


async def _broken(database: Database) -> list[str]:
    async with database.transaction() as tx:
        return list(await tx.invariants.broken())


async def _telegram(settings: Settings) -> Line:
    bot = make_bot(settings, Health("Telegram"))
    try:
        me = await bot.get_me()
    except (AiogramError, TimeoutError) as error:
        return False, f"Telegram: {_words(error)}; {_telegram_advice(error)}"
    finally:
        await bot.session.close()
    if settings.inline == "on" and not me.supports_inline_queries:
        return False, f"Telegram: @{me.username}: {INLINE_ADVICE}"
    if settings.groups == "on" and not me.can_join_groups:
        return False, f"Telegram: @{me.username}: {GROUPS_ADVICE}"
    return True, f"Telegram: @{me.username}"


async def _fal(settings: Settings) -> Line:
    async with FalClient(settings.fal_key.get_secret_value(), settings.fal_api_url) as fal:
        try:
            await fal.unit_prices(settings.offered_trainers)
        except FalError as error:
            return False, f"fal: {error}; {_fal_advice(error, 'FAL_KEY', 'API')}"
    return True, "fal: reachable, the key is accepted"


async def _fal_admin(settings: Settings) -> Line:
    key = settings.fal_admin_key
    assert key is not None  # noqa: S101  # asked for only where it is set
    async with FalClient(key.get_secret_value(), settings.fal_api_url) as fal:
        try:
            balance_usd = await fal.balance_usd()
        except FalError as error:
            return False, f"fal admin key: {error}; {_fal_advice(error, 'FAL_ADMIN_KEY', 'ADMIN')}"
    if balance_usd <= 0:
        return False, f"fal: the balance is ${balance_usd:.2f}; {ADD_BALANCE}"
    low = f"; {ADD_BALANCE}" if balance_usd < settings.low_balance_usd else ""
    return True, f"fal admin key: accepted, the balance is ${balance_usd:.2f}{low}"


async def _store(settings: Settings) -> Line:
    from bot.copies import open_store  # noqa: PLC0415  # the library is for who has a store

    try:
        await open_store(settings).check()
    except StoreUnavailable as error:
        return False, f"store (S3_*): {error}; look at the endpoint, the bucket and both keys"
    return True, f"store: objects in {settings.s3_bucket} can be written, read and removed"


KEY_REFUSED = ("HTTP 401", "HTTP 403")
DATABASE_ADVICE = "it can be opened and not be read; look at its own log"
LEDGER_ADVICE = "stop the bot, keep a copy of the database, and restore the newest good backup"
INLINE_ADVICE = "INLINE is on, and @BotFather has inline mode off; send it /setinline"
GROUPS_ADVICE = "GROUPS is on, and @BotFather lets it join no groups; send it /setjoingroups"
ADD_BALANCE = "add balance at fal.ai/dashboard/billing"


def _telegram_advice(error: Exception) -> str:
    if isinstance(error, TelegramUnauthorizedError | TelegramNotFound):
        return "BOT_TOKEN: @BotFather gave another token; copy it again (/mybots, API Token)"
    return "look at the network, a firewall, and TELEGRAM_API_URL"


def _fal_advice(error: FalError, name: str, scope: str) -> str:
    if "locked" in str(error).lower() or "balance" in str(error).lower():
        return ADD_BALANCE
    if str(error).startswith(KEY_REFUSED):
        return f"{name}: make a key of scope {scope} at fal.ai/dashboard/keys"
    return "look at the network and FAL_API_URL, and at status.fal.ai"


def _words(error: Exception) -> str:
    return f"{type(error).__name__} {getattr(error, 'message', '')}".strip()
