"""The questions of /train, but for the photos, which have a module of their own."""

from aiogram import F, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from handlers.account.start import welcome
from handlers.generate.states import GenerateForm
from handlers.telegram.callbacks import Go, Menu, MenuItem, Way
from handlers.telegram.command_filters import TextCommand
from handlers.telegram.keyboards import main_menu
from handlers.telegram.replies import release, replace, reply
from handlers.telegram.states import state_label
from handlers.train import keyboards, screens
from handlers.train.callbacks import (
    ChooseMode,
    ChooseSubject,
    Draft,
    DraftAction,
    LeftDraft,
    LeftDraftAction,
    StartTraining,
)
from handlers.train.live import TrainLive
from handlers.train.photos import ask_photos
from handlers.train.states import TrainForm
from handlers.train.trainers import ask_how_to_train, ask_mode
from services.domain.values import Training, User
from services.errors import StaleButton
from services.money.prices import PriceList
from services.rules import TrainingRules
from services.training.drafts import DraftService
from texts.reader import Texts


def build_router() -> Router:
    """Give the router of the training dialogue."""
    router = Router(name="train")
    router.message.register(begin, TextCommand("train"))
    router.callback_query.register(begin, Menu.filter(F.item == MenuItem.TRAIN))
    router.callback_query.register(resume, LeftDraft.filter(F.action == LeftDraftAction.CONTINUE))
    router.callback_query.register(begin_anew, LeftDraft.filter(F.action == LeftDraftAction.ANEW))
    router.callback_query.register(
        agree, TrainForm.consent, Draft.filter(F.action == DraftAction.AGREE)
    )
    router.message.register(take_name, TrainForm.name, F.text, ~F.text.startswith("/"))
    router.callback_query.register(
        keep_name, TrainForm.name, Draft.filter(F.action == DraftAction.KEEP_NAME)
    )
    router.callback_query.register(take_subject, TrainForm.subject, ChooseSubject.filter())
    router.callback_query.register(take_mode, TrainForm.mode, ChooseMode.filter())
    router.callback_query.register(start_training, StartTraining.filter())
    router.callback_query.register(go_back, Go.filter(F.way == Way.BACK))
    router.callback_query.register(press_cancel, Go.filter(F.way == Way.CANCEL))
    router.message.register(cancel, TextCommand("cancel"))
    return router


async def begin(
    event: Message | CallbackQuery,
    state: FSMContext,
    user: User,
    t: Texts,
    drafts: DraftService,
    rules: TrainingRules,
) -> None:
    """Ask for the consent, or offer the draft that was left behind."""
    left = await drafts.left_behind(user.id)
    if left is None:
        await state.set_state(TrainForm.consent)
        await reply(event, t("ask-consent"), keyboards.consent(t))
        return
    await state.clear()
    screen = screens.draft_found(t, left, await drafts.accepted_photos(left.id), rules)
    await reply(event, screen.text, screen.keyboard)


async def resume(
    query: CallbackQuery,
    callback_data: LeftDraft,
    state: FSMContext,
    user: User,
    t: Texts,
    drafts: DraftService,
    rules: TrainingRules,
    train_live: TrainLive,
) -> None:
    """Go on with a draft at its first unanswered question, or at its photos."""
    draft = await drafts.resume(user.id, callback_data.training_id)
    if draft.name is None:
        await ask_name(query, state, t, draft)
    elif draft.subject is None:
        await ask_subject(query, state, t, draft)
    else:
        await ask_photos(query, state, t, draft, rules=rules, train_live=train_live)


async def begin_anew(
    query: CallbackQuery,
    callback_data: LeftDraft,
    state: FSMContext,
    user: User,
    t: Texts,
    drafts: DraftService,
) -> None:
    """Drop the draft left behind and ask for the consent."""
    await drafts.discard(user.id, callback_data.training_id)
    await state.set_state(TrainForm.consent)
    await replace(query, t("ask-consent"), keyboards.consent(t))


async def agree(
    query: CallbackQuery, state: FSMContext, user: User, t: Texts, drafts: DraftService
) -> None:
    """Record the consent and ask for the name."""
    draft = await drafts.begin(user.id, query.from_user.id)
    await ask_name(query, state, t, draft)


async def ask_name(query: CallbackQuery, state: FSMContext, t: Texts, draft: Training) -> None:
    """Ask what the model shall be called."""
    await state.set_state(TrainForm.name)
    await replace(query, t("ask-name"), keyboards.name(t, draft.name))


async def take_name(
    message: Message, state: FSMContext, user: User, t: Texts, drafts: DraftService
) -> None:
    """Take the name, show the trigger word, ask for the subject."""
    draft = await drafts.current(user.id)
    draft = await drafts.set_name(user.id, draft.id, message.text or "")
    await state.set_state(TrainForm.subject)
    taken = t("name-taken-down", name=draft.name or "", trigger=draft.trigger_word or "")
    await message.answer(
        f"{taken}\n\n{t('ask-subject')}", reply_markup=keyboards.subjects(t, draft.id)
    )


