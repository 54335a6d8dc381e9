"""The presets that come with the bot: enough of them, in both languages, without any bias."""

import re
from pathlib import Path

import pytest

from services.domain.vocabulary import Language, PictureShape, Subject
from services.generation.ordering import MAX_PROMPT_LENGTH
from services.presets.catalogue import Catalogue, Pack, Preset
from services.presets.file import load_presets

BUILT_IN = load_presets("")
README = (Path(__file__).parents[3] / "README.md").read_text("utf-8")

LOOKS = re.compile(
    r"\b(beautiful|beauty|handsome|pretty|gorgeous|attractive|stunning|lovely|cute|charming|glamorous"
    r"|sexy|sensual|seductive|sultry|erotic|nude|naked|bare|topless|lingerie|underwear|bikini|swimsuit"
    r"|cleavage|curvy|busty|slim|slender|skinny|thin|petite|fit|toned|athletic|muscular|strong|lean"
    r"|chubby|fat|body|figure|waist|legs|lips|breasts|hips"
    r"|young|younger|youthful|old|older|elderly|aged|middle-aged|teen|teenage|child|childlike|girl|boy"
    r"|wrinkles|wrinkle-free|flawless|perfect|ideal|smooth|retouched|airbrushed|makeup"
    r"|skin|hair|bald|complexion|fair|pale|tan|tanned|bronzed|blonde|brunette|redhead|blue-eyed"
    r"|white-skinned|dark-skinned|light-skinned|asian|african|european|caucasian|slavic"
    r"|feminine|masculine|ladylike|manly|he|she|his|her|him|hers)\b"
)
"""Words that would make somebody look other than in their own photos."""

NAMES = re.compile(
    r"\b(kodak|portra|fuji|fujifilm|leica|canon|nikon|sony|hasselblad|polaroid|vogue|gucci|chanel|prada"
    r"|nike|adidas|disney|pixar|marvel|ghibli|barbie|instagram|warhol|leibovitz|banksy|bond)\b"
)
"""Brands, and people whose faces or works are theirs."""

RUSSIAN_LOOKS = re.compile(
    r"\b(красив|красот|стройн|худ(ой|ая|еньк)|молод|юн(ый|ая|ост)|стар(ый|ая|ик)|идеальн|безупречн"
    r"|сексуальн|соблазн|гламур|привлекательн|фигур|мужествен|женствен|девушк|парень|парня)"
)


def english(preset: Preset) -> str:
    return f"{preset.prompt} {preset.name.en} {preset.description.en}".lower()


@pytest.fixture(params=BUILT_IN.presets, ids=lambda preset: preset.id)
def preset(request: pytest.FixtureRequest) -> Preset:
    found: Preset = request.param
    return found


def test_there_are_enough_of_them() -> None:
    assert len(BUILT_IN.presets) >= 36
    assert len(BUILT_IN.categories) >= 8
    assert len(BUILT_IN.packs) >= 4
    assert all(len(BUILT_IN.in_category(one.id)) >= 4 for one in BUILT_IN.categories)
    assert {preset.shape for preset in BUILT_IN.presets} == set(PictureShape)


def test_the_readme_counts_them_right() -> None:
    counts = f"{len(BUILT_IN.presets)} presets in {len(BUILT_IN.categories)} categories"
    assert counts in README


def test_no_two_of_them_look_the_same() -> None:
    for language in Language:
        names = [preset.name.of(language) for preset in BUILT_IN.presets]
        assert len(set(names)) == len(names)
    assert len({preset.prompt for preset in BUILT_IN.presets}) == len(BUILT_IN.presets)


def test_it_says_nothing_of_skin_body_age_or_beauty(preset: Preset) -> None:
    assert LOOKS.search(english(preset)) is None
    russian = f"{preset.name.ru} {preset.description.ru}".lower()
    assert RUSSIAN_LOOKS.search(russian) is None


def test_it_names_no_brand_and_nobody(preset: Preset) -> None:
    assert NAMES.search(english(preset)) is None


def test_russian_is_written_in_russian(preset: Preset) -> None:
    for text in (preset.name.ru, preset.description.ru):
        assert re.search("[а-яё]", text)
    for text in (preset.name.en, preset.description.en):
        assert not re.search("[а-яё]", text.lower())


@pytest.mark.parametrize("subject", list(Subject))
def test_its_prompt_is_for_everybody(preset: Preset, subject: Subject) -> None:
    prompt = preset.prompt_of(subject)
    assert f"a {subject.value}" in prompt
    assert not {"{", "}", "\n"} & set(prompt)
    assert len(prompt) <= MAX_PROMPT_LENGTH
    others = {other.value for other in Subject} - {subject.value}
    assert not others & set(re.findall(r"[a-z]+", prompt))


@pytest.mark.parametrize("pack", BUILT_IN.packs, ids=lambda pack: pack.id)
def test_a_pack_is_four_different_presets(pack: Pack) -> None:
    assert len({preset.id for preset in BUILT_IN.in_pack(pack)}) == 4


def test_the_example_of_the_readme_is_taken(tmp_path: Path) -> None:
    examples = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    [example] = [each for each in examples if "presets" in each]
    path = tmp_path / "presets.toml"
    path.write_text(example, encoding="utf-8")
    shelf = BUILT_IN.pictures["travel"]
    (tmp_path / "hobbies.jpg").write_bytes(shelf.data)
    catalogue = load_presets(str(path))
    assert isinstance(catalogue, Catalogue)
    assert catalogue.preset("guitar").category == "hobbies"
    assert len(catalogue.presets) == len(BUILT_IN.presets) + 1
