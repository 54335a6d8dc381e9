"""How models and trainings are named, wherever they are shown."""

from collections.abc import Sequence

from services.domain.values import Generation, Model, Training
from texts.reader import Texts

MAX_MODELS_LISTED = 20
"""Telegram takes 100 buttons and 4096 characters; more models are hard to read anyway."""


def listed_models(models: Sequence[Model]) -> list[Model]:
    """Return the models that a list has room for: the newest, and the active one in any case."""
    if len(models) <= MAX_MODELS_LISTED:
        return list(models)
    return sorted(models, key=lambda model: not model.active)[:MAX_MODELS_LISTED]


def model_label(model: Model) -> str:
    """Return a model's name as a button shows it."""
    return f"✅ {model.name}" if model.active else model.name


def names_of(t: Texts, model: Model, second: Model | None) -> str:
    """Return the name of a model, with that of a second person where there is one."""
    if second is None:
        return model.name
    return t.plain("two-names", first=model.name, second=second.name)


def state_name(t: Texts, training: Training) -> str:
    """Return a training's state in a word or two."""
    key = training.state.value if training.state.is_final else "running"
    return t.plain(f"state-{key}")


def words_of(t: Texts, generation: Generation) -> str:
    """Return what a generation is called: the name of its preset, or else its prompt."""
    title = generation.title or {}
    return title.get(t.language.value, generation.prompt)
