"""Drafts with a list of what they asked others to do."""

from decimal import Decimal

from db.database import Database
from services.domain.values import Consent, Place
from services.domain.vocabulary import PhotoState, QualityMode, Subject
from services.fal.client import FalClient
from services.money.prices import PriceList
from services.rules import TrainingRules
from services.training.draft_photos import DraftPhotos
from services.training.drafts import DraftService
from services.training.offers import TrainingOffers
from tests.services.kit import (
    USER,
    photo_values,
    wide_ledger,
)

RULES = TrainingRules(min_photos=5, max_photos=20)


class Setup:
    """The service with lists of what it asked others to do."""

    def __init__(self, database: Database, rules: TrainingRules = RULES) -> None:
        self.database = database
        self.to_check: list[str] = []
        self.to_carry: list[str] = []
        prices = PriceList(FalClient("a:b"), Decimal("2.00"), Decimal("0.035"))
        self.drafts = DraftService(
            database,
            rules,
            TrainingOffers(rules, prices),
            DraftPhotos(database, rules.min_photos, rules.max_photos, self.to_check.append),
            self.to_carry.append,
            wide_ledger(),
        )

    async def begun(self) -> str:
        return (await self.drafts.begin(USER, Place(USER))).id

    async def with_photos(self, accepted: int, **pending: int) -> str:
        draft_id = await self.begun()
        async with self.database.transaction() as tx:
            for number in range(1, accepted + 1):
                await tx.photos.record(photo_values(draft_id, number))
            for number in range(pending.get("pending", 0)):
                await tx.photos.record(
                    photo_values(draft_id, 100 + number, state=PhotoState.PENDING, sha256=None)
                )
        return draft_id

    async def consent_to(self, draft_id: str) -> Consent:
        async with self.database.transaction() as tx:
            return await tx.photos.consent_to(draft_id)

    async def complete(self) -> str:
        draft_id = await self.with_photos(5)
        await self.drafts.set_name(USER, draft_id, "Anna")
        await self.drafts.set_subject(USER, draft_id, Subject.WOMAN)
        await self.drafts.set_mode(USER, draft_id, QualityMode.ECONOMY)
        return draft_id
