"""Pictures arrive once, by address or by upload, with what can be done with them."""

import io
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import aiohttp
import pytest
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from PIL import Image

from db import tables
from db.database import Database
from handlers.generate.delivery import Delivery
from handlers.generate.picture_sender import GONE_TRIES, MAX_TRIES
from handlers.telegram.outgoing import Outgoing
from handlers.telegram.session import BotSession
from sandbox.fal.files import Lifecycle
from sandbox.server import RunningSandbox, SandboxConfig, running_sandbox
from services.domain.states import GenerationState
from services.domain.values import Model, Picture
from services.domain.vocabulary import DeliveryProblem, FailureReason, Language, Purpose
from services.errors import DeliveryFailed, FalUnavailable, UserUnreachable
from services.fal.client import FalClient
from services.generation.ordering import Ordering
from services.generation.repeating import RepeatService
from services.generation.views import GenerationViews
from services.health import Health
from services.jobs.nursery import Nursery
from services.money.limits import Ledger, SpendingLimits
from services.money.prices import PriceList
from services.pictures.service import PictureService
from services.users.reach import Reach
from tests.hang_up import hang_up
from tests.sandbox.telegram.clients import USER, Json, Person
from tests.services.kit import keep_model, keep_result
from tests.values import set_columns
from texts.reader import Texts

EN = Texts(Language.EN)
CAPTION_UNITS = 1024
BUTTONS = (
    "again",
    "vary",
    "full-size",
    "picture-like",
    "more",
)


def drawn(number: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (320, 240), (number * 40 % 256, 90, 60)).save(buffer, "PNG")
    return buffer.getvalue()


class PostOffice:
    """The delivery between a real fal client and a strict local Telegram."""

    def __init__(
        self,
        sandbox: RunningSandbox,
        database: Database,
        bot: Bot,
        fal: FalClient,
        person: Person,
        model: Model,
    ) -> None:
        self.sandbox, self.database, self.person, self.model = sandbox, database, person, model
        self.views = GenerationViews(database)
        pictures = PictureService(database, fal)
        outgoing = Outgoing(bot, Reach(database), Nursery(), Health("Telegram"))
        self.delivery = Delivery(outgoing, self.views, pictures)

    def hang_up(self, number: int) -> str:
        """Put a picture on fal's CDN, and return its address there."""
        stored = self.sandbox.state.fal.files.add(
            f"{number}.png", "image/png", drawn(number), Lifecycle()
        )
        return f"https://v3.fal.media/{stored.path}"

    async def made(self, count: int = 1, **changes: Any) -> str:  # noqa: ANN401  # of a row
        urls = [self.hang_up(number) for number in range(1, count + 1)]
        generation = await keep_result(self.database, self.model, *urls, **changes)
        return generation.id

    async def pictures(self, generation_id: str) -> list[Picture]:
        async with self.database.transaction() as tx:
            return list(await tx.pictures.all_of(generation_id))

    async def hold_back(self, generation_id: str, position: int) -> None:
        picture = (await self.pictures(generation_id))[position - 1]
        await set_columns(self.database, tables.Picture, picture.id, is_flagged=True)

    async def deliver(self, generation_id: str) -> None:
        view = await self.views.generation(generation_id)
        assert view is not None
        await self.delivery.send_result(view)

    async def replace(self, generation_id: str, position: int, data: bytes) -> None:
        """Have fal keep other bytes behind the address of a picture."""
        picture = (await self.pictures(generation_id))[position - 1]
        stored = self.sandbox.state.fal.files.add("odd.png", "image/png", data, Lifecycle())
        address = f"https://v3.fal.media/{stored.path}"
        await set_columns(self.database, tables.Picture, picture.id, url=address)

    async def problems(self, generation_id: str) -> list[DeliveryProblem | None]:
        return [picture.delivery_problem for picture in await self.pictures(generation_id)]

    async def messages(self) -> list[Json]:
        return [message for message in await self.person.messages() if message["from"]["is_bot"]]

    async def calls(self, method: str) -> list[Json]:
        calls = await self.person.calls(service="telegram")
        return [call for call in calls if call["path"].endswith(f"/{method}")]

    async def lose(self, url: str) -> None:
        self.sandbox.state.fal.files.delete(url.removeprefix("https://v3.fal.media/"))


@pytest.fixture
async def sandbox() -> AsyncIterator[RunningSandbox]:
    async with running_sandbox(SandboxConfig(port=0, clock_s=0, sketches=True)) as running:
        yield running


