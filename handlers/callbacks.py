"""What the buttons carry. Ids are re-resolved and owner-checked on every press."""

from enum import StrEnum

from aiogram.filters.callback_data import CallbackData

from db.vocabulary import Language, QualityMode, Subject
from services.fal.endpoints import PictureOption
from services.users.service import Wish


class MenuItem(StrEnum):
    """The buttons of the start message."""

    TRAIN = "train"
    GENERATE = "generate"
    MODELS = "models"
    PRESETS = "presets"
    GALLERY = "gallery"
    SETTINGS = "settings"
    HELP = "help"
    LANGUAGE = "language"


class Menu(CallbackData, prefix="menu"):
    """A button that leads to one of the main places."""

    item: MenuItem


class ChooseLanguage(CallbackData, prefix="lang"):
    """The language to speak."""

    language: Language


class Way(StrEnum):
    """The ways out of a question."""

    BACK = "back"
    CANCEL = "cancel"


class Go(CallbackData, prefix="go"):
    """Back or Cancel, under every question.

    `at` is the question, so that a second tap or an old message does not leave another one.
    """

    way: Way
    at: str


class ForgetMe(CallbackData, prefix="forget"):
    """The answer to whether everything shall be deleted."""

    sure: bool


class DraftAction(StrEnum):
    """What a draft's buttons do."""

    AGREE = "agree"
    KEEP_NAME = "keep"


class Draft(CallbackData, prefix="draft"):
    """A button of the dialogue before the photos."""

    action: DraftAction


class ChooseSubject(CallbackData, prefix="subj"):
    """Who is in the photos."""

    training_id: str
    subject: Subject


class PhotoAction(StrEnum):
    """The buttons under the photo counter."""

    DONE = "done"
    REMOVE_LAST = "last"
    START_OVER = "over"
    SHOW = "show"


class Photos(CallbackData, prefix="photos"):
    """A button under the photo counter."""

    training_id: str
    action: PhotoAction


class ChooseMode(CallbackData, prefix="mode"):
    """The quality mode."""

    training_id: str
    mode: QualityMode


class StartTraining(CallbackData, prefix="start"):
    """The button under the summary."""

    training_id: str


class TrainingAction(StrEnum):
    """What can be done with a started training."""

    CANCEL = "cancel"
    RETRY = "retry"


class TrainingButton(CallbackData, prefix="tr"):
    """A button of a started training."""

    training_id: str
    action: TrainingAction


class UseModel(CallbackData, prefix="use"):
    """Makes a model active; `then_prompt` goes on to the prompt, else its card is shown."""

    model_id: str
    then_prompt: bool


class ChooseTrainer(CallbackData, prefix="trainer"):
    """The trainer, by its nickname in the table."""

    training_id: str
    nickname: str


class PresetCategories(CallbackData, prefix="pcats"):
    """A page of the categories of presets; pages count from 0."""

    page: int


class PresetShelf(CallbackData, prefix="pshelf"):
    """A page of a category's presets."""

    category_id: str
    page: int


class PresetCard(CallbackData, prefix="pcard"):
    """A preset; `page` is the page of its category that Back leads to."""

    preset_id: str
    page: int


class PresetPacks(CallbackData, prefix="ppacks"):
    """A page of the packs of four presets."""

    page: int


class CreatePreset(CallbackData, prefix="pmake"):
    """Makes a picture of a preset."""

    preset_id: str


class CreatePack(CallbackData, prefix="ppack"):
    """Makes all pictures of a pack."""

    pack_id: str


class SurpriseMe(CallbackData, prefix="psurprise"):
    """Makes a picture of any preset."""


class ModelAction(StrEnum):
    """What the buttons of a model's card do, and of the questions that follow from it."""

    CARD = "card"
    LIST = "list"
    RENAME = "name"
    WEIGHTS = "file"
    AGAIN = "again"
    AGAIN_AGREE = "agree"
    DELETE = "del"
    DELETE_SURE = "sure"


class ModelButton(CallbackData, prefix="model"):
    """A button of a model."""

    model_id: str
    action: ModelAction


class OpenPanel(CallbackData, prefix="panel"):
    """Opens the panel of the next pictures; under a result, for that one."""

    generation_id: str | None = None


# A shape such as 9:16 holds the usual separator.
class PanelChoice(CallbackData, prefix="opt", sep="|"):
    """One value on the panel; `asks` when it stands under the question for the prompt."""

    option: PictureOption
    value: str
    asks: bool
    generation_id: str | None = None


class MakeAnew(CallbackData, prefix="make"):
    """The prompt of a result with the choices of the panel under it."""

    generation_id: str


class Want(CallbackData, prefix="want"):
    """Switches a wish in the settings on or off."""

    wish: Wish
    on: bool


class HelpTopic(StrEnum):
    """The pages of /help."""

    TIME = "time"
    PRICE = "price"
    OPTIONS = "options"
    LIKENESS = "likeness"
    PHOTOS = "photos"
    RIGHTS = "rights"
    CANCEL = "cancel"


class Help(CallbackData, prefix="help"):
    """A page of /help; the first one without a topic."""

    topic: HelpTopic | None = None


class LeftDraftAction(StrEnum):
    """What can be done with a draft that was left behind."""

    CONTINUE = "continue"
    ANEW = "anew"


class LeftDraft(CallbackData, prefix="draft-left"):
    """A button of a draft that was left behind; it never acts on a later one."""

    action: LeftDraftAction
    training_id: str


class AgainAnew(CallbackData, prefix="model-anew"):
    """Drops a draft that was left behind for another training of a model."""

    model_id: str
    draft_id: str


class ResultAction(StrEnum):
    """The buttons under a result.

    `FULL`, `FAVOURITE` and `COVER` ask which picture of an album is meant; `BACK` returns.
    `RESEND` tries once more to send the pictures that could not be sent.
    """

    AGAIN = "again"
    VARY = "vary"
    FULL = "full"
    FAVOURITE = "fav"
    COVER = "cover"
    BACK = "back"
    RESEND = "resend"


class ResultButton(CallbackData, prefix="res"):
    """A button of a whole result."""

    action: ResultAction
    generation_id: str


class PictureAction(StrEnum):
    """What can be done with one picture.

    Liking and its opposite are two, so that a double tap does not undo itself.
    """

    FULL = "full"
    LIKE = "like"
    UNLIKE = "unlike"
    COVER = "cover"


class PictureButton(CallbackData, prefix="pic"):
    """A button of one picture."""

    action: PictureAction
    picture_id: str


class GalleryAction(StrEnum):
    """What the buttons of the gallery do.

    Filters have no action of their own: their buttons show the same place in another view.
    """

    SHOW = "show"
    NEWER = "newer"
    OLDER = "older"
    LIKE = "like"
    UNLIKE = "unlike"
    SEND = "send"
    ASK = "ask"
    DELETE = "delete"
    SEARCH = "search"


class GalleryButton(CallbackData, prefix="gal"):
    """A button of the gallery, with the place and the filters that it starts from."""

    action: GalleryAction
    generation_id: str | None = None
    position: int = 1
    model_id: str | None = None
    only_favourites: bool = False
    search_id: str | None = None
