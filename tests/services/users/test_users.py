"""Users and the language they are spoken to in."""

import pytest

from db.database import Database
from services.domain.vocabulary import Language
from services.users.service import UserService, Wish, language_of
from services.views import Views
from tests.services.kit import USER


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


async def test_the_chosen_language_lasts_whatever_telegram_says(database: Database) -> None:
    users = UserService(database, nobody_waits)
    assert (await users.meet(USER, "ru")).language is Language.RU
    assert (await users.meet(USER, "en")).language is Language.EN
    await users.choose_language(USER, Language.RU)
    assert (await users.meet(USER, "en")).language is Language.RU
    assert (await users.meet(USER, None)).language is Language.RU


async def test_what_waits_for_a_user_who_was_away_is_carried_again_once(
    database: Database,
) -> None:
    resumed = []

    async def resume() -> None:
        resumed.append("all")

    users, views = UserService(database, resume), Views(database)
    await users.meet(USER, "en")
    await views.set_unreachable(USER)
    assert resumed == []
    assert (await users.meet(USER, "en")).unreachable_since is None
    await users.meet(USER, "en")
    assert resumed == ["all"]


@pytest.mark.parametrize("wish", list(Wish))
async def test_a_wish_lasts_and_leaves_the_other_alone(database: Database, wish: Wish) -> None:
    users = UserService(database, nobody_waits)
    await users.meet(USER, "en")
    for _ in range(2):
        await users.want(USER, wish, on=False)
    user = await users.meet(USER, "en")
    assert user.wants_preview is (wish is not Wish.PREVIEW)
    assert user.wants_reminders is (wish is not Wish.REMINDERS)
    assert (await users.want(USER, wish, on=True)).wants_preview
