"""From START to a picture without a model, its change by a sentence, and the model after all."""

from collections.abc import Iterator

import pytest

from tests.e2e import pictures
from tests.e2e.driver import Json, Person, Sandbox, data_of, text_of
from tests.e2e.processes import Process, bot_process, start_bot

EDIT = "fal-ai/flux-2/edit"
KEEPING = "Keep the person's face and identity exactly the same."


@pytest.fixture(scope="module")
def server(own_server: str) -> str:
    """Its jobs are those of one test at a time."""
    return own_server


@pytest.fixture
def bot(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    process = bot_process(server, tmp_path_factory.mktemp("bot"))
    try:
        start_bot(process)
        yield process
        assert process.stop() == 0, process.printed()
    finally:
        process.kill()


async def edits(sandbox: Sandbox) -> list[Json]:
    """Return fal's records of edits, oldest first."""
    jobs = (await sandbox.ask("GET", "fal/jobs"))["jobs"]
    return [job for job in jobs if job["endpoint"] == EDIT]


async def made(person: Person, after: int) -> Json:
    """Wait for a picture that can be made again."""
    return await person.wait(
        lambda message: "photo" in message and bool(data_of(message, "res:again:")),
        "a picture with its buttons",
        after,
    )


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_a_photo_becomes_a_picture_is_changed_and_is_the_first_of_a_model(
    sandbox: Sandbox, language: str
) -> None:
    person = await sandbox.newcomer(language)
    said = await person.say("/start")
    await person.press("menu:try", after=said)
    await person.reads("try-send-photo", after=said)
    before = len(await edits(sandbox))
    await person.send(pictures.photo())
    await person.reads("photos-before-consent-try", after=said)
    await person.press("draft:agree")
    offer = await person.sees_button("try:make:", after=said)
    assert len(data_of(offer, "try:make:")) == 3
    toast = await person.toast(await person.tap(offer, "try:make:"))
    assert toast == person.words("try-coming")
    first = await made(person, offer["message_id"])
    assert person.words("try-next") in text_of(first)
    assert data_of(first, "menu:train")
    (job,) = (await edits(sandbox))[before:]
    assert job["input"]["prompt"].startswith("Make a new photo of the person in this one: ")
    assert job["input"]["prompt"].endswith(KEEPING)
    (address,) = job["input"]["image_urls"]
    assert address.endswith("_photo.jpg")

    await person.toast(await person.tap(first, "pic:change:"))
    await person.sees_button("edit:open:", after=first["message_id"])
    asked = await person.say("другой фон, вечер")
    changed = await made(person, asked)
    assert text_of(changed).startswith("другой фон, вечер\n")
    (_, second) = (await edits(sandbox))[before:]
    assert second["input"]["prompt"].isascii()
    assert second["input"]["prompt"].endswith(KEEPING)
    assert second["input"]["image_urls"] == [job["files"][0]["url"]]
    await person.toast(await person.tap(changed, "res:more:"))
    await person.press("pic:from:", after=asked)
    await person.reads("edit-original", after=asked)

    # The photo and its consent are in the draft: four more, and the model is trained on five.
    await person.toast(await person.tap(first, "menu:train"))
    await person.press("draft-left:continue", after=asked)
    said = await person.say(person.name)
    await person.press("subj:", after=said)
    await person.counted(1)
    await person.send(*pictures.photos(4))
    await person.from_photos_to_mode(5)
    await person.press_action("mode:", "economy")
    await person.press("start:")
    await person.told_ready()
    assert len(await person.trainings()) == 1


async def test_the_photo_counter_leads_there_too(person: Person) -> None:
    await person.to_photos()
    await person.send(pictures.photo())
    await person.counted(1)
    before = await person.last_id()
    await person.press("try:show")
    offer = await person.sees_button("try:make:", after=before)
    await person.toast(await person.tap(offer, "try:make:"))
    await made(person, before)
    assert len(await person.trainings()) == 0


async def test_a_second_tap_while_it_is_made_makes_no_second_one(
    sandbox: Sandbox, person: Person
) -> None:
    await person.to_photos()
    await person.send(pictures.photo())
    await person.counted(1)
    before = len(await edits(sandbox))
    await sandbox.scenario(stall=True)
    await person.press("try:show")
    offer = await person.sees_button("try:make:")
    for _ in range(3):
        await person.toast(await person.tap(offer, "try:make:"))
    await sandbox.scenario(stall=False)
    await made(person, offer["message_id"])
    assert len(await edits(sandbox)) == before + 1


async def test_a_photo_that_telegram_has_no_more_is_said_kindly(
    sandbox: Sandbox, person: Person
) -> None:
    await person.to_photos()
    await person.send(pictures.photo())
    await person.counted(1)
    await person.press("try:show")
    offer = await person.sees_button("try:make:")
    lost = {"ok": False, "error_code": 400, "description": "Bad Request: wrong file identifier"}
    await sandbox.fault("telegram", "getFile", "status", status=400, body=lost)
    await person.toast(await person.tap(offer, "try:make:"))
    await person.reads("edit-without-source", after=offer["message_id"])


async def test_a_picture_of_a_model_is_changed_by_one_tap(
    sandbox: Sandbox, person: Person
) -> None:
    await person.own_model()
    said = await person.say("/generate portrait photo")
    picture = await person.gets_picture(after=said)
    before = len(await edits(sandbox))
    await person.toast(await person.tap(picture, "pic:change:"))
    question = await person.sees_button("edit:open:", after=said)
    background = next(one for one in data_of(question, "edit:open:") if one.endswith("background"))
    await person.toast(await person.tap(question, background))
    night = await person.wait(
        lambda message: any(one.endswith(":night-city") for one in data_of(message, "edit:make:")),
        "the backgrounds",
        after=said,
    )
    choice = next(one for one in data_of(night, "edit:make:") if one.endswith(":night-city"))
    await person.toast(await person.tap(night, choice))
    changed = await made(person, question["message_id"])
    assert text_of(changed).startswith("Night city")
    (job,) = (await edits(sandbox))[before:]
    assert job["input"]["prompt"].startswith("Replace the background with a city street at night")
    said = await person.say("/gallery")
    page = await person.sees_button("gal:", after=said)
    assert person.name in text_of(page)
    await person.toast(await person.tap(page, "pic:change:"))


async def test_a_lost_submit_is_found_again_and_nothing_is_paid_twice(
    sandbox: Sandbox, person: Person
) -> None:
    await person.own_model()
    said = await person.say("/generate portrait photo")
    picture = await person.gets_picture(after=said)
    before = len(await edits(sandbox))
    await sandbox.fault("fal", "flux-2/edit", "drop_after", times=1)
    await person.toast(await person.tap(picture, "pic:change:"))
    asked = await person.say("at the sea")
    await made(person, asked)
    assert len(await edits(sandbox)) == before + 1
