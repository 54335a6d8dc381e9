"""The exact inputs that go to fal, and what an endpoint has no place for."""

from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from services.domain.vocabulary import (
    PictureOption,
    PictureShape,
    PictureSize,
    QualityMode,
    Subject,
)
from services.fal.endpoints import GENERATORS, SIZES, TRAINERS, generation_input, training_input
from services.fal.gateway import GenerationOrder, SecondLora, TrainingOrder
from services.training.modes import MODES, OTHER_MODES, modes_of
from tests.services.kit import FAST, FLUX, FLUX_2, KREA, PORTRAIT, QWEN, QWEN_V2, Z_IMAGE

ORDER = TrainingOrder(
    archive_url="https://v3.fal.media/files/b/photos.zip",
    trigger_word="ANNA_A3F2",
    subject=Subject.WOMAN,
    steps=1000,
    lora_rank=16,
    batch_size=1,
    learning_rate=1e-4,
)


def test_fast_training_gets_the_archive_as_one_string_and_no_rate_rank_or_batch() -> None:
    sent, unsent = training_input(TRAINERS[FAST], ORDER)
    assert sent == {
        "images_data_url": "https://v3.fal.media/files/b/photos.zip",
        "trigger_word": "ANNA_A3F2",
        "steps": 1000,
        "create_masks": True,
        "is_style": False,
    }
    assert unsent == {"subject", "lora_rank", "batch_size", "learning_rate"}


def test_krea_gets_what_fast_training_gets() -> None:
    assert training_input(TRAINERS[KREA], ORDER) == training_input(TRAINERS[FAST], ORDER)
    order = GenerationOrder("ANNA_A3F2, in Paris", "https://lora", seed=7)
    krea = GENERATORS[TRAINERS[KREA].generator]
    assert generation_input(krea, order) == generation_input(GENERATORS[FLUX], order)


def test_the_portrait_trainer_gets_a_phrase_and_a_rate() -> None:
    sent, unsent = training_input(TRAINERS[PORTRAIT], ORDER)
    assert sent == {
        "images_data_url": "https://v3.fal.media/files/b/photos.zip",
        "trigger_phrase": "ANNA_A3F2",
        "steps": 1000,
        "learning_rate": 1e-4,
        "multiresolution_training": True,
        "subject_crop": True,
    }
    assert unsent == {"subject", "lora_rank", "batch_size"}


@pytest.mark.parametrize("trainer", [Z_IMAGE, FLUX_2, QWEN, QWEN_V2])
def test_a_trainer_without_a_trigger_word_gets_it_in_the_caption(trainer: str) -> None:
    sent, unsent = training_input(TRAINERS[trainer], ORDER)
    assert sent == {
        "image_data_url": "https://v3.fal.media/files/b/photos.zip",
        "default_caption": "a photo of ANNA_A3F2 woman",
        "steps": 1000,
        "learning_rate": 1e-4,
    }
    assert unsent == {"lora_rank", "batch_size"}


@pytest.mark.parametrize("trainer", list(TRAINERS))
@pytest.mark.parametrize("mode", list(QualityMode))
def test_every_mode_is_in_the_ranges_of_its_trainer(trainer: str, mode: QualityMode) -> None:
    settings = modes_of(trainer)[mode]
    order = replace(
        ORDER,
        steps=settings.steps,
        lora_rank=settings.lora_rank,
        batch_size=settings.batch_size,
        learning_rate=settings.learning_rate,
    )
    sent, _ = training_input(TRAINERS[trainer], order)
    assert sent["steps"] == settings.steps
    assert sent.get("learning_rate", settings.learning_rate) == settings.learning_rate


@pytest.mark.parametrize(
    ("trainer", "steps"),
    [
        *((trainer, steps) for trainer in TRAINERS for steps in (0, -1, 40_001)),
        (FAST, 10_001),
        (PORTRAIT, 10_001),
        (Z_IMAGE, 9),
        (FLUX_2, 150),
        (FLUX_2, 10_100),
        (QWEN, 99),
        (QWEN, 550),
        (QWEN_V2, 9),
    ],
)
def test_steps_out_of_range_are_refused_here(trainer: str, steps: int) -> None:
    with pytest.raises(ValidationError):
        training_input(TRAINERS[trainer], replace(ORDER, steps=steps))


@pytest.mark.parametrize("rate", [0.0, 1e-7, 1e-2])
def test_a_rate_out_of_range_is_refused_here(rate: float) -> None:
    with pytest.raises(ValidationError):
        training_input(TRAINERS[PORTRAIT], replace(ORDER, learning_rate=rate))


def test_the_modes_are_those_of_the_specification() -> None:
    assert {
        mode: (m.steps, m.lora_rank, m.batch_size, m.learning_rate) for mode, m in MODES.items()
    } == {
        QualityMode.ECONOMY: (500, 8, 1, 1e-4),
        QualityMode.STANDARD: (1000, 16, 1, 1e-4),
    }


