"""What the operator decides and learns: limits, pauses, who is let in, what is kept of whom.

These tests have a sandbox of their own, and a bot that is restarted where a test asks for other
settings: a limit or a pause must not reach the other tests.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from sandbox.fal.emulator import DEFAULT_ADMIN_KEY
from services.domain.clock import now
from services.domain.deletion import REQUEST_DAYS
from services.domain.vocabulary import Language
from services.operator import ACCOUNT_TROUBLE
from tests.e2e import pictures
from tests.e2e.driver import NEVER, Json, Person, Sandbox, data_of, eventually, text_of
from tests.e2e.killing import MOMENTS, kill_there, let_hang
from tests.e2e.processes import Process, bot_process, complaints_in, start_bot

ADMIN, GUEST = 900_001, 800_001
PICTURE, TRAINING = 0.035, 1.0
"""What the sandbox's price list makes of a picture and of an economy training, in US dollars."""

LIMITS = {
    "ADMINS": str(ADMIN),
    "DAILY_TRAININGS": "1",
    "DAILY_IMAGES": "2",
    "RUNNING_TRAININGS": "1",
    "FAL_ADMIN_KEY": DEFAULT_ADMIN_KEY,
}
BOTH_LANGUAGES = pytest.mark.parametrize("language", ["en", "ru"])


def with_settings(name: str, **settings: str) -> pytest.MarkDecorator:
    """Have the bot run with other settings besides the limits."""
    return pytest.mark.parametrize("bot", [settings], ids=[name], indirect=True)


class House:
    """The one bot that runs, and its database."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url = url
        self._folder = folder
        self._settings: dict[str, str] | None = None
        self.bot: Process | None = None

    def open(self, settings: dict[str, str]) -> Process:
        """Have a bot run with these settings; another one is stopped and its database left."""
        if self.bot is None or self._settings != settings:
            self.close()
            self.database = self._folder / f"{len(list(self._folder.iterdir()))}" / "bot.db"
            self.database.parent.mkdir()
            self._settings = settings
            self.bot = bot_process(self._url, self.database.parent, **{**LIMITS, **settings})
        start_bot(self.bot)
        return self.bot

    def close(self) -> None:
        """Stop the bot, which must happen in order."""
        if self.bot is not None:
            bot, self.bot = self.bot, None
            try:
                assert bot.stop() == 0, bot.printed()
            finally:
                bot.kill()

    def look(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """Read or change rows while the bot runs."""
        with closing(sqlite3.connect(self.database, timeout=10)) as connection, connection:
            return connection.execute(query, values).fetchall()

    def let_the_pause_be_over(self) -> None:
        """Have fal's last refusal be ten minutes ago."""
        name = ACCOUNT_TROUBLE
        self.look("UPDATE notices SET since = datetime(since, '-10 minutes') WHERE name = ?", name)

    def tables_that_know(self, user_id: int) -> set[str]:
        """Name the tables that hold the user's id anywhere, but not within a longer number."""
        the_id = re.compile(rf"(?<![\d.]){user_id}(?!\d)")
        tables = [str(name) for (name,) in self.look("SELECT name FROM pragma_table_list")]
        known = set()
        for table in tables:
            rows = self.look(f'SELECT * FROM "{table}"')  # noqa: S608  # names of our own tables
            if any(the_id.search(str(value)) for row in rows for value in row):
                known.add(table)
        return known


@pytest.fixture(scope="module")
def server(own_server: str) -> str:
    """The address of a sandbox process of these tests."""
    return own_server


