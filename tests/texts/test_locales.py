"""Both languages are complete, fit into Telegram, and name everything the code can say."""

from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from aiogram.fsm.state import StatesGroup

from api.problems import CODES
from handlers.account.callbacks import HelpTopic
from handlers.account.export_screens import DATA_FILES
from handlers.admin.callbacks import ConsolePlace, ThreadAction
from handlers.routing import EXPECTATIONS
from handlers.telegram.callbacks import MenuItem, Way
from handlers.telegram.commands import COMMANDS, PAYING_COMMANDS, TRY_COMMAND
from handlers.telegram.errors import TOAST_LIMIT
from services.domain.api_keys import KeyScope
from services.domain.broadcasts import Audience, BroadcastState
from services.domain.credits import EntryKind, NoteKind, OrderKind, RefundedBy
from services.domain.exports import ExportState, ItemKind, ItemProblem
from services.domain.loans import LoanEvent, LoanTerm
from services.domain.states import TrainingState
from services.domain.support import Attachment
from services.domain.vocabulary import (
    FailureReason,
    Language,
    Missing,
    PictureSize,
    QualityMode,
    Subject,
)
from services.domain.webhooks import AddressNews
from services.errors import DomainError
from services.fal.endpoints import TRAINERS
from services.groups.service import Refusal
from services.money.purchases import CheckoutRefusal
from services.photos.coach.judging import Flaw, Lack
from services.photos.coach.resemblance import Resemblance
from services.photos.refusal import RefusalReason
from services.users.service import Wish
from tests.texts.sentences import (
    AWKWARD,
    duplicates,
    keys_used,
    messages,
    plausible_values,
    variables,
    words_in_code,
)
from texts.reader import LOCALES, Texts, Value

MESSAGE_LIMIT = 4096
COMMAND_LIMIT = 256
BUTTON_LIMIT = 64
"""Ours: Telegram's is larger, but phones cut longer labels."""

TAGS = {"b", "i", "code"}
KEYS = sorted(messages(Language.EN))
BOTH = list(Language)

TOASTS = {
    "already-started",
    "cancel-asked",
    "cover-made",
    "full-size-coming",
    "gallery-deleted",
    "language-chosen",
    "model-activated",
    "photo-removed",
    "photos-insisted",
    "photos-removed",
    "picture-liked",
    "picture-unliked",
    "private-only",
    "retry-started",
    "sheet-is-made",
    "training-started-toast",
    "which-picture",
}
"""Sentences shown as the answer to a press, besides the errors."""


ODD = {
    Language.EN: (
        "«",
        "»",
        " shall ",
        "shall ",
        " anew",
        "by myself",
        "by itself",
        "be had",
        " %",
    ),
    Language.RU: (
        " – ",
        "\n–",
        "слово-триггер",
        "Слово-триггер",
        "слова-триггер",
        "Нейрофото",
        "нейрофото",
        "сид ",
        "Сид ",
        " всё ваше",
        'long") }.',
        " %",
    ),
}
"""What a native reader stumbles on; Russian has the long dash, and long dates with a full stop.

No line ends between a number and its sign: English has nothing there, Russian a no-break space.
"""


@pytest.mark.parametrize("language", BOTH)
def test_the_sentences_are_free_of_what_a_native_reader_stumbles_on(language: Language) -> None:
    found = [
        (path.name, words)
        for path in sorted((LOCALES / language.value).glob("*.ftl"))
        for words in ODD[language]
        if words in path.read_text(encoding="utf-8")
    ]
    assert found == []


def leaves(kind: type[DomainError]) -> Iterator[type[DomainError]]:
    below = kind.__subclasses__()
    if not below:
        yield kind
    for one in below:
        yield from leaves(one)


