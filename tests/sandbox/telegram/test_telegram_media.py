"""Photos, documents, albums and files, from people and from the bot."""

import io
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import aiohttp
import pillow_heif
import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import BufferedInputFile, Downloadable, InputMediaDocument, InputMediaPhoto
from PIL import Image

from sandbox.server import RunningSandbox, SandboxConfig, running_sandbox
from sandbox.telegram.files import FileStore, Media, MediaKind, StoredFile
from tests.sandbox.telegram.clients import USER, Drain, Person, Picture, RawApi


def with_exif(width: int = 400, height: int = 200) -> bytes:
    image = Image.new("RGB", (width, height), "green")
    exif = image.getexif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "Camera maker"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, comment="Ann at home")
    return out.getvalue()


async def downloaded(bot: Bot, file: Downloadable) -> bytes:
    stream = await bot.download(file)
    assert stream is not None
    return stream.read()


async def test_a_persons_photo_is_reencoded_in_a_ladder_without_metadata(
    bot: Bot, person: Person, drain: Drain
) -> None:
    original = with_exif(3000, 1500)
    await person.send(original, caption="me /start")
    message = (await drain(bot))[0].message
    assert [(p.width, p.height) for p in message.photo] == [
        (45, 90),
        (160, 320),
        (400, 800),
        (640, 1280),
    ]
    assert message.caption == "me /start"
    assert message.caption_entities[0].type == "bot_command"
    assert message.document is None
    data = await downloaded(bot, message.photo[-1])
    assert data != original
    with Image.open(io.BytesIO(data)) as image:
        assert (image.format, image.size, dict(image.getexif())) == ("JPEG", (640, 1280), {})
        assert {"comment", "exif", "icc_profile", "xmp"} & image.info.keys() == set()
    assert len(data) == message.photo[-1].file_size


async def test_small_photos_are_not_scaled_up(person: Person, picture: Picture) -> None:
    (message,) = await person.send(picture(420, 320))
    assert [p["width"] for p in message["photo"]] == [90, 320, 420]
    (message,) = await person.send(picture(60, 60))
    assert [p["width"] for p in message["photo"]] == [60]


async def test_a_document_keeps_its_bytes_name_and_type(
    bot: Bot, person: Person, drain: Drain
) -> None:
    original = with_exif()
    await person.send(original, kind="document", name="Фото 1.jpg")
    document = (await drain(bot))[0].message.document
    assert (document.file_name, document.mime_type) == ("Фото 1.jpg", "image/jpeg")
    assert document.thumbnail is not None
    assert (document.thumbnail.width, document.thumbnail.height) == (160, 320)
    assert await downloaded(bot, document) == original


async def test_several_files_are_albums_of_up_to_ten(
    bot: Bot, person: Person, picture: Picture, drain: Drain
) -> None:
    await person.send(*[picture(100 + n, 100) for n in range(12)], caption="all of them")
    messages = [update.message for update in await drain(bot)]
    groups = [message.media_group_id for message in messages]
    assert groups == [groups[0]] * 10 + [groups[-1]] * 2
    assert isinstance(groups[0], str)
    assert groups[0] != groups[-1]
    assert [message.caption for message in messages] == ["all of them"] + [None] * 11
    ids = [message.message_id for message in messages]
    assert ids == sorted(set(ids))


async def test_what_cannot_be_decoded_is_no_photo_but_a_fine_file(person: Person) -> None:
    refused = await person.upload(b"not a picture", expect=400)
    assert "cannot be decoded" in refused["error"]
    (message,) = await person.send(b"%PDF-1.7", kind="document", name="a.pdf", mime="")
    assert message["document"]["mime_type"] == "application/pdf"
    assert "thumbnail" not in message["document"]


async def test_clients_send_gifs_videos_and_narrow_pictures_their_own_way(
    person: Person, picture: Picture
) -> None:
    (gif,) = await person.send(picture(kind="GIF"), name="a.gif", mime="image/gif")
    assert gif["animation"]["file_id"] == gif["document"]["file_id"]
    (video,) = await person.send(b"....ftyp", name="a.mp4", mime="video/mp4")
    assert video["video"]["mime_type"] == "video/mp4"
    (narrow,) = await person.send(picture(2000, 50))
    assert "document" in narrow


async def test_heic_arrives_as_a_photo_or_untouched(person: Person) -> None:
    out = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (300, 200), "red")).save(out)
    (photo,) = await person.send(out.getvalue(), name="a.heic", mime="")
    assert [p["width"] for p in photo["photo"]] == [90, 300]
    (file,) = await person.send(out.getvalue(), kind="document", name="a.heic", mime="")
    assert file["document"]["mime_type"] == "image/heic"


