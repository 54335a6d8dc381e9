"""A picture in HD, enlarged: paid once, and the largest there is in full size."""

import io

import pytest
from PIL import Image

from tests.e2e.driver import Json, Person, Sandbox, data_of
from tests.e2e.processes import Process


async def file_of(person: Person, message: Json) -> bytes:
    """Return the bytes of the file in a message."""
    sandbox = person.sandbox
    return await sandbox.download(f"{sandbox.url}/sandbox/files/{message['document']['file_id']}")


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_an_hd_picture_is_enlarged_once_and_is_what_full_size_sends(
    bot: Process, sandbox: Sandbox, language: str
) -> None:
    del bot
    person = await sandbox.newcomer(language)
    await person.own_model()
    said = await person.say("/generate portrait photo --size hd")
    await person.gets_picture(after=said)
    await person.press("res:more:")
    toast = await person.press("pic:large:")
    assert toast == person.words("enlarging")
    sent = await person.gets_file(after=said)
    assert person.words("enlarged", width="2304", height="3072") in str(sent.get("caption"))
    with Image.open(io.BytesIO(await file_of(person, sent))) as opened:
        assert opened.size == (2304, 3072)
        assert b"DigitalSourceType" in opened.info["xmp"]
        assert b"trainedAlgorithmicMedia" in opened.info["xmp"]
        assert b"portrait photo" not in opened.info["xmp"]
    (job,) = await person.enlargements()
    assert job["charged_usd"] == pytest.approx(0.007)
    # A second press sends it again, and so does Full size; nothing more is paid.
    await person.press("pic:large:")
    await person.wait(
        lambda one: "document" in one and one["message_id"] > sent["message_id"], "it again"
    )
    await person.press("res:back:")
    before = await person.last_id()
    await person.press("pic:full:")
    full = await person.gets_file(after=before)
    assert full["document"]["file_unique_id"] == sent["document"]["file_unique_id"]
    assert len(await person.enlargements()) == 1


async def test_one_of_an_album_is_enlarged(person: Person) -> None:
    await person.own_model()
    said = await person.say("/generate portrait photo -n 2")
    await person.press("res:more:", after=said)
    await person.press("res:large:", after=said)
    choice = await person.sees_button("pic:large:", after=said)
    picked = data_of(choice, "pic:large:")[1]
    await person.toast(await person.tap(choice, picked))
    sent = await person.gets_file(after=said)
    with Image.open(io.BytesIO(await file_of(person, sent))) as opened:
        assert opened.size == (1536, 2048)
    (job,) = await person.enlargements()
    (generation,) = await person.generations()
    assert job["input"]["image_url"] == generation["files"][1]["url"]


async def test_what_cannot_be_enlarged_is_told_and_tried_again(
    person: Person, sandbox: Sandbox
) -> None:
    await person.own_model()
    said = await person.say("/generate portrait photo")
    await person.gets_picture(after=said)
    await sandbox.scenario(fail_generation="internal_server_error")
    await person.press("res:more:")
    await person.press("pic:large:")
    reason = person.words("failure-generator_failed")
    told = await person.sees(person.words("enlarge-failed", reason=reason), after=said)
    await sandbox.calm()
    await person.toast(await person.tap(told, "pic:large:"))
    await person.gets_file(after=told["message_id"])
    assert [job["charged_usd"] > 0 for job in await person.enlargements()] == [False, True]
