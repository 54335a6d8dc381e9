"""Presets: from a category to a picture, surprises, packs, and an operator's own file."""

from pathlib import Path

from services.domain.vocabulary import Language, PictureShape
from services.presets.file import load_presets
from tests.e2e.driver import NEVER, Json, Person, Sandbox, data_of, eventually, labels_of, text_of
from tests.e2e.processes import bot_process, complaints_in

CATALOGUE = load_presets("")
PACK = CATALOGUE.pack("round-the-world")
FAL_SIZES = {
    PictureShape.PORTRAIT: "portrait_4_3",
    PictureShape.TALL: "portrait_16_9",
    PictureShape.LANDSCAPE: "landscape_4_3",
    PictureShape.WIDE: "landscape_16_9",
}


def prompts_of(jobs: list[Json]) -> list[str]:
    """Return what was sent to fal after the trigger word."""
    return [job["input"]["prompt"].partition(", ")[2] for job in jobs]


async def open_presets(person: Person) -> Json:
    said = await person.say("/presets")
    return await person.sees_button("pshelf:", after=said)


async def turned(person: Person, page: Json, prefix: str, shows: str) -> Json:
    """Press a button of a page, and wait until the same message shows the next one."""
    await person.toast(await person.tap(page, prefix))

    async def look() -> Json | None:
        found = [one for one in await person.from_bot() if one["message_id"] == page["message_id"]]
        return found[0] if data_of(found[0], shows) else None

    return await eventually(look, f"a button {shows}", tell=person.story)


async def test_the_way_from_the_menu_to_a_picture_and_back_is_in_one_message(
    sandbox: Sandbox, owner: Person
) -> None:
    said = await owner.say("/start")
    await owner.press("menu:presets", after=said)
    page = await owner.sees_button("pshelf:", after=said)
    page = await turned(owner, page, "pshelf:cinema:0", "pcard:noir")
    assert "A detective, blinds and rain" in text_of(page)
    page = await turned(owner, page, "pshelf:cinema:1", "pcard:silent-film")
    card = await turned(owner, page, "pcard:silent-film", "pmake:silent-film")
    assert "Format 4:3" in text_of(card)
    assert "$" not in text_of(card)
    assert owner.name in text_of(card)
    assert labels_of(card)[0] == owner.words("preset-create", price="none")
    before = await owner.last_id()
    made = len(await owner.generations())
    # Once it is there, one more press would be one more picture.
    await sandbox.clock("polls", NEVER)
    for tap in [await owner.tap(card, "pmake:") for _ in range(3)]:
        await owner.toast(tap)
    await sandbox.clock("immediate")
    picture = await owner.gets_picture(after=before)
    prompt = CATALOGUE.preset("silent-film").prompt.replace("{subject}", "woman")
    assert text_of(picture).startswith(CATALOGUE.preset("silent-film").name.en + "\n")
    assert prompt not in text_of(picture)
    (again,) = data_of(picture, "res:again:")
    details = again.replace("again", "details")
    await owner.toast(await owner.tap(picture, details, forged=True))
    await owner.sees(prompt, after=picture["message_id"])
    await owner.answers(0)
    (job,) = (await owner.generations())[made:]
    assert prompts_of([job]) == [prompt]
    assert job["input"]["image_size"] == FAL_SIZES[PictureShape.LANDSCAPE]
    assert (job["input"]["num_images"], job["input"]["loras"][0]["scale"]) == (1, 1.0)
    page = await turned(owner, card, "pshelf:cinema:1", "pcats:")
    await turned(owner, page, "pcats:", "psurprise")


async def test_a_pack_pressed_twice_is_four_pictures_in_their_shapes(
    sandbox: Sandbox, owner: Person
) -> None:
    made = len(await owner.generations())
    page = await open_presets(owner)
    page = await turned(owner, page, "ppacks:", f"ppack:{PACK.id}")
    assert owner.words("preset-pack", name="Round the world", price="none") in labels_of(page)
    before = await owner.last_id()
    await sandbox.clock("polls", NEVER)
    for tap in [await owner.tap(page, f"ppack:{PACK.id}") for _ in range(2)]:
        await owner.toast(tap)
    await sandbox.clock("immediate")

    async def four() -> bool | None:
        return len(await owner.pictures(after=before)) >= len(PACK.presets) or None

    await eventually(four, "four pictures", patience_s=60, tell=owner.story)
    await owner.sees_button("res:again:", after=before)
    await owner.answers(0)
    jobs = (await owner.generations())[made:]
    wanted = CATALOGUE.in_pack(PACK)
    assert {
        prompt: job["input"]["image_size"]
        for prompt, job in zip(prompts_of(jobs), jobs, strict=True)
    } == {
        preset.prompt.replace("{subject}", "woman"): FAL_SIZES[preset.shape] for preset in wanted
    }
    album = await owner.pictures(after=before)
    assert len(jobs) == len(album) == 4
    assert len({message["media_group_id"] for message in album}) == 1
    titles = ", ".join(preset.name.en for preset in wanted)
    assert [text_of(message) for message in album] == [f"📦 {titles}", "", "", ""]
    buttons = [m for m in await owner.from_bot(after=before) if data_of(m, "res:again:")]
    assert [text_of(message) for message in buttons] == [owner.words("pictures-ready")]


async def test_a_surprise_is_one_of_the_presets_for_the_price_on_its_button(
    owner: Person,
) -> None:
    made = len(await owner.generations())
    page = await open_presets(owner)
    assert owner.words("preset-surprise", price="none") in labels_of(page)
    before = await owner.last_id()
    await owner.toast(await owner.tap(page, "psurprise"))
    await owner.gets_picture(after=before)
    (prompt,) = prompts_of((await owner.generations())[made:])
    assert prompt in {preset.prompt.replace("{subject}", "woman") for preset in CATALOGUE.presets}


async def test_buttons_of_presets_that_are_gone_say_so_kindly(owner: Person) -> None:
    made = await owner.generations()
    gone = owner.words("error-preset-gone")
    for data in ("pshelf:none:0", "pcard:none:0", "pmake:none", "ppack:none"):
        assert await owner.forge(data) == gone
    assert await owner.generations() == made


async def test_without_a_model_presets_can_be_looked_at(person: Person) -> None:
    person.language = Language.RU
    await person.say("/language")
    await person.press("lang:ru")
    page = await open_presets(person)
    assert person.words("presets-title") == text_of(page)
    page = await turned(person, page, "pshelf:art:0", "pcard:pencil")
    card = await turned(person, page, "pcard:pencil", "pmake:pencil")
    assert "Карандашный набросок" in text_of(card)
    assert await person.toast(await person.tap(card, "pmake:")) == person.words(
        "error-no-model-yet"
    )


def test_a_mistake_in_the_file_of_presets_stops_the_start_with_one_line(
    server: str, tmp_path: Path
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('extend = true\n\n[[presets]]\nid = "a b"\n', encoding="utf-8")
    process = bot_process(server, tmp_path, PRESETS_FILE=str(path))
    process.start()
    assert process.wait() == 2
    printed = process.printed()
    assert printed.count("\n") == 1
    assert printed.startswith(f"PRESETS_FILE: {path}, line 4: presets.id: ")
    assert not complaints_in(printed)
