"""The offer of a first picture from a single photo, wherever a photo has come."""

from aiogram.types import InlineKeyboardButton

from handlers.telegram.callbacks import TryAction, TryButton
from handlers.telegram.keyboards import button, keyboard_of
from handlers.telegram.own_pictures import OwnPicture
from handlers.telegram.presses import with_price
from handlers.telegram.screen import Screen
from services.editing.instant import InstantOffer, InstantService
from texts.reader import Texts


class InstantCards:
    """Makes the offer.

    Args:
        instants: What can be made.
    """

    def __init__(self, instants: InstantService) -> None:
        self._instants = instants

    async def of(
        self, t: Texts, user_id: int, photo_id: int | None = None, nickname: str = ""
    ) -> Screen | None:
        """Return the offer for a photo of the user's draft, None where there is none to make.

        Raises:
            DraftPhotoGone: The photo is not among those of the draft any more.
        """
        offer = await self._instants.offer(user_id, photo_id, nickname)
        return card(t, offer) if offer is not None else None


def card(t: Texts, offer: InstantOffer) -> Screen:
    """Return the offer: its styles, and the other models where there are several."""
    price = t.price(offer.price_usd, offer.stars)
    text = t("try-offer-free") if offer.is_free else t("try-offer", price=price)
    rows = [[_style(t, offer, one.id, one.name.of(t.language))] for one in offer.styles]
    rows += [[_model(t, offer, model)] for model in offer.others]
    picture = OwnPicture(offer.picture) if offer.picture is not None else None
    return Screen(text, keyboard_of(*rows), picture)


def _style(t: Texts, offer: InstantOffer, style: str, name: str) -> InlineKeyboardButton:
    press = TryButton(
        action=TryAction.MAKE, photo_id=offer.photo_id, style=style, model=offer.model
    )
    label = with_price(t.plain("try-style", name=name), offer.stars or None)
    return button(label, press.pack())


def _model(t: Texts, offer: InstantOffer, model: str) -> InlineKeyboardButton:
    press = TryButton(action=TryAction.SHOW, photo_id=offer.photo_id, model=model)
    return button(t.plain("try-model", name=model), press.pack())
