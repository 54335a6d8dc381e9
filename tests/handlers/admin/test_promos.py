"""Where nobody pays, codes are worth nothing."""

from tests.handlers.chat import Chat


async def test_where_nobody_pays_a_link_only_starts_and_the_command_is_unknown(chat: Chat) -> None:
    await chat.say("/start promo_SUMMER")
    assert chat.texts == [chat.words("start", min=5, max=20)]
    await chat.say("/redeem SUMMER")
    assert chat.last.text == chat.words("expects-anything")
