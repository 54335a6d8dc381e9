"""What the API is built on: the services that handlers are built on, too."""

import asyncio
import time
from dataclasses import dataclass, field
from functools import cached_property

from api.signatures import Signatures
from services.editing.service import EditingService
from services.enlarging.service import EnlargingService
from services.exporting.service import Exports
from services.generation.panel import PanelService
from services.generation.service import GenerationService
from services.generation.views import GenerationViews
from services.models.service import ModelService
from services.paying.service import Paying
from services.paying.subscribing import Subscribing
from services.pictures.gallery import GalleryService
from services.pictures.service import PictureService
from services.pictures.sharing import Sharer
from services.pictures.thumbnails import Thumbnails
from services.presets.service import PresetService
from services.rules import TrainingRules
from services.training.contact_sheets import ContactSheets
from services.training.drafts import DraftService
from services.training.offers import TrainingOffers
from services.training.service import TrainingService
from services.training.uploads import Uploads
from services.training.views import TrainingViews
from services.users.access import Access
from services.users.api_keys import ApiKeys
from services.users.overview import Overviews
from services.users.service import UserService
from services.webhooks.service import Webhooks


@dataclass(frozen=True)
class ApiOffered:
    """What routes can ask for.

    Attributes:
        init_data_secret: What Telegram signs initData with, see `api.init_data.secret_of`.
        stopping: Set when the process is told to stop, so that streams end.
    """

    init_data_secret: bytes
    access: Access
    users: UserService
    api_keys: ApiKeys
    models: ModelService
    pictures: PictureService
    thumbnails: Thumbnails
    sharer: Sharer
    enlarging: EnlargingService
    exports: Exports
    editing: EditingService
    panels: PanelService
    paying: Paying
    subscribing: Subscribing
    gallery: GalleryService
    generations: GenerationService
    generation_views: GenerationViews
    presets: PresetService
    train_offers: TrainingOffers
    rules: TrainingRules
    drafts: DraftService
    uploads: Uploads
    sheets: ContactSheets
    trainings: TrainingService
    training_views: TrainingViews
    overviews: Overviews
    webhooks: Webhooks
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    @cached_property
    def signatures(self) -> Signatures:
        """What signs sessions and addresses."""
        return Signatures(self.init_data_secret)

    def address(self, path: str, user_id: int, **more: str) -> str:
        """Return an address that its owner can open without a header, see `Signatures`."""
        return self.signatures.address(path, user_id, time.time(), **more)
