"""A person in a chat with the bot, and the levers of the sandbox."""

import asyncio
import html
import io
import itertools
import json
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import aiohttp

from sandbox.server import DEFAULT_FAL_KEY
from services.domain.vocabulary import Language
from tests.e2e import pictures
from tests.e2e.replicas import REPLICAS
from texts.reader import Texts, Value

Json = dict[str, Any]
T = TypeVar("T")

PATIENCE_S = 60.0
NEVER = 80_000
"""So many polls no test waits for."""
LOOK_EVERY_S = 0.03
_names = itertools.count(101)
_ids = itertools.count(7_100_000_001)
"""Of people: so long that no other number, date or digest is taken for one."""


async def eventually(
    look: Callable[[], Awaitable[T | None]],
    what: str,
    patience_s: float = PATIENCE_S,
    tell: Callable[[], Awaitable[str]] | None = None,
) -> T:
    """Look again and again until there is something to see.

    Raises:
        AssertionError: Nothing within the time; with what `tell` says of the circumstances.
    """
    deadline = time.monotonic() + patience_s
    while True:
        if (found := await look()) is not None and found is not False:
            return found
        if time.monotonic() > deadline:
            told = await tell() if tell else ""
            msg = f"not seen within {patience_s:g} s: {what}\n{told}"
            raise AssertionError(msg)
        await asyncio.sleep(LOOK_EVERY_S)


class Sandbox:
    """The control plane of a running sandbox."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http = http
        self.url = url

    async def ask(self, method: str, path: str, **request: Any) -> Any:  # noqa: ANN401  # JSON
        """Call the control plane; what it refuses is a mistake of the test."""
        address = f"{self.url}/sandbox/{path}"
        async with self._http.request(method, address, **request) as response:
            answer = await response.json()
            assert response.ok, f"{method} {path}: {answer}"
            return answer

    async def calm(self) -> None:
        """Have everything work again, at once."""
        await self.ask("DELETE", "faults")
        await self.ask("DELETE", "fal/scenario")
        await self.clock("immediate")

    async def clock(self, mode: str, value: float = 30) -> None:
        """Set how long jobs take.

        With pushes a job is looked at more rarely, so that looks count as seconds there.
        """
        if REPLICAS > 1 and mode == "polls" and value < NEVER:
            mode = "seconds"
        await self.ask("PUT", "clock", json={"mode": mode, "value": value})

    async def scenario(self, **changes: object) -> None:
        """Set what goes wrong at fal."""
        await self.ask("PUT", "fal/scenario", json=changes)

    async def fault(self, service: str, match: str, kind: str, **more: object) -> None:
        """Have calls meet an HTTP fault."""
        wanted = {"service": service, "match": match, "kind": kind, **more}
        await self.ask("POST", "faults", json=wanted)

    async def faults(self) -> list[Json]:
        """Return the faults still in force."""
        state = await self.ask("GET", "state")
        return list(state["faults"])

    async def calls(self, service: str, match: str = "", after: int = 0) -> list[Json]:
        """Return the recorded calls whose `METHOD path` holds `match`."""
        query = {"service": service, "after": after, "match": match}
        answer = await self.ask("GET", "calls", params=query)
        return list(answer["calls"])

    async def download(self, url: str) -> bytes:
        """Return the bytes behind one of the sandbox's addresses."""
        async with self._http.get(url) as response:
            response.raise_for_status()
            return await response.read()

    async def fill_runners(self) -> None:
        """Occupy fal's two runners, so that what comes next waits; `free_runners` ends it.

        The clock is set to polls: nobody polls these jobs.
        """
        await self.clock("polls", NEVER)
        headers = {"Authorization": f"Key {DEFAULT_FAL_KEY}"}
        address = f"{self.url}/fal/queue/fal-ai/flux-lora"
        for _ in range(2):
            job = {"prompt": "somebody else's"}
            async with self._http.post(address, json=job, headers=headers) as response:
                response.raise_for_status()

    async def free_runners(self) -> None:
        """Let jobs run beside those that occupy the runners."""
        await self.scenario(concurrency=40)

    async def newcomer(self, language: str = "en") -> "Person":
        """Return a person the bot has never met."""
        wanted = {"id": next(_ids), "first_name": "Ann", "language_code": language}
        user = await self.ask("POST", "users", json=wanted)
        return Person(self, user["id"], Language(language))


