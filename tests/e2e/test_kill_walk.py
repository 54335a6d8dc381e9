"""The bot is killed between each pair of side effects of each kind of paid job.

A side effect is an HTTP call. For each of them the bot is killed twice: when the call has left and
nothing was done, and when all was done and only the answer is missing.
"""

import pytest

from tests.e2e import pictures
from tests.e2e.driver import Json, Person, Sandbox, data_of, eventually, text_of
from tests.e2e.killing import MOMENTS, PATIENCE_S, kill_there, let_hang
from tests.e2e.processes import Process

TRAINING = {
    "a photo's address": ("telegram", "/getFile"),
    "a photo": ("telegram", "GET /file/"),
    "the storage token": ("fal", "POST /fal/rest/storage/auth/token"),
    "the upload": ("fal", "POST /fal/cdn/files/upload"),
    "the submit": ("fal", "POST /fal/queue/fal-ai/flux-lora-fast-training"),
    "the status": ("fal", "/status"),
    "the result": ("fal", "GET /fal/queue/fal-ai/flux-lora-fast-training/requests/"),
    "the message at the end": ("telegram", "/sendMessage"),
}
GENERATION = {
    "the message at the start": ("telegram", "/sendMessage"),
    "the submit": ("fal", "POST /fal/queue/fal-ai/flux-lora"),
    "the status": ("fal", "/status"),
    "the result": ("fal", "GET /fal/queue/fal-ai/flux-lora/requests/"),
    "the download": ("fal", "_0.jpg"),
    "the picture": ("telegram", "/sendPhoto"),
    "the removal of the status": ("telegram", "/deleteMessage"),
}


ENLARGEMENT = {
    "the submit": ("fal", "POST /fal/queue/fal-ai/seedvr/upscale/image"),
    "the status": ("fal", "/status"),
    "the result": ("fal", "GET /fal/queue/fal-ai/seedvr/requests/"),
    "the file": ("telegram", "/sendDocument"),
}


EDIT = {
    "the submit": ("fal", "POST /fal/queue/fal-ai/flux-2/edit"),
    "the status": ("fal", "/status"),
    "the result": ("fal", "GET /fal/queue/fal-ai/flux-2/requests/"),
    "the picture": ("telegram", "/sendPhoto"),
}
EDIT_OF_PHOTO = {
    "the photo's address": ("telegram", "/getFile"),
    "the photo": ("telegram", "GET /file/"),
    "the storage token": ("fal", "POST /fal/rest/storage/auth/token"),
    "the upload": ("fal", "POST /fal/cdn/files/upload"),
    **EDIT,
}


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("call", TRAINING)
async def test_killed_in_a_training_the_bot_pays_once_and_delivers_the_model(
    bot: Process, sandbox: Sandbox, person: Person, call: str, moment: str
) -> None:
    await person.to_summary()
    await sandbox.clock("polls", 2)
    summary = await person.sees_button("start:")
    await let_hang(sandbox, *TRAINING[call], moment)
    await person.tap(summary, "start:")
    await kill_there(sandbox, bot)
    if (call, moment) == ("the submit", "before"):
        # fal got nothing, and nobody can be sure: the user is told, and nothing is sent again.
        await person.reads("training-in-doubt", name=person.name, patience_s=PATIENCE_S)
        assert not await person.trainings()
        return
    await person.told_ready(patience_s=PATIENCE_S)
    await person.answers(0)
    assert len(await person.trainings()) == 1
    # Telegram knows no repeat: a message whose answer was never received is sent again.
    allowed = {1, 2} if (call, moment) == ("the message at the end", "after") else {1}
    assert await person.times_told_ready() in allowed


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("call", GENERATION)
async def test_killed_in_a_generation_the_bot_pays_once_and_delivers_the_picture(
    bot: Process, sandbox: Sandbox, owner: Person, call: str, moment: str
) -> None:
    before = len(await owner.generations())
    await sandbox.clock("polls", 2)
    await let_hang(sandbox, *GENERATION[call], moment)
    said = await owner.say("/generate portrait photo")
    await kill_there(sandbox, bot)
    if (call, moment) == ("the submit", "before"):
        await owner.reads("generation-in-doubt", after=said, patience_s=PATIENCE_S)
        assert len(await owner.generations()) == before
        return

    doubt = owner.words("generation-in-doubt")

    async def picture_or_doubt() -> object:
        # The submit leaves beside the message at the start, and the kill may have cut it off.
        texts = [text_of(message) for message in await owner.from_bot(said)]
        if call == "the message at the start" and doubt in texts:
            return doubt
        return await owner.pictures(after=said) or None

    end = await eventually(picture_or_doubt, "a picture", PATIENCE_S, owner.story)
    if end == doubt:
        assert len(await owner.generations()) == before
        return
    await owner.answers(0)
    assert len(await owner.generations()) == before + 1
    allowed = {1, 2} if (call, moment) == ("the picture", "after") else {1}
    assert len(await owner.pictures(after=said)) in allowed


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("call", ENLARGEMENT)
async def test_killed_in_an_enlargement_the_bot_pays_once_and_delivers_the_file(
    bot: Process, sandbox: Sandbox, owner: Person, call: str, moment: str
) -> None:
    before = len(await owner.enlargements())
    said = await owner.say("/generate portrait photo")
    await owner.gets_picture(after=said)
    await owner.press("res:more:", after=said)
    await sandbox.clock("polls", 2)
    # The submit leaves behind the press, perhaps before its answer is here.
    await let_hang(sandbox, *ENLARGEMENT[call], moment)
    await owner.press("pic:large:", after=said)
    await kill_there(sandbox, bot)
    if (call, moment) == ("the submit", "before"):
        await owner.reads("generation-in-doubt", after=said, patience_s=PATIENCE_S)
        assert len(await owner.enlargements()) == before
        return
    await owner.gets_file(after=said, patience_s=PATIENCE_S)
    await owner.answers(0)
    assert len(await owner.enlargements()) == before + 1
    allowed = {1, 2} if (call, moment) == ("the file", "after") else {1}
    assert len(await owner.files(after=said)) in allowed


