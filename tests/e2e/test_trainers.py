"""Where the operator offers several trainers, the user chooses, and each model keeps to its own.

These tests have a sandbox and a bot of their own, whose settings must not reach the other tests.
"""

from collections.abc import Iterator

import pytest

from tests.e2e import pictures
from tests.e2e.driver import Json, Person, Sandbox, data_of, text_of
from tests.e2e.processes import Process, bot_process, complaints_in, start_bot

FAST, Z_IMAGE = "fal-ai/flux-lora-fast-training", "fal-ai/z-image-turbo-trainer-v2"

MODES_OF_FAST: dict[str, int | str] = {
    "economy_steps": "500",
    "economy_price": "none",
    "economy_from": 2,
    "economy_to": 5,
    "standard_steps": "1000",
    "standard_price": "none",
    "standard_from": 3,
    "standard_to": 8,
}


@pytest.fixture(scope="module")
def server(own_server: str) -> str:
    """The address of a sandbox process of these tests."""
    return own_server


@pytest.fixture(scope="module")
def bot_of_session(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A bot that offers two trainers; it stops in order and without a complaint."""
    folder = tmp_path_factory.mktemp("bot")
    process = bot_process(server, folder, TRAINERS=f"{FAST},{Z_IMAGE}")
    try:
        start_bot(process)
        yield process
        assert process.stop() == 0, process.printed()
        assert not complaints_in(process.printed()), process.printed()
    finally:
        process.kill()


async def to_trainers(person: Person) -> Json:
    """Go on to the question for the trainer."""
    await person.to_photos()
    await person.send(*pictures.photos(5))
    await person.counted(5)
    await person.press_action("photos:", "done")
    return await person.sees_button("trainer:")


async def trained(person: Person, nickname: str) -> Json:
    """Go all the way with a trainer; return the message that the model is ready."""
    begun = await person.last_id()
    await to_trainers(person)
    await person.press_action("trainer:", nickname)
    await person.sees_button("mode:", after=begun)
    await person.press_action("mode:", "economy")
    await person.press("start:", after=begun)
    return await person.told_ready(after=begun)


async def pictured(person: Person) -> Json:
    """Have a picture made; give fal's record of it."""
    said = await person.say("/generate portrait photo")
    await person.gets_picture(after=said)
    return (await person.generations())[-1]


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_a_person_trains_with_the_second_trainer_and_pictures_come_from_its_generator(
    sandbox: Sandbox, language: str
) -> None:
    person = await sandbox.newcomer(language)
    question = await to_trainers(person)
    assert person.words("trainer-about-z-image") in text_of(question)
    await person.press_action("trainer:", "z-image")
    values = {"economy_price": "none", "standard_price": "none"}
    steps = {"economy_steps": "1000", "standard_steps": "2000"}
    await person.sees(person.words("ask-mode-untimed", **values, **steps))
    await person.press_action("mode:", "standard")
    await person.reads("summary-trainer", trainer=person.words("trainer-name-z-image"))
    await person.press("start:")
    await person.told_ready()

    job = await person.one_training("COMPLETED")
    word = job["input"]["default_caption"].split()[3]
    assert (job["endpoint"], job["input"]) == (
        Z_IMAGE,
        {
            "image_data_url": job["input"]["image_data_url"],
            "default_caption": f"a photo of {word} woman",
            "steps": 2000,
            "learning_rate": 0.0005,
        },
    )
    picture = await pictured(person)
    assert picture["endpoint"] == "fal-ai/z-image/turbo/lora"
    assert picture["input"]["prompt"] == f"{word}, portrait photo"
    assert [lora["scale"] for lora in picture["input"]["loras"]] == [1.0]


async def test_two_models_of_one_person_keep_to_their_own_generators(person: Person) -> None:
    first = await trained(person, "fast")
    await trained(person, "z-image")
    assert (await pictured(person))["endpoint"] == "fal-ai/z-image/turbo/lora"
    await person.toast(await person.tap(first, "use:"))
    assert (await pictured(person))["endpoint"] == "fal-ai/flux-lora"


async def test_the_question_for_the_trainer_can_be_left_and_come_back_to(person: Person) -> None:
    question = await to_trainers(person)
    before = await person.last_id()
    await person.say("the cheaper one")
    await person.reads("expects-trainer", after=before)

    await person.toast(await person.tap(question, "trainer:"))
    await person.sees(person.words("ask-mode", **MODES_OF_FAST))
    await person.press("go:back")
    await person.reads("ask-trainer")
    await person.press("go:back")
    await person.reads("ask-photos", min=5, max=20, recommended=10)
    await person.counted(5)
    before = await person.last_id()
    await person.press_action("photos:", "done")
    again = await person.sees_button("trainer:", after=before)
    taps = [await person.tap(again, "trainer:") for _ in range(2)]
    for tap in taps:
        await person.toast(tap)
    mode = await person.sees_button("mode:", after=before)
    assert data_of(mode, "go:")
    assert await person.trainings() == []
