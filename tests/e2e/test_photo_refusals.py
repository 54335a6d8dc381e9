"""What the photo step refuses, and why."""

import io
from collections.abc import Callable

import pytest
from PIL import Image

from tests.e2e import pictures
from tests.e2e.driver import Json, Person, Sandbox, text_of

MP4 = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2" + b"\x00" * 2000
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
MEGABYTE = 1024 * 1024


async def refused(person: Person, reason: str, **values: int | str) -> Json:
    words = person.words(f"refusal-{reason}", **values)
    return await person.sees(words)


@pytest.mark.parametrize(
    ("make", "name", "mime", "reason"),
    [
        (pictures.gif, "moving.gif", "image/gif", "gif"),
        (lambda: MP4, "clip.mp4", "video/mp4", "video"),
        (lambda: MP4, "clip.jpg", "image/jpeg", "video"),
        (lambda: PDF, "scan.pdf", "application/pdf", "pdf"),
        (lambda: PDF, "scan.jpg", "image/jpeg", "pdf"),
        (lambda: b"PK\x03\x04" + b"\0" * 99, "all.zip", "application/zip", "not_a_photo"),
        (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "image/svg+xml",
         "not_a_photo"),
        (lambda: b"no picture at all", "a.jpg", "image/jpeg", "not_a_photo"),
        (lambda: pictures.photo()[:3000], "cut.jpg", "image/jpeg", "unreadable"),
    ],
)  # fmt: skip
async def test_a_file_that_is_no_photo_is_refused_with_the_reason(
    person: Person, make: Callable[[], bytes], name: str, mime: str, reason: str
) -> None:
    await person.to_photos()
    await person.send_file(make(), name, mime)
    counter = await refused(person, reason)
    assert f"{name} – " in text_of(counter)
    await person.counted(0)


async def test_a_gif_and_a_video_sent_as_photos_are_refused(person: Person) -> None:
    await person.to_photos()
    await person.send(pictures.gif(), name="moving.gif", mime="image/gif")
    await refused(person, "gif")
    await person.send(MP4, name="clip.mp4", mime="video/mp4")
    await refused(person, "video")
    await person.counted(0)


@pytest.mark.parametrize("as_file", [True, False])
async def test_a_photo_under_512_pixels_is_refused(person: Person, *, as_file: bool) -> None:
    await person.to_photos()
    small = pictures.photo(width=511, height=900)
    if as_file:
        await person.send_file(small, "small.jpg", "image/jpeg")
    else:
        await person.send(small)
    await refused(person, "too_small", width="511", height="900", min_side_px="512")
    await person.counted(0)


async def test_a_photo_of_exactly_512_pixels_is_accepted(person: Person) -> None:
    await person.to_photos()
    await person.send(pictures.photo(width=512, height=512))
    await person.counted(1)


async def test_a_file_over_20_megabytes_is_refused(sandbox: Sandbox, person: Person) -> None:
    await person.to_photos()
    before = len(await sandbox.calls("telegram", "getFile"))
    big = pictures.photo() + b"\0" * (20 * MEGABYTE)
    await person.send_file(big, "big.jpg", "image/jpeg")
    await refused(person, "too_big")
    await person.counted(0)
    asked = (await sandbox.calls("telegram", "getFile"))[before:]
    assert not asked, "the declared size is enough to know"


async def test_a_file_that_telegram_calls_too_big_is_refused(
    sandbox: Sandbox, person: Person
) -> None:
    await person.to_photos()
    answer = {"ok": False, "error_code": 400, "description": "Bad Request: file is too big"}
    await sandbox.fault("telegram", "getFile", "status", status=400, body=answer)
    await person.send(pictures.photo())
    await refused(person, "too_big")


async def test_the_same_bytes_as_photo_file_and_other_file_are_taken_once(
    person: Person,
) -> None:
    await person.to_photos()
    data = pictures.photo()
    await person.send_file(data, "one.jpg", "image/jpeg")
    await person.counted(1)
    await person.send_file(data, "two.jpg", "image/jpeg")
    await person.reads("photos-repeats", count=1)
    await person.counted(1)


