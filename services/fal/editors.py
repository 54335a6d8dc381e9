"""The table of edit models, and how an order becomes the input of one.

An edit model makes a picture of a picture and a sentence, without a LoRA; some take one as well. A
new one is a model class and a row here. Its price counts where fal's own price list says nothing
usable. Fields are those of the types of fal's own client (@fal-ai/client 1.10) and, for the two
newest, of public code of 2026-10; what is not known of them is left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.domain.vocabulary import PictureShape, PictureSize
from services.fal.endpoints import GENERATORS, HD_PX, MEGAPIXEL_PX, SIZES, Size
from services.fal.gateway import EditOrder
from services.fal.generation_inputs import Flux2ImageSize, LoraWeight
from services.fal.marks import field_mark

FLUX_2_EDIT = "fal-ai/flux-2/edit"
FLUX_2_LORA_EDIT = "fal-ai/flux-2/lora/edit"
NANO_BANANA_EDIT = "google/nano-banana-2.1/edit"
FLUX_3_EDIT = "blackforestlabs/flux-3/edit-image"

KEEPING = "Keep the person's face and identity exactly the same."
"""Goes with every instruction to a model that knows the person from the picture alone."""

KEEPING_BOTH = "Keep the faces and identities of both people exactly the same."
"""The same where two people are in the picture."""


class _Input(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    prompt: Annotated[str, Field(min_length=1)]
    image_urls: Annotated[list[str], Field(min_length=1)]


class Flux2EditInput(_Input):
    """Input of fal-ai/flux-2/edit."""

    image_size: Flux2ImageSize
    num_images: Literal[1] = 1
    seed: int
    enable_safety_checker: bool = True
    output_format: Literal["jpeg"] = "jpeg"


class Flux2LoraEditInput(Flux2EditInput):
    """Input of fal-ai/flux-2/lora/edit."""

    loras: list[LoraWeight]


class NanoBananaEditInput(_Input):
    """Input of google/nano-banana-2.1/edit; "4" is its own default of safety, 6 the laxest."""

    aspect_ratio: str
    resolution: Literal["1K"] = "1K"
    num_images: Literal[1] = 1
    seed: int
    safety_tolerance: Literal["4"] = "4"
    output_format: Literal["jpeg"] = "jpeg"


class Flux3EditInput(_Input):
    """Input of blackforestlabs/flux-3/edit-image; no other field of it is known."""

    aspect_ratio: str
    resolution: Literal["1K"] = "1K"


BOTH = 2
"""An edit is priced as two pictures: itself and its source. Whether fal counts the source is not
known; Black Forest Labs' own prices of edits are higher than those of pictures."""


@dataclass(frozen=True)
class Editor:
    """An edit model, and its price as far as it is known: of a megapixel, or of a picture."""

    endpoint: str
    nickname: str
    input_model: type[_Input]
    usd: Decimal
    is_by_size: bool = True

    @property
    def takes_seed(self) -> bool:
        """Whether a request can be told from others by its seed."""
        return "seed" in self.input_model.model_fields

    def pixels(self, shape: PictureShape, size: PictureSize) -> Size:
        """Return the width and height of what it makes; every side is a multiple of 32."""
        standard = SIZES[shape]
        if size is PictureSize.STANDARD:
            return standard
        long_px = max(standard.width_px, standard.height_px)
        return Size(
            None, standard.width_px * HD_PX // long_px, standard.height_px * HD_PX // long_px
        )

    def megapixels(self, shape: PictureShape, size: PictureSize) -> Decimal:
        """Return what counts of one edit: the picture and its source."""
        pixels = self.pixels(shape, size)
        return Decimal(pixels.width_px * pixels.height_px * BOTH) / MEGAPIXEL_PX

    @property
    def takes_lora(self) -> bool:
        """Whether it knows the person by their LoRA, and so gets the trigger word."""
        return "loras" in self.input_model.model_fields


EDITORS: Mapping[str, Editor] = {
    editor.endpoint: editor
    for editor in (
        Editor(FLUX_2_EDIT, "flux-2", Flux2EditInput, Decimal("0.012")),
        # fal's page prices flux-2/lora so; that of its edit is not known.
        Editor(FLUX_2_LORA_EDIT, "flux-2-lora", Flux2LoraEditInput, Decimal("0.021")),
        # By tokens: what a picture of 1K with two references comes to on fal's page.
        Editor(
            NANO_BANANA_EDIT,
            "nano-banana",
            NanoBananaEditInput,
            Decimal("0.044"),
            is_by_size=False,
        ),
        Editor(FLUX_3_EDIT, "flux-3", Flux3EditInput, Decimal("0.024")),
    )
}

WITH_LORA: Mapping[str, str] = {"fal-ai/flux-2/lora": FLUX_2_LORA_EDIT}
"""The edit model that takes the LoRAs of a generator; those of the others fit none."""

GENERAL_EDITORS: tuple[str, ...] = tuple(
    endpoint for endpoint, editor in EDITORS.items() if not editor.takes_lora
)
"""Those that an operator can choose; the others follow from the model."""


def pixels_of(endpoint: str, shape: PictureShape, size: PictureSize) -> Size:
    """Return the width and height of what a generator or an edit model makes."""
    maker = GENERATORS.get(endpoint) or EDITORS[endpoint]
    return maker.pixels(shape, size)


def edit_input(editor: Editor, order: EditOrder) -> dict[str, Any]:
    """Return the JSON input of an edit.

    Raises:
        pydantic.ValidationError: The order is out of the model's ranges.
    """
    pixels = editor.pixels(order.shape, order.size)
    lora = [LoraWeight(path=order.lora_url, scale=order.lora_scale)] if order.lora_url else []
    given = {
        "prompt": order.prompt,
        "image_urls": [order.image_url],
        "image_size": {"width": pixels.width_px, "height": pixels.height_px},
        "aspect_ratio": order.shape.value,
        "seed": order.seed,
        "loras": lora,
    }
    fields = editor.input_model.model_fields
    taken = {name: value for name, value in given.items() if name in fields}
    return editor.input_model.model_validate(taken).model_dump()


def edit_prompt(editor: Editor, words: str, *, of_two: bool = False) -> str:
    """Return what a model without LoRA is told: the change, and that the people stay."""
    if editor.takes_lora:
        return words
    return f"{words.rstrip(' .')}. {KEEPING_BOTH if of_two else KEEPING}"


def edit_marks(editor: Editor, image_url: str, prompt: str, seed: int) -> Sequence[str]:
    """Return what tells a request from others in fal's history; `prompt` is the mark of that.

    The same change of the same picture with the same seed, or without one, asked for twice and
    lost twice, is one and the same to whoever asked.
    """
    marks = [image_url, prompt]
    return [*marks, field_mark("seed", seed)] if editor.takes_seed else marks
