"""The bot is killed between each pair of side effects of each kind of paid job.

A side effect is an HTTP call. For each of them the bot is killed twice: when the call has left and
nothing was done, and when all was done and only the answer is missing.
"""

import pytest

from tests.e2e.driver import Person, Sandbox, eventually, text_of
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


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("call", TRAINING)
async def test_killed_in_a_training_the_bot_pays_once_and_delivers_the_model(
    bot: Process, sandbox: Sandbox, person: Person, call: str, moment: str
) -> None:
    await person.to_summary()
    await sandbox.clock("polls", 2)
    summary = await person.sees_button("start:")
    await person.tap(summary, "start:")
    await let_hang(sandbox, *TRAINING[call], moment)
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
    said = await owner.say("/generate portrait photo")
    await let_hang(sandbox, *GENERATION[call], moment)
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
