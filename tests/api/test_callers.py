"""Who is let in, and as whom."""

import asyncio
import time
from urllib.parse import parse_qsl, urlencode

import aiohttp
import pytest

from api.init_data import MAX_BYTES, NotFromTelegram, Opener, read_init_data, secret_of
from services.domain.api_keys import KeyScope
from services.domain.vocabulary import Language
from services.errors import NotAllowed
from tests.api.conftest import Newcomer
from tests.api.kit import Caller, init_data, signed
from tests.handlers.chat import ADMIN, Product

TOKEN = "123456:AAH"
SECRET = secret_of(TOKEN)
NOW = 1_800_000_000


def fields(**changes: str) -> dict[str, str]:
    return {"auth_date": str(NOW), "user": '{"id": 7, "language_code": "ru"}'} | changes


def test_who_opened_the_page_is_believed_when_telegram_says_so() -> None:
    data = signed(fields(start_param="[1]", blank=""), TOKEN)
    assert read_init_data(data, SECRET, NOW) == Opener(7, "ru", NOW)
    # Again within the hour it is as good.
    assert read_init_data(data, SECRET, NOW + 3599) == Opener(7, "ru", NOW)


@pytest.mark.parametrize(
    "data",
    [
        "",
        "hash=",
        "no equals sign",
        signed(fields(), "123456:another"),
        signed(fields(), TOKEN).replace("7", "8"),
        signed(fields(), TOKEN) + "&user=%7B%22id%22%3A8%7D",
        "user=%7B%22id%22%3A8%7D&" + signed(fields(), TOKEN),
        signed(fields(), TOKEN) + "&hash=00",
        signed(fields(), TOKEN).replace("hash=", "hash=%D0%BA"),
        signed(fields(), TOKEN) + "&more=1",
        signed(fields(auth_date=str(NOW - 3601)), TOKEN),
        signed(fields(auth_date=str(NOW + 61)), TOKEN),
        signed(fields(auth_date="soon"), TOKEN),
        signed(fields(user="7"), TOKEN),
        signed(fields(user="null"), TOKEN),
        signed(fields(user='{"id": null}'), TOKEN),
        signed(fields(user="[" * 1000), TOKEN),
        signed({"auth_date": str(NOW)}, TOKEN),
        signed(fields(long="x" * MAX_BYTES), TOKEN),
        signed(fields(**{f"f{number}": "1" for number in range(40)}), TOKEN),
    ],
)
def test_what_is_forged_old_doubled_or_odd_is_not_believed(data: str) -> None:
    with pytest.raises(NotFromTelegram):
        read_init_data(data, SECRET, NOW)


async def test_a_person_is_known_by_the_mini_app_and_by_a_key(caller: Caller) -> None:
    by_page = await caller.get("/me")
    assert (by_page.status, by_page.body["id"], by_page.body["key"]) == (200, caller.id, None)
    await caller.uses_key(KeyScope.GENERATE)
    by_key = await caller.get("/me")
    assert by_key.body["id"] == caller.id
    assert by_key.body["key"]["scope"] == "generate"


async def test_the_path_of_the_public_address_may_be_passed_on(caller: Caller) -> None:
    async with caller.http.get(
        "/np/api/me", headers={"Authorization": caller.authorization}
    ) as answer:
        assert answer.status == 200


@pytest.mark.parametrize(
    "given",
    [
        "",
        "tma",
        "tma x",
        "Bearer",
        "Bearer np_" + "A" * 43,
        "Bearer np_" + "A" * 100_0,
        "Basic YTpi",
        "telegram_id 5",
    ],
)
async def test_nobody_is_let_in_otherwise(caller: Caller, given: str) -> None:
    caller.authorization = given
    answer = await caller.get("/me")
    assert (answer.status, answer.code) == (401, "no-access")
    assert "WWW-Authenticate" in answer.headers


async def test_an_id_in_the_body_or_the_address_is_nobody(caller: Caller) -> None:
    mine, caller.authorization = caller.id, ""
    for request in ({"params": {"telegram_id": mine}}, {"json": {"telegram_id": mine}}):
        answer = await caller.get("/me", **request)
        assert answer.status == 401


