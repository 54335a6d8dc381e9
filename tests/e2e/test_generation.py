"""Prompts in, pictures out."""

import re

from tests.e2e import pictures
from tests.e2e.driver import NEVER, Person, Sandbox, data_of, eventually, labels_of, text_of


async def test_generate_alone_asks_for_a_prompt(owner: Person) -> None:
    said = await owner.say("/generate")
    await owner.reads("ask-prompt", after=said, model=owner.name)
    said = await owner.say("in Paris & <b>at night</b>")
    picture = await owner.gets_picture(after=said)
    assert picture["caption"].startswith("in Paris & <b>at night</b>\n")
    job = (await owner.generations())[-1]
    assert re.fullmatch(r"[A-Z0-9_]+, in Paris & <b>at night</b>", job["input"]["prompt"])


async def test_the_user_sees_the_upload_action_and_the_note_goes_away(
    sandbox: Sandbox, owner: Person
) -> None:
    await sandbox.clock("polls", 3)
    said = await owner.say("/generate portrait photo")
    await owner.reads("generating", after=said, prompt="portrait photo")
    await owner.gets_picture(after=said)
    actions = await sandbox.calls("telegram", "sendChatAction")
    assert {"chat_id": str(owner.id), "action": "upload_photo"} in [
        {key: str(call["request"][key]) for key in ("chat_id", "action")} for call in actions
    ]

    async def only_the_picture() -> bool | None:
        said_since = await owner.from_bot(after=said)
        return ["photo" in message for message in said_since] == [True] or None

    await eventually(only_the_picture, "the note is gone", tell=owner.story)


async def test_a_place_in_the_queue_is_shown(sandbox: Sandbox, owner: Person) -> None:
    await sandbox.clock("polls", 1)
    await sandbox.scenario(queue_ahead=18)
    said = await owner.say("/generate portrait photo")
    await owner.sees("ahead of us. “portrait photo”", after=said)
    await owner.gets_picture(after=said)


async def test_without_a_model_the_user_is_led_to_train(person: Person) -> None:
    said = await person.say("/generate portrait photo")
    await person.reads("error-no-model-yet", after=said)
    said = await person.say("/generate")
    await person.reads("error-no-model-yet", after=said)


async def test_a_prompt_that_is_too_long_is_refused_before_it_costs(owner: Person) -> None:
    before = await owner.generations()
    said = await owner.say("/generate " + "x" * 901)
    await owner.reads("error-invalid-prompt", after=said, max=900, length=901)
    await owner.say("/generate")
    said = await owner.say("y" * 901)
    await owner.reads("error-invalid-prompt", after=said, max=900, length=901)
    assert await owner.generations() == before
    said = await owner.say("z" * 900)
    picture = await owner.gets_picture(after=said)
    assert picture["caption"].startswith("z" * 900 + "\n")


async def test_anything_but_words_in_the_prompt_step_says_what_is_expected(
    owner: Person,
) -> None:
    said = await owner.say("/generate")
    await owner.reads("ask-prompt", after=said, model=owner.name)
    before = await owner.last_id()
    await owner.send(*pictures.photos(3))
    assert await owner.answers(before) == [owner.words("expects-prompt")]


async def test_again_twice_at_once_makes_one_picture_with_a_new_seed(
    sandbox: Sandbox, owner: Person
) -> None:
    before = len(await owner.generations())
    said = await owner.say("/generate portrait photo")
    first = await owner.gets_picture(after=said)
    # Once it is there, one more press would be one more picture.
    await sandbox.clock("polls", NEVER)
    taps = [await owner.tap(first, "res:again:") for _ in range(2)]
    for tap in taps:
        await owner.toast(tap)
    await sandbox.clock("immediate")
    second = await owner.gets_picture(after=first["message_id"])
    await owner.answers(0)
    one, other = (await owner.generations())[before:]
    assert one["input"]["seed"] != other["input"]["seed"]
    assert one["input"]["prompt"] == other["input"]["prompt"]
    assert len(await owner.pictures(after=said)) == 2
    assert data_of(second, "res:again:")


