"""Trainings that fail, are cancelled, or are started twice."""

import pytest

from tests.e2e import pictures
from tests.e2e.driver import NEVER, Json, Person, Sandbox, data_of, eventually, labels_of, text_of


async def retried(person: Person, answer: Json) -> Json:
    """Press Try again, and give fal's record of the training that follows."""
    count = len(await person.trainings())
    await person.toast(await person.tap(answer, "tr:"))

    async def look() -> Json | None:
        jobs = await person.trainings()
        return jobs[-1] if len(jobs) > count else None

    return await eventually(look, "another training at fal", tell=person.story)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        ("invalid_archive", "photos_rejected"),
        ("face_detection_error", "photos_rejected"),
        ("internal_server_error", "trainer_failed"),
        ("runner_disconnected", "trainer_failed"),
    ],
)
async def test_a_failed_training_is_told_in_plain_words_and_can_be_tried_again(
    sandbox: Sandbox, person: Person, error: str, reason: str
) -> None:
    await sandbox.scenario(fail_training=error)
    await person.start_training()
    answer = await person.reads(f"failure-{reason}")
    assert error not in text_of(answer)
    await sandbox.calm()
    await retried(person, answer)
    await person.told_ready()
    first, second = await person.trainings()
    archives = [await sandbox.download(job["input"]["images_data_url"]) for job in (first, second)]
    assert [len(data) for data in archives] == [len(archives[0])] * 2
    assert first["input"]["steps"] == second["input"]["steps"]


async def test_try_again_twice_at_once_starts_one_training(
    sandbox: Sandbox, person: Person
) -> None:
    await sandbox.scenario(fail_training="internal_server_error")
    await person.start_training()
    answer = await person.reads("failure-trainer_failed")
    await sandbox.calm()
    taps = [await person.tap(answer, "tr:") for _ in range(2)]
    toasts = [await person.toast(tap) for tap in taps]
    assert toasts == [person.words("retry-started"), person.words("already-started")]
    await person.told_ready()
    await person.answers(0)
    assert len(await person.trainings()) == 2
    assert await person.times_told_ready() == 1


async def test_start_training_pressed_twice_at_once_starts_one_training(person: Person) -> None:
    summary = await person.to_summary()
    taps = [await person.tap(summary, "start:") for _ in range(3)]
    toasts = [await person.toast(tap) for tap in taps]
    assert toasts[0] == person.words("training-started-toast")
    assert toasts[1:] == [person.words("already-started")] * 2
    await person.told_ready()
    await person.answers(0)
    assert len(await person.trainings()) == 1
    assert await person.times_told_ready() == 1


async def test_done_pressed_twice_at_once_asks_for_the_mode_once(person: Person) -> None:
    await person.to_photos()
    await person.send(*pictures.photos(5))
    counter = await person.counted(5)
    taps = [await person.tap(counter, "photos:") for _ in range(2)]
    for tap in taps:
        await person.toast(tap)
    await person.sees_button("mode:")
    await person.answers(0)
    assert sum(bool(data_of(message, "mode:")) for message in await person.from_bot()) == 1


async def test_an_exhausted_balance_is_told_as_our_matter(
    sandbox: Sandbox, person: Person
) -> None:
    await sandbox.scenario(locked=True)
    await person.start_training()
    answer = await person.reads("failure-service_account")
    assert await person.trainings() == []
    # Orders pause for everyone; once the account is well again, the bot finds out by itself.
    paused = person.words("error-service-paused")
    assert await person.toast(await person.tap(answer, "tr:")) == paused
    await sandbox.calm()

    async def goes_on() -> bool:
        return await person.toast(await person.tap(answer, "tr:")) != paused

    await eventually(goes_on, "the end of the pause", tell=person.story)
    await person.told_ready()