FAMILIES: dict[str, set[str]] = {
    "error-": {kind.code for kind in leaves(DomainError)} | {"bug"},
    "group-refused-": set(Refusal),
    "lend-term-": {term.name.lower() for term in LoanTerm},
    "loan-news-": set(LoanEvent),
    "refusal-": {reason.value for reason in RefusalReason},
    "tile-": {reason.value for reason in RefusalReason},
    "flaw-": {flaw.value for flaw in Flaw},
    "tile-flaw-": {flaw.value for flaw in Flaw},
    "resembles-": {resemblance.value for resemblance in Resemblance},
    "lack-": {lack.value for lack in Lack} | {"nothing"},
    "failure-": {reason.value for reason in FailureReason},
    "progress-": {state.value for state in TrainingState} - {"draft"},
    "state-": {state.value for state in TrainingState if state.is_final} | {"running"},
    "subject-": {subject.value for subject in Subject},
    "subject-name-": {subject.value for subject in Subject},
    "mode-": {mode.value for mode in QualityMode},
    "mode-name-": {mode.value for mode in QualityMode},
    "trainer-name-": {trainer.nickname for trainer in TRAINERS.values()},
    "trainer-about-": {trainer.nickname for trainer in TRAINERS.values()},
    "menu-": {item.value for item in MenuItem},
    "language-name-": {language.value for language in Language},
    "command-": {*COMMANDS, TRY_COMMAND, *PAYING_COMMANDS},
    "checkout-": {refusal.value for refusal in CheckoutRefusal},
    "receipt-": ({kind.value for kind in EntryKind} - {"hold", "capture"})
    | {f"{kind}-{what}" for kind in ("hold", "capture") for what in OrderKind},
    "invitation-": {kind.value for kind in (NoteKind.FRIEND, NoteKind.REFERRER)},
    "given-back-": {by.value for by in RefundedBy},
    "": {way.value for way in Way},
    "help-": {topic.value for topic in HelpTopic},
    "help-button-": {topic.value for topic in HelpTopic},
    "rated-mode-": {mode.value for mode in QualityMode},
    "missing-": {missing.value for missing in Missing},
    "panel-size-": {size.value for size in PictureSize},
    "panel-button-size-": {size.value for size in PictureSize},
    "console-broadcast-": {"show", "stop"},
    "console-sent-": {state.value for state in BroadcastState},
    "console-audience-": {audience.value for audience in Audience},
    "console-place-": {place.value for place in ConsolePlace},
    "console-deed-": {"block", "allow", "cancel", "again", "release"},
    "export-": {state.value for state in ExportState},
    "export-readme-": {kind.value for kind in ItemKind},
    "export-readme-file-": {*DATA_FILES, "receipts"},
    "export-problem-": {problem.value for problem in ItemProblem} - {"too_large"},
    "console-thread-": {action.value for action in ThreadAction},
    "console-line-": {kind.value for kind in Attachment},
    "settings-": {wish.value for wish in Wish},
    "api-": set(CODES),
    "webhook-": {news.value for news in AddressNews},
    "api-key-": {scope.value for scope in KeyScope},
    "page-": {"body", "neuro", "gallery", "shape", "count", "size", "strength"},
    "page-status-": {state.value for state in TrainingState},
    "page-mode-": {mode.value for mode in QualityMode},
    "page-size-": {size.value for size in PictureSize},
    "page-gender-": {subject.value for subject in Subject},
}
"""Sentences whose keys the code puts together."""

COMPUTED = {prefix + end for prefix, ends in FAMILIES.items() for end in ends}


def rendered(language: Language, key: str, *, plain: bool = False) -> list[str]:
    texts = Texts(language)
    form = texts.plain if plain else texts
    return [form(key, **values) for values in plausible_values(messages(language)[key])]


def test_both_languages_have_the_same_sentences() -> None:
    assert set(messages(Language.RU)) == set(messages(Language.EN))


@pytest.mark.parametrize("language", BOTH)
def test_no_sentence_is_there_twice(language: Language) -> None:
    assert duplicates(language) == []


def test_both_languages_use_the_same_values() -> None:
    values = {
        language: {key: variables(message) for key, message in messages(language).items()}
        for language in Language
    }
    assert values[Language.RU] == values[Language.EN]


def test_every_sentence_that_the_code_says_exists() -> None:
    said = {key for key in keys_used() if not key.endswith("*")}
    said |= COMPUTED | set(EXPECTATIONS.values())
    # Services name what admins are told; the handlers only fill it in.
    said |= {word for word in words_in_code() if word.startswith("admin-")}
    assert said - set(KEYS) == set()