async def edits(sandbox: Sandbox) -> list[Json]:
    jobs = (await sandbox.ask("GET", "fal/jobs"))["jobs"]
    return [job for job in jobs if job["endpoint"] == "fal-ai/flux-2/edit"]


async def is_edited_once(
    sandbox: Sandbox, person: Person, after: int, before: int, call: str, moment: str
) -> None:
    """Check that a picture has come and was paid for once, or that its user was told why not."""
    if (call, moment) == ("the submit", "before"):
        await person.reads("generation-in-doubt", after=after, patience_s=PATIENCE_S)
        assert len(await edits(sandbox)) == before
        return

    def is_result(message: Json) -> bool:
        return "photo" in message and bool(data_of(message, "res:again:"))

    await person.wait(is_result, "an edited picture", after, PATIENCE_S)
    await person.answers(0)
    assert len(await edits(sandbox)) == before + 1
    made = [message for message in await person.from_bot(after) if is_result(message)]
    allowed = {1, 2} if (call, moment) == ("the picture", "after") else {1}
    assert len(made) in allowed


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("call", EDIT)
async def test_killed_in_a_change_the_bot_pays_once_and_delivers_the_picture(
    bot: Process, sandbox: Sandbox, owner: Person, call: str, moment: str
) -> None:
    said = await owner.say("/generate portrait photo")
    picture = await owner.gets_picture(after=said)
    before = len(await edits(sandbox))
    await owner.toast(await owner.tap(picture, "pic:change:"))
    question = await owner.sees_button("edit:make:", after=said)
    await sandbox.clock("polls", 2)
    await let_hang(sandbox, *EDIT[call], moment)
    # Retouch; the submit leaves behind the press, perhaps before its answer is here.
    retouch = next(one for one in data_of(question, "edit:make:") if one.endswith(":retouch"))
    await owner.tap(question, retouch)
    await kill_there(sandbox, bot)
    await is_edited_once(sandbox, owner, question["message_id"], before, call, moment)


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("call", EDIT_OF_PHOTO)
async def test_killed_in_a_first_picture_the_bot_pays_once_and_delivers_it(
    bot: Process, sandbox: Sandbox, person: Person, call: str, moment: str
) -> None:
    await person.to_photos()
    await person.send(pictures.photo())
    await person.counted(1)
    before = len(await edits(sandbox))
    await person.press("try:show")
    offer = await person.sees_button("try:make:")
    await sandbox.clock("polls", 2)
    await let_hang(sandbox, *EDIT_OF_PHOTO[call], moment)
    await person.tap(offer, "try:make:")
    await kill_there(sandbox, bot)
    await is_edited_once(sandbox, person, offer["message_id"], before, call, moment)
