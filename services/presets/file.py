"""Reads a file of presets, and says on which line its first mistake is."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from services.operator_file import Mistake, Place, read_toml
from services.pictures.own import OwnFile
from services.presets.catalogue import Catalogue, Category, Entry, Pack, Preset

BUILT_IN = Path(__file__).with_name("built_in.toml")
"""Its pictures are drawn by `python -m sandbox.drawing.shelves`."""

PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
"""How JPEG and PNG begin."""
MAX_PICTURE_BYTES = 5 * 1024 * 1024
"""Half of what Telegram takes as a photo."""


class _Contents(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    extend: bool = False
    picture: str = ""
    categories: tuple[Category, ...] = ()
    presets: tuple[Preset, ...] = Field(min_length=1)
    packs: tuple[Pack, ...] = ()


@cache
def _built_in() -> Catalogue:
    """Return the presets that come with the bot."""
    return _read(BUILT_IN, None)


def load_presets(path: str) -> Catalogue:
    """Return the presets of an operator's file, or the built-in ones when there is no path.

    With `extend = true` at its top the file adds to the built-in presets, and an entry whose id
    is there already takes that one's place; otherwise the file replaces them all.

    Raises:
        BadFile: The file cannot be read, or has a mistake.
    """
    return _read(Path(path), _built_in()) if path else _built_in()


def _read(path: Path, base: Catalogue | None) -> Catalogue:
    return read_toml(path, _Contents, lambda contents: _catalogue(contents, path.parent, base))


def _catalogue(contents: _Contents, folder: Path, base: Catalogue | None) -> Catalogue:
    for kind in ("categories", "presets", "packs"):
        _refuse_twins(kind, [entry.id for entry in getattr(contents, kind)])
    pictures = _pictures(contents, folder)
    whole = Catalogue(contents.categories, contents.presets, contents.packs, pictures)
    if base is not None and contents.extend:
        whole = Catalogue(
            _merged(base.categories, contents.categories),
            _merged(base.presets, contents.presets),
            _merged(base.packs, contents.packs),
            _without_changed(base.pictures, contents.categories) | pictures,
        )
    _refuse_strangers(contents, whole)
    return whole


def _pictures(contents: _Contents, folder: Path) -> dict[str, OwnFile]:
    names: dict[str, tuple[str, Place]] = {"": (contents.picture, ("picture",))}
    for index, category in enumerate(contents.categories):
        names[category.id] = category.picture, ("categories", index, "picture")
    return {of: _picture(folder / name, place) for of, (name, place) in names.items() if name}


def _picture(path: Path, place: Place) -> OwnFile:
    try:
        file = OwnFile.read(path)
    except OSError as error:
        raise Mistake(place, f"picture: {path} cannot be read: {error.strerror}") from None
    if not file.data.startswith(PICTURES) or len(file.data) > MAX_PICTURE_BYTES:
        raise Mistake(place, f"picture: {path} is no JPEG or PNG of at most 5 MB")
    return file


def _without_changed(
    pictures: Mapping[str, OwnFile], categories: Sequence[Category]
) -> dict[str, OwnFile]:
    """Return the built-in pictures but for those of shelves that an operator has changed."""
    changed = {category.id for category in categories}
    return {of: file for of, file in pictures.items() if of not in changed}


def _refuse_twins(kind: str, ids: Sequence[str]) -> None:
    for index, entry_id in enumerate(ids):
        if entry_id in ids[:index]:
            raise Mistake((kind, index, "id"), f"{kind}.id: {entry_id} is there twice")


def _refuse_strangers(contents: _Contents, whole: Catalogue) -> None:
    categories = {category.id for category in whole.categories}
    for index, preset in enumerate(contents.presets):
        if preset.category not in categories:
            words = f"presets.category: there is no category {preset.category}"
            raise Mistake(("presets", index, "category"), words)
    presets = {preset.id for preset in whole.presets}
    for index, pack in enumerate(contents.packs):
        for position, preset_id in enumerate(pack.presets):
            if preset_id not in presets:
                words = f"packs.presets: there is no preset {preset_id}"
                raise Mistake(("packs", index, "presets", position), words)


def _merged(ours: Sequence[Entry], theirs: Sequence[Entry]) -> Sequence[Entry]:
    # A dict keeps the place of what is replaced, and appends what is new.
    return tuple({entry.id: entry for entry in (*ours, *theirs)}.values())