@dataclass
class Person:
    """Writes, sends and presses in a chat of their own, and reads what the bot says there."""

    sandbox: Sandbox
    id: int
    language: Language
    name: str = field(default_factory=lambda: f"Portrait {next(_names)}")

    # Reading

    def words(self, key: str, **values: Value) -> str:
        """Return a sentence of the bot as the person sees it, without markup."""
        marked = Texts(self.language)(key, **values)
        return html.unescape(re.sub(r"</?[a-z]+>", "", marked)).strip()

    async def messages(self) -> list[Json]:
        """Return the whole chat."""
        answer = await self.sandbox.ask("GET", f"chats/{self.id}/messages")
        return list(answer["messages"])

    async def from_bot(self, after: int = 0) -> list[Json]:
        """Return the bot's messages, those after a message's id only."""
        return of_bot(await self.messages(), after)

    async def story(self) -> str:
        """Return the chat as text, for a failure's message."""
        return "\n".join(told(message) for message in await self.messages())

    async def wait(
        self,
        fits: Callable[[Json], bool],
        what: str,
        after: int = 0,
        patience_s: float = PATIENCE_S,
    ) -> Json:
        """Wait for a message of the bot; of several that fit, return the newest."""
        query: dict[str, int] = {}

        async def look() -> Json | None:
            # From the second look on the sandbox answers when something has happened.
            answer = await self.sandbox.ask("GET", f"chats/{self.id}/messages", params=query)
            query["after"] = answer["seq"]
            found = [message for message in of_bot(answer["messages"], after) if fits(message)]
            return found[-1] if found else None

        return await eventually(look, what, patience_s, self.story)

    async def reads(
        self, key: str, after: int = 0, patience_s: float = PATIENCE_S, **values: Value
    ) -> Json:
        """Wait for a message that holds a sentence of the bot."""
        words = self.words(key, **values)
        return await self.sees(words, after, patience_s)

    async def sees(self, text: str, after: int = 0, patience_s: float = PATIENCE_S) -> Json:
        """Wait for a message that holds a text."""
        return await self.wait(lambda message: text in text_of(message), text, after, patience_s)

    async def sees_button(self, prefix: str, after: int = 0) -> Json:
        """Wait for a message with a button whose data starts so, and return it."""
        return await self.wait(
            lambda message: bool(data_of(message, prefix)), f"a button {prefix}", after
        )

    async def last_id(self) -> int:
        """Return the id of the newest message in the chat, 0 in an empty one."""
        return max((message["message_id"] for message in await self.messages()), default=0)

    async def answers(self, after: int) -> list[str]:
        """Return all texts of the bot after a message, once all that was sent is handled."""
        asked = await self.say("/help")
        bye = await self.sees("\n/cancel ", after=asked)
        return [
            text_of(message)
            for message in await self.from_bot(after)
            if message["message_id"] != bye["message_id"]
        ]

    # Acting

    async def say(self, text: str) -> int:
        """Write a text; return the id of the message."""
        body = {"text": text}
        answer = await self.sandbox.ask("POST", f"chats/{self.id}/text", json=body)
        return int(answer["messages"][0]["message_id"])

    async def send(
        self, *files: bytes, kind: str = "photo", name: str = "photo.jpg", mime: str = "image/jpeg"
    ) -> list[Json]:
        """Send a file, or several as albums of up to ten; `kind` is photo or document."""
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("as", kind)
        for data in files:
            form.add_field("file", io.BytesIO(data), filename=name, content_type=mime)
        answer = await self.sandbox.ask("POST", f"chats/{self.id}/media", data=form)
        return list(answer["messages"])

    async def send_file(self, data: bytes, name: str, mime: str) -> list[Json]:
        """Send a file as a file."""
        return await self.send(data, kind="document", name=name, mime=mime)

    async def tap(self, message: Json, prefix: str, *, forged: bool = False) -> str:
        """Press a button without waiting for anything; return the press's id."""
        found = data_of(message, prefix)
        # The whole data of one button may be how another's begins.
        data = prefix if forged or prefix in found else found[0]
        # What the person has seen may be another message by now, after a first of two taps.
        was_there = data in found
        body = {
            "message_id": message["message_id"],
            "data": data,
            "forged": forged or was_there,
        }
        answer = await self.sandbox.ask("POST", f"chats/{self.id}/click", json=body)
        return str(answer["callback_query_id"])

    async def toast(self, press_id: str) -> str:
        """Wait until a press is answered, and return the words it was answered with."""

        async def look() -> str | None:
            press = await self.sandbox.ask("GET", f"callbacks/{press_id}")
            return (press.get("text") or "") if press["answered"] else None

        return await eventually(look, "an answer to the press", tell=self.story)

    async def press(self, prefix: str, after: int = 0) -> str:
        """Press the newest button whose data starts so, and return its toast."""
        message = await self.sees_button(prefix, after)
        return await self.toast(await self.tap(message, prefix))

    async def forge(self, data: str, message_id: int = 1) -> str:
        """Press a button that is not there, and return its toast."""
        return await self.toast(await self.tap({"message_id": message_id}, data, forged=True))

    # The way through a training

    async def to_consent(self) -> Json:
        """Go to the first question of /train."""
        said = await self.say("/train")
        return await self.sees_button("draft:agree", after=said)

    async def to_name(self) -> Json:
        """Go on to the question for the name."""
        await self.to_consent()
        await self.press("draft:agree")
        return await self.reads("ask-name")

    async def to_subject(self) -> Json:
        """Go on to the question for the subject."""
        await self.to_name()
        said = await self.say(self.name)
        return await self.sees_button("subj:", after=said)

    async def to_photos(self) -> Json:
        """Go on to the photo step."""
        await self.to_subject()
        await self.press("subj:")
        return await self.reads("ask-photos", min=5, max=20, recommended=10)

    async def counted(self, accepted: int, patience_s: float = PATIENCE_S) -> Json:
        """Wait until the counter shows so many photos and nothing is being checked."""
        words = self.words("photos-counter", accepted=accepted, min=5, max=20)
        return await self.wait(
            lambda message: words in text_of(message) and "⏳" not in text_of(message),
            words,
            patience_s=patience_s,
        )

    async def to_mode(self, photo_count: int = 5) -> Json:
        """Go on to the question for the mode, with photos sent as albums."""
        await self.to_photos()
        await self.send(*pictures.photos(photo_count))
        return await self.from_photos_to_mode(photo_count)

    async def from_photos_to_mode(self, photo_count: int) -> Json:
        """Wait for the photos to be accepted, and press Done."""
        await self.counted(photo_count)
        await self.press_action("photos:", "done")
        return await self.sees_button("mode:")

    async def press_action(self, prefix: str, action: str) -> str:
        """Press the newest button of a kind whose data ends with an action."""

        def of_action(message: Json) -> list[str]:
            return [data for data in data_of(message, prefix) if data.endswith(f":{action}")]

        what = f"a button {prefix}…:{action}"
        message = await self.wait(lambda message: bool(of_action(message)), what)
        return await self.toast(await self.tap(message, of_action(message)[0]))

    async def to_summary(self, photo_count: int = 5, mode: str = "economy") -> Json:
        """Go on to the summary."""
        await self.to_mode(photo_count)
        await self.press_action("mode:", mode)
        return await self.sees_button("start:")

    async def start_training(self, photo_count: int = 5, mode: str = "economy") -> Json:
        """Start a training; return the message that shows its progress."""
        summary = await self.to_summary(photo_count, mode)
        await self.press("start:")
        return summary

    async def own_model(self) -> Json:
        """Go all the way; return the message that the model is ready."""
        await self.start_training()
        return await self.told_ready()

    async def told_ready(self, after: int = 0, patience_s: float = PATIENCE_S) -> Json:
        """Wait for the message that the model is ready."""
        return await self.wait(
            lambda message: bool(data_of(message, "use:")) and "🎉" in text_of(message),
            "the model is ready",
            after,
            patience_s,
        )

    async def times_told_ready(self) -> int:
        """Count the messages that a model is ready."""
        return sum("🎉" in text_of(message) for message in await self.from_bot())

    async def pictures(self, after: int = 0) -> list[Json]:
        """Return the pictures the bot has sent, but for the examples of the photo step."""
        return [message for message in await self.from_bot(after) if self._is_picture(message)]

    async def gets_picture(self, after: int = 0) -> Json:
        """Wait for a picture."""
        return await self.wait(self._is_picture, "a picture", after)

    def _is_picture(self, message: Json) -> bool:
        examples = self.words("ask-photos", min=5, max=20, recommended=10)
        return "photo" in message and text_of(message) != examples

    async def files(self, after: int = 0) -> list[Json]:
        """Return the files the bot has sent."""
        return [message for message in await self.from_bot(after) if "document" in message]

    async def gets_file(self, after: int = 0, patience_s: float = PATIENCE_S) -> Json:
        """Wait for a file."""
        return await self.wait(lambda message: "document" in message, "a file", after, patience_s)

    # fal's records

    async def trainings(self) -> list[Json]:
        """Return fal's records of this person's trainings; every person's model name is unique."""
        base = self.name.upper().replace(" ", "_") + "_"
        return [
            job
            for job in (await self.sandbox.ask("GET", "fal/jobs"))["jobs"]
            if base in word_of(job["input"] or {})
        ]

    async def generations(self) -> list[Json]:
        """Return fal's records of this person's pictures."""
        base = self.name.upper().replace(" ", "_") + "_"
        return [
            job
            for job in (await self.sandbox.ask("GET", "fal/jobs"))["jobs"]
            if str((job["input"] or {}).get("prompt", "")).startswith(base)
        ]

    async def enlargements(self) -> list[Json]:
        """Return fal's records of this person's pictures being enlarged."""
        urls = {file["url"] for job in await self.generations() for file in job["files"]}
        return [
            job
            for job in (await self.sandbox.ask("GET", "fal/jobs"))["jobs"]
            if (job["input"] or {}).get("image_url") in urls
        ]

    async def one_training(self, state: str | None = None) -> Json:
        """Wait until fal has taken a training (and it is in a state); there must be one only."""

        async def look() -> Json | None:
            jobs = [job for job in await self.trainings() if state in {None, job["state"]}]
            return jobs[0] if jobs else None

        job = await eventually(look, f"a training at fal, {state or 'any'}", tell=self.story)
        assert len(await self.trainings()) == 1
        return job


