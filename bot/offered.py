"""What handlers and the API can ask for."""

from api.init_data import secret_of
from api.offered import ApiOffered
from bot.carriers import Carriers
from bot.check_prices import price_rows
from bot.parts import Parts
from bot.paying import PayingParts, make_paying, make_sales
from handlers.admin.report_sender import ReportSender
from handlers.gallery.pages import GalleryPages
from handlers.gallery.sharer import TelegramSharer
from handlers.generate.details_sender import DetailsSender
from handlers.generate.full_size_sender import FullSizeSender
from handlers.generate.improvement_sender import ImprovementSender
from handlers.generate.more import MoreButtons
from handlers.generate.questions import GenerateQuestions
from handlers.offered import Offered
from handlers.telegram.greeting import Greeting
from handlers.telegram.instant import InstantCards
from handlers.telegram.mini_app import MiniApp
from handlers.telegram.outgoing import Outgoing
from handlers.train.contact_sheet_sender import ContactSheetSender
from handlers.train.photo_keeper import TelegramPhotoKeeper
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
from services.generation.ordering import Ordering
from services.generation.pairs import Pairs
from services.generation.panel import PanelService
from services.generation.repeating import RepeatService
from services.generation.service import GenerationService
from services.generation.views import GenerationViews
from services.groups.service import GroupPictures
from services.jobs.again import SecondLooks
from services.lending.service import LendingService
from services.models.service import ModelService
from services.money.fal_account import AccountWatch
from services.paying.gifting import Gifting
from services.paying.orders import WaitingOrders
from services.pictures.gallery import GalleryService
from services.pictures.ratings import RatingService
from services.pictures.thumbnails import Thumbnails
from services.presets.file import load_presets
from services.presets.service import PresetService
from services.support.service import SupportService
from services.training.contact_sheets import ContactSheets
from services.training.draft_photos import DraftPhotos
from services.training.drafts import DraftService
from services.training.offers import TrainingOffers
from services.training.service import TrainingService
from services.training.uploads import Uploads
from services.training.views import TrainingViews
from services.users.access import Access
from services.users.api_keys import ApiKeys
from services.users.overview import Overviews
from services.users.privacy import PrivacyService
from services.users.reach import Reach
from services.users.service import UserService
from services.webhooks.service import Webhooks


