"""What is seen on photos with a label: drawn people, and everything that went wrong with them."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PIL import Image

from sandbox.drawing.examples import example_photos
from services.photos.check import check_photo
from services.photos.coach.eye import look
from services.photos.coach.judging import Flaw, flaws_of
from services.photos.coach.memory import FaceMemory
from services.photos.coach.seen import Seen
from services.photos.likeness import difference
from tests.services.photos.coach.people import (
    MAN,
    NOBODY,
    OTHER,
    WOMAN,
    blurred,
    far_away,
    in_dark_glasses,
    jpeg,
    lit,
    picture,
    portraits,
    two_people,
)

FLAWED: dict[str, tuple[Flaw, Callable[[Image.Image], Image.Image]]] = {
    "blurred": (Flaw.BLURRED, blurred),
    "dark": (Flaw.DARK, lambda image: lit(image, 0.3)),
    "almost black": (Flaw.DARK, lambda image: lit(image, 0.1)),
    "overexposed": (Flaw.BRIGHT, lambda image: lit(image, 2.0)),
    "far away": (Flaw.SMALL, far_away),
    "two people": (Flaw.SEVERAL, lambda image: two_people(image, picture(OTHER, 3))),
}


EXAMPLES = ((), (), (), (), (Flaw.BLURRED,), (Flaw.DARK,), (Flaw.SEVERAL,), (Flaw.EYES,))
"""What the words beside the examples for the photo step say of each."""


def seen(image: Image.Image) -> Seen:
    return look(jpeg(image))[1]


def test_the_examples_of_the_photo_step_are_what_they_are_said_to_be() -> None:
    judged = tuple(flaws_of(seen(image)) for image in example_photos())
    assert judged == EXAMPLES


@pytest.mark.parametrize("character", [WOMAN, MAN, OTHER])
def test_every_drawn_portrait_passes(character: int) -> None:
    for data in portraits(character):
        facts, found, vector = look(data)
        checked = check_photo(data)
        # From another scale of the same decoder: far below what tells two pictures apart.
        assert difference(facts.fingerprint, checked.fingerprint) <= 3
        assert replace(facts, fingerprint=checked.fingerprint) == checked
        assert found.faces == 1
        assert found.turn == 0
        assert vector is not None
        assert flaws_of(found) == ()


@pytest.mark.parametrize("name", NOBODY)
def test_nobody_is_seen_where_nobody_is(name: str) -> None:
    _, found, vector = look(jpeg(NOBODY[name]()))
    assert (found, vector) == (Seen(faces=0), None)


@pytest.mark.parametrize("name", FLAWED)
@pytest.mark.parametrize("character", [WOMAN, MAN])
def test_what_is_wrong_with_a_photo_is_named(character: int, name: str) -> None:
    flaw, spoil = FLAWED[name]
    for index in range(3):
        assert flaws_of(seen(spoil(picture(character, index)))) == (flaw,)


def test_dark_glasses_are_a_warning() -> None:
    assert flaws_of(seen(in_dark_glasses(picture(WOMAN)))) == (Flaw.EYES,)


@pytest.mark.parametrize(("degrees", "turn"), [(90, 3), (180, 2), (270, 1)])
@pytest.mark.parametrize("character", [WOMAN, MAN, OTHER])
def test_a_photo_that_does_not_stand_upright_says_how_to_turn_it(
    character: int, degrees: int, turn: int
) -> None:
    found = seen(picture(character).rotate(degrees, expand=True))
    assert found.turn == turn
    assert flaws_of(found) == ()


def test_a_person_is_known_again_and_another_one_is_less_alike() -> None:
    memory = FaceMemory()
    for name, character in (("woman", WOMAN), ("man", MAN)):
        for index, data in enumerate(portraits(character)[:6]):
            memory.keep(f"{name} {index}", look(data)[2])
    women = [f"woman {index}" for index in range(6)]
    face = look(portraits(WOMAN)[8])[2]
    own = memory.likeness(face, women).numbers[0]
    other = memory.likeness(look(portraits(MAN)[8])[2], women).numbers[0]
    assert own is not None
    assert other is not None
    assert own > 0.8
    assert other < 0.76
    assert all(number > 0.8 for number in memory.alike(women).numbers if number is not None)


def test_what_is_not_remembered_has_to_be_looked_at_first() -> None:
    memory = FaceMemory()
    memory.keep("known", None)
    assert memory.alike(["known", "lost"]).missing == ["lost"]
    assert memory.alike(["known"]).numbers == [None]