def word_of(given: Json) -> str:
    """Return what a trainer was told of the person: a trigger word, or a caption that holds it."""
    return str(given.get("trigger_word") or given.get("default_caption") or "")


def of_bot(messages: list[Json], after: int = 0) -> list[Json]:
    """Return those that the bot has sent after a message's id."""
    return [
        message
        for message in messages
        if message["from"]["is_bot"] and message["message_id"] > after
    ]


def text_of(message: Json) -> str:
    """Return the words of a message."""
    return str(message.get("text") or message.get("caption") or "")


def rows_of(message: Json) -> list[list[Json]]:
    """Return the inline keyboard of a message."""
    return list(message.get("reply_markup", {}).get("inline_keyboard", []))


def labels_of(message: Json) -> list[str]:
    """Return what the buttons of a message say."""
    return [button["text"] for row in rows_of(message) for button in row]


def data_of(message: Json, prefix: str) -> list[str]:
    """Return the data of a message's buttons that start so."""
    buttons = [button for row in rows_of(message) for button in row]
    return [
        button["callback_data"]
        for button in buttons
        if button.get("callback_data", "").startswith(prefix)
    ]


def told(message: Json) -> str:
    """Return a message as one line."""
    who = "bot" if message["from"]["is_bot"] else "user"
    kinds = {"photo", "document", "video", "animation", "sticker", "voice"} & set(message)
    what = text_of(message) or f"<{', '.join(sorted(kinds))}>"
    keys = [button.get("callback_data", "-") for row in rows_of(message) for button in row]
    return f"[{message['message_id']}] {who}: {json.dumps(what, ensure_ascii=False)} {keys}"
