"""Promo codes: /promos and the console show and end them, /promo makes one."""

from collections.abc import Sequence

from aiogram import Bot, F, Router
from aiogram.filters import CommandObject
from aiogram.types import CallbackQuery, Message
from aiogram.utils.deep_linking import create_start_link

from handlers.admin.callbacks import ConsoleButton, ConsolePlace, PromoButton
from handlers.admin.pages import moment
from handlers.admin.screens import place
from handlers.telegram.command_filters import TextCommand
from handlers.telegram.keyboards import button, keyboard_of
from handlers.telegram.links import PROMO
from handlers.telegram.messages import turn_into
from handlers.telegram.screen import Screen
from services.console.promos import Promos, read_promo
from services.domain.codes import Promo
from services.domain.values import User
from texts.reader import Texts


def build_router() -> Router:
    """Return the router of promo codes."""
    router = Router(name="promos")
    router.message.register(show_promos, TextCommand("promos"))
    router.message.register(make_promo, TextCommand("promo"))
    router.callback_query.register(
        turn_to_promos, ConsoleButton.filter(F.place == ConsolePlace.PROMOS)
    )
    router.callback_query.register(end_promo, PromoButton.filter())
    return router


async def show_promos(message: Message, t: Texts, promos: Promos) -> None:
    """Show the newest codes, and how one is made."""
    screen = _screen(t, await promos.newest())
    await message.answer(screen.text, reply_markup=screen.keyboard)


async def turn_to_promos(query: CallbackQuery, t: Texts, promos: Promos) -> None:
    """Show the newest codes in place of another screen of the console."""
    await turn_into(query, _screen(t, await promos.newest()))


async def end_promo(
    query: CallbackQuery, callback_data: PromoButton, user: User, t: Texts, promos: Promos
) -> None:
    """Have a code bring nothing any more."""
    await promos.end(user.id, callback_data.code)
    await turn_into(query, _screen(t, await promos.newest()))


async def make_promo(
    message: Message, command: CommandObject, bot: Bot, user: User, t: Texts, promos: Promos
) -> None:
    """Make a code, and show its link."""
    promo = read_promo(command.args or "")
    if promo is None:
        await message.answer(t("admin-promos-how"))
        return
    await promos.make(user.id, promo)
    link = await create_start_link(bot, PROMO + promo.code)
    values: dict[str, int | str] = {
        "stars": promo.credits,
        "uses": promo.uses,
        "until": moment(promo.expires_at),
    }
    await message.answer(t("admin-promo-made", code=promo.code, link=link, **values))


def _screen(t: Texts, shown: Sequence[Promo]) -> Screen:
    lines = [_line(t, promo) for promo in shown]
    ends = [
        [
            button(
                t.plain("console-promo-end", code=promo.code), PromoButton(code=promo.code).pack()
            )
        ]
        for promo in shown
        if promo.is_open
    ]
    return Screen(
        "\n\n".join([t("admin-promos"), *lines, t("admin-promos-how")]),
        keyboard_of(*ends, [place(t, ConsolePlace.HOME)]),
    )


def _line(t: Texts, promo: Promo) -> str:
    return t(
        "admin-promo",
        code=promo.code,
        stars=promo.credits,
        used=promo.used,
        uses=promo.uses,
        until=moment(promo.expires_at),
    )
