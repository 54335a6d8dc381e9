"""What pictures a user wants, in a form that can be kept until it is paid."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from services.domain.values import Place
from services.domain.vocabulary import PictureShape, PictureSize
from services.generation.options import Edit, PictureOptions, PictureRequest, Second

KIND = "pictures"


@dataclass(frozen=True)
class Wish:
    """Pictures of a model: a request for each generation, and the origin of each.

    Only what is made of a photo alone has no model.
    """

    model_id: str | None
    place: Place
    requests: Sequence[PictureRequest]
    origins: Sequence[str]
    pack: str | None = None


def written(wish: Wish) -> dict[str, Any]:
    """Return a wish as JSON."""
    return {
        "kind": KIND,
        "model_id": wish.model_id,
        "chat_id": wish.place.chat_id,
        "thread_id": wish.place.thread_id,
        "origins": list(wish.origins),
        "pack": wish.pack,
        "requests": [asdict(request) for request in wish.requests],
    }


def read_wish(request: Mapping[str, Any]) -> Wish:
    """Return a wish from how it was written."""
    return Wish(
        model_id=request["model_id"],
        place=Place(request["chat_id"], request["thread_id"]),
        requests=[_request(one) for one in request["requests"]],
        origins=request["origins"],
        pack=request["pack"],
    )


def _request(one: Mapping[str, Any]) -> PictureRequest:
    options = one["options"]
    return PictureRequest(
        one["prompt"],
        PictureOptions(
            PictureShape(options["shape"]),
            options["count"],
            options["lora_scale"],
            options["seed"],
            PictureSize(options["size"]),
        ),
        one["title"],
        one["english"],
        # Older wishes name none of these.
        Edit(**one["edit"]) if one.get("edit") else None,
        Second(**one["second"]) if one.get("second") else None,
    )
