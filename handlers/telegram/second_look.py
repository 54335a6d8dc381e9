"""Look again: under jobs that were given up, for their user, and for admins."""

from aiogram import Router
from aiogram.types import CallbackQuery

from handlers.telegram.callbacks import LookAgain
from handlers.telegram.replies import release, remove_buttons
from services.jobs.again import SecondLooks
from services.users.access import Access
from texts.reader import Texts


def build_router() -> Router:
    """Return the router of second looks."""
    router = Router(name="second looks")
    router.callback_query.register(look_again, LookAgain.filter())
    return router


async def look_again(
    query: CallbackQuery,
    callback_data: LookAgain,
    t: Texts,
    second_looks: SecondLooks,
    access: Access,
) -> None:
    """Have fal asked again; the answer comes as a message of its own."""
    asker = query.from_user.id
    await second_looks.begin(
        callback_data.kind,
        callback_data.row_id,
        asker,
        is_admin=asker in await access.admins(),
    )
    await release(query, t.plain("looking-again"))
    await remove_buttons(query)
