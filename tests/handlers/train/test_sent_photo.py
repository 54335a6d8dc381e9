"""What is read from a message with a picture."""

from typing import Any

import pytest
from aiogram.types import Message

from handlers.train.photos import sent_photo
from services.photos.refusal import RefusalReason


def size(name: str, width: int, height: int) -> dict[str, Any]:
    return {"file_id": name, "file_unique_id": f"u-{name}", "width": width, "height": height}


LADDER = [size("s", 68, 90), size("m", 240, 320), size("x", 600, 800), size("y", 960, 1280)]


def a_message(**content: object) -> Message:
    chat = {"id": 1, "type": "private"}
    return Message.model_validate({"message_id": 7, "date": 0, "chat": chat, **content})


@pytest.mark.parametrize(
    ("sizes", "largest", "small"),
    [(LADDER, "y", "m"), (LADDER[:1], "s", "s"), (LADDER[2:], "y", "x")],
)
def test_the_largest_size_is_kept_and_the_smallest_that_fills_a_tile(
    sizes: list[dict[str, Any]], largest: str, small: str
) -> None:
    sent = sent_photo(a_message(photo=sizes))
    assert sent is not None
    assert (sent.file_id, sent.thumbnail_file_id) == (largest, small)


def test_a_file_has_the_thumbnail_that_telegram_made_if_any() -> None:
    file = {"file_id": "f", "file_unique_id": "u", "file_name": "a.heic"}
    bare = sent_photo(a_message(document=file))
    seen = sent_photo(a_message(document={**file, "thumbnail": LADDER[1]}))
    assert bare is not None
    assert seen is not None
    assert (bare.thumbnail_file_id, seen.thumbnail_file_id) == (None, "m")
    assert (bare.label, bare.refusal) == ("a.heic", None)


def test_a_video_is_refused_at_once() -> None:
    video = {"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9, "duration": 1}
    sent = sent_photo(a_message(video=video))
    assert sent is not None
    assert sent.refusal is RefusalReason.VIDEO


def test_a_message_without_a_picture_is_no_photo() -> None:
    assert sent_photo(a_message(text="hello")) is None
