"""The panel: choices are remembered, priced, and looked up again at each press."""

from decimal import Decimal

import pytest

from db.database import Database
from services.domain.values import Place
from services.domain.vocabulary import PictureOption, PictureShape, PictureSize
from services.errors import NoModelYet, NotFound, StaleButton
from services.fal.client import FalClient
from services.generation.options import PictureOptions
from services.generation.ordering import Ordering
from services.generation.panel import PanelService, SizeOffer
from services.generation.repeating import RepeatService
from services.generation.service import GenerationService
from services.money.prices import PriceList
from services.rules import TrainingRules
from tests.services.kit import STRANGER, USER, keep_model, keep_result, meet, pressed, wide_ledger

PRICES = PriceList(FalClient("a:b"), Decimal("2.00"), Decimal("0.035"))


@pytest.fixture
async def panels(database: Database) -> PanelService:
    await meet(database, USER, STRANGER)
    return PanelService(database, TrainingRules(), PRICES)


@pytest.fixture
def generations(database: Database) -> GenerationService:
    def carry(_row_id: str) -> None:
        return

    return GenerationService(database, Ordering(PRICES, wide_ledger()), carry)


@pytest.fixture
def repeats(database: Database) -> RepeatService:
    return RepeatService(database, Ordering(PRICES, wide_ledger()), lambda _: None)


async def test_a_fresh_panel_has_the_defaults_and_their_price(
    database: Database, panels: PanelService
) -> None:
    model = await keep_model(database, "https://one")
    panel = await panels.panel(USER)
    assert (panel.model.id, panel.options) == (model.id, PictureOptions())
    assert panel.offered == set(PictureOption)
    assert (panel.price_usd, panel.seed_at_hand, panel.result) == (Decimal("0.035"), None, None)


async def test_a_panel_shows_how_the_prompt_begins(database: Database) -> None:
    await meet(database, USER)
    model = await keep_model(database, "https://one")
    for trainers, class_word in (((), ""), ((model.trainer,), f"a {model.subject}, ")):
        rules = TrainingRules(class_word_trainers=trainers)
        panel = await PanelService(database, rules, PRICES).panel(USER)
        assert panel.opening == f"{model.trigger_word}, {class_word}"


async def test_without_a_model_there_is_no_panel(panels: PanelService) -> None:
    with pytest.raises(NoModelYet):
        await panels.panel(USER)


async def test_choices_are_remembered_and_reach_the_next_generation(
    database: Database, panels: PanelService, generations: GenerationService
) -> None:
    await keep_model(database, "https://one")
    for option, value in (
        (PictureOption.SHAPE, "9:16"),
        (PictureOption.COUNT, "3"),
        (PictureOption.SCALE, "0.7"),
        (PictureOption.SEED, "7"),
    ):
        panel = await panels.choose(USER, option, value)
        assert (await panels.choose(USER, option, value)).options == panel.options
    assert panel.options == PictureOptions(PictureShape.TALL, 3, 0.7, 7)
    assert panel.price_usd == Decimal("0.105")
    made = await generations.generate(USER, Place(USER), "a king -n 1", "message:1:1")
    assert (made.shape, made.picture_count, made.lora_scale, made.seed) == ("9:16", 1, 0.7, 7)
    # What one line names is for that line alone.
    assert (await panels.panel(USER)).options.count == 3
    fresh = await panels.choose(USER, PictureOption.SEED, "")
    assert fresh.options.seed is None


async def test_hd_has_its_pixels_and_its_price_and_reaches_what_is_made_of_it(
    database: Database,
    panels: PanelService,
    generations: GenerationService,
    repeats: RepeatService,
) -> None:
    await keep_model(database, "https://one")
    await panels.choose(USER, PictureOption.COUNT, "2")
    panel = await panels.choose(USER, PictureOption.SIZE, "hd")
    # 1152 x 1536 is 1.69 megapixels, and fal counts whole ones.
    assert panel.price_usd == Decimal("0.140")
    assert panel.sizes == {
        PictureSize.STANDARD: SizeOffer(768, 1024, Decimal("0.070")),
        PictureSize.HD: SizeOffer(1152, 1536, Decimal("0.140")),
    }
    made = await generations.generate(USER, Place(USER), "a king", "message:1:1")
    assert (made.size, made.price_usd) == (PictureSize.HD, Decimal("0.140"))
    await panels.choose(USER, PictureOption.SIZE, "standard")
    (again,) = await repeats.again(USER, Place(USER), made.id, pressed())
    varied = await repeats.vary(USER, Place(USER), made.id, "a queen", "message:1:2")
    assert (again.size, varied.size) == (PictureSize.HD, PictureSize.HD)
    (other,) = await repeats.make_again(USER, Place(USER), made.id, pressed())
    assert (other.size, other.price_usd) == (PictureSize.STANDARD, Decimal("0.070"))


