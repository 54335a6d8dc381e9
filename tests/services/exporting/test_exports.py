"""Copies: what is in them, in how many parts, and what happens when something is in the way."""

import csv
import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from db.export_tables import ExportRow
from services.copies.service import FileCopies
from services.copies.store import Store, StoreSettings
from services.domain.clock import now
from services.domain.exports import ExportState, ItemKind, ItemProblem
from services.domain.loans import LoanTerm, LoanUse
from services.domain.support import Said
from services.domain.values import Place, SentMessage
from services.domain.vocabulary import Missing
from services.domain.webhooks import Webhook
from services.errors import (
    DeliveryFailed,
    ExportTooSoon,
    ExportUnderWay,
    NotFound,
    StaleButton,
    UserUnreachable,
)
from services.exporting.service import EVERY
from services.exporting.steps import GIVEN_UP_AFTER, TRIES
from services.lending.service import LendingService
from services.money.credits import Credits
from services.support.service import SupportService
from tests.services.copies.conftest import Files
from tests.services.exporting.conftest import (
    CDN,
    LARGER,
    PICTURE,
    WEIGHTS,
    Stage,
    keep_everything,
    keep_photos,
)
from tests.services.kit import STRANGER, USER, keep_model, keep_result


async def test_a_copy_lists_loans_and_their_uses_to_both(stage: Stage) -> None:
    lending = LendingService(stage.database)
    owner = {USER: STRANGER, STRANGER: USER}
    models = {one: await keep_model(stage.database, f"{CDN}/{one}", one) for one in owner}
    made = {}
    for lender, borrower in owner.items():
        loan = await lending.lend(lender, models[lender].id, LoanTerm.PICTURES)
        await lending.accept(borrower, loan.id, "Bob")
        mine = {"user_id": borrower, "chat_id": borrower, "is_borrowed": True}
        made[borrower] = await keep_result(
            stage.database, models[lender], prompt=f"of {borrower}", **mine
        )
        async with stage.database.transaction() as tx:
            await tx.loans.hold(
                LoanUse(generation_id=made[borrower].id, loan_id=loan.id, pictures=2)
            )
    row = await stage.start()
    await stage.carry(row)
    text = stage.post.files["data.json"].decode()
    whole = json.loads(text)
    (lent,), (borrowed,) = whole["lent"], whole["borrowed"]
    assert (lent["model_id"], lent["state"], lent["pictures"]) == (models[USER].id, "lent", 10)
    assert [use["pictures"] for use in lent["uses"]] == [2]
    assert borrowed["model"] == models[STRANGER].name
    assert borrowed["uses"] == [{"generation_id": made[USER].id, "pictures": 2}]
    # What the other one has asked for, who they are, and the link are not the user's.
    for theirs in (f"of {STRANGER}", str(STRANGER), models[STRANGER].lora_url, loan.code):
        assert theirs not in text


async def test_a_copy_is_all_that_is_the_users_and_nothing_else(stage: Stage) -> None:
    theirs = await keep_model(stage.database, f"{CDN}/theirs", STRANGER)
    await keep_result(stage.database, theirs, f"{CDN}/theirs.jpg", prompt="a secret")
    model = await keep_everything(stage)
    webhook = Webhook(user_id=USER, url="https://example.org/", secret="whsec_hidden")
    async with stage.database.transaction() as tx:
        await tx.webhooks.put(webhook)
    row = await stage.start()
    assert await stage.carry(row) == [0.0]
    ((part, _),) = stage.post.parts
    assert (part.number, part.is_last, part.missing) == (1, True, 0)
    files = stage.post.files
    weights = f"models/{model.trigger_word}.safetensors"
    pictures = sorted(name for name in files if name.startswith("pictures/"))
    assert [files[name] for name in pictures] == [LARGER, PICTURE]
    assert pictures == [pictures[1].replace(".jpg", "-larger.png"), pictures[1]]
    assert [files[f"photos/photo-00{number}.jpg"] for number in (1, 2, 3)] == [
        bytes([number]) * 10 for number in (1, 2, 3)
    ]
    assert files[weights] == WEIGHTS
    texts = {"README.txt", "data.json", "pictures.csv", "consents.csv"}
    assert len(files) == 6 + len(texts)
    assert texts < set(files)
    assert not any(b"a secret" in data or b"theirs" in data for data in files.values())
    whole = json.loads(files["data.json"])
    assert whole["webhook"]["url"] == webhook.url
    assert b"whsec_" not in files["data.json"]
    (generation,) = whole["generations"]
    (picture,) = generation["pictures"]
    assert (generation["prompt"], generation["seed"]) == ("=a king", 7)
    assert picture["rating"]["missing"] == next(iter(Missing))
    assert picture["enlarged"][0]["file"] == pictures[0]
    assert whole["models"][0]["weights"] == weights
    assert whole["consents"][0]["wording"]
    (line,) = csv.DictReader(io.StringIO(files["pictures.csv"].decode("utf-8-sig")))
    assert (line["prompt"], line["rating"], line["file"]) == ("'=a king", "bad", pictures[1])
    assert stage.post.settled == [ExportState.DONE]
    assert await stage.items(row) == []