@pytest.fixture
async def office(sandbox: RunningSandbox, database: Database) -> AsyncIterator[PostOffice]:
    session = BotSession(api=TelegramAPIServer.from_base(sandbox.telegram_url))
    html = DefaultBotProperties(parse_mode=ParseMode.HTML)
    bot = Bot(sandbox.config.telegram.token, session=session, default=html)
    model = await keep_model(database, "https://lora")
    async with (
        aiohttp.ClientSession() as http,
        FalClient(sandbox.config.fal_key, sandbox.fal_url) as fal,
    ):
        person = Person(http, sandbox.url)
        await person.write("/start")
        yield PostOffice(sandbox, database, bot, fal, person, model)
    await hang_up(bot.session)


def labels(message: Json) -> list[str]:
    rows = message["reply_markup"]["inline_keyboard"]
    return [button["text"] for row in rows for button in row]


async def test_one_picture_is_a_photo_with_its_prompt_seed_and_buttons(
    office: PostOffice,
) -> None:
    generation_id = await office.made(prompt="<b>Tom</b> & Ann", seed=1_234_567_890)
    await office.deliver(generation_id)
    (message,) = await office.messages()
    assert message["caption"] == "<b>Tom</b> & Ann\n\n🌱 Seed 1234567890"
    assert labels(message) == [EN.plain(key) for key in BUTTONS]
    (picture,) = await office.pictures(generation_id)
    assert picture.photo_file_id is not None
    assert picture.document_file_id is None


async def test_several_pictures_are_one_album_with_one_message_of_buttons(
    office: PostOffice,
) -> None:
    generation_id = await office.made(3)
    await office.deliver(generation_id)
    *album, buttons = await office.messages()
    assert len({message["media_group_id"] for message in album}) == 1
    assert ["caption" in message for message in album] == [True, False, False]
    assert buttons["text"] == EN("pictures-ready")
    assert len(labels(buttons)) == len(BUTTONS)
    ids = [picture.photo_file_id for picture in await office.pictures(generation_id)]
    assert None not in ids
    assert len(set(ids)) == 3


async def test_what_was_held_back_is_told_in_the_same_message(office: PostOffice) -> None:
    of_three, of_two = await office.made(3), await office.made(2)
    for generation_id in (of_three, of_two):
        await office.hold_back(generation_id, 2)
        await office.deliver(generation_id)
    *album, buttons, single = await office.messages()
    assert len(album) == 2
    assert EN("pictures-held-back", count=1) in buttons["text"]
    assert EN("pictures-held-back", count=1) in single["caption"]
    held_back = (await office.pictures(of_three))[1]
    assert held_back.photo_file_id is None


@pytest.mark.parametrize("count", [1, 2])
async def test_a_telegram_that_can_fetch_the_address_fetches_it(
    office: PostOffice, count: int
) -> None:
    generation_id = await office.made(count)
    for number, picture in enumerate(await office.pictures(generation_id), start=1):
        office.sandbox.state.telegram.web[picture.url] = drawn(number)
    await office.deliver(generation_id)
    (call,) = await office.calls("sendPhoto" if count == 1 else "sendMediaGroup")
    assert "https://v3.fal.media/" in str(call["request"])
    assert "bytes" not in str(call["request"])
    assert None not in [picture.photo_file_id for picture in await office.pictures(generation_id)]


@pytest.mark.parametrize("count", [1, 2])
async def test_a_telegram_that_cannot_fetch_the_address_gets_the_bytes(
    office: PostOffice, count: int
) -> None:
    generation_id = await office.made(count)
    await office.deliver(generation_id)
    by_address, upload = await office.calls("sendPhoto" if count == 1 else "sendMediaGroup")
    assert "https://v3.fal.media/" in str(by_address["request"])
    assert "https://v3.fal.media/" not in str(upload["request"])
    photos = [message for message in await office.messages() if "photo" in message]
    assert len(photos) == count


@pytest.mark.parametrize("kind", ["status", "html"])
async def test_a_telegram_that_breaks_on_an_address_gets_the_bytes(
    office: PostOffice, kind: str
) -> None:
    await office.person.fault(service="telegram", match="/sendPhoto", kind=kind, status=500)
    await office.deliver(await office.made())
    assert len(await office.messages()) == 1


async def test_a_host_that_telegram_cannot_fetch_from_is_not_tried_again(
    office: PostOffice,
) -> None:
    for _ in range(2):
        await office.deliver(await office.made(2))
        await office.deliver(await office.made())
    albums, photos = await office.calls("sendMediaGroup"), await office.calls("sendPhoto")
    by_address = ["https://v3.fal.media/" in str(call["request"]) for call in [*albums, *photos]]
    assert by_address == [True, False, False, True, False, False]


async def test_a_broken_file_is_not_blamed_on_its_host(office: PostOffice) -> None:
    generation_id = await office.made()
    await office.replace(generation_id, 1, b"")
    await office.deliver(generation_id)
    await office.deliver(await office.made())
    by_address = [
        "https://v3.fal.media/" in str(call["request"]) for call in await office.calls("sendPhoto")
    ]
    assert by_address == [True, True, False]


