"""What a user reads who starts the bot."""

from handlers.telegram.keyboards import main_menu
from handlers.telegram.mini_app import MiniApp
from handlers.telegram.screen import Screen
from handlers.telegram.ways_out import welcome
from services.paying.giving import Giving
from services.rules import TrainingRules
from services.users.service import UserService
from texts.reader import Texts


class Greeting:
    """Greets users, and gives them what everybody gets once; a note tells of that.

    Args:
        users: Know what there is to go on with.
        rules: How many photos a training takes.
        giving: Gives.
        mini_app: Has a button below the greeting.
    """

    def __init__(
        self, users: UserService, rules: TrainingRules, giving: Giving, mini_app: MiniApp
    ) -> None:
        self._users = users
        self._rules = rules
        self._giving = giving
        self._mini_app = mini_app

    async def give(self, user_id: int) -> None:
        """Grant a user what everybody gets once, unless they had it."""
        await self._giving.welcome(user_id)

    async def screen(self, t: Texts, user_id: int) -> Screen:
        """Return what the bot does, and where one can go from here, the Mini App first."""
        menu = main_menu(t, await self._users.what_works_now(user_id))
        return Screen(welcome(t, self._rules), self._mini_app.with_button(t, menu))

    async def renew_menu_button(self, chat_id: int, t: Texts) -> None:
        """Have the button left of the input field speak the user's language."""
        await self._mini_app.renew(chat_id, t)
