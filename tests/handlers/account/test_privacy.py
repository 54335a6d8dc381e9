"""/privacy and /deletemydata."""

from services.domain.clock import now
from services.training.consent import CONSENT_DATE
from tests.handlers.chat import Chat


async def test_privacy_says_what_is_kept(chat: Chat) -> None:
    await chat.say("/privacy")
    wording = chat.words("privacy-wording", date=CONSENT_DATE)
    parts = [chat.words("privacy", days=7), chat.words("privacy-loans"), wording]
    assert chat.last.text == "\n\n".join(parts)


async def test_privacy_says_when_the_user_agreed_to_the_use_of_photos(chat: Chat) -> None:
    await chat.has_draft()
    await chat.say("/privacy")
    assert chat.last.text.endswith(chat.words("privacy-consent", date=now().date()))


async def test_nothing_is_deleted_before_it_is_confirmed(chat: Chat) -> None:
    await chat.has_draft()
    await chat.say("/deletemydata")
    remains = chat.words("ask-remains", days=7)
    assert chat.last.text == f"{chat.words('forget-ask')}\n\n{remains}"
    assert await chat.draft() is not None


async def test_keep_leaves_everything_as_it_was(chat: Chat) -> None:
    await chat.has_draft()
    await chat.say("/deletemydata")
    await chat.press("forget:0")
    assert chat.last.text == chat.words("forget-kept")
    assert await chat.draft() is not None


async def test_delete_removes_everything_and_ends_the_dialogue(chat: Chat) -> None:
    await chat.has_draft()
    await chat.say("/train")
    await chat.press("draft-left:continue")
    await chat.say("/deletemydata")
    await chat.press("forget:1")
    assert await chat.draft() is None
    assert await chat.state() is None
    assert any(
        text.startswith(chat.words("forget-done", date=now().date())) for text in chat.texts
    )
    async with chat.product.database.transaction() as tx:
        assert await tx.users.get(chat.id) is None


async def test_a_second_tap_on_delete_is_no_harm(chat: Chat, stranger: Chat) -> None:
    await stranger.has_draft()
    await chat.say("/deletemydata")
    await chat.forge("forget:1")
    await chat.forge("forget:1")
    assert await stranger.draft() is not None
