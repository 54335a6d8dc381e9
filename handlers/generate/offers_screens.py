"""The offer to make a picture of a text that nobody asked for."""

from handlers.generate.callbacks import Improve, ImproveAction, OfferAction, OfferedPrompt
from handlers.generate.screens import MAX_PROMPT_SHOWN
from handlers.telegram.keyboards import button, keyboard_of
from handlers.telegram.names import names_of
from handlers.telegram.screen import Screen
from services.generation.offers import Offer
from texts.reader import Texts


def offer(t: Texts, offered: Offer, message_id: int, *, improves: bool = False) -> Screen:
    """Return the question whether a picture should be made of a text.

    Args:
        t: The language.
        offered: What would be made, and its price.
        message_id: The message with the text.
        improves: Whether a richer version is offered.
    """
    text = t(
        "offer-prompt",
        prompt=offered.request.prompt.strip()[:MAX_PROMPT_SHOWN],
        model=names_of(t, offered.model, offered.second),
    )
    make = OfferedPrompt(action=OfferAction.MAKE, message_id=message_id)
    leave = OfferedPrompt(action=OfferAction.LEAVE, message_id=message_id)
    rows = [
        [
            button(
                t.plain("offer-make", price=t.price(offered.price_usd, offered.stars)), make.pack()
            )
        ],
        [button(t.plain("offer-leave"), leave.pack())],
    ]
    if improves:
        better = Improve(action=ImproveAction.ASK, message_id=message_id)
        rows.insert(1, [button(t.plain("improve"), better.pack())])
    return Screen(text, keyboard_of(*rows))
