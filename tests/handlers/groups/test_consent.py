"""What is allowed in private, at which price, and how it ends."""

from typing import Any

import pytest

from handlers.telegram.callbacks import ModelAction, ModelButton
from services.domain.values import User
from services.lending.service import LendingService
from tests.handlers.chat import Chat, Product
from tests.handlers.groups.conftest import NAME, Group, allow
from tests.handlers.models.test_lending import lent
from tests.services.jobs.paying import pay_in

pytestmark = pytest.mark.usefixtures("group")


async def user_of(chat: Chat) -> User:
    async with chat.product.database.transaction() as tx:
        user = await tx.users.get(chat.id)
    assert user is not None
    return user


async def test_it_is_off_until_it_is_allowed_and_can_be_turned_off(chat: Chat) -> None:
    await chat.say("/settings")
    assert ("⬜ Pictures in groups", "groups:show") in chat.last.buttons
    assert chat.words("settings-groups-about") in chat.last.text
    await chat.press("groups:show")
    terms = chat.words("groups-terms", bot=NAME, price="none")
    assert chat.last.text == terms
    assert [data for _, data in chat.last.buttons] == ["groups:allow"]
    assert await chat.press("groups:allow") == chat.words("groups-on")
    assert chat.last.text == f"{terms}\n\n{chat.words('groups-allowed')}"
    assert (await user_of(chat)).group_stars == 0
    await chat.say("/settings")
    assert ("✅ Pictures in groups", "groups:show") in chat.last.buttons
    await chat.press("groups:show")
    assert await chat.press("groups:stop") == chat.words("groups-off")
    assert (await user_of(chat)).group_stars is None


async def test_the_link_of_a_group_shows_it_to_who_has_a_model(chat: Chat) -> None:
    await chat.say("/train")
    await chat.say("/start groups")
    assert chat.last.has("groups:allow")
    assert await chat.state() is None


async def test_what_is_kept_of_it_is_told(chat: Chat) -> None:
    await chat.say("/privacy")
    assert chat.words("privacy-groups") in chat.last.text


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_who_has_no_model_is_greeted(chat: Chat, language: str) -> None:
    ben = chat.product.newcomer(language)
    await ben.say("/start groups")
    assert ben.texts[0] == ben.words("groups-without-model")
    assert ben.last.has("menu:train")
    await ben.say("/settings")
    await ben.press("groups:show")
    assert ben.last.text == ben.words("groups-without-model")
    await ben.forge("groups:allow")
    assert (await user_of(ben)).group_stars is None


async def test_whose_model_is_gone_can_turn_it_off(chat: Chat) -> None:
    await allow(chat)
    async with chat.product.database.transaction() as tx:
        model = await tx.models.active_of(chat.id)
    assert model is not None
    await chat.forge(ModelButton(model_id=model.id, action=ModelAction.DELETE_SURE).pack())
    await chat.say("/settings")
    await chat.press("groups:show")
    assert chat.last.text == chat.words("groups-without-model")
    await chat.press("groups:stop")
    assert (await user_of(chat)).group_stars is None


async def test_whose_loan_is_over_reads_why_nothing_is_made(
    chat: Chat, group: Group, open_product: Product
) -> None:
    ben = open_product.newcomer()
    await lent(chat, ben)
    group.groups.join(group.id, ben.id)
    await allow(ben)
    assert ben.words("groups-allowed") in ben.last.text
    async with open_product.database.transaction() as tx:
        (one,) = await tx.loans.of_borrower(ben.id)
    await LendingService(open_product.database).take_back(chat.id, one.loan.id)
    await group.write(ben, f"/generate@{NAME} a hat")
    assert group.texts == [ben.words("group-refused-model")]
    await ben.say("/start groups")
    assert ben.words("error-loan-over") in ben.last.text
    assert ben.words("groups-allowed") not in ben.last.text
    assert ben.last.has("groups:stop")


class TestWhereUsersPay:
    """Prices are Stars, and agreed to by the button that shows them."""

    @pytest.fixture
    async def selling(self) -> dict[str, Any]:
        return {"payments": "stars"}

    async def test_the_price_on_the_button_is_agreed_to(
        self, chat: Chat, group: Group, open_product: Product
    ) -> None:
        await pay_in(open_product.database, chat.id, 50)
        await chat.say("/settings")
        await chat.press("groups:show")
        found = chat.last
        assert chat.words("groups-balance", stars=50) in found.text
        (label, _), *_ = found.buttons
        await chat.press("groups:allow")
        agreed = (await user_of(chat)).group_stars
        assert agreed
        assert f"{agreed}\u00a0⭐" in label
        async with open_product.database.transaction() as tx:
            await tx.users.allow_in_groups(chat.id, agreed - 1)
        await group.write(chat, f"/generate@{NAME} a hat")
        assert group.texts == [chat.words("group-refused-again")]
        await chat.say("/start groups")
        assert chat.words("groups-dearer") in chat.last.text
        assert [data for _, data in chat.last.buttons] == ["groups:allow", "groups:stop"]
        await chat.press("groups:allow")
        assert (await user_of(chat)).group_stars == agreed

    async def test_who_has_too_little_is_sent_to_the_private_chat(
        self, chat: Chat, group: Group
    ) -> None:
        await allow(chat)
        before = len(chat.messages)
        await group.write(chat, f"/generate@{NAME} a hat")
        assert group.texts == [chat.words("group-refused-private")]
        assert len(chat.messages) == before
