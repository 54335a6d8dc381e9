"""Faults of the services and of the way to them, ridden out."""

import pytest

from tests.e2e import pictures
from tests.e2e.driver import NEVER, Person, Sandbox, eventually


async def test_a_flood_limit_on_edits_is_waited_out(sandbox: Sandbox, person: Person) -> None:
    await sandbox.fault("telegram", "editMessageText", "flood", seconds=1, times=3)
    await person.start_training()
    await person.told_ready()
    assert await person.times_told_ready() == 1
    assert await sandbox.faults() == []


async def test_a_flood_limit_on_the_counter_is_waited_out(
    sandbox: Sandbox, person: Person
) -> None:
    await person.to_photos()
    await person.send(pictures.photo())
    await person.counted(1)
    await sandbox.fault("telegram", "editMessageText", "flood", seconds=2)
    await person.send(*pictures.photos(4))
    await person.counted(5)


@pytest.mark.parametrize("kind", ["status", "html", "drop_before"])
async def test_a_telegram_that_stumbles_over_the_good_news_gets_it_again(
    sandbox: Sandbox, person: Person, kind: str
) -> None:
    await sandbox.clock("polls", NEVER)
    await person.start_training()
    await person.sees("🧠")
    await sandbox.fault("telegram", "sendMessage", kind, times=2)
    await sandbox.clock("immediate")
    await person.told_ready()
    assert await sandbox.faults() == []
    assert await person.times_told_ready() == 1


async def test_the_picture_is_delivered_though_telegram_stumbles(
    sandbox: Sandbox, owner: Person
) -> None:
    before = len(await owner.generations())
    await sandbox.fault("telegram", "sendPhoto", "html", times=2)
    said = await owner.say("/generate portrait photo")
    await owner.gets_picture(after=said)
    await owner.answers(0)
    assert len(await owner.pictures(after=said)) == 1
    assert len(await owner.generations()) == before + 1


# To replicas Telegram pushes.
@pytest.mark.one_bot
@pytest.mark.parametrize("kind", ["status", "html", "drop_before"])
async def test_failing_polls_of_telegram_lose_no_message(
    sandbox: Sandbox, person: Person, kind: str
) -> None:
    await sandbox.fault("telegram", "getUpdates", kind, times=2)
    said = await person.say("/help")
    await person.sees("\n/cancel ", after=said)


@pytest.mark.parametrize(
    ("match", "kind"),
    [
        ("getFile", "status"),
        ("getFile", "html"),
        ("getFile", "drop_before"),
        ("GET /file/", "status"),
        ("GET /file/", "html"),
        ("GET /file/", "drop_before"),
        ("GET /file/", "drop_after"),
    ],
)
async def test_a_photo_whose_download_fails_once_is_accepted(
    sandbox: Sandbox, person: Person, match: str, kind: str
) -> None:
    await person.to_photos()
    await sandbox.fault("telegram", match, kind)
    await person.send(*pictures.photos(2))
    await person.counted(2)
    assert await sandbox.faults() == []


async def test_a_photo_that_fails_when_it_is_packed_is_fetched_again(
    sandbox: Sandbox, person: Person
) -> None:
    await person.to_summary()
    await sandbox.fault("telegram", "GET /file/", "status")
    await person.press("start:")
    await person.told_ready()
    assert len(await person.trainings()) == 1


@pytest.mark.parametrize(
    ("match", "fault"),
    [
        ("/status", {"kind": "status", "status": 500}),
        ("/status", {"kind": "status", "status": 429}),
        ("/status", {"kind": "status", "status": 404}),
        ("/status", {"kind": "html", "status": 502}),
        ("/status", {"kind": "drop_before"}),
    ],
)
async def test_failing_polls_of_fal_are_ridden_out(
    sandbox: Sandbox, person: Person, match: str, fault: dict[str, object]
) -> None:
    await sandbox.clock("polls", 3)
    await person.to_summary()
    await sandbox.fault("fal", match, str(fault.pop("kind")), times=2, **fault)
    await person.press("start:")
    await person.told_ready()
    assert await sandbox.faults() == []
    assert len(await person.trainings()) == 1


@pytest.mark.parametrize("match", ["/fal/rest/", "/fal/cdn/"])
@pytest.mark.parametrize("kind", ["drop_before", "html"])
async def test_a_failing_upload_is_tried_again(
    sandbox: Sandbox, person: Person, match: str, kind: str
) -> None:
    await person.to_summary()
    await sandbox.fault("fal", f"POST {match}", kind)
    await person.press("start:")
    await person.told_ready()
    assert len(await person.trainings()) == 1


@pytest.mark.parametrize("kind", ["drop_before", "status", "html"])
async def test_a_result_that_is_hard_to_get_is_got(
    sandbox: Sandbox, person: Person, kind: str
) -> None:
    await sandbox.clock("polls", NEVER)
    await person.start_training()
    job = await person.one_training("IN_PROGRESS")
    await sandbox.clock("immediate")

    async def done() -> bool | None:
        return (await person.one_training())["state"] == "COMPLETED" or None

    await sandbox.fault("fal", f"{job['request_id']} ", kind, times=1)
    await eventually(done, "the end at fal")
    await person.told_ready()
    assert await person.times_told_ready() == 1


async def test_a_picture_that_fails_to_download_once_is_delivered(
    sandbox: Sandbox, owner: Person
) -> None:
    before = len(await owner.generations())
    await sandbox.fault("fal", "GET /fal/cdn/files/", "drop_before")
    said = await owner.say("/generate portrait photo")
    await owner.gets_picture(after=said)
    assert len(await owner.generations()) == before + 1


async def test_busy_fal_takes_the_submit_later(sandbox: Sandbox, person: Person) -> None:
    await sandbox.scenario(submit_error=429)
    await person.start_training()

    async def refused() -> bool | None:
        calls = await sandbox.calls("fal", "POST /fal/queue/")
        return any(call["status"] == 429 for call in calls) or None

    await eventually(refused, "a refused submit", tell=person.story)
    await sandbox.scenario(submit_error=None)
    await person.told_ready()
    assert len(await person.trainings()) == 1


async def test_a_user_who_blocked_the_bot_gets_the_model_after_unblocking(
    sandbox: Sandbox, person: Person
) -> None:
    await sandbox.clock("polls", NEVER)
    await person.start_training()
    await person.sees("🧠")
    await sandbox.ask("PATCH", f"users/{person.id}", json={"blocked": True})
    await sandbox.clock("immediate")

    async def done() -> bool | None:
        return (await person.one_training())["state"] == "COMPLETED" or None

    await eventually(done, "the end at fal")
    assert await person.times_told_ready() == 0
    await sandbox.ask("PATCH", f"users/{person.id}", json={"blocked": False})
    await person.say("/models")
    await person.told_ready()
    assert await person.times_told_ready() == 1
