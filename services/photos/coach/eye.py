"""Finds and measures faces; runs in the photo process only, which loads the networks once."""

from functools import cache
from typing import Any, NamedTuple, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from services.photos.check import check_and_show
from services.photos.coach.seen import Seen
from services.photos.coach.weights import DETECTOR, RECOGNIZER, weights
from services.photos.facts import PhotoFacts
from services.photos.opening import MAX_SIDE_PX

Pixels: TypeAlias = NDArray[np.uint8]
Vector: TypeAlias = NDArray[np.float32]

FACE_SCORE = 0.8
"""YuNet at 640 px found 64 of 64 people so, and no motorcycles, as it does from 0.6."""
FIND_IN_PX = 640
LOOK_AT_PX = 960
"""A quarter of what phones make, which libjpeg decodes to at once."""
GLANCE_PX, CLEAR_PX, CLEAR_SCORE = 320, 56, 0.88
"""At a quarter of the cost a face as large as YuNet's own examples is found as well; anything else
is looked for at `FIND_IN_PX`. Faces that lie on their side or upside down have up to 0.85, the
same faces upright 0.92."""
BETTER_BY = 0.03
FACE_PX = 128
"""Width of a face at which YuNet finds eyes and nose best: of thirty drawn portraits the least
median similarity to those of the same person was 0.83 so, and 0.40 where a face had 185 px."""
MEASURE_AT_PX = 160
CLOSE_PX = 2048
"""As large as a prepared photo."""
WHITE = 250

_RIGHT_EYE, _LEFT_EYE, _NOSE = 4, 6, 8
_SCORE = 14
"""Where YuNet puts them in its fifteen numbers (`cv2.FaceDetectorYN.detect`)."""
_IS_PLACE = np.array([1, 1, 0, 0, *[1] * 10], np.float32)
"""Which of its numbers move with the picture: all but width and height."""


class Found(NamedTuple):
    """The faces of a picture, the largest first, in the picture's own pixels."""

    picture: Pixels
    faces: list[Vector]
    turn: int = 0

    @property
    def score(self) -> float:
        """How sure the largest face is one, and upright; 0 without a face."""
        return float(self.faces[0][_SCORE]) if self.faces else 0.0


def load() -> None:
    """Load the networks, which takes about 0.2 s and 140 MB.

    Raises:
        WeightsMissing: There is nothing to look with.
    """
    _detector()
    _recognizer()


def look(data: bytes) -> tuple[PhotoFacts, Seen, Vector | None]:
    """Check one photo and look at its faces.

    Args:
        data: The file's bytes.

    Returns:
        The facts, what is seen, and the vector of the largest face, of length 1; None where there
        is no face. It is biometric data and never leaves the process.

    Raises:
        PhotoRefused: As for `check_photo`.
    """
    facts, image = check_and_show(data, LOOK_AT_PX)
    found = _upright(_pixels(image))
    if not found.faces:
        return facts, Seen(faces=0), None
    scale = min(MAX_SIDE_PX, max(facts.width_px, facts.height_px)) / max(image.size)
    closer = found
    if found.faces[0][2] < MEASURE_AT_PX and scale > 1:
        _, image = check_and_show(data, CLOSE_PX)
        closer = _enlarged(found, _pixels(image))
    return facts, _measured(found, closer, scale), _vector(found)


def _pixels(image: Image.Image) -> Pixels:
    """Return a picture as OpenCV has it, the blue first."""
    return np.ascontiguousarray(np.asarray(image)[:, :, ::-1])


def _enlarged(found: Found, picture: Pixels) -> Found:
    """Return the same faces on a larger picture of the same photo."""
    larger = np.ascontiguousarray(np.rot90(picture, found.turn))
    factor = larger.shape[0] / found.picture.shape[0]
    faces = [np.append(face[:_SCORE] * factor, face[_SCORE:]) for face in found.faces]
    return Found(larger, faces, found.turn)


def _upright(picture: Pixels) -> Found:
    """Look at the picture as it is, and turned where that shows no clearly upright face."""
    best = _found(picture, 0)
    if best.score < CLEAR_SCORE:
        for turn in (1, 3, 2):
            found = _found(np.ascontiguousarray(np.rot90(picture, turn)), turn)
            if found.score > best.score + BETTER_BY:
                best = found
    return best


def _found(picture: Pixels, turn: int) -> Found:
    faces = _faces(picture, GLANCE_PX / max(picture.shape))
    largest = max(faces, key=_width, default=None)
    if largest is None or largest[2] * GLANCE_PX < CLEAR_PX * max(picture.shape):
        faces = _faces(picture, FIND_IN_PX / max(picture.shape))
    faces.sort(key=_width, reverse=True)
    return Found(picture, [_again(picture, face) for face in faces[:1]] + faces[1:], turn)