async def test_ids_are_opaque_and_unique_ids_stable(
    bot: Bot, person: Person, picture: Picture
) -> None:
    data = picture()
    first, second = [(await person.send(data))[0]["photo"] for _ in range(2)]
    ids = [size["file_id"] for size in first + second]
    assert len(set(ids)) == 6
    assert [s["file_unique_id"] for s in first] == [s["file_unique_id"] for s in second]
    assert len({size["file_unique_id"] for size in first}) == 3
    again = await bot.send_photo(1001, first[0]["file_id"])
    assert again.photo is not None
    assert [s.file_unique_id for s in again.photo] == [s["file_unique_id"] for s in first]


async def test_the_bots_photo_is_reencoded_too(bot: Bot, chat: int, picture: Picture) -> None:
    png = BufferedInputFile(picture(1500, 900, kind="PNG"), "a.png")
    message = await bot.send_photo(chat, png)
    assert message.photo is not None
    assert [p.width for p in message.photo] == [90, 320, 800, 1280]
    file = await bot.get_file(message.photo[-1].file_id)
    assert file.file_path == "photos/file_0.jpg"


async def test_the_bots_document_keeps_its_bytes(bot: Bot, chat: int, picture: Picture) -> None:
    png = picture(kind="PNG")
    message = await bot.send_document(chat, BufferedInputFile(png, "моё фото.png"), caption="c")
    assert message.document is not None
    assert message.document.file_name == "моё фото.png"
    file = await bot.get_file(message.document.file_id)
    assert (file.file_path, message.document.mime_type) == ("documents/file_0.png", "image/png")
    assert await downloaded(bot, message.document) == png


@pytest.mark.parametrize(
    ("sides", "refusal"),
    [((9000, 1001), "PHOTO_INVALID_DIMENSIONS"), ((2100, 100), "PHOTO_INVALID_DIMENSIONS")],
)
async def test_photos_of_bad_sides_are_refused(
    bot: Bot, chat: int, picture: Picture, sides: tuple[int, int], refusal: str
) -> None:
    with pytest.raises(TelegramBadRequest, match=refusal):
        await bot.send_photo(chat, BufferedInputFile(picture(*sides), "a.jpg"))


async def test_photos_that_are_none_or_too_large_are_refused(bot: Bot, chat: int) -> None:
    with pytest.raises(TelegramBadRequest, match="IMAGE_PROCESS_FAILED"):
        await bot.send_photo(chat, BufferedInputFile(b"no", "a.jpg"))
    with pytest.raises(TelegramBadRequest, match="PHOTO_SAVE_FILE_INVALID"):
        await bot.send_photo(chat, BufferedInputFile(bytes(10 * 2**20 + 1), "a.jpg"))
    with pytest.raises(TelegramBadRequest, match="file must be non-empty"):
        await bot.send_document(chat, BufferedInputFile(b"", "a.bin"))


async def test_files_change_no_type(bot: Bot, raw: RawApi, chat: int, picture: Picture) -> None:
    photo = await bot.send_photo(chat, BufferedInputFile(picture(), "a.jpg"))
    document = await bot.send_document(chat, BufferedInputFile(picture(), "a.jpg"))
    assert photo.photo is not None
    assert document.document is not None
    assert document.document.thumbnail is not None
    for method, kind, file_id, refusal in (
        (
            "sendDocument",
            "document",
            photo.photo[0].file_id,
            "can't use file of type Photo as Document",
        ),
        (
            "sendPhoto",
            "photo",
            document.document.file_id,
            "can't use file of type Document as Photo",
        ),
        (
            "sendPhoto",
            "photo",
            document.document.thumbnail.file_id,
            "can't use file of type Thumbnail as Photo",
        ),
        ("sendPhoto", "photo", "a.b", "failed to get HTTP URL content"),
        ("sendPhoto", "photo", "", "there is no photo in the request"),
        ("sendDocument", "document", "", "there is no document in the request"),
    ):
        said = await raw.refusal(method, chat_id=chat, **{kind: file_id})
        assert said == f"Bad Request: {refusal}"
    said = await raw.refusal("sendPhoto", chat_id=chat, photo="AgACxyz")
    assert said.startswith("Bad Request: wrong remote file identifier specified")


async def test_get_file_gives_up_to_20_mb(
    bot: Bot, raw: RawApi, person: Person, drain: Drain
) -> None:
    await person.send(bytes(20 * 2**20 + 1), kind="document", name="big.bin")
    document = (await drain(bot))[0].message.document
    assert document.file_size == 20 * 2**20 + 1
    said = await raw.refusal("getFile", file_id=document.file_id)
    assert said == "Bad Request: file is too big"
    assert await raw.refusal("getFile", file_id="x") == "Bad Request: invalid file_id"
    assert await raw.refusal("getFile") == "Bad Request: file_id not specified"


async def test_an_album_shares_a_group_and_a_caption(
    bot: Bot, chat: int, picture: Picture
) -> None:
    known = await bot.send_photo(chat, BufferedInputFile(picture(), "a.jpg"))
    assert known.photo is not None
    messages = await bot.send_media_group(
        chat,
        [
            InputMediaPhoto(media=BufferedInputFile(picture(), "a.jpg"), caption="c"),
            InputMediaPhoto(media=known.photo[-1].file_id),
        ],
    )
    first, second = messages
    assert first.media_group_id == second.media_group_id
    assert (first.caption, second.caption) == ("c", None)
    assert second.message_id > first.message_id


