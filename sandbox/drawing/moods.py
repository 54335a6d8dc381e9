"""Reading a prompt: which place it names and which weather, hour or film it asks for."""

import re
from dataclasses import dataclass

from sandbox.drawing.palettes import PALETTES, Palette, Place, Touch, hashed_palette, touched

# Beginnings of English words: like the text encoders of the real generators, the painter reads no
# other language. The first place that a prompt names wins.
_PLACES: dict[Place, str] = {
    Place.PARIS: "paris|eiffel",
    Place.BEACH: "beach|seaside|ocean|sea$|coast|tropic",
    Place.SPACE: "space|cosmos|cosmic|astronaut|galax|planet",
    Place.OFFICE: "office|business|linkedin|corporate",
    Place.FOREST: "forest|woods?$|jungle|tree",
    Place.MOUNTAINS: "mountain|alps|hik|peak",
    Place.CAFE: "cafe|café|coffee|restaurant",
    Place.DESERT: "desert|dune|sahara",
    Place.GARDEN: "garden|flower|spring|park$|meadow",
    Place.CITY: "city|street|urban|downtown|skyline|tokyo|york|cyber",
    Place.LIBRARY: "librar|booksh",
    Place.STUDIO: "studio",
}
_TOUCHES: dict[Touch, str] = {
    Touch.NIGHT: "night|midnight|moon|stars",
    Touch.WINTER: "winter|snow|christmas|frost",
    Touch.SUNSET: "sunset|sunrise|golden|dawn|dusk",
    Touch.AUTUMN: "autumn|fall$",
    Touch.NEON: "neon|cyber|synthwave|vaporwave",
    Touch.CINEMATIC: "cinema|film|movie|noir|dramatic",
    Touch.MONOCHROME: "monochrome|noir|grayscale|black-and-white",
}


@dataclass(frozen=True)
class Mood:
    """What a prompt asks the painter for."""

    place: Place
    touches: frozenset[Touch]
    palette: Palette


def read_mood(prompt: str) -> Mood:
    """The mood of a prompt; one that names no place gets colours of its own."""
    words = re.findall(r"[\w/-]+", prompt.casefold())
    # The words of a trigger are a name, not a wish: MY_BEACH_A3F2 asks for no beach.
    words = [word for word in words if "_" not in word]
    place = next((place for place, stems in _PLACES.items() if named(stems, words)), None)
    touches = frozenset(touch for touch, stems in _TOUCHES.items() if named(stems, words))
    palette = PALETTES[place] if place else hashed_palette(" ".join(words))
    return Mood(place or Place.ABSTRACT, touches, touched(palette, touches))


def named(stems: str, words: list[str]) -> bool:
    """Whether a word begins with one of the stems; `$` ends a whole word."""
    pattern = re.compile(f"(?:{stems})")
    return any(pattern.match(word) for word in words)
