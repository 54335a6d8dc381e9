"""The sandbox server: both emulators, the control plane and the page on one port."""

import errno
import secrets
import socket
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from sandbox.botprocess import BOT_COMMAND, BotProcess
from sandbox.control import add_common_control
from sandbox.events import EventLog
from sandbox.fal import Clock, ClockMode, FalEmulator, add_fal_routes
from sandbox.faults import Faults
from sandbox.guard import local_only
from sandbox.journal import Journal
from sandbox.page_routes import add_page_routes
from sandbox.state import SANDBOX, Sandbox
from sandbox.telegram import (
    TelegramConfig,
    TelegramEmulator,
    add_inline_control,
    add_prepared_control,
    add_star_control,
    add_telegram_control,
    add_telegram_routes,
    add_web_app_control,
)
from sandbox.wire import Wire

DEFAULT_PORT = 8081
# Opens nothing but the emulator; it has the shape of a real key, `uuid:hex`.
DEFAULT_FAL_KEY = "5a4db0c5-0000-4000-8000-000000000001:5a4db0c55a4db0c55a4db0c55a4db0c5"
_PORTS_TRIED = 100
_BOT_PORTS = range(10_000, 20_000)
"""Below those that systems give to whoever asks for any, from 32,768 on at Linux: such a one may
be somebody else's by the time that the bot has started."""
_MAX_BODY_BYTES = 256 * 1024 * 1024
_SHUTDOWN_S = 1.0


@dataclass(frozen=True)
class SandboxConfig:
    """What a sandbox is made with.

    Attributes:
        host: loopback address to listen on.
        port: 0 takes any free one; None takes 8081 or the next free one.
        telegram: the bot's identity, the first user's language, flood limits.
        fal_key: the fal key that is accepted.
        clock_s: seconds a training takes; 0 ends jobs at once.
        sketches: pictures are painted roughly, for tests that do not look at them.
    """

    host: str = "127.0.0.1"
    port: int | None = None
    telegram: TelegramConfig = field(default_factory=TelegramConfig)
    fal_key: str = DEFAULT_FAL_KEY
    clock_s: float = 30.0
    sketches: bool = False


@dataclass(frozen=True)
class RunningSandbox:
    """A sandbox that answers.

    Attributes:
        url: address of the page and the control plane, without a slash at the end.
        telegram_url: for TELEGRAM_API_URL.
        fal_url: for FAL_API_URL.
        app: the application.
        state: what the application holds: emulators, journal, faults, events.
        config: what it was made with.
    """

    url: str
    telegram_url: str
    fal_url: str
    app: web.Application
    state: Sandbox
    config: SandboxConfig

    def bot_environment(self, database: Path) -> dict[str, str]:
        """Environment of a bot that is to use this sandbox."""
        return {
            "BOT_TOKEN": self.config.telegram.token,
            "TELEGRAM_API_URL": self.telegram_url,
            "FAL_KEY": self.config.fal_key,
            "FAL_API_URL": self.fal_url,
            "DATABASE_URL": f"sqlite+aiosqlite:///{database}",
            "POLL_INTERVAL": "1",
            "ACCESS": "open",
            # Nothing is paid for here, so nobody has to stop after a few tries.
            "DAILY_TRAININGS": "1000",
            "DAILY_IMAGES": "10000",
            "DAILY_BUDGET_USD": "100000",
        }


def create_app(config: SandboxConfig) -> web.Application:
    """Build the application; `app[SANDBOX]` holds its state."""
    events = EventLog()
    telegram = TelegramEmulator(config.telegram, events)
    clock = _clock(config.clock_s)
    fal = FalEmulator(key=config.fal_key, clock=clock, sketches=config.sketches)
    journal = Journal((config.telegram.token, config.fal_key, fal.admin_key))
    wire = Wire(journal, Faults(), events)
    app = web.Application(
        middlewares=[local_only, wire.middleware], client_max_size=_MAX_BODY_BYTES
    )
    app[SANDBOX] = Sandbox(telegram, fal, wire, events)
    add_telegram_routes(app, telegram, wire.faults.take_lost_answer)
    add_telegram_control(app, telegram)
    add_star_control(app, telegram)
    add_inline_control(app, telegram)
    add_prepared_control(app, telegram)
    add_web_app_control(app, telegram)
    add_fal_routes(app, fal)
    add_common_control(app, app[SANDBOX])
    add_page_routes(app)
    app.on_shutdown.append(_let_go)
    return app


def _clock(seconds: float) -> Clock:
    if seconds <= 0:
        return Clock(mode=ClockMode.IMMEDIATE)
    return Clock(mode=ClockMode.SECONDS, value=seconds)


async def _let_go(app: web.Application) -> None:
    """End long polls, streams and hanging calls, so that the server stops at once."""
    sandbox = app[SANDBOX]
    sandbox.telegram.close()
    sandbox.events.close()
    sandbox.wire.close()


async def _listen(runner: web.AppRunner, config: SandboxConfig) -> int:
    """Bind the port.

    Returns:
        The port that was bound.

    Raises:
        OSError: the wanted port is taken, or none of a hundred is free.
    """
    first = DEFAULT_PORT if config.port is None else config.port
    tried = _PORTS_TRIED if config.port is None else 1
    for port in range(first, first + tried):
        try:
            await web.TCPSite(runner, config.host, port).start()
        except OSError as error:
            if error.errno != errno.EADDRINUSE or port == first + tried - 1:
                raise
            continue
        break
    return int(runner.addresses[0][1])


@asynccontextmanager
async def running_sandbox(config: SandboxConfig | None = None) -> AsyncIterator[RunningSandbox]:
    """Run a sandbox for the length of a `async with`.

    Args:
        config: tests give port 0; the default is a sandbox on any free port.

    Raises:
        OSError: the port is taken.
    """
    config = config or SandboxConfig(port=0)
    app = create_app(config)
    runner = web.AppRunner(app, shutdown_timeout=_SHUTDOWN_S, access_log=None)
    await runner.setup()
    try:
        port = await _listen(runner, config)
        host = f"[{config.host}]" if ":" in config.host else config.host
        url = f"http://{host}:{port}"
        app[SANDBOX].telegram.fetcher.origins.add(url)
        yield RunningSandbox(url, url, f"{url}/fal", app, app[SANDBOX], config)
    finally:
        await runner.cleanup()


def _free_port() -> int:
    while True:
        port = secrets.choice(_BOT_PORTS)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


@asynccontextmanager
async def running_bot(
    sandbox: RunningSandbox, command: Sequence[str] = BOT_COMMAND, *, is_pushed: bool = True
) -> AsyncIterator[BotProcess]:
    """Run the bot beside a sandbox, on a database of its own that vanishes with it.

    Args:
        sandbox: Its Telegram and its fal are the bot's.
        command: What to run.
        is_pushed: Whether the bot has an address of its own, under which it serves its Mini App
            and its updates are pushed to it; else it asks for them.
    """
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="neurophoto-"))
        environment = sandbox.bot_environment(Path(folder) / "bot.db")
        if is_pushed:
            port = _free_port()
            environment |= {"PUBLIC_URL": f"http://127.0.0.1:{port}", "HTTP_PORT": str(port)}

        def changed() -> None:
            sandbox.state.telegram.updates.asked.clear()
            sandbox.state.events.publish("state")

        bot = BotProcess(environment, changed, command)
        sandbox.state.bot = bot
        stack.push_async_callback(bot.stop)
        await bot.start()
        yield bot
