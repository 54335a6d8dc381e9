"""The buttons under pictures."""

from aiogram import F, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from handlers.generate import results_keyboards, results_screens
from handlers.generate.details_sender import DetailsSender
from handlers.generate.full_size_sender import FullSizeSender
from handlers.generate.more import MoreButtons
from handlers.generate.states import GenerateForm
from handlers.telegram.callbacks import PictureAction, PictureButton, ResultAction, ResultButton
from handlers.telegram.presses import press_of
from handlers.telegram.replies import (
    change_buttons,
    origin_of,
    place_of,
    release,
    remove_buttons,
    reply,
)
from services.domain.values import User
from services.enlarging.service import EnlargingService
from services.generation.repeating import RepeatService
from services.pictures.service import PictureService
from texts.reader import Texts


def build_router() -> Router:
    """Return the router of results."""
    router = Router(name="results")
    presses = router.callback_query
    presses.register(again, ResultButton.filter(F.action == ResultAction.AGAIN))
    presses.register(ask_variation, ResultButton.filter(F.action == ResultAction.VARY))
    presses.register(back, ResultButton.filter(F.action == ResultAction.BACK))
    presses.register(send_again, ResultButton.filter(F.action == ResultAction.RESEND))
    presses.register(details, ResultButton.filter(F.action == ResultAction.DETAILS))
    presses.register(more, ResultButton.filter(F.action == ResultAction.MORE))
    presses.register(send_as_it_is, ResultButton.filter(F.action == ResultAction.AS_IT_IS))
    presses.register(ask_english, ResultButton.filter(F.action == ResultAction.ENGLISH))
    presses.register(choose, ResultButton.filter())
    presses.register(full_size, PictureButton.filter(F.action == PictureAction.FULL))
    presses.register(make_cover, PictureButton.filter(F.action == PictureAction.COVER))
    presses.register(enlarge, PictureButton.filter(F.action == PictureAction.ENLARGE))
    presses.register(like, PictureButton.filter())
    router.message.register(vary, GenerateForm.variation, F.text, ~F.text.startswith("/"))
    return router


async def again(
    query: CallbackQuery, callback_data: ResultButton, user: User, repeats: RepeatService
) -> None:
    """Generate the same prompt with a new seed."""
    place = place_of(query)
    await repeats.again(user.id, place, callback_data.generation_id, press_of(query))
    await release(query)


async def send_again(
    query: CallbackQuery,
    callback_data: ResultButton,
    user: User,
    t: Texts,
    repeats: RepeatService,
) -> None:
    """Try once more to send the pictures that could not be sent."""
    is_tried = await repeats.deliver_again(user.id, callback_data.generation_id)
    await release(query, t.plain("sending-again") if is_tried else "")


async def ask_variation(
    query: CallbackQuery,
    callback_data: ResultButton,
    state: FSMContext,
    user: User,
    t: Texts,
    pictures: PictureService,
) -> None:
    """Ask for the prompt of a variation."""
    result = await pictures.result(user.id, callback_data.generation_id)
    await state.set_state(GenerateForm.variation)
    await state.set_data({"generation_id": result.generation.id})
    screen = results_screens.ask_variation(t, result.generation)
    await reply(query, screen.text, screen.keyboard)


async def send_as_it_is(
    query: CallbackQuery, callback_data: ResultButton, user: User, repeats: RepeatService
) -> None:
    """Generate from a prompt that is not in English, word for word."""
    await repeats.send_as_it_is(
        user.id, place_of(query), callback_data.generation_id, press_of(query)
    )
    await release(query)
    await remove_buttons(query)


async def ask_english(
    query: CallbackQuery,
    callback_data: ResultButton,
    state: FSMContext,
    user: User,
    t: Texts,
    pictures: PictureService,
) -> None:
    """Ask for the same prompt in English; its choices and its seed stay."""
    result = await pictures.result(user.id, callback_data.generation_id)
    await state.set_state(GenerateForm.variation)
    await state.set_data({"generation_id": result.generation.id})
    screen = results_screens.ask_english(t)
    await reply(query, screen.text, screen.keyboard)


