"""Files by address: Telegram fetches them itself, from this sandbox's fal and nowhere else."""

import io
from collections.abc import Awaitable, Callable

import aiohttp
import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramRetryAfter
from aiogram.types import BufferedInputFile, InputMediaDocument, InputMediaPhoto

from sandbox.server import RunningSandbox
from tests.sandbox.telegram.clients import USER, Person, Picture, RawApi

pytestmark = pytest.mark.usefixtures("chat")

Hosted = Callable[[bytes, str], Awaitable[str]]


@pytest.fixture
def hosted(sandbox: RunningSandbox, http: aiohttp.ClientSession) -> Hosted:
    async def host(data: bytes, name: str) -> str:
        """Upload to the sandbox's fal, as its clients do; gives the file's address."""
        async with http.post(
            f"{sandbox.fal_url}/rest/storage/upload/initiate?storage_type=fal-cdn-v3",
            headers={"Authorization": f"Key {sandbox.config.fal_key}"},
            json={"file_name": name, "content_type": "image/jpeg"},
        ) as response:
            places = await response.json()
        async with http.put(places["upload_url"], data=io.BytesIO(data)) as response:
            assert response.status == 200
        return str(places["file_url"])

    return host


async def test_photos_and_albums_are_fetched_from_the_sandboxs_fal(
    bot: Bot, person: Person, picture: Picture, hosted: Hosted
) -> None:
    first, second = await hosted(picture(), "a.jpg"), await hosted(picture(color="red"), "b.jpg")
    message = await bot.send_photo(USER, first, caption="one")
    assert message.photo is not None
    assert (message.photo[-1].width, message.photo[-1].height) == (640, 480)
    album = await bot.send_media_group(
        USER, [InputMediaPhoto(media=first), InputMediaPhoto(media=second)]
    )
    assert len({message.media_group_id for message in album}) == 1
    await bot.edit_message_media(
        InputMediaPhoto(media=second), chat_id=USER, message_id=message.message_id
    )
    fetches = await person.ask("GET", "calls", params={"service": "fal"})
    got = [call["path"] for call in fetches["calls"] if call["method"] == "GET"]
    assert len(got) == 4
    assert all(path.startswith("/fal/cdn/files/") for path in got)


@pytest.mark.parametrize(
    ("content", "alone", "in_album"),
    [
        (None, "failed to get HTTP URL content", "WEBPAGE_CURL_FAILED"),
        (bytes(5 * 1024 * 1024 + 1), "failed to get HTTP URL content", "WEBPAGE_CURL_FAILED"),
        (
            b"<!DOCTYPE html><p>Not here",
            "wrong type of the web page content",
            "WEBPAGE_MEDIA_EMPTY",
        ),
        (b"no picture at all", "wrong type of the web page content", "WEBPAGE_MEDIA_EMPTY"),
        (
            b"",
            "wrong file identifier/HTTP URL specified",
            "Wrong file identifier/HTTP URL specified",
        ),
    ],
    ids=["missing", "too large", "a page", "no picture", "empty"],
)
async def test_what_cannot_be_fetched_is_refused_in_the_servers_words(
    bot: Bot, picture: Picture, hosted: Hosted, content: bytes | None, alone: str, in_album: str
) -> None:
    good = await hosted(picture(), "good.jpg")
    bad = f"{good}.gone" if content is None else await hosted(content, "bad.jpg")
    with pytest.raises(TelegramBadRequest) as refused:
        await bot.send_photo(USER, bad)
    assert refused.value.message == f"Bad Request: {alone}"
    with pytest.raises(TelegramBadRequest) as wrapped:
        await bot.send_media_group(USER, [InputMediaPhoto(media=u) for u in (good, bad)])
    assert wrapped.value.message == (
        f'Bad Request: failed to send message #2 with the error message "{in_album}"'
    )