def for_handlers(
    parts: Parts, carriers: Carriers, users: UserService, access: Access, accounts: AccountWatch
) -> tuple[Offered, PayingParts]:
    """Return what handlers can ask for, and what of it has to do with payments."""
    database, rules, prices, ledger = parts.database, parts.rules, parts.prices, parts.ledger
    catalogue = load_presets(parts.settings.presets_file)
    check, train = carriers.checks.carry, carriers.trainings.carry
    is_worded = parts.wording is not None
    carry = carriers.generations.carry
    sales = make_sales(parts.settings, prices)
    pairs = Pairs(is_on=parts.settings.two_models == "on")
    ordering = Ordering(prices, ledger, is_worded=is_worded, sales=sales, pairs=pairs)
    generations = GenerationService(database, ordering, carry)
    improvements = Improvements(database, prices, parts.wording, generations, sales)
    enlarging = EnlargingService(
        database,
        prices,
        ledger,
        carriers.enlargements.carry,
        parts.settings.enlarger,
        sales,
    )
    editing = EditingService(database, ordering, carry, parts.settings.editor)
    instants = InstantService(
        database,
        ordering,
        carry,
        parts.settings.instant_models,
        catalogue,
        gives_first=parts.settings.free_instant == "on",
    )
    ratings = RatingService(database, parts.seams.rated, has_changes=editing.is_offered)
    offers = TrainingOffers(rules, prices, sales)
    drafts = DraftService(
        database,
        rules,
        offers,
        DraftPhotos(database, rules.min_photos, rules.max_photos, check),
        train,
        ledger,
        sales=sales,
    )
    trainings = TrainingService(database, prices, train, ledger, sales=sales)
    outgoing = Outgoing(parts.bot, Reach(database), parts.nursery, parts.healths[1])
    gifting = Gifting(database)
    orders = WaitingOrders(generations, enlarging, drafts, trainings, gifting)
    paid = make_paying(parts.settings, database, outgoing, users, orders)
    erases, in_groups = rules.erases_requests, parts.settings.groups == "on"
    models = ModelService(database, ledger, carriers.deletions.carry, erases=erases, rules=rules)
    lending = LendingService(database)
    panels = PanelService(database, rules, prices, sales, pairs)
    sheets = ContactSheets(database, parts.files, parts.worker, check)
    second_looks = SecondLooks(database, rules.job_deadline_s, carriers.kinds)
    star_usd = parts.settings.star_usd if parts.settings.packs else None
    console = ConsoleReading(
        database, rules, star_usd, lambda: [*price_rows(parts.settings, prices)]
    )
    maintenance = MaintenanceMode(database)
    mini_app = MiniApp(parts.bot, parts.settings.public_url)
    offered: Offered = {
        "access": access,
        "accounts": Accounts(database, paid.refunds),
        "api_keys": ApiKeys(
            database,
            is_on=parts.settings.http_port is not None,
            docs_address=f"{parts.settings.public_url}/api/docs",
        ),
        "broadcasts": Broadcasts(database, carriers.broadcasts.carry),
        "exports": Exports(database),
        "editing": editing,
        "instants": instants,
        "instant_cards": InstantCards(instants),
        "users": users,
        "rules": rules,
        "train_offers": offers,
        "train_live": parts.train_live,
        "drafts": drafts,
        "full_size_sender": FullSizeSender(parts.bot, parts.pictures, parts.nursery),
        "train_questions": TrainQuestions(drafts, rules, offers, models, parts.train_live),
        "generate_questions": GenerateQuestions(models, panels),
        "trainings": trainings,
        "gifting": gifting,
        "giving": paid.giving,
        "inviting": paid.inviting,
        "group_pictures": GroupPictures(database, ordering, carry, users, access, is_on=in_groups),
        "greeting": Greeting(users, rules, paid.giving, mini_app),
        "paying": paid.paying,
        "payment_news": paid.news,
        "promos": Promos(database),
        "refunds": paid.refunds,
        "subscribing": paid.subscribing,
        "console": console,
        "console_jobs": ConsoleJobs(database, trainings, second_looks, carriers.releases),
        "lending": lending,
        "maintenance": maintenance,
        "mini_app": mini_app,
        "people": People(database, access.admins, are_paying=paid.paying.is_on),
        "models": models,
        "more_buttons": MoreButtons(parts.pictures, improvements, enlarging),
        "pages": GalleryPages(enlarging, has_changes=editing.is_offered),
        "enlarging": enlarging,
        "generations": generations,
        "prompt_offers": PromptOffers(database, ordering, generations),
        "repeats": RepeatService(database, ordering, carry),
        "improvements": improvements,
        "improvement_sender": ImprovementSender(parts.bot, improvements, parts.nursery),
        "panels": panels,
        "presets": PresetService(catalogue, database, rules, prices, generations, sales),
        "pictures": parts.pictures,
        "ratings": ratings,
        "support": SupportService(database, access.admins, carriers.letters.carry),
        "details_sender": DetailsSender(
            parts.bot, parts.pictures, carriers.comparing, parts.nursery
        ),
        "gallery": GalleryService(database, parts.pictures),
        "sheets": sheets,
        "sheet_sender": ContactSheetSender(parts.bot, sheets, parts.train_live, parts.nursery),
        "second_looks": second_looks,
        "privacy": PrivacyService(
            database,
            ledger,
            carriers.deletions.carry,
            lambda: parts.nursery.start(paid.subscribing.ask(), name="cancelled subscriptions"),
            erases=erases,
            in_groups=in_groups,
            rules=rules,
        ),
        "webhooks": Webhooks(database, parts.post),
        "report_sender": ReportSender(parts.bot, accounts, ratings, console, parts.nursery),
    }
    return offered, paid


def for_api(parts: Parts, carriers: Carriers, offered: Offered) -> ApiOffered:
    """Return what the API is built on: what handlers are built on, mostly."""
    return ApiOffered(
        init_data_secret=secret_of(parts.settings.bot_token.get_secret_value()),
        access=offered["access"],
        users=offered["users"],
        api_keys=offered["api_keys"],
        models=offered["models"],
        pictures=offered["pictures"],
        thumbnails=Thumbnails(offered["pictures"], parts.worker),
        sharer=TelegramSharer(parts.bot),
        enlarging=offered["enlarging"],
        exports=offered["exports"],
        editing=offered["editing"],
        panels=offered["panels"],
        paying=offered["paying"],
        subscribing=offered["subscribing"],
        gallery=offered["gallery"],
        generations=offered["generations"],
        generation_views=GenerationViews(parts.database, parts.rules),
        presets=offered["presets"],
        train_offers=offered["train_offers"],
        rules=parts.rules,
        drafts=offered["drafts"],
        uploads=Uploads(
            parts.database,
            offered["drafts"].photos,
            TelegramPhotoKeeper(parts.bot, Reach(parts.database)),
            carriers.checks.carry,
        ),
        sheets=offered["sheets"],
        trainings=offered["trainings"],
        training_views=TrainingViews(parts.database, lambda: parts.healths[0].is_down),
        overviews=Overviews(parts.database),
        webhooks=offered["webhooks"],
    )
