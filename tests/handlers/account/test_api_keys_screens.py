"""What is said of a personal key."""

import pytest

from handlers.account import api_keys_screens as screens
from services.domain.api_keys import ApiKey, KeyScope
from services.domain.vocabulary import Language
from tests.handlers.buttons import LONGEST_ID, assert_every_button_works, markup
from texts.reader import Texts


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("scope", KeyScope)
def test_the_card_says_what_the_key_may_do(language: Language, scope: KeyScope) -> None:
    count = 0 if scope is KeyScope.READ else 50
    key = ApiKey(id=LONGEST_ID, user_id=1, scope=scope, daily_pictures=count, daily_trainings=1)
    screen = screens.card(Texts(language), key)
    assert ("50" in screen.text) is (scope is not KeyScope.READ)
    assert_every_button_works(markup(screen))


def test_a_new_key_can_be_of_every_scope() -> None:
    screen = screens.offer(Texts(Language.EN))
    assert len(markup(screen).inline_keyboard) == len(KeyScope)
    assert_every_button_works(markup(screen))
