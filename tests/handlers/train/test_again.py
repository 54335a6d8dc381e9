"""Another training with the photos of a model."""

from handlers.train.states import TrainForm
from services.domain.values import Model
from tests.handlers.chat import Chat
from tests.services.kit import photo_values


async def with_model(chat: Chat, photos: int = 6) -> Model:
    model = await chat.has_model()
    async with chat.product.database.transaction() as tx:
        for number in range(1, photos + 1):
            await tx.photos.record(photo_values(model.training_id, number))
    await chat.say("/start")
    return model


async def test_the_consent_is_asked_for_and_names_the_model(chat: Chat) -> None:
    model = await with_model(chat)
    await chat.forge(f"model:{model.id}:again")
    assert chat.last.text.startswith(chat.words("model-again", name="Anna", count=6))
    assert await chat.state() == TrainForm.consent.state
    assert await chat.draft() is None


async def test_the_consent_leads_to_the_photos_of_the_model(chat: Chat) -> None:
    model = await with_model(chat)
    await chat.forge(f"model:{model.id}:again")
    await chat.press("model:", ":agree")
    draft = await chat.draft()
    assert draft is not None
    assert (draft.name, draft.subject) == (model.name, model.subject)
    assert await chat.state() == TrainForm.photos.state


async def test_agree_pressed_outside_of_the_question_is_an_old_button(chat: Chat) -> None:
    model = await with_model(chat)
    assert await chat.forge(f"model:{model.id}:agree") == chat.words("error-stale-button")
    assert await chat.draft() is None


async def test_a_draft_with_photos_is_offered_first(chat: Chat) -> None:
    model = await with_model(chat)
    draft = await chat.has_draft()
    await chat.forge(f"model:{model.id}:again")
    assert chat.last.data == [
        f"draft-left:continue:{draft.id}",
        f"model-anew:{model.id}:{draft.id}",
    ]
    assert await chat.state() is None


async def test_a_new_beginning_drops_the_draft_and_asks_for_the_consent(chat: Chat) -> None:
    model = await with_model(chat)
    await chat.has_draft()
    await chat.forge(f"model:{model.id}:again")
    await chat.press("model-anew:")
    assert await chat.draft() is None
    assert await chat.state() == TrainForm.consent.state
    assert chat.last.has(f"model:{model.id}:agree")


async def test_somebody_elses_model_is_not_trained_again(chat: Chat, stranger: Chat) -> None:
    model = await with_model(chat)
    draft = await stranger.has_draft()
    for data in (f"model:{model.id}:again", f"model-anew:{model.id}:{draft.id}"):
        assert await stranger.forge(data) == stranger.words("error-not-found")
    assert await stranger.draft() is not None
