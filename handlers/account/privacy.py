"""What is kept of a user, and its deletion."""

from aiogram import F, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from handlers.account import keyboards
from handlers.account.callbacks import ForgetMe
from handlers.account.deletion import forget_receipt
from handlers.telegram.command_filters import TextCommand
from handlers.telegram.remains import remains
from handlers.telegram.replies import place_of, replace
from services.domain.deletion import Deletion, Receipt
from services.domain.values import User
from services.paying.service import Paying
from services.rules import TrainingRules
from services.training.consent import CONSENT_DATE
from services.users.privacy import PrivacyService
from texts.reader import Texts


def build_router() -> Router:
    """Return the router of /privacy and /deletemydata."""
    router = Router(name="privacy")
    router.message.register(show_privacy, TextCommand("privacy"))
    router.message.register(ask_to_forget, TextCommand("deletemydata"))
    router.callback_query.register(forget, ForgetMe.filter(F.sure))
    router.callback_query.register(keep, ForgetMe.filter(~F.sure))
    return router


async def show_privacy(
    message: Message,
    user: User,
    t: Texts,
    privacy: PrivacyService,
    rules: TrainingRules,
    paying: Paying,
) -> None:
    """Say what is kept, where, how long, who else gets it, and what the user has agreed to."""
    parts = [
        t("privacy", days=rules.archive_days),
        t("privacy-loans"),
        *([t("privacy-groups")] if privacy.in_groups else []),
        *await _of_payments(t, user, paying),
    ]
    parts.append(t("privacy-wording", date=CONSENT_DATE))
    consent = await privacy.consent(user.id)
    if consent is not None:
        parts.append(t("privacy-consent", date=consent.at.date()))
    await message.answer("\n\n".join(parts), reply_markup=keyboards.export_me(t))


async def ask_to_forget(
    message: Message,
    user: User,
    t: Texts,
    rules: TrainingRules,
    paying: Paying,
    privacy: PrivacyService,
) -> None:
    """Ask before everything is deleted."""
    parts = [t("forget-ask"), remains(t, rules), *await _of_payments(t, user, paying)]
    leaving = await privacy.leaving(user.id)
    if leaving.has_loans:
        parts.insert(1, t("forget-loans"))
    if leaving.is_in_groups:
        parts.append(t("forget-groups"))
    if leaving.renews:
        parts.append(t("forget-renews"))
    text = "\n\n".join(parts)
    await message.answer(text, reply_markup=keyboards.forget_me(t))


async def _of_payments(t: Texts, user: User, paying: Paying) -> list[str]:
    is_told = await paying.concerns(user.id)
    return [t("privacy-payments", days=paying.kept_days)] if is_told else []


async def forget(
    query: CallbackQuery,
    state: FSMContext,
    user: User,
    t: Texts,
    privacy: PrivacyService,
    rules: TrainingRules,
) -> None:
    """Delete everything of the user."""
    await state.clear()
    asked_in = query.message.message_id if query.message else None

    async def tell(deletion: Deletion, receipt: Receipt) -> None:
        await replace(query, forget_receipt(t, deletion, receipt, rules.archive_days))

    await privacy.forget(user.id, place_of(query), asked_in, tell)


async def keep(query: CallbackQuery, t: Texts) -> None:
    """Leave everything as it was."""
    await replace(query, t("forget-kept"))
