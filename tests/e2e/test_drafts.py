"""Photos looked over on the contact sheet, and drafts that were left behind."""

import io
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from services.training.draft_expiry import KEPT_FOR, NOTICE
from tests.e2e import pictures
from tests.e2e.driver import Json, Person, Sandbox, data_of, eventually, text_of
from tests.e2e.processes import Process, start_bot
from tests.e2e.test_whole_flow import archive_of, number_of, pictures_in


async def sheets_of(person: Person) -> list[Json]:
    return await person.pictures()


async def train_on_what_is_left(sandbox: Sandbox, person: Person, count: int) -> list[int]:
    """Start the training; return the numbers of the photos that fal got."""
    await person.from_photos_to_mode(count)
    await person.press_action("mode:", "economy")
    await person.press("start:")
    await person.told_ready()
    archive = await archive_of(sandbox, await person.one_training())
    return [number_of(image) for image in pictures_in(archive)]


@pytest.mark.parametrize(
    ("language", "request_text"), [("en", "remove 3, 7"), ("ru", "Убрать 3 и 7")]
)
async def test_photos_are_removed_by_the_numbers_of_the_sheet(
    sandbox: Sandbox, language: str, request_text: str
) -> None:
    person = await sandbox.newcomer(language)
    await person.to_photos()
    await person.send(*pictures.photos(9))
    await person.counted(9)
    toast = await person.press_action("photos:", "show")
    assert toast == person.words("sheet-is-made")
    sheet = await person.gets_picture()
    assert text_of(sheet) == person.words("sheet-caption", accepted=9, flawed=0, refused=0)
    said = await person.say(request_text)
    await person.reads("numbers-removed", after=said, numbers="3, 7", count=2)
    await person.wait(lambda message: bool(data_of(message, "photos:")), "a counter below", said)
    await person.counted(7)
    assert await train_on_what_is_left(sandbox, person, 7) == [0, 1, 3, 4, 5, 7, 8]


async def test_numbers_mean_what_the_sheet_shows_though_the_set_has_changed(
    sandbox: Sandbox, person: Person
) -> None:
    await person.to_photos()
    await person.send(*pictures.photos(7))
    await person.counted(7)
    await person.press_action("photos:", "show")
    await person.gets_picture()
    await person.say("remove 1")
    await person.counted(6)
    await person.press_action("photos:", "last")
    await person.counted(5)
    await person.send(pictures.photo(7))
    await person.counted(6)
    # On the sheet 7 was the photo that is gone by now, not the new one.
    said = await person.say("remove 7")
    await person.reads("error-unknown-photos", after=said, numbers="7", count=1)
    await person.say("remove 2-2")
    await person.counted(5)
    assert await train_on_what_is_left(sandbox, person, 5) == [2, 3, 4, 5, 7]


async def test_a_number_that_no_photo_has_removes_nothing(person: Person) -> None:
    await person.to_photos()
    await person.send(*pictures.photos(2))
    await person.counted(2)
    said = await person.say("remove 2, 3, 21")
    await person.reads("error-unknown-photos", after=said, numbers="3, 21", count=2)
    await person.counted(2)


async def test_all_photos_removed_by_number_can_be_sent_again(person: Person) -> None:
    await person.to_photos()
    data = pictures.photos(2)
    await person.send(*data)
    await person.counted(2)
    said = await person.say("remove 1-2")
    await person.reads("photos-removed", after=said)
    await person.send(*data)
    await person.counted(2)


async def test_the_sheet_shows_each_photo_with_its_verdict_and_two_taps_make_one(
    bot: Process, sandbox: Sandbox, person: Person
) -> None:
    await person.to_photos()
    await person.send(*pictures.photos(3))
    await person.send(pictures.photo(width=300, height=400))
    await person.send_file(b"no picture at all", "broken.jpg", "image/jpeg")
    await person.reads("photos-refused", count=2)
    counter = await person.counted(3)
    (show,) = [data for data in data_of(counter, "photos:") if data.endswith(":show")]
    # Both are there before the first sheet is.
    bot.freeze()
    presses = [await person.tap(counter, show, forged=True) for _ in range(2)]
    bot.go_on()
    for press in presses:
        assert await person.toast(press) == person.words("sheet-is-made")
    sheet = await person.gets_picture()
    assert text_of(sheet) == person.words("sheet-caption", accepted=3, flawed=0, refused=2)
    file_id = sheet["photo"][-1]["file_id"]
    drawn = Image.open(
        io.BytesIO(await sandbox.download(f"{sandbox.url}/sandbox/files/{file_id}"))
    )
    assert drawn.size[0] == 5 * (240 + 12) + 12
    await person.wait(
        lambda message: bool(data_of(message, "photos:")), "a counter", after=sheet["message_id"]
    )
    await person.answers(0)
    assert len(await sheets_of(person)) == 1
    actions = await sandbox.calls("telegram", "sendChatAction")
    assert any(str(person.id) in str(call) for call in actions)


