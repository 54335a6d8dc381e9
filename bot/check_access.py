"""What `python -m bot check` says of who is let in and of the limits on spending."""

from collections.abc import Iterator

from bot.settings import Settings

Told = tuple[bool, str]
"""Whether it needs no second thought, and the words."""


def told_access(settings: Settings) -> Iterator[Told]:
    """Return the lines about who is let in, who is told what, and every limit."""
    yield _who(settings)
    if settings.is_open and not settings.admins:
        yield False, "ADMINS: nobody is named, so nobody may be told when fal refuses the account"
    yield _limits(settings)


def _who(settings: Settings) -> Told:
    named = sorted(settings.allowed_users | settings.admins)
    if settings.is_open and settings.access is None:
        return True, "access: everyone, as Telegram and fal are emulated and ACCESS is not set"
    if settings.is_open:
        words = f"everyone who finds the bot, for up to ${settings.daily_budget_usd:g} a day"
        return False, f"access: {words}; set ACCESS=allowlist to let in only people you name"
    if named:
        people = ", ".join(map(str, named))
        return True, f"access: {people}, and who became the admin by the link"
    return True, "access: the admin alone, who opens the ADMIN LINK in the log if nobody has yet"


def _limits(settings: Settings) -> Told:
    one = f"{settings.daily_trainings} trainings and {settings.daily_images} pictures"
    return True, (
        f"limits: {one} a user in 24 hours, {settings.running_trainings} at once;"
        f" ${settings.daily_budget_usd:g} in 24 hours for the whole bot"
    )
