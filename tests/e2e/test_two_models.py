"""Two people in one picture, where the operator has switched it on; the bot may be killed."""

from collections.abc import Iterator

import pytest

from tests.e2e.driver import Json, Person, Sandbox, data_of, eventually, text_of
from tests.e2e.killing import MOMENTS, PATIENCE_S, kill_there, let_hang
from tests.e2e.lending import lent, sees_uses
from tests.e2e.processes import Process, bot_process, complaints_in, start_bot

pytestmark = pytest.mark.one_bot

SUBMIT = "POST /fal/queue/fal-ai/flux-lora"


@pytest.fixture(scope="module")
def server(own_server: str) -> str:
    """The address of a sandbox process of these tests."""
    return own_server


@pytest.fixture(scope="module")
def bot_of_session(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A bot where two people can be in one picture."""
    bot = bot_process(server, tmp_path_factory.mktemp("bot"), TWO_MODELS="on")
    start_bot(bot)
    yield bot
    assert bot.stop() == 0
    printed = bot.printed()
    assert not complaints_in(printed), printed


async def trained(person: Person, name: str) -> str:
    """Train a model under a name, and return its trigger word."""
    person.name, said = name, await person.last_id()
    await person.start_training()
    await person.told_ready(after=said)
    job = await person.one_training()
    return str(job["input"]["trigger_word"])


async def to_question(person: Person, choice: int) -> int:
    """Go to the question for the prompt with one of several models; return what came before."""
    said = await person.say("/generate")
    asked = await person.sees_button("use:", after=said)
    await person.toast(await person.tap(asked, data_of(asked, "use:")[choice]))
    await person.sees_button("second:", after=said)
    return said


async def add_second(person: Person, choice: int) -> None:
    """Add the one person that fits to the pictures of a model."""
    said = await to_question(person, choice)
    await person.press("second:list", after=said)
    await person.reads("ask-second", after=said)
    await person.press("second:add", after=said)
    await person.reads("panel-second-honest", after=said)


async def jobs_of(sandbox: Sandbox, word: str) -> list[Json]:
    """Return fal's records of the pictures that begin with a trigger word."""
    jobs = (await sandbox.ask("GET", "fal/jobs"))["jobs"]
    return [
        job for job in jobs if str((job["input"] or {}).get("prompt", "")).startswith(f"{word}, ")
    ]


async def pair_of_own_and_lent(sandbox: Sandbox) -> tuple[Person, Person, str, str]:
    """Return a lender, a borrower with a model of their own, and the words of both models."""
    lender, borrower = await sandbox.newcomer(), await sandbox.newcomer()
    theirs = await trained(lender, lender.name)
    own = await trained(borrower, borrower.name)
    await lent(lender, borrower)
    # Their own model comes first in the list, and the borrowed one after it.
    await add_second(borrower, 0)
    return lender, borrower, own, theirs


@pytest.mark.parametrize(
    ("language", "prompt", "english"),
    [
        ("en", "two friends in a park", "two friends in a park"),
        ("ru", "в кафе в Париже", "in cafe in Paris"),
    ],
)
async def test_two_models_of_ones_own_are_in_one_picture(
    sandbox: Sandbox, language: str, prompt: str, english: str
) -> None:
    person = await sandbox.newcomer(language)
    first, second = person.name, f"Second {person.name}"
    word = await trained(person, first)
    other = await trained(person, second)
    await add_second(person, 1)
    said = await person.say(prompt)
    picture = await person.gets_picture(after=said)
    (job,) = await jobs_of(sandbox, word)
    assert job["input"]["prompt"] == f"{word}, {other}, {english}"
    assert [lora["scale"] for lora in job["input"]["loras"]] == [1.0, 1.0]
    assert len({lora["path"] for lora in job["input"]["loras"]}) == 2

    (more,) = data_of(picture, "res:more:")
    details = more.replace("more", "details")
    await person.toast(await person.tap(picture, details, forged=True))
    names = person.words("two-names", first=first, second=second)
    await person.reads("details-two", after=said, names=names)
    said = await person.last_id()
    await person.press("res:again")
    await person.gets_picture(after=said)
    assert (await jobs_of(sandbox, word))[1]["input"]["prompt"] == job["input"]["prompt"]

    said = await to_question(person, 1)
    await person.press("second:leave", after=said)
    said = await person.say("reading")
    await person.gets_picture(after=said)
    alone = (await jobs_of(sandbox, word))[2]["input"]
    assert alone["prompt"] == f"{word}, reading"
    assert len(alone["loras"]) == 1


async def test_a_lent_second_is_counted_and_taken_back_while_an_order_waits(
    sandbox: Sandbox,
) -> None:
    lender, borrower, own, theirs = await pair_of_own_and_lent(sandbox)
    said = await borrower.say("in a café")
    await borrower.gets_picture(after=said)
    (job,) = await jobs_of(sandbox, own)
    assert job["input"]["prompt"] == f"{own}, {theirs}, in a café"
    card = await sees_uses(lender, 1)
    assert card.endswith("in a café")

    # fal takes nothing, and meanwhile the owner of the second model takes it back.
    await sandbox.fault("fal", SUBMIT, "status", status=429, times=1000)
    said = await borrower.say("/generate at the sea")

    async def is_refused() -> bool:
        return any(fault["hits"] for fault in await sandbox.faults())

    await eventually(is_refused, "a submit that fal does not take", 30, borrower.story)
    assert await lender.press_action("loan:", "end") == lender.words("lend-ended")
    await sandbox.calm()
    await borrower.wait(
        lambda message: borrower.words("failure-loan_over") in text_of(message),
        "that the loan is over",
        said,
        PATIENCE_S,
    )
    assert len(await jobs_of(sandbox, own)) == 1
    # Nobody is left out unasked.
    said = await borrower.say("/generate at the sea")
    await borrower.reads("error-second-unfit", after=said)
    said = await borrower.say("/cancel")
    question = await borrower.say("/generate")
    await borrower.reads("panel-second-lost", after=question)
    await borrower.press("second:leave", after=question)
    said = await borrower.say("at the sea")
    await borrower.gets_picture(after=said)
    assert (await jobs_of(sandbox, own))[1]["input"]["prompt"] == f"{own}, at the sea"


@pytest.mark.parametrize("moment", MOMENTS)
async def test_killed_while_it_submits_the_bot_pays_and_counts_once(
    bot: Process, sandbox: Sandbox, moment: str
) -> None:
    lender, borrower, own, theirs = await pair_of_own_and_lent(sandbox)
    await sandbox.clock("polls", 2)
    await let_hang(sandbox, "fal", SUBMIT, moment)
    said = await borrower.say("in a café")
    await kill_there(sandbox, bot)
    if moment == "before":
        # Whether fal has it nobody can be sure, so the picture stays held.
        await borrower.reads("generation-in-doubt", after=said, patience_s=PATIENCE_S)
        assert await jobs_of(sandbox, own) == []
    else:
        await borrower.wait(lambda message: "photo" in message, "a picture", said, PATIENCE_S)
        (job,) = await jobs_of(sandbox, own)
        assert job["input"]["prompt"] == f"{own}, {theirs}, in a café"
    await sees_uses(lender, 1)
