"""The questions of /train, but for the photos, which have a module of their own."""

from aiogram import F, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from handlers.telegram.callbacks import Menu, MenuItem
from handlers.telegram.command_filters import TextCommand
from handlers.telegram.instant import InstantCards
from handlers.telegram.messages import send_card
from handlers.telegram.presses import press_of
from handlers.telegram.replies import bot_of, place_of, release, replace, reply
from handlers.train import screens
from handlers.train.callbacks import (
    ChooseMode,
    ChooseSubject,
    ChooseTrainer,
    Draft,
    DraftAction,
    LeftDraft,
    LeftDraftAction,
    PayAndStart,
    StartTraining,
)
from handlers.train.order import unanswered
from handlers.train.photos import record_waiting
from handlers.train.questions import TrainQuestions
from handlers.train.states import TrainForm, at
from services.domain.values import User
from services.training.drafts import DraftService
from texts.reader import Texts


def build_router() -> Router:
    """Return the router of the training dialogue."""
    router = Router(name="train")
    presses = router.callback_query
    router.message.register(begin, TextCommand("train"))
    presses.register(begin, Menu.filter(F.item == MenuItem.TRAIN))
    presses.register(resume, LeftDraft.filter(F.action == LeftDraftAction.CONTINUE))
    presses.register(
        begin_from_scratch, LeftDraft.filter(F.action == LeftDraftAction.FROM_SCRATCH)
    )
    presses.register(agree, TrainForm.consent, Draft.filter(F.action == DraftAction.AGREE))
    router.message.register(take_name, TrainForm.name, F.text, ~F.text.startswith("/"))
    presses.register(keep_name, TrainForm.name, Draft.filter(F.action == DraftAction.KEEP_NAME))
    presses.register(take_subject, at(TrainForm.subject), ChooseSubject.filter())
    presses.register(take_trainer, at(TrainForm.trainer), ChooseTrainer.filter())
    presses.register(take_mode, at(TrainForm.mode), ChooseMode.filter())
    presses.register(start_training, StartTraining.filter())
    presses.register(pay_and_start, PayAndStart.filter())
    return router


async def begin(
    event: Message | CallbackQuery,
    state: FSMContext,
    user: User,
    t: Texts,
    train_questions: TrainQuestions,
) -> None:
    """Ask for the consent, or offer the draft that was left behind.

    Where another training must end first, that is said before anything is done for the next one.
    """
    drafts = train_questions.drafts
    left, under_way = await drafts.left_behind(user.id), await drafts.to_wait_for(user.id)
    if left is None:
        await state.set_state(TrainForm.consent)
        screen = screens.consent(t, train_questions.rules)
    else:
        await state.clear()
        count = await drafts.photos.accepted(left.id)
        screen = screens.draft_found(t, left, count, train_questions.rules)
    if under_way is not None:
        screen = screens.to_wait_for(t, under_way, screen)
    await reply(event, screen.text, screen.keyboard)


async def resume(
    query: CallbackQuery,
    callback_data: LeftDraft,
    state: FSMContext,
    user: User,
    t: Texts,
    train_questions: TrainQuestions,
) -> None:
    """Go on with a draft at its first unanswered question, or at its photos.

    Where the wording of the consent has changed since it was given, that is the question.
    """
    drafts = train_questions.drafts
    draft = await drafts.resume(user.id, callback_data.training_id, place_of(query))
    must_agree = await drafts.must_agree_again(draft.id)
    question = TrainForm.consent if must_agree else unanswered(draft)
    await train_questions.ask(query, state, t, question, draft)


async def begin_from_scratch(
    query: CallbackQuery,
    callback_data: LeftDraft,
    state: FSMContext,
    user: User,
    t: Texts,
    train_questions: TrainQuestions,
) -> None:
    """Drop the draft left behind and ask for the consent."""
    await train_questions.drafts.discard(user.id, callback_data.training_id)
    await state.set_state(TrainForm.consent)
    screen = screens.consent(t, train_questions.rules)
    await replace(query, screen.text, screen.keyboard)