async def test_an_exact_copy_under_another_file_id_is_a_duplicate(
    sandbox: Sandbox, person: Person
) -> None:
    await person.to_photos()
    (sent,) = await person.send(pictures.photo())
    await person.counted(1)
    # What Telegram made of the photo, saved by the user and sent again as a file.
    saved = await sandbox.download(f"{sandbox.url}/sandbox/files/{sent['photo'][-1]['file_id']}")
    await person.send_file(saved, "saved.jpg", "image/jpeg")
    await refused(person, "duplicate", number="1")
    # Of one picture, one is enough, whatever a program has made of it.
    picture = Image.open(io.BytesIO(saved))
    smaller = pictures.encoded(picture.resize((540, 648)), "WEBP")
    await person.send_file(smaller, "smaller.webp", "image/webp")
    await person.sees("smaller.webp – the same picture as photo 1")
    await person.counted(1)


async def test_a_photo_sent_twice_is_counted_once_and_said(person: Person) -> None:
    await person.to_photos()
    data = pictures.photo()
    await person.send(data)
    await person.send(data)
    await person.reads("photos-repeats", count=1)
    await person.counted(1)


async def test_the_twenty_first_photo_is_refused_kindly(person: Person) -> None:
    await person.to_photos()
    await person.send(*pictures.photos(20))
    await person.counted(20)
    await person.send(pictures.photo())
    counter = await refused(person, "too_many", max=20)
    assert person.words("photo-number", number=21) in text_of(counter)
    await person.counted(20)


async def test_twenty_two_photos_at_once_keep_the_first_twenty(person: Person) -> None:
    await person.to_photos()
    await person.send(*pictures.photos(22))
    counter = await person.counted(20)
    assert person.words("photos-refused", count=2) in text_of(counter)
    assert "photo 21, photo 22 –" in text_of(counter)


async def test_remove_last_makes_room_and_start_over_empties(person: Person) -> None:
    await person.to_photos()
    await person.send(*pictures.photos(6))
    await person.counted(6)
    await person.press_action("photos:", "last")
    await person.counted(5)
    await person.press_action("photos:", "over")
    await person.press_action("photos:", "keep")
    await person.counted(5)
    await person.press_action("photos:", "over")
    await person.press_action("photos:", "all")
    await person.counted(0)
    await person.send(pictures.photo())
    await person.counted(1)


async def test_done_comes_with_the_fifth_photo(person: Person) -> None:
    await person.to_photos()
    await person.send(*pictures.photos(4))
    counter = await person.counted(4)
    done = person.words("photos-done")
    assert done not in str(counter["reply_markup"])
    training_id = str(counter["reply_markup"]).partition("photos:")[2].partition(":")[0]
    toast = await person.forge(f"photos:{training_id}:done")
    assert toast == person.words("error-too-few-photos", accepted=4, min=5)
    await person.send(pictures.photo())
    assert done in str((await person.counted(5))["reply_markup"])


async def test_done_pressed_at_once_is_followed_by_no_second_counter(person: Person) -> None:
    await person.to_mode()
    before = await person.last_id()
    # The counter is shown at most once a second: what it still had to show would come now.
    await person.press("go:cancel")
    await person.reads("cancelled-draft-kept", count=5)
    other = await person.sandbox.newcomer()
    await other.to_photos()
    await other.send(*pictures.photos(2))
    await other.counted(2)
    assert await person.from_bot(after=before) == []


async def test_a_long_strip_and_a_broken_photo_do_not_stop_the_good_ones(person: Person) -> None:
    await person.to_photos()
    files = [pictures.photo(width=520, height=5000), b"broken", *pictures.photos(5)]
    await person.send(*files, kind="document")
    counter = await person.counted(5)
    assert person.words("photos-refused", count=2) in text_of(counter)


async def test_an_album_in_which_all_is_wrong_lists_every_reason(person: Person) -> None:
    await person.to_photos()
    await person.send(*[pictures.photo(width=300 + n, height=400) for n in range(10)])
    counter = await person.reads("photos-refused", count=10)
    assert text_of(counter).count("too small") == 10


async def test_text_in_the_photo_step_says_what_is_expected(person: Person) -> None:
    await person.to_photos()
    before = await person.last_id()
    await person.say("is this enough?")
    assert person.words("expects-photos") in await person.answers(before)
