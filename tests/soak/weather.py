"""Random faults of both services and random crashes of the bot."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Mapping

from tests.soak.stage import Stage

BETWEEN_S = (0.5, 3.0)
CRASH_SHARE = 0.12
"""Of the troubles, for each bot that runs."""
MOST_CRASHES = 0.4
LIVES_PER_START = 3.0
"""After a crash the bot may live so many times as long as its start took: on a busy machine it
would do nothing but start otherwise."""
SCENARIO_SHARE = 0.3
SCENARIO_LASTS_S = (1.0, 4.0)
PAYMENT_SHARE = 0.2
"""Of the troubles, those of payments."""

TELEGRAM_CALLS = (
    "/sendMessage",
    "/sendMessage",
    "/sendPhoto",
    "/sendPhoto",
    "/editMessageText",
    "/answerCallbackQuery",
    "/getUpdates",
    "/getFile",
    "GET /file/",
    "/deleteMessage",
    "",
)
FAL_CALLS = (
    "POST /fal/queue/fal-ai/flux-lora-fast-training",
    "POST /fal/queue/fal-ai/flux-lora",
    "POST /fal/queue/fal-ai/flux-2/edit",
    "/status",
    "GET /fal/queue/",
    "/fal/rest/",
    "/fal/cdn/",
    "/fal/api/",
    "",
)
FAULTS: tuple[Mapping[str, object], ...] = (
    {"kind": "status", "status": 500},
    {"kind": "status", "status": 429},
    {"kind": "html", "status": 502},
    {"kind": "drop_before"},
    {"kind": "drop_after"},
    {"kind": "hang", "seconds": 2},
    {"kind": "hang_after", "seconds": 2},
    {"kind": "slow", "seconds": 1},
    {"kind": "trickle", "seconds": 1},
)
TELEGRAM_FAULTS = (
    {"kind": "flood", "seconds": 1},
    {"kind": "duplicate"},
    {"kind": "reorder"},
)
FLOOD_ANSWER = {
    "ok": False,
    "error_code": 429,
    "description": "Too Many Requests: retry after 1",
    "parameters": {"retry_after": 1},
}
SCENARIOS: tuple[Mapping[str, object], ...] = (
    {"drop_answer_of_submit": 1},
    {"locked_polls": True},
    {"requeue_once": True},
    {"queue_ahead": 3},
    {"submit_error": 429},
    {"submit_error": 503},
    {"fail_training": "image_load_error"},
    {"fail_training": "runner_server_error"},
    {"fail_generation": "internal_server_error"},
    {"nsfw": True},
    {"no_logs": True},
    {"cancel_mode": "ignore"},
    {"cancel_mode": "removed"},
    {"history_lag_s": 3},
    {"stall": True},
    {"lower_statuses": True},
    {"redirect_reads": True},
    {"loose_output": True},
)
PAYMENT_SCENARIOS: tuple[Mapping[str, object], ...] = (
    {"checkout": "late_answer"},
    {"checkout": "dies"},
    {"pay_twice": True},
    {"payment_notice": "lost"},
    {"payment_notice": "lost"},
    {"payment_notice": "twice"},
    {"payment_notice": "late", "payment_notice_late_s": 3},
    {"statement_lag_s": 3},
    {"refund_says_already": True},
)
PAYMENTS_CALM = {
    "checkout": "work",
    "pay_twice": False,
    "payment_notice": "sent",
    "payment_notice_late_s": 60,
    "statement_lag_s": 0,
    "refund_says_already": False,
}
CALM = {
    "drop_answer_of_submit": 0,
    "locked_polls": False,
    "requeue_once": False,
    "queue_ahead": 0,
    "submit_error": None,
    "fail_training": None,
    "fail_generation": None,
    "nsfw": False,
    "no_logs": False,
    "cancel_mode": "honour",
    "history_lag_s": 0,
    "stall": False,
    "lower_statuses": False,
    "redirect_reads": False,
    "loose_output": False,
}


class Weather:
    """Makes trouble until it is cancelled; counts what it made."""

    def __init__(self, stage: Stage, dice: random.Random) -> None:
        self._stage = stage
        self._dice = dice
        self.made: Counter[str] = Counter()
        self._may_crash_at = 0.0

    async def blow(self) -> None:
        """Make one trouble after another."""
        crash_share = min(CRASH_SHARE * len(self._stage.bots), MOST_CRASHES)
        while True:
            await asyncio.sleep(self._dice.uniform(*BETWEEN_S))
            chance = self._dice.random()
            may_crash = time.monotonic() >= self._may_crash_at
            if (chance < crash_share and may_crash) or not self._stage.runs:
                await self._crash()
            elif chance < crash_share + PAYMENT_SHARE:
                await self._trouble_with_payments()
            elif chance < crash_share + PAYMENT_SHARE + SCENARIO_SHARE:
                await self._trouble_at_fal()
            else:
                await self._fault()

    async def _crash(self) -> None:
        self.made["kill -9"] += 1
        began_s = time.monotonic()
        await self._stage.crash(self._dice)
        start_s = time.monotonic() - began_s
        self._may_crash_at = time.monotonic() + LIVES_PER_START * start_s

    async def _fault(self) -> None:
        if self._dice.random() < 0.6:
            service, match = "telegram", self._dice.choice(TELEGRAM_CALLS)
            fault = dict(self._dice.choice(FAULTS + TELEGRAM_FAULTS))
        else:
            service, match = "fal", self._dice.choice(FAL_CALLS)
            fault = dict(self._dice.choice(FAULTS))
        if fault["kind"] in {"duplicate", "reorder"}:
            match = "/getUpdates"
        elif service == "telegram" and fault.get("status") == 429:
            fault["body"] = FLOOD_ANSWER
        wanted = {"service": service, "match": match, "times": self._dice.randint(1, 3)}
        await self._stage.sandbox.ask("POST", "faults", json={**wanted, "for_s": 15, **fault})
        self.made[f"{service} {fault['kind']}"] += 1

    async def _trouble_at_fal(self) -> None:
        trouble = dict(self._dice.choice(SCENARIOS))
        await self._stage.sandbox.scenario(**trouble)
        self.made[f"fal {next(iter(trouble))}"] += 1
        await asyncio.sleep(self._dice.uniform(*SCENARIO_LASTS_S))
        await self._stage.sandbox.scenario(**{name: CALM[name] for name in trouble})

    async def _trouble_with_payments(self) -> None:
        trouble = dict(self._dice.choice(PAYMENT_SCENARIOS))
        await self._stage.sandbox.ask("PUT", "telegram/scenario", json=trouble)
        name = next(iter(trouble))
        self.made[f"payments {name} {trouble[name]}"] += 1
        await asyncio.sleep(self._dice.uniform(*SCENARIO_LASTS_S))
        calm = {name: PAYMENTS_CALM[name] for name in trouble}
        await self._stage.sandbox.ask("PUT", "telegram/scenario", json=calm)
