"""Second taps: what only shows something is shown once, and an answered question is no trouble."""

from typing import Any

import pytest
from aiogram.types import CallbackQuery, TelegramObject, Update, User

from handlers.generate.states import GenerateForm
from handlers.telegram.taps import REMEMBERED, SECOND_TAP_S, TapMiddleware
from handlers.train.states import TrainForm
from tests.handlers.chat import Chat


class Taps:
    """The middleware with a clock of its own, and what it says of each press."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.presses = 0
        self.fails = False
        self._middleware = TapMiddleware(lambda: self.now)

    async def press(self, data: str, user_id: int = 1) -> bool:
        """Press a button, and return whether it was a second tap."""
        self.presses += 1
        return await self.handle(str(self.presses), data, user_id)

    async def handle(self, press: str, data: str, user_id: int = 1) -> bool:
        """Handle a press that may have been handled before."""
        person = User(id=user_id, is_bot=False, first_name="Ann")
        query = CallbackQuery(id=press, from_user=person, chat_instance="1", data=data)
        return await self._handled(Update(update_id=1, callback_query=query), person)

    async def write(self, user_id: int = 1) -> None:
        """Do something that is no press."""
        person = User(id=user_id, is_bot=False, first_name="Ann")
        await self._handled(Update(update_id=1), person)

    async def _handled(self, update: Update, person: User) -> bool:
        found: list[bool] = []

        async def handler(_event: TelegramObject, data: dict[str, Any]) -> None:
            found.append(data["is_second_tap"])
            if self.fails:
                raise RuntimeError

        await self._middleware(handler, update, {"event_from_user": person})
        return found[0]


@pytest.fixture
def taps() -> Taps:
    return Taps()


async def test_the_same_button_at_once_is_a_second_tap_and_so_is_a_third(taps: Taps) -> None:
    assert [await taps.press("a") for _ in range(3)] == [False, True, True]


async def test_a_button_pressed_later_is_pressed_anew(taps: Taps) -> None:
    await taps.press("a")
    taps.now += SECOND_TAP_S + 0.1
    assert not await taps.press("a")


async def test_whoever_goes_on_tapping_means_it_again_in_the_end(taps: Taps) -> None:
    found = []
    for _ in range(4):
        found.append(await taps.press("a"))
        taps.now += 0.7 * SECOND_TAP_S
    assert found == [False, True, False, True]


async def test_a_press_that_is_handled_again_is_no_second_tap(taps: Taps) -> None:
    assert [await taps.handle("same", "a") for _ in range(2)] == [False, False]


async def test_what_comes_between_makes_it_another_press(taps: Taps) -> None:
    assert [await taps.press(data) for data in "aba"] == [False, False, False]
    await taps.write()
    assert not await taps.press("a")


async def test_the_presses_of_others_are_others(taps: Taps) -> None:
    await taps.press("a")
    await taps.write(user_id=2)
    assert not await taps.press("a", user_id=2)
    assert await taps.press("a")


async def test_after_an_error_the_next_press_is_no_second_tap(taps: Taps) -> None:
    taps.fails = True
    with pytest.raises(RuntimeError):
        await taps.press("a")
    taps.fails = False
    assert not await taps.press("a")


async def test_no_more_presses_are_remembered_than_there_is_room_for(taps: Taps) -> None:
    for user_id in range(REMEMBERED + 1):
        await taps.press("a", user_id)
    assert not await taps.press("a", 0)
    assert await taps.press("a", REMEMBERED)


@pytest.mark.parametrize("press", ["use:{}:1", "menu:generate", "panel:", "menu:gallery"])
async def test_what_a_button_shows_is_shown_once(chat: Chat, press: str) -> None:
    model = await chat.has_model()
    await chat.say("/start")
    at = chat.last.message_id
    await chat.forge(press.format(model.id), at)
    once = chat.texts
    assert await chat.forge(press.format(model.id), at) == ""
    assert chat.texts == once


async def test_a_press_that_is_handled_again_shows_it_again(chat: Chat) -> None:
    await chat.has_model()
    await chat.say("/start")
    await chat.forge("menu:generate", chat.last.message_id)
    once = len(chat.texts)
    await chat.handle_last_again()
    assert len(chat.texts) > once
    assert await chat.state() == GenerateForm.prompt.state


async def test_a_way_that_was_left_is_gone_again(chat: Chat) -> None:
    await chat.has_model()
    await chat.say("/start")
    at = chat.last.message_id
    await chat.forge("menu:generate", at)
    await chat.say("/cancel")
    await chat.forge("menu:generate", at)
    assert await chat.state() == GenerateForm.prompt.state


async def test_a_second_tap_on_an_answered_question_is_quietly_fine(chat: Chat) -> None:
    await chat.say("/train")
    at = chat.last.message_id
    await chat.forge("draft:agree", at)
    assert await chat.forge("draft:agree", at) == ""
    assert await chat.state() == TrainForm.name.state


async def test_a_second_tap_on_done_is_quietly_fine(chat: Chat) -> None:
    draft = await chat.has_draft()
    await chat.say("/train")
    await chat.press("draft-left:continue")
    at = chat.last.message_id
    await chat.forge(f"photos:{draft.id}:done", at)
    once = chat.texts
    assert await chat.forge(f"photos:{draft.id}:done", at) == ""
    assert chat.texts == once
    assert await chat.state() == TrainForm.mode.state
