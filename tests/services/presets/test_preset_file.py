"""An operator's file of presets: what it changes, and on which line its mistake is."""

from pathlib import Path

import pytest

from services.domain.vocabulary import PictureShape, Subject
from services.errors import PresetGone
from services.operator_file import BadFile
from services.presets.file import load_presets

GOOD = '''\
# Our own.
[[categories]]
id = "pets"
name = { en = "Pets", ru = "Питомцы" }

[[presets]]
id = "dog"
category = "pets"
shape = "1:1"
name = { en = "With a dog", ru = "С собакой" }
description = { en = "A walk", ru = "Прогулка" }
prompt = """photo of a {subject} with a dog,
    morning light"""

[[presets]]
id = "cat"
category = "pets"
shape = "3:4"
name = { en = "With a cat", ru = "С кошкой" }
description = { en = "A nap", ru = "Сон" }
prompt = "photo of a {subject} with a cat"

[[packs]]
id = "zoo"
name = { en = "Zoo", ru = "Зоопарк" }
presets = [
    "dog",
    "cat",
    "dog",
    "cat",
]
'''


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "presets.toml"


def test_a_file_replaces_the_built_in_presets(path: Path) -> None:
    path.write_text(GOOD, encoding="utf-8")
    catalogue = load_presets(str(path))
    assert [preset.id for preset in catalogue.presets] == ["dog", "cat"]
    assert [category.id for category in catalogue.categories] == ["pets"]
    assert [preset.id for preset in catalogue.in_pack(catalogue.pack("zoo"))] == [
        *("dog", "cat", "dog", "cat")
    ]
    dog = catalogue.preset("dog")
    assert dog.shape == PictureShape.SQUARE
    assert dog.prompt_of(Subject.MAN) == "photo of a man with a dog, morning light"


def test_a_file_that_extends_adds_and_takes_places(path: Path) -> None:
    built_in = load_presets("")
    first = built_in.presets[0]
    changed = GOOD.replace('id = "cat"', f'id = "{first.id}"').replace('"cat"', '"aurora"')
    path.write_text(f"extend = true\n{changed}", encoding="utf-8")
    catalogue = load_presets(str(path))
    assert len(catalogue.presets) == len(built_in.presets) + 1
    assert catalogue.presets[0].name.en == "With a cat"
    assert catalogue.presets[-1].id == "dog"
    assert catalogue.categories[-1].id == "pets"
    assert len(catalogue.packs) == len(built_in.packs) + 1


def test_a_category_without_presets_is_not_shown(path: Path) -> None:
    empty = '[[categories]]\nid = "empty"\nname = { en = "E", ru = "П" }\n'
    path.write_text(empty + GOOD, encoding="utf-8")
    assert [category.id for category in load_presets(str(path)).categories] == ["pets"]


def test_what_is_not_there_is_gone() -> None:
    catalogue = load_presets("")
    for look in (catalogue.preset, catalogue.category, catalogue.pack):
        with pytest.raises(PresetGone):
            look("none")


MISTAKES = [
    # What is changed, to what, on which line the mistake is, and what is said of it.
    ('id = "dog"', 'id = "dog', 7, "Illegal character"),
    ('shape = "1:1"', "shape: 1:1", 9, "Expected '='"),
    ('shape = "1:1"', "", 6, "presets.shape: is missing"),
    ('shape = "1:1"', 'shape = "2:1"', 9, "presets.shape: Input should be '1:1', '3:4'"),
    ('shape = "1:1"', 'shape = "1:1"\ncolour = "red"', 10, "presets.colour: is not known here"),
    ("# Our own.", 'extends = "yes"', 1, "extends: is not known here"),
    ("# Our own.", 'extend = "perhaps"', 1, "extend: Input should be a valid boolean"),
    ('en = "With a cat", ', "", 19, "presets.name.en: is missing"),
    ('ru = "С кошкой"', 'ru = ""', 19, "presets.name.ru: String should have at least 1"),
    ('ru = "С кошкой"', 'ru = "С кошкой", fr = "Chat"', 19, "presets.name.fr: is not known here"),
    ('en = "With a cat"', f'en = "{"x" * 31}"', 19, "presets.name.en: String should have at most"),
    ('name = { en = "With a cat", ru = "С кошкой" }', 'name = "Cat"', 19, "presets.name: Input"),
    ("a {subject} with a dog", "a person with a dog", 12, "presets.prompt: has no {subject}"),
    ("a {subject} with a cat", "a {subject}, {mood}", 21, "presets.prompt: has braces other"),
    ("a {subject} with a cat", "{subject}" + "x" * 600, 21, "presets.prompt: String should have"),
    ('id = "cat"', 'id = "Cat"', 16, "presets.id: String should match pattern"),
    ('id = "cat"', f'id = "{"c" * 25}"', 16, "presets.id: String should match pattern"),
    ('id = "cat"', "id = 7", 16, "presets.id: Input should be a valid string"),
    ('id = "cat"', 'id = "dog"', 16, "presets.id: dog is there twice"),
    ('category = "pets"\nshape = "3:4"', 'category = "pet"\nshape = "3:4"', 17, "no category pet"),
    ('    "cat",\n]', '    "cow",\n]', 26, "packs.presets: there is no preset cow"),
    ('    "cat",\n]', "]", 26, "packs.presets: Tuple should have at least 4 items"),
    # A line separator within a string is no new line of the file.
    ('"С кошкой" }', '"С\u2028кошкой", no = 1 }', 19, "presets.name.no: is not known here"),
    ("[[packs]]", "[packs]", 23, "packs: Input should be a valid tuple"),
    ('"Зоопарк" }', '"Зоопарк"', 25, "Unclosed inline table"),
]


