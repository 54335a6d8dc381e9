"""Log lines of a job: tqdm bars and prints, told bit by bit, shown through a moving window.

The real lines of fal's trainers are not published. These have the shapes that public reports show:
bars that reach 100 % before training starts, carriage returns, timestamps of both kinds.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

WINDOW = 12
"""Entries that one status answer shows: the newest ones, not a growing list."""
ITERATIONS_PER_SECOND = 7.25
_BAR_CELLS = 10
_EIGHTHS = " ▏▎▍▌▋▊▉"
_TRAINING_STARTS_AT = 0.2


@dataclass(frozen=True)
class ScriptLine:
    """A line that appears when this part (0 to 1) of the job is done."""

    at: float
    message: str
    level: str = "STDERR"


@dataclass
class LogBook:
    """The script of a job and what of it has been told."""

    script: list[ScriptLine] = field(default_factory=list)
    entries: list[dict[str, str]] = field(default_factory=list)

    def begin(self, script: Iterable[ScriptLine]) -> None:
        """Follow a new script; what was told stays told."""
        self.script = sorted(script, key=lambda line: line.at)

    def tell(self, progress: float, now: float) -> None:
        """Move the lines that are due at this progress into the log; `now` is Unix time."""
        due = [line for line in self.script if line.at <= progress]
        self.script = self.script[len(due) :]
        for offset, line in enumerate(due):
            moment = datetime.fromtimestamp(now, UTC) + timedelta(microseconds=offset)
            # Both spellings occur at fal, with a Z and without any zone.
            zone = "Z" if len(self.entries) % 3 == 0 else ""
            stamp = moment.replace(tzinfo=None).isoformat(timespec="microseconds") + zone
            self.entries.append(
                {
                    "message": line.message,
                    "level": line.level,
                    "source": "USER",
                    "timestamp": stamp,
                }
            )

    @property
    def window(self) -> list[dict[str, str]]:
        """The newest entries."""
        return self.entries[-WINDOW:]


def bar(done: int, total: int, per_second: float) -> str:
    """One state of a progress bar as tqdm draws it, without the carriage return."""
    eighths = done * _BAR_CELLS * 8 // total
    cells = "█" * (eighths // 8)
    if len(cells) < _BAR_CELLS:
        cells = (cells + _EIGHTHS[eighths % 8]).ljust(_BAR_CELLS)
    if not done:
        return f"  0%|{cells}| 0/{total} [00:00<?, ?it/s]"
    spent, left = done / per_second, (total - done) / per_second
    percent = done * 100 // total
    clock = f"{_clock(spent)}<{_clock(left)}, {per_second:5.2f}it/s"
    return f"{percent:3d}%|{cells}| {done}/{total} [{clock}]"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes:02d}:{rest:02d}"


def download_line(url: str) -> ScriptLine:
    """What a trainer says before it has the data; only the file's name is shown."""
    return ScriptLine(0.0, f"Downloading data… {url.rsplit('/', 1)[-1]}", "STDOUT")


def training_script(photos: int, steps: int) -> list[ScriptLine]:
    """All lines of a training after its download."""
    lines = [
        ScriptLine(0.0, f"✓ Extracted {photos} images", "STDOUT"),
        ScriptLine(0.02, f"Generating captions for {photos} images…", "STDOUT"),
    ]
    lines += [
        ScriptLine(0.03 + 0.07 * done / photos, "\r" + bar(done, photos, 3.1))
        for done in range(photos + 1)
    ]
    lines.append(ScriptLine(0.11, "Loading pipeline components...", "STDOUT"))
    lines += [
        ScriptLine(0.12 + 0.05 * done / 7, "\r" + bar(done, 7, 2.4)) for done in (0, 2, 5, 7)
    ]
    lines.append(ScriptLine(0.18, f"Training for {steps} steps", "STDOUT"))
    lines += list(_training_bar(steps))
    lines.append(ScriptLine(0.99, "Saving pytorch_lora_weights.safetensors", "STDOUT"))
    return lines


def _training_bar(steps: int) -> Iterable[ScriptLine]:
    """Every 2 %, each message with two updates in it, as a piped tqdm often arrives."""
    for percent in range(0, 101, 2):
        at = _TRAINING_STARTS_AT + (0.98 - _TRAINING_STARTS_AT) * percent / 100
        before, done = steps * max(0, percent - 1) // 100, steps * percent // 100
        updates = (bar(step, steps, ITERATIONS_PER_SECOND) for step in (before, done))
        yield ScriptLine(at, "".join(f"\r{update}" for update in updates))


def generation_script(steps: int) -> list[ScriptLine]:
    """All lines of a generation."""
    return [
        ScriptLine(step / (steps + 1), "\r" + bar(step, steps, 9.4)) for step in range(steps + 1)
    ]