async def test_an_album_by_address_under_a_429_is_uploaded_once_it_is_over(
    office: PostOffice,
) -> None:
    await office.person.fault(
        service="telegram", match="/sendMediaGroup", kind="flood", seconds=1, times=1
    )
    generation_id = await office.made(2)
    for number, picture in enumerate(await office.pictures(generation_id), start=1):
        office.sandbox.state.telegram.web[picture.url] = drawn(number)
    await office.deliver(generation_id)
    refused, taken = await office.calls("sendMediaGroup")
    assert "https://v3.fal.media/" in str(refused["request"])
    assert "https://v3.fal.media/" not in str(taken["request"])
    assert len(await office.messages()) == 3


async def test_an_album_whose_long_429_is_over_is_uploaded_and_not_asked_by_address_again(
    office: PostOffice,
) -> None:
    await office.person.fault(
        service="telegram", match="/sendMediaGroup", kind="flood", seconds=50, times=2
    )
    generation_id = await office.made(2)
    with pytest.raises(DeliveryFailed) as failed:
        await office.deliver(generation_id)
    assert failed.value.retry_after_s == 50
    await office.deliver(generation_id)
    by_address = [
        "https://v3.fal.media/" in str(call["request"])
        for call in await office.calls("sendMediaGroup")
    ]
    assert by_address == [True, False, False]
    assert len(await office.messages()) == 3


@pytest.mark.parametrize(
    "data", [b"", b"<!doctype html><p>Gone", None], ids=["none", "web", "lost"]
)
async def test_of_an_album_with_one_bad_file_the_rest_is_sent_and_the_bad_one_named(
    office: PostOffice, data: bytes | None
) -> None:
    generation_id = await office.made(3)
    if data is None:
        await office.lose((await office.pictures(generation_id))[1].url)
        for _ in range(GONE_TRIES - 1):
            with pytest.raises(FalUnavailable):
                await office.deliver(generation_id)
    else:
        await office.replace(generation_id, 2, data)
    await office.deliver(generation_id)
    *album, last = await office.messages()
    assert len(album) == 2
    assert EN("pictures-missing", count=1) in last["text"]
    assert labels(last)[0] == EN.plain("send-again")
    assert (await office.problems(generation_id))[1] is not None