async def keep_name(
    query: CallbackQuery, state: FSMContext, user: User, t: Texts, drafts: DraftService
) -> None:
    """Go on with the name given before."""
    await ask_subject(query, state, t, await drafts.current(user.id))


async def ask_subject(query: CallbackQuery, state: FSMContext, t: Texts, draft: Training) -> None:
    """Ask who is in the photos."""
    await state.set_state(TrainForm.subject)
    taken = t("name-taken-down", name=draft.name or "", trigger=draft.trigger_word or "")
    await replace(query, f"{taken}\n\n{t('ask-subject')}", keyboards.subjects(t, draft.id))


async def take_subject(
    query: CallbackQuery,
    callback_data: ChooseSubject,
    state: FSMContext,
    user: User,
    t: Texts,
    drafts: DraftService,
    rules: TrainingRules,
    train_live: TrainLive,
) -> None:
    """Take the subject and ask for the photos."""
    draft = await drafts.set_subject(user.id, callback_data.training_id, callback_data.subject)
    await ask_photos(query, state, t, draft, rules=rules, train_live=train_live)


async def take_mode(
    query: CallbackQuery,
    callback_data: ChooseMode,
    state: FSMContext,
    user: User,
    t: Texts,
    drafts: DraftService,
    rules: TrainingRules,
) -> None:
    """Take the quality mode and show the summary."""
    draft = await drafts.set_mode(user.id, callback_data.training_id, callback_data.mode)
    await state.set_state(TrainForm.confirm)
    count, quote = await drafts.accepted_photos(draft.id), await drafts.quote(draft)
    screen = screens.summary(t, draft, count, rules, quote)
    await replace(query, screen.text, screen.keyboard)


async def start_training(
    query: CallbackQuery,
    callback_data: StartTraining,
    state: FSMContext,
    user: User,
    t: Texts,
    drafts: DraftService,
) -> None:
    """Start the training; the summary becomes its progress message."""
    message_id = query.message.message_id if query.message else None
    _, started = await drafts.start(user.id, callback_data.training_id, message_id)
    if started:
        await state.clear()
    await release(query, t.plain("training-started-toast" if started else "already-started"))


async def go_back(
    query: CallbackQuery,
    callback_data: Go,
    state: FSMContext,
    user: User,
    t: Texts,
    drafts: DraftService,
    prices: PriceList,
    rules: TrainingRules,
    train_live: TrainLive,
) -> None:
    """Show the question before the present one."""
    at = await state.get_state()
    if state_label(at) != callback_data.at:
        raise StaleButton
    if at == TrainForm.consent or at in GenerateForm:
        await state.clear()
        await replace(query, welcome(t, rules), main_menu(t))
        return
    draft = await drafts.current(user.id)
    if at == TrainForm.name:
        await state.set_state(TrainForm.consent)
        await replace(query, t("ask-consent"), keyboards.consent(t))
    elif at == TrainForm.subject:
        await ask_name(query, state, t, draft)
    elif at == TrainForm.photos:
        await train_live.close_counter(draft.id)
        await ask_subject(query, state, t, draft)
    elif at == TrainForm.trainer or (at == TrainForm.mode and len(rules.trainers) == 1):
        await ask_photos(query, state, t, draft, rules=rules, train_live=train_live)
    elif at == TrainForm.mode:
        screen = await ask_how_to_train(state, t, draft, rules, prices)
        await replace(query, screen.text, screen.keyboard)
    else:
        screen = await ask_mode(state, t, draft, prices)
        await replace(query, screen.text, screen.keyboard)


async def press_cancel(
    query: CallbackQuery,
    callback_data: Go,
    state: FSMContext,
    user: User,
    t: Texts,
    drafts: DraftService,
    train_live: TrainLive,
) -> None:
    """Leave the dialogue by its button, unless that is an old one."""
    if state_label(await state.get_state()) != callback_data.at:
        raise StaleButton
    await cancel(query, state, user, t, drafts, train_live)


async def cancel(
    event: Message | CallbackQuery,
    state: FSMContext,
    user: User,
    t: Texts,
    drafts: DraftService,
    train_live: TrainLive,
) -> None:
    """Leave the dialogue; photos already sent are kept with their draft."""
    was_at = await state.get_state()
    await state.clear()
    left = await drafts.left_behind(user.id)
    if was_at is None:
        text = t("nothing-to-leave")
    elif left is not None and was_at in TrainForm:
        await train_live.close_counter(left.id)
        text = t("cancelled-draft-kept", count=await drafts.accepted_photos(left.id))
    else:
        text = t("cancelled")
    if isinstance(event, CallbackQuery):
        await replace(event, text, main_menu(t))
    else:
        await reply(event, text, main_menu(t))
