"""The words of money, which nobody reads who pays nothing."""

import re

MONEY = re.compile(
    r"\$|\bUSD\b|[⭐💵💰🪙]"
    r"|\b(?:costs?|prices?|pay|pays|paid|charged?|budget|money|subscription)\b"
    r"|\b(?:цен[аыуе]|бюджет|деньг|бесплатн|оплат|оплач|плат[иёея]|списан|подписк)"
    r"|ничего не стоит|сколько стоит|стоить|стоимост",
    re.IGNORECASE,
)


def money_in(text: str) -> list[str]:
    """Return what of a text is about money."""
    return MONEY.findall(text)
