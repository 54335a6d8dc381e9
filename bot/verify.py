"""`python -m bot verify`: asks the real services what only they can tell, for at most 3 USD.

It says first what it will do and cost, and asks. It writes nothing into the database.
"""

import argparse
import asyncio
import signal
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.app import make_plain_bot
from bot.settings import Settings
from bot.verify_chat import OperatorChat
from db.database import Database
from db.migrate import pending_migrations
from services.errors import FalError
from services.fal.client import FalClient
from services.fal.gateway import UnitPrice
from services.money.prices import PriceList
from services.verify.evidence import Evidence
from services.verify.open_jobs import OpenJobs, write_private
from services.verify.plan import MOST_USD, Plan, planned
from services.verify.report import report, summary
from services.verify.run import Verification
from services.verify.watching import Pace, Watcher

FOLDER = Path("data")

NO_CHAT = (
    "no chat to send to: set ADMINS, become the admin by the ADMIN LINK, or give --chat ID"
    " (your Telegram id; send the bot /start first)"
)


@dataclass(frozen=True)
class Options:
    """What the words after `verify` say."""

    is_sure: bool = False
    is_dry: bool = False
    floods: bool = False
    chat_id: int | None = None


def read_options(words: Sequence[str]) -> Options:
    """Read the words after `verify`; exits with 2 and a usage when they are wrong."""
    parser = argparse.ArgumentParser("python -m bot verify", description=__doc__)
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--dry-run", action="store_true", help="say what it would do, and end")
    parser.add_argument("--flood", action="store_true", help="look for Telegram's limit too")
    parser.add_argument("--chat", type=int, metavar="ID", help="the chat to send to")
    given = parser.parse_args(words)
    return Options(given.yes, given.dry_run, given.flood, given.chat)


class Verify:
    """The command.

    Args:
        settings: The operator's; keys and addresses are those the bot uses.
        options: What the command line says.
        say: Prints a line.
        ask: Returns the answer to a question.
        folder: Where the report goes.
        pace: How often is asked.
    """

    def __init__(
        self,
        settings: Settings,
        options: Options,
        say: Callable[[str], object],
        ask: Callable[[str], str],
        folder: Path = FOLDER,
        pace: Pace | None = None,
    ) -> None:
        self._settings = settings
        self._options = options
        self._say = say
        self._ask = ask
        self._folder = folder
        self._pace = pace or Pace(deadline_s=settings.job_deadline)
        self._open = OpenJobs(folder)

    async def run(self) -> int:
        """Return the exit code: 0 for a report, 1 for one cut short, 2 for what was not begun."""
        if self._options.is_dry:
            self._tell(await self._plan(None), await self._chat_id())
            self._say("the prices are the bot's own; nothing was asked and nothing was sent")
            return 0
        with self._open.held() as is_ours:
            if is_ours:
                return await self._run_alone()
        self._say("another verification is running; nothing was done")
        return 2

    async def _run_alone(self) -> int:
        left = self._open.left()
        if left is not None:
            self._say("an earlier verification may have left this at fal: " + "; ".join(left))
            self._say(f"look at fal.ai/dashboard, then delete {self._open.path}")
            return 2
        chat_id = await self._chat_id()
        if chat_id is None:
            self._say(NO_CHAT)
            return 2
        return await self._with_services(chat_id)

    async def _with_services(self, chat_id: int) -> int:
        async with AsyncExitStack() as stack:
            key, url = self._settings.fal_key.get_secret_value(), self._settings.fal_api_url
            asking = await stack.enter_async_context(FalClient(key, url))
            plan = await self._plan(asking)
            self._tell(plan, chat_id)
            if not self._is_agreed(plan):
                return 2
            evidence = Evidence(plan)
            fal = await stack.enter_async_context(FalClient(key, url, on_answer=evidence.note))
            evidence.prices = {price.endpoint: price for price in await _prices(fal, plan)}
            admin = None
            if self._settings.fal_admin_key is not None:
                admin_key = self._settings.fal_admin_key.get_secret_value()
                admin = await stack.enter_async_context(FalClient(admin_key, url))
            bot = make_plain_bot(self._settings)
            stack.push_async_callback(bot.session.close)
            watcher = Watcher(fal, evidence, self._open, self._pace, self._say)
            chat = OperatorChat(bot, chat_id)
            verification = Verification(fal, admin, chat, evidence, watcher, self._pace)
            return await self._reported(verification, evidence)

    async def _reported(self, verification: Verification, evidence: Evidence) -> int:
        """Run, and write the report whatever ended it."""
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        path = self._folder / f"verify-{stamp}.md"
        try:
            await verification.run()
        except asyncio.CancelledError:
            evidence.trouble.append("interrupted")
            return 1
        finally:
            write_private(path, report(evidence, self._settings.secrets))
            for line in summary(evidence):
                self._say(line)
            self._say(f"the report is {path}")
        return 1 if evidence.trouble else 0

    async def _plan(self, fal: FalClient | None) -> Plan:
        settings = self._settings
        trainer = settings.offered_trainers[0]
        async with FalClient(settings.fal_key.get_secret_value(), settings.fal_api_url) as idle:
            prices = PriceList(fal or idle, settings.training_price_usd, settings.image_price_usd)
            plan = planned(
                trainer, prices, {}, floods=self._options.floods, editor=settings.editor
            )
            if fal is None:
                return plan
            await prices.refresh()
            listed = {price.endpoint: price for price in await _prices(fal, plan)}
        return planned(
            trainer, prices, listed, floods=self._options.floods, editor=settings.editor
        )

    def _tell(self, plan: Plan, chat_id: int | None) -> None:
        self._say("verify will:")
        for line in plan.told():
            self._say(f"  {line}")
        self._say(f"  chat: {chat_id or NO_CHAT}")
        self._say(f"  report: a file in {self._folder}/, readable by you alone")

    def _is_agreed(self, plan: Plan) -> bool:
        if not plan.is_affordable:
            self._say(f"refused: it may cost more than ${MOST_USD}; put another TRAINERS first")
            return False
        if self._options.is_sure or self._ask("go on? [y/N] ").strip().lower() in {"y", "yes"}:
            return True
        self._say("nothing was done")
        return False

    async def _chat_id(self) -> int | None:
        if self._options.chat_id is not None:
            return self._options.chat_id
        admins = self._settings.admins or await _stored_admins(self._settings)
        return min(admins, default=None)


async def _prices(fal: FalClient, plan: Plan) -> Sequence[UnitPrice]:
    try:
        return await fal.unit_prices([plan.trainer, plan.generator])
    except FalError:
        return []


async def _stored_admins(settings: Settings) -> frozenset[int]:
    """Return who became an admin by the code; a database that cannot be read knows none."""
    database = Database(settings.database_url)
    try:
        if await pending_migrations(database):
            return frozenset()
        async with database.transaction() as tx:
            return await tx.admins.all()
    except Exception:  # noqa: BLE001  # drivers raise whatever they like
        return frozenset()
    finally:
        await database.close()


def run_to_the_end(work: Verify) -> int:
    """Run the command; a first Ctrl-C or SIGTERM lets it clear up."""

    async def cancellable() -> int:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  # inside of one
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        return await work.run()

    return asyncio.run(cancellable())
