"""Kills the bot in the middle of a call."""

from tests.e2e.driver import Sandbox, eventually
from tests.e2e.processes import Process

PATIENCE_S = 90.0
MOMENTS = {"before": "hang", "after": "hang_after"}


async def let_hang(sandbox: Sandbox, service: str, match: str, moment: str) -> None:
    """Have the next such call hang, before or after all was done."""
    await sandbox.fault(service, match, MOMENTS[moment], seconds=60, times=1)


async def kill_there(sandbox: Sandbox, bot: Process) -> None:
    """Wait until the call hangs, kill the bot there, and start it with everything well again."""

    async def is_met() -> bool:
        return any(fault["hits"] for fault in await sandbox.faults()) or not await sandbox.faults()

    await eventually(is_met, "the call that hangs", PATIENCE_S)
    bot.kill()
    await sandbox.calm()
    bot.start()
