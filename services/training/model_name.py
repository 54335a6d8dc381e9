"""What a model may be called."""

from services.errors import InvalidName

MAX_NAME_LENGTH = 40


def model_name(text: str) -> str:
    """Give the name that a user's words stand for, its spaces put in order.

    Raises:
        InvalidName: Empty, or longer than 40 characters.
    """
    name = " ".join(text.split())
    if not any(character.isprintable() and not character.isspace() for character in name):
        raise InvalidName(max=MAX_NAME_LENGTH)
    if len(name) > MAX_NAME_LENGTH:
        raise InvalidName(max=MAX_NAME_LENGTH)
    return name
