"""What the screens read of generations, and the messages that show them."""

from db import tables
from db.database import Database
from services.domain.clock import now
from services.generation.views import GenerationViews
from tests.services.kit import keep_model, keep_result
from tests.values import set_columns


async def test_what_is_not_there_has_no_view(database: Database) -> None:
    views = GenerationViews(database)
    assert await views.generation("none") is None
    assert not await views.set_status_message("none", 1)


async def test_a_message_is_remembered_until_the_end_is_told(database: Database) -> None:
    views = GenerationViews(database)
    made = await keep_result(database, await keep_model(database, "https://lora"))
    await set_columns(database, tables.Generation, made.id, announced_at=None)
    assert await views.set_status_message(made.id, 7)
    await set_columns(database, tables.Generation, made.id, announced_at=now())
    assert not await views.set_status_message(made.id, 8)
    view = await views.generation(made.id)
    assert view is not None
    assert view.generation.status_message_id == 7
