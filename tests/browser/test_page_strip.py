"""The strip for the curious."""

import asyncio

from playwright.async_api import Page, Route, expect

from sandbox.fal.scenario import WebhookFault
from tests.browser.support import USER_ID, Sandbox, wait_until


async def open_strip(page: Page) -> None:
    await page.get_by_role("button", name="Behind the scenes").click()
    await expect(page.get_by_role("complementary", name="Behind the scenes")).to_be_visible()


async def test_it_is_folded_at_first_and_says_what_is_simulated(chat: Page) -> None:
    await expect(chat.locator("#strip")).to_be_hidden()
    await open_strip(chat)
    await expect(chat.locator("#strip")).to_contain_text("Simulated here: Telegram's servers")
    await chat.keyboard.press("Escape")
    await expect(chat.locator("#strip")).to_be_hidden()
    await expect(chat.get_by_role("button", name="Behind the scenes")).to_be_focused()


async def test_it_sets_the_clock(chat: Page, sandbox: Sandbox) -> None:
    await open_strip(chat)
    await chat.get_by_role("radio", name="5 min").check()

    async def five_minutes() -> bool:
        clock = (await sandbox.control("GET", "state"))["clock"]
        return bool(clock == {"mode": "seconds", "value": 300.0})

    await wait_until(five_minutes, "the clock is set")
    await chat.get_by_role("radio", name="30 s").check()


async def test_every_switch_is_as_high_as_its_words(chat: Page) -> None:
    await open_strip(chat)
    switches = chat.locator("#strip .switch")
    await expect(switches.filter(has_text="Topics in the private chat")).to_be_visible()
    for one in await switches.all():
        switch = await one.locator("input").bounding_box()
        words = await one.locator("span").bounding_box()
        assert switch is not None
        assert words is not None
        middles = [box["y"] + box["height"] / 2 for box in (switch, words)]
        assert abs(middles[0] - middles[1]) < 2, await one.inner_text()


async def test_it_changes_the_language_of_the_user(chat: Page, sandbox: Sandbox) -> None:
    await open_strip(chat)
    await chat.get_by_role("radio", name="Русский").check()
    await expect(chat.get_by_role("complementary", name="За кулисами")).to_be_visible()
    users = (await sandbox.control("GET", "state"))["users"]
    assert users[0]["language_code"] == "ru"


async def test_a_second_user_has_a_chat_of_their_own(chat: Page, sandbox: Sandbox) -> None:
    await open_strip(chat)
    await chat.get_by_role("button", name="Add a user").click()
    await expect(chat.get_by_label("Pretended user")).to_contain_text("Guest 2")
    await expect(chat.get_by_role("button", name="START", exact=True)).to_be_visible()
    await chat.get_by_role("button", name="START", exact=True).click()
    await expect(chat.locator(".row.out:not(.pending)")).to_have_count(1)
    await chat.reload()
    await expect(chat.locator(".row.out:not(.pending)")).to_have_count(1)
    await open_strip(chat)
    await chat.get_by_label("Pretended user").select_option(str(USER_ID))
    await sandbox.say("For the first one only")
    await expect(chat.locator(".row.in")).to_contain_text("For the first one only")


async def test_faults_are_switched_on_and_off(chat: Page, sandbox: Sandbox) -> None:
    await open_strip(chat)

    for name, key, wanted in (
        ("fal refuses: the balance is used up", "locked", True),
        ("Trainings fail", "fail_training", "image_load_error"),
        ("New models come out as somebody else", "wrong_person", True),
        ("Pictures are flagged NSFW", "nsfw", True),
        ("The language model is slow", "language_model", "slow"),
        ("The language model refuses", "language_model", "refuses"),
        ("The language model chats", "language_model", "bad_json"),
    ):
        switch = chat.get_by_role("switch", name=name)
        before = await scenario(sandbox, key)
        await switch.click()
        await expect(switch).to_be_checked()
        await becomes(sandbox, key, wanted)
        await switch.click()
        await expect(switch).not_to_be_checked()
        await becomes(sandbox, key, before)
    calls = chat.get_by_label("fal's calls when a job ends")
    for fault in WebhookFault:
        await calls.select_option(fault.value)
        await becomes(sandbox, "webhooks", fault.value)
    await expect(calls.locator("option:checked")).to_have_text("after forgeries")
    await calls.select_option("come")
    await becomes(sandbox, "webhooks", None)
    down = chat.get_by_role("switch", name="fal is down (503)")
    await down.click()
    await expect(down).to_be_checked()
    await faulty(sandbox, ["status"])
    answer = await sandbox.http.get(f"{sandbox.url}/fal/rest/anything")
    assert answer.status == 503
    await down.click()
    await expect(down).not_to_be_checked()
    await faulty(sandbox, [])


