"""Change…: what to change in a picture, in one's own words or by one tap."""

from aiogram import F, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from handlers.edit import screens
from handlers.edit.callbacks import ChangeAction, ChangeButton
from handlers.edit.states import EditForm
from handlers.telegram.callbacks import PictureAction, PictureButton
from handlers.telegram.messages import send_card
from handlers.telegram.presses import press_of
from handlers.telegram.replies import bot_of, change_buttons, origin_of, place_of, release, reply
from handlers.telegram.ways_out import WaysBack, show_main_menu
from services.domain.values import User
from services.editing.changes import group_of
from services.editing.service import EditingService, Words
from texts.reader import Texts


def build_router() -> Router:
    """Return the router of changes; it comes before that of all other picture buttons."""
    router = Router(name="edit")
    presses = router.callback_query
    presses.register(ask, PictureButton.filter(F.action == PictureAction.CHANGE))
    presses.register(show_original, PictureButton.filter(F.action == PictureAction.ORIGINAL))
    presses.register(open_group, ChangeButton.filter(F.action == ChangeAction.OPEN))
    presses.register(show_groups, ChangeButton.filter(F.action == ChangeAction.ALL))
    presses.register(make, ChangeButton.filter(F.action == ChangeAction.MAKE))
    router.message.register(take_words, EditForm.words, F.text, ~F.text.startswith("/"))
    return router


async def ask(
    query: CallbackQuery,
    callback_data: PictureButton,
    state: FSMContext,
    user: User,
    t: Texts,
    editing: EditingService,
) -> None:
    """Ask what to change."""
    offer = await editing.offer(user.id, callback_data.picture_id)
    await state.set_state(EditForm.words)
    await state.set_data({"picture_id": offer.picture.id, "stars": offer.stars or None})
    screen = screens.ask(t, offer)
    await reply(query, screen.text, screen.keyboard)


async def open_group(
    query: CallbackQuery,
    callback_data: ChangeButton,
    user: User,
    t: Texts,
    editing: EditingService,
) -> None:
    """Show the changes of a group."""
    group = group_of(callback_data.item)
    offer = await editing.offer(user.id, callback_data.picture_id)
    await release(query)
    await change_buttons(query, screens.one_group(t, offer, group))


async def show_groups(
    query: CallbackQuery,
    callback_data: ChangeButton,
    user: User,
    t: Texts,
    editing: EditingService,
) -> None:
    """Show all groups again."""
    offer = await editing.offer(user.id, callback_data.picture_id)
    await release(query)
    await change_buttons(query, screens.all_groups(t, offer))


async def make(
    query: CallbackQuery,
    callback_data: ChangeButton,
    state: FSMContext,
    user: User,
    t: Texts,
    editing: EditingService,
) -> None:
    """Make a ready change; the question is answered by it."""
    picture_id, item = callback_data.picture_id, callback_data.item
    await editing.apply(user.id, place_of(query), picture_id, item, press_of(query))
    if await state.get_state() == EditForm.words.state:
        await state.clear()
    await release(query, t.plain("edit-coming"))


async def take_words(
    message: Message, state: FSMContext, user: User, editing: EditingService
) -> None:
    """Change the picture as the words say, at the price that was shown with the question."""
    data = await state.get_data()
    words = Words(message.text or "", origin_of(message), data.get("stars"))
    await editing.change(user.id, place_of(message), str(data.get("picture_id")), words)
    await state.clear()


async def show_original(
    query: CallbackQuery,
    callback_data: PictureButton,
    user: User,
    t: Texts,
    editing: EditingService,
) -> None:
    """Send the picture that another was made of."""
    original = await editing.original(user.id, callback_data.picture_id)
    await release(query)
    await send_card(bot_of(query), place_of(query), screens.original(t, original))


WAYS_BACK: WaysBack = {EditForm.words: show_main_menu}
"""What Back shows under the question."""
