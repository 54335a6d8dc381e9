"""The questions of /train and /generate: back, cancel, drafts, languages, the unexpected."""

import asyncio
import re

import pytest

from handlers.telegram.taps import SECOND_TAP_S
from tests.e2e import pictures
from tests.e2e.driver import Person, Sandbox, data_of, eventually, text_of
from tests.e2e.replicas import REPLICAS

TRAIN_STEPS = {
    "consent": Person.to_consent,
    "name": Person.to_name,
    "subject": Person.to_subject,
    "photos": Person.to_photos,
    "mode": Person.to_mode,
    "confirm": Person.to_summary,
}


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("My Portrait 2025", "MY_PORTRAIT_2025"),
        ("Мой портрет", "MOY_PORTRET"),
        ("  a   b!! ", "A_B"),
        ("我的照片", r"[A-Z_]+"),
        ("W" * 40, "W{40}"),
    ],
)
async def test_the_trigger_word_has_its_shape(person: Person, name: str, base: str) -> None:
    await person.to_name()
    said = await person.say(name)
    answer = await person.sees_button("subj:", after=said)
    found = re.search(r"\b[A-Z0-9_]+_[0-9A-F]{4}\b", text_of(answer))
    assert found
    assert re.fullmatch(rf"{base}_[0-9A-F]{{4}}", found[0])
    assert len(found[0]) <= 48


async def test_two_models_of_one_name_have_two_trigger_words(
    sandbox: Sandbox, person: Person
) -> None:
    other = await sandbox.newcomer()
    other.name = person.name
    words = [
        re.findall(r"\b[A-Z0-9_]+_[0-9A-F]{4}\b", text_of(await one.to_subject()))[0]
        for one in (person, other)
    ]
    assert words[0] != words[1]


@pytest.mark.parametrize(
    ("step", "how"),
    [
        *((step, "/cancel") for step in TRAIN_STEPS),
        *((step, "the button") for step in TRAIN_STEPS if step != "mode"),
    ],
)
async def test_cancel_leaves_every_step_of_train(person: Person, step: str, how: str) -> None:
    await TRAIN_STEPS[step](person)
    if how == "/cancel":
        await person.say("/cancel")
    else:
        await person.press("go:cancel")
    if step in {"mode", "confirm"}:
        await person.reads("cancelled-draft-kept", count=5)
    else:
        await person.reads("cancelled")
    said = await person.say("hello")
    await person.reads("expects-anything", after=said)


async def test_cancel_leaves_the_question_for_a_prompt_and_for_a_model(person: Person) -> None:
    await person.own_model()
    said = await person.say("/generate")
    await person.reads("ask-prompt", after=said, model=person.name)
    said = await person.say("/cancel")
    await person.reads("cancelled", after=said)
    await person.start_training()
    await person.wait(
        lambda message: bool(data_of(message, "use:")) and "🎉" in text_of(message),
        "a second model",
        after=said,
    )
    said = await person.say("/generate")
    await person.reads("ask-which-model", after=said)
    said = await person.say("hello?")
    await person.reads("expects-model", after=said)
    said = await person.say("/cancel")
    await person.reads("cancelled", after=said)
    said = await person.say("a prompt?")
    offered = await person.sees("a prompt?", after=said)
    assert await person.generations() == []
    await person.toast(await person.tap(offered, "offer:make"))
    await person.gets_picture(after=said)
    assert len(await person.generations()) == 1


async def test_cancel_with_nothing_to_leave_says_so(person: Person) -> None:
    said = await person.say("/cancel")
    await person.reads("nothing-to-leave", after=said)


async def test_back_goes_all_the_way_from_the_summary_to_the_start(person: Person) -> None:
    await person.to_summary()
    # The button names the step it leads back from: that of the next question may be on its way.
    await person.press("go:back:TrainForm-confirm")
    await person.sees_button("mode:")
    await person.press("go:back:TrainForm-mode")
    await person.reads("ask-photos", min=5, max=20, recommended=10)
    await person.counted(5)
    await person.press("go:back:TrainForm-photos")
    await person.reads("ask-subject")
    await person.press("go:back:TrainForm-subject")
    await person.reads("ask-name")
    await person.press("go:back:TrainForm-name")
    await person.reads("ask-consent", days=7)
    await person.press("go:back:TrainForm-consent")
    await person.sees_button("menu:train")


