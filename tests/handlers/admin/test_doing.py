"""Users and jobs at the console: found, and acted on with a reason that is logged."""

from typing import Any

import pytest_asyncio

from services.domain.clock import now
from services.domain.console import Action, Deed
from services.domain.states import TrainingState
from services.domain.vocabulary import FailureReason
from tests.handlers.chat import ADMIN, Chat, Product, Said
from tests.services.kit import jpeg


@pytest_asyncio.fixture(loop_scope="session")
async def admin(product: Product) -> Chat:
    admin = product.newcomer(user_id=ADMIN)
    await admin.say("/start")
    return admin


async def last_action(user: Chat) -> Action:
    async with user.product.database.transaction() as tx:
        return (await tx.actions.newest(1, user.id))[0]


def card(admin: Chat, user: Chat) -> str:
    words: str = admin.words("console-person", id=str(user.id), language="en", date="|")
    return words.partition("\n")[0]


async def test_a_user_is_found_by_id_code_job_and_thread(admin: Chat, chat: Chat) -> None:
    training = await chat.has_training(state=TrainingState.CANCELLED, finished_at=now())
    async with chat.product.database.transaction() as tx:
        await tx.error_codes.add("c0ffee", chat.id, "ValueError")
    for words in (str(chat.id), "C0FFEE", training.id):
        await admin.say(f"/user {words}")
        assert card(admin, chat) in admin.last.text
        assert "c0ffee ValueError" in admin.last.text
    await chat.say("/support find me")
    shown = await admin.until_said("find me")
    await admin.answer(shown.message_id, "/user")
    assert card(admin, chat) in admin.last.text
    assert "find me" not in admin.last.text


async def test_a_user_is_found_by_a_forwarded_message(admin: Chat, chat: Chat) -> None:
    await chat.say("/start")
    await admin.forge("console:find")
    await admin.forward(chat.id)
    assert card(admin, chat) in admin.last.text
    assert await admin.state() is None


async def test_nobody_is_found_kindly(admin: Chat) -> None:
    await admin.say("/user")
    assert admin.last.text == admin.words("console-ask-find")
    for words in ("0", "nobody", "9" * 30, "٣"):
        await admin.say(words)
        assert admin.last.text == admin.words("error-not-found")
    await admin.press("go:cancel")


async def test_who_is_blocked_reads_one_sentence_and_keeps_their_data(
    admin: Chat, product: Product
) -> None:
    user = product.newcomer("ru")
    await user.has_model()
    await admin.say(f"/user {user.id}")
    await admin.press("person:", ":block")
    await admin.say("Sells pictures of strangers")
    assert "Sells pictures of strangers" in admin.last.text
    action = await last_action(user)
    assert (action.deed, action.reason) == (Deed.BLOCK, "Sells pictures of strangers")
    for words in ("/start", "/generate портрет", "hm", "/cancel"):
        await user.say(words)
        assert user.last.text == user.words("error-blocked")
    assert await user.forge("menu:train") == user.words("error-blocked")
    for words in ("/privacy", "/support why?", "/export"):
        await user.say(words)
        assert user.last.text != user.words("error-blocked")

    await admin.press("person:", ":allow")
    await admin.say("It was a mistake")
    await user.say("/start")
    assert user.last.has("menu:")
    assert (await last_action(user)).deed == Deed.ALLOW


async def test_who_is_blocked_can_write_to_the_operator_and_do_nothing_else(
    admin: Chat, product: Product
) -> None:
    user = product.newcomer()
    await user.say("/start")
    await admin.forge(f"person:{user.id}:block")
    await admin.say("spam")
    head = admin.words("support-from-user", id=str(user.id))

    def shown() -> list[Said]:
        return [said for said in admin.messages if said.text.startswith(head)]

    await user.say("/support")
    await user.say("/train")
    assert user.last.text == user.words("error-blocked")
    await user.send(jpeg(1), jpeg(2))
    assert user.last.text == user.words("support-passed-on")
    await admin.until(lambda: len(shown()) == 2)
    await admin.answer(shown()[0].message_id, "Please do not do that again")
    answer = await user.until_said("Please do not do that again")
    await user.answer(answer.message_id, "I promise")
    await admin.until(lambda: len(shown()) == 3)
    await user.press("contact:")
    await user.press("go:cancel")
    await user.say("a king in a garden")
    assert user.last.text == user.words("error-blocked")
    await user.answer(user.last.message_id, "a queen")
    assert user.last.text == user.words("error-blocked")
    await user.send(jpeg(3), jpeg(4))
    assert await user.draft() is None
    assert len(shown()) == 3


