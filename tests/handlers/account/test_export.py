"""/export: begun by a command or a button, stopped by another, and its own chat's alone."""

import zipfile
from io import BytesIO

import pytest

from handlers.support.states import SupportForm
from services.domain.exports import Export
from services.exporting.service import EVERY
from services.users.service import OPERATOR_ASKED
from tests.handlers.chat import Chat, Product


async def export_of(chat: Chat) -> Export:
    async with chat.product.database.transaction() as tx:
        export = await tx.exports.latest_of(chat.id)
    assert export is not None
    return export


def files_of(chat: Chat) -> list[bytes]:
    telegram = chat.product.sandbox.state.telegram
    sent = [message.body.get("document") for message in telegram.messages(chat.id)]
    found = [telegram.files.find(one["file_id"]) for one in sent if one is not None]
    return [one[0].data for one in found if one is not None]


def test_the_state_in_which_the_operator_is_written_to_is_known_by_its_name() -> None:
    assert SupportForm.words.state == OPERATOR_ASKED


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_a_copy_comes_and_its_message_says_so(product: Product, language: str) -> None:
    chat = product.newcomer(language)
    await chat.say("/export")
    await chat.until_said(chat.words("export-only-part", number=1))
    done = await chat.until_said(chat.words("export-done", parts=1))
    assert not done.buttons
    (data,) = files_of(chat)
    with zipfile.ZipFile(BytesIO(data)) as part:
        readme = part.read("README.txt").decode("utf-8-sig")
    assert chat.words("export-readme-file-data") in readme
    await chat.say("/export")
    next_at = (await export_of(chat)).created_at + EVERY
    too_soon = chat.words("error-export-too-soon", at=f"{next_at:%Y-%m-%d %H:%M}")
    assert chat.last.text == too_soon


async def test_the_button_below_privacy_begins_one_in_its_topic(chat: Chat) -> None:
    topic = await chat.open_topic()
    await chat.say("/privacy")
    await chat.press("export:start")
    shown = await chat.until_said(chat.words("export-only-part", number=1))
    assert shown.topic == topic


async def test_nobody_stops_the_copy_of_another_and_nobody_one_that_has_ended(
    chat: Chat, stranger: Chat
) -> None:
    await chat.say("/export")
    await chat.until_said(chat.words("export-done", parts=1))
    export = await export_of(chat)
    toast = await stranger.forge(f"export:stop:{export.id}")
    assert toast == stranger.words("error-not-found")
    assert await chat.forge(f"export:stop:{export.id}") == chat.words("error-stale-button")
    assert await chat.forge("export:stop:") == chat.words("error-not-found")
