"""The gallery: leaf, filter, search, send, repeat, delete; in Russian."""

import pytest

from services.domain.vocabulary import Language
from tests.e2e.driver import Json, Person, Sandbox, data_of, labels_of, text_of
from tests.e2e.processes import Process, start_bot

PROMPTS = ("portrait by the sea", "Портрет у Синего моря, ЗАКАТ", "a red hat")


@pytest.fixture(scope="module")
def names() -> dict[int, str]:
    """Name by id of the one person whose pictures these tests share."""
    return {}


@pytest.fixture
async def owner(sandbox: Sandbox, names: dict[int, str]) -> Person:
    """A person with a model and three pictures."""
    for user_id, name in names.items():
        return Person(sandbox, user_id, Language.RU, name)
    person = await sandbox.newcomer("ru")
    await person.own_model()
    for prompt in PROMPTS:
        await make(person, prompt)
    names[person.id] = person.name
    return person


async def make(person: Person, prompt: str) -> Json:
    """Have a picture made; return its message with the buttons, which comes once it is kept."""
    said = await person.say(f"/generate {prompt}")
    return await person.gets_picture(after=said)


async def opened(person: Person, command: str = "/gallery") -> Json:
    """Open the gallery; return its message."""
    said = await person.say(command)
    return await person.sees_button("gal:", after=said)


async def turned(person: Person, page: Json, place: str, prompt: str = "") -> Json:
    """Wait until the gallery's message shows a place."""
    return await person.wait(
        lambda message: (
            message["message_id"] == page["message_id"]
            and place in labels_of(message)
            and prompt in text_of(message)
        ),
        f"{place} {prompt}",
    )


async def press(person: Person, page: Json, label: str) -> str:
    """Press the button of the gallery that says this; return its toast."""
    buttons = [button for row in page["reply_markup"]["inline_keyboard"] for button in row]
    (data,) = [button["callback_data"] for button in buttons if button["text"] == label]
    return await person.toast(await person.tap(page, data))


def photo_of(message: Json) -> str:
    return str(message["photo"][-1]["file_unique_id"])


async def test_pictures_are_leafed_through_in_place_newest_first(owner: Person) -> None:
    page = await opened(owner)
    count = int(labels_of(page)[1].partition("/")[2])
    assert labels_of(page)[:3] == ["‹", f"1/{count}", "›"]
    assert owner.name in text_of(page)
    sent = [photo_of(message) for message in await owner.pictures()][:-1]
    seen = [photo_of(page)]
    for number in range(2, count + 1):
        await press(owner, page, "›")
        page = await turned(owner, page, f"{number}/{count}")
        seen.append(photo_of(page))
    assert len(set(seen)) == count
    assert set(seen) <= set(sent)
    assert PROMPTS[0] in text_of(page)
    await press(owner, page, "›")
    page = await turned(owner, page, f"1/{count}")
    assert photo_of(page) == seen[0]
    await press(owner, page, "‹")
    await turned(owner, page, f"{count}/{count}", PROMPTS[0])


async def test_words_are_searched_in_russian_and_the_search_survives_a_restart(
    bot: Process, owner: Person
) -> None:
    page = await opened(owner)
    before = await owner.last_id()
    await press(owner, page, owner.words("gallery-search"))
    question = await owner.reads("ask-search", after=before)
    said = await owner.say("закат МОРЯ")
    found = await owner.sees_button("gal:", after=said)
    assert question["message_id"] < found["message_id"]
    assert text_of(found).startswith(PROMPTS[1])
    assert owner.words("gallery-words", words="закат МОРЯ") in text_of(found)
    assert "1/1" in labels_of(found)
    bot.kill()
    start_bot(bot)
    await press(owner, found, "›")
    await press(owner, found, owner.words("gallery-search-off"))
    everything = await owner.wait(
        lambda message: (
            message["message_id"] == found["message_id"]
            and owner.words("gallery-search") in labels_of(message)
        ),
        "the search is cleared",
    )
    assert text_of(everything).startswith(PROMPTS[1])
    assert (await opened(owner, "/gallery SEA")).get("photo")
    said = await owner.say("/gallery 100%")
    await owner.reads("gallery-nothing-found", after=said, words="100%")


