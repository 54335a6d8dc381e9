"""Reading what an instruction wants changed: the place, clothes, hair, light, face or colours."""

import re
from dataclasses import dataclass, replace

from sandbox.drawing.colors import Color, darker, lighter
from sandbox.drawing.looks import Top
from sandbox.drawing.moods import Mood, named, read_mood
from sandbox.drawing.palettes import Place, Touch

_COLORS: dict[str, Color] = {
    "white": (240, 238, 234),
    "black": (34, 32, 38),
    "gr[ae]y|silver": (150, 152, 158),
    "red|scarlet|crimson": (186, 34, 42),
    "navy": (30, 42, 82),
    "blue": (48, 98, 190),
    "green|emerald": (44, 128, 82),
    "yellow|mustard": (236, 196, 64),
    "pink|rose": (232, 122, 166),
    "purple|violet|lilac": (128, 74, 168),
    "orange": (232, 128, 48),
    "brown": (112, 74, 52),
    "beige|cream": (220, 200, 168),
    "gold": (206, 164, 74),
    "dark": (44, 40, 50),
    "light": (214, 214, 218),
}
_HAIR: dict[str, Color] = {
    "blond|fair|light|gold": (232, 196, 118),
    "redhead|red|ginger|copper|auburn": (186, 72, 30),
    "brunette|brown|chestnut": (104, 64, 40),
    "black|dark": (28, 24, 30),
    "gr[ae]y|silver|white": (196, 196, 204),
    "pink": (236, 118, 172),
    "blue": (66, 108, 214),
    "green": (72, 158, 92),
    "purple|violet": (136, 78, 186),
}
_GARMENTS: dict[str, tuple[Top, Color]] = {
    "t-shirt|tshirt|tee$|hoodie|sweatshirt|swimsuit|top$": (Top.CREW, (72, 132, 178)),
    "suit$|suits$|tuxedo|blazer": (Top.JACKET, (40, 46, 70)),
    "jacket|coat|trench": (Top.JACKET, (104, 66, 44)),
    "uniform|costume|spacesuit|armor|armour": (Top.TURTLENECK, (84, 96, 120)),
    "shirt|blouse": (Top.SHIRT, (226, 232, 242)),
    "dress$|dresses$|gown": (Top.V_NECK, (164, 34, 66)),
    "sweater|turtleneck|jumper|pullover|knit": (Top.TURTLENECK, (160, 112, 78)),
    "clothes|outfit|clothing": (Top.SHIRT, (86, 132, 122)),
}
_LIGHTS: dict[str, Color] = {
    "neon|cyber|synthwave": (250, 70, 220),
    "golden|warm|candle": (255, 176, 84),
    "cold|cool|blue": (120, 170, 255),
    "sunny|daylight": (255, 232, 176),
}
# Words that stand before what is changed and are no description of it.
_STOPS = frozenset(
    re.findall(
        r"\w+",
        "a an the in on at with and to of for into from by make change put add give replace turn "
        "wear wearing dressed my his her their this that is be it",
    )
)
_GREY = re.compile(r"\b(?:black[ -]and[ -]white|b ?[&/] ?w|gr[ae]yscale|monochrome|noir)\b")
_HOUR_PLACES = {
    Touch.SUNSET: Place.BEACH,
    Touch.NIGHT: Place.CITY,
    Touch.WINTER: Place.FOREST,
    Touch.AUTUMN: Place.FOREST,
}
"""Where an instruction leads that names an hour or a season and no place."""


