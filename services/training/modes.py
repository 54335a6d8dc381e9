"""What the quality modes mean, for each trainer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from services.domain.vocabulary import QualityMode


@dataclass(frozen=True)
class Mode:
    """The training settings of a quality mode.

    `lora_rank`, `batch_size` and `learning_rate` reach only those trainers whose schema has them;
    fast-training has none of the three. `usual_minutes` is what a training of this length
    usually takes once it runs (about 2 minutes per 1000 steps were measured by others, and apps
    wait for up to 8), the queue not counted; None where nobody has told.
    """

    steps: int
    lora_rank: int
    batch_size: int
    learning_rate: float
    usual_minutes: tuple[int, int] | None


Modes = Mapping[QualityMode, Mode]

MODES: Modes = {
    QualityMode.ECONOMY: Mode(
        steps=500, lora_rank=8, batch_size=1, learning_rate=1e-4, usual_minutes=(2, 5)
    ),
    QualityMode.STANDARD: Mode(
        steps=1000, lora_rank=16, batch_size=1, learning_rate=1e-4, usual_minutes=(3, 8)
    ),
}
"""The modes of the FLUX.1 trainers."""


def _tuned(economy_steps: int, standard_steps: int, learning_rate: float) -> Modes:
    steps = {QualityMode.ECONOMY: economy_steps, QualityMode.STANDARD: standard_steps}
    return {
        mode: replace(settings, steps=steps[mode], learning_rate=learning_rate, usual_minutes=None)
        for mode, settings in MODES.items()
    }


OTHER_MODES: Mapping[str, Modes] = {
    "fal-ai/z-image-turbo-trainer-v2": _tuned(1000, 2000, 5e-4),
    "fal-ai/flux-2-trainer-v2": _tuned(500, 1000, 5e-5),
    "fal-ai/qwen-image-2512-trainer": _tuned(500, 1000, 5e-4),
    "fal-ai/qwen-image-2512-trainer-v2": _tuned(1000, 2000, 5e-4),
}
"""Where the base model wants another length or rate: Standard is fal's default, Economy half of
its steps. Qwen's trainer is billed for 500 steps at least, so fewer would save nothing."""


def modes_of(trainer: str) -> Modes:
    """Return the quality modes of a trainer."""
    return OTHER_MODES.get(trainer, MODES)