async def test_albums_of_a_wrong_make_are_refused(
    bot: Bot, raw: RawApi, chat: int, picture: Picture
) -> None:
    photo = InputMediaPhoto(media=BufferedInputFile(picture(), "a.jpg"))
    document = InputMediaDocument(media=BufferedInputFile(picture(), "a.jpg"))
    broken = InputMediaPhoto(media=BufferedInputFile(b"no", "a.jpg"))
    albums: list[tuple[list[Any], str]] = [
        ([photo] * 11, "too many messages to send as an album"),
        ([photo, document], "can't be mixed with other media types"),
        (
            [photo, broken],
            'failed to send message #2 with the error message "IMAGE_PROCESS_FAILED"',
        ),
    ]
    for media, refusal in albums:
        with pytest.raises(TelegramBadRequest, match=refusal):
            await bot.send_media_group(chat, media)
    for given, refusal in (
        ("{", "can't parse media JSON object"),
        ("{}", "expected an Array of InputMedia"),
        ("[]", "there are no messages to send"),
        ("[1, 2]", "can't parse InputMedia: expected an Object"),
        (
            json.dumps([{"type": "animation", "media": "x"}] * 2),
            "can't parse InputMedia: type \"animation\" can't be used in sendMediaGroup",
        ),
        (json.dumps([{"type": "photo"}] * 2), "can't parse InputMedia: media not found"),
    ):
        said = await raw.refusal("sendMediaGroup", chat_id=chat, media=given)
        assert said == f"Bad Request: {refusal}"


async def test_the_page_gets_the_bytes_of_any_file(
    sandbox: RunningSandbox, http: aiohttp.ClientSession, person: Person
) -> None:
    (message,) = await person.send(
        b"<script>alert(1)</script>", kind="document", name="a.html", mime="text/html"
    )
    url = f"{sandbox.url}/sandbox/files/{message['document']['file_id']}"
    async with http.get(url, params={"download": 'моё "фото".html'}) as response:
        assert await response.read() == b"<script>alert(1)</script>"
        assert response.content_type == "text/html"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in response.headers["Content-Security-Policy"]
        assert response.headers["Content-Disposition"].startswith("attachment; filename=")
    async with http.get(f"{sandbox.url}/sandbox/files/nothing") as response:
        assert response.status == 404


async def test_ten_drawn_portraits_arrive_as_an_album(person: Person) -> None:
    answer = await person.ask("POST", "chats/1001/sample", json={"character": 1, "count": 3})
    groups = {message["media_group_id"] for message in answer["messages"]}
    assert len(groups) == 1
    assert len(answer["messages"]) == 3
    await person.ask("POST", "chats/1001/sample", 400, json={"character": 7})


@pytest.fixture
async def small_sandbox(config: SandboxConfig) -> AsyncIterator[RunningSandbox]:
    telegram = replace(config.telegram, max_kept_bytes=5000)
    async with running_sandbox(replace(config, telegram=telegram)) as running:
        yield running


async def test_the_files_shown_longest_ago_are_forgotten(
    small_sandbox: RunningSandbox, http: aiohttp.ClientSession
) -> None:
    person, raw = Person(http, small_sandbox.url), RawApi(http, small_sandbox)
    await person.write("/start")
    first = (await person.send(b"a" * 3000, kind="document", name="a.bin"))[0]["document"]
    second = (await person.send(b"b" * 1500, kind="document", name="b.bin"))[0]["document"]
    path = (await raw("getFile", file_id=first["file_id"]))["result"]["file_path"]
    # Shown again, so that the second one is now the older.
    await raw("sendDocument", chat_id=USER, document=first["file_id"])
    await person.send(b"c" * 1000, kind="document", name="c.bin")
    said = await raw.refusal("getFile", file_id=second["file_id"])
    assert said == "Bad Request: wrong file_id or the file is temporarily unavailable"
    said = await raw.refusal("sendDocument", chat_id=USER, document=second["file_id"])
    assert said == "Bad Request: wrong file_id or the file is temporarily unavailable"
    await raw("getFile", file_id=first["file_id"])
    await person.send(b"d" * 4500, kind="document", name="d.bin")
    async with http.get(raw.base.replace("/bot", "/file/bot") + f"/{path}") as response:
        assert response.status == 404
    sizes = [m["document"]["file_size"] for m in await person.messages() if "document" in m]
    assert sizes == [3000, 1500, 3000, 1000, 4500]


def test_file_ids_are_bounded() -> None:
    store = FileStore(max_ids=3)
    media = Media(MediaKind.DOCUMENT, StoredFile(b"x", "u", "text/plain", ".txt"))
    ids = [store.show(media)["document"]["file_id"] for _ in range(4)]
    assert [store.find(file_id) is not None for file_id in ids] == [False, True, True, True]
