"""Formats of dates in texts (tdlib, FormattedDate)."""


def date_format(letters: str) -> str | None:
    """A date format as the server repeats it: `r` alone, or `w`, then `d` or `D`, then `t` or `T`.

    Returns:
        None for letters that mean nothing.
    """
    if letters in {"r", "R"}:
        return "r"
    if set(letters) - set("tTdDwW"):
        return None
    day = "w" if set("wW") & set(letters) else ""
    # The short form wins where both are asked for.
    date = "d" if "d" in letters else "D" if "D" in letters else ""
    time = "t" if "t" in letters else "T" if "T" in letters else ""
    return day + date + time
