"""What the buttons carry that lead from one feature into another.

Ids are looked up again, and their owner checked, on every press.
"""

from enum import StrEnum

from aiogram.filters.callback_data import CallbackData


class MenuItem(StrEnum):
    """The buttons of the start message."""

    TRAIN = "train"
    TRY = "try"
    STATUS = "status"
    GENERATE = "generate"
    MODELS = "models"
    PRESETS = "presets"
    GALLERY = "gallery"
    BALANCE = "balance"
    SETTINGS = "settings"
    HELP = "help"
    LANGUAGE = "language"


class Menu(CallbackData, prefix="menu"):
    """A button that leads to one of the main places."""

    item: MenuItem


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


class UseModel(CallbackData, prefix="use"):
    """Makes a model active; `then_prompt` goes on to the prompt, else its card is shown."""

    model_id: str
    then_prompt: bool


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


class GroupsAction(StrEnum):
    """Shows what is allowed in groups, allows it at the price on the button, or ends that."""

    SHOW = "show"
    ALLOW = "allow"
    STOP = "stop"


class GroupsButton(CallbackData, prefix="groups"):
    """A button about pictures in groups."""

    action: GroupsAction


class ResultAction(StrEnum):
    """The buttons under a result.

    `FULL`, `FAVOURITE`, `COVER`, `ENLARGE`, `CHANGE`, `GOOD` and `BAD` ask which picture of an
    album is meant; `BACK` returns. `RESEND` tries once more to send what could not be sent.
    `MORE` shows the buttons that are not needed each time; `DETAILS` tells prompt and seed. A
    prompt that could not be put into English is sent `AS_IT_IS`, or written again by way of
    `ENGLISH`.
    """

    AGAIN = "again"
    VARY = "vary"
    FULL = "full"
    FAVOURITE = "fav"
    COVER = "cover"
    BACK = "back"
    RESEND = "resend"
    MORE = "more"
    DETAILS = "details"
    AS_IT_IS = "asis"
    ENGLISH = "english"
    ENLARGE = "large"
    GOOD = "good"
    BAD = "bad"
    CHANGE = "change"


class ResultButton(CallbackData, prefix="res"):
    """A button of a whole result."""

    action: ResultAction
    generation_id: str


class PictureAction(StrEnum):
    """What can be done with one picture.

    Liking and its opposite are two, so that a double tap does not undo itself. `ORIGINAL` shows
    what a changed picture was made of.
    """

    FULL = "full"
    LIKE = "like"
    UNLIKE = "unlike"
    COVER = "cover"
    ENLARGE = "large"
    GOOD = "good"
    BAD = "bad"
    CHANGE = "change"
    ORIGINAL = "from"


class PictureButton(CallbackData, prefix="pic"):
    """A button of one picture."""

    action: PictureAction
    picture_id: str


class TryAction(StrEnum):
    """Shows what can be made of a photo, with a model, or makes a picture in a style."""

    SHOW = "show"
    MAKE = "make"


class TryButton(CallbackData, prefix="try"):
    """A button about a picture from a single photo; `model` is the nickname of an edit model."""

    action: TryAction
    photo_id: int | None = None
    style: str = ""
    model: str = ""


class Contact(CallbackData, prefix="contact"):
    """Asks what the user wants to write to the operator; `code` is that of an error."""

    code: str | None = None


class OpenThread(CallbackData, prefix="thread"):
    """Opens a thread of a user and the operator, for admins; `is_new` in another message."""

    thread_id: str
    page: int = 0
    is_new: bool = False


class LookAgain(CallbackData, prefix="look"):
    """Asks fal again for a job that was given up; `kind` is the name of its kind."""

    kind: str
    row_id: str