async def test_a_block_outlives_the_deletion_of_data(admin: Chat, chat: Chat) -> None:
    await chat.say("/start")
    await admin.forge(f"person:{chat.id}:block")
    await admin.say("spam")
    await chat.say("/deletemydata")
    await chat.press("forget:1")
    await chat.say("/start")
    assert chat.last.text == chat.words("error-blocked")


async def test_a_second_block_and_a_block_of_an_admin_change_nothing(
    admin: Chat, chat: Chat
) -> None:
    await chat.say("/start")
    for reason in ("first", "second"):
        await admin.forge(f"person:{chat.id}:block")
        await admin.say(reason)
    assert admin.last.text == admin.words("error-stale-button")
    assert (await last_action(chat)).reason == "first"
    await admin.forge(f"person:{ADMIN}:block")
    await admin.say("myself")
    assert admin.last.text == admin.words("error-stale-button")


async def test_a_training_is_cancelled_with_a_reason(admin: Chat, chat: Chat) -> None:
    training = await chat.has_training(state=TrainingState.ASKING)
    await admin.forge("console:jobs")
    await admin.press(f"consolejob:training:{training.id}")
    assert admin.words("console-job-nothing") not in admin.last.text
    await admin.press(f"consolejob:training:{training.id}:cancel")
    assert (await chat.training(training.id)).cancel_requested_at is None
    await admin.say("Asked for by the user")
    assert (await chat.training(training.id)).cancel_requested_at is not None
    action = await last_action(chat)
    assert (action.deed, action.of_id) == (Deed.CANCEL, f"training {training.id}")


async def unconfirmed(chat: Chat, **changes: Any) -> str:  # noqa: ANN401  # columns
    training = await chat.has_training(
        state=TrainingState.UNCONFIRMED, submit_started_at=now(), **changes
    )
    return training.id


async def test_a_job_nobody_can_confirm_is_released_and_looked_for_again(
    admin: Chat, chat: Chat
) -> None:
    await chat.say("/start")
    row = await unconfirmed(chat)
    await admin.forge("console:jobs")
    assert any(label.startswith("⚠️ training") for label, _ in admin.last.buttons)
    await admin.forge(f"consolejob:training:{row}:release")
    await admin.say("fal's page does not have it")
    ended = await chat.training(row)
    assert (ended.state, ended.failure) == (TrainingState.FAILED, FailureReason.SUBMIT_UNKNOWN)
    assert (await last_action(chat)).deed == Deed.RELEASE
    await chat.until_said(chat.words("failure-submit_unknown"))
    await admin.forge("console:lost")
    assert admin.last.has(f"consolejob:training:{row}")
    await admin.forge(f"consolejob:training:{row}:again")
    assert (await chat.training(row)).state is TrainingState.UNCONFIRMED
    assert (await last_action(chat)).deed == Deed.AGAIN
    # What is looked for already is not looked for again.
    assert await admin.forge(f"consolejob:training:{row}:again") == admin.words(
        "error-stale-button"
    )


async def test_what_has_moved_on_meanwhile_is_left_alone(admin: Chat, chat: Chat) -> None:
    training = await chat.has_training(state=TrainingState.CANCELLED, finished_at=now())
    await admin.forge(f"consolejob:training:{training.id}:cancel")
    await admin.say("too late")
    assert admin.last.text == admin.words("error-stale-button")
    await admin.forge("consolejob:training:gone:")
    await admin.forge("consolejob:nothing:gone:")
    async with chat.product.database.transaction() as tx:
        assert await tx.actions.newest(1, chat.id) == []
