"""The table of enlargers, and how an order becomes the input of one.

A new one is a model class and a row here. Its price counts where fal's own price list says nothing
usable. Fields, ranges and prices are those of fal's pages of 2026-08
(https://fal.ai/models/<endpoint>/llms.txt).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.fal.endpoints import MEGAPIXEL_PX
from services.fal.gateway import EnlargementOrder

SEEDVR = "fal-ai/seedvr/upscale/image"
CRYSTAL = "clarityai/crystal-upscaler"


class _Input(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    image_url: Annotated[str, Field(min_length=1)]
    output_format: Literal["jpg", "png"] = "jpg"


class SeedvrInput(_Input):
    """Input of fal-ai/seedvr/upscale/image. JPEG, so that the file fits into a chat."""

    upscale_mode: Literal["factor"] = "factor"
    upscale_factor: Annotated[float, Field(ge=1, le=10)]


class CrystalInput(_Input):
    """Input of clarityai/crystal-upscaler; `creativity` at 0 keeps a face as it is."""

    scale_factor: Annotated[float, Field(ge=1, le=200)]
    creativity: Annotated[float, Field(ge=0, le=10)] = 0


@dataclass(frozen=True)
class Enlarger:
    """An enlarger: which field takes the factor, and its price as far as it is known.

    `factor` multiplies each side. fal counts the megapixels of what comes out.
    """

    endpoint: str
    input_model: type[_Input]
    factor_field: str
    usd_per_megapixel: Decimal
    factor: int = 2

    def megapixels(self, width_px: int, height_px: int) -> Decimal:
        """Return how large a picture of this size becomes."""
        return Decimal(width_px * height_px * self.factor**2) / MEGAPIXEL_PX


ENLARGERS: Mapping[str, Enlarger] = {
    enlarger.endpoint: enlarger
    for enlarger in (
        Enlarger(SEEDVR, SeedvrInput, "upscale_factor", Decimal("0.001")),
        Enlarger(CRYSTAL, CrystalInput, "scale_factor", Decimal("0.016")),
    )
}


def enlargement_input(enlarger: Enlarger, order: EnlargementOrder) -> dict[str, Any]:
    """Return the JSON input of an enlargement."""
    given = {"image_url": order.image_url, enlarger.factor_field: enlarger.factor}
    return enlarger.input_model.model_validate(given).model_dump()