async def test_an_address_that_failed_fails_again_though_its_server_is_well_by_then(
    bot: Bot, person: Person, picture: Picture, hosted: Hosted
) -> None:
    address = await hosted(picture(), "late.jpg")
    await person.fault(service="fal", match="late.jpg", kind="status", status=503)
    for _ in range(2):
        with pytest.raises(TelegramBadRequest, match="failed to get HTTP URL content"):
            await bot.send_photo(USER, address)


@pytest.mark.parametrize(
    ("address", "refusal"),
    [
        ("https://example.org/a.jpg", "failed to get HTTP URL content"),
        ("http://localhost/a.jpg", "wrong HTTP URL specified"),
        ("ftp://example.org/a.jpg", "invalid file HTTP URL specified: Unsupported URL protocol"),
        (
            "http://example.org:port/a.jpg",
            "invalid file HTTP URL specified: Wrong port number specified in the URL",
        ),
        ("https://?a.jpg", "invalid file HTTP URL specified: URL host is empty"),
        ("data:image/jpeg;base64,AAAA", "wrong remote file identifier specified"),
    ],
)
async def test_an_address_that_is_none_is_refused(raw: RawApi, address: str, refusal: str) -> None:
    answer = await raw.refusal("sendPhoto", chat_id=USER, photo=address)
    assert answer.startswith(f"Bad Request: {refusal}")


async def test_of_documents_only_gif_pdf_and_zip_are_fetched(
    bot: Bot, picture: Picture, hosted: Hosted
) -> None:
    message = await bot.send_document(USER, await hosted(b"%PDF-1.7 ...", "paper.pdf"))
    assert message.document is not None
    assert message.document.mime_type == "application/pdf"
    assert str(message.document.file_name).endswith("paper.pdf")
    photo = await hosted(picture(), "a.jpg")
    with pytest.raises(TelegramBadRequest, match="wrong type of the web page content"):
        await bot.send_document(USER, photo)
    with pytest.raises(TelegramBadRequest, match="WEBPAGE_MEDIA_EMPTY"):
        await bot.send_media_group(USER, [InputMediaDocument(media=photo)] * 2)


async def test_albums_by_address_are_flooded_while_uploads_and_single_photos_pass(
    bot: Bot, person: Person, picture: Picture, hosted: Hosted
) -> None:
    await person.ask("PUT", "telegram/scenario", json={"albums_by_address_flood_s": 7})
    address = await hosted(picture(), "a.jpg")
    with pytest.raises(TelegramRetryAfter) as flooded:
        await bot.send_media_group(USER, [InputMediaPhoto(media=address)] * 2)
    assert flooded.value.retry_after == 7
    sent = await bot.send_photo(USER, address)
    assert sent.photo is not None
    known = InputMediaPhoto(media=sent.photo[-1].file_id)
    assert len(await bot.send_media_group(USER, [known, known])) == 2
    await person.ask("DELETE", "telegram/scenario")
    assert len(await bot.send_media_group(USER, [InputMediaPhoto(media=address)] * 2)) == 2


async def test_a_telegram_that_reaches_no_server_says_so_until_it_does(
    bot: Bot, person: Person, picture: Picture, hosted: Hosted
) -> None:
    address = await hosted(picture(), "a.jpg")
    await person.ask("PUT", "telegram/scenario", json={"fetches": False})
    with pytest.raises(TelegramBadRequest, match="failed to get HTTP URL content"):
        await bot.send_photo(USER, address)
    await person.ask("PUT", "telegram/scenario", json={"fetches": True})
    assert (await bot.send_photo(USER, address)).photo is not None
    answer = await person.ask("PUT", "telegram/scenario", 422, json={"fetchs": True})
    assert "fetchs" in answer["error"]


async def test_an_album_of_one_is_a_message_without_an_album(bot: Bot, picture: Picture) -> None:
    photo = await bot.send_photo(USER, BufferedInputFile(picture(), "a.jpg"))
    assert photo.photo is not None
    (message,) = await bot.send_media_group(USER, [InputMediaPhoto(media=photo.photo[-1].file_id)])
    assert message.media_group_id is None