def _width(face: Vector) -> float:
    return float(face[2])


def _again(picture: Pixels, face: Vector) -> Vector:
    """Return a face as it is found again at the size at which eyes and nose are found best."""
    left, top, width, height = (float(number) for number in face[:4])
    x, y = max(0, int(left - width / 2)), max(0, int(top - height / 2))
    cut = picture[y : int(top + 1.5 * height), x : int(left + 1.5 * width)]
    found = _faces(cut, FACE_PX / width)
    if not found:
        return face
    best = max(found, key=_width)
    best[:_SCORE] += np.tile(np.array([x, y], np.float32), 7) * _IS_PLACE
    return best


def _faces(picture: Pixels, scale: float) -> list[Vector]:
    height, width = picture.shape[:2]
    scale = min(1.0, scale)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    detector = _detector()
    detector.setInputSize(size)
    _, rows = detector.detect(small)
    faces = [] if rows is None else [row.astype(np.float32) for row in rows]
    for face in faces:
        face[:_SCORE] /= scale
    return faces


def _measured(found: Found, closer: Found, scale: float) -> Seen:
    face, width = found.faces[0], _width(found.faces[0])
    grey = _grey(closer)
    others = [float(other[2]) for other in found.faces[1:]]
    return Seen(
        faces=len(found.faces),
        second=round(max(others, default=0.0) / width, 2),
        face_px=round(width * scale),
        sharpness=round(float(cv2.Laplacian(grey, cv2.CV_64F).var()), 1),
        light=round(float(np.percentile(grey, 95)), 1),
        glare=round(float(np.mean(grey >= WHITE)), 2),
        side=round(_side(face), 2),
        eyes=round(_eyes(found), 2),
        turn=found.turn,
    )


def _grey(found: Found) -> Pixels:
    """Return the largest face in grey, `MEASURE_AT_PX` wide."""
    left, top, width, height = (round(float(number)) for number in found.faces[0][:4])
    cut = found.picture[max(0, top) : top + height, max(0, left) : left + width]
    high = max(1, round(MEASURE_AT_PX * cut.shape[0] / cut.shape[1]))
    way = cv2.INTER_AREA if cut.shape[1] > MEASURE_AT_PX else cv2.INTER_CUBIC
    small = cv2.resize(cut, (MEASURE_AT_PX, high), interpolation=way)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8)


def _eyes(found: Found) -> float:
    """Compare a band across the eyes with the cheeks below it, on the face cut out upright."""
    aligned = cv2.cvtColor(_aligned(found), cv2.COLOR_BGR2GRAY)
    # SFace's cut-out is 112 x 112 with the eyes at (38, 52) and (74, 52), the mouth at 92.
    band = np.concatenate([aligned[46:57, 28:48], aligned[46:57, 64:84]], axis=1)
    cheeks = np.concatenate([aligned[66:80, 26:44], aligned[66:80, 68:86]], axis=1)
    return float(band.mean()) / max(1.0, float(cheeks.mean()))


def _side(face: Vector) -> float:
    right, left, nose = (face[at : at + 2] for at in (_RIGHT_EYE, _LEFT_EYE, _NOSE))
    apart = float(np.linalg.norm(left - right)) or 1.0
    # Along the line of the eyes, so that a tilted head is not a turned one.
    return float(np.dot(nose - (right + left) / 2, (left - right) / apart)) / apart


def _aligned(found: Found) -> Any:  # noqa: ANN401  # what cv2 takes and gives
    return _recognizer().alignCrop(found.picture, found.faces[0])


def _vector(found: Found) -> Vector:
    vector = _recognizer().feature(_aligned(found)).flatten()
    return np.asarray(vector / (np.linalg.norm(vector) or 1.0), np.float32)


@cache
def _detector() -> Any:  # noqa: ANN401  # cv2 has no types for these
    cv2.setNumThreads(1)
    model = np.frombuffer(weights(DETECTOR), np.uint8)
    return cv2.FaceDetectorYN.create(
        "onnx", model, np.empty(0, np.uint8), (FIND_IN_PX, FIND_IN_PX), FACE_SCORE
    )


@cache
def _recognizer() -> Any:  # noqa: ANN401
    model = np.frombuffer(weights(RECOGNIZER), np.uint8)
    return cv2.FaceRecognizerSF.create("onnx", model, np.empty(0, np.uint8))
