"""A prompt in any language reaches fal in English, with the trigger word first."""

import re

from tests.e2e.driver import Person, Sandbox, data_of


async def reaches_fal_in_english(person: Person) -> None:
    said = await person.say("/generate в кафе в Париже")
    picture = await person.gets_picture(after=said)
    assert picture["caption"].startswith("в кафе в Париже\n")
    job = (await person.generations())[-1]
    assert re.fullmatch(r"[A-Z0-9_]+, in cafe in Paris", job["input"]["prompt"])
    (more,) = data_of(picture, "res:more:")
    details = more.replace("more", "details")
    await person.toast(await person.tap(picture, details, forged=True))
    told = await person.reads("details-english", after=said)
    assert "in cafe in Paris" in told["text"]
    assert "в кафе в Париже" in told["text"]


async def test_a_russian_prompt_reaches_fal_in_english_and_stays_the_caption(
    owner: Person,
) -> None:
    await reaches_fal_in_english(owner)


async def test_it_does_so_for_who_speaks_russian(sandbox: Sandbox) -> None:
    person = await sandbox.newcomer("ru")
    await person.own_model()
    await reaches_fal_in_english(person)


async def test_without_a_language_model_the_user_decides(sandbox: Sandbox, owner: Person) -> None:
    await sandbox.scenario(language_model="bad_json")
    before = len(await owner.generations())
    said = await owner.say("/generate на пляже")
    asked = await owner.reads("failure-not_english", after=said)
    await owner.toast(await owner.tap(asked, "res:asis:"))
    await owner.gets_picture(after=said)
    (job,) = (await owner.generations())[before:]
    assert re.fullmatch(r"[A-Z0-9_]+, на пляже", job["input"]["prompt"])
