"""Orders that waited for their payment, and where each goes on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.domain.codes import Gift
from services.enlarging.service import ENLARGE, EnlargingService
from services.generation import wish
from services.generation.service import GenerationService
from services.paying.gifting import GIFT, Gifting
from services.training.drafts import DRAFT, DraftService
from services.training.service import TrainingService


@dataclass(frozen=True)
class WaitingOrders:
    """The services that can be ordered from.

    Args:
        generations: Pictures.
        enlarging: Larger pictures.
        drafts: Trainings.
        trainings: Another try of a training.
        gifting: Gifts.
    """

    generations: GenerationService
    enlarging: EnlargingService
    drafts: DraftService
    trainings: TrainingService
    gifting: Gifting

    async def go_on(self, user_id: int, request: Mapping[str, Any]) -> Gift | None:
        """Order what was kept; ordered already, it is not ordered again.

        Returns:
            The gift, if it was one.

        Raises:
            DomainError: It cannot be ordered now.
        """
        if request["kind"] == GIFT:
            return await self.gifting.make(user_id, request["stars"], request["code"])
        if request["kind"] == wish.KIND:
            await self.generations.go_on(user_id, request)
        elif request["kind"] == ENLARGE:
            await self.enlarging.go_on(user_id, request)
        elif request["kind"] == DRAFT:
            await self.drafts.start(
                user_id, request["training_id"], request["message_id"], request["stars"]
            )
        else:
            await self.trainings.retry(user_id, request["training_id"], shown=request.get("stars"))
        return None
