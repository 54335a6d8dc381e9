"""What the chat shows of a deletion."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from handlers.account.deletion import DeletionMessages, forget_receipt
from services.domain.clock import now
from services.domain.deletion import DeletedMessage, Deletion, Receipt
from services.domain.states import GenerationState
from services.domain.values import Place
from services.domain.vocabulary import Language
from services.errors import UserUnreachable
from tests.handlers.chat import Chat
from texts.reader import Texts

EN = Texts(Language.EN)
ON = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("receipt", "keys"),
    [
        (Receipt(), []),
        (Receipt(under_way=2), ["receipt-under-way"]),
        (Receipt(not_stopped=2), ["receipt-not-stopped"]),
        (Receipt(under_way=2, not_stopped=2), ["receipt-under-way", "receipt-not-stopped"]),
    ],
)
def test_a_receipt_says_only_what_there_is_to_say(receipt: Receipt, keys: list[str]) -> None:
    wanted = [
        EN("forget-done", date=ON.date()),
        *(EN(key, count=2) for key in keys),
        EN("forget-remains", days=7),
    ]
    assert forget_receipt(EN, _deletion(), receipt, 7) == "\n\n".join(wanted)


@pytest.mark.parametrize("language", Language)
def test_a_receipt_counts_what_was_deleted_and_what_fal_keeps(language: Language) -> None:
    t = Texts(language)
    wanted = [
        t("forget-done", date=ON.date()),
        t("receipt-deleted", models=1, pictures=2, photos=5),
        t("receipt-requests", count=3, date=date(2026, 12, 31)),
        t("forget-remains", days=7),
    ]
    deletion = _deletion(models=1, pictures=2, photos=5, requests=3)
    assert forget_receipt(t, deletion, Receipt(), 7) == "\n\n".join(wanted)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(
    ("receipt", "lines", "remains"),
    [
        (Receipt(erasing=3), {"receipt-erasing": 3}, "forget-remains"),
        (Receipt(erased=3), {"receipt-erased": 3}, "forget-remains-erased"),
        (
            Receipt(erased=2, left=1),
            {"receipt-erased": 2, "receipt-requests": 1},
            "forget-remains",
        ),
        (Receipt(left=3), {"receipt-requests": 3}, "forget-remains"),
        (
            Receipt(erased=3, not_stopped=1),
            {"receipt-erased": 3, "receipt-not-stopped": 1},
            "forget-remains",
        ),
    ],
)
def test_a_receipt_counts_what_was_deleted_at_fal_and_what_was_left(
    language: Language, receipt: Receipt, lines: dict[str, int], remains: str
) -> None:
    t = Texts(language)
    wanted = [
        t("forget-done", date=ON.date()),
        *(t(key, count=count, date=date(2026, 12, 31)) for key, count in lines.items()),
        t(remains, days=7),
    ]
    deletion = replace(_deletion(requests=3), erases=True)
    assert forget_receipt(t, deletion, receipt, 7) == "\n\n".join(wanted)


def _deletion(models: int = 0, pictures: int = 0, photos: int = 0, requests: int = 0) -> Deletion:
    return Deletion(
        id="d",
        user_id=1,
        chat_id=1,
        language=Language.EN,
        created_at=ON,
        models=models,
        pictures=pictures,
        photos=photos,
        requests=requests,
    )


async def test_a_message_about_somebody_is_cleared(chat: Chat) -> None:
    await chat.say("/start")
    messages = DeletionMessages(chat.product.bot, 7)
    await messages.clear(
        DeletedMessage(chat_id=chat.id, message_id=chat.last.message_id), Language.EN
    )
    assert chat.last.text == chat.words("message-cleared")


async def test_a_message_that_is_gone_needs_no_clearing(chat: Chat) -> None:
    await chat.say("/start")
    before = chat.messages
    await DeletionMessages(chat.product.bot, 7).clear(
        DeletedMessage(chat_id=chat.id, message_id=10**8), Language.EN
    )
    assert chat.messages == before


async def test_somebody_who_blocked_the_bot_is_unreachable(chat: Chat) -> None:
    await chat.say("/start")
    message_id = chat.last.message_id
    await chat.block(blocked=True)
    with pytest.raises(UserUnreachable):
        await DeletionMessages(chat.product.bot, 7).clear(
            DeletedMessage(chat_id=chat.id, message_id=message_id), Language.EN
        )


def a_deletion(chat: Chat, receipt_message_id: int | None) -> Deletion:
    return Deletion(
        id="d",
        user_id=chat.id,
        chat_id=chat.id,
        message_thread_id=chat.topic,
        language=Language.EN,
        receipt_message_id=receipt_message_id,
    )


async def test_what_could_not_be_stopped_is_told_in_the_topic_it_was_asked_in(chat: Chat) -> None:
    topic = await chat.open_topic()
    deletion = a_deletion(chat, receipt_message_id=None)
    messages = DeletionMessages(chat.product.bot, 7)
    await messages.show_receipt(deletion, Receipt())
    assert chat.messages == []
    await messages.show_receipt(deletion, Receipt(not_stopped=2))
    words = chat.words("receipt-not-stopped", count=2)
    assert (chat.last.text, chat.last.topic) == (words, topic)


async def test_what_of_one_model_could_not_be_done_is_told_when_all_is_seen_to(
    chat: Chat,
) -> None:
    await chat.say("/start")
    deletion = replace(a_deletion(chat, receipt_message_id=None), erases=True)
    messages = DeletionMessages(chat.product.bot, 7)
    await messages.show_receipt(deletion, Receipt(left=1, erasing=1))
    assert len(chat.messages) == 1
    left = Receipt(left=1, not_stopped=1)
    await messages.show_receipt(deletion, left)
    requests = chat.words("receipt-requests", count=1, date=deletion.requests_until)
    assert chat.last.text == requests
    await messages.show_receipt(replace(deletion, told_under_way=1), left)
    stopped = chat.words("receipt-not-stopped", count=1)
    assert chat.last.text == f"{stopped}\n\n{requests}"


async def test_a_receipt_that_is_gone_comes_anew_only_for_what_could_not_be_done(
    chat: Chat,
) -> None:
    topic = await chat.open_topic()
    deletion = a_deletion(chat, receipt_message_id=10**8)
    messages = DeletionMessages(chat.product.bot, 7)
    await messages.show_receipt(deletion, Receipt())
    assert chat.messages == []
    await messages.show_receipt(deletion, Receipt(not_stopped=2))
    assert chat.words("receipt-not-stopped", count=2) in chat.last.text
    assert chat.last.topic == topic
    shown = a_deletion(chat, receipt_message_id=chat.last.message_id)
    await messages.show_receipt(shown, Receipt(not_stopped=2))
    assert len(chat.messages) == 1


@pytest.mark.parametrize("lasts", ["the user", "a model"])
async def test_a_deletion_remembers_the_topic_it_was_asked_in(chat: Chat, lasts: str) -> None:
    model = await chat.has_model()
    topic = await chat.open_topic()
    # fal knows nothing of it, so it stays under way.
    await chat.has_result(model, state=GenerationState.UNCONFIRMED, submit_started_at=now())
    if lasts == "the user":
        await chat.say("/deletemydata")
        await chat.press("forget:1")
    else:
        await chat.say("/models")
        await chat.forge(f"model:{model.id}:sure", chat.last.message_id)
    async with chat.product.database.transaction() as tx:
        found = [await tx.deletions.get(one) for one in await tx.deletions.unfinished()]
    assert [one.place for one in found if one and one.user_id == chat.id] == [
        Place(chat.id, topic)
    ]


@pytest.mark.parametrize("language", Language)
def test_a_receipt_says_what_stays_in_groups(language: Language) -> None:
    t = Texts(language)
    deletion = replace(_deletion(pictures=3), in_groups=2)
    assert t("receipt-groups", count=2) in forget_receipt(t, deletion, Receipt(), 7)
    assert t("receipt-groups", count=0) not in forget_receipt(t, _deletion(), Receipt(), 7)
