"""The photo coach in the chat: bad photos are caught in words, before anything is paid.

These tests have a bot of their own: the others send plain colours, on which there is nobody.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.e2e.driver import Person, Sandbox, text_of
from tests.e2e.processes import Process, bot_process, complaints_in, start_bot
from tests.services.photos.coach import people
from tests.services.photos.coach.people import WOMAN, jpeg, picture

LONGEST_LIST = 20
"""A vector has 128 numbers; nothing that is kept or logged has so many in a row."""


@pytest.fixture(scope="module")
def server(own_server: str) -> str:
    """The address of a sandbox process of these tests."""
    return own_server


@pytest.fixture(scope="module")
def bot(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """The bot with its coach, telling all it ever tells."""
    folder = tmp_path_factory.mktemp("bot")
    process = bot_process(server, folder, COACH="on", LOG_LEVEL="DEBUG")
    try:
        start_bot(process)
        yield process
        assert not complaints_in(process.printed())
    finally:
        process.kill()


@pytest.fixture(params=["en", "ru"])
async def somebody(sandbox: Sandbox, request: pytest.FixtureRequest) -> Person:
    return await sandbox.newcomer(request.param)


def flawed(somebody: Person, flaws: dict[int, str]) -> str:
    """Return how photos are named in the warning, each by a flaw that no other has."""
    return "; ".join(
        somebody.words(
            "coach-photos", numbers=str(number), flaw=somebody.words(f"tile-flaw-{flaw}")
        )
        for number, flaw in flaws.items()
    )


async def test_twenty_bad_photos_are_caught_with_the_right_words(somebody: Person) -> None:
    await somebody.to_photos()
    await somebody.send(*people.twenty_bad_photos(), kind="document")
    await somebody.counted(15)
    text = await verdict(somebody)
    names = ", ".join(["photo.jpg"] * 5)
    nobody = somebody.words("refusal-no_face")
    assert somebody.words("photos-refused-line", which=names, reason=nobody) in text
    for flaw, first in (("small", 6), ("dark", 11), ("blurred", 16)):
        numbers = ", ".join(str(number) for number in range(first, first + 5))
        assert somebody.words(f"flaw-{flaw}", numbers=numbers, count=5) in text
    assert (
        somebody.words("photos-score", score="0", advice=advice(somebody, "good-photos")) in text
    )


async def test_a_stranger_is_named_and_going_on_is_warned_of_once(somebody: Person) -> None:
    await somebody.to_photos()
    women = [jpeg(picture(WOMAN, index)) for index in range(6)]
    await somebody.send(*women[:4], jpeg(people.stranger()), *women[4:])
    await somebody.counted(7)
    await somebody.sees(somebody.words("flaw-stranger", numbers="5", count=1))
    assert advice(somebody, "one-person") in await verdict(somebody)
    await somebody.press_action("photos:", "done")
    warning = await somebody.sees(
        somebody.words("coach-cost", photos=flawed(somebody, {5: "stranger"}), count=1)
    )
    said = await somebody.say("remove 5")
    await somebody.counted(6)
    await somebody.sees(advice(somebody, "sides"), after=said)
    await somebody.press_action("photos:", "done")
    await somebody.sees_button("mode:", after=warning["message_id"])


async def test_two_taps_on_done_do_not_go_past_the_warning(somebody: Person, bot: Process) -> None:
    await somebody.to_photos()
    women = [jpeg(picture(WOMAN, index)) for index in range(6)]
    await somebody.send(*women[:5], jpeg(people.blurred(picture(WOMAN, 6))))
    counter = await somebody.counted(6)
    # Both are there before the first is handled.
    bot.freeze()
    taps = [await somebody.tap(counter, "photos:") for _ in range(2)]
    bot.go_on()
    for tap in taps:
        await somebody.toast(tap)
    await somebody.sees(
        somebody.words("coach-cost", photos=flawed(somebody, {6: "blurred"}), count=1)
    )
    said = await somebody.say("?")
    await somebody.reads("expects-photos", after=said)


async def test_a_flaw_that_came_after_the_warning_is_warned_of_too(somebody: Person) -> None:
    await somebody.to_photos()
    women = [jpeg(picture(WOMAN, index)) for index in range(6)]
    await somebody.send(*women[:5], jpeg(people.blurred(picture(WOMAN, 6))))
    await somebody.counted(6)
    await somebody.press_action("photos:", "done")
    await somebody.sees(
        somebody.words("coach-cost", photos=flawed(somebody, {6: "blurred"}), count=1)
    )
    await somebody.send(jpeg(people.stranger()))
    await somebody.counted(7)
    await somebody.press_action("photos:", "done")
    await somebody.sees(
        somebody.words(
            "coach-cost", photos=flawed(somebody, {6: "blurred", 7: "stranger"}), count=2
        )
    )


async def test_done_waits_for_a_comparison_that_was_not_made_yet(
    somebody: Person, bot: Process
) -> None:
    await somebody.to_photos()
    women = [jpeg(picture(WOMAN, index)) for index in range(6)]
    await somebody.send(*women[:4], jpeg(people.stranger()), *women[4:])
    await somebody.counted(7)
    await somebody.sees(somebody.words("flaw-stranger", numbers="5", count=1))
    # As after a kill between the last check and the comparison.
    with closing(sqlite3.connect(bot.folder / "bot.db", timeout=30)) as connection, connection:
        connection.execute("UPDATE photos SET seen = json_remove(seen, '$.alike', '$.among')")
    toast = await somebody.press_action("photos:", "done")
    assert toast == somebody.words("photos-done-soon")
    await somebody.sees(
        somebody.words("coach-cost", photos=flawed(somebody, {5: "stranger"}), count=1)
    )


async def test_who_insists_goes_on_with_a_photo_without_a_face(somebody: Person) -> None:
    await somebody.to_photos()
    women = [jpeg(picture(WOMAN, index)) for index in range(5)]
    await somebody.send(*women, jpeg(people.cat()))
    await somebody.counted(5)
    await somebody.sees(somebody.words("refusal-no_face"))
    toast = await somebody.press_action("photos:", "insist")
    assert toast == somebody.words("photos-insisted", count=1)
    await somebody.counted(6)


async def test_the_sheet_shows_what_could_be_better(somebody: Person) -> None:
    await somebody.to_photos()
    women = [jpeg(picture(WOMAN, index)) for index in range(4)]
    await somebody.send(*women, jpeg(people.lit(picture(WOMAN, 4), 0.3)), jpeg(people.cat()))
    await somebody.counted(5)
    await somebody.press_action("photos:", "show")
    sheet = await somebody.gets_picture()
    assert somebody.words("sheet-caption", accepted=4, flawed=1, refused=1) == text_of(sheet)


async def test_a_photo_on_its_side_is_accepted_and_turned(somebody: Person, bot: Process) -> None:
    await somebody.to_photos()
    lying = picture(WOMAN).rotate(90, expand=True)
    await somebody.send(jpeg(lying))
    await somebody.counted(1)
    assert '"turn": 3' in " ".join(kept(bot))


async def test_no_face_is_kept_or_logged(somebody: Person, bot: Process) -> None:
    await somebody.to_photos()
    await somebody.send(*(jpeg(picture(WOMAN, index)) for index in range(4, 9)))
    await somebody.counted(5)
    row = next(iter(kept(bot)))
    assert "face_px" in row
    many = re.compile(rf"(?:-?\d+\.\d+(?:e-?\d+)?[\s,;]+){{{LONGEST_LIST}}}")
    with closing(sqlite3.connect(bot.folder / "bot.db", timeout=30)) as connection:
        assert not [line for line in connection.iterdump() if many.search(line)]
        blobs = connection.execute("SELECT count(*) FROM photos WHERE typeof(seen) = 'blob'")
        assert blobs.fetchone() == (0,)
    assert not many.search(bot.printed())


def kept(bot: Process) -> list[str]:
    with closing(sqlite3.connect(bot.folder / "bot.db", timeout=30)) as connection:
        rows = connection.execute(
            "SELECT seen FROM photos WHERE seen IS NOT NULL ORDER BY id DESC"
        )
        return [row[0] for row in rows]


def advice(person: Person, lack: str) -> str:
    return person.words(f"lack-{lack}")


async def verdict(person: Person) -> str:
    score = person.words("photos-score", score="0", advice="").split("0")[0]
    return text_of(await person.sees(score))
