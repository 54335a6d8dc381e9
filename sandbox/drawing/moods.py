"""Reading a prompt: which place it names and which weather, hour or film it asks for."""

import re
from dataclasses import dataclass

from sandbox.drawing.palettes import PALETTES, Palette, Place, Touch, hashed_palette, touched

# Beginnings of words, English and Russian. The first place that a prompt names wins.
_PLACES: dict[Place, str] = {
    Place.PARIS: "paris|eiffel|париж|эйфел",
    Place.BEACH: "beach|seaside|ocean|sea$|coast|tropic|пляж|море$|моря$|морск|океан|побереж",
    Place.SPACE: "space|cosmos|cosmic|astronaut|galax|planet|космос|космич|космонавт|галакт",
    Place.OFFICE: "office|business|linkedin|corporate|офис|бизнес|делов",
    Place.FOREST: "forest|woods?$|jungle|tree|лес$|лесу|леса$|лесн|джунгл|дерев",
    Place.MOUNTAINS: "mountain|alps|hik|peak|гора$|горы$|горах|горн|альп|вершин",
    Place.CAFE: "cafe|café|coffee|restaurant|кафе|кофе|ресторан",
    Place.DESERT: "desert|dune|sahara|пустын|дюн|сахар",
    Place.GARDEN: "garden|flower|spring|park$|meadow|сад$|саду|цвет|весн|парк$|парке|луг",
    Place.CITY: "city|street|urban|downtown|skyline|tokyo|york|cyber|город|улиц|москв|токио|кибер",
}
_TOUCHES: dict[Touch, str] = {
    Touch.NIGHT: "night|midnight|moon|stars|ночь|ночи|ночн|ночью|полноч|лун",
    Touch.WINTER: "winter|snow|christmas|frost|зим|снег|снеж|рождеств|мороз",
    Touch.SUNSET: "sunset|sunrise|golden|dawn|dusk|закат|рассвет|золот",
    Touch.AUTUMN: "autumn|fall$|осен",
    Touch.NEON: "neon|cyber|synthwave|vaporwave|неон|кибер",
    Touch.CINEMATIC: "cinema|film|movie|noir|dramatic|кино|фильм|драмат",
    Touch.MONOCHROME: "monochrome|noir|grayscale|black-and-white|ч/б|чб$|монохром|нуар",
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
    place = next((place for place, stems in _PLACES.items() if _named(stems, words)), None)
    touches = frozenset(touch for touch, stems in _TOUCHES.items() if _named(stems, words))
    palette = PALETTES[place] if place else hashed_palette(" ".join(words))
    return Mood(place or Place.ABSTRACT, touches, touched(palette, touches))


def _named(stems: str, words: list[str]) -> bool:
    pattern = re.compile(f"(?:{stems})")
    return any(pattern.match(word) for word in words)
