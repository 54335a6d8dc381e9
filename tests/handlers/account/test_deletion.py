"""What the chat shows of a deletion."""

import pytest

from handlers.account.deletion import DeletionMessages, forget_receipt
from services.domain.deletion import DeletedMessage, Receipt
from services.domain.vocabulary import Language
from services.errors import UserUnreachable
from tests.handlers.chat import Chat
from texts.reader import Texts

EN = Texts(Language.EN)


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
    wanted = [EN("forget-done"), *(EN(key, count=2) for key in keys), EN("forget-remains")]
    assert forget_receipt(EN, receipt) == "\n\n".join(wanted)


async def test_a_message_about_somebody_is_cleared(chat: Chat) -> None:
    await chat.say("/start")
    messages = DeletionMessages(chat.product.bot)
    await messages.clear(
        DeletedMessage(chat_id=chat.id, message_id=chat.last.message_id), Language.EN
    )
    assert chat.last.text == chat.words("message-cleared")


async def test_a_message_that_is_gone_needs_no_clearing(chat: Chat) -> None:
    await chat.say("/start")
    before = chat.messages
    await DeletionMessages(chat.product.bot).clear(
        DeletedMessage(chat_id=chat.id, message_id=10**8), Language.EN
    )
    assert chat.messages == before


async def test_somebody_who_blocked_the_bot_is_unreachable(chat: Chat) -> None:
    await chat.say("/start")
    message_id = chat.last.message_id
    await chat.block(blocked=True)
    with pytest.raises(UserUnreachable):
        await DeletionMessages(chat.product.bot).clear(
            DeletedMessage(chat_id=chat.id, message_id=message_id), Language.EN
        )