async def vary(message: Message, state: FSMContext, user: User, repeats: RepeatService) -> None:
    """Generate another prompt with the seed of an earlier result."""
    place, generation_id = place_of(message), str(await state.get_value("generation_id"))
    text, origin = message.text or "", origin_of(message)
    shown = await state.get_value("stars")
    # Where it costs more by now, the user reads how much, and that is what the next one is for.
    await state.update_data(stars=await repeats.stars_like(user.id, generation_id))
    await repeats.vary(user.id, place, generation_id, text, origin, shown=shown)
    await state.clear()


async def choose(
    query: CallbackQuery,
    callback_data: ResultButton,
    user: User,
    t: Texts,
    pictures: PictureService,
) -> None:
    """Ask which picture of an album is meant."""
    result = await pictures.result(user.id, callback_data.generation_id)
    await release(query, t.plain("which-picture"))
    shown = press_of(query).stars
    await change_buttons(query, results_keyboards.choice(t, result, callback_data.action, shown))


async def details(
    query: CallbackQuery,
    callback_data: ResultButton,
    user: User,
    t: Texts,
    details_sender: DetailsSender,
) -> None:
    """Tell prompt, seed and likeness."""
    await details_sender.send(user.id, place_of(query), t, callback_data.generation_id)
    await release(query)


async def more(
    query: CallbackQuery,
    callback_data: ResultButton,
    user: User,
    t: Texts,
    more_buttons: MoreButtons,
) -> None:
    """Show the buttons that are not needed each time."""
    keyboard = await more_buttons.of(t, user.id, callback_data.generation_id)
    await release(query)
    await change_buttons(query, keyboard)


async def back(
    query: CallbackQuery,
    callback_data: ResultButton,
    user: User,
    t: Texts,
    pictures: PictureService,
) -> None:
    """Show the buttons of the whole result again."""
    result = await pictures.result(user.id, callback_data.generation_id)
    await release(query)
    keyboard = results_keyboards.result_buttons(t, result, result.pictures)
    await change_buttons(query, keyboard)


async def full_size(
    query: CallbackQuery,
    callback_data: PictureButton,
    user: User,
    t: Texts,
    pictures: PictureService,
    full_size_sender: FullSizeSender,
) -> None:
    """Have a picture sent as the generator made it."""
    picture = await pictures.own(user.id, callback_data.picture_id)
    await release(query, t.plain("full-size-coming"))
    full_size_sender.send(user.id, place_of(query), t, picture.id)


async def enlarge(
    query: CallbackQuery,
    callback_data: PictureButton,
    user: User,
    t: Texts,
    enlarging: EnlargingService,
) -> None:
    """Have a picture enlarged; it comes as a file."""
    await enlarging.enlarge(user.id, place_of(query), callback_data.picture_id, press_of(query))
    await release(query, t.plain("enlarging"))


async def make_cover(
    query: CallbackQuery,
    callback_data: PictureButton,
    user: User,
    t: Texts,
    pictures: PictureService,
) -> None:
    """Put a picture on the card of its model."""
    result = await pictures.make_cover(user.id, callback_data.picture_id)
    await release(query, t.plain("cover-made", name=result.model.name if result.model else ""))
    await change_buttons(query, results_keyboards.buttons_after(t, result, ResultAction.COVER))


async def like(
    query: CallbackQuery,
    callback_data: PictureButton,
    user: User,
    t: Texts,
    pictures: PictureService,
) -> None:
    """Make a picture a favourite, or one no more."""
    is_favourite = callback_data.action is PictureAction.LIKE
    result = await pictures.set_favourite(
        user.id, callback_data.picture_id, is_favourite=is_favourite
    )
    await release(query, t.plain("picture-liked" if is_favourite else "picture-unliked"))
    await change_buttons(query, results_keyboards.buttons_after(t, result, ResultAction.FAVOURITE))
