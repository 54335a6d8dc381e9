"""The report of /admin is counted behind the message that asks for it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from sandbox.fal.emulator import DEFAULT_ADMIN_KEY
from tests.conftest import sqlite_template
from tests.handlers.chat import ADMIN, Product, running_product


@pytest_asyncio.fixture(loop_scope="session")
async def product(tmp_path: Path) -> AsyncIterator[Product]:
    """The product with a key that shows fal's balance."""
    path = tmp_path / "bot.db"
    path.write_bytes(sqlite_template())
    url = f"sqlite+aiosqlite:///{path}"
    async with running_product(url, fal_admin_key=DEFAULT_ADMIN_KEY) as running:
        yield running


async def test_an_admin_is_answered_while_fal_is_asked_and_gets_one_report(
    product: Product,
) -> None:
    admin = product.newcomer(user_id=ADMIN)
    product.sandbox.state.wire.faults.add(
        {"service": "fal", "match": "/account/billing", "kind": "slow", "seconds": 1, "times": 0}
    )
    for line in ("/admin", "/admin", "/language"):
        await admin.say(line)
    assert [said.has("lang:") for said in admin.messages] == [True]
    balance = admin.words("admin-balance", balance="|").partition("|")[0]
    await admin.until_said(balance)
    await admin.say("/language")
    assert [balance in said.text for said in admin.messages] == [False, True, False]


async def test_a_balance_that_cannot_be_read_is_left_out(product: Product) -> None:
    admin = product.newcomer(user_id=ADMIN)
    product.sandbox.state.wire.faults.add(
        {"service": "fal", "match": "/account/billing", "kind": "status", "times": 0}
    )
    await admin.say("/admin")
    said = await admin.until_said("$100000.00")
    assert admin.words("admin-balance", balance="|").partition("|")[0] not in said.text


async def test_what_users_think_of_pictures_is_told_by_trainer_and_preset(
    product: Product,
) -> None:
    admin, person = product.newcomer(user_id=ADMIN), product.newcomer()
    result = await person.has_result(await person.has_model())
    async with product.database.transaction() as tx:
        (picture,) = await tx.pictures.all_of(result.id)
    await person.say("/start")
    await person.forge(f"pic:bad:{picture.id}")
    await person.forge(f"lack:hands:{picture.id}")
    await admin.say("/admin")
    said = await admin.until_said(admin.words("admin-ratings"))
    missing = f"{admin.words('missing-hands')} 1"
    of = f"fal-ai/flux-lora-fast-training, {admin.words('rated-mode-economy')}"
    assert admin.words("admin-rating", of=of, good=0, bad=1, missing=missing) in said.text


async def test_the_likeness_of_models_is_told_by_trainer_and_mode(product: Product) -> None:
    admin, person = product.newcomer(user_id=ADMIN), product.newcomer()
    for percent in (87, 30):
        model = await person.has_model()
        async with product.database.transaction() as tx:
            await tx.models.note_likeness(model.id, percent, None)
    await person.has_model()
    await admin.say("/admin")
    said = await admin.until_said(admin.words("admin-likeness"))
    of = f"fal-ai/flux-lora-fast-training, {admin.words('rated-mode-economy')}"
    line = admin.words("admin-likeness-line", of=of, percent="58", models=2, strangers=1)
    assert line in said.text
