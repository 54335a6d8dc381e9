"""/admin: figures, the log and maintenance, for admins only."""

import pytest_asyncio

from handlers.admin.callbacks import ConsolePlace
from services.domain.console import Deed
from tests.handlers.chat import ADMIN, Chat, Product


@pytest_asyncio.fixture(loop_scope="session")
async def admin(product: Product) -> Chat:
    admin = product.newcomer(user_id=ADMIN)
    await admin.say("/start")
    return admin


async def deeds(product: Product) -> list[str]:
    async with product.database.transaction() as tx:
        return [action.deed for action in await tx.actions.newest(2)]


async def test_the_report_leads_to_every_screen(admin: Chat) -> None:
    await admin.say("/admin")
    start = admin.words("admin-spending", spent="", budget="", running=0).splitlines()[0]
    report = await admin.until_said(start)
    assert "$100000.00" in report.text
    for place in ConsolePlace:
        if place is ConsolePlace.PROMOS:
            assert f"console:{place}" not in report.data  # nobody pays here
        elif place is not ConsolePlace.HOME:
            assert f"console:{place}" in report.data
            await admin.forge(f"console:{place}", report.message_id)
    heads = [admin.words("console-period", days=days) for days in (1, 7, 30)]
    assert len(set(heads)) == 3
    await admin.forge("console:home")
    await admin.until_said(start)


async def test_figures_count_what_was_made(admin: Chat, chat: Chat) -> None:
    model = await chat.has_model()
    await chat.has_result(model, 2)
    await admin.forge("console:1")
    assert f"{model.trainer}\n" in admin.last.text
    assert admin.words("console-no-failures") in admin.last.text


async def test_maintenance_takes_no_new_orders_and_running_ones_end(
    admin: Chat, product: Product
) -> None:
    user = product.newcomer("ru")
    await user.has_model()
    await admin.say("/maintenance on moving the database")
    assert admin.last.text == admin.words("console-repairs-on")
    assert await deeds(product) == [Deed.MAINTENANCE_ON, *(await deeds(product))[1:]]
    await user.say("/generate портрет")
    assert user.last.text == user.words("error-under-maintenance")
    assert await user.generations() == []
    await admin.press("repairs:0")
    await user.say("/generate портрет")
    assert len(await user.generations()) == 1
    assert (await deeds(product))[0] == Deed.MAINTENANCE_OFF
    await admin.forge("console:log")
    assert "moving the database" in admin.last.text


async def test_two_taps_switch_it_once(admin: Chat, product: Product) -> None:
    for _ in range(2):
        await admin.forge("repairs:1")
    for _ in range(2):
        await admin.forge("repairs:0")
    assert await deeds(product) == [Deed.MAINTENANCE_OFF, Deed.MAINTENANCE_ON]
    await admin.say("/maintenance")
    assert admin.last.text == admin.words("console-repairs-off")


async def test_to_anybody_else_commands_are_unknown_and_buttons_old(
    chat: Chat, product: Product
) -> None:
    before = await deeds(product)
    for words in ("/admin", "/maintenance on", "/user 1"):
        await chat.say(words)
        assert chat.last.text == chat.words("expects-anything")
    for data in ("console:1", "repairs:1", "person:1:block", "cast:new:-:", "consolejob:x:y:"):
        assert await chat.forge(data) == chat.words("error-stale-button")
    assert await deeds(product) == before