async def test_what_is_pressed_before_the_last_press_is_drawn_is_done_as_well(
    chat: Page, sandbox: Sandbox
) -> None:
    await open_strip(chat)
    await expect(chat.get_by_role("switch", name="fal is down (503)")).to_be_visible()
    may_read = asyncio.Event()

    async def later(route: Route) -> None:
        await may_read.wait()
        await route.continue_()

    await chat.route("**/sandbox/state", later)
    for name in ("fal refuses: the balance is used up", "Pictures are flagged NSFW"):
        await chat.get_by_role("switch", name=name).click()
    down = chat.get_by_role("switch", name="fal is down (503)")
    await down.click()
    await faulty(sandbox, ["status"])
    await down.click()
    may_read.set()
    await faulty(sandbox, [])
    await becomes(sandbox, "locked", wanted=True)
    await becomes(sandbox, "nsfw", wanted=True)
    await chat.unroute("**/sandbox/state")


async def test_a_press_reaches_what_is_drawn_anew_while_it_is_held(
    chat: Page, sandbox: Sandbox
) -> None:
    await open_strip(chat)
    switch = chat.get_by_role("switch", name="Pictures are flagged NSFW")
    await switch.hover()
    await chat.mouse.down()
    # The strip reads this last before it draws.
    async with chat.expect_response("**/sandbox/calls*"):
        await sandbox.control("PATCH", f"users/{USER_ID}", {"stars": 321})
    await chat.mouse.up()
    await becomes(sandbox, "nsfw", wanted=True)
    await expect(chat.get_by_label("The user's play Stars")).to_have_value("321")
    await expect(switch).to_be_checked()


async def scenario(sandbox: Sandbox, key: str) -> object:
    return (await sandbox.control("GET", "fal/scenario"))[key]


async def becomes(sandbox: Sandbox, key: str, wanted: object) -> None:
    """Wait for the sandbox to hear of a switch, which moves as soon as it is pressed."""

    async def look() -> bool:
        return await scenario(sandbox, key) == wanted

    await wait_until(look, f"{key} is {wanted}")


async def faulty(sandbox: Sandbox, kinds: list[str]) -> None:
    """Wait until just these faults are in force."""

    async def look() -> bool:
        faults = (await sandbox.control("GET", "state"))["faults"]
        return [fault["kind"] for fault in faults] == kinds

    await wait_until(look, f"faults {kinds}")


async def test_telegram_floods_once_and_is_out_for_a_while(chat: Page, sandbox: Sandbox) -> None:
    await open_strip(chat)
    await chat.get_by_role("button", name="Telegram: too many requests (429), once").click()
    await expect(chat.locator(".toast")).to_have_text("Done")
    faults = (await sandbox.control("GET", "state"))["faults"]
    assert [(f["kind"], f["times"]) for f in faults] == [("flood", 1)]
    await chat.get_by_role("button", name="Telegram is out for 10 s").click()

    async def both() -> bool:
        return len((await sandbox.control("GET", "state"))["faults"]) == 2

    await wait_until(both, "the outage is set")


async def test_calls_appear_as_they_are_made_with_masked_secrets(
    chat: Page, sandbox: Sandbox
) -> None:
    await sandbox.say("Before anybody looked")
    await expect(chat.locator(".row.in")).to_have_count(1)
    await open_strip(chat)
    await expect(chat.locator("#calls > li", has_text="sendMessage")).to_have_count(1)
    await sandbox.say("Hello from the bot")
    await expect(chat.locator("#calls > li", has_text="sendMessage")).to_have_count(2)
    call = chat.locator("#calls > li", has_text="sendMessage").first
    await expect(call).to_be_visible()
    await call.locator("summary").click()
    await expect(call.locator("pre").first).to_contain_text("Hello from the bot")
    await expect(call.locator(".call-path")).to_contain_text("/bot***/sendMessage")
    assert "SANDBOX-local" not in await chat.content()
    await chat.get_by_role("radio", name="fal", exact=True).check()
    await expect(call).to_be_hidden()


async def test_blocking_the_bot_takes_the_field_away_until_it_is_lifted(
    chat: Page, sandbox: Sandbox
) -> None:
    await open_strip(chat)
    await chat.get_by_role("button", name="Block the bot").click()
    await expect(chat.locator("#composer")).to_be_hidden()
    await chat.locator("#unblock").click()
    await expect(chat.locator("#composer")).to_be_visible()
    users = (await sandbox.control("GET", "state"))["users"]
    assert users[0]["blocked"] is False


async def test_everything_is_started_over_after_a_second_press(chat: Page) -> None:
    await open_strip(chat)
    await chat.get_by_role("button", name="Start everything over").click()
    await chat.get_by_role("button", name="Press again to erase the chat").click()
    await expect(chat.get_by_role("button", name="START", exact=True)).to_be_visible()