async def test_the_seed_at_hand_is_that_of_the_last_generation_or_of_the_result(
    database: Database, panels: PanelService, generations: GenerationService
) -> None:
    await keep_model(database, "https://one")
    first = await generations.generate(USER, Place(USER), "a king --seed 11", "message:1:1")
    last = await generations.generate(USER, Place(USER), "a king", "message:1:2")
    assert (await panels.panel(USER)).seed_at_hand == last.seed
    under_result = await panels.panel(USER, first.id)
    assert (under_result.seed_at_hand, under_result.options.seed) == (11, None)
    assert under_result.result is not None
    kept = await panels.choose(USER, PictureOption.SEED, "11", first.id)
    assert kept.options.seed == 11
    assert (await panels.panel(USER)).seed_at_hand == 11


@pytest.mark.parametrize(
    ("editor", "at_hand"), [("fal-ai/flux-2/lora/edit", 7), ("google/nano-banana-2.1/edit", None)]
)
async def test_the_seed_of_an_edit_without_a_lora_is_not_at_hand(
    database: Database, panels: PanelService, editor: str, at_hand: int | None
) -> None:
    edit = await keep_result(
        database, await keep_model(database, "https://one"), "https://x", editor=editor
    )
    assert (await panels.panel(USER)).seed_at_hand == at_hand
    assert (await panels.panel(USER, edit.id)).seed_at_hand == at_hand


async def test_a_panel_under_a_result_is_that_of_its_model(
    database: Database, panels: PanelService, generations: GenerationService
) -> None:
    model = await keep_model(database, "https://one")
    made = await generations.generate(USER, Place(USER), "a king", "message:1:1")
    await keep_model(database, "https://two")
    assert (await panels.panel(USER, made.id)).model.id == model.id


async def test_the_result_of_another_user_is_not_found(
    database: Database,
    panels: PanelService,
    generations: GenerationService,
    repeats: RepeatService,
) -> None:
    await keep_model(database, "https://one")
    made = await generations.generate(USER, Place(USER), "a king", "message:1:1")
    with pytest.raises(NotFound):
        await panels.panel(STRANGER, made.id)
    with pytest.raises(NotFound):
        await panels.choose(STRANGER, PictureOption.COUNT, "2", made.id)
    with pytest.raises(NotFound):
        await repeats.make_again(STRANGER, Place(STRANGER), made.id, pressed())


@pytest.mark.parametrize(
    ("option", "value"),
    [
        (PictureOption.SHAPE, "2:3"),
        (PictureOption.SIZE, "4k"),
        (PictureOption.COUNT, "5"),
        (PictureOption.SCALE, "1.45"),
        (PictureOption.SEED, "x"),
    ],
)
async def test_what_no_button_offers_changes_nothing(
    database: Database, panels: PanelService, option: PictureOption, value: str
) -> None:
    await keep_model(database, "https://one")
    with pytest.raises(StaleButton):
        await panels.choose(USER, option, value)
    assert (await panels.panel(USER)).options == PictureOptions()


async def test_a_result_is_made_again_with_the_choices_once_a_press(
    database: Database,
    panels: PanelService,
    generations: GenerationService,
    repeats: RepeatService,
) -> None:
    await keep_model(database, "https://one")
    first = await generations.generate(USER, Place(USER), "a king", "message:1:1")
    await panels.choose(USER, PictureOption.COUNT, "2", first.id)
    made = [await repeats.make_again(USER, Place(USER), first.id, pressed()) for _ in range(3)]
    ((second,), *_) = made
    assert {one.id for press in made for one in press} == {second.id} != {first.id}
    assert (second.prompt, second.picture_count) == ("a king", 2)
    assert second.price_usd == Decimal("0.070")
    # Other choices are another wish, though the first pictures are still being made.
    await panels.choose(USER, PictureOption.SHAPE, "1:1", first.id)
    (other,) = await repeats.make_again(USER, Place(USER), first.id, pressed())
    assert other.id not in {first.id, second.id}


async def test_a_model_with_a_strength_of_its_own_keeps_it_for_itself(
    database: Database, panels: PanelService, generations: GenerationService
) -> None:
    other = await keep_model(database, "https://other")
    measured = await keep_model(database, "https://measured")
    async with database.transaction() as tx:
        await tx.models.note_likeness(measured.id, 87, 1.2)
    assert (await panels.panel(USER)).options.lora_scale == 1.2
    made = await generations.generate(USER, Place(USER), "a king", "message:1:1")
    assert made.lora_scale == 1.2
    await panels.choose(USER, PictureOption.COUNT, "2")
    assert (await panels.panel(USER)).options.lora_scale == 1.2
    changed = await panels.choose(USER, PictureOption.SCALE, "0.9")
    assert changed.options.lora_scale == changed.model.lora_scale == 0.9
    under_result = await panels.panel(USER, made.id)
    assert under_result.options.lora_scale == 0.9
    async with database.transaction() as tx:
        await tx.models.activate(other)
    assert (await panels.panel(USER)).options.lora_scale == 1.0