async def agree(
    query: CallbackQuery,
    state: FSMContext,
    user: User,
    t: Texts,
    train_questions: TrainQuestions,
    instant_cards: InstantCards,
) -> None:
    """Record the consent and ask for the name; a draft that has photos is taken up again.

    Of a photo that has waited for the consent, a first picture can be made at once.
    """
    left = await train_questions.drafts.left_behind(user.id)
    draft = await train_questions.drafts.begin(user.id, place_of(query))
    has_waited = await record_waiting(user, state, train_questions.drafts, draft.id)
    question = unanswered(draft) if left else train_questions.after(TrainForm.consent, draft)
    await train_questions.ask(query, state, t, question, draft)
    card = await instant_cards.of(t, user.id) if has_waited else None
    if card is not None:
        await send_card(bot_of(query), place_of(query), card)


async def take_name(
    message: Message, state: FSMContext, user: User, t: Texts, train_questions: TrainQuestions
) -> None:
    """Take the name, show the trigger word, ask for the subject."""
    draft = await train_questions.drafts.current(user.id)
    draft = await train_questions.drafts.set_name(user.id, draft.id, message.text or "")
    question = train_questions.after(TrainForm.name, draft)
    await train_questions.ask_below(message, state, t, question, draft)


async def keep_name(
    query: CallbackQuery, state: FSMContext, user: User, t: Texts, train_questions: TrainQuestions
) -> None:
    """Go on with the name given before."""
    draft = await train_questions.drafts.current(user.id)
    question = train_questions.after(TrainForm.name, draft)
    await train_questions.ask(query, state, t, question, draft)


async def take_subject(
    query: CallbackQuery,
    callback_data: ChooseSubject,
    state: FSMContext,
    user: User,
    t: Texts,
    train_questions: TrainQuestions,
) -> None:
    """Take the subject and ask for the photos."""
    draft = await train_questions.drafts.set_subject(
        user.id, callback_data.training_id, callback_data.subject
    )
    question = train_questions.after(TrainForm.subject, draft)
    await train_questions.ask(query, state, t, question, draft)


async def take_trainer(
    query: CallbackQuery,
    callback_data: ChooseTrainer,
    state: FSMContext,
    user: User,
    t: Texts,
    train_questions: TrainQuestions,
) -> None:
    """Take the trainer and ask for the quality mode."""
    draft = await train_questions.drafts.set_trainer(
        user.id, callback_data.training_id, callback_data.nickname
    )
    question = train_questions.after(TrainForm.trainer, draft)
    await train_questions.ask(query, state, t, question, draft)


async def take_mode(
    query: CallbackQuery,
    callback_data: ChooseMode,
    state: FSMContext,
    user: User,
    t: Texts,
    train_questions: TrainQuestions,
) -> None:
    """Take the quality mode and show the summary."""
    draft = await train_questions.drafts.set_mode(
        user.id, callback_data.training_id, callback_data.mode
    )
    question = train_questions.after(TrainForm.mode, draft)
    await train_questions.ask(query, state, t, question, draft)


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
    _, started = await drafts.start(
        user.id, callback_data.training_id, message_id, press_of(query).stars or 0
    )
    if started:
        await state.clear()
    await release(query, t.plain("training-started-toast" if started else "already-started"))


async def pay_and_start(
    query: CallbackQuery,
    callback_data: PayAndStart,
    state: FSMContext,
    user: User,
    t: Texts,
    drafts: DraftService,
) -> None:
    """Start the training at the price on the button."""
    message_id = query.message.message_id if query.message else None
    _, started = await drafts.start(
        user.id,
        callback_data.training_id,
        message_id,
        press_of(query).stars or callback_data.stars,
    )
    if started:
        await state.clear()
    await release(query, t.plain("training-started-toast" if started else "already-started"))