async def test_after_going_back_the_name_can_be_kept_and_the_way_goes_on(person: Person) -> None:
    question = await person.to_subject()
    trigger = re.findall(r"\b[A-Z0-9_]+_[0-9A-F]{4}\b", text_of(question))[0]
    await person.press("go:back")
    await person.reads("ask-name")
    await person.press("draft:keep")
    assert trigger in text_of(await person.sees_button("subj:"))


async def test_a_draft_with_photos_is_offered_and_goes_on(person: Person) -> None:
    await person.to_photos()
    await person.send(*pictures.photos(5))
    await person.counted(5)
    await person.say("/cancel")
    said = await person.say("/train")
    await person.reads("draft-found", after=said, name=person.name, count=5, min=5, max=20)
    await person.press("draft-left:continue")
    counter = await person.wait(
        lambda message: bool(data_of(message, "photos:")), "a fresh counter", after=said
    )
    assert person.words("photos-counter", accepted=5, min=5, max=20) in text_of(counter)
    await person.press_action("photos:", "done")
    await person.sees_button("mode:")


async def test_a_draft_with_photos_can_be_dropped_for_a_new_one(person: Person) -> None:
    await person.to_photos()
    await person.send(*pictures.photos(5))
    await person.counted(5)
    said = await person.say("/train")
    await person.sees_button("draft-left:anew", after=said)
    await person.press("draft-left:anew")
    await person.press("draft:agree")
    await person.reads("ask-name")
    said = await person.say(person.name)
    await person.sees_button("subj:", after=said)
    await person.press("subj:")
    await person.send(*pictures.photos(2))
    await person.counted(2)


async def test_the_language_follows_telegram_and_a_choice_lasts(
    sandbox: Sandbox, person: Person
) -> None:
    await person.say("/language")
    await person.press("lang:ru")
    said = await person.say("/help")
    await person.sees("Как это работает", after=said)
    await sandbox.ask("PATCH", f"users/{person.id}", json={"language_code": "en"})
    said = await person.say("/models")
    await person.sees("У вас пока нет моделей", after=said)
    other = await sandbox.newcomer("ru")
    said = await other.say("/help")
    await other.sees("Как это работает", after=said)


async def test_an_unknown_language_is_answered_in_english(sandbox: Sandbox) -> None:
    person = await sandbox.newcomer()
    await sandbox.ask("PATCH", f"users/{person.id}", json={"language_code": "de"})
    await person.say("/start")
    await person.sees("I make photos of you")


async def test_status_shows_the_progress_again_at_the_bottom(
    sandbox: Sandbox, person: Person
) -> None:
    said = await person.say("/status")
    await person.reads("no-training", after=said)
    await sandbox.scenario(stall=True)
    summary = await person.start_training()
    await person.sees("🧠")
    said = await person.say("/status")
    fresh = await person.sees("🧠", after=said)
    assert fresh["message_id"] > said > summary["message_id"]
    assert sum("🧠" in text_of(message) for message in await person.from_bot()) == 1
    await sandbox.calm()
    await person.told_ready()
    said = await person.say("/status")
    await person.reads("no-training", after=said)


async def test_models_lists_models_and_makes_one_active(person: Person) -> None:
    said = await person.say("/models")
    await person.reads("models-none", after=said)
    first_name = person.name
    await person.own_model()
    person.name = f"{first_name} second"
    begun = await person.last_id()
    await person.start_training()
    await person.told_ready(after=begun)
    said = await person.say("/models")
    listed = await person.reads("models-choose", after=said)
    assert re.search(rf"✅ {first_name} second · \S+ · active", text_of(listed))
    assert re.search(rf"▫️ {first_name} · \S+ · ready", text_of(listed))
    older = data_of(listed, "model:")[1]
    await person.toast(await person.tap(listed, older))
    card = await person.sees_button("use:", after=said)
    await person.toast(await person.tap(card, data_of(card, "use:")[0]))
    said = await person.say("/models")
    await person.wait(
        lambda message: bool(re.search(rf"✅ {first_name} · ", text_of(message))),
        "the first model is active",
        after=said,
    )


async def send_everything(person: Person) -> dict[str, list[str]]:
    """Send one thing of each kind, and return what the bot says to each."""
    answers = {}
    for what in ("text", "photo", "album", "file", "unknown command"):
        before = await person.last_id()
        if what == "text":
            await person.say("what now?")
        elif what == "photo":
            await person.send(pictures.photo())
        elif what == "album":
            await person.send(*pictures.photos(3))
        elif what == "file":
            await person.send_file(pictures.photo(), "a.jpg", "image/jpeg")
        else:
            await person.say("/unknown")
        answers[what] = await person.answers(before)
    return answers