def test_other_modes_are_those_of_trainers_in_the_table() -> None:
    assert set(OTHER_MODES) <= set(TRAINERS)
    assert all(set(modes) == set(QualityMode) for modes in OTHER_MODES.values())


def test_flux_lora_gets_the_prompt_as_it_is_and_the_lora_at_full_scale() -> None:
    order = GenerationOrder("ANNA_A3F2, portrait photo", "https://lora", seed=1_000_000_007)
    assert generation_input(GENERATORS[FLUX], order) == {
        "prompt": "ANNA_A3F2, portrait photo",
        "loras": [{"path": "https://lora", "scale": 1.0}],
        "image_size": "portrait_4_3",
        "num_images": 1,
        "num_inference_steps": 28,
        "guidance_scale": 3.5,
        "seed": 1_000_000_007,
        "enable_safety_checker": True,
        "output_format": "jpeg",
    }


@pytest.mark.parametrize(
    ("generator", "own"),
    [
        ("fal-ai/z-image/turbo/lora", {"num_inference_steps": 8}),
        ("fal-ai/flux-2/lora", {"num_inference_steps": 28, "guidance_scale": 2.5}),
        ("fal-ai/qwen-image-2512/lora", {"num_inference_steps": 28, "guidance_scale": 4.0}),
    ],
)
def test_each_newer_generator_gets_its_own_steps_and_guidance(
    generator: str, own: dict[str, Any]
) -> None:
    order = GenerationOrder("a", "https://lora", 0.8, PictureShape.WIDE, num_images=4)
    assert generation_input(GENERATORS[generator], order) == own | {
        "prompt": "a",
        "loras": [{"path": "https://lora", "scale": 0.8}],
        "image_size": "landscape_16_9",
        "num_images": 4,
        "enable_safety_checker": True,
        "output_format": "jpeg",
    }


@pytest.mark.parametrize(
    "generator", [one.endpoint for one in GENERATORS.values() if one.takes_two]
)
def test_a_second_lora_follows_the_first_with_its_own_scale(generator: str) -> None:
    second = SecondLora("https://other", 0.9)
    order = GenerationOrder("a, b, in a park", "https://lora", 1.1, second=second)
    assert generation_input(GENERATORS[generator], order)["loras"] == [
        {"path": "https://lora", "scale": 1.1},
        {"path": "https://other", "scale": 0.9},
    ]


@pytest.mark.parametrize("generator", list(GENERATORS))
def test_an_unset_seed_is_left_out(generator: str) -> None:
    assert "seed" not in generation_input(
        GENERATORS[generator], GenerationOrder("a", "https://lora")
    )


@pytest.mark.parametrize("shape", list(PictureShape))
def test_a_size_has_the_proportions_of_its_shape(shape: PictureShape) -> None:
    wide, high = (int(part) for part in shape.value.split(":"))
    assert SIZES[shape].width_px * high == SIZES[shape].height_px * wide


@pytest.mark.parametrize("generator", list(GENERATORS))
@pytest.mark.parametrize("shape", list(PictureShape))
def test_an_hd_picture_has_its_shape_whole_blocks_and_sides_that_fal_takes(
    generator: str, shape: PictureShape
) -> None:
    row = GENERATORS[generator]
    standard, hd = row.pixels(shape), row.pixels(shape, PictureSize.HD)
    assert hd.width_px * standard.height_px == hd.height_px * standard.width_px
    assert (hd.width_px % 32, hd.height_px % 32) == (0, 0)
    order = GenerationOrder("a", "https://lora", shape=shape, size=PictureSize.HD)
    sent = generation_input(row, order)["image_size"]
    assert sent == {"width": hd.width_px, "height": hd.height_px}


@pytest.mark.parametrize("sides", [(511, 1024), (2049, 1024), (1024, 2049)])
def test_flux_2_gets_no_side_that_it_refuses(sides: tuple[int, int]) -> None:
    model = GENERATORS["fal-ai/flux-2/lora"].input_model
    size = dict(zip(("width", "height"), sides, strict=True))
    with pytest.raises(ValidationError):
        model.model_validate({"prompt": "a", "loras": [], "image_size": size})


def test_every_generator_takes_every_choice_of_the_panel() -> None:
    assert {generator.takes for generator in GENERATORS.values()} == {frozenset(PictureOption)}


@pytest.mark.parametrize("generator", list(GENERATORS))
@pytest.mark.parametrize(
    "change",
    [
        {"prompt": ""},
        {"num_images": 0},
        {"num_images": 5},
        {"lora_scale": -0.1},
        {"lora_scale": 4.1},
    ],
)
def test_a_generation_out_of_range_is_refused_here(generator: str, change: dict[str, Any]) -> None:
    order = replace(GenerationOrder("a", "https://lora"), **change)
    with pytest.raises(ValidationError):
        generation_input(GENERATORS[generator], order)


def test_every_trainer_has_a_generator_in_the_table() -> None:
    assert {trainer.generator for trainer in TRAINERS.values()} == set(GENERATORS)
    assert len({trainer.nickname for trainer in TRAINERS.values()}) == len(TRAINERS)
