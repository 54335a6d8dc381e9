"""A model is lent by a link, used by somebody else and taken back; the bot may be killed."""

import pytest

from tests.e2e.driver import Person, Sandbox
from tests.e2e.killing import MOMENTS, PATIENCE_S, kill_there, let_hang
from tests.e2e.lending import borrow, lend, lent, sees_uses
from tests.e2e.processes import Process

CALLS = {
    "the submit": ("fal", "POST /fal/queue/fal-ai/flux-lora"),
    "the status": ("fal", "/status"),
    "the result": ("fal", "GET /fal/queue/fal-ai/flux-lora/requests/"),
    "the picture": ("telegram", "/sendPhoto"),
    "the removal of the status": ("telegram", "/deleteMessage"),
}


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_a_model_is_lent_used_and_taken_back(sandbox: Sandbox, language: str) -> None:
    owner, borrower, late = [await sandbox.newcomer(language) for _ in range(3)]
    await owner.own_model()
    word = (await owner.one_training())["input"]["trigger_word"]
    link = await lend(owner)
    said = await owner.last_id()
    await borrow(borrower, link)
    await owner.reads("loan-news-accepted", after=said, who="Ann", name=owner.name)
    await late.say(link)
    await late.reads("error-loan-gone")

    before = len(await owner.generations())
    said = await borrower.say("/generate reading in a library")
    await borrower.gets_picture(after=said)
    (job,) = (await owner.generations())[before:]
    assert job["input"]["prompt"] == f"{word}, reading in a library"
    (lora,) = job["input"]["loras"]
    assert lora["path"] in [file["url"] for file in (await owner.one_training())["files"]]
    assert await owner.pictures(after=said) == []

    card = await sees_uses(owner, 1)
    assert card.endswith("reading in a library")
    said = await borrower.last_id()
    assert await owner.press_action("loan:", "end") == owner.words("lend-ended")
    await borrower.reads("loan-news-withdrawn", after=said, name=owner.name)
    said = await borrower.say("/generate reading in a library")
    await borrower.reads("error-loan-over", after=said)
    assert len(await owner.generations()) == before + 1


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("call", CALLS)
async def test_killed_in_a_borrowed_order_the_bot_pays_and_counts_once(
    bot: Process, sandbox: Sandbox, owner: Person, call: str, moment: str
) -> None:
    borrower = await sandbox.newcomer()
    await lent(owner, borrower)
    before = len(await owner.generations())
    await sandbox.clock("polls", 2)
    await let_hang(sandbox, *CALLS[call], moment)
    said = await borrower.say("/generate portrait photo")
    await kill_there(sandbox, bot)
    if (call, moment) == ("the submit", "before"):
        # Whether fal has it nobody can be sure, so the picture stays held.
        await borrower.reads("generation-in-doubt", after=said, patience_s=PATIENCE_S)
        assert len(await owner.generations()) == before
        await sees_uses(owner, 1)
        await owner.press_action("loan:", "end")
        return
    await borrower.wait(lambda message: "photo" in message, "a picture", said, PATIENCE_S)
    await borrower.answers(0)
    assert len(await owner.generations()) == before + 1
    allowed = {1, 2} if (call, moment) == ("the picture", "after") else {1}
    assert len(await borrower.pictures(after=said)) in allowed
    await sees_uses(owner, 1)
    await owner.press_action("loan:", "end")
