"""Trainings under way: status, cancel, try again."""

from aiogram import F, Router
from aiogram.types import CallbackQuery, Message

from handlers.telegram.callbacks import Menu, MenuItem
from handlers.telegram.command_filters import TextCommand
from handlers.telegram.keyboards import train_button
from handlers.telegram.names import state_name
from handlers.telegram.presses import press_of
from handlers.telegram.replies import release, remove_buttons, replace, reply
from handlers.train import progress_screens
from handlers.train.callbacks import TrainingAction, TrainingButton
from handlers.train.live import TrainLive
from services.domain.values import User
from services.rules import TrainingRules
from services.training.service import TrainingService
from texts.reader import Texts


def build_router() -> Router:
    """Return the router of started trainings."""
    router = Router(name="trainings")
    router.message.register(status, TextCommand("status"))
    presses = router.callback_query
    presses.register(status, Menu.filter(F.item == MenuItem.STATUS))
    presses.register(ask_to_cancel, TrainingButton.filter(F.action == TrainingAction.CANCEL))
    presses.register(cancel, TrainingButton.filter(F.action == TrainingAction.STOP))
    presses.register(go_on, TrainingButton.filter(F.action == TrainingAction.KEEP))
    presses.register(go_on_with_fewer, TrainingButton.filter(F.action == TrainingAction.GO_ON))
    presses.register(retry, TrainingButton.filter(F.action == TrainingAction.RETRY))
    presses.register(agree_and_retry, TrainingButton.filter(F.action == TrainingAction.AGREE))
    return router


async def status(
    event: Message | CallbackQuery,
    user: User,
    t: Texts,
    trainings: TrainingService,
    train_live: TrainLive,
) -> None:
    """Show the progress message again, at the bottom of the chat."""
    under_way = await trainings.under_way(user.id)
    for training in under_way:
        await train_live.move_progress_down(training)
    if under_way:
        if isinstance(event, CallbackQuery):
            await release(event)
        return
    latest = await trainings.latest(user.id, limit=1)
    lines = [
        t("status-latest", name=training.name, state=state_name(t, training))
        for training in latest
    ]
    await reply(event, "\n".join([*lines, t("no-training")]), train_button(t))


async def ask_to_cancel(
    query: CallbackQuery,
    callback_data: TrainingButton,
    user: User,
    t: Texts,
    trainings: TrainingService,
) -> None:
    """Ask whether a training should really be stopped, and say what that costs."""
    training = await trainings.cancellable(user.id, callback_data.training_id)
    screen = progress_screens.ask_to_cancel(t, training)
    await reply(query, screen.text, screen.keyboard)


async def cancel(
    query: CallbackQuery,
    callback_data: TrainingButton,
    user: User,
    t: Texts,
    trainings: TrainingService,
) -> None:
    """Ask for a training to be stopped."""
    await trainings.cancel(user.id, callback_data.training_id)
    await replace(query, t("cancel-asked"))


async def go_on(query: CallbackQuery, t: Texts) -> None:
    """Let a training go on."""
    await replace(query, t("cancel-kept"))


async def go_on_with_fewer(
    query: CallbackQuery,
    callback_data: TrainingButton,
    user: User,
    t: Texts,
    trainings: TrainingService,
) -> None:
    """Train on the photos that are left; the question becomes the progress message again."""
    await trainings.go_on(user.id, callback_data.training_id)
    await release(query, t.plain("training-started-toast"))


async def retry(
    query: CallbackQuery,
    callback_data: TrainingButton,
    user: User,
    t: Texts,
    trainings: TrainingService,
    rules: TrainingRules,
) -> None:
    """Start a training again with the photos it had, or ask for the consent to its new wording."""
    training_id = callback_data.training_id
    if await trainings.must_agree_again(user.id, training_id):
        screen = progress_screens.ask_consent(t, rules, training_id)
        await reply(query, screen.text, screen.keyboard)
        return
    _, started = await trainings.retry(user.id, training_id, shown=press_of(query).stars)
    await release(query, t.plain("retry-started" if started else "already-started"))
    await remove_buttons(query)


async def agree_and_retry(
    query: CallbackQuery,
    callback_data: TrainingButton,
    user: User,
    t: Texts,
    trainings: TrainingService,
) -> None:
    """Record the consent and start a training again."""
    _, started = await trainings.retry(
        user.id, callback_data.training_id, agrees=True, shown=press_of(query).stars
    )
    await replace(query, t("retry-started" if started else "already-started"))