async def test_a_sheet_of_photos_that_telegram_does_not_give_is_made_all_the_same(
    sandbox: Sandbox, person: Person
) -> None:
    await person.to_photos()
    await person.send(*pictures.photos(2))
    await person.counted(2)
    await sandbox.fault("telegram", "getFile", "status", status=500, times=0)
    await person.press_action("photos:", "show")
    await person.gets_picture()
    await sandbox.calm()


class Shelf:
    """A person's draft in the bot's database."""

    def __init__(self, database: Path, person: Person) -> None:
        self._database = database
        self._person = person

    def _ask(self, sql: str) -> list[tuple[str | None]]:
        with closing(sqlite3.connect(self._database, timeout=10, isolation_level=None)) as db:
            return db.execute(sql, {"user": self._person.id}).fetchall()

    def make_older(self, days: float) -> None:
        older = f"datetime(updated_at, '-{days} days')"
        self._ask(f"UPDATE drafts SET updated_at = {older} WHERE user_id = :user")  # noqa: S608

    def note_reminder(self, days_ago: float) -> None:
        told = f"datetime('now', '-{days_ago} days')"
        self._ask(f"UPDATE drafts SET reminded_at = {told} WHERE user_id = :user")  # noqa: S608

    async def is_empty(self) -> bool:
        return not self._ask("SELECT id FROM photo_sets WHERE user_id = :user")


@pytest.mark.one_bot
async def test_the_notice_of_an_old_draft_leads_back_to_its_photos(
    sandbox: Sandbox, bot: Process, person: Person
) -> None:
    await person.to_photos()
    await person.send(*pictures.photos(6))
    await person.counted(6)
    await person.say("/cancel")
    await person.reads("cancelled-draft-kept", count=6)
    assert bot.stop() == 0
    Shelf(bot.folder / "bot.db", person).make_older(days=KEPT_FOR.days * 3)
    before = await person.last_id()
    start_bot(bot)
    await person.sees("6 photos are here (5 to 20 needed). I keep this draft until", before)
    await person.press("draft-left:continue", before)
    await person.wait(lambda message: bool(data_of(message, "photos:")), "a counter", before)
    assert await train_on_what_is_left(sandbox, person, 6) == [0, 1, 2, 3, 4, 5]


@pytest.mark.one_bot
async def test_a_day_after_its_notice_an_old_draft_is_gone(bot: Process, sandbox: Sandbox) -> None:
    person = await sandbox.newcomer("ru")
    await person.to_photos()
    await person.send(*pictures.photos(5))
    await person.counted(5)
    said = await person.say("/train")
    offer = await person.sees("загружено 5 фото (нужно от 5 до 20)", after=said)
    assert bot.stop() == 0
    shelf = Shelf(bot.folder / "bot.db", person)
    shelf.make_older(days=KEPT_FOR.days + 0.1)
    shelf.note_reminder(days_ago=NOTICE.days)
    start_bot(bot)
    await eventually(shelf.is_empty, "an empty shelf")
    press = await person.tap(offer, data_of(offer, "draft-left:continue")[0])
    assert await person.toast(press) == person.words("error-not-found")
    await person.to_consent()


async def test_photos_sent_later_are_counted_below_them(person: Person) -> None:
    await person.to_photos()
    await person.send(*pictures.photos(3))
    first = await person.counted(3)
    sent = await person.send(*pictures.photos(3))
    second = await person.counted(6)
    assert second["message_id"] > max(message["message_id"] for message in sent)

    async def only_one_counter() -> bool:
        ids = [message["message_id"] for message in await person.from_bot()]
        return first["message_id"] not in ids

    await eventually(only_one_counter, "the first counter is gone", tell=person.story)


async def test_photos_sent_before_anything_else_begin_a_training(person: Person) -> None:
    await person.say("/start")
    await person.sees_button("menu:train")
    await person.send(*pictures.photos(6))
    await person.reads("photos-before-consent-try")
    await person.press("draft:agree")
    await person.reads("ask-name")
    said = await person.say(person.name)
    await person.sees_button("subj:", after=said)
    said = await person.say("мужчина")
    await person.reads("ask-photos", after=said, min=5, max=20, recommended=10)
    await person.counted(6)
    said = await person.say("готово")
    await person.sees_button("mode:", after=said)
    said = await person.say("economy")
    await person.sees_button("start:", after=said)
    said = await person.say("начать")
    await person.told_ready(after=said)
    assert len(await person.trainings()) == 1


async def test_done_pressed_while_photos_are_checked_goes_on_by_itself(
    sandbox: Sandbox, person: Person
) -> None:
    await person.to_photos()
    await person.send(*pictures.photos(5))
    await person.counted(5)
    await sandbox.fault("telegram", "GET /file/", "hang", seconds=3, times=1)
    await person.send(pictures.photo())
    await person.sees("⏳")
    toast = await person.press_action("photos:", "done")
    assert toast == person.words("photos-done-soon")
    await person.sees_button("mode:")