async def test_a_balance_that_runs_out_while_a_training_runs_does_not_lose_it(
    sandbox: Sandbox, person: Person
) -> None:
    await sandbox.clock("polls", NEVER)
    await person.start_training()
    job = await person.one_training("IN_PROGRESS")
    await sandbox.scenario(locked=True, locked_polls=True)

    async def refused() -> bool:
        calls = await sandbox.calls("fal", f"{job['request_id']}/status")
        return any(call["status"] == 403 for call in calls)

    await eventually(refused, "a refused status", tell=person.story)
    await sandbox.calm()
    await person.told_ready()
    assert len(await person.trainings()) == 1


@pytest.mark.parametrize("cancel_mode", ["honour", "removed", "ignore"])
@pytest.mark.parametrize("at", ["IN_QUEUE", "IN_PROGRESS"])
async def test_a_training_can_be_cancelled(
    sandbox: Sandbox, person: Person, at: str, cancel_mode: str
) -> None:
    await sandbox.clock("polls", NEVER)
    await sandbox.scenario(cancel_mode=cancel_mode)
    if at == "IN_QUEUE":
        await sandbox.fill_runners()
    progress = await person.start_training()
    job = await person.one_training(at)
    sign = "🕐" if at == "IN_QUEUE" else "🧠"
    await person.sees(sign)
    await person.press_action("tr:", "cancel")
    await person.reads("cancel-ask-at-fal")
    await person.press_action("tr:", "stop")
    if cancel_mode != "ignore":
        answer = await person.reads("training-cancelled", name=person.name)
        assert len(await person.trainings()) == 1
        await sandbox.calm()
        again = await retried(person, answer)
        assert again["input"]["steps"] == job["input"]["steps"]
        await person.told_ready()
        return
    await person.wait(
        lambda message: (
            message["message_id"] == progress["message_id"]
            and person.words("progress-cancelling") in text_of(message)
            and not data_of(message, "tr:")
        ),
        "it says that it is stopping",
    )
    # fal cannot be made to stop it, and charges for it: what comes out belongs to the user.
    await sandbox.clock("immediate")
    ready = await person.told_ready()
    assert person.words("training-completed-late") in text_of(ready)
    assert len(await person.trainings()) == 1


async def test_a_cancel_after_the_end_says_that_it_is_too_late(
    sandbox: Sandbox, person: Person
) -> None:
    await sandbox.clock("polls", NEVER)
    await person.start_training()
    shown = await person.sees_button("tr:")
    cancel = data_of(shown, "tr:")[0]
    await sandbox.calm()
    await person.told_ready()
    toast = await person.toast(await person.tap(shown, cancel, forged=True))
    assert toast == person.words("error-nothing-to-cancel")


async def test_a_result_that_fal_denies_is_looked_for_until_it_is_there(
    sandbox: Sandbox, person: Person
) -> None:
    await sandbox.scenario(lose_result=True)
    await person.start_training()
    await person.reads("training-late", name=person.name)
    await sandbox.calm()
    await person.told_ready()
    assert len(await person.trainings()) == 1


async def test_a_job_that_changes_runners_is_delivered_once(
    sandbox: Sandbox, person: Person
) -> None:
    await sandbox.clock("polls", 3)
    await sandbox.scenario(requeue_once=True)
    await person.start_training()
    await person.told_ready()
    await person.answers(0)
    assert await person.times_told_ready() == 1
    assert len(await person.trainings()) == 1


async def test_a_training_that_lost_photos_asks_before_it_goes_on(
    sandbox: Sandbox, person: Person
) -> None:
    summary = await person.to_summary(6)
    lost = {"ok": False, "error_code": 400, "description": "Bad Request: file is too big"}
    await sandbox.fault("telegram", "getFile", "status", status=400, body=lost)
    await person.press("start:")
    question = await person.sees("1 photo can no longer be fetched", summary["message_id"])
    assert person.words("go-on-with", count=5) in labels_of(question)
    assert summary["message_id"] not in [
        message["message_id"] for message in await person.from_bot()
    ]
    assert await person.trainings() == []
    taps = [await person.tap(question, "tr:") for _ in range(2)]
    assert [await person.toast(tap) for tap in taps] == [
        person.words("training-started-toast")
    ] * 2
    await person.told_ready()
    assert len(await person.trainings()) == 1
