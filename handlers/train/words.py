"""Words in the place of buttons: who types "done" or "мужчина" is understood."""

from aiogram import F, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import Message

from handlers.telegram.magic import Matches
from handlers.telegram.replies import reply
from handlers.telegram.switchboard import Narrowed
from handlers.telegram.words import Says
from handlers.train.photos import close_photos
from handlers.train.questions import TrainQuestions
from handlers.train.states import TrainForm
from services.domain.values import User
from services.domain.vocabulary import QualityMode, Subject
from texts.reader import Texts

SUBJECTS = {
    "said-woman": Subject.WOMAN,
    "said-man": Subject.MAN,
    "said-person": Subject.PERSON,
}
MODES = {"said-economy": QualityMode.ECONOMY, "said-standard": QualityMode.STANDARD}


def build_router() -> Router:
    """Return the router of words that stand for buttons."""
    router = Narrowed(name="words", message=Matches(F.text))
    router.message.register(ask_for_name, TrainForm.name, Says("said-done", "said-start"))
    router.message.register(subject, TrainForm.subject, Says(*SUBJECTS))
    router.message.register(done, TrainForm.photos, Says("said-done"))
    router.message.register(mode, TrainForm.mode, Says(*MODES))
    router.message.register(start, TrainForm.confirm, Says("said-start"))
    return router


async def ask_for_name(message: Message, t: Texts) -> None:
    """Say once more what is waited for: such a word is no name."""
    await reply(message, t("expects-name"))


async def subject(
    message: Message,
    said: str,
    state: FSMContext,
    user: User,
    t: Texts,
    train_questions: TrainQuestions,
) -> None:
    """Take the subject and ask for the photos."""
    draft = await train_questions.drafts.current(user.id)
    draft = await train_questions.drafts.set_subject(user.id, draft.id, SUBJECTS[said])
    question = train_questions.after(TrainForm.subject, draft)
    await train_questions.ask_below(message, state, t, question, draft)


async def done(
    message: Message, state: FSMContext, user: User, t: Texts, train_questions: TrainQuestions
) -> None:
    """Close the photo step, as its button does."""
    draft = await train_questions.drafts.current(user.id)
    await close_photos(message, state, t, train_questions, draft)


async def mode(
    message: Message,
    said: str,
    state: FSMContext,
    user: User,
    t: Texts,
    train_questions: TrainQuestions,
) -> None:
    """Take the quality mode and show the summary."""
    draft = await train_questions.drafts.current(user.id)
    draft = await train_questions.drafts.set_mode(user.id, draft.id, MODES[said])
    question = train_questions.after(TrainForm.mode, draft)
    await train_questions.ask_below(message, state, t, question, draft)


async def start(
    message: Message, state: FSMContext, user: User, t: Texts, train_questions: TrainQuestions
) -> None:
    """Start the training at the price of the summary; its progress is a new message."""
    drafts, shown = train_questions.drafts, await state.get_value("stars")
    draft = await drafts.current(user.id)
    # Where it costs more by now, the user reads how much, and that is what the next word is for.
    await state.update_data(stars=(await drafts.quote(draft)).stars)
    _, started = await drafts.start(user.id, draft.id, None, shown)
    if started:
        await state.clear()
    await reply(message, t("training-started-toast" if started else "already-started"))
