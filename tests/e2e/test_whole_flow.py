"""From /start to a picture, as a user lives through it."""

import io
import itertools
import re
import zipfile

import pytest
from PIL import Image

from handlers.telegram.commands import COMMANDS, TRY_COMMAND
from tests.e2e import pictures
from tests.e2e.driver import NEVER, Json, Person, Sandbox, data_of, eventually, labels_of, text_of

READY = {"en": "is ready!", "ru": "готова!"}
AGAIN = {"en": "🔁 Again", "ru": "🔁 Ещё раз"}


async def archive_of(sandbox: Sandbox, job: Json) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(await sandbox.download(job["input"]["images_data_url"])))


def pictures_in(archive: zipfile.ZipFile) -> list[Image.Image]:
    return [Image.open(io.BytesIO(archive.read(name))) for name in archive.namelist()]


def colour_at(image: Image.Image, across: float, down: float) -> tuple[int, ...]:
    place = (int(image.width * across), int(image.height * down))
    pixel = image.convert("RGB").getpixel(place)
    assert isinstance(pixel, tuple)
    return tuple(int(part) for part in pixel)


def distance(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    return sum(abs(a - b) for a, b in zip(one, other, strict=True))


def number_of(image: Image.Image) -> int:
    seen = colour_at(image, 0.5, 0.5)
    return min(range(pictures.HUES), key=lambda n: distance(seen, pictures.colour_of(n)))


def places_in(menu: Json) -> list[str]:
    return [data.removeprefix("menu:") for data in data_of(menu, "menu:")]


async def places_now(person: Person) -> list[str]:
    said = await person.say("/start")
    return places_in(await person.sees_button("menu:", after=said))


async def test_start_leads_only_to_where_there_is_something(sandbox: Sandbox) -> None:
    person = await sandbox.newcomer()
    always = ["settings", "help", "language"]
    assert await places_now(person) == ["try", "train", "presets", *always]
    await sandbox.clock("polls", NEVER)
    await person.start_training()
    assert await places_now(person) == ["status", "presets", *always]
    last = await person.last_id()
    await person.press("menu:status")
    await person.sees_button("tr:", after=last)
    await sandbox.calm()
    await person.told_ready()
    said = await person.say("/generate portrait photo")
    await person.gets_picture(after=said)
    places = ["generate", "presets", "gallery", "models", "train"]
    assert await places_now(person) == [*places, *always]


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_single_photos_become_a_model_and_a_picture(sandbox: Sandbox, language: str) -> None:
    person = await sandbox.newcomer(language)
    await person.say("/start")
    menu = await person.sees_button("menu:train")
    assert places_in(menu) == ["try", "train", "presets", "settings", "help", "language"]
    await person.press("menu:train")
    await person.press("draft:agree")
    await person.reads("ask-name")
    said = await person.say(person.name)
    await person.sees_button("subj:", after=said)
    await person.press("subj:")
    await person.reads("ask-photos", min=5, max=20, recommended=10)
    for data in pictures.photos(5):
        await person.send(data)
    await person.from_photos_to_mode(5)
    await person.press_action("mode:", "standard")
    await person.press("start:")
    ready = await person.told_ready()
    assert READY[language] in text_of(ready)
    await person.press("use:")
    await person.reads("ask-prompt", model=person.name)
    said = await person.say("portrait photo")
    picture = await person.gets_picture(after=said)
    assert picture["caption"].startswith("portrait photo\n")
    assert labels_of(picture)[0] == AGAIN[language]
    await person.answers(0)
    assert await person.times_told_ready() == 1
    assert len(await person.pictures()) == 1


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_two_albums_of_ten_are_twenty_photos_in_order(
    sandbox: Sandbox, language: str
) -> None:
    person = await sandbox.newcomer(language)
    await person.to_photos()
    sent = await person.send(*pictures.photos(20))
    assert len({message["media_group_id"] for message in sent}) == 2
    await person.from_photos_to_mode(20)
    await person.press_action("mode:", "economy")
    await person.press("start:")
    await person.told_ready()
    archive = await archive_of(sandbox, await person.one_training())
    assert archive.namelist() == [f"{number:02}.jpg" for number in range(1, 21)]
    assert [number_of(image) for image in pictures_in(archive)] == list(range(20))


async def test_files_of_every_format_are_trained_on_upright_and_without_metadata(
    sandbox: Sandbox, person: Person
) -> None:
    await person.to_photos()
    await person.send_file(pictures.sideways_photo_with_place(), "phone.jpg", "image/jpeg")
    kinds = {"png": "PNG", "heic": "HEIF", "tif": "TIFF", "bmp": "BMP", "webp": "WEBP"}
    for number, (ending, kind) in enumerate(kinds.items(), start=1):
        data = pictures.encoded(pictures.drawn(number * 3), kind)
        mime = {"tif": "image/tiff"}.get(ending, f"image/{ending}")
        await person.send_file(data, f"photo.{ending}", mime)
    await person.from_photos_to_mode(6)
    await person.press_action("mode:", "economy")
    await person.press("start:")
    await person.told_ready()
    archive = await archive_of(sandbox, await person.one_training())
    whole = b"".join(archive.read(name) for name in archive.namelist())
    assert b"SecretCamera" not in whole
    assert b"Exif" not in whole
    images = pictures_in(archive)
    assert [image.format for image in images] == ["JPEG"] * 6
    assert not any(image.getexif() for image in images)
    assert images[0].size == (600, 720)
    assert distance(colour_at(images[0], 0.5, 0.2), (220, 20, 20)) < 60
    assert distance(colour_at(images[0], 0.5, 0.8), (20, 20, 220)) < 60
    assert [number_of(image) for image in images[1:]] == [3, 6, 9, 12, 15]


async def test_fal_is_sent_exactly_what_its_schemas_have(sandbox: Sandbox, person: Person) -> None:
    await person.start_training(mode="standard")
    ready = await person.told_ready()
    said = await person.say("/generate portrait photo")
    await person.gets_picture(after=said)
    training = await person.one_training()
    trigger = training["input"]["trigger_word"]
    assert trigger in text_of(ready)
    assert training["endpoint"] == "fal-ai/flux-lora-fast-training"
    archive_url = training["input"]["images_data_url"]
    assert isinstance(archive_url, str)
    assert archive_url.startswith(f"{sandbox.url}/fal/cdn/")
    assert training["input"] == {
        "images_data_url": archive_url,
        "trigger_word": trigger,
        "steps": 1000,
        "create_masks": True,
        "is_style": False,
    }
    (generation,) = await person.generations()
    assert generation["endpoint"] == "fal-ai/flux-lora"
    given = dict(generation["input"])
    seed = given.pop("seed")
    assert isinstance(seed, int)
    (lora_url,) = [
        file["url"] for file in training["files"] if file["url"].endswith(".safetensors")
    ]
    assert given == {
        "prompt": f"{trigger}, portrait photo",
        "loras": [{"path": lora_url, "scale": 1.0}],
        "image_size": "portrait_4_3",
        "num_images": 1,
        "num_inference_steps": 28,
        "guidance_scale": 3.5,
        "enable_safety_checker": True,
        "output_format": "jpeg",
    }


async def test_economy_trains_five_hundred_steps(person: Person) -> None:
    await person.start_training(mode="economy")
    await person.told_ready()
    assert (await person.one_training())["input"]["steps"] == 500


@pytest.mark.one_bot
async def test_progress_is_one_message_edited_at_most_every_three_seconds(
    sandbox: Sandbox, person: Person
) -> None:
    await sandbox.clock("seconds", 8)
    summary = await person.to_summary()
    started = await person.last_id()
    await person.press("start:")
    await person.sees("🧠")
    done = await person.told_ready(patience_s=20)
    await person.wait(
        lambda message: (
            message["message_id"] == summary["message_id"]
            and "✅" in text_of(message)
            and not labels_of(message)
        ),
        "the progress message says done",
    )
    edits = [
        call
        for call in await sandbox.calls("telegram", "editMessageText")
        if str(call["request"].get("message_id")) == str(summary["message_id"])
        and str(call["request"].get("chat_id")) == str(person.id)
        and "start:" not in str(call["request"])
        and "mode:" not in str(call["request"])
    ]
    times = [call["at"] for call in edits]
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert len(edits) >= 3
    assert min(gaps) > 2.9, gaps
    texts = [call["request"]["text"] for call in edits]
    assert all(one != other for one, other in itertools.pairwise(texts))
    assert await person.from_bot(after=started) == [done]
    assert any(re.search(r"█+░* \d+%", text) for text in texts)


@pytest.mark.one_bot
async def test_the_counter_is_shown_again_at_most_once_a_second(
    sandbox: Sandbox, person: Person
) -> None:
    await person.to_photos()
    await person.send(*pictures.photos(5))
    await person.counted(5)
    for data in pictures.photos(9):
        await person.send(data)
    counter = await person.counted(14)
    calls = [
        *await sandbox.calls("telegram", "sendMessage"),
        *await sandbox.calls("telegram", "editMessageText"),
    ]
    shown = sorted(
        call["at"]
        for call in calls
        # Another test may have sent what is no form.
        if isinstance(call["request"], dict)
        and str(call["request"].get("chat_id")) == str(person.id)
        and "photos:" in str(call["request"].get("reply_markup"))
    )
    assert len(shown) >= 2
    assert all(b - a > 0.95 for a, b in itertools.pairwise(shown))

    async def only_counter() -> bool:
        return [m for m in await person.from_bot() if data_of(m, "photos:")] == [counter]

    await eventually(only_counter, "no other counter")


async def test_the_queue_position_is_shown(sandbox: Sandbox, person: Person) -> None:
    await sandbox.clock("polls", 3)
    await sandbox.scenario(queue_ahead=18)
    await person.start_training()
    await person.wait(
        lambda message: bool(re.search(r"In the queue, \d+ ahead of us", text_of(message))),
        "the place in the queue",
    )
    await person.told_ready()


async def test_commands_are_registered_in_both_languages(sandbox: Sandbox) -> None:
    for language, words in (("en", "Train a model"), ("ru", "Обучить модель")):
        person = await sandbox.newcomer(language)
        listed = await sandbox.ask("GET", f"chats/{person.id}/commands")
        told = {item["command"]: item["description"] for item in listed["commands"]}
        assert tuple(told) == (*COMMANDS[:1], TRY_COMMAND, *COMMANDS[1:])
        assert told["train"].startswith(words)