async def test_the_unexpected_gets_one_kind_answer_where_the_consent_is_awaited(
    person: Person,
) -> None:
    await person.to_consent()
    words, photos = [person.words("expects-consent")], [person.words("photos-wait-for-consent")]
    assert await send_everything(person) == {
        "text": words,
        "photo": photos,
        "album": photos,
        "file": photos,
        "unknown command": words,
    }


@pytest.mark.parametrize("step", ["subject", "mode", "confirm"])
async def test_the_unexpected_gets_one_kind_answer_where_a_button_is_awaited(
    person: Person, step: str
) -> None:
    await TRAIN_STEPS[step](person)
    for words in ("what now?", "/unknown"):
        before = await person.last_id()
        await person.say(words)
        assert await person.answers(before) == [person.words(f"expects-{step}")]


@pytest.mark.parametrize("step", ["name", "subject", "mode", "confirm"])
async def test_photos_are_taken_at_every_step_of_a_draft(person: Person, step: str) -> None:
    await TRAIN_STEPS[step](person)
    before = await person.last_id()
    await person.send(*pictures.photos(8)[5:])
    there = 3 if step in {"name", "subject"} else 8
    counter = await person.reads("photos-counter", after=before, accepted=there, min=5, max=20)
    assert data_of(counter, "photos:")


async def test_photos_are_taken_for_a_draft_that_was_left(person: Person) -> None:
    await person.to_photos()
    await person.say("/cancel")
    before = await person.last_id()
    await person.send(*pictures.photos(5))
    counter = await person.reads("photos-counter", after=before, accepted=5, min=5, max=20)
    await person.toast(await person.tap(counter, data_of(counter, "photos:")[0]))
    await person.sees_button("mode:", after=before)


async def test_the_unexpected_gets_one_kind_answer_where_a_name_is_awaited(
    person: Person,
) -> None:
    await person.to_name()
    before = await person.last_id()
    await person.say("/unknown")
    assert await person.answers(before) == [person.words("expects-name")]


async def test_the_unexpected_gets_one_kind_answer_where_photos_are_awaited(
    person: Person,
) -> None:
    await person.to_photos()
    for words in ("is this enough?", "/unknown"):
        before = await person.last_id()
        await person.say(words)
        assert await person.answers(before) == [person.words("expects-photos")]


async def test_the_unexpected_outside_of_any_step_gets_one_kind_answer(person: Person) -> None:
    await person.say("/start")
    await person.sees_button("menu:")
    for words in ("what now?", "/unknown"):
        before = await person.last_id()
        await person.say(words)
        assert await person.answers(before) == [person.words("expects-anything")]
    before = await person.last_id()
    await person.send(*pictures.photos(3))
    (answer,) = await person.answers(before)
    assert answer.startswith(person.words("photos-before-consent-try"))
    assert answer.endswith(person.words("ask-consent", days=7))


@pytest.mark.parametrize(
    # Telegram lets nobody send zero-width spaces alone; these invisible characters it lets pass.
    "name",
    ["x" * 41, "🙂" * 41, "\N{WORD JOINER}\N{HANGUL FILLER}"],
)
async def test_a_name_too_long_or_empty_is_asked_for_again(person: Person, name: str) -> None:
    await person.to_name()
    said = await person.say(name)
    await person.reads("error-invalid-name", after=said, max=40)
    said = await person.say(person.name)
    await person.sees_button("subj:", after=said)


async def test_a_name_of_emoji_only_gives_a_model_trigger_word(person: Person) -> None:
    await person.to_name()
    said = await person.say("🙂🙃")
    answer = await person.sees_button("subj:", after=said)
    assert re.search(r"\bMODEL_[0-9A-F]{4}\b", text_of(answer))


async def test_markup_in_a_name_is_only_text(person: Person) -> None:
    await person.to_name()
    said = await person.say("<b>Tom & Eve</b>")
    answer = await person.sees_button("subj:", after=said)
    assert "<b>Tom & Eve</b>" in text_of(answer)


