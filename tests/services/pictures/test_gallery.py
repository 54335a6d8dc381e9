"""The gallery: one picture a page, filtered, searched, deleted from."""

import pytest

from db.database import Database
from db.tables import Generation
from services.domain.clock import now
from services.domain.gallery import Step
from services.domain.values import Model
from services.errors import NotFound
from services.fal.client import FalClient
from services.pictures.gallery import MAX_SEARCH_LENGTH, GalleryService, Page, View
from services.pictures.service import PictureService, Sent
from tests.services.kit import STRANGER, USER, keep_model, keep_result, meet

PROMPTS = ("portrait by the sea", "Портрет у МОРЯ", "a red hat")


class House:
    """A gallery, and what fills it."""

    def __init__(self, database: Database, fal: FalClient, model: Model) -> None:
        self.database, self.model = database, model
        self.pictures = PictureService(database, fal)
        self.gallery = GalleryService(database, self.pictures)

    async def hang(self, prompt: str, model: Model | None = None) -> Generation:
        """Keep one delivered picture."""
        made = await keep_result(
            self.database, model or self.model, "https://x", prompt=prompt, announced_at=now()
        )
        result = await self.pictures.result(made.user_id, made.id)
        ids = {picture.id: Sent(f"photo of {prompt}") for picture in result.pictures}
        await self.pictures.note_sent(ids)
        return made

    async def leaf(self, page: Page, step: Step) -> Page:
        return await self.gallery.page(USER, page.view, step)


@pytest.fixture
async def house(database: Database, fal: FalClient) -> House:
    """Three pictures of one model."""
    await meet(database, USER, STRANGER)
    house = House(database, fal, await keep_model(database, "https://lora"))
    for prompt in PROMPTS:
        await house.hang(prompt)
    return house


def told(page: Page) -> tuple[str | None, int, int]:
    prompt = page.shown.generation.prompt if page.shown else None
    return prompt, page.number, page.total


async def test_the_gallery_opens_at_the_newest_and_goes_round(house: House) -> None:
    page = await house.gallery.page(USER, View())
    seen = [told(page)]
    for _ in range(3):
        page = await house.leaf(page, Step.OLDER)
        seen.append(told(page))
    newest, middle, oldest = ((prompt, n, 3) for n, prompt in enumerate(PROMPTS[::-1], start=1))
    assert seen == [newest, middle, oldest, newest]
    assert told(await house.leaf(page, Step.NEWER)) == oldest
    assert told(await house.leaf(page, Step.HERE)) == newest


async def test_an_empty_gallery_is_an_empty_page(house: House) -> None:
    assert await house.gallery.page(STRANGER, View()) == Page(View())


async def test_favourites_alone_can_be_looked_at(house: House) -> None:
    page = await house.leaf(await house.gallery.page(USER, View()), Step.OLDER)
    only = View(only_favourites=True)
    assert (await house.gallery.page(USER, only)).shown is None
    for _ in range(2):
        page = await house.gallery.set_favourite(USER, page.view, is_favourite=True)
        assert page.shown is not None
        assert page.shown.picture.is_favourite
    liked = await house.gallery.page(USER, only)
    assert told(liked) == (PROMPTS[1], 1, 1)
    gone = await house.gallery.set_favourite(USER, liked.view, is_favourite=False)
    assert gone.shown is None
    assert gone.view.only_favourites


async def test_models_are_gone_through_in_turn(house: House) -> None:
    page = await house.gallery.page(USER, View())
    assert page.next_model_id == house.model.id
    other = await keep_model(house.database, "https://other", active=False)
    await keep_model(house.database, "https://without-pictures", active=False)
    await house.hang("another face", other)
    asked, found = [], []
    view = View()
    for _ in range(3):
        page = await house.gallery.page(USER, view)
        asked.append(page.model and page.model.id)
        found.append(page.total)
        view = View(model_id=page.next_model_id)
    assert asked == [None, other.id, house.model.id]
    assert found == [4, 1, 3]
    assert view == View()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("SEA", PROMPTS[0]),
        ("  sea   portrait ", PROMPTS[0]),
        ("у моря", PROMPTS[1]),
        ("winter", None),
        ("%", None),
    ],
)
async def test_words_are_searched_in_prompts(house: House, words: str, found: str | None) -> None:
    page = await house.gallery.search(USER, words)
    assert told(page)[0] == found
    assert page.words == " ".join(words.split())
    again = await house.gallery.page(USER, page.view)
    assert (told(again), again.words) == (told(page), page.words)


async def test_a_long_search_is_cut(house: House) -> None:
    assert len((await house.gallery.search(USER, "x" * 4096)).words) == MAX_SEARCH_LENGTH


async def test_the_neighbour_is_shown_after_a_deletion_and_a_second_one_deletes_nothing(
    house: House,
) -> None:
    start = await house.gallery.page(USER, View())
    middle = await house.leaf(start, Step.OLDER)
    for _ in range(2):
        page = await house.gallery.delete(USER, middle.view)
        assert told(page) == (PROMPTS[0], 2, 2)
    with pytest.raises(NotFound):
        await house.gallery.own(USER, middle.view)
    kept = await house.gallery.set_favourite(USER, middle.view, is_favourite=True)
    assert kept.shown is not None
    assert not kept.shown.picture.is_favourite
    assert told(await house.gallery.delete(USER, page.view)) == (PROMPTS[2], 1, 1)
    last = await house.gallery.delete(USER, start.view)
    assert (last.shown, last.total) == (None, 0)


async def test_nobody_leafs_through_anothers_gallery(house: House) -> None:
    page = await house.gallery.page(USER, View())
    search = (await house.gallery.search(USER, "sea")).view.search_id
    for view in (
        page.view,
        View(generation_id="nobody"),
        View(model_id=house.model.id),
        View(model_id="nobody"),
        View(search_id=search),
        View(search_id="nobody"),
    ):
        with pytest.raises(NotFound):
            await house.gallery.page(STRANGER, view)
    for view in (page.view, View()):
        with pytest.raises(NotFound):
            await house.gallery.own(STRANGER, view)
        with pytest.raises(NotFound):
            await house.gallery.set_favourite(STRANGER, view, is_favourite=True)
        with pytest.raises(NotFound):
            await house.gallery.delete(STRANGER, view)
    assert (await house.gallery.own(USER, page.view)).generation.prompt == PROMPTS[2]
