"""The panel, the one-line form, the settings and the help, as people use them."""

from tests.e2e.driver import NEVER, Json, Person, Sandbox, data_of, eventually, labels_of, text_of
from tests.e2e.processes import Process, start_bot


async def shows(person: Person, message: Json, label: str) -> Json:
    """Wait until a message, edited in place, has a button that says so."""
    message_id = message["message_id"]
    return await person.wait(
        lambda one: one["message_id"] == message_id and label in labels_of(one),
        f"{label} in message {message_id}",
    )


async def one_more_job(person: Person, before: int) -> Json:
    """Wait until fal has one generation more than before, and return what it was sent."""

    async def look() -> Json | None:
        jobs = await person.generations()
        return jobs[before] if len(jobs) > before else None

    job = await eventually(look, "one more generation at fal", tell=person.story)
    assert len(await person.generations()) == before + 1
    return dict(job["input"])


async def test_choices_last_over_a_restart_and_reach_fal(bot: Process, sandbox: Sandbox) -> None:
    person = await sandbox.newcomer("ru")
    await person.own_model()
    said = await person.say("/generate")
    question = await person.reads("ask-prompt", after=said, model=person.name)
    assert "$" not in text_of(question)
    for press, label in (
        ("opt|shape|9:16|", "• 9:16"),
        ("opt|count|2|", "• ×2"),
        ("opt|scale|1.1|", "Сила 1,1"),
    ):
        assert await person.toast(await person.tap(question, press)) == ""
        question = await shows(person, question, label)
    bot.kill()
    start_bot(bot)
    # The old message still works, and what is chosen already may be chosen again.
    assert await person.toast(await person.tap(question, "opt|count|2|")) == ""
    await person.toast(await person.tap(question, "opt|scale|1.2|"))
    question = await shows(person, question, "Сила 1,2")
    said = await person.say("портрет --ar 2:3")
    allowed = "1:1, 3:4, 9:16, 4:3, 16:9"
    await person.reads(
        "error-bad-option-value", after=said, option="--ar", value="2:3", allowed=allowed
    )
    assert await person.generations() == []
    said = await person.say("portrait at the window")
    sent = await one_more_job(person, 0)
    assert sent["prompt"].endswith(", portrait at the window")
    assert (sent["image_size"], sent["num_images"]) == ("portrait_16_9", 2)
    assert sent["loras"][0]["scale"] == 1.2
    await person.gets_picture(after=said)


async def test_a_fresh_user_gets_exactly_the_defaults(person: Person) -> None:
    await person.own_model()
    said = await person.say("/generate portrait photo")
    sent = await one_more_job(person, 0)
    trigger = (await person.one_training())["input"]["trigger_word"]
    assert sent["prompt"] == f"{trigger}, portrait photo"
    assert (sent["image_size"], sent["num_images"]) == ("portrait_4_3", 1)
    assert [weight["scale"] for weight in sent["loras"]] == [1.0]
    await person.gets_picture(after=said)


async def test_a_picture_is_made_again_with_other_choices_once_for_two_taps(
    person: Person,
) -> None:
    await person.own_model()
    said = await person.say("/generate portrait photo")
    sent = await one_more_job(person, 0)
    picture = await person.gets_picture(after=said)
    await person.toast(await person.tap(picture, "res:more:"))
    await shows(person, picture, person.words("panel-open"))
    await person.press("panel:")
    panel = await person.sees_button("make:", after=picture["message_id"])
    await person.toast(await person.tap(panel, f"opt|seed|{sent['seed']}|"))
    panel = await shows(person, panel, f"• {person.words('panel-button-seed-keep')}")
    assert person.words("panel-seed-kept", seed=str(sent["seed"])) in text_of(panel)
    await person.toast(await person.tap(panel, "opt|shape|1:1|"))
    panel = await shows(person, panel, "• 1:1")
    # Once it is there, one more press would be one more picture.
    await person.sandbox.clock("polls", NEVER)
    taps = [await person.tap(panel, "make:") for _ in range(2)]
    for tap in taps:
        await person.toast(tap)
    await person.sandbox.clock("immediate")
    again = await one_more_job(person, 1)
    assert (again["prompt"], again["seed"]) == (sent["prompt"], sent["seed"])
    assert again["image_size"] == "square_hd"
    await person.gets_picture(after=panel["message_id"])


async def test_an_hd_picture_is_ordered_and_comes_in_its_size(person: Person) -> None:
    await person.own_model()
    said = await person.say("/generate")
    question = await person.reads("ask-prompt", after=said, model=person.name)
    await person.toast(await person.tap(question, "opt|size|hd|"))
    await shows(person, question, f"• {person.words('panel-button-size-hd', price='none')}")
    said = await person.say("portrait photo")
    sent = await one_more_job(person, 0)
    assert sent["image_size"] == {"width": 1152, "height": 1536}
    await person.gets_picture(after=said)


async def test_choices_can_be_written_into_the_prompt_for_once(owner: Person) -> None:
    before = len(await owner.generations())
    said = await owner.say("/generate portrait photo in Paris —ar 9:16 -n 2 --seed 7")
    sent = await one_more_job(owner, before)
    assert sent["prompt"].endswith(", portrait photo in Paris")
    assert (sent["image_size"], sent["num_images"], sent["seed"]) == ("portrait_16_9", 2, 7)
    picture = await owner.gets_picture(after=said)
    said = await owner.say("/generate black-and-white — moody - film")
    sent = await one_more_job(owner, before + 1)
    assert sent["prompt"].endswith(", black-and-white — moody - film")
    assert (sent["image_size"], sent["num_images"]) == ("portrait_4_3", 1)
    await owner.gets_picture(after=picture["message_id"])
    for line, key, named in (
        ("--art 9:16", "error-unknown-option", {"option": "--art"}),
        ("-n", "error-missing-option-value", {"option": "-n", "allowed": "1–4"}),
        ("-n 1 -n 2", "error-repeated-option", {"option": "-n"}),
    ):
        said = await owner.say(f"/generate a king {line}")
        await owner.sees(owner.words(key, **named), after=said)
    assert len(await owner.generations()) == before + 2


async def test_settings_are_switched_in_place_and_stay(bot: Process, sandbox: Sandbox) -> None:
    person = await sandbox.newcomer("ru")
    said = await person.say("/settings")
    settings = await person.sees_button("want:", after=said)
    wish = person.words("settings-reminders")
    assert f"✅ {wish}" in labels_of(settings)
    await person.toast(await person.tap(settings, "want:reminders:0"))
    settings = await shows(person, settings, f"⬜ {wish}")
    bot.kill()
    start_bot(bot)
    await person.say("/start")
    await person.press("menu:settings")
    again = await person.sees_button("want:", after=settings["message_id"])
    assert f"⬜ {wish}" in labels_of(again)
    assert f"✅ {person.words('settings-preview')}" in labels_of(again)
    await person.toast(await person.tap(again, "panel:"))
    await person.press("menu:language")
    await person.press("lang:en")
    person.language = type(person.language).EN
    said = await person.say("/settings")
    await person.sees(person.words("settings"), after=said)


async def test_help_turns_its_pages_in_place(person: Person) -> None:
    said = await person.say("/help")
    first = await person.reads("help", after=said, min=5, max=20)
    topics = data_of(first, "help:")
    # Who pays nothing is not told of prices.
    assert len(topics) == 6
    assert "help:price" not in topics
    for topic in topics:
        await person.toast(await person.tap(first, topic))
    page = await shows(person, first, f"• {person.words('help-button-cancel')}")
    await person.toast(await person.tap(page, "help:"))
    assert len(await person.from_bot(after=said)) == 1
