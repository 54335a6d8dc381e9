"""What the code takes for granted about fal's queue, results and files."""

from services.errors import FalJobCancelled
from services.fal.outputs import IMAGE_PLACES, LORA_PLACES
from services.fal.progress import percent_of
from services.verify.assumptions import Assumption, Finding, holds, not_seen, refuted
from services.verify.evidence import Asked, Evidence, JobSeen

TRAINING, PICTURE, EDIT, CANCELLED = "training", "picture", "edit", "cancelled picture"

KNOWN_STATUSES = frozenset({"IN_QUEUE", "IN_PROGRESS", "COMPLETED"})
CANCEL_WORDS = frozenset({"CANCELLATION_REQUESTED", "ALREADY_COMPLETED", "NOT_FOUND", "OK"})
NAMED_BY_SUBMIT = ("request_id", "status_url", "response_url", "cancel_url")


def _submit(evidence: Evidence) -> Finding:
    answers = [answer for answer in evidence.of(Asked.SUBMIT) if answer.status < 300]
    if not answers:
        return not_seen("no submit was accepted")
    missing = {name for name in NAMED_BY_SUBMIT for a in answers if not a.body.get(name)}
    return holds(not missing, f"missing: {', '.join(sorted(missing)) or 'nothing'}")


def _statuses(evidence: Evidence) -> Finding:
    words = {word for job in evidence.jobs for _, word in job.states}
    if not words:
        return not_seen("no status was answered")
    return holds(words <= KNOWN_STATUSES, ", ".join(sorted(words)))


def _logs(evidence: Evidence) -> Finding:
    job = evidence.job(TRAINING)
    if job is None or not job.states:
        return not_seen("no training was watched")
    if not job.logs:
        return refuted("the training told no log line")
    percent = percent_of(job.log_lines, evidence.plan.steps)
    return holds(percent is not None, f"{len(job.logs)} lines, read as {percent} %")


def _trained(evidence: Evidence) -> Finding:
    return _outcome(evidence.job(TRAINING), "no training was submitted")


def _outcome(job: JobSeen | None, otherwise: str) -> Finding:
    if job is None or not job.outcome:
        return not_seen(otherwise)
    return holds(job.outcome == "ok", job.outcome)


def _edited(evidence: Evidence) -> Finding:
    return _outcome(evidence.job(EDIT), "no picture was changed")


def _lora_place(evidence: Evidence) -> Finding:
    return _place(evidence, TRAINING, LORA_PLACES[0])


def _image_place(evidence: Evidence) -> Finding:
    return _place(evidence, PICTURE, IMAGE_PLACES[0])


def _place(evidence: Evidence, name: str, place: str) -> Finding:
    job = evidence.job(name)
    answers = [a for a in evidence.of(Asked.RESULT, job) if a.status == 200] if job else []
    if not answers:
        return not_seen("there was no result")
    return holds(place in answers[-1].body, f"fields: {', '.join(sorted(answers[-1].body))}")


def _request_id_header(evidence: Evidence) -> Finding:
    answers = [*evidence.of(Asked.STATUS), *evidence.of(Asked.RESULT)]
    if not answers:
        return not_seen("nothing was answered")
    without = sum("x-fal-request-id" not in answer.headers for answer in answers)
    return holds(without == 0, f"missing in {without} of {len(answers)} answers")


def _files_open(evidence: Evidence) -> Finding:
    statuses = sorted({answer.status for answer in evidence.of(Asked.FILE)})
    if not statuses:
        return not_seen("no file was fetched")
    return holds(max(statuses) < 400, f"HTTP {', '.join(map(str, statuses))}")


def _files_stay(evidence: Evidence) -> Finding:
    named = {
        f"{name}: {value}"
        for answer in evidence.of(Asked.FILE)
        if answer.path.lower().endswith(".safetensors")
        for name, value in answer.headers.items()
        if "expir" in name.lower() or "lifecycle" in name.lower()
    }
    if not named:
        return not_seen("no header of the weights names an expiry; look again after weeks")
    is_never = all("null" in each or each.endswith(": 0") for each in named)
    return holds(is_never, "; ".join(sorted(named)))


def _cancel_answer(evidence: Evidence) -> Finding:
    answers = list(evidence.of(Asked.CANCEL))
    if not answers:
        return not_seen("nothing was cancelled")
    said = answers[0].body.get("status")
    return holds(said in CANCEL_WORDS, f"HTTP {answers[0].status}, {said}")


def _cancel_ends(evidence: Evidence) -> Finding:
    job = evidence.job(CANCELLED)
    if job is None or not job.outcome:
        return not_seen("no cancelled job came to an end")
    if job.stop_said not in {"requested", "removed"}:
        return not_seen(f"the cancel was answered: {job.stop_said}")
    is_cancelled = job.outcome.startswith((FalJobCancelled.__name__, "FalResultGone"))
    states = " -> ".join(dict.fromkeys(word for _, word in job.states)) or "no status"
    return holds(is_cancelled, f"{states}, then {job.outcome}")


ABOUT_FAL = (
    Assumption(
        "submit-names-addresses",
        "An accepted submit names the request and its addresses for status, result and cancel.",
        "services/fal/client.py: _accepted",
        _submit,
    ),
    Assumption(
        "three-statuses",
        "The queue says IN_QUEUE, IN_PROGRESS or COMPLETED and nothing else.",
        "services/fal/statuses.py",
        _statuses,
    ),
    Assumption(
        "logs-tell-steps",
        "The log lines of a training count its steps, so that progress can be shown.",
        "services/fal/progress.py",
        _logs,
    ),
    Assumption(
        "archive-is-read",
        "The trainer reads an uploaded archive that expires after 7 days, and takes our input.",
        "services/fal/client.py: upload_archive, services/fal/training_inputs.py",
        _trained,
    ),
    Assumption(
        "lora-place",
        f"The result of a training has the weights in {LORA_PLACES[0]}.",
        "services/fal/outputs.py",
        _lora_place,
    ),
    Assumption(
        "image-place",
        f"The result of a generation has the pictures in {IMAGE_PLACES[0]}.",
        "services/fal/outputs.py",
        _image_place,
    ),
    Assumption(
        "edit-takes-our-fields",
        "The edit model takes our fields, reads a picture of fal's by its address and makes one.",
        "services/fal/editors.py",
        _edited,
    ),
    Assumption(
        "request-id-header",
        "Every answer about a job carries x-fal-request-id.",
        "services/fal/failures.py: _is_of_the_job",
        _request_id_header,
    ),
    Assumption(
        "files-need-no-key",
        "The files of a result are fetched without a key.",
        "services/fal/files.py",
        _files_open,
    ),
    Assumption(
        "weights-stay",
        "Weights made under a lifecycle of null never expire.",
        "services/fal/client.py: KEPT_FOR_GOOD",
        _files_stay,
    ),
    Assumption(
        "cancel-words",
        "A cancel is answered with a status word that is known.",
        "services/fal/client.py: cancel",
        _cancel_answer,
    ),
    Assumption(
        "cancel-ends-a-job",
        "A job whose cancel fal has taken ends without a result (499), or is gone (404).",
        "services/fal/failures.py: error_of_result",
        _cancel_ends,
    ),
)
