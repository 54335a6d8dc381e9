"""The list of models, a model's card and what follows from it, in both languages."""

from datetime import datetime, timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pytest

from handlers.models import screens as model_screens
from handlers.telegram.callbacks import ModelAction, ModelButton, UseModel
from handlers.telegram.screen import Screen
from handlers.train import again_screens
from handlers.train.callbacks import AgainFromScratch, LeftDraft, LeftDraftAction
from services.domain.clock import UTC, now
from services.domain.deletion import Deletion, Receipt
from services.domain.states import TrainingState
from services.domain.values import Model, Training
from services.domain.vocabulary import Language, QualityMode, Subject
from services.fal.endpoints import TRAINERS, Trainer
from services.models.service import ModelCard
from services.rules import TrainingRules
from tests.values import a_draft
from texts.reader import Texts

EN, RU = Texts(Language.EN), Texts(Language.RU)
BOTH = pytest.mark.parametrize("t", [EN, RU], ids=["en", "ru"])
AWKWARD = "<b>Tom & Ann</b>"
ESCAPED = "&lt;b&gt;Tom &amp; Ann&lt;/b&gt;"
MESSAGE_LIMIT = 4096
CAPTION_LIMIT = 1024
ROW_ID = "abcdefghijkl"
URL = "https://v3.fal.media/files/b/lora.safetensors?a=1&b=2"


def a_training(**changes: object) -> Training:
    values: dict[str, Any] = {
        "id": ROW_ID,
        "user_id": 1001,
        "chat_id": 1001,
        "trainer": "fal-ai/flux-lora-fast-training",
        "state": TrainingState.TRAINING,
        "name": "Anna",
        "trigger_word": "ANNA_A3F2",
        "subject": Subject.WOMAN,
        "mode": QualityMode.STANDARD,
        "steps": 1000,
        "price_usd": Decimal("2.00"),
    }
    return Training(**values | changes)


def a_model(**changes: object) -> Model:
    values: dict[str, Any] = {
        "id": ROW_ID,
        "user_id": 1001,
        "generator": "fal-ai/flux-lora",
        "training_id": ROW_ID,
        "name": "Anna",
        "trigger_word": "ANNA_A3F2",
        "subject": Subject.WOMAN,
        "trainer": "fal-ai/flux-lora-fast-training",
        "lora_url": URL,
        "active": True,
        "created_at": datetime(2026, 3, 9, 23, tzinfo=UTC),
    }
    return Model(**values | changes)


def a_card(photos: int = 12, pictures: int = 34, **changes: object) -> ModelCard:
    return ModelCard(a_model(**changes), a_training(), photos, pictures)


def labels(screen: Screen) -> list[str]:
    rows = screen.keyboard.inline_keyboard if screen.keyboard else []
    return [button.text for row in rows for button in row]


def presses(screen: Screen) -> list[str | None]:
    rows = screen.keyboard.inline_keyboard if screen.keyboard else []
    return [button.callback_data for row in rows for button in row]


def to_press(action: ModelAction) -> str:
    return ModelButton(model_id=ROW_ID, action=action).pack()


def test_the_list_has_models_and_what_made_none() -> None:
    models = [
        a_model(id="a", name=AWKWARD, training_id="ta"),
        a_model(id="b", training_id="tb", active=False),
    ]
    trainings = [
        a_training(id="ta", state=TrainingState.COMPLETED),
        a_training(id="tc", name="Running", created_at=now() + timedelta(1)),
        a_training(id="td", name="Failed", state=TrainingState.FAILED),
    ]
    screen = model_screens.model_list(EN, models, trainings)
    assert screen.text.count("ANNA_A3F2") == 2
    assert ESCAPED in screen.text
    assert "⏳ <b>Running</b> · under way" in screen.text
    assert "⚠️ <b>Failed</b> · failed" in screen.text
    assert EN("models-choose") in screen.text
    assert labels(screen)[:2] == [f"✅ {AWKWARD}", "Anna"]
    assert presses(screen)[:2] == ["model:a:card", "model:b:card"]


def test_without_a_model_the_list_leads_to_a_training() -> None:
    screen = model_screens.model_list(EN, [], [])
    assert screen.text == EN("models-none")
    assert labels(screen) == [EN.plain("menu-train")]


def test_a_list_of_trainings_alone_says_nothing_of_cards() -> None:
    screen = model_screens.model_list(EN, [], [a_training()])
    assert EN("models-choose") not in screen.text
    assert labels(screen) == [EN.plain("menu-train"), EN.plain("menu-generate")]


def test_a_long_list_fits_and_keeps_the_active_one() -> None:
    models = [
        a_model(
            id=str(n), training_id=str(n), name="&" * 40, trigger_word="W" * 48, active=n == 99
        )
        for n in range(100)
    ]
    trainings = [a_training(id=f"t{n}", name="&" * 40) for n in range(20)]
    screen = model_screens.model_list(RU, models, trainings)
    assert len(unescape(screen.text)) <= MESSAGE_LIMIT
    assert len(labels(screen)) <= 100
    assert sum(label.startswith("✅") for label in labels(screen)) == 1


