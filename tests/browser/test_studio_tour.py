"""The studio on the demo page: everything a person can do once there is a model.

Each language has a chat with a trained model. Every test begins with a message of its
own, so none depends on what another has left in the chat.
"""

import pytest
from playwright.async_api import expect

from services.domain.vocabulary import PictureShape
from services.presets.catalogue import PACK_SIZE
from services.presets.file import load_presets
from tests.browser.journey import LONG_MS
from tests.browser.studio import Studio
from tests.browser.tour import ANY, NEW

pytestmark = pytest.mark.e2e


async def test_the_panel_rules_the_next_pictures(studio: Studio) -> None:
    tour, before = studio.tour, await studio.asked()
    await tour.say("/generate")
    await tour.heard("ask-prompt", model=ANY)
    await tour.set_panel(PictureShape("9:16"), 2)
    await studio.looks_well()
    await tour.say("portrait photo on a bridge")
    await tour.pictures("picture-caption", count=2, prompt="portrait photo on a bridge", seed=ANY)
    first = await studio.asked_for_one_more(before)
    assert (first["image_size"], first["num_images"]) == ("portrait_16_9", 2)
    assert [lora["scale"] for lora in first["loras"]] == [0.9]
    await tour.press("more")
    await tour.press("panel-open")
    await tour.heard("panel-title-result")
    keep = tour.t.plain("panel-button-seed-keep")
    await tour.choose(keep)
    await tour.choose("×1")
    before = await studio.asked()
    await tour.press("panel-make", price="none")
    fresh = await studio.asked_for_one_more(before)
    assert (fresh["prompt"], fresh["seed"]) == (first["prompt"], first["seed"])
    assert fresh["num_images"] == 1
    await tour.choose(tour.t.plain("panel-button-seed-new"))
    seed = str(first["seed"])
    await tour.pictures("picture-caption", count=1, prompt="portrait photo on a bridge", seed=seed)


async def test_choices_are_written_in_one_line_and_a_bad_one_is_explained(studio: Studio) -> None:
    tour, before = studio.tour, await studio.asked()
    await tour.say("/generate portrait photo in Paris --ar 7:1")
    allowed = ", ".join(PictureShape)
    await tour.heard("error-bad-option-value", option="--ar", value="7:1", allowed=allowed)
    assert await studio.asked() == before
    await tour.say("/generate portrait photo in Paris --ar 16:9 -n 2 --seed 7")
    await tour.pictures("picture-caption", count=2, prompt="portrait photo in Paris", seed="7")
    sent = await studio.asked_for_one_more(before)
    chosen = (sent["image_size"], sent["num_images"], sent["seed"])
    assert chosen == ("landscape_16_9", 2, 7)


async def test_a_preset_and_a_pack_of_presets_are_made(studio: Studio) -> None:
    tour, language = studio.tour, studio.tour.language
    catalogue = load_presets("")
    category, pack = catalogue.categories[0], catalogue.packs[0]
    preset = next(one for one in catalogue.presets if one.category == category.id)
    await tour.say("/presets")
    await tour.heard("presets-title")
    await tour.press_label(category.name.of(language))
    await tour.heard("preset-shelf-title", category=category.name.of(language))
    await studio.looks_well()
    await tour.press_label(preset.name.of(language))
    await tour.reads(preset.description.of(language))
    before = await studio.asked()
    await tour.press("preset-create", price="none")
    await studio.asked_for_one_more(before)
    await tour.pictures("picture-caption", count=1, prompt=preset.name.of(language), seed=ANY)
    await tour.say("/presets")
    await tour.heard("presets-title")
    await tour.press("preset-packs")
    await tour.heard("preset-packs-title")
    await studio.looks_well()
    await tour.press("preset-pack", name=pack.name.of(language), price="none")
    pictures = tour.page.locator(f"{NEW} .tile img")
    # One more is above the packs.
    await expect(pictures).to_have_count(1 + PACK_SIZE, timeout=LONG_MS)
    await tour.offers("again")


