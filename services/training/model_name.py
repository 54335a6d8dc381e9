"""What a model may be called."""

from services.errors import InvalidName
from services.visible import has_hidden_signs, is_visible

MAX_NAME_LENGTH = 40


def model_name(text: str) -> str:
    """Return the name that a user's words stand for, its spaces put in order.

    Raises:
        InvalidName: Nothing to see, longer than 40 characters, or with signs that hide or turn
            around what follows them.
    """
    name = " ".join(text.split())
    if not is_visible(name) or has_hidden_signs(name) or len(name) > MAX_NAME_LENGTH:
        raise InvalidName(max=MAX_NAME_LENGTH)
    return name
