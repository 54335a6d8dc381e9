"""What is said while pictures are made, and when there are none."""

import pytest

from handlers.generate import results_screens
from handlers.generate import screens as generate_screens
from handlers.telegram.callbacks import ResultAction, ResultButton
from services.domain.states import GenerationState
from services.domain.vocabulary import FailureReason
from services.generation.views import GenerationView
from tests.handlers.samples import AWKWARD, EN, ESCAPED, MESSAGE_LIMIT, ROW_ID, RU
from tests.values import a_generation
from texts.reader import Texts


@pytest.mark.parametrize("t", [EN, RU], ids=["en", "ru"])
@pytest.mark.parametrize("state", list(GenerationState))
@pytest.mark.parametrize("position", [None, 0, 7])
def test_a_generation_under_way_shows_its_prompt_as_text(
    t: Texts, state: GenerationState, position: int | None
) -> None:
    prompt = AWKWARD + "&" * 900
    generation = a_generation(id=ROW_ID, state=state, prompt=prompt, queue_position=position)
    text = generate_screens.generating(t, generation).text
    assert len(text) < MESSAGE_LIMIT
    if state is not GenerationState.UNCONFIRMED:
        assert ESCAPED in text


@pytest.mark.parametrize("t", [EN, RU], ids=["en", "ru"])
def test_a_picture_that_is_changed_is_not_said_to_be_made(t: Texts) -> None:
    words = "make hair red"
    change = a_generation(editor="x", source_picture_id=ROW_ID, prompt=words)
    first = a_generation(editor="x", source_file_id="f", model_id=None, prompt=words)
    assert generate_screens.generating(t, change).text == t("changing", prompt=words)
    assert generate_screens.generating(t, first).text == t("generating", prompt=words)


def test_presets_under_way_are_called_by_their_names() -> None:
    pack = [
        a_generation(id=ROW_ID, prompt="x", title={"en": name, "ru": f"{name} по-русски"})
        for name in ("Noir", "Western")
    ]
    assert "Noir" in generate_screens.generating(EN, pack[0]).text
    text = generate_screens.generating(RU, pack[0], pack).text
    assert "Noir по-русски, Western по-русски" in text


ASKED = [reason for reason in FailureReason if reason.is_refusal] + [FailureReason.NOT_ENGLISH]
TRIED_AGAIN = [reason for reason in FailureReason if reason not in ASKED]


@pytest.mark.parametrize("t", [EN, RU], ids=["en", "ru"])
@pytest.mark.parametrize("failure", ASKED)
def test_a_prompt_that_is_not_drawn_says_why_and_offers_another(
    t: Texts, failure: FailureReason
) -> None:
    generation = a_generation(id=ROW_ID, failure=failure, prompt="x")
    said = results_screens.failure(t, GenerationView(generation, t.language, None))
    assert t(f"failure-{failure.value}") in said.text
    assert said.keyboard is not None
    buttons = [row[0].callback_data for row in said.keyboard.inline_keyboard]
    decide = [f"res:asis:{ROW_ID}", f"res:english:{ROW_ID}"]
    assert buttons == (["menu:generate"] if failure.is_refusal else decide)


@pytest.mark.parametrize("t", [EN, RU], ids=["en", "ru"])
@pytest.mark.parametrize("failure", TRIED_AGAIN)
def test_a_failed_generation_says_why_and_offers_to_try_again(
    t: Texts, failure: FailureReason
) -> None:
    generation = a_generation(id=ROW_ID, failure=failure, prompt="x")
    said = results_screens.failure(t, GenerationView(generation, t.language, None))
    assert t(f"failure-{failure.value}") in said.text
    assert said.keyboard is not None
    again = said.keyboard.inline_keyboard[0][0].callback_data or ""
    wanted = ResultButton(action=ResultAction.AGAIN, generation_id=ROW_ID)
    assert ResultButton.unpack(again) == wanted


@pytest.mark.parametrize("t", [EN, RU], ids=["en", "ru"])
@pytest.mark.parametrize("failure", FailureReason)
def test_who_has_paid_reads_what_is_back(t: Texts, failure: FailureReason) -> None:
    generation = a_generation(id=ROW_ID, failure=failure, prompt="x")
    back = t("stars-back", stars=12)
    paid = GenerationView(generation, t.language, None, stars_back=12)
    assert results_screens.failure(t, paid).text.endswith(back)
    free = GenerationView(generation, t.language, None)
    assert "⭐" not in results_screens.failure(t, free).text
