"""What the quality modes mean."""

from dataclasses import dataclass

from db.vocabulary import QualityMode


@dataclass(frozen=True)
class Mode:
    """The training settings of a quality mode.

    `lora_rank`, `batch_size` and `learning_rate` reach only those trainers whose schema has them;
    fast-training has none of the three. `usual_minutes` is what a training of this length
    usually takes once it runs (about 2 minutes per 1000 steps were measured by others, and apps
    wait for up to 8), the queue not counted.
    """

    steps: int
    lora_rank: int
    batch_size: int
    learning_rate: float
    usual_minutes: tuple[int, int]


MODES = {
    QualityMode.ECONOMY: Mode(
        steps=500, lora_rank=8, batch_size=1, learning_rate=1e-4, usual_minutes=(2, 5)
    ),
    QualityMode.STANDARD: Mode(
        steps=1000, lora_rank=16, batch_size=1, learning_rate=1e-4, usual_minutes=(3, 8)
    ),
}