async def test_the_buttons_of_a_result_lead_to_what_they_say(studio: Studio) -> None:
    tour, before = studio.tour, await studio.asked()
    await tour.say("/generate portrait photo by a lake -n 2")
    await tour.pictures("picture-caption", count=2, prompt=f"{ANY} by a lake", seed=ANY)
    first = await studio.asked_for_one_more(before)
    await tour.press("full-size")
    await tour.press_label("2")
    await expect(tour.page.locator(f"{NEW} .doc")).to_be_visible()
    await tour.press("back")
    await tour.press("picture-like")
    await tour.press_label("☆ 1")
    await tour.toast("picture-liked")
    await expect(tour.button("★ 1")).to_be_visible()
    await studio.looks_well()
    await tour.press("back")
    await tour.press("more")
    await tour.press("make-cover")
    await tour.press_label("1")
    await tour.toast("cover-made", name=ANY)
    await tour.press("back")
    await tour.press("vary")
    await tour.heard("ask-variation")
    await tour.say("portrait photo by a lake in winter")
    seed = str(first["seed"])
    await tour.pictures("picture-caption", count=2, prompt=f"{ANY} in winter", seed=seed)
    await tour.offers("again")


async def test_the_gallery_is_leafed_through_filtered_and_searched(studio: Studio) -> None:
    tour = studio.tour
    await tour.say("/generate portrait photo beside a lighthouse")
    caption = "portrait photo beside a lighthouse"
    await tour.pictures("picture-caption", count=1, prompt=caption, seed=ANY)
    await tour.press("picture-like")
    await tour.toast("picture-liked")
    await tour.say("/gallery")
    await tour.reads(caption)
    await studio.looks_well()
    await tour.press_label("›")
    await expect(tour.button(f"2/{ANY}")).to_be_visible()
    await tour.press_label("‹")
    await expect(tour.button(f"1/{ANY}")).to_be_visible()
    await tour.press("gallery-favourites-off")
    await tour.offers("gallery-favourites-on")
    await tour.reads(caption)
    await tour.press("gallery-favourites-on")
    # The buttons are drawn anew with the answer.
    await tour.offers("gallery-favourites-off")
    await tour.press("gallery-search")
    await tour.heard("ask-search")
    await tour.say("lighthouse")
    await tour.heard("gallery-words", words="lighthouse")
    await expect(tour.button("1/1")).to_be_visible()
    await tour.press("gallery-send")
    await tour.pictures("picture-caption", count=1, prompt=caption, seed=ANY)


async def test_a_model_card_renames_gives_the_weights_and_asks_before_deleting(
    studio: Studio,
) -> None:
    tour = studio.tour
    await tour.say("/models")
    await tour.heard("models-title")
    await tour.press_label(f"✅ {ANY}")
    await tour.offers("model-button-rename")
    await expect(tour.newest.locator(".tile img")).to_have_count(1)
    await studio.looks_well()
    await tour.press("model-button-weights")
    await tour.heard("model-weights", name=ANY, trigger=ANY, base=ANY, url=ANY)
    await tour.press("model-button-rename")
    await tour.heard("model-ask-name", name=ANY, trigger=ANY)
    await tour.say("Альбом 7")
    await tour.reads("Альбом 7")
    await tour.press("model-button-delete")
    await tour.heard("model-delete-ask", name="Альбом 7", photos=10, pictures=2, days=7)
    await tour.press("model-keep")
    await tour.offers("model-in-use")


async def test_settings_switch_in_place_and_help_answers_questions(studio: Studio) -> None:
    tour = studio.tour
    await tour.say("/settings")
    await tour.heard("settings")
    reminders = tour.t.plain("settings-reminders")
    await tour.press_label(f"✅ {reminders}")
    await expect(tour.button(f"⬜ {reminders}")).to_be_visible()
    await studio.looks_well()
    await tour.press_label(f"⬜ {reminders}")
    await expect(tour.button(f"✅ {reminders}")).to_be_visible()
    await tour.say("/help")
    await tour.heard("help", min=5, max=20)
    await tour.choose(tour.t.plain("help-button-likeness"))
    await tour.heard("help-likeness", recommended=10)
    await studio.looks_well()
    await tour.press("help-back")
    await tour.heard("help", min=5, max=20)


async def test_the_photos_of_a_draft_are_looked_over_and_removed_by_number(
    studio: Studio,
) -> None:
    async with studio.newcomer() as newcomer:
        tour = newcomer.tour
        await tour.send_photos()
        await tour.press("photos-show")
        await tour.pictures("sheet-caption", count=1, accepted=10, flawed=0, refused=0)
        await newcomer.looks_well()
        words = tour.example_in("sheet-caption", accepted=10, flawed=0, refused=0)
        await tour.say(words)
        await tour.heard("numbers-removed", numbers="3, 7", count=2)
        await tour.heard("photos-counter", accepted=8, min=5, max=20)
        await tour.say("/cancel")
        await tour.heard("cancelled-draft-kept", count=8)
