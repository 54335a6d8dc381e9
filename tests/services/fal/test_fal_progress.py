"""Progress is read from what trainers print, and from nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.fal.loglines import bar, training_script
from services.fal.progress import percent_of, seconds_left

STEPS = 500
TQDM = " 45%|████▌     | 225/500 [01:02<01:15,  7.25it/s]"


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        ([], None),
        ([""], None),
        ([TQDM], 45),
        ([f"\r{TQDM}"], 45),
        (["\r  0%|          | 0/500 [00:00<?, ?it/s]"], 0),
        (["  1%|▏| 5/500 [00:01<01:30, 5.5it/s]\r  2%|▏| 10/500 [00:02<01:28]"], 2),
        ([TQDM, "  4%|▍         | 20/500 [00:04<01:36]"], 45),
        (["Steps: 10%|█ | 50/500 [00:10<01:30, 5it/s, loss=0.42, lr=0.0001]"], 10),
        (["100%|██████████| 500/500 [01:40<00:00,  5.00it/s]"], 99),
        # Bars of captions, downloads and loading are not the training's.
        (["100%|██████████| 10/10 [00:03<00:00,  3.1it/s]"], None),
        ([" 50%|█████     | 5/10 [00:01<00:01,  3.1it/s]"], None),
        (["Loading pipeline components...:  57%|█████▋    | 4/7 [00:01<00:00]"], None),
        (["Generating captions for 10 images…"], None),
        (["Downloading data… photos.zip"], None),
        (["✓ Extracted 20 images", "Training for 500 steps"], None),
        # Another trainer's total, as long as it can be steps.
        (["  50%|█████     | 500/1000 [01:40<01:40]"], 50),
        # Lines of the form that fal's demo trainers print.
        (["Step 20/500, Loss: 0.5, Avg: 0.4"], 4),
        (["step 250 / 500"], 50),
        (["STEP 300/500 done"], 60),
        (["Step 3/20 of preprocessing"], None),
        # A percentage alone.
        (["progress: 37%"], 37),
        (["37%"], 37),
        (["done 100%"], None),
        (["accuracy 99.5%"], None),
        (["250%"], None),
        (["épochs 12/500"], None),
        (["2026-01-02 10:11:12 45/500 ["], 9),
        (["600/500 ["], None),
        (["\n\r\n"], None),
    ],
)
def test_a_line_tells(lines: list[str], wanted: int | None) -> None:
    assert percent_of(lines, STEPS) == wanted


def test_a_short_training_is_read_by_its_own_total() -> None:
    assert percent_of([" 50%|█████     | 25/50 [00:10<00:10]"], 50) == 50


@pytest.mark.parametrize("steps", [100, 500, 1000, 2500])
def test_a_whole_training_of_the_sandbox_only_goes_up_from_its_first_step(steps: int) -> None:
    lines = [line.message for line in training_script(10, steps)]
    seen = [percent_of(lines[:end], steps) for end in range(1, len(lines) + 1)]
    known = [percent for percent in seen if percent is not None]
    assert known == sorted(known)
    assert (known[0], known[-1]) == (0, 99)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_every_bar_of_the_training_itself_is_understood(done_of: tuple[int, int]) -> None:
    done, steps = done_of
    assert percent_of([f"\r{bar(done, steps, 7.25)}"], steps) == min(done * 100 // steps, 99)


@given(st.lists(st.text()), st.integers(1, 10_000))
def test_no_text_breaks_it(lines: list[str], steps: int) -> None:
    percent = percent_of(lines, steps)
    assert percent is None or 0 <= percent <= 99


@pytest.mark.parametrize(
    ("percent", "elapsed_s", "wanted"),
    [
        (0, 100, None),
        (2, 100, None),
        (50, 9.9, None),
        (50, 60, 60),
        (25, 30, 90),
        (99, 99, 1),
        (100, 100, 0),
    ],
)
def test_the_time_left_follows_the_rate_once_it_can_be_told(
    percent: int, elapsed_s: float, wanted: int | None
) -> None:
    assert seconds_left(percent, elapsed_s) == wanted
