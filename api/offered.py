"""What the API is built on: the services that handlers are built on, too."""

import asyncio
from dataclasses import dataclass, field

from services.generation.service import GenerationService
from services.generation.views import GenerationViews
from services.models.service import ModelService
from services.pictures.gallery import GalleryService
from services.pictures.service import PictureService
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
from services.users.service import UserService


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
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