async def test_an_old_page_is_refused_and_a_forged_one_too(
    caller: Caller, stranger: Caller
) -> None:
    await caller.opens(age_s=3700)
    assert (await caller.get("/me")).status == 401
    await caller.opens()
    data = dict(parse_qsl(caller.authorization.removeprefix("tma ")))
    data["user"] = data["user"].replace(str(caller.id), str(stranger.id))
    caller.authorization = f"tma {urlencode(data)}"
    assert (await caller.get("/me")).status == 401


async def test_what_a_page_was_given_shows_nothing_of_anybody_else(
    caller: Caller, stranger: Caller
) -> None:
    answers = await asyncio.gather(*(caller.get("/me") for _ in range(5)))
    assert {answer.body["id"] for answer in answers} == {caller.id}
    assert stranger.id != caller.id


async def test_who_has_never_met_the_bot_is_told_to(
    product: Product, http: aiohttp.ClientSession
) -> None:
    unmet = await Caller(product, http, product.newcomer()).opens(language="ru")
    answer = await unmet.get("/me")
    assert (answer.status, answer.code) == (403, "not-met")
    assert "Старт" in answer.body["detail"]


async def test_who_is_not_let_in_by_the_chat_is_not_let_in_here(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caller.product.api.access, "_is_open", False)
    for uses in (caller.opens(), caller.uses_key(KeyScope.TRAIN)):
        await uses
        answer = await caller.get("/me")
        assert (answer.status, answer.code) == (403, NotAllowed.code)


async def test_a_revoked_key_opens_nothing(caller: Caller) -> None:
    await caller.uses_key(KeyScope.TRAIN)
    await caller.product.api.api_keys.revoke(caller.id)
    assert (await caller.get("/me")).status == 401


async def test_a_key_does_no_more_than_it_may(caller: Caller) -> None:
    model = await caller.own_model()
    await caller.own_result(model)
    picture = (await caller.get("/pictures")).body["items"][0]["id"]
    await caller.uses_key(KeyScope.READ)
    for path in (f"/pictures/{picture}", f"/models/{model.training_id}"):
        answer = await caller.ask("DELETE", path)
        assert (answer.status, answer.code) == (403, "scope-missing")
    await caller.uses_key(KeyScope.GENERATE)
    assert (await caller.ask("DELETE", f"/models/{model.training_id}")).status == 403
    assert (await caller.ask("DELETE", f"/pictures/{picture}")).status == 204
    await caller.uses_key(KeyScope.TRAIN)
    assert (await caller.ask("DELETE", f"/models/{model.training_id}")).status == 204


async def test_problems_are_told_in_the_language_of_the_chat(caller: Caller) -> None:
    english = await caller.get("/models", params={"cursor": "gone"})
    await caller.product.api.users.choose_language(caller.id, Language.RU)
    russian = await caller.get("/models", params={"cursor": "gone"})
    assert english.code == russian.code == "not-found"
    assert (
        english.body["detail"]
        == "I can't find that any more. Send /start to see what is possible."
    )
    assert "не могу" in russian.body["detail"]


async def test_prices_are_for_those_who_pay(
    caller: Caller, product: Product, http: aiohttp.ClientSession
) -> None:
    payer = Caller(product, http, product.newcomer(user_id=ADMIN))
    await payer.chat.say("/start")
    await payer.opens()
    prices = [(await one.get("/prices")).body["trainers"][0] for one in (caller, payer)]
    assert [one["picture_price_usd"] is None for one in prices] == [True, False]
    assert [one["modes"][0]["price_usd"] is None for one in prices] == [True, False]


async def test_everybody_finds_the_presets_in_their_language(newcomer: Newcomer) -> None:
    caller = await newcomer()
    english = (await caller.get("/presets")).body["items"]
    await caller.product.api.users.choose_language(caller.id, Language.RU)
    russian = (await caller.get("/presets")).body["items"]
    assert [one["id"] for one in english] == [one["id"] for one in russian]
    assert english[0]["name"] != russian[0]["name"]
    assert english[0]["prompt"] == russian[0]["prompt"]
    assert "{" not in english[0]["prompt"]


def test_the_token_signs_what_the_age_is_counted_from() -> None:
    data = init_data(5, TOKEN, age_s=10)
    assert read_init_data(data, SECRET, time.time()).user_id == 5
