"""A user and an admin write to each other through the real bot, which is killed in between."""

import pytest

from services.domain.clock import now
from tests.e2e import pictures
from tests.e2e.driver import Json, Person, Sandbox, data_of, eventually, text_of
from tests.e2e.processes import Process, start_bot
from tests.e2e.test_operator import ADMIN, House, bot, house, server, somebody

__all__ = ["bot", "house", "server"]


@pytest.fixture
async def admin(sandbox: Sandbox) -> Person:
    return await somebody(sandbox, ADMIN)


async def reply(person: Person, message: Json, text: str) -> None:
    body = {"text": text, "reply_to": message["message_id"]}
    await person.sandbox.ask("POST", f"chats/{person.id}/text", json=body)


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_a_thread_outlives_a_kill_and_goes_with_its_user(
    bot: Process, sandbox: Sandbox, admin: Person, house: House, language: str
) -> None:
    person = await sandbox.newcomer(language)
    said = await person.say("/support")
    await person.reads("support-ask", after=said)
    await person.send(pictures.photo())
    await person.reads("support-passed-on", after=said)
    head = admin.words("support-from-user", id=str(person.id))
    shown = await admin.wait(
        lambda message: "photo" in message and text_of(message).startswith(head), "the photo"
    )

    def written() -> list[tuple[object, ...]]:
        return house.look(
            "SELECT admin_id, delivered_at FROM support_messages JOIN support_threads"
            " ON support_threads.id = thread_id WHERE user_id = ?",
            person.id,
        )

    async def noted() -> bool:
        return all(delivered_at is not None for _, delivered_at in written())

    async def kept() -> bool:
        return any(admin_id is not None for admin_id, _ in written())

    await eventually(noted, "whom the photo has reached is noted", tell=admin.story)
    # Nobody can be sent anything: the answer is kept, and the bot is killed with it.
    await sandbox.fault("telegram", "/sendMessage", "status", status=500, times=0)
    await reply(admin, shown, "Hello from the console")
    await eventually(kept, "the answer is a row", tell=admin.story)
    bot.kill()
    await sandbox.calm()
    start_bot(bot)
    answer = await person.sees("Hello from the console")
    assert text_of(answer).startswith(person.words("support-answer"))
    await eventually(noted, "whom the answer has reached is noted", tell=admin.story)
    await reply(person, answer, "Thanks a lot")
    await admin.sees("Thanks a lot")
    await eventually(noted, "whom the thanks have reached is noted", tell=admin.story)

    said = await person.say("/deletemydata")
    asked = await person.reads("forget-ask", after=said)
    await person.toast(await person.tap(asked, data_of(asked, "forget:")[1]))
    await person.reads("forget-done", after=said, date=now().date())

    async def cleared() -> bool:
        texts = [text_of(message) for message in await admin.from_bot()]
        return not any(head in text or "Thanks a lot" in text for text in texts)

    await eventually(cleared, "what the admin was shown is cleared", tell=admin.story)
    assert written() == []