async def test_what_the_operator_wrote_is_not_in_it(stage: Stage) -> None:
    async def admins() -> frozenset[int]:
        return frozenset({STRANGER})

    support = SupportService(stage.database, admins, lambda _: None)
    await support.write(USER, Place(USER), Said(origin="1", text="my words"))
    async with stage.database.transaction() as tx:
        thread = await tx.support.thread_of(USER)
    assert thread is not None
    await support.answer(STRANGER, thread.id, Said(origin="2", text="the operator's"))
    await stage.carry(await stage.start())
    written = json.loads(stage.post.files["data.json"])["written_to_operator"]
    assert [one["text"] for one in written] == ["my words"]


async def test_photos_that_a_first_picture_was_made_of_are_in_it_too(stage: Stage) -> None:
    model = await keep_model(stage.database, f"{CDN}/w.safetensors")
    await keep_photos(stage, model.training_id, 1)
    stage.telegram.files["selfie"] = b"a selfie"
    for file_id in ("selfie", "selfie", "file-1"):
        await keep_result(
            stage.database, model, f"{CDN}/p.jpg", editor="an/editor", source_file_id=file_id
        )
    await stage.carry(await stage.start())
    found = stage.post.files
    photos = {name: data for name, data in found.items() if name.startswith("photos/")}
    assert photos == {"photos/photo-001.jpg": b"\x01" * 10, "photos/photo-002.jpg": b"a selfie"}
    made = json.loads(found["data.json"])["generations"]
    first, second = "photos/photo-001.jpg", "photos/photo-002.jpg"
    assert [one["of_photo"] for one in made] == [second, second, first]


async def test_receipts_are_in_it_for_who_has_any(stage: Stage) -> None:
    await stage.carry(await stage.start())
    assert "receipts.csv" not in stage.post.files
    stage.post.parts.clear()
    async with stage.database.transaction() as tx:
        latest = await tx.exports.latest_of(USER)
        await Credits().grant(tx, USER, 7, "k", actor="admin:1", reason="sorry")
    assert latest is not None
    await age(stage, latest.id, EVERY)
    await stage.carry(await stage.start())
    assert stage.post.files["receipts.csv"].decode("utf-8-sig") == "en 1"
    assert stage.post.contents[-1].has_receipts


async def test_a_photo_of_several_trainings_is_one_file(stage: Stage) -> None:
    for _ in range(2):
        model = await keep_model(stage.database, f"{CDN}/w.safetensors", active=False)
        await keep_photos(stage, model.training_id, 2)
    await stage.carry(await stage.start())
    files = stage.post.files
    assert sum(name.startswith("photos/") for name in files) == 2
    photos = json.loads(files["data.json"])["photos"]
    assert [one["file"][-7:] for one in photos] == ["001.jpg", "002.jpg"] * 2


async def test_parts_are_no_longer_than_they_may_be_and_sent_once(stage: Stage) -> None:
    model = await keep_model(stage.database, f"{CDN}/w.safetensors")
    await keep_photos(stage, model.training_id, 7, size=8000)
    stage.part_bytes = 20_000
    row = await stage.start()
    assert await stage.step(row) == 0.0
    stage.post.failing = DeliveryFailed("429")
    with pytest.raises(DeliveryFailed):
        await stage.step(row)
    stage.post.failing = None
    await stage.carry(row)
    assert [part.number for part, _ in stage.post.parts] == [1, 2, 3, 4]
    assert [part.is_last for part, _ in stage.post.parts] == [False] * 3 + [True]
    assert all(len(data) <= stage.part_bytes for _, data in stage.post.parts)
    assert sum(name.startswith("photos/") for name in stage.post.files) == 7


async def test_what_cannot_be_had_is_named_and_what_may_come_is_waited_for(
    stage: Stage, files: Files
) -> None:
    await keep_everything(stage)
    del stage.telegram.files["file-1"]
    del files.bodies["/large.png"]
    files.bodies["/p.jpg"] = 503
    stage.telegram.troubled = {"file-2"}
    row = await stage.start()
    assert await stage.step(row) == 2.0
    ((part, _),) = stage.post.parts
    assert not part.is_last
    files.bodies["/p.jpg"] = PICTURE
    pauses = await stage.carry(row)
    assert pauses == [4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 0.0]
    assert len(stage.post.parts) == 3
    (contents,) = stage.post.contents
    assert [(item.path[:9], item.problem) for item in contents.missing] == [
        ("photos/ph", ItemProblem.GONE),
        ("photos/ph", ItemProblem.UNAVAILABLE),
        ("pictures/", ItemProblem.GONE),
    ]
    assert contents.missing[1].tries == TRIES
    assert contents.counts[ItemKind.PICTURE] == 1
    assert stage.post.parts[-1][0].missing == 3


