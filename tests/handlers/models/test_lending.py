"""Lending a model: the owner's buttons, the link, and the borrower's."""

import asyncio

import pytest

from services.domain.values import Model
from tests.handlers.chat import ADMIN, PATIENCE_S, Chat, Product


async def told(chat: Chat) -> None:
    """Wait until everybody has been told what has become of loans."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            async with chat.product.database.transaction() as tx:
                if not await tx.loan_news.claims.unfinished():
                    return
            await asyncio.sleep(0.02)


async def offered(chat: Chat, term: str = "10p") -> tuple[Model, str]:
    """Offer a model, and return it with what its link carries."""
    model = await chat.has_model()
    await chat.say("/models")
    await chat.press(f"model:{model.id}:card")
    await chat.press(f"lend:{model.id}:")
    await chat.press(f"lend:{model.id}:{term}")
    (link,) = [word for word in chat.last.text.split() if "?start=" in word]
    return model, link.partition("?start=")[2]


async def lent(chat: Chat, friend: Chat, term: str = "10p") -> Model:
    model, code = await offered(chat, term)
    await friend.say(f"/start {code}")
    await friend.press("loan:", ":accept")
    await told(chat)
    return model


async def test_the_owner_reads_what_it_means_before_the_link_is_made(chat: Chat) -> None:
    model = await chat.has_model()
    await chat.say("/models")
    await chat.press(f"model:{model.id}:card")
    await chat.press(f"lend:{model.id}:")
    assert chat.last.text == chat.words("lend", name=model.name)
    assert not any("?start=" in text for text in chat.texts)


async def test_a_link_is_answered_with_the_terms_and_accepted_once(
    chat: Chat, stranger: Chat
) -> None:
    model, code = await offered(chat)
    await stranger.say(f"/start {code}")
    limit = stranger.words("loan-limit-pictures", count=10)
    invitation = stranger.words("loan-invitation", name=model.name, limit=limit)
    assert stranger.last.text == f"{invitation}\n\n{stranger.words('loan-others')}"
    assert await stranger.press("loan:", ":accept") == stranger.words("loan-accepted")
    assert stranger.words("borrowed-left", count=10) in stranger.last.text
    await told(chat)
    assert chat.words("loan-news-accepted", name=model.name, who="Ann") in chat.texts
    late = chat.product.newcomer("ru")
    await late.say(f"/start {code}")
    assert late.last.text == late.words("error-loan-gone")
    await chat.say(f"/start {code}")
    assert chat.last.text == chat.words("error-loan-own")


async def test_an_offer_can_be_declined(chat: Chat, stranger: Chat) -> None:
    model, code = await offered(chat)
    await stranger.say(f"/start {code}")
    await stranger.press("loan:", ":decline")
    assert stranger.last.text == stranger.words("loan-declined")
    await told(chat)
    assert chat.last.text == chat.words("loan-news-declined", name=model.name)
    await stranger.say(f"/start {code}")
    assert stranger.last.text == stranger.words("error-loan-gone")


async def test_a_picture_is_made_counted_and_listed_for_the_owner(
    chat: Chat, stranger: Chat
) -> None:
    model = await lent(chat, stranger)
    await stranger.say("/generate")
    assert model.name in stranger.last.text
    assert stranger.words("panel-borrowed-left", count=10) in stranger.last.text
    await stranger.press("opt|count|2")
    await stranger.say("a king <b>")
    # The model's file is nowhere here, so nothing is made, and nothing is used up.
    await stranger.until_said(stranger.words("failure-lora_unreachable"))
    await chat.say("/models")
    await chat.press(f"model:{model.id}:card")
    await chat.press(f"lend:{model.id}:")
    await chat.press("loan:", ":show")
    limit = chat.words("loan-limit-pictures", count=10)
    card = chat.words("loan-card", name=model.name, limit=limit, used=0)
    assert card in chat.last.text
    assert "a king" not in chat.last.text


async def test_the_list_and_the_question_offer_what_is_borrowed(
    chat: Chat, stranger: Chat
) -> None:
    await stranger.has_model()
    await lent(chat, stranger, "7d")
    await stranger.say("/models")
    assert stranger.last.has("loan:")
    await stranger.press("loan:", ":open")
    await stranger.press("loan:", ":use")
    assert stranger.words("model-in-use") in [label for label, _ in stranger.last.buttons]
    await stranger.say("/generate")
    assert stranger.last.text == stranger.words("ask-which-model")
    labels = [label for label, _ in stranger.last.buttons]
    assert stranger.words("borrowed-name", name="Anna") in labels
    # The model of one's own is not the one in use.
    assert "✅ Anna" not in labels


async def test_what_is_taken_back_is_told_and_refused(chat: Chat, stranger: Chat) -> None:
    model = await lent(chat, stranger, "1d")
    await chat.forge(f"lend:{model.id}:")
    await chat.press("loan:", ":show")
    assert await chat.press("loan:", ":end") == chat.words("lend-ended")
    await told(chat)
    assert stranger.last.text == stranger.words("loan-news-withdrawn", name=model.name)
    await stranger.say("/generate a king")
    assert stranger.last.text == stranger.words("error-loan-over")
    await stranger.say("/generate")
    assert stranger.last.text == stranger.words("error-loan-over")
    await stranger.say("/models")
    assert not stranger.last.has("loan:")


async def test_what_is_given_back_is_told(chat: Chat, stranger: Chat) -> None:
    model = await lent(chat, stranger)
    await stranger.press("loan:", ":return")
    assert stranger.last.text == stranger.words("borrowed-returned", name=model.name)
    await told(chat)
    assert chat.last.text == chat.words("loan-news-returned", name=model.name)
    await stranger.say("/generate a king")
    assert stranger.last.text == stranger.words("error-no-model-yet")


async def test_a_borrower_reaches_nothing_else_of_the_model(chat: Chat, stranger: Chat) -> None:
    model = await lent(chat, stranger)
    for action in ("card", "name", "file", "again", "del", "sure"):
        toast = await stranger.forge(f"model:{model.id}:{action}")
        assert toast == stranger.words("error-not-found"), action
    for data in (f"lend:{model.id}:", f"lend:{model.id}:10p", f"use:{model.id}:1"):
        assert await stranger.forge(data) == stranger.words("error-not-found"), data


async def test_a_picture_of_a_borrowed_model_does_not_become_its_cover(
    chat: Chat, stranger: Chat
) -> None:
    model = await lent(chat, stranger)
    result = await stranger.has_sent_result(
        model, user_id=stranger.id, chat_id=stranger.id, is_borrowed=True
    )
    async with chat.product.database.transaction() as tx:
        (picture,) = await tx.pictures.all_of(result.id)
    await stranger.forge(f"res:more:{result.id}")
    assert not stranger.last.has("pic:cover:")
    toast = await stranger.forge(f"pic:cover:{picture.id}")
    assert toast == stranger.words("error-not-found")
    async with chat.product.database.transaction() as tx:
        kept = await tx.models.get(model.id)
    assert kept is not None
    assert kept.cover_file_id is None
    await stranger.say("/gallery")
    assert model.name in stranger.last.text


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_the_questions_before_deletion_tell_of_loans(
    product: Product, language: str
) -> None:
    owner, borrower = product.newcomer(language), product.newcomer(language)
    model = await owner.has_model()
    of_model, of_all = owner.words("model-delete-lent"), owner.words("forget-loans")

    async def asked(chat: Chat, words: str) -> bool:
        await chat.say("/deletemydata")
        return words in chat.last.text

    await owner.say("/models")
    await owner.forge(f"model:{model.id}:del")
    assert of_model not in owner.last.text
    assert not await asked(owner, of_all)
    await owner.say("/models")
    await owner.forge(f"lend:{model.id}:7d")
    (link,) = [word for word in owner.last.text.split() if "?start=" in word]
    await borrower.say(f"/start {link.partition('?start=')[2]}")
    assert not await asked(borrower, of_all)
    await borrower.press("loan:", ":accept")
    await told(owner)
    assert await asked(borrower, of_all)
    assert await asked(owner, of_all)
    await owner.say("/models")
    await owner.forge(f"model:{model.id}:del")
    assert of_model in owner.last.text


async def test_who_is_blocked_or_comes_in_maintenance_borrows_and_orders_nothing(
    product: Product, chat: Chat, stranger: Chat
) -> None:
    admin = product.newcomer(user_id=ADMIN)
    await lent(chat, stranger)
    _, code = await offered(chat)
    await admin.say("/maintenance on")
    try:
        await stranger.say("/generate a king")
        assert stranger.last.text == stranger.words("error-under-maintenance")
    finally:
        await admin.say("/maintenance off")
    await admin.say(f"/user {stranger.id}")
    await admin.press("person:", ":block")
    await admin.say("Makes pictures of strangers")
    for words in (f"/start {code}", "/generate a king", "/models"):
        await stranger.say(words)
        assert stranger.last.text == stranger.words("error-blocked")
    async with product.database.transaction() as tx:
        loan_id = await tx.loans.id_of_code(code.removeprefix("lend_"))
    assert await stranger.forge(f"loan:{loan_id}:accept") == stranger.words("error-blocked")
    async with product.database.transaction() as tx:
        assert await tx.generations.latest_of(stranger.id) is None
        assert len(await tx.loans.of_borrower(stranger.id)) == 1
