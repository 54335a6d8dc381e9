"""The records after a soak: fal's, the bot's database and the chats must agree."""

import itertools
import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import make_url

from tests.e2e.driver import Json, text_of
from tests.soak.chats import Send
from tests.soak.postgres import rows_of

Row = dict[str, Any]


class Database:
    """The bot's database, of which only is read."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)

    def rows(self, query: str) -> list[Row]:
        """Return what a query finds."""
        if self._url.get_backend_name() != "sqlite":
            return rows_of(self._url.render_as_string(hide_password=False), query)
        uri = f"file:{self._url.database}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=10)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(query)]

    def unsettled(self) -> list[str]:
        """Return what is still under way, untold or unchecked."""
        queries = {
            "update": "SELECT update_id AS id, 'taken' AS state FROM inbox"
            " WHERE payload IS NOT NULL",
            "training": "SELECT id, state FROM trainings WHERE NOT is_settled",
            "generation": "SELECT id, state FROM generations"
            " WHERE announced_at IS NULL OR status_message_id IS NOT NULL",
            "enlargement": "SELECT id, state FROM enlargements WHERE announced_at IS NULL",
            "photo": "SELECT p.id, p.state FROM photos p JOIN drafts d ON d.id = p.training_id"
            " WHERE p.state = 'pending'",
        }
        return [
            f"{kind} {row['id']} is left in state {row['state']}"
            for kind, query in queries.items()
            for row in self.rows(query)
        ]


class Records:
    """Everything that is compared; each check yields what is wrong."""

    def __init__(self, database: Database, jobs: Sequence[Json]) -> None:
        self.trainings = database.rows("SELECT * FROM trainings")
        self.generations = database.rows("SELECT * FROM generations")
        self.enlargements = database.rows("SELECT * FROM enlargements")
        self.models = database.rows("SELECT * FROM models")
        self.charges = {row["id"]: row for row in database.rows("SELECT * FROM charges")}
        self.photos = database.rows(
            "SELECT user_id, message_id, label, state, refusal"
            " FROM photos JOIN photo_sets s ON s.id = training_id"
        )
        self.jobs = jobs

    def jobs_and_rows(self) -> Iterator[str]:
        """Every submit belongs to one row and every row has at most one submit."""
        by_word = {row["trigger_word"]: row for row in self.trainings}
        by_seed = {row["seed"]: row for row in self.generations}
        owned: dict[str, list[Json]] = defaultdict(list)
        for job in self.jobs:
            given = job["input"]
            if "image_url" in given:
                # See `enlarged_once`.
                continue
            row = by_word.get(given.get("trigger_word")) or by_seed.get(given.get("seed"))
            if row is None:
                yield f"request {job['request_id']} belongs to no row"
                continue
            owned[row["id"]].append(job)
            yield from self._charge_of(row, job)
        for row in [*self.trainings, *self.generations]:
            ids = [job["request_id"] for job in owned[row["id"]]]
            if len(ids) > 1:
                yield f"row {row['id']} was paid {len(ids)} times: {ids}"
            told_unknown = row["failure"] == "submit_unknown" and row["request_id"] is None
            if row["request_id"] not in ids and (row["request_id"] or (ids and not told_unknown)):
                yield f"row {row['id']} ({row['state']}) says {row['request_id']}, fal {ids}"

    def enlarged_once(self) -> Iterator[str]:
        """No picture is enlarged more often than somebody asked, and what a row names is there."""
        asked = Counter(row["source_url"] for row in self.enlargements)
        jobs = [job for job in self.jobs if "image_url" in job["input"]]
        for url, times in Counter(job["input"]["image_url"] for job in jobs).items():
            if times > asked[url]:
                yield f"a picture was enlarged {times} times for {asked[url]} rows: {url}"
        known = {job["request_id"] for job in jobs}
        for row in self.enlargements:
            if row["request_id"] and row["request_id"] not in known:
                yield f"enlargement {row['id']} says {row['request_id']}, which fal never had"
            if row["announced_at"] is None:
                yield f"enlargement {row['id']} ({row['state']}) was not told"

    def _charge_of(self, row: Row, job: Json) -> Iterator[str]:
        charge = self.charges.get(row["id"])
        if charge is None:
            yield f"request {job['request_id']} of row {row['id']} has no charge"
        elif charge["released_at"] is not None and job["charged_usd"] > 0:
            yield f"request {job['request_id']} was charged by fal, but released here"

    def budgets(self, budget_usd: float) -> Iterator[str]:
        """Charges stay under the limit, and nothing is charged that was never ordered."""
        spent = sum(row["usd"] for row in self.charges.values() if row["released_at"] is None)
        if spent / 1e6 > budget_usd:
            yield f"{spent / 1e6} USD were promised, over the limit"
        known = {row["id"] for row in [*self.trainings, *self.generations, *self.enlargements]}
        yield from (
            f"charge {name} has no row"
            for name, charge in self.charges.items()
            if name not in known and charge["kind"] != "prompt"
        )

    def one_at_a_time(self) -> Iterator[str]:
        """Nobody has two trainings at fal at once, but for those whose outcome was unknown."""
        words = {row["trigger_word"]: row for row in self.trainings}
        spans: dict[int, list[tuple[float, float]]] = defaultdict(list)
        for job in self.jobs:
            row = words.get(job["input"].get("trigger_word"))
            if row is not None and row["request_id"] and row["failure"] != "deadline":
                spans[row["user_id"]].append((job["submitted_at"], job["ended_at"] or 1e12))
        for user_id, times in spans.items():
            times.sort()
            for (_, end), (start, _) in itertools.pairwise(times):
                if start < end:
                    yield f"user {user_id} had two trainings at fal at once"

    def endings(self) -> Iterator[str]:
        """Every completed training has one model, and every end was told."""
        models = Counter(model["training_id"] for model in self.models)
        for row in self.trainings:
            if models[row["id"]] != (row["state"] == "completed"):
                yield f"training {row['id']} ({row['state']}) has {models[row['id']]} models"
            if row["announced_at"] is None:
                yield f"training {row['id']} ({row['state']}) was not told"
        for row in self.generations:
            if row["announced_at"] is None:
                yield f"generation {row['id']} ({row['state']}) was not told"

    def photos_of(self, user_id: int, sent: set[int], removals: int) -> Iterator[str]:
        """Every photo that was sent has a row, but for those that were taken back."""
        kept = {row["message_id"] for row in self.photos if row["user_id"] == user_id}
        lost = sorted(sent - kept)
        if len(lost) > removals:
            yield f"user {user_id} took back at most {removals} photos, but {lost} have no row"

    def odd_files_of(self, user_id: int, sent: Mapping[int, str]) -> Iterator[str]:
        """Every odd file got its verdict, as far as its row was not taken back.

        Photos beyond the maximum are refused for that, and a kill in each of two checks is held
        against the photo that was in work.
        """
        for row in self.photos:
            wanted = sent.get(row["message_id"]) if row["user_id"] == user_id else None
            verdict = row["refusal"] or row["state"]
            if wanted is not None and verdict not in {wanted, "too_many", "uncheckable"}:
                name = f"{row['label']} in message {row['message_id']}"
                yield f"user {user_id}: {name} is {wanted} and was found {verdict}"

    def deliveries(
        self, chats: dict[int, list[Json]], sends: Sequence[Send], kills: Sequence[float]
    ) -> Iterator[str]:
        """Each model and each picture arrived once; more often only where an answer was lost."""
        expected: dict[tuple[int, str], list[float]] = defaultdict(list)
        for row in self.trainings:
            if row["state"] == "completed":
                expected[row["chat_id"], row["trigger_word"]].append(_told_at(row))
        for row in self.generations:
            if row["state"] == "made":
                expected[row["chat_id"], _caption(row)].append(_told_at(row))
        for (chat_id, words), notes in expected.items():
            seen = sum(_is_delivery(message, words) for message in chats[chat_id])
            excused = sum(
                _may_come_again(send, kills, notes)
                for send in sends
                if send.chat_id == chat_id and words in send.text
            )
            times = len(notes)
            if not times <= seen <= times + excused:
                yield f"chat {chat_id} got {words!r} {seen} times, not {times} (+{excused})"


def _caption(row: Row) -> str:
    """Return the words under a picture: the name of a ready change or style, or the prompt."""
    title = row["title"]
    if isinstance(title, str):
        title = json.loads(title)
    return str(title["en"] if title else row["prompt"])


def _is_delivery(message: Json, words: str) -> bool:
    if "photo" in message:
        return text_of(message).startswith(f"{words}\n")
    return "🎉" in text_of(message) and words in text_of(message)


def _told_at(row: Row) -> float:
    """Return when the bot noted that a row was told; never is after everything."""
    if row["announced_at"] is None:
        return float("inf")
    return datetime.fromisoformat(row["announced_at"]).replace(tzinfo=UTC).timestamp()


def _may_come_again(send: Send, kills: Sequence[float], notes: Sequence[float]) -> bool:
    """Return whether the answer to a message was lost, or the bot killed before it noted it."""
    noted_at = min((note for note in notes if note > send.at), default=float("inf"))
    return send.status == 0 or any(send.at < kill < noted_at for kill in kills)
