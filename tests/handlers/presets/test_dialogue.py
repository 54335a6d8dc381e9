"""Presets: shelves, cards, and what is ordered."""

import pytest

from services.presets.catalogue import Catalogue
from services.presets.file import load_presets
from tests.handlers.chat import Chat

CATALOGUE: Catalogue = load_presets("")
PRESET = CATALOGUE.presets[0]
PACK = CATALOGUE.packs[0]


async def test_the_command_shows_the_categories(chat: Chat) -> None:
    await chat.say("/presets")
    assert chat.last.text == chat.words("presets-title")
    assert chat.last.has("pshelf:")


async def test_a_shelf_and_a_card_open_in_place_and_lead_back(chat: Chat) -> None:
    await chat.say("/presets")
    front = chat.last
    await chat.press("pshelf:")
    assert chat.last.has("pcard:")
    await chat.press("pcard:")
    assert chat.last.has("pmake:")
    await chat.press("pshelf:")
    await chat.press("pcats:")
    assert chat.last == front


async def test_every_page_has_a_picture_in_the_same_message(chat: Chat) -> None:
    await chat.say("/presets")
    assert chat.last.is_picture
    front = chat.last.message_id
    for button in ("pshelf:travel:", "pshelf:travel:1", "pcard:", "pshelf:", "pcats:", "ppacks:"):
        await chat.press(button)
        assert (chat.last.is_picture, chat.last.message_id) == (True, front), button


async def test_packs_are_shown(chat: Chat) -> None:
    await chat.say("/presets")
    await chat.press("ppacks:")
    assert chat.last.has("ppack:")


async def test_a_preset_makes_one_picture(chat: Chat) -> None:
    await chat.has_model()
    await chat.say("/start")
    await chat.forge(f"pcard:{PRESET.id}:0")
    card = chat.last.message_id
    await chat.forge(f"pmake:{PRESET.id}", card)
    assert len(await chat.generations()) == 1


async def test_a_pack_makes_all_its_pictures(chat: Chat) -> None:
    await chat.has_model()
    await chat.say("/start")
    await chat.forge(f"ppack:{PACK.id}")
    assert len(await chat.generations()) == len(CATALOGUE.in_pack(PACK))


async def test_a_surprise_makes_one_picture(chat: Chat) -> None:
    await chat.has_model()
    await chat.say("/start")
    await chat.forge("psurprise")
    assert len(await chat.generations()) == 1


@pytest.mark.parametrize("data", [f"pmake:{PRESET.id}", f"ppack:{PACK.id}", "psurprise"])
async def test_without_a_model_nothing_is_made(chat: Chat, data: str) -> None:
    await chat.say("/start")
    assert await chat.forge(data) == chat.words("error-no-model-yet")


@pytest.mark.parametrize("data", ["pshelf:gone:0", "pcard:gone:0", "pmake:gone", "ppack:gone"])
async def test_what_the_operator_took_away_is_gone(chat: Chat, data: str) -> None:
    await chat.has_model()
    await chat.say("/start")
    assert await chat.forge(data) == chat.words("error-preset-gone")
    assert await chat.generations() == []
