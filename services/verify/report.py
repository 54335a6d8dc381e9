"""The report, as Markdown without secrets: of an address only the host is left."""

import re
from collections.abc import Iterable, Iterator, Sequence

from services.fal.words import Words
from services.verify.about_telegram import ASSUMPTIONS
from services.verify.evidence import Asked, Evidence, Exchange, JobSeen

HIDDEN = "[hidden]"

_SHOWN_HEADERS = re.compile(
    r"x-fal-.*|cache-control|content-(?:type|length|disposition)|expires|age|date|etag"
    r"|last-modified|retry-after|server|x-.*expir.*|x-.*lifecycle.*|x-ratelimit-.*"
)

_WORDS = Words()


def report(evidence: Evidence, secrets: Iterable[str]) -> str:
    """Return the report; `secrets` and their parts are blotted out wherever they are."""
    plan = evidence.plan
    parts = [
        "# What the real services say",
        f"{plan.trainer}, steps: {plan.steps}; {plan.generator};"
        f" at most {plan.bound_usd} USD. Times are seconds from the beginning.",
        "## Assumptions",
        _table(
            ("id", "verdict", "assumption", "relied on in", "seen"),
            _judged(evidence),
        ),
        "## What went otherwise than planned",
        "\n".join(f"- {_clean(line)}" for line in evidence.trouble) or "Nothing.",
        *(_job(job) for job in evidence.jobs),
        "## Prices",
        _table(
            ("endpoint", "unit price (USD)", "unit"),
            [(p.endpoint, str(p.usd), p.unit) for p in evidence.prices.values()],
        ),
        "## Dates in questions to the history",
        _table(("form", "HTTP"), [(form, str(code)) for form, code in evidence.dates.items()]),
        "## Telegram",
        _table(
            ("sent", "taken", "said"),
            [(what, str(a.is_ok), a.said) for what, a in evidence.chat.items()],
        ),
        f"Flood: {evidence.flood or 'not asked (--flood)'}",
        "## Headers",
        *(_headers(evidence, asked) for asked in Asked),
    ]
    text = "\n\n".join(part for part in parts if part) + "\n"
    for secret in _forms(secrets):
        text = text.replace(secret, HIDDEN)
    return text


def summary(evidence: Evidence) -> Sequence[str]:
    """Return a line for each assumption."""
    return [f"{row[1]:<9}  {row[0]}: {row[4]}" for row in _judged(evidence)]


def _judged(evidence: Evidence) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for assumption in ASSUMPTIONS:
        finding = assumption.judge(evidence)
        rows.append(
            (
                assumption.id,
                finding.verdict.value,
                assumption.sentence,
                f"`{assumption.where}`",
                _clean(finding.seen),
            )
        )
    return rows


def _job(job: JobSeen) -> str:
    request_id = job.job.request_id if job.job else "not known"
    states = ", ".join(f"{at_s}: {word}" for at_s, word in job.states)
    looks = ", ".join(f"{at_s}: {_listed(said)}" for at_s, said in _changes(job))
    charged = "not seen" if job.charged_usd is None else f"{job.charged_usd} USD"
    lines = [
        f"## The {job.name}",
        f"- request {request_id} at {job.endpoint}, submitted at {job.submitted_s}",
        f"- states: {states or 'none'}",
        f"- end: {job.ended_s if job.ended_s is not None else 'not seen'}, {_clean(job.outcome)}",
        f"- in the request history: {looks or 'not looked'}",
        f"- priced {job.price_usd} USD, charged: {charged}",
    ]
    if job.stop_said:
        lines.append(f"- a cancel was answered: {_clean(job.stop_said)}")
    logs = [f"{at_s}: [{_clean(when)}] {_clean(line)}" for (when, line), at_s in job.logs.items()]
    block = "\n".join(["```text", *(line.replace("```", "'''") for line in logs), "```"])
    return "\n".join(lines) + (f"\n\n{block}" if logs else "")


def _changes(job: JobSeen) -> Iterator[tuple[float, bool | None]]:
    """Yield the looks at which the history said something else than before, and the last."""
    looks = job.sightings
    for number, look in enumerate(looks):
        if not number or look[1] is not looks[number - 1][1] or number == len(looks) - 1:
            yield look


def _listed(said: bool | None) -> str:  # noqa: FBT001  # what was seen
    return {None: "refused", True: "listed", False: "not listed"}[said]


def _headers(evidence: Evidence, asked: Asked) -> str:
    answers = [*evidence.of(asked)]
    if not answers or asked is Asked.OTHER:
        return ""
    seen: dict[str, str] = {}
    for answer in answers:
        seen |= dict(_shown(answer))
    codes = ", ".join(map(str, sorted({answer.status for answer in answers})))
    return f"{asked.value}: HTTP {codes}\n\n" + _table(("header", "last value"), seen.items())


def _shown(answer: Exchange) -> Iterator[tuple[str, str]]:
    for name, value in answer.headers.items():
        if _SHOWN_HEADERS.fullmatch(name.lower()):
            yield name.lower(), _clean(value)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [" | ".join(cell.replace("|", "\\|") for cell in row) for row in rows]
    if not lines:
        return "Not seen."
    ruler = "|".join(["---"] * len(head))
    return "\n".join(f"| {line} |" for line in (" | ".join(head), ruler, *lines))


def _clean(text: str) -> str:
    return _WORDS.short(text)


def _forms(secrets: Iterable[str]) -> list[str]:
    parts = {part for secret in secrets for part in (secret, *secret.split(":")) if len(part) > 7}
    return sorted(parts, key=len, reverse=True)
