"""One person of a soak: talks to the bot like somebody impatient, and remembers what was sent."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.e2e.driver import Json, data_of, text_of
from tests.soak.hands import PATIENCE_S, Hands
from tests.soak.odd_files import odd_file
from tests.soak.records import Database
from tests.soak.stage import Stage

JOB_PATIENCE_S = 40.0
ENOUGH = 5
START = "paystart:"


@dataclass
class Walker(Hands):
    """Walks through trainings and generations until cancelled; nothing that fails stops it.

    Attributes:
        photos: Ids of the messages whose photos must have a row.
        odd: What must become of damaged and other odd files, by their messages' ids.
        removals: How often a photo may have been taken back.
        prompts: Every prompt that was sent.
        did: How often each thing was done.
    """

    stage: Stage
    pictures: Sequence[bytes]
    photos: set[int] = field(default_factory=set)
    odd: dict[int, str] = field(default_factory=dict)
    removals: int = 0
    prompts: list[str] = field(default_factory=list)
    did: Counter[str] = field(default_factory=Counter)
    _draft: set[int] = field(default_factory=set)
    _unsent: list[bytes] = field(default_factory=list)
    _since: int = 0

    async def walk(self) -> None:
        """Do one thing after another."""
        await self._pause()
        await self.person.say("/start")
        while True:
            await self._pause()
            has_model = self._newest_data("use:") is not None
            chance = self.dice.random()
            if has_model and chance < 0.5:
                await self._generate()
            elif chance < 0.85:
                await self._train()
            else:
                await self._fidget()

    # Training

    async def _train(self) -> None:
        self._since = await self.person.say("/train")
        self.did["/train"] += 1
        found = await self._press_new("draft", self._since)
        if found is None:
            return
        if found == "draft:agree":
            # Nothing was left behind: what was sent before belongs to trainings that started.
            self._draft, self._unsent = set(), list(self.pictures)
        if found.startswith("draft-left:anew"):
            self._drop_photos()
            found = await self._press_new("draft:agree", self._since)
        if found == "draft:agree" and not await self._introduce():
            return
        await self._photos()

    async def _introduce(self) -> bool:
        asked = await self._see_words("ask-name", self._since)
        if asked is None:
            return False
        said = await self.person.say(self.person.name)
        return await self._press_new("subj:", said) is not None

    async def _photos(self) -> None:
        asked = await self._see_words("ask-photos", self._since)
        if asked is None:
            return
        await self._send(self.dice.randint(ENOUGH, 8))
        await self._send_odd(self.dice.randint(0, 3))
        for _ in range(self.dice.randint(0, 2)):
            await self._change_mind()
        counter = await self._counter()
        if counter is None:
            await self._send(ENOUGH)
            counter = await self._counter()
        if counter is not None and self.dice.random() < 0.4:
            await self._try(counter)
        if counter is not None:
            await self._press(counter, "photos:", "done")
            await self._start()

    async def _try(self, counter: Json) -> None:
        """Have a first picture made of one of the photos, perhaps pressed more than once."""
        before = await self._last_id()
        if self.dice.random() < 0.5:
            await self.person.say("/try")
        else:
            await self._press(counter, "try:show")
        offer = await self._see(lambda message: bool(data_of(message, "try:make:")), before)
        if offer is None:
            return
        style = self.dice.choice(data_of(offer, "try:make:"))
        for _ in range(self.dice.choice((1, 1, 2, 3))):
            await self._tap(offer, style)
        self.did["try"] += 1

    async def _change_mind(self) -> None:
        counter = await self._counter()
        if counter is None:
            return
        if self.dice.random() < 0.7:
            self.removals += 1
            self.did["remove last"] += 1
            await self._press(counter, "photos:", "last")
        else:
            await self._press(counter, "photos:", "over")
            asked = await self._see_button("photos:", "all", counter["message_id"])
            if asked is None:
                return
            self._drop_photos()
            self.did["start over"] += 1
            await self._press(asked, "photos:", "all")
            await self._pause()
            await self._send(self.dice.randint(ENOUGH, 7))

    async def _send(self, count: int) -> None:
        # A picture that the draft has had would only be counted as a repeat.
        self.dice.shuffle(self._unsent)
        chosen, self._unsent = self._unsent[:count], self._unsent[count:]
        if not chosen or not await self._are_photos_taken():
            return
        sent = await self.person.send(*chosen)
        ids = {int(message["message_id"]) for message in sent}
        self.photos |= ids
        self._draft |= ids
        self.did["photos"] += len(chosen)

    async def _send_odd(self, count: int) -> None:
        for _ in range(count):
            if not await self._are_photos_taken():
                return
            file = odd_file(self.dice)
            (sent,) = await self.person.send_file(file.data, file.name, "image/jpeg")
            message_id = int(sent["message_id"])
            self.odd[message_id] = file.verdict
            self.photos.add(message_id)
            self._draft.add(message_id)
            self.did[f"odd file: {file.verdict}"] += 1

    async def _are_photos_taken(self) -> bool:
        """Wait until the bot has handled everything, and say whether it takes photos now.

        A photo sent in another step is answered and not kept, so it would not be missed.
        """
        deadline, database = time.monotonic() + PATIENCE_S, Database(self.stage.database)
        # What a killed replica had taken waits in the inbox until its lease is over.
        waiting = f"SELECT 1 FROM inbox WHERE payload IS NOT NULL AND lane = {self.person.id}"  # noqa: S608  # a number
        while await self.stage.pending_updates() or database.rows(waiting):
            if time.monotonic() > deadline:
                return False
            await self._pause()
        query = "SELECT key FROM dialogue_states WHERE state = 'TrainForm:photos'"
        standing = [row["key"] for row in database.rows(query)]
        return any(f":{self.person.id}:" in key for key in standing)

    def _drop_photos(self) -> None:
        self.photos -= self._draft
        self._draft, self._unsent = set(), list(self.pictures)

    async def _counter(self) -> Json | None:
        def is_ready(message: Json) -> bool:
            done = any(data.endswith(":done") for data in data_of(message, "photos:"))
            return done and "⏳" not in text_of(message)

        return await self.chats.see(self.person.id, is_ready, 0, PATIENCE_S)

    async def _start(self) -> None:
        if await self._press_new("mode:", 0) is None:
            return
        summary = await self._see(lambda message: bool(data_of(message, START)), 0)
        if summary is None:
            return
        before = await self._last_id()
        for _ in range(self.dice.choice((1, 1, 2, 3))):
            await self._press(summary, START)
        self.did["start"] += 1
        if self.dice.random() < 0.25:
            await self._pause()
            await self._press_newest("tr:", "cancel")
            asked = await self._see_button("tr:", "stop", before)
            if asked is not None:
                await self._press(asked, "tr:", self.dice.choice(("stop", "keep")))
                self.did["cancel"] += 1
        await self._await_end(before)

    async def _await_end(self, before: int) -> None:
        def is_end(message: Json) -> bool:
            retry = any(data.endswith(":retry") for data in data_of(message, "tr:"))
            return "🎉" in text_of(message) or retry

        end = await self._see(is_end, before, JOB_PATIENCE_S)
        if end is not None and "🎉" not in text_of(end) and self.dice.random() < 0.6:
            for _ in range(self.dice.choice((1, 2))):
                await self._press(end, "tr:", "retry")
            self.did["retry"] += 1
            await self._see(is_end, end["message_id"], JOB_PATIENCE_S)

    # Generation

    async def _generate(self) -> None:
        prompt = f"portrait photo {len(self.prompts) + 1} of {self.person.id}"
        self.prompts.append(prompt)
        said = await self.person.say(f"/generate {prompt}")
        self.did["generate"] += 1
        if self.dice.random() < 0.5:
            return
        end = await self._see(lambda message: bool(data_of(message, "res:again:")), said)
        if end is not None and self.dice.random() < 0.4:
            for _ in range(self.dice.choice((1, 2, 3))):
                await self._press(end, "res:again:")
            self.did["again"] += 1
        elif end is not None and self.dice.random() < 0.5:
            await self._enlarge(end)
        elif end is not None:
            await self._change(end)

    async def _change(self, result: Json) -> None:
        """Have a picture retouched, or changed by words."""
        before = await self._last_id()
        await self._press(result, "pic:change:")
        question = await self._see_button("edit:make:", "retouch", before)
        if question is None:
            return
        if self.dice.random() < 0.5:
            for _ in range(self.dice.choice((1, 2, 3))):
                await self._press(question, "edit:make:", ":retouch")
            self.did["retouch"] += 1
            return
        self.prompts.append(f"a red hat {len(self.prompts) + 1} of {self.person.id}")
        await self.person.say(self.prompts[-1])
        self.did["change"] += 1

    async def _enlarge(self, result: Json) -> None:
        await self._press(result, "res:more:")
        more = await self._see(
            lambda message: bool(data_of(message, "pic:large:")), result["message_id"] - 1
        )
        if more is None:
            return
        for _ in range(self.dice.choice((1, 2, 3))):
            await self._press(more, "pic:large:")
        self.did["enlarge"] += 1

    # Anything else

    async def _fidget(self) -> None:
        what = self.dice.choice(("/status", "/models", "/help", "/cancel", "hm?", "forge"))
        self.did["other"] += 1
        if what == "forge":
            await self.person.tap({"message_id": 1}, "start:0123456789abcdef", forged=True)
        else:
            await self.person.say(what)