async def test_a_file_that_telegram_takes_for_no_photo_goes_as_a_document(
    office: PostOffice,
) -> None:
    generation_id = await office.made(2)
    cut = drawn(2)[: len(drawn(2)) // 2]
    await office.replace(generation_id, 2, cut)
    await office.deliver(generation_id)
    photo, document, _ = await office.messages()
    assert "photo" in photo
    assert "document" in document
    assert (await office.problems(generation_id)) == [None, None]


async def test_a_picture_over_ten_megabytes_goes_as_a_document(office: PostOffice) -> None:
    generation_id = await office.made()
    await office.replace(generation_id, 1, drawn(1) + bytes(10 * 1024 * 1024))
    await office.deliver(generation_id)
    (message,) = await office.messages()
    assert message["document"]["file_size"] > 10 * 1024 * 1024
    assert message["caption"] == "portrait photo\n\n🌱 Seed 7"
    assert len(labels(message)) == len(BUTTONS)


@pytest.mark.parametrize("url", ["data:,x", "file:///etc/passwd", "https://", "no address", ""])
async def test_an_address_that_leads_nowhere_ends_in_words_and_a_button(
    office: PostOffice, url: str
) -> None:
    generation_id = (await keep_result(office.database, office.model, url)).id
    await office.deliver(generation_id)
    (message,) = await office.messages()
    assert message["text"] == EN("pictures-missing", count=1)
    assert labels(message) == [EN.plain(key) for key in ("send-again", "again", "new-prompt")]


async def test_more_pictures_than_an_album_takes_come_in_several(office: PostOffice) -> None:
    generation_id = await office.made(11)
    await office.deliver(generation_id)
    *pictures, buttons = await office.messages()
    assert len(pictures) == 11
    assert ["caption" in message for message in pictures] == [True] + [False] * 10
    assert buttons["text"] == EN("pictures-ready")


async def test_a_picture_that_cannot_be_fetched_now_keeps_nobody_waiting_for_ever(
    office: PostOffice,
) -> None:
    generation_id = await office.made(2)
    bad = (await office.pictures(generation_id))[1]
    match = f"GET /fal/cdn/{bad.url.removeprefix('https://v3.fal.media/')}"
    await office.person.fault(
        service="fal", match=match, kind="status", status=503, times=MAX_TRIES
    )
    for _ in range(MAX_TRIES - 1):
        with pytest.raises(FalUnavailable):
            await office.deliver(generation_id)
    assert len(await office.messages()) == 1
    await office.deliver(generation_id)
    _, last = await office.messages()
    assert EN("pictures-missing", count=1) in last["text"]
    assert await office.problems(generation_id) == [None, DeliveryProblem.UNREACHABLE]


@pytest.mark.parametrize("status", [403, 404])
@pytest.mark.parametrize("purpose", list(Purpose))
async def test_a_picture_that_fals_host_does_not_have_yet_is_tried_again(
    office: PostOffice, purpose: Purpose, status: int
) -> None:
    generation_id = await office.made(purpose=purpose)
    (picture,) = await office.pictures(generation_id)
    match = f"GET /fal/cdn/{picture.url.removeprefix('https://v3.fal.media/')}"
    await office.person.fault(
        service="fal", match=match, kind="status", status=status, times=GONE_TRIES - 1
    )
    for _ in range(GONE_TRIES - 1):
        with pytest.raises(FalUnavailable):
            await office.deliver(generation_id)
    assert await office.messages() == []
    await office.deliver(generation_id)
    (message,) = await office.messages()
    assert "photo" in message
    assert labels(message) == [EN.plain(key) for key in BUTTONS]


async def test_a_first_picture_that_cannot_be_sent_can_be_tried_again(office: PostOffice) -> None:
    generation_id = await office.made(purpose=Purpose.PREVIEW)
    await office.replace(generation_id, 1, b"")
    await office.deliver(generation_id)
    (message,) = await office.messages()
    assert message["text"] == EN("pictures-missing", count=1)
    assert labels(message) == [EN.plain(key) for key in ("send-again", "again", "new-prompt")]


async def test_trying_again_sends_only_what_was_missing_and_costs_nothing(
    office: PostOffice,
) -> None:
    generation_id = await office.made(2)
    missing = (await office.pictures(generation_id))[1]
    await office.replace(generation_id, 2, b"")
    await office.deliver(generation_id)
    await set_columns(office.database, tables.Picture, missing.id, url=missing.url)
    carried: list[str] = []
    prices = PriceList(FalClient("a:b"), Decimal(2), Decimal("0.035"))
    ordering = Ordering(prices, Ledger(SpendingLimits()))
    repeats = RepeatService(office.database, ordering, carried.append)
    assert await repeats.deliver_again(USER, generation_id)
    assert not await repeats.deliver_again(USER, generation_id)
    assert carried == [generation_id]
    await office.deliver(generation_id)
    _, _, late, buttons = await office.messages()
    assert "photo" in late
    assert buttons["text"] == EN("pictures-ready")
    async with office.database.transaction() as tx:
        assert await tx.charges.get(generation_id) is None


async def test_an_album_that_arrived_is_not_sent_again_when_its_buttons_did_not(
    office: PostOffice,
) -> None:
    generation_id = await office.made(2)
    await office.person.fault(service="telegram", match="/sendMessage", kind="status", status=500)
    with pytest.raises(DeliveryFailed):
        await office.deliver(generation_id)
    assert len(await office.messages()) == 2
    albums = len(await office.calls("sendMediaGroup"))
    await office.deliver(generation_id)
    assert len(await office.calls("sendMediaGroup")) == albums
    assert len(await office.messages()) == 3


async def test_a_picture_that_arrived_is_not_sent_again(office: PostOffice) -> None:
    generation_id = await office.made()
    await office.deliver(generation_id)
    await office.deliver(generation_id)
    assert len(await office.messages()) == 1


async def test_a_user_who_blocked_the_bot_is_waited_for(office: PostOffice) -> None:
    await office.person.ask("PATCH", f"users/{USER}", json={"blocked": True})
    with pytest.raises(UserUnreachable):
        await office.deliver(await office.made())


@pytest.mark.parametrize("letter", ["z", "&", "ж", "🦊"])
async def test_the_longest_prompt_fits_into_the_caption(office: PostOffice, letter: str) -> None:
    generation_id = await office.made(2, prompt=letter * 900, seed=2**31 - 1)
    await office.hold_back(generation_id, 1)
    await office.deliver(generation_id)
    (message,) = await office.messages()
    caption = message["caption"]
    assert len(caption.encode("utf-16-le")) <= 2 * CAPTION_UNITS
    assert caption.startswith(letter * 440)
    assert "2147483647" in caption


async def test_a_first_picture_says_so_and_one_that_failed_says_nothing(
    office: PostOffice,
) -> None:
    await office.deliver(await office.made(purpose=Purpose.PREVIEW))
    failed = {"state": GenerationState.FAILED, "failure": FailureReason.SUBMIT_UNKNOWN}
    await office.deliver(await office.made(0, purpose=Purpose.PREVIEW, **failed))
    (message,) = await office.messages()
    assert message["caption"] == EN("preview-caption", count=1)
    assert len(labels(message)) == len(BUTTONS)
    await office.deliver(await office.made(0, **failed))
    _, failure = await office.messages()
    assert EN("failure-submit_unknown") in failure["text"]
