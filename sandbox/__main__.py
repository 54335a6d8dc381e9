"""`python -m sandbox`: both emulators on loopback, and with --bot the bot beside them."""

import argparse
import asyncio
import contextlib
import logging
import os
import signal
import sys

from sandbox.server import (
    DEFAULT_PORT,
    RunningSandbox,
    SandboxConfig,
    running_bot,
    running_sandbox,
)
from sandbox.telegram import TelegramConfig


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", choices=["127.0.0.1", "localhost", "::1"])
    parser.add_argument(
        "--port", type=int, help=f"default: {DEFAULT_PORT}, or the next free port when it is taken"
    )
    parser.add_argument("--bot", action="store_true", help="run the bot as its own process too")
    parser.add_argument(
        "--polling",
        action="store_true",
        help="let that bot ask for its updates, without an address of its own and its Mini App",
    )
    parser.add_argument(
        "--clock", type=float, default=30.0, help="seconds a training takes (default 30, 0: none)"
    )
    parser.add_argument(
        "--sketches",
        action="store_true",
        help="paint pictures roughly, many times quicker: for tests that do not look at them",
    )
    return parser.parse_args(argv)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def _announce(sandbox: RunningSandbox) -> None:
    await sandbox.state.telegram.updates.asked.wait()
    _say(f"The bot is ready: {sandbox.url}/")


async def _run(arguments: argparse.Namespace) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    config = SandboxConfig(
        host=arguments.host,
        port=arguments.port,
        telegram=TelegramConfig(language=os.environ.get("SANDBOX_LANGUAGE") or None),
        clock_s=arguments.clock,
        sketches=arguments.sketches,
    )
    async with contextlib.AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(running_sandbox(config))
        _say(f"The demo chat: {sandbox.url}/")
        _say(f"TELEGRAM_API_URL={sandbox.telegram_url}")
        _say(f"FAL_API_URL={sandbox.fal_url}")
        if arguments.bot:
            _say("Starting the bot; the page can be opened meanwhile ...")
            await stack.enter_async_context(running_bot(sandbox, is_pushed=not arguments.polling))
        _say("Ctrl-C stops.")
        async with asyncio.TaskGroup() as tasks:
            announcing = tasks.create_task(_announce(sandbox))
            await stop.wait()
            announcing.cancel()
    _say("Stopped.")


def main(argv: list[str] | None = None) -> int:
    """Run until Ctrl-C or SIGTERM.

    Returns:
        0 after a stop, 1 when the port is taken.
    """
    arguments = _arguments(argv)
    logging.basicConfig(level=logging.INFO, format="sandbox: %(levelname)s %(message)s")
    try:
        asyncio.run(_run(arguments))
    except OSError as error:
        sys.stderr.write(f"The sandbox cannot listen: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
