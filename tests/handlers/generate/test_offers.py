"""A text out of nowhere, and a prompt that was edited."""

from services.domain.states import GenerationState
from tests.handlers.chat import Chat
from tests.services import kit


async def test_a_text_out_of_nowhere_is_offered_and_not_ordered(chat: Chat) -> None:
    await chat.has_model()
    await chat.say("me in Paris")
    assert chat.last.has("offer:make:")
    assert await chat.generations() == []


async def test_without_a_model_nothing_is_offered(chat: Chat) -> None:
    await chat.say("me in Paris")
    assert chat.last.text == chat.words("expects-anything")


async def test_a_text_with_a_wrong_option_is_not_offered(chat: Chat) -> None:
    await chat.has_model()
    await chat.say("me in Paris -n 9")
    assert not chat.last.has("offer:")


async def test_make_it_orders_the_text_once(chat: Chat) -> None:
    await chat.has_model()
    written = await chat.say("me in Paris")
    offer = chat.last
    await chat.press("offer:make:")
    await chat.forge(f"offer:make:{written}", offer.message_id)
    assert await chat.generations() == ["me in Paris"]
    assert not next(one for one in chat.messages if one.message_id == offer.message_id).buttons


async def test_no_thanks_orders_nothing(chat: Chat) -> None:
    await chat.has_model()
    await chat.say("me in Paris")
    await chat.press("offer:leave:")
    assert chat.last.text == chat.words("offer-left")
    assert await chat.generations() == []


async def test_each_offer_makes_its_own_text(chat: Chat) -> None:
    await chat.has_model()
    first = await chat.say("me in Paris")
    await chat.say("me in Rome")
    await chat.forge(f"offer:make:{first}")
    assert await chat.generations() == ["me in Paris"]


async def test_five_offers_are_remembered_and_older_ones_are_old_buttons(chat: Chat) -> None:
    await chat.has_model()
    written = [await chat.say(f"me in city {number}") for number in range(6)]
    toast = await chat.forge(f"offer:make:{written[0]}")
    assert toast == chat.words("error-stale-button")
    await chat.forge(f"offer:make:{written[1]}")
    assert await chat.generations() == ["me in city 1"]


async def test_an_edited_text_is_offered_again(chat: Chat) -> None:
    await chat.has_model()
    written = await chat.say("me in Paris")
    await chat.edit(written, "me in Rome")
    assert "me in Rome" in chat.last.text
    await chat.press("offer:make:")
    assert await chat.generations() == ["me in Rome"]


async def ordered_by(chat: Chat, message_id: int, state: GenerationState) -> None:
    model = await chat.has_model()
    origin = f"message:{chat.id}:{message_id}"
    database = chat.product.database
    await kit.keep_result(database, model, prompt="in Paris", origin=origin, state=state)


async def test_the_edit_of_a_prompt_that_waits_is_taken(chat: Chat) -> None:
    written = await chat.say("/help me")
    await ordered_by(chat, written, GenerationState.ACCEPTED)
    await chat.edit(written, "/generate in Rome")
    assert chat.last.text == chat.words("prompt-edited")
    assert await chat.generations() == ["in Rome"]


async def test_the_edit_of_a_prompt_that_was_made_is_too_late(chat: Chat) -> None:
    written = await chat.say("/help me")
    await ordered_by(chat, written, GenerationState.MADE)
    await chat.edit(written, "/generate in Rome")
    assert chat.last.text == chat.words("prompt-edited-too-late")
    assert await chat.generations() == ["in Paris"]


async def test_an_edit_of_anything_else_is_passed_over(chat: Chat) -> None:
    await chat.has_model()
    written = await chat.say("/help")
    said = len(chat.messages)
    await chat.edit(written, "me in Rome")
    assert len(chat.messages) == said
