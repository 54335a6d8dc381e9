"""Tells the user what the background tasks do; implements `services.announcer.Announcer`."""

from datetime import date

from handlers.generate.enlarge_live import EnlargeLive
from handlers.generate.live import GenerateLive
from handlers.train.live import TrainLive


class TelegramAnnouncer:
    """Hands on to the feature that shows it."""

    def __init__(self, train: TrainLive, generate: GenerateLive, enlarge: EnlargeLive) -> None:
        self._train = train
        self._generate = generate
        self._enlarge = enlarge

    def photos_changed(self, training_id: str) -> None:
        """See `Announcer.photos_changed`."""
        self._train.photos_changed(training_id)

    async def draft_ages(self, training_id: str, kept_until: date) -> None:
        """See `Announcer.draft_ages`."""
        await self._train.draft_ages(training_id, kept_until)

    def training_changed(self, training_id: str) -> None:
        """See `Announcer.training_changed`."""
        self._train.training_changed(training_id)

    async def training_asks(self, training_id: str) -> None:
        """See `Announcer.training_asks`."""
        await self._train.training_asks(training_id)

    async def training_ended(self, training_id: str) -> None:
        """See `Announcer.training_ended`."""
        await self._train.training_ended(training_id)

    async def training_in_doubt(self, training_id: str) -> None:
        """See `Announcer.training_in_doubt`."""
        await self._train.training_in_doubt(training_id)

    async def generation_in_doubt(self, generation_id: str) -> None:
        """See `Announcer.generation_in_doubt`."""
        await self._generate.generation_in_doubt(generation_id)

    async def training_settled(self, training_id: str) -> None:
        """See `Announcer.training_settled`."""
        await self._train.training_settled(training_id)

    def generation_changed(self, generation_id: str) -> None:
        """See `Announcer.generation_changed`."""
        self._generate.generation_changed(generation_id)

    async def generation_ended(self, generation_id: str) -> None:
        """See `Announcer.generation_ended`."""
        await self._generate.generation_ended(generation_id)

    async def generation_settled(self, generation_id: str) -> None:
        """See `Announcer.generation_settled`."""
        await self._generate.generation_settled(generation_id)

    async def enlargement_ended(self, enlargement_id: str) -> None:
        """See `Announcer.enlargement_ended`."""
        await self._enlarge.enlargement_ended(enlargement_id)

    async def enlargement_in_doubt(self, enlargement_id: str) -> None:
        """See `Announcer.enlargement_in_doubt`."""
        await self._enlarge.enlargement_in_doubt(enlargement_id)
