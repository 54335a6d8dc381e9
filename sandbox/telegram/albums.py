"""sendMediaGroup."""

import random

from sandbox.telegram.attach import body_of, input_media
from sandbox.telegram.call import Call
from sandbox.telegram.errors import ApiError, bad_request, too_many_requests
from sandbox.telegram.fetching import is_address
from sandbox.telegram.files import Media, MediaKind
from sandbox.telegram.model import Json
from sandbox.telegram.text import Formatted

ALBUM_LIMIT = 10


def new_media_group_id() -> str:
    """An album's id: a string of digits."""
    return str(random.randint(10**16, 10**17))  # noqa: S311


async def send_media_group(call: Call) -> list[Json]:
    """Answer sendMediaGroup: up to ten photos or documents, without a keyboard.

    The documentation says two to ten, but the server's source takes one as well
    (td/telegram/MessageContent.cpp, check_input_message_content_album) and gives it no album id.
    """
    call.params.required("media")
    items = call.json("media", "Can't parse media JSON object")
    if not isinstance(items, list):
        raise bad_request("Expected an Array of InputMedia")
    if len(items) > ALBUM_LIMIT:
        raise bad_request("Too many messages to send as an album")
    if not items:
        raise bad_request("There are no messages to send")
    if call.emulator.scenario.albums_by_address_flood_s and _has_address(items):
        raise too_many_requests(call.emulator.scenario.albums_by_address_flood_s)
    parsed = [await _album_item(call, item, n) for n, item in enumerate(items, start=1)]
    if len({media.kind is MediaKind.PHOTO for media, _, _ in parsed}) > 1:
        raise bad_request("Document can't be mixed with other media types")
    peer = call.writable("photos")
    reply_to = call.reply_to(peer)
    call.spend(peer, len(parsed))
    head = call.thread(peer)
    if len(parsed) > 1:
        head["media_group_id"] = new_media_group_id()
    messages = [
        call.emulator.post(
            peer,
            body_of(call, media, caption, item),
            sender=None,
            media=media,
            reply_to=reply_to,
            head=head,
            protected=call.params.flag("protect_content"),
        )
        for media, caption, item in parsed
    ]
    return [message.as_api() for message in messages]


def _has_address(items: list[object]) -> bool:
    return any(isinstance(item, dict) and is_address(str(item.get("media"))) for item in items)


async def _album_item(call: Call, item: object, number: int) -> tuple[Media, Formatted, Json]:
    # What the photo server says comes while sending, and then the refusal names the item.
    try:
        return await input_media(call, item, album=True)
    except ApiError as error:
        if error.server_code is None:
            raise
        raise bad_request(
            f'Failed to send message #{number} with the error message "{error.server_code}"'
        ) from None
