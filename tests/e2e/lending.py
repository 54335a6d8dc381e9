"""How people lend models in the tests."""

from tests.e2e.driver import Person, eventually, text_of
from tests.e2e.killing import PATIENCE_S


async def lend(owner: Person) -> str:
    """Offer the owner's model for ten pictures; return what opens the link."""
    said = await owner.say("/models")
    await owner.press("model:", after=said)
    await owner.press("lend:", after=said)
    await owner.sees(owner.words("lend", name=owner.name).splitlines()[0], after=said)
    await owner.press_action("lend:", "10p")
    offered = await owner.wait(
        lambda message: "?start=lend_" in text_of(message), "a link", after=said
    )
    return "/start " + text_of(offered).partition("?start=")[2].split()[0]


async def borrow(borrower: Person, link: str) -> None:
    """Open a link and accept."""
    said = await borrower.say(link)
    await borrower.sees_button("loan:", after=said)
    await borrower.press_action("loan:", "accept")


async def lent(owner: Person, borrower: Person) -> None:
    """Lend the owner's model to somebody who has none, and wait until the owner knows."""
    said = await owner.last_id()
    await borrow(borrower, await lend(owner))
    await owner.reads("loan-news-accepted", after=said, who="Ann", name=owner.name)


async def sees_uses(owner: Person, used: int) -> str:
    """Wait until the card of the newest loan says so many pictures; return its text."""
    limit = owner.words("loan-limit-pictures", count=10)
    words = owner.words("loan-card", name=owner.name, limit=limit, used=used)

    async def look() -> str | None:
        said = await owner.say("/models")
        await owner.press("model:", after=said)
        await owner.press("lend:", after=said)
        await owner.sees_button("loan:", after=said)
        await owner.press_action("loan:", "show")
        card = await owner.sees(words.splitlines()[0], after=said)
        return text_of(card) if words in text_of(card) else None

    return await eventually(look, words, PATIENCE_S, owner.story)
