"""What the code takes for granted about fal's request history, prices and charges."""

from decimal import Decimal

from services.money.prices import IMAGE_UNITS, MEGAPIXEL_UNITS, STEP_UNITS
from services.verify.about_fal import CANCELLED, PICTURE, TRAINING
from services.verify.assumptions import (
    Assumption,
    Finding,
    confirmed,
    holds,
    not_seen,
    refuted,
)
from services.verify.evidence import Evidence

WITH_Z, WITH_OFFSET = "Z", "+00:00"

SAME = Decimal("0.02")
"""A charge that differs from the price by less than this share is the price."""


def _takes_z(evidence: Evidence) -> Finding:
    status = evidence.dates.get(WITH_Z)
    if status is None or status in {401, 403, 429} or status >= 500:
        return not_seen(f"HTTP {status}" if status else "the history was not asked")
    return holds(status == 200, f"HTTP {status}")


def _refuses_offset(evidence: Evidence) -> Finding:
    status = evidence.dates.get(WITH_OFFSET)
    if status is None or evidence.dates.get(WITH_Z) != 200:
        return not_seen("the history did not answer")
    return holds(400 <= status < 500, f"HTTP {status}")


def _key_may_ask(evidence: Evidence) -> Finding:
    status = evidence.dates.get(WITH_Z)
    if status is None or status >= 500:
        return not_seen("the history did not answer")
    return holds(status not in {401, 403}, f"HTTP {status}")


def _found_by_input(evidence: Evidence) -> Finding:
    looked = [job for job in evidence.jobs if job.ended_s is not None and job.sightings]
    if any(listed for job in looked for _, listed in job.sightings):
        return confirmed("found by its input")
    if any(job.found_bare for job in looked):
        return refuted("listed without its input")
    return not_seen("no request was listed")


def _late(evidence: Evidence) -> Finding:
    seen = [(job, [said for _, said in job.sightings]) for job in evidence.jobs]
    looks = [(job, said) for job, said in seen if said and None not in said]
    if not looks:
        return not_seen("the history did not answer")
    late = [job.name for job, said in looks if said[0] is False]
    return holds(bool(late), f"not listed at the first look: {', '.join(late) or 'none'}")


def _training_unit(evidence: Evidence) -> Finding:
    listed = evidence.prices.get(evidence.plan.trainer)
    if listed is None:
        return not_seen("no price is listed")
    return holds(listed.unit in STEP_UNITS, f"{listed.usd} USD a {listed.unit!r}")


def _picture_unit(evidence: Evidence) -> Finding:
    listed = evidence.prices.get(evidence.plan.generator)
    if listed is None:
        return not_seen("no price is listed")
    known = IMAGE_UNITS | MEGAPIXEL_UNITS
    return holds(listed.unit in known, f"{listed.usd} USD a {listed.unit!r}")


def _training_charge(evidence: Evidence) -> Finding:
    return _charge(evidence, TRAINING)


def _picture_charge(evidence: Evidence) -> Finding:
    return _charge(evidence, PICTURE)


def _charge(evidence: Evidence, name: str) -> Finding:
    job = evidence.job(name)
    if job is None or job.charged_usd is None:
        return not_seen("no charge was seen (FAL_ADMIN_KEY is needed, and charges come late)")
    is_same = abs(job.charged_usd - job.price_usd) <= job.price_usd * SAME
    return holds(is_same, f"charged {job.charged_usd} USD, priced {job.price_usd} USD")


def _cancelled_free(evidence: Evidence) -> Finding:
    job, paid = evidence.job(CANCELLED), evidence.job(PICTURE)
    if job is None or job.stop_said not in {"requested", "removed"}:
        return not_seen("no cancel was taken")
    if job.charged_usd:
        return refuted(f"charged {job.charged_usd} USD, {job.outcome}")
    if paid is None or not paid.charged_usd:
        return not_seen("no charges were seen")
    return confirmed("the other picture has a charge, this one has none")


ABOUT_PLATFORM = (
    Assumption(
        "history-takes-z",
        "The request history takes a start that ends in Z.",
        "services/fal/platform.py: moment",
        _takes_z,
    ),
    Assumption(
        "history-refuses-offset",
        "The request history refuses a start with the offset +00:00.",
        "services/fal/platform.py: moment",
        _refuses_offset,
    ),
    Assumption(
        "history-open-to-key",
        "FAL_KEY may read the request history.",
        "services/jobs/search.py",
        _key_may_ask,
    ),
    Assumption(
        "history-has-inputs",
        "The request history shows inputs, so that a lost submit is found by its marks.",
        "services/fal/platform.py: find_submissions",
        _found_by_input,
    ),
    Assumption(
        "not-listed-proves-nothing",
        "A request that was just submitted may not be listed yet, so a search goes on.",
        "services/jobs/search.py",
        _late,
    ),
    Assumption(
        "training-unit",
        "fal prices the trainer by a unit of steps that is known.",
        "services/money/prices.py: STEP_UNITS",
        _training_unit,
    ),
    Assumption(
        "picture-unit",
        "fal prices the generator by images or megapixels.",
        "services/money/prices.py: IMAGE_UNITS, MEGAPIXEL_UNITS",
        _picture_unit,
    ),
    Assumption(
        "training-charge",
        "A training is charged by its steps, without a least charge.",
        "services/money/prices.py: training_usd",
        _training_charge,
    ),
    Assumption(
        "picture-charge",
        "A picture is charged by whole megapixels, or by the picture.",
        "services/money/prices.py: image_usd",
        _picture_charge,
    ),
    Assumption(
        "cancelled-is-free",
        "A job whose cancel fal has taken is not charged.",
        "services/jobs/endings.py",
        _cancelled_free,
    ),
)
