"""What somebody has paid, and what it went for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.callers import Offered, Reader
from api.pages import Limit
from api.problems import answers
from api.routes import CallersRoute
from services.domain.credits import EntryKind
from services.domain.subscriptions import Subscription

router = APIRouter(route_class=CallersRoute, tags=["me"])


class SubscriptionOut(BaseModel):
    """What is bought each month."""

    stars: int = Field(description="What a month costs.")
    credits: int = Field(description="What a month brings to the balance.")
    renews: bool = Field(description="False: it was cancelled, and ends at `until`.")
    until: datetime = Field(description="The end of the month that is paid.")


class BalanceOut(BaseModel):
    """Telegram Stars; all null where nothing is paid."""

    available: int | None = Field(description="What can be spent; below 0 where it is owed.")
    held: int | None = Field(description="The price of what is being made.")
    subscription: SubscriptionOut | None = Field(description="Null where there is none.")


class ReceiptOut(BaseModel):
    """One change of the balance."""

    number: int
    kind: EntryKind
    change: int
    available: int = Field(description="After it.")
    at: datetime


class ReceiptsOut(BaseModel):
    """A part of all changes, newest first."""

    items: list[ReceiptOut]
    next: int | None = Field(description="The `before` of the next page; null on the last one.")


@router.get("/balance", summary="What you have", responses=answers())
async def balance(caller: Reader, api: Offered) -> BalanceOut:
    """Return the balance."""
    wallet = await api.paying.wallet(caller.user.id)
    if wallet is None:
        nothing = 0 if api.paying.is_on else None
        return BalanceOut(available=nothing, held=nothing, subscription=None)
    return BalanceOut(
        available=wallet.available,
        held=wallet.held,
        subscription=_newest(await api.subscribing.of(caller.user.id)),
    )


def _newest(found: Sequence[Subscription]) -> SubscriptionOut | None:
    """Return the one that is renewed, or else the newest one."""
    if not found:
        return None
    one = max(found, key=lambda one: (one.renews, one.paid_until))
    return SubscriptionOut(
        stars=one.stars, credits=one.credits, renews=one.renews, until=one.paid_until
    )


@router.get("/receipts", summary="How that came about, newest first", responses=answers())
async def receipts(
    caller: Reader,
    api: Offered,
    limit: Limit = 20,
    before: Annotated[int | None, Query(ge=0, lt=2**31)] = None,
) -> ReceiptsOut:
    """Return what has changed the balance."""
    page = await api.paying.receipts(caller.user.id, before, limit)
    items = [
        ReceiptOut(
            number=one.entry.seq,
            kind=one.entry.kind,
            change=one.change,
            available=one.available,
            at=one.entry.created_at,
        )
        for one in page.shown
    ]
    return ReceiptsOut(items=items, next=page.older)
