"""What handlers can ask for, beside what Telegram, a filter or a middleware gives them."""

from typing import TypedDict

from handlers.admin.report_sender import ReportSender
from handlers.credits.news import TelegramPaymentNews
from handlers.gallery.pages import GalleryPages
from handlers.generate.details_sender import DetailsSender
from handlers.generate.full_size_sender import FullSizeSender
from handlers.generate.improvement_sender import ImprovementSender
from handlers.generate.more import MoreButtons
from handlers.generate.questions import GenerateQuestions
from handlers.telegram.greeting import Greeting
from handlers.telegram.instant import InstantCards
from handlers.telegram.mini_app import MiniApp
from handlers.train.contact_sheet_sender import ContactSheetSender
from handlers.train.live import TrainLive
from handlers.train.questions import TrainQuestions
from services.console.accounts import Accounts
from services.console.broadcasts import Broadcasts
from services.console.jobs import ConsoleJobs
from services.console.maintenance import MaintenanceMode
from services.console.people import People
from services.console.promos import Promos
from services.console.reading import ConsoleReading
from services.editing.instant import InstantService
from services.editing.service import EditingService
from services.enlarging.service import EnlargingService
from services.exporting.service import Exports
from services.generation.improving import Improvements
from services.generation.offers import PromptOffers
from services.generation.panel import PanelService
from services.generation.repeating import RepeatService
from services.generation.service import GenerationService
from services.groups.service import GroupPictures
from services.jobs.again import SecondLooks
from services.lending.service import LendingService
from services.models.service import ModelService
from services.money.refunds import Refunds
from services.paying.gifting import Gifting
from services.paying.giving import Giving
from services.paying.inviting import Inviting
from services.paying.service import Paying
from services.paying.subscribing import Subscribing
from services.pictures.gallery import GalleryService
from services.pictures.ratings import RatingService
from services.pictures.service import PictureService
from services.presets.service import PresetService
from services.rules import TrainingRules
from services.support.service import SupportService
from services.training.contact_sheets import ContactSheets
from services.training.drafts import DraftService
from services.training.offers import TrainingOffers
from services.training.service import TrainingService
from services.users.access import Access
from services.users.api_keys import ApiKeys
from services.users.privacy import PrivacyService
from services.users.service import UserService
from services.webhooks.service import Webhooks


class Offered(TypedDict):
    """Each by the name of the parameter that asks for it."""

    access: Access
    accounts: Accounts
    api_keys: ApiKeys
    webhooks: Webhooks
    broadcasts: Broadcasts
    console: ConsoleReading
    console_jobs: ConsoleJobs
    drafts: DraftService
    editing: EditingService
    instants: InstantService
    instant_cards: InstantCards
    enlarging: EnlargingService
    exports: Exports
    full_size_sender: FullSizeSender
    gallery: GalleryService
    gifting: Gifting
    giving: Giving
    greeting: Greeting
    group_pictures: GroupPictures
    generate_questions: GenerateQuestions
    generations: GenerationService
    improvement_sender: ImprovementSender
    lending: LendingService
    details_sender: DetailsSender
    improvements: Improvements
    inviting: Inviting
    maintenance: MaintenanceMode
    mini_app: MiniApp
    models: ModelService
    more_buttons: MoreButtons
    pages: GalleryPages
    panels: PanelService
    paying: Paying
    payment_news: TelegramPaymentNews
    people: People
    pictures: PictureService
    presets: PresetService
    train_offers: TrainingOffers
    privacy: PrivacyService
    refunds: Refunds
    subscribing: Subscribing
    repeats: RepeatService
    report_sender: ReportSender
    promos: Promos
    prompt_offers: PromptOffers
    ratings: RatingService
    rules: TrainingRules
    second_looks: SecondLooks
    sheet_sender: ContactSheetSender
    sheets: ContactSheets
    support: SupportService
    train_live: TrainLive
    train_questions: TrainQuestions
    trainings: TrainingService
    users: UserService