async def test_a_button_of_an_earlier_step_says_that_it_is_old(person: Person) -> None:
    agreed = await person.to_consent()
    (agree,) = data_of(agreed, "draft:agree")
    await person.press("draft:agree")
    await person.reads("ask-name")
    await person.say("Anna")
    await person.sees_button("subj:")
    if REPLICAS > 1:
        # The one that knows the press may not have seen the name: to it this were a second tap.
        await asyncio.sleep(SECOND_TAP_S)
    toast = await person.toast(await person.tap(agreed, agree, forged=True))
    assert toast == person.words("error-stale-button")


async def test_buttons_of_a_started_training_say_that_they_are_old(person: Person) -> None:
    question = await person.to_mode()
    (economy, _) = data_of(question, "mode:")
    counters = [
        message for message in await person.from_bot() if "5 photos ready" in text_of(message)
    ]
    assert counters
    await person.press_action("mode:", "economy")
    await person.press("start:")
    await person.told_ready()
    training_id = economy.split(":")[1]
    for data in (economy, f"photos:{training_id}:over", f"subj:{training_id}:man"):
        toast = await person.toast(await person.tap(question, data, forged=True))
        assert toast == person.words("error-stale-button")
    assert await person.forge(f"start:{training_id}") == person.words("already-started")
    assert len(await person.trainings()) == 1


@pytest.mark.parametrize(
    "data",
    [
        "nonsense",
        "start:",
        "start:../../etc/passwd",
        "photos:nobody:done",
        "photos:nobody:explode",
        "mode:nobody:economy",
        "subj:nobody:dragon",
        "tr:nobody:cancel",
        "tr:nobody:retry",
        "use:nobody:1",
        "use:nobody:maybe",
        "model:nobody:card",
        "model:nobody:sure",
        "model:nobody:explode",
        "panel:nobody",
        "make:nobody",
        "opt|num_images|9|0|",
        "want:preview:maybe",
        "res:again:nobody",
        "res:vary:nobody",
        "res:full:nobody",
        "res:explode:nobody",
        "pic:full:nobody",
        "pic:like:nobody",
        "lang:tlh",
        "menu:" + "x" * 59,
        "go:nowhere",
        "draft:keep",
        "draft-left:continue:nobody",
    ],
)
async def test_forged_buttons_are_answered_and_do_nothing(person: Person, data: str) -> None:
    await person.say("/start")
    menu = await person.sees_button("menu:")
    toast = await person.toast(await person.tap(menu, data, forged=True))
    refusals = ("error-stale-button", "error-not-found", "error-no-model-yet")
    assert toast in {person.words(key) for key in refusals}
    assert len(await person.messages()) == 2


async def test_somebody_elses_ids_in_buttons_are_not_found(
    sandbox: Sandbox, person: Person
) -> None:
    ready = await person.own_model()
    (use,) = data_of(ready, "use:")
    said = await person.say("/generate portrait photo")
    (again,) = data_of(await person.gets_picture(after=said), "res:again:")
    begun = await person.last_id()
    person.name += " second"
    summary = await person.to_summary()
    assert summary["message_id"] > begun
    (start,) = data_of(summary, "start:")
    training_id = start.split(":")[1]
    stranger = await sandbox.newcomer()
    await stranger.say("/start")
    menu = await stranger.sees_button("menu:")
    forged = [use, again, start, f"tr:{training_id}:retry", f"tr:{training_id}:cancel"]
    for data in forged:
        toast = await stranger.toast(await stranger.tap(menu, data, forged=True))
        assert toast == stranger.words("error-not-found"), data
    await stranger.to_photos()
    for action in ("done", "over", "all", "last"):
        toast = await stranger.forge(f"photos:{training_id}:{action}")
        assert toast == stranger.words("error-not-found")
    said = await stranger.say("/generate portrait photo")
    await stranger.reads("error-no-model-yet", after=said)


async def test_a_group_is_told_that_the_bot_works_in_private_only(
    sandbox: Sandbox, person: Person
) -> None:
    group = await sandbox.ask("POST", "groups", json={"title": "Friends", "user": person.id})
    path = f"groups/{group['id']}"
    await sandbox.ask(
        "POST", f"{path}/text", json={"user": person.id, "text": "/train@neurophoto_sandbox_bot"}
    )
    words = person.words("private-only")

    async def look() -> bool | None:
        listed = await sandbox.ask("GET", f"{path}/messages")
        said = [text_of(m) for m in listed["messages"] if m["from"]["is_bot"]]
        assert all(text == words for text in said)
        return True if said else None

    await eventually(look, words)
