"""Users and the language they are spoken to in."""

import pytest

from db.database import Database
from services.domain.values import Dialogue, User
from services.domain.vocabulary import Language
from services.users.reach import Reach
from services.users.service import UserService, Wish, WorksNow, language_of
from tests.services.kit import STRANGER, USER, keep_model, keep_result, meet, start_training


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("ru", Language.RU),
        ("ru-RU", Language.RU),
        ("RU", Language.RU),
        ("en", Language.EN),
        ("en-GB", Language.EN),
        ("de", Language.EN),
        ("rue", Language.EN),
        ("uk", Language.EN),
        ("", Language.EN),
        (None, Language.EN),
    ],
)
def test_the_language_of_a_tag(tag: str | None, language: Language) -> None:
    assert language_of(tag) is language


async def nobody_waits() -> None:
    raise AssertionError("nobody was away")


async def met(users: UserService, tag: str | None) -> User:
    user, _ = await users.meet(USER, tag, "dialogue")
    return user


async def test_a_dialogue_is_kept_until_it_is_over(database: Database) -> None:
    users = UserService(database, nobody_waits)
    assert (await users.meet(USER, "en", "here"))[1] == Dialogue()
    asked = Dialogue(state="GenerateForm:prompt", data={"ids": ["a", {"b": "два"}]})
    await users.keep_dialogue("here", asked)
    assert (await users.meet(USER, "en", "here"))[1] == asked
    assert (await users.meet(USER, "en", "there"))[1] == Dialogue()
    await users.keep_dialogue("here", Dialogue())
    async with database.transaction() as tx:
        assert await tx.dialogues.get("here") == Dialogue()


async def test_the_chosen_language_lasts_whatever_telegram_says(database: Database) -> None:
    users = UserService(database, nobody_waits)
    assert (await met(users, "ru")).language is Language.RU
    assert (await met(users, "en")).language is Language.EN
    await users.choose_language(USER, Language.RU)
    assert (await met(users, "en")).language is Language.RU
    assert (await met(users, None)).language is Language.RU


async def test_what_waits_for_a_user_who_was_away_is_carried_again_once(
    database: Database,
) -> None:
    resumed = []

    async def resume() -> None:
        resumed.append("all")

    users, reach = UserService(database, resume), Reach(database)
    await met(users, "en")
    await reach.note_unreachable(USER)
    assert resumed == []
    assert (await met(users, "en")).unreachable_since is None
    await met(users, "en")
    assert resumed == ["all"]


@pytest.mark.parametrize("wish", list(Wish))
async def test_a_wish_lasts_and_leaves_the_other_alone(database: Database, wish: Wish) -> None:
    users = UserService(database, nobody_waits)
    await met(users, "en")
    for _ in range(2):
        await users.want(USER, wish, on=False)
    user = await met(users, "en")
    assert user.wants_preview is (wish is not Wish.PREVIEW)
    assert user.wants_reminders is (wish is not Wish.REMINDERS)
    assert not user.wants_prompts
    assert (await users.want(USER, wish, on=True)).wants_preview


async def test_what_works_now_grows_with_what_the_user_has(database: Database) -> None:
    users = UserService(database, nobody_waits)
    await meet(database, USER, STRANGER)
    assert await users.what_works_now(USER) == WorksNow()
    model = await keep_model(database, "https://v3.fal.media/lora")
    assert await users.what_works_now(USER) == WorksNow(has_model=True)
    await start_training(database, photos=0)
    assert await users.what_works_now(USER) == WorksNow(has_model=True, has_training=True)
    result = await keep_result(database, model, "https://v3.fal.media/1.jpg")
    # It is in the gallery once it was delivered.
    assert not (await users.what_works_now(USER)).has_pictures
    async with database.transaction() as tx:
        picture = await tx.pictures.at(result.id, 1)
        assert picture is not None
        await tx.pictures.note_sent(picture.id, "photo", None)
    assert (await users.what_works_now(USER)).has_pictures
    assert await users.what_works_now(STRANGER) == WorksNow()
