"""/apikey: a key is shown once, limited and revoked."""

import pytest

from services.domain.api_keys import ApiKey, KeyScope
from services.users.api_keys import DAILY_PICTURES, KEY_LENGTH, ApiKeys
from tests.handlers.chat import Chat


@pytest.fixture
def keys(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> ApiKeys:
    """The keys of a product that has an API."""
    keys = chat.product.api.api_keys
    monkeypatch.setattr(keys, "is_on", True)
    return keys


def secrets_in(chat: Chat) -> list[str]:
    words = [word for text in chat.texts for word in text.split()]
    return [word for word in words if word.startswith("np_")]


async def known(keys: ApiKeys, secret: str) -> ApiKey:
    key = await keys.known(secret)
    assert key is not None
    return key


async def test_without_an_api_there_is_no_such_command(chat: Chat) -> None:
    await chat.say("/apikey")
    assert not chat.last.has("apinew:")


@pytest.mark.parametrize("scope", KeyScope)
async def test_a_key_is_shown_once_and_may_do_what_was_chosen(
    chat: Chat, keys: ApiKeys, scope: KeyScope
) -> None:
    await chat.say("/apikey")
    await chat.press(f"apinew:{scope}")
    (secret,) = secrets_in(chat)
    assert len(secret) == KEY_LENGTH
    key = await known(keys, secret)
    assert (key.user_id, key.scope) == (chat.id, scope)
    await chat.say("/apikey")
    assert secrets_in(chat) == [secret]
    assert chat.last.has("apikey:revoke")
    assert chat.last.has("apilimit:") is (scope is not KeyScope.READ)


async def test_a_new_key_makes_the_old_one_worthless(chat: Chat, keys: ApiKeys) -> None:
    await chat.say("/apikey")
    await chat.press("apinew:read")
    (old,) = secrets_in(chat)
    await chat.press("apikey:new")
    await chat.press("apinew:train")
    new = next(secret for secret in secrets_in(chat) if secret != old)
    assert await keys.known(old) is None
    assert (await known(keys, new)).scope is KeyScope.TRAIN


async def test_a_revoked_key_opens_nothing(chat: Chat, keys: ApiKeys) -> None:
    await chat.say("/apikey")
    await chat.press("apinew:generate")
    (secret,) = secrets_in(chat)
    await chat.press("apikey:revoke")
    assert chat.last.text == chat.words("api-key-revoked")
    assert await keys.known(secret) is None
    # The buttons of the card that is no more.
    for data in ("apikey:revoke", "apilimit:AAAAAAAAAAAA:50"):
        await chat.forge(data)
        assert await keys.of(chat.id) is None


async def test_what_it_may_order_a_day_is_changed_in_place(chat: Chat, keys: ApiKeys) -> None:
    await chat.say("/apikey")
    await chat.press("apinew:generate")
    card = chat.last.message_id
    for _ in range(2):
        await chat.press("apilimit:", f":{DAILY_PICTURES[1]}")
        key = await keys.of(chat.id)
        assert key is not None
        assert key.daily_pictures == DAILY_PICTURES[1]
        assert chat.last.message_id == card


async def test_nobody_limits_the_key_of_another(chat: Chat, stranger: Chat, keys: ApiKeys) -> None:
    key, _ = await keys.make(await met(chat), KeyScope.GENERATE)
    await keys.make(await met(stranger), KeyScope.GENERATE)
    await stranger.forge(f"apilimit:{key.id}:{DAILY_PICTURES[2]}")
    assert await keys.of(chat.id) == key


async def test_deleting_everything_deletes_the_key(chat: Chat, keys: ApiKeys) -> None:
    _, secret = await keys.make(await met(chat), KeyScope.TRAIN)
    await chat.say("/deletemydata")
    await chat.press("forget:1")
    assert await keys.known(secret) is None


async def met(chat: Chat) -> int:
    await chat.say("/start")
    return chat.id


async def test_the_address_of_a_program_is_named_and_turned_off(chat: Chat, keys: ApiKeys) -> None:
    webhooks = chat.product.api.webhooks
    await webhooks.put(await met(chat), "https://hooks.example.org/?word=of-theirs")
    await chat.say("/apikey")
    assert "hooks.example.org" in chat.last.text
    assert "of-theirs" not in chat.last.text
    await chat.press("apinew:train")
    assert "hooks.example.org" in chat.last.text
    await chat.press("apilimit:", f":{DAILY_PICTURES[1]}")
    assert "hooks.example.org" in chat.last.text
    # It outlives the key, and says so.
    await chat.press("apikey:revoke")
    assert "hooks.example.org" in chat.last.text
    assert await keys.of(chat.id) is None
    await chat.press("apikey:hookoff")
    assert chat.last.text == chat.words("webhook-off")
    assert await webhooks.host(chat.id) == ""
    await chat.say("/apikey")
    assert "hooks.example.org" not in chat.last.text
