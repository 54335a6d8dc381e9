"""/try: a photo is asked for, and what is there is offered."""

from tests.e2e import pictures
from tests.handlers.chat import Chat


async def orders_of(chat: Chat) -> int:
    async with chat.product.database.transaction() as tx:
        return len(await tx.generations.all_of_user(chat.id))


async def test_without_a_photo_one_is_asked_for(chat: Chat) -> None:
    await chat.say("/try")
    assert chat.last.text == chat.words("try-send-photo")


async def test_the_menu_asks_too_and_a_photo_leads_to_the_offer(chat: Chat) -> None:
    await chat.say("/start")
    await chat.press("menu:try")
    assert chat.last.text == chat.words("try-send-photo")
    await chat.send(pictures.photo())
    await chat.press("draft:agree")
    makes = [one for one in chat.last.data if one.startswith("try:make:")]
    assert len(makes) == 3
    await chat.press(makes[0])
    assert await orders_of(chat) == 1


async def test_with_a_photo_in_the_draft_it_is_offered_at_once(chat: Chat) -> None:
    await chat.send(pictures.photo())
    await chat.press("draft:agree")
    before = chat.last
    await chat.say("/try")
    assert chat.last is not before
    assert any(one.startswith("try:make:") for one in chat.last.data)


async def test_a_forged_press_without_a_photo_is_stale(chat: Chat) -> None:
    await chat.say("/start")
    await chat.forge("try:make::window-light:flux-2")
    assert await orders_of(chat) == 0


async def test_an_offer_for_a_photo_that_is_gone_asks_for_it_again(chat: Chat) -> None:
    await chat.send(pictures.photo())
    await chat.press("draft:agree")
    made = next(one for one in chat.last.data if one.startswith("try:make:"))
    draft = await chat.draft()
    assert draft is not None
    async with chat.product.database.transaction() as tx:
        await tx.drafts.end(draft.id)
    assert await chat.forge(made) == chat.words("error-draft-photo-gone")
    assert await orders_of(chat) == 0
