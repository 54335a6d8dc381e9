"""A strict local Telegram Bot API.

It answers as the real server does where its source or documents say so, refuses what it does
not imitate, and has a control plane through which pretended people write, send files and press
buttons.
"""

from sandbox.telegram.config import Bucket, FloodLimits, TelegramConfig
from sandbox.telegram.control import add_telegram_control
from sandbox.telegram.emulator import TelegramEmulator
from sandbox.telegram.inline import add_inline_control
from sandbox.telegram.prepared import add_prepared_control
from sandbox.telegram.routes import add_telegram_routes
from sandbox.telegram.scenario import TelegramScenario
from sandbox.telegram.stars.control import add_star_control
from sandbox.telegram.web_apps import add_web_app_control

__all__ = [
    "Bucket",
    "FloodLimits",
    "TelegramConfig",
    "TelegramEmulator",
    "TelegramScenario",
    "add_inline_control",
    "add_prepared_control",
    "add_star_control",
    "add_telegram_control",
    "add_telegram_routes",
    "add_web_app_control",
]