async def test_of_a_picture_that_fal_has_no_more_what_telegram_shows_is_taken(
    stage: Stage, files: Files
) -> None:
    model = await keep_model(stage.database, f"{CDN}/w.safetensors")
    result = await keep_result(stage.database, model, f"{CDN}/p.jpg", f"{CDN}/q.jpg")
    del files.bodies["/p.jpg"]
    async with stage.database.transaction() as tx:
        first, second = await tx.pictures.all_of(result.id)
        await tx.pictures.note_sent(first.id, "shown", None)
        await tx.pictures.note_sent(second.id, None, "original")
    stage.telegram.files |= {"shown": b"small", "original": b"whole"}
    await stage.carry(await stage.start())
    (contents,) = stage.post.contents
    assert [item.problem for item in contents.missing] == [ItemProblem.SMALLER]
    found = stage.post.files
    assert found[f"pictures/neurophoto-{first.id}.jpg"] == b"small"
    assert found[f"pictures/neurophoto-{second.id}.jpg"] == b"whole"


async def test_weights_that_fit_into_no_part_are_an_address(stage: Stage) -> None:
    model = await keep_everything(stage)
    stage.part_bytes = 4000
    await stage.carry(await stage.start())
    (contents,) = stage.post.contents
    assert contents.links == {f"models/{model.trigger_word}.safetensors": f"{CDN}/w.safetensors"}
    assert contents.links_last_days is None
    assert contents.missing == []


async def test_with_a_store_the_address_is_a_signed_one_and_lost_files_come_from_there(
    stage: Stage, s3: StoreSettings, files: Files
) -> None:
    model = await keep_everything(stage)
    stage.copies = FileCopies(stage.database, Store(s3), stage.client.files, timedelta(hours=1))
    for copy_id in await stage.copies.unfinished():
        await stage.copies.step(copy_id)
    files.bodies.clear()
    stage.part_bytes = 4000
    await stage.carry(await stage.start())
    (contents,) = stage.post.contents
    link = contents.links[f"models/{model.trigger_word}.safetensors"]
    assert link.startswith(s3.endpoint)
    assert contents.links_last_days == 7
    pictures = [data for name, data in stage.post.files.items() if name.startswith("pictures/")]
    assert sorted(pictures) == sorted([PICTURE, LARGER])


async def test_there_is_one_at_a_time_and_one_a_day(stage: Stage) -> None:
    row = await stage.start()
    with pytest.raises(ExportUnderWay):
        await stage.start()
    await stage.carry(row)
    with pytest.raises(ExportTooSoon):
        await stage.start()
    await age(stage, row, EVERY)
    assert await stage.start() != row
    assert await stage.get(row) is None


async def test_who_stops_a_copy_before_anything_is_sent_can_have_another(stage: Stage) -> None:
    row = await stage.start()
    with pytest.raises(NotFound):
        await stage.exports.cancel(STRANGER, row)
    await stage.exports.cancel(USER, row)
    with pytest.raises(StaleButton):
        await stage.exports.cancel(USER, row)
    assert await stage.carry(row) == []
    assert stage.post.settled == [ExportState.CANCELLED]
    assert stage.post.parts == []
    await stage.start()


async def test_a_copy_that_telegram_refuses_or_that_takes_for_ever_fails(stage: Stage) -> None:
    row = await stage.start()
    stage.post.refuses = True
    await stage.carry(row)
    second = await stage.start()
    await age(stage, second, GIVEN_UP_AFTER)
    await stage.carry(second)
    assert stage.post.settled == [ExportState.FAILED, ExportState.FAILED]
    await stage.start()


async def test_a_copy_waits_for_who_has_blocked_the_bot(stage: Stage) -> None:
    row = await stage.start()
    stage.post.failing = UserUnreachable("403")
    with pytest.raises(UserUnreachable):
        await stage.step(row)
    stage.post.failing = None
    await stage.carry(row)
    assert stage.post.settled == [ExportState.DONE]


async def test_a_deletion_ends_a_copy_and_what_was_just_sent_is_taken_back(stage: Stage) -> None:
    await keep_everything(stage)
    row = await stage.start()

    async def send_part(*_: object) -> SentMessage:
        async with stage.database.transaction() as tx:
            assert await tx.exports.messages_of(USER) == [SentMessage(USER, 55)]
            await tx.users.remove(USER)
        return SentMessage(USER, 101)

    stage.post.send_part = send_part  # type: ignore[method-assign,assignment]
    assert await stage.carry(row) == [0.0]
    assert stage.post.taken_back == [SentMessage(USER, 101)]
    assert await stage.get(row) is None


async def test_nothing_is_begun_on_a_disk_that_is_nearly_full(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def usage(_: Path) -> tuple[int, int, int]:
        return Usage((1, 1, 50 * 1024**2))

    class Usage(tuple[int, int, int]):
        free = 50 * 1024**2

    monkeypatch.setattr("services.exporting.steps.shutil.disk_usage", usage)
    row = await stage.start()
    assert await stage.step(row) == 60.0
    assert stage.post.parts == []


async def age(stage: Stage, row: str, by: timedelta) -> None:
    async with stage.database.transaction() as tx:
        await tx._session.execute(
            update(ExportRow).where(ExportRow.id == row).values(created_at=now() - by)
        )