async def test_again_works_again_once_the_picture_is_there(owner: Person) -> None:
    before = len(await owner.generations())
    said = await owner.say("/generate portrait photo")
    picture = await owner.gets_picture(after=said)
    for made in (1, 2):
        last = await owner.last_id()

        async def is_asked(made: int = made) -> bool:
            # Until the picture before is noted as delivered, a press asks for nothing new.
            await owner.toast(await owner.tap(picture, "res:again:"))
            return len(await owner.generations()) > before + made

        await eventually(is_asked, "a new picture is asked for", tell=owner.story)
        await owner.gets_picture(after=last)
    assert len(await owner.generations()) == before + 3


async def test_new_prompt_asks_for_one(owner: Person) -> None:
    said = await owner.say("/generate portrait photo")
    picture = await owner.gets_picture(after=said)
    await owner.toast(await owner.tap(picture, "res:more:"))
    await owner.press("menu:generate", after=said)
    await owner.wait(
        lambda message: owner.words("ask-prompt", model=owner.name) in text_of(message),
        "the question",
        after=said,
    )


async def test_a_flagged_picture_is_not_sent_and_the_user_is_told(
    sandbox: Sandbox, owner: Person
) -> None:
    await sandbox.scenario(nsfw=True)
    said = await owner.say("/generate portrait photo")
    answer = await owner.reads("failure-unsafe_picture", after=said)
    assert await owner.pictures(after=said) == []
    assert len(labels_of(answer)) == 3


async def test_a_generator_that_fails_is_told_in_plain_words(
    sandbox: Sandbox, owner: Person
) -> None:
    await sandbox.scenario(fail_generation="internal_server_error")
    said = await owner.say("/generate portrait photo")
    answer = await owner.reads("failure-generator_failed", after=said)
    await sandbox.calm()
    await owner.toast(await owner.tap(answer, "res:again:"))
    await owner.gets_picture(after=said)


async def test_a_refused_prompt_is_told_in_plain_words(sandbox: Sandbox, owner: Person) -> None:
    await sandbox.scenario(fail_generation="content_policy_violation")
    said = await owner.say("/generate portrait photo")
    await owner.reads("failure-unsafe_picture", after=said)


async def test_the_active_model_is_the_one_that_is_used(person: Person) -> None:
    first = await person.own_model()
    first_trigger = (await person.one_training())["input"]["trigger_word"]
    begun = await person.last_id()
    person.name += " second"
    await person.start_training()
    await person.told_ready(after=begun)
    said = await person.say("/generate portrait photo")
    await person.gets_picture(after=said)
    (job,) = await person.generations()
    assert "_SECOND_" in job["input"]["prompt"]
    await person.toast(await person.tap(first, "use:"))
    said = await person.say("portrait photo")
    await person.gets_picture(after=said)
    person.name = person.name.removesuffix(" second")
    prompts = [job["input"]["prompt"] for job in await person.generations()]
    assert prompts[-1] == f"{first_trigger}, portrait photo"


async def test_in_a_topic_all_stays_there_and_comes_to_the_chat_once_it_is_closed(
    sandbox: Sandbox, owner: Person
) -> None:
    await sandbox.ask("PUT", "telegram/scenario", json={"topics": True})
    opened = await sandbox.ask("POST", f"chats/{owner.id}/topics", json={"name": "Trips"})
    said = await owner.last_id()
    prompt = {"text": "/generate in Paris -n 2", "topic": opened["topic"]}
    await sandbox.ask("POST", f"chats/{owner.id}/text", json=prompt)
    await owner.sees_button("res:", after=said)
    assert {one["message_thread_id"] for one in await owner.from_bot(after=said)} == {
        opened["topic"]
    }
    await sandbox.fault(
        "telegram",
        "sendPhoto",
        "status",
        status=400,
        times=1,
        body={"ok": False, "error_code": 400, "description": "Bad Request: TOPIC_CLOSED"},
    )
    said = await owner.last_id()
    prompt = {"text": "/generate in Rome", "topic": opened["topic"]}
    await sandbox.ask("POST", f"chats/{owner.id}/text", json=prompt)
    picture = await owner.gets_picture(after=said)
    assert "message_thread_id" not in picture
    await sandbox.ask("PUT", "telegram/scenario", json={"topics": False})
