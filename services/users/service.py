"""Users and their language."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

from db.database import Database
from db.meeting import Meeting, meet, see
from services.domain.gallery import Wanted
from services.domain.values import Dialogue, SentMessage, User
from services.domain.vocabulary import Language
from services.errors import Blocked

OPERATOR_ASKED = "SupportForm:words"
"""Where a dialogue stands when the user is asked what to write to the operator."""


@dataclass(frozen=True)
class Farewell:
    """What of a wish even who is blocked may say.

    Some of it `is_open_to_all`. What `is_said` in a message that is no command goes to the
    operator where they have asked for words, or had some of its `album`, or where it answers
    what the operator has written.
    """

    is_open_to_all: bool = False
    is_said: bool = False
    album: str | None = None
    answers: SentMessage | None = None


NO_FAREWELL = Farewell()


class Wish(StrEnum):
    """What a user may want the bot to do by itself.

    A new model brings first pictures; an unfinished draft is reminded of; files hold their prompt.
    """

    PREVIEW = "preview"
    REMINDERS = "reminders"
    PROMPTS = "prompts"


@dataclass(frozen=True)
class WorksNow:
    """What a user has to go on with.

    `has_model` is a model to make pictures with, `has_training` a training that is under way,
    `has_pictures` something to see in the gallery. `can_try` says that a picture can be made of a
    single photo, `has_balance` that there are Stars to speak of.
    """

    has_model: bool = False
    has_training: bool = False
    has_pictures: bool = False
    can_try: bool = False
    has_balance: bool = False


class UserService:
    """Use cases of a user's own record.

    Args:
        database: Where users are kept.
        resume: Carries all unfinished work again; called when somebody returns for whom it waits.
        has_instant: Whether a picture can be made of a single photo.
        pays: Whether users pay.
    """

    def __init__(
        self,
        database: Database,
        resume: Callable[[], Awaitable[None]],
        *,
        has_instant: bool = False,
        pays: bool = False,
    ) -> None:
        self._database = database
        self._has_instant = has_instant
        self._pays = pays
        self._resume = resume

    async def meet(
        self,
        user_id: int,
        telegram_language: str | None,
        dialogue_key: str,
        farewell: Farewell = NO_FAREWELL,
    ) -> tuple[User, Dialogue]:
        """Return the user's record, made at first sight, and where they stand in a dialogue.

        Args:
            user_id: Telegram's id.
            telegram_language: The IETF tag Telegram reports, such as `ru` or `ru-RU`, if any.
            dialogue_key: Tells the dialogue from others.
            farewell: What of their wish even who is blocked may say.

        Raises:
            Blocked: The operator keeps them out.
        """
        language = language_of(telegram_language)
        known = await self._database.by_itself(
            lambda connection: see(connection, user_id, language, dialogue_key)
        )
        if known is not None:
            await self._check(known, farewell)
            return known.user, known.dialogue
        met = await self._database.at_once(
            lambda connection: meet(connection, user_id, language, dialogue_key)
        )
        if met.has_returned:
            await self._resume()
        await self._check(met, farewell)
        return met.user, met.dialogue

    async def note_gone(self, user_id: int) -> None:
        """Remember that a user has blocked the bot; a stranger is not met by that."""
        async with self._database.transaction() as tx:
            await tx.users.note_unreachable(user_id)

    async def _check(self, met: Meeting, farewell: Farewell) -> None:
        if not met.is_blocked or farewell.is_open_to_all:
            return
        if not farewell.is_said or not await self._is_for_operator(met, farewell):
            raise Blocked

    async def _is_for_operator(self, met: Meeting, farewell: Farewell) -> bool:
        """Return whether what somebody says goes to the operator and nowhere else."""
        if met.dialogue.state is not None:
            return met.dialogue.state == OPERATOR_ASKED
        async with self._database.transaction() as tx:
            if farewell.album and await tx.support.has_album(met.user.id, farewell.album):
                return True
            if farewell.answers is None:
                return False
            shown = await tx.support.shown_by(farewell.answers)
            thread = await tx.support.thread(shown.thread_id) if shown is not None else None
        return (
            shown is not None
            and shown.admin_id is not None
            and thread is not None
            and thread.user_id == met.user.id
        )

    async def note_error(self, user_id: int, code: str, kind: str) -> None:
        """Keep whose an error was, so that admins find them by its code."""
        async with self._database.transaction() as tx:
            if await tx.users.get(user_id) is not None:
                await tx.error_codes.add(code, user_id, kind[:80])

    async def dialogue(self, key: str) -> Dialogue:
        """Return where somebody stands in a dialogue."""
        async with self._database.transaction() as tx:
            return await tx.dialogues.get(key)

    async def keep_dialogue(self, key: str, dialogue: Dialogue) -> None:
        """Keep where somebody stands in a dialogue; one that is over leaves nothing."""
        async with self._database.transaction() as tx:
            await tx.dialogues.put(key, dialogue)

    async def known(self, user_id: int) -> User | None:
        """Return the user's record; None for somebody who has never written to the bot.

        Raises:
            Blocked: The operator keeps them out.
        """
        async with self._database.transaction() as tx:
            if await tx.blocks.of(user_id) is not None:
                raise Blocked
            return await tx.users.get(user_id)

    async def language(self, user_id: int, telegram_language: str | None) -> Language:
        """Return the language to speak with somebody, known or not."""
        async with self._database.transaction() as tx:
            user = await tx.users.get(user_id)
        return user.language if user else language_of(telegram_language)

    async def what_works_now(self, user_id: int) -> WorksNow:
        """Return what there is to go on with."""
        async with self._database.transaction() as tx:
            return WorksNow(
                has_model=await tx.models.active_of(user_id) is not None,
                has_training=bool(await tx.trainings.under_way_of(user_id)),
                has_pictures=await tx.pictures.newest(Wanted(user_id)) is not None,
                can_try=self._has_instant,
                has_balance=self._pays or await tx.wallets.find(user_id) is not None,
            )

    async def choose_language(self, user_id: int, language: Language) -> None:
        """Keep the language the user asked for; Telegram's is no longer followed."""
        async with self._database.transaction() as tx:
            await tx.users.choose_language(user_id, language)

    async def want(self, user_id: int, wish: Wish, *, on: bool) -> User:
        """Keep a wish, and return the user's record."""
        async with self._database.transaction() as tx:
            match wish:
                case Wish.PREVIEW:
                    return await tx.users.want_previews(user_id, on=on)
                case Wish.REMINDERS:
                    return await tx.users.want_reminders(user_id, on=on)
                case Wish.PROMPTS:
                    return await tx.users.want_prompts(user_id, on=on)


def language_of(tag: str | None) -> Language:
    """Return the language to speak for an IETF tag: Russian for `ru…`, English for all else."""
    primary = (tag or "").lower().split("-")[0]
    return Language.RU if primary == "ru" else Language.EN
