"""How a state is named in a button."""


def state_label(state: str | None) -> str:
    """Return a state's name in a form that callback data can carry: `TrainForm-name`."""
    return (state or "").replace(":", "-")