@pytest.mark.parametrize(
    ("old", "new", "line", "words"), MISTAKES, ids=[mistake[3] for mistake in MISTAKES]
)
def test_a_mistake_is_named_with_its_line(
    path: Path, old: str, new: str, line: int, words: str
) -> None:
    assert old in GOOD
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadFile) as stopped:
        load_presets(str(path))
    assert str(stopped.value).startswith(f"{path}, line {line}: ")
    assert words in str(stopped.value)
    assert "\n" not in str(stopped.value)


def test_a_file_that_ends_too_soon_is_told_with_its_last_line(path: Path) -> None:
    path.write_text('extend = true\n[[presets]]\nid = """dog\n', encoding="utf-8")
    with pytest.raises(BadFile, match="line 3: Unterminated string"):
        load_presets(str(path))


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "presets = []\n"])
def test_a_file_without_presets_is_a_mistake(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadFile, match="line 1: presets: "):
        load_presets(str(path))


def test_a_file_that_cannot_be_read_is_told(path: Path) -> None:
    with pytest.raises(BadFile, match="cannot be read: No such file"):
        load_presets(str(path))
    with pytest.raises(BadFile, match="cannot be read: Is a directory"):
        load_presets(str(path.parent))
    path.write_bytes(GOOD.encode("cp1251", errors="replace"))
    with pytest.raises(BadFile, match="cannot be read: it is not UTF-8"):
        load_presets(str(path))


PICTURE = b"\x89PNG\r\n\x1a\n and so on"


def with_picture(toml: str, line: str) -> str:
    """Return a file whose first category has a picture."""
    name = 'name = { en = "Pets", ru = "Питомцы" }\n'
    return toml.replace(name, name + line + "\n")


def test_pictures_lie_beside_the_file(path: Path) -> None:
    path.with_name("pets.png").write_bytes(PICTURE)
    path.with_name("front.png").write_bytes(PICTURE + b"!")
    toml = with_picture(GOOD, 'picture = "pets.png"')
    path.write_text(f'picture = "front.png"\n{toml}', encoding="utf-8")
    pictures = load_presets(str(path)).pictures
    assert {of: file.data for of, file in pictures.items()} == {
        "pets": PICTURE,
        "": PICTURE + b"!",
    }


def test_a_file_that_replaces_ours_has_no_picture_of_ours(path: Path) -> None:
    path.write_text(GOOD, encoding="utf-8")
    assert load_presets(str(path)).pictures == {}


def test_a_shelf_that_was_changed_has_no_picture_of_ours_and_the_others_have(path: Path) -> None:
    built_in = load_presets("")
    path.write_text("extend = true\n" + GOOD.replace('"pets"', '"travel"'), encoding="utf-8")
    assert set(load_presets(str(path)).pictures) == set(built_in.pictures) - {"travel"}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (None, "cannot be read: No such file or directory"),
        (b"GIF89a", "is no JPEG or PNG of at most 5 MB"),
        (PICTURE + bytes(5 * 1024 * 1024), "is no JPEG or PNG of at most 5 MB"),
    ],
)
def test_a_picture_that_cannot_be_shown_is_named_with_its_line(
    path: Path, data: bytes | None, words: str
) -> None:
    if data is not None:
        path.with_name("pets.png").write_bytes(data)
    path.write_text(with_picture(GOOD, 'picture = "pets.png"'), encoding="utf-8")
    with pytest.raises(BadFile) as mistake:
        load_presets(str(path))
    assert str(mistake.value).startswith(f"{path}, line 5: picture: ")
    assert str(mistake.value).endswith(words)


def test_every_shelf_that_comes_with_the_bot_has_a_picture_small_enough_to_carry() -> None:
    catalogue = load_presets("")
    assert set(catalogue.pictures) == {"", *(one.id for one in catalogue.categories)}
    assert all(len(file.data) < 100_000 for file in catalogue.pictures.values())