@dataclass(frozen=True)
class Wish:
    """What is to be changed; None, false and zero leave it as it is.

    `contrast` and `brightness` are shares of the whole, around zero.
    """

    mood: Mood | None = None
    top: Top | None = None
    cloth: Color = (0, 0, 0)
    hair: Color | None = None
    light: Color | None = None
    contrast: float = 0.0
    brightness: float = 0.0
    smiles: bool = False
    smooth: bool = False
    grey: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing was understood."""
        return self == Wish()


def read_wish(prompt: str) -> Wish:
    """The wish of an English instruction; the painter reads no other language."""
    text = prompt.casefold()
    grey = _GREY.search(text) is not None
    words = [
        "night" if word.startswith("evening") else word
        for word in re.findall(r"[\w-]+", _GREY.sub(" ", text))
        if "_" not in word
    ]
    dressed = _dressed(words)
    hair = _hair(words)
    contrast, brightness = _exposure(words)
    light = _light(words)
    return replace(
        dressed,
        hair=hair,
        light=light,
        contrast=contrast,
        brightness=brightness,
        mood=_background(words),
        smiles=named("smil|laugh|happy|cheerful|joy|grin", words),
        smooth=named("retouch|smooth|blemish|skin|wrinkle|acne|flawless|beaut", words),
        grey=grey,
    )


def _dressed(words: list[str]) -> Wish:
    """The first garment with its colour; its words are taken out."""
    for index, word in enumerate(words):
        for stems, (top, usual) in _GARMENTS.items():
            if _match(stems, word):
                start = _start(words, index)
                cloth = _named_color(_COLORS, words[start:index])
                if cloth is None and "leather" in words[start:index]:
                    cloth = (40, 34, 36)
                del words[start : index + 1]
                return Wish(top=top, cloth=cloth or usual)
    return Wish()


def _hair(words: list[str]) -> Color | None:
    """The colour of hair; its words are taken out."""
    for index, word in enumerate(words):
        if _match("blond|brunette|redhead|ginger", word):
            color = _named_color(_HAIR, [word])
            del words[index]
            return color
        if _match("hair", word):
            start, end = _start(words, index), min(len(words), index + 4)
            color = _named_color(_HAIR, words[start:end])
            kept = [kept for kept in words[index + 1 : end] if not _any_of(_HAIR, kept)]
            words[start:end] = kept
            return color
    return None


def _light(words: list[str]) -> Color | None:
    """The colour of light; golden light is no hour of the day."""
    for index, word in enumerate(words):
        if _match("light|glow|tone|tint|hour$|sunlight|lamp", word):
            start = _start(words, index)
            found = _named_color(_LIGHTS, words[start:index])
            if found and not _match("hour$", word):
                del words[start : index + 1]
            if found:
                return found
    return _named_color({"neon|cyber|synthwave": _LIGHTS["neon|cyber|synthwave"]}, words)


def _exposure(words: list[str]) -> tuple[float, float]:
    if named("dramatic|contrast|moody|cinema", words):
        return 0.45, -0.12
    if named("soft|gentle|diffus|airy", words):
        return -0.22, 0.1
    if named("bright|lighter|sunny", words):
        return 0.0, 0.25
    return (0.1, -0.3) if named("darker|dim$|gloom", words) else (0.0, 0.0)


def _background(words: list[str]) -> Mood | None:
    """The place to put the person, or None for where they are."""
    text = " ".join(words)
    text = re.sub(r"\b(?:nature|outdoors?|countryside)\b", "forest", text)
    mood = read_mood(text)
    if mood.place not in (Place.ABSTRACT, Place.STUDIO):
        return mood
    for index, word in enumerate(words):
        if _match("background|backdrop|wall|behind", word):
            color = _named_color(_COLORS, words[_start(words, index) : index])
            color = color or _named_color(_COLORS, words[index + 1 : index + 4])
            if color:
                return _paper(color)
            if not mood.touches & set(_HOUR_PLACES):
                return mood
    if mood.place is Place.STUDIO:
        return mood
    place = next((place for touch, place in _HOUR_PLACES.items() if touch in mood.touches), None)
    return read_mood(f"{text} {place}") if place else None


def _paper(color: Color) -> Mood:
    """A studio with paper of this colour."""
    studio = read_mood("studio")
    palette = replace(
        studio.palette,
        top=darker(color, 0.12),
        horizon=lighter(color, 0.12),
        far=color,
        near=darker(color, 0.2),
    )
    return replace(studio, palette=palette)


def _start(words: list[str], index: int) -> int:
    """Where the description of a word begins, three words before it at most."""
    start = index
    while start > 0 and index - start < 3 and words[start - 1] not in _STOPS:
        start -= 1
    return start


def _named_color(colors: dict[str, Color], words: list[str]) -> Color | None:
    # The word nearest to what it describes counts.
    for word in reversed(words):
        for stems, color in colors.items():
            if _match(stems, word):
                return color
    return None


def _any_of(colors: dict[str, Color], word: str) -> bool:
    return any(_match(stems, word) for stems in colors)


def _match(stems: str, word: str) -> bool:
    return named(stems, [word])
