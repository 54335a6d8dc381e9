"""The settings say what is on, and every switch leads to its other state."""

from handlers.account import settings_screens
from handlers.account.callbacks import Want
from handlers.telegram.callbacks import Menu, MenuItem, OpenPanel
from services.domain.values import User
from services.domain.vocabulary import Language
from services.users.service import Wish
from texts.reader import Texts

RU = Texts(Language.RU)


def test_the_settings_lead_to_the_other_state_of_each_switch() -> None:
    user = User(id=1, language=Language.RU, wants_preview=True, wants_reminders=False)
    screen = settings_screens.settings(RU, user)
    rows = screen.keyboard.inline_keyboard if screen.keyboard else []
    assert [(button.text, button.callback_data) for (button,) in rows] == [
        ("🌐 Язык: Русский", Menu(item=MenuItem.LANGUAGE).pack()),
        (RU.plain("panel-open"), OpenPanel().pack()),
        ("✅ Первая картинка автоматически", Want(wish=Wish.PREVIEW, on=False).pack()),
        ("⬜ Напоминания", Want(wish=Wish.REMINDERS, on=True).pack()),
        ("⬜ Описание в файле", Want(wish=Wish.PROMPTS, on=True).pack()),
    ]