async def test_anything_but_words_in_the_search_step_says_what_is_expected(
    owner: Person,
) -> None:
    page = await opened(owner)
    before = await owner.last_id()
    await press(owner, page, owner.words("gallery-search"))
    question = await owner.reads("ask-search", after=before)
    await owner.send_file(b"words", "words.txt", "text/plain")
    await owner.reads("expects-search", after=before)
    await owner.toast(await owner.tap(question, "go:back:"))
    page = await owner.wait(
        lambda message: (
            message["message_id"] == question["message_id"] and bool(data_of(message, "gal:"))
        ),
        "the gallery in place of the question",
    )
    assert "photo" in page


async def test_favourites_alone_are_looked_at(bot: Process, owner: Person) -> None:
    only, off = owner.words("gallery-favourites-off"), owner.words("gallery-favourites-on")
    like, unlike = owner.words("picture-like"), owner.words("picture-unlike")
    page = await opened(owner, f"/gallery {PROMPTS[0]}")
    first = data_of(page, "gal:like:")[0]
    taps = [await owner.tap(page, first) for _ in range(2)]
    assert [await owner.toast(tap) for tap in taps] == [owner.words("picture-liked")] * 2
    await turned(owner, page, unlike)
    bot.kill()
    start_bot(bot)
    page = await opened(owner)
    await press(owner, page, only)
    page = await turned(owner, page, "1/1", PROMPTS[0])
    assert off in labels_of(page)
    before = await owner.last_id()
    await press(owner, page, unlike)
    nothing = await owner.reads("gallery-no-favourites", after=before)
    await press(owner, nothing, owner.words("gallery-all"))
    page = await turned(owner, nothing, like)
    assert only in labels_of(page)


async def test_a_picture_is_sent_again_in_full_size_and_made_again(owner: Person) -> None:
    page = await opened(owner, f"/gallery {PROMPTS[2]}")
    before = await owner.last_id()
    await press(owner, page, owner.words("gallery-send"))
    sent = await owner.gets_picture(after=before)
    assert photo_of(sent) == photo_of(page)
    assert text_of(sent).startswith(f"{PROMPTS[2]}\n")
    await press(owner, page, owner.words("full-size"))
    await owner.wait(lambda message: "document" in message, "a file", before)
    before = await owner.last_id()
    await press(owner, page, owner.words("gallery-repeat"))
    await owner.gets_picture(after=before)
    one, other = [
        job["input"] for job in await owner.generations() if job["input"]["prompt"].endswith("hat")
    ]
    assert one.pop("seed") != other.pop("seed")
    assert one == other


async def test_a_deleted_picture_makes_way_for_its_neighbour_once(owner: Person) -> None:
    for prompt in ("to be kept", "to be deleted"):
        await make(owner, prompt)
    page = await opened(owner)
    count = int(labels_of(page)[1].partition("/")[2])
    assert text_of(page).startswith("to be deleted")
    other = await opened(owner)
    ask, sure = owner.words("gallery-delete"), owner.words("gallery-delete-sure")
    await press(owner, page, ask)
    page = await turned(owner, page, sure)
    assert text_of(page) == owner.words("gallery-delete-ask")
    await press(owner, page, owner.words("gallery-keep"))
    page = await turned(owner, page, f"1/{count}", "to be deleted")
    await press(owner, page, ask)
    page = await turned(owner, page, sure)
    taps = [await owner.tap(page, "gal:delete:") for _ in range(2)]
    for tap in taps:
        assert await owner.toast(tap) == owner.words("gallery-deleted")
    await turned(owner, page, f"1/{count - 1}", "to be kept")
    # Another message of the gallery still shows the picture that is gone.
    await press(owner, other, f"1/{count}")
    await turned(owner, other, f"1/{count - 1}", "to be kept")


async def test_nobody_presses_the_buttons_of_anothers_gallery(
    sandbox: Sandbox, owner: Person
) -> None:
    page = await opened(owner, f"/gallery {PROMPTS[0]}")
    stranger = await sandbox.newcomer("ru")
    said = await stranger.say("/gallery")
    empty = await stranger.reads("gallery-empty", after=said)
    presses = [data for data in data_of(page, "gal:") if ":search:" not in data]
    presses.append(presses[0].replace(":newer:", ":delete:"))
    for data in presses:
        toast = await stranger.toast(await stranger.tap(empty, data, forged=True))
        assert toast == stranger.words("error-not-found"), data
    again = await opened(owner, f"/gallery {PROMPTS[0]}")
    assert photo_of(again) == photo_of(page)
