"""Who has invited whom."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.code_tables import Referral, ReferralLink
from db.upsert import insert_missing


class Referrals:
    """Links that invite, and who has come by one."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def link_of(self, wallet_id: int, code: str) -> str:
        """Return the code of a wallet's link; `code` is it from now on where there was none."""
        row = {"wallet_id": wallet_id, "code": code}
        await insert_missing(self._session, ReferralLink, row, index_elements=["wallet_id"])
        query = select(ReferralLink.code).where(ReferralLink.wallet_id == wallet_id)
        return (await self._session.scalars(query)).one()

    async def owner_of(self, code: str) -> int | None:
        """Return the wallet whose link has a code."""
        query = select(ReferralLink.wallet_id).where(ReferralLink.code == code)
        owner: int | None = await self._session.scalar(query)
        return owner

    async def add(self, wallet_id: int, referrer_id: int) -> None:
        """Note who has invited a new user."""
        self._session.add(Referral(wallet_id=wallet_id, referrer_id=referrer_id))
        await self._session.flush()

    async def referrer_of(self, wallet_id: int) -> int | None:
        """Return the wallet of who has invited a user."""
        query = select(Referral.referrer_id).where(Referral.wallet_id == wallet_id)
        referrer: int | None = await self._session.scalar(query)
        return referrer
