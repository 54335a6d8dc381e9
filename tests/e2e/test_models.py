"""Model cards: look, choose, rename, train again, take the weights along, delete."""

import io
import re
import sqlite3
import zipfile
from contextlib import closing

import pytest

from tests.e2e import pictures
from tests.e2e.driver import Json, Person, Sandbox, data_of, eventually, labels_of, text_of
from tests.e2e.processes import Process, start_bot

BOTH_LANGUAGES = pytest.mark.parametrize("language", ["en", "ru"])
ACTIONS = ("card", "name", "file", "again", "agree", "del", "sure")


def rows(bot: Process, query: str, *values: object) -> list[tuple[object, ...]]:
    """Read or change rows of the bot's database while it runs."""
    path = bot.folder / "bot.db"
    with closing(sqlite3.connect(path, timeout=30)) as connection, connection:
        return connection.execute(query, values).fetchall()


def rows_of(bot: Process, person: Person) -> dict[str, int]:
    """Count what the database holds of a person's models."""
    mine = "(SELECT id FROM photo_sets WHERE user_id = :user)"
    made = "(SELECT id FROM generations WHERE user_id = :user)"
    queries = {
        "trainings": "trainings WHERE user_id = :user",
        "photos": f"photos WHERE training_id IN {mine}",
        "models": "models WHERE user_id = :user",
        "generations": "generations WHERE user_id = :user",
        "pictures": f"pictures WHERE generation_id IN {made}",
    }
    path = bot.folder / "bot.db"
    with closing(sqlite3.connect(path, timeout=30)) as connection:
        return {
            table: connection.execute(
                f"SELECT count(*) FROM {query}",  # noqa: S608  # our own words
                {"user": person.id},
            ).fetchone()[0]
            for table, query in queries.items()
        }


async def open_card(person: Person, number: int = 0) -> Json:
    """Open a model from the list, the newest being number 0; return the message of its card."""
    said = await person.say("/models")
    listed = await person.reads("models-choose", after=said)
    card = data_of(listed, "model:")[number]
    await person.toast(await person.tap(listed, card))
    return await person.wait(lambda message: bool(data_of(message, "use:")), "a card", said)


def model_id_of(card: Json) -> str:
    return data_of(card, "use:")[0].split(":")[1]


async def press(person: Person, message: Json, action: str) -> str:
    """Press a card's button, and return the toast."""
    (data,) = [data for data in data_of(message, "model:") if data.endswith(f":{action}")]
    return await person.toast(await person.tap(message, data))


async def photos_of(sandbox: Sandbox, job: Json) -> set[bytes]:
    archive = await sandbox.download(job["input"]["images_data_url"])
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {opened.read(name) for name in opened.namelist()}


@pytest.mark.one_bot
async def test_a_card_tells_of_its_model_and_leads_back_to_the_list(
    bot: Process, owner: Person
) -> None:
    said = await owner.say("/generate portrait photo")
    await owner.gets_picture(after=said)
    card = await open_card(owner)
    text = text_of(card)
    assert owner.name in text
    assert re.search(r"Trigger word: [A-Z0-9_]+_[0-9A-F]{4}\b", text)
    assert "Photos: 5" in text
    assert re.search(r"Trained on: \d{4}-\d\d-\d\d", text)
    made = rows_of(bot, owner)["pictures"]
    assert f"Pictures made: {made}" in text
    assert owner.words("model-in-use") in labels_of(card)
    await press(owner, card, "list")
    back = await owner.reads("models-choose", after=card["message_id"] - 1)
    assert back["message_id"] == card["message_id"]


async def test_the_weights_come_with_a_link_that_works(sandbox: Sandbox, owner: Person) -> None:
    card = await open_card(owner)
    await press(owner, card, "file")
    answer = await owner.sees("FLUX.1 [dev]", after=card["message_id"])
    (job,) = await owner.trainings()
    (link,) = re.findall(r"https?://\S+", text_of(answer))
    assert await sandbox.download(link)
    assert job["input"]["trigger_word"] in text_of(answer)