def test_every_computed_sentence_is_of_a_known_family() -> None:
    prefixes = {key.removesuffix("*") for key in keys_used() if key.endswith("*")}
    assert prefixes - set(FAMILIES) == set()


def test_every_sentence_is_said_somewhere() -> None:
    assert set(KEYS) - words_in_code() - COMPUTED == set()


@pytest.mark.parametrize("language", BOTH)
def test_every_sentence_is_rendered_with_any_values(language: Language) -> None:
    for key in KEYS:
        for text in rendered(language, key):
            assert text.strip(), key
            assert len(text) <= MESSAGE_LIMIT, key
            assert "{" not in text.replace("{x}", ""), key


class Tags(HTMLParser):
    """Checks that markup is of the kinds we use, closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        assert not attrs
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("language", BOTH)
def test_markup_is_closed_and_values_are_never_markup(language: Language) -> None:
    texts = Texts(language)
    for key, message in messages(language).items():
        for values in plausible_values(message):
            tags = Tags()
            tags.feed(texts(key, **values))
            tags.close()
            assert tags.open == [], key
            if AWKWARD in values.values():
                assert AWKWARD in tags.text, key


@pytest.mark.parametrize("language", BOTH)
def test_what_takes_no_markup_has_none(language: Language) -> None:
    named = keys_used(only_plain=True)
    prefixes = tuple(key.removesuffix("*") for key in named if key.endswith("*"))
    keys = {key for key in COMPUTED if key.startswith(prefixes)} | (named & set(KEYS))
    for key in keys:
        for text in rendered(language, key, plain=True):
            assert "<" not in text.replace(AWKWARD, ""), key


@pytest.mark.parametrize("language", BOTH)
def test_toasts_fit(language: Language) -> None:
    errors = {f"error-{code}" for code in FAMILIES["error-"]}
    # A model's name may be 40 characters long.
    values: dict[str, Value] = {"name": "W" * 40, "code": "abcdef"}
    for key in TOASTS | errors:
        for given in plausible_values(messages(language)[key]):
            known = {name: values.get(name, 21) for name in given}
            assert len(Texts(language).plain(key, **known)) <= TOAST_LIMIT, key


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_described_in_a_line(language: Language, name: str) -> None:
    text = Texts(language).plain(f"command-{name}")
    assert 1 <= len(text) <= COMMAND_LIMIT
    assert "\n" not in text


def test_every_state_says_what_it_expects() -> None:
    forms = [
        form for form in StatesGroup.__subclasses__() if form.__module__.startswith("handlers.")
    ]
    assert {state for form in forms for state in form} == set(EXPECTATIONS)


def test_a_state_keeps_the_name_it_is_stored_by() -> None:
    """Dialogues are kept in the database: a renamed state would leave its users in no state."""
    assert sorted(str(state.state) for state in EXPECTATIONS) == [
        "ConsoleForm:answer",
        "ConsoleForm:broadcast",
        "ConsoleForm:find",
        "ConsoleForm:grant",
        "ConsoleForm:reason",
        "ConsoleForm:refund",
        "EditForm:words",
        "GalleryForm:words",
        "GenerateForm:model",
        "GenerateForm:prompt",
        "GenerateForm:variation",
        "ModelForm:name",
        "RedeemForm:code",
        "SupportForm:words",
        "TrainForm:confirm",
        "TrainForm:consent",
        "TrainForm:mode",
        "TrainForm:name",
        "TrainForm:photos",
        "TrainForm:subject",
        "TrainForm:trainer",
    ]


def test_every_domain_error_has_a_code_of_its_own() -> None:
    codes = [kind.code for kind in leaves(DomainError)]
    assert all(codes)
    assert len(set(codes)) == len(codes)


def test_an_unknown_sentence_and_a_missing_value_are_errors() -> None:
    texts = Texts(Language.EN)
    with pytest.raises(LookupError):
        texts("no-such-sentence")
    with pytest.raises(KeyError):
        texts("keep-name")