@pytest.fixture(scope="module")
def house(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House(server, tmp_path_factory.mktemp("bots"))
    yield house
    house.close()


@pytest.fixture
def bot(house: House, request: pytest.FixtureRequest) -> Iterator[Process]:
    """The bot with the settings of the test; it prints no secret and no complaint."""
    process = house.open(getattr(request, "param", {}))
    before = process.printed_bytes
    yield process
    printed = process.printed(before)
    assert not complaints_in(printed), printed
    assert DEFAULT_ADMIN_KEY.partition(":")[2] not in printed


async def somebody(sandbox: Sandbox, user_id: int, language: str = "en") -> Person:
    """Return a person with an id of our choice, who has started the bot."""
    users = (await sandbox.ask("GET", "state"))["users"]
    if not any(user["id"] == user_id for user in users):
        user = {"id": user_id, "first_name": "Ann", "language_code": language}
        await sandbox.ask("POST", "users", json=user)
    person = Person(sandbox, user_id, Language(language))
    said = await person.say("/start")
    await person.reads("start", after=said, min=5, max=20)
    return person


@pytest.fixture
async def admin(sandbox: Sandbox) -> Person:
    """The admin, who has started the bot."""
    return await somebody(sandbox, ADMIN)


async def pressed_start(person: Person) -> str:
    """Press Start on the summary the person has come to; return the toast."""
    return await person.press("start:")


def toast_of(person: Person, key: str, **values: int | str) -> str:
    """Return a sentence as a toast shows it."""
    return person.words(key, **values)[:200]


async def told(person: Person, key: str, after: int) -> list[str]:
    """Return what the person was told that begins like a sentence of the bot."""
    beginning = person.words(key, words="|").partition("|")[0]
    return [
        text_of(message)
        for message in await person.from_bot(after)
        if text_of(message).startswith(beginning)
    ]


async def admin_is_told(admin: Person, key: str, after: int) -> None:
    """Wait until the admin has been told a sentence."""

    async def look() -> bool:
        return bool(await told(admin, key, after))

    await eventually(look, f"the admin is told {key}", tell=admin.story)


# Spending limits


@BOTH_LANGUAGES
async def test_the_limits_of_a_user_are_told_in_kind_words_and_nothing_goes_beyond_them(
    sandbox: Sandbox, language: str
) -> None:
    person = await sandbox.newcomer(language)
    await sandbox.clock("polls", NEVER)
    await person.start_training()
    await person.one_training("IN_PROGRESS")
    await person.to_summary()
    assert await pressed_start(person) == toast_of(person, "error-too-many-running", max=1)
    await sandbox.clock("immediate")
    await person.told_ready()
    wanted = toast_of(person, "error-daily-trainings-reached", max=1, hours=24)
    assert await pressed_start(person) == wanted
    assert len(await person.trainings()) == 1

    for _ in range(2):
        said = await person.say("/generate portrait photo")
        await person.gets_picture(after=said)
    said = await person.say("/generate portrait photo")
    await person.reads("error-daily-images-reached", after=said, max=2, hours=24)
    wanted = toast_of(person, "error-daily-images-reached", max=2, hours=24)
    assert await person.press("res:again:") == wanted
    await person.answers(said)
    assert len(await person.generations()) == 2
    assert len(await person.pictures()) == 2


# A key refused while jobs run


@pytest.mark.parametrize(
    "refusal", [{"bad_key": True}, {"locked": True, "locked_polls": True}], ids=["401", "403"]
)
async def test_a_key_refused_while_jobs_run_is_told_once_and_loses_nothing(
    sandbox: Sandbox, person: Person, admin: Person, refusal: dict[str, bool]
) -> None:
    before = await admin.last_id()
    await sandbox.clock("polls", NEVER)
    other = await sandbox.newcomer()
    requests = []
    for user in (person, other):
        await user.start_training()
        requests.append((await user.one_training())["request_id"])
    await sandbox.scenario(**refusal)
    status = 401 if "bad_key" in refusal else 403

    async def refused() -> bool:
        calls = [await sandbox.calls("fal", f"{one}/status") for one in requests]
        return all(any(call["status"] == status for call in found) for found in calls)

    await eventually(refused, "a refused poll of each", tell=person.story)
    await sandbox.calm()
    for user in (person, other):
        await user.told_ready()
        assert len(await user.trainings()) == 1
    await admin_is_told(admin, "admin-watching-accepted", before)
    for key in ("admin-watching-refused", "admin-watching-accepted"):
        assert len(await told(admin, key, before)) == 1


# Admins


async def test_admin_answers_admins_only(sandbox: Sandbox, admin: Person, person: Person) -> None:
    said = await admin.say("/admin")
    report = await admin.sees(admin.words("admin-balance", balance="|").partition("|")[0], said)
    assert "$100000" in text_of(report).replace(",", "")
    for text in ("/admin", f"/admin@somebody {ADMIN}", "/admin ?"):
        said = await person.say(text)
        answer = await person.wait(lambda message: "text" in message, "an answer", after=said)
        assert "$" not in text_of(answer)
    assert len(await sandbox.calls("fal", "/account/billing")) >= 1


@with_settings("balance", LOW_BALANCE_USD="5")
async def test_a_low_balance_is_told_once_and_the_real_charge_is_kept_beside_the_estimate(
    bot: Process, sandbox: Sandbox, person: Person, admin: Person, house: House
) -> None:
    await person.own_model()
    job = await person.one_training()
    beginning = admin.words("admin-low-balance", balance="|").partition("|")[0]

    async def look_at_account(left_usd: float) -> None:
        # It is looked at when the bot starts, and then every ten minutes.
        billed = (await sandbox.ask("GET", "fal/jobs"))["charged_usd"]
        await sandbox.scenario(balance_usd=billed + left_usd)
        before = len(await sandbox.calls("fal", "/account/billing"))
        assert bot.stop() == 0
        start_bot(bot)

        async def looked() -> bool:
            return len(await sandbox.calls("fal", "/account/billing")) > before

        await eventually(looked, "the bot has looked at its account")

    await look_at_account(left_usd=4.5)
    await admin.reads("admin-low-balance", balance="$4.50")
    await look_at_account(left_usd=3)
    await admin.answers(0)
    messages = [text_of(message) for message in await admin.from_bot()]
    assert sum(text.startswith(beginning) for text in messages) == 1

    def real_charge() -> tuple[object, ...]:
        query = "SELECT usd, real_usd FROM charges WHERE request_id = ?"
        (charge,) = house.look(query, job["request_id"])
        return charge

    async def stored() -> bool:
        return real_charge()[1] is not None

    await eventually(stored, "the real charge is stored")
    assert real_charge() == (TRAINING * 1e6, job["charged_usd"] * 1e6)


# What is kept


@BOTH_LANGUAGES
async def test_privacy_says_what_is_kept(sandbox: Sandbox, language: str) -> None:
    person = await sandbox.newcomer(language)
    said = await person.say("/privacy")
    answer = text_of(await person.reads("privacy", after=said, days=7))
    for fact in ("7", "30", "fal", "Telegram", "/deletemydata"):
        assert fact in answer


async def only(tables: set[str], house: House, person: Person) -> None:
    """Wait until only these tables know somebody: an update is forgotten after its answer."""

    async def gone() -> bool:
        return house.tables_that_know(person.id) == tables

    async def tell() -> str:
        return f"left: {house.tables_that_know(person.id)}\n{await person.story()}"

    await eventually(gone, f"only {tables or 'nothing'} is left of them", tell=tell)


@BOTH_LANGUAGES
async def test_deletemydata_removes_everything_and_only_after_a_confirmation(
    sandbox: Sandbox, house: House, language: str
) -> None:
    person, other = await sandbox.newcomer(language), await sandbox.newcomer()
    await other.own_model()
    await person.own_model()
    said = await person.say("/generate portrait photo")
    picture = await person.gets_picture(after=said)
    await person.to_photos()
    await person.send(*pictures.photos(2))
    await person.sees(person.words("photos-counter", accepted=2, min=5, max=20))
    everything = {"users", "trainings", "models", "generations", "dialogue_states", "charges"}
    assert everything <= house.tables_that_know(person.id)

    said = await person.say("/deletemydata")
    asked = await person.reads("forget-ask", after=said)
    keep, sure = data_of(asked, "forget:")
    await person.toast(await person.tap(asked, keep))
    await person.reads("forget-kept", after=said)
    assert everything <= house.tables_that_know(person.id)

    said = await person.say("/deletemydata")
    asked = await person.reads("forget-ask", after=said)
    await person.toast(await person.tap(asked, sure))
    await person.reads("forget-done", after=said, date=now().date())
    # Charges keep the id for a day, so that deleting does not give new limits.
    await only({"charges"}, house, person)
    words = [str(word) for (word,) in house.look("SELECT trigger_word FROM trainings")]
    assert not any(word.startswith(person.name.upper().replace(" ", "_")) for word in words)
    assert {"users", "models"} <= house.tables_that_know(other.id)
    # Old buttons are still there, and lead nowhere.
    assert await person.toast(await person.tap(picture, "res:again:"))
    assert len(await person.generations()) == 1


async def test_deletemydata_stops_a_running_training_at_fal(
    sandbox: Sandbox, person: Person, house: House
) -> None:
    await sandbox.clock("polls", NEVER)
    await person.start_training()
    job = await person.one_training("IN_PROGRESS")
    said = await person.say("/deletemydata")
    asked = await person.reads("forget-ask", after=said)
    await person.toast(await person.tap(asked, data_of(asked, "forget:")[1]))
    await person.reads("forget-done", after=said, date=now().date())

    async def cancelled() -> Json | None:
        (now,) = await person.trainings()
        return now if now["cancel_requested"] else None

    assert (await eventually(cancelled, "cancelled at fal"))["request_id"] == job["request_id"]
    await only({"charges"}, house, person)
    # The message that showed the progress has neither the name nor *Cancel* any more.
    assert text_of(await person.reads("message-cleared")) == person.words("message-cleared")
    assert person.words("receipt-under-way", count=1) not in text_of(
        await person.reads("forget-done", after=said, date=now().date())
    )
    await sandbox.calm()
    done = await person.last_id()
    assert await person.answers(done) == []
    assert await person.times_told_ready() == 0


async def kept_at_fal(person: Person) -> list[str]:
    """Return the requests of a person of which fal still has inputs or files."""
    jobs = [*await person.trainings(), *await person.generations()]
    return [job["request_id"] for job in jobs if not job["payload_deleted"]]


async def asked_to_forget(person: Person) -> tuple[int, str, Json]:
    """Ask to delete everything; return after which message, and the button that does it."""
    said = await person.say("/deletemydata")
    asked = await person.reads("forget-ask", after=said)
    return said, data_of(asked, "forget:")[1], asked


async def receipt_says(person: Person, after: int, key: str, **values: int | date) -> None:
    """Wait until the receipt has a line."""

    async def says() -> bool:
        receipt = await person.reads("forget-done", after=after, date=now().date())
        return person.words(key, **values) in text_of(receipt)

    await eventually(says, f"a receipt with {key}", tell=person.story)


@BOTH_LANGUAGES
async def test_with_the_admin_key_deletemydata_deletes_the_requests_at_fal_too(
    sandbox: Sandbox, house: House, language: str
) -> None:
    person, other = await sandbox.newcomer(language), await sandbox.newcomer()
    for user in (other, person):
        await user.own_model()
    said = await person.say("/generate portrait photo")
    await person.gets_picture(after=said)
    count, others = len(await kept_at_fal(person)), await kept_at_fal(other)
    assert count == 2
    assert others
    said, sure, asked = await asked_to_forget(person)
    await person.toast(await person.tap(asked, sure))
    await receipt_says(person, said, "receipt-erased", count=count)
    await receipt_says(person, said, "forget-remains-erased", days=7)
    assert await kept_at_fal(person) == []
    assert await kept_at_fal(other) == others
    await only({"charges"}, house, person)


@pytest.mark.parametrize("moment", MOMENTS)
async def test_a_kill_while_requests_are_deleted_at_fal_loses_none(
    sandbox: Sandbox, bot: Process, person: Person, house: House, moment: str
) -> None:
    await person.own_model()
    said = await person.say("/generate portrait photo")
    await person.gets_picture(after=said)
    said, sure, asked = await asked_to_forget(person)
    await let_hang(sandbox, "fal", "/payloads", moment)
    await person.tap(asked, sure)
    await kill_there(sandbox, bot)
    await receipt_says(person, said, "receipt-erased", count=2)
    assert await kept_at_fal(person) == []
    await only({"charges"}, house, person)


async def test_what_fal_refuses_to_delete_is_told_with_the_day_it_goes(
    sandbox: Sandbox, person: Person
) -> None:
    await person.own_model()
    said = await person.say("/generate portrait photo")
    await person.gets_picture(after=said)
    said, sure, asked = await asked_to_forget(person)
    await sandbox.fault("fal", "/payloads", "status", status=403, times=1)
    await person.tap(asked, sure)
    await receipt_says(person, said, "receipt-erased", count=1)
    until = now().date() + timedelta(days=REQUEST_DAYS)
    await receipt_says(person, said, "receipt-requests", count=1, date=until)
    assert len(await kept_at_fal(person)) == 1


@pytest.mark.parametrize("is_refused", [False, True])
async def test_deleting_one_model_says_what_becomes_of_its_requests_at_fal(
    sandbox: Sandbox,
    person: Person,
    is_refused: bool,  # noqa: FBT001
) -> None:
    ready = await person.own_model()
    said = await person.say("/generate portrait photo")
    await person.gets_picture(after=said)
    model_id = data_of(ready, "use:")[0].split(":")[1]
    if is_refused:
        await sandbox.fault("fal", "/payloads", "status", status=403, times=1)
    said = await person.say("/start")
    await person.forge(f"model:{model_id}:del", said)
    await person.reads("ask-remains-erased", after=said, days=7)
    await person.press(f"model:{model_id}:sure", after=said)
    await person.reads("model-erasing", after=said, count=2)
    if is_refused:
        until = now().date() + timedelta(days=REQUEST_DAYS)
        await person.reads("receipt-requests", after=said, count=1, date=until)

    async def is_gone() -> bool:
        return len(await kept_at_fal(person)) == int(is_refused)

    await eventually(is_gone, "what could be deleted at fal is", tell=person.story)


# Who blocks the bot


async def test_what_ended_while_the_user_had_blocked_the_bot_is_delivered_when_they_return(
    sandbox: Sandbox, person: Person, house: House
) -> None:
    await sandbox.clock("polls", NEVER)
    await person.start_training()
    await person.one_training("IN_PROGRESS")
    await sandbox.ask("PATCH", f"users/{person.id}", json={"blocked": True})
    await sandbox.calm()

    async def waits() -> bool:
        query = "SELECT unreachable_since FROM users WHERE id = ?"
        states = house.look("SELECT state FROM trainings WHERE user_id = ?", person.id)
        return bool(states == [("completed",)] and house.look(query, person.id) != [(None,)])

    await eventually(waits, "a finished training that waits for its user")
    assert await person.times_told_ready() == 0
    await sandbox.ask("PATCH", f"users/{person.id}", json={"blocked": False})
    await person.say("/start")
    await person.told_ready()
    await person.answers(0)
    assert await person.times_told_ready() == 1
    assert len(await person.trainings()) == 1


# The budget, the pause, the allowlist: each with a bot of its own


@with_settings("budget", DAILY_BUDGET_USD=str(TRAINING + PICTURE))
async def test_the_budget_of_a_day_is_everybodys(
    sandbox: Sandbox, person: Person, admin: Person
) -> None:
    others = [await sandbox.newcomer(language) for language in ("en", "ru")]
    for other in others:
        await other.to_summary()
    await person.own_model()
    for other in others:
        assert await pressed_start(other) == toast_of(other, "error-budget-spent", hours=24)
        assert await other.trainings() == []
    said = await person.say("/generate portrait photo")
    await person.gets_picture(after=said)
    said = await person.say("/generate portrait photo")
    await person.reads("error-budget-spent", after=said, hours=24)
    assert (len(await person.trainings()), len(await person.generations())) == (1, 1)
    said = await admin.say("/admin")
    await admin.reads("admin-spending", after=said, spent="$1.035", budget="$1.035", running=0)


@with_settings("pause", LOG_FORMAT="json")
async def test_an_exhausted_balance_pauses_orders_and_is_told_as_our_matter(
    sandbox: Sandbox, person: Person, admin: Person
) -> None:
    before = await admin.last_id()
    second, third = await sandbox.newcomer("ru"), await sandbox.newcomer()
    for user in (person, second, third):
        await user.to_summary()
    await sandbox.scenario(locked=True)
    await pressed_start(person)
    failure = await person.reads("failure-service_account")
    for user in (second, third):
        assert await pressed_start(user) == toast_of(user, "error-service-paused")
    await admin_is_told(admin, "admin-account-refused", before)
    said = await admin.say("/admin")
    await admin.reads("admin-paused", after=said)

    # Money is there again, and nobody tells the bot: it finds out by itself.
    await sandbox.calm()
    await admin_is_told(admin, "admin-account-accepted", before)
    assert await pressed_start(second) == second.words("training-started-toast")
    await second.told_ready()
    await person.tap(failure, "tr:")
    await pressed_start(third)
    for user in (person, third):
        await user.told_ready()
    for user in (person, second, third):
        assert len(await user.trainings()) == 1
    for key in ("admin-account-refused", "admin-account-accepted"):
        assert len(await told(admin, key, before)) == 1


@with_settings("pause", LOG_FORMAT="json")
async def test_a_try_that_is_refused_goes_on_with_the_pause_and_is_not_told_again(
    sandbox: Sandbox, person: Person, admin: Person, house: House
) -> None:
    before = await admin.last_id()
    other = await sandbox.newcomer()
    for user in (person, other):
        await user.to_summary()
    await sandbox.scenario(locked=True)
    await pressed_start(person)
    failure = await person.reads("failure-service_account")
    house.let_the_pause_be_over()
    assert await pressed_start(other) == other.words("training-started-toast")
    await other.reads("failure-service_account")
    toast = await person.toast(await person.tap(failure, "tr:"))
    assert toast == toast_of(person, "error-service-paused")
    await admin.answers(before)
    assert len(await told(admin, "admin-account-refused", before)) == 1
    assert await person.trainings() == await other.trainings() == []


@with_settings("allowlist", ACCESS="allowlist", ALLOWED_USERS=str(GUEST))
@BOTH_LANGUAGES
async def test_the_allowlist_keeps_strangers_out_and_says_their_id(
    sandbox: Sandbox, admin: Person, house: House, language: str
) -> None:
    stranger = await sandbox.newcomer(language)
    # An invitation to borrow a model lets nobody in either.
    for text in ("/start", "/start lend_abc", "/train", "/generate portrait photo", "hello"):
        said = await stranger.say(text)
        answer = await stranger.reads("error-not-allowed", after=said, id=str(stranger.id))
        assert str(stranger.id) in text_of(answer)
    said = await stranger.last_id()
    await stranger.send(pictures.photo())
    await stranger.reads("error-not-allowed", after=said, id=str(stranger.id))
    wanted = toast_of(stranger, "error-not-allowed", id=str(stranger.id))
    assert await stranger.forge("draft:agree") == wanted
    await only(set(), house, stranger)
    guest = await somebody(sandbox, GUEST)
    await guest.to_consent()
    assert admin.id == ADMIN


@with_settings("emulated", ACCESS="", ADMINS="")
async def test_without_access_a_bot_between_emulators_serves_everyone(
    sandbox: Sandbox, house: House
) -> None:
    assert house.bot is not None
    assert "ADMIN LINK" not in house.bot.printed()
    stranger = await sandbox.newcomer()
    await stranger.to_consent()


@with_settings("unclaimed", ACCESS="allowlist", ADMINS="")
async def test_a_bot_of_nobody_lets_in_only_who_opens_the_link_in_its_log(
    sandbox: Sandbox, house: House
) -> None:
    assert house.bot is not None
    code = house.bot.printed_match(r"ADMIN LINK: https://t\.me/\w+\?start=(\w+) ")
    owner, stranger = await sandbox.newcomer("ru"), await sandbox.newcomer()
    for user in (owner, stranger):
        for text in ("/start", "/train", "hello", f"/start {code[:-1]}"):
            await user.reads("error-not-claimed", after=await user.say(text))
    await only(set(), house, stranger)

    await owner.reads("admin-claimed", after=await owner.say(f"/start {code}"))
    said = await stranger.say(f"/start {code}")
    await stranger.reads("error-not-allowed", after=said, id=str(stranger.id))

    assert house.bot.stop() == 0
    before = house.bot.printed_bytes
    start_bot(house.bot)
    assert "ADMIN LINK" not in house.bot.printed(before)
    said = await owner.say("/admin")
    await owner.sees("Потрачено по прайс-листу", after=said)