@BOTH
def test_a_card_says_everything_about_its_model(t: Texts) -> None:
    screen = model_screens.card(t, a_card(name=AWKWARD, cover_file_id="cover"))
    date = "2026-03-09" if t is EN else "09.03.2026"
    mode = t("mode-name-standard", steps="1000")
    for part in (ESCAPED, "<code>ANNA_A3F2</code>", "12", "34", date, mode, "FLUX.1"):
        assert part in screen.text
    assert t("subject-name-woman") in screen.text
    assert screen.photo == "cover"
    assert len(unescape(screen.text)) < CAPTION_LIMIT
    assert {to_press(action) for action in (ModelAction.RENAME, ModelAction.AGAIN)} < set(
        presses(screen)
    )


@BOTH
def test_a_card_tells_whether_its_model_is_active(t: Texts) -> None:
    use = UseModel(model_id=ROW_ID, then_prompt=False).pack()
    for active, key in ((True, "model-in-use"), (False, "model-use")):
        screen = model_screens.card(t, a_card(active=active))
        assert (labels(screen)[0], presses(screen)[0]) == (t.plain(key), use)


@BOTH
@pytest.mark.parametrize("trainer", TRAINERS.values(), ids=list(TRAINERS))
def test_every_trainer_and_its_base_have_names_for_people(t: Texts, trainer: Trainer) -> None:
    name = t(f"trainer-name-{trainer.nickname}")
    assert name in model_screens.card(t, a_card(trainer=trainer.endpoint)).text
    weights = model_screens.weights(t, a_model(trainer=trainer.endpoint)).text
    base = next(line for line in weights.splitlines() if line.startswith(("Base", "Базовая")))
    assert not base.endswith(f" {trainer.nickname}")


def test_the_trigger_word_can_be_copied_from_the_card_and_with_the_weights() -> None:
    for screen in (model_screens.card(EN, a_card()), model_screens.weights(EN, a_model())):
        assert screen.keyboard is not None
        copies = [b.copy_text for row in screen.keyboard.inline_keyboard for b in row]
        assert [copy.text for copy in copies if copy] == ["ANNA_A3F2"]


@BOTH
def test_the_weights_come_with_their_address_trigger_word_and_base(t: Texts) -> None:
    text = model_screens.weights(t, a_model()).text
    for part in (URL, "ANNA_A3F2", "FLUX.1 [dev]", "fal.ai"):
        assert part in unescape(text)


@BOTH
def test_before_a_deletion_it_is_said_what_goes_and_what_may_remain(t: Texts) -> None:
    screen = model_screens.ask_to_delete(t, a_card(name=AWKWARD), TrainingRules())
    for part in (ESCAPED, "12", "34", "fal.ai", "7", "30", "Telegram"):
        assert part in screen.text
    assert presses(screen) == [to_press(ModelAction.CARD), to_press(ModelAction.DELETE_SURE)]


@BOTH
@pytest.mark.parametrize("erases", [True, False])
def test_after_a_deletion_it_is_said_what_is_left_at_fal(t: Texts, erases: bool) -> None:  # noqa: FBT001
    deletion = Deletion(
        id="d", user_id=1, chat_id=1, language=Language.EN, requests=3, erases=erases
    )
    receipt = Receipt(under_way=1, erasing=2 if erases else 0)
    text = model_screens.deleted(t, a_model(name="Anna"), deletion, receipt)
    left = t("receipt-requests", count=3, date=deletion.requests_until)
    assert text.splitlines() == [
        t("model-deleted", name="Anna"),
        t("receipt-under-way", count=1),
        t("model-erasing", count=2) if erases else left,
    ]


@BOTH
def test_before_a_deletion_it_is_said_that_requests_go_where_they_do(t: Texts) -> None:
    rules = TrainingRules(erases_requests=True)
    text = model_screens.ask_to_delete(t, a_card(), rules).text
    assert text.endswith(t("ask-remains-erased", days=7))


@BOTH
def test_another_training_asks_for_the_same_consent(t: Texts) -> None:
    screen = again_screens.ask_consent_again(t, a_card(name=AWKWARD), TrainingRules())
    assert ESCAPED in screen.text
    assert screen.text.endswith(t("ask-consent", days=7))
    assert presses(screen)[0] == to_press(ModelAction.AGAIN_AGREE)
    assert labels(screen)[1:] == [t.plain("back"), t.plain("cancel")]


@BOTH
def test_a_draft_left_behind_is_offered_before_the_photos_of_the_model(t: Texts) -> None:
    left = a_draft(name="Left")
    screen = again_screens.ask_which_draft(t, a_model(name="W" * 40), left, 7, TrainingRules())
    assert "Left" in screen.text
    go_on = LeftDraft(action=LeftDraftAction.CONTINUE, training_id=left.id).pack()
    from_scratch = AgainFromScratch(model_id=ROW_ID, draft_id=left.id).pack()
    assert presses(screen) == [go_on, from_scratch]
    assert all(len(label) <= 64 for label in labels(screen))