@pytest.mark.one_bot
async def test_nobody_reaches_the_model_of_another(
    bot: Process, sandbox: Sandbox, owner: Person
) -> None:
    model_id = model_id_of(await open_card(owner))
    before = rows_of(bot, owner)
    stranger = await sandbox.newcomer()
    await stranger.to_consent()
    for model in (model_id, "nobody"):
        for action in ACTIONS:
            toast = await stranger.forge(f"model:{model}:{action}")
            assert toast == stranger.words("error-not-found"), action
        for press in (f"use:{model}:0", f"model-anew:{model}:nothing"):
            assert await stranger.forge(press) == stranger.words("error-not-found"), press
    assert rows_of(bot, owner) == before
    assert set(rows_of(bot, stranger).values()) == {0}


@BOTH_LANGUAGES
@pytest.mark.one_bot
async def test_a_model_is_renamed_over_a_restart_and_then_deleted_without_a_trace(
    bot: Process, sandbox: Sandbox, language: str
) -> None:
    person = await sandbox.newcomer(language)
    await person.own_model()
    said = await person.say("/generate portrait photo")
    picture = await person.gets_picture(after=said)
    card = await open_card(person)

    await press(person, card, "name")
    question = await person.sees_button("go:back", after=card["message_id"])
    said = await person.say("x" * 41)
    await person.reads("error-invalid-name", after=said, max=40)
    bot.kill()
    start_bot(bot)
    said = await person.say("Зимний <b>портрет</b>")
    renamed = await person.sees("Зимний <b>портрет</b>", after=said)
    assert re.findall(r"\b[A-Z0-9_]+_[0-9A-F]{4}\b", text_of(renamed)) == re.findall(
        r"\b[A-Z0-9_]+_[0-9A-F]{4}\b", text_of(card)
    )
    assert data_of(question, "go:")
    assert await person.toast(await person.tap(question, "go:back")) == person.words(
        "error-stale-button"
    )

    await press(person, renamed, "del")
    asked = await person.sees("fal.ai", after=said)
    await press(person, asked, "card")
    card = await person.wait(lambda message: bool(data_of(message, "use:")), "the card", said)
    await press(person, card, "del")
    asked = await person.sees("fal.ai", after=said)
    (sure,) = [data for data in data_of(asked, "model:") if data.endswith(":sure")]
    taps = [await person.tap(asked, sure) for _ in range(2)]
    for tap in taps:
        await person.toast(tap)
    gone = await person.reads("model-deleted", after=said, name="Зимний <b>портрет</b>")
    assert person.words("models-none") in text_of(gone)
    assert set(rows_of(bot, person).values()) == {0}
    assert await person.toast(await person.tap(picture, "res:again:")) == person.words(
        "error-not-found"
    )
    said = await person.say("/generate portrait photo")
    await person.reads("error-no-model-yet", after=said)


async def test_back_and_cancel_leave_the_name_as_it_is(owner: Person) -> None:
    card = await open_card(owner)
    await press(owner, card, "name")
    question = await owner.sees_button("go:back", after=card["message_id"])
    await owner.send(*pictures.photos(1))
    await owner.reads("expects-name", after=question["message_id"])
    await owner.toast(await owner.tap(question, "go:back"))
    shown = await owner.wait(lambda m: bool(data_of(m, "use:")), "the card", card["message_id"])
    assert shown["message_id"] == question["message_id"]
    await press(owner, shown, "name")
    said = await owner.say("/cancel")
    await owner.reads("cancelled", after=said)
    said = await owner.say("Another name")
    await owner.reads("offer-prompt", after=said, prompt="Another name", model=owner.name)
    assert owner.name in text_of(await open_card(owner))


@pytest.mark.one_bot
async def test_training_again_makes_a_second_model_of_the_same_photos_and_new_ones(
    bot: Process, sandbox: Sandbox, person: Person
) -> None:
    await person.own_model()
    card = await open_card(person)
    begun = await person.last_id()
    await press(person, card, "again")
    asked = await person.sees_button("model:", after=begun)
    assert person.words("ask-consent", days=7) in text_of(asked)
    await press(person, asked, "agree")
    await person.counted(5)
    await person.send(*pictures.photos(1))
    await person.counted(6)
    await person.press_action("photos:", "done")
    await person.press_action("mode:", "standard")
    summary = await person.sees_button("start:", after=begun)
    assert person.name in text_of(summary)
    await person.press("start:", after=begun)
    await person.told_ready(after=begun)
    first, second = await person.trainings()
    assert (first["input"]["steps"], second["input"]["steps"]) == (500, 1000)
    assert first["input"]["trigger_word"] != second["input"]["trigger_word"]
    before, after = await photos_of(sandbox, first), await photos_of(sandbox, second)
    assert before < after
    assert len(after) == 6

    newer = await open_card(person)
    assert "Photos: 6" in text_of(newer)
    older = await open_card(person, number=1)
    assert "Photos: 5" in text_of(older)
    assert labels_of(older)[0] == person.words("model-use")
    use = data_of(older, "use:")[0]
    assert await person.toast(await person.tap(older, use)) == person.words(
        "model-activated", name=person.name
    )
    await press(person, await open_card(person, number=1), "del")
    asked = await person.sees("This cannot be undone", after=begun)
    await press(person, asked, "sure")
    left = await person.reads("model-deleted", after=begun, name=person.name)
    assert f"✅ {person.name} · {second['input']['trigger_word']}" in text_of(left)
    assert rows_of(bot, person)["photos"] == 6


async def test_training_again_never_drops_a_draft_unasked(person: Person) -> None:
    await person.own_model()
    await person.to_photos()
    await person.send(*pictures.photos(2))
    await person.counted(2)
    card = await open_card(person)
    await press(person, card, "again")
    values = {"count": 2, "min": 5, "max": 20}
    await person.reads("draft-found", after=card["message_id"], name=person.name, **values)
    await person.sees_button("draft-left:continue", after=card["message_id"])
    await person.press("model-anew:", after=card["message_id"])
    asked = await person.reads("ask-consent", after=card["message_id"], days=7)
    await press(person, asked, "agree")
    await person.counted(5)
    await person.press_action("photos:", "done")
    await person.sees_button("mode:", after=card["message_id"])


@pytest.mark.one_bot
async def test_a_cover_is_shown_and_goes_away_where_a_text_follows(
    bot: Process, person: Person
) -> None:
    await person.own_model()
    said = await person.say("/generate portrait photo")
    picture = await person.gets_picture(after=said)
    cover = picture["photo"][-1]["file_id"]
    rows(bot, "UPDATE models SET cover_file_id = ? WHERE user_id = ?", cover, person.id)
    card = await open_card(person)
    assert card["photo"][-1]["file_unique_id"] == picture["photo"][-1]["file_unique_id"]
    assert "Trigger word" in text_of(card)
    await press(person, card, "list")
    listed = await person.reads("models-choose", after=said)
    assert "photo" not in listed

    async def gone() -> bool:
        return card["message_id"] not in {m["message_id"] for m in await person.messages()}

    await eventually(gone, "the card is taken away", tell=person.story)
    rows(bot, "UPDATE models SET cover_file_id = 'unknown' WHERE user_id = ?", person.id)
    card = await open_card(person)
    assert "photo" not in card
    assert person.name in text_of(card)


@pytest.mark.one_bot
async def test_deleting_a_model_stops_the_picture_being_made(
    bot: Process, sandbox: Sandbox, person: Person
) -> None:
    await person.own_model()
    await sandbox.scenario(stall=True)
    said = await person.say("/generate portrait photo")
    await person.reads("generating", after=said, prompt="portrait photo")

    async def runs() -> bool:
        return any(job["state"] == "IN_PROGRESS" for job in await person.generations())

    await eventually(runs, "the picture is being made", tell=person.story)
    card = await open_card(person)
    await press(person, card, "del")
    asked = await person.sees("This cannot be undone", after=said)
    await press(person, asked, "sure")
    await person.reads("model-deleted", after=said, name=person.name)

    async def asked_to_stop() -> bool:
        return all(job["cancel_requested"] for job in await person.generations())

    await eventually(asked_to_stop, "fal is asked to stop it", tell=person.story)
    assert set(rows_of(bot, person).values()) == {0}
    await sandbox.calm()
    assert await person.pictures(after=said) == []
