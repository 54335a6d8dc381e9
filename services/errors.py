"""Every error the product expects, in one tree.

```text
DomainError                     something the user can be told; each leaf has a sentence
├── InvalidName                 the model name is empty or too long
├── InvalidPrompt               the prompt is empty or too long
├── UnknownOption               the prompt names an option that there is not
├── BadOptionValue              the prompt gives an option a value that is not allowed
├── MissingOptionValue          the prompt names an option without a value
├── RepeatedOption              the prompt names an option twice
├── StaleButton                 the button belongs to something that has moved on
├── TooFewPhotos                not enough accepted photos to go on
├── UnknownPhotos               no photos have these numbers
├── PhotosStillChecking         some photos are still being looked at
├── PictureOnItsWay             the picture has not been delivered yet
├── NothingToCancel             the training has ended, or is just being handed to fal
├── NoModelYet                  a generation was asked for, and there is no model
├── StillTraining               a generation was asked for, and its model is being trained
├── PresetGone                  the operator's file of presets no longer has it
├── NotFound                    no such training or model, or it is somebody else's
├── DraftPhotoGone              the photo is not in the draft any more
├── NotAllowed                  the operator lets only some people in
├── Blocked                     an admin keeps the user out
├── NotClaimed                  the bot has no admin yet, and nobody else is let in
├── TooManyRunning              enough trainings of the user are under way
├── DailyTrainingsReached       the user has had enough trainings in 24 hours
├── DailyImagesReached          the user has had enough pictures in 24 hours
├── BudgetSpent                 the bot has spent enough in 24 hours
├── CreditsMissing              the user has too few credits for an order
├── AlreadySubscribed           the user has a subscription that is renewed
├── PriceChanged                what was confirmed has another price by now
├── CodeUnknown                 there is no such code
├── CodeExpired                 the code's time is over
├── CodeUsedUp                  the code was used as often as it can be
├── CodeUsedAlready             the user has used the code before
├── LoanOver                    a borrowed model is lent no more
├── LoanUsedUp                  a loan has fewer pictures left than were ordered
├── SecondUnfit                 two models cannot be in one picture, or one no more
├── LoanGone                    there is no such offer of a model, or no more
├── LoanOwn                     the model that a link offers is the user's own
├── TooManyLoans                the model is offered and lent often enough
├── NobodyToAsk                 there is no admin to write to
├── SupportTooLong              what is written to the operator is too long
├── SupportTooOften             the user has written enough to the operator for an hour
├── ExportUnderWay              a copy of the user's data is being made already
├── ExportTooSoon               the user has had a copy of their data within a day
├── PhotosDiffer                a draft has other photos than those that were named
├── KeyLimitReached             a personal key has ordered enough in 24 hours
├── BadWebhookAddress           no message is sent to such an address
├── RequestKeyReused            the same Idempotency-Key came with another request
├── UnderMaintenance            admins take no new orders now
└── ServicePaused               fal takes nothing from us now: key or balance

FalError                        what the fal gateway raises; the carriers turn it into states
├── FalUnavailable              nothing was accepted; the same call may be made again later
│   ├── FalRefusesKey           key or balance, while a job is watched: the job itself goes on
│   └── FalResultUnreadable     fal answered 200, so it was made and paid, but names no file
├── FalOutcomeUnknown           a submit may have been accepted; it must not be sent again
├── FalAccount                  key or balance: the operator's matter
├── FalRejected                 fal refused our input
│   └── FalEndpointGone         fal does not know such an endpoint (any more)
├── FalJobFailed                the job ended without a result
│   └── FalJobCancelled         because it was cancelled
└── FalResultGone               fal does not have it: 404 or 410
    └── FalFileRefused          a file that is never taken: its address or its size

PhotoSourceError                what fetching a photo from Telegram raises
├── PhotoUnavailable            try again later
└── PhotoGone                   the file cannot be fetched any more

StoreUnavailable                the operator's store does not take or give a file now

DeliveryFailed                  Telegram did not take a message; it is tried again later
└── UserUnreachable             the user has blocked the bot; it waits until they return
```

Anything else that is raised is a bug.
"""

from collections.abc import Mapping
from typing import Any, ClassVar


class DomainError(Exception):
    """Something the user can be told. `code` names the sentence, `params` fill it."""

    code: ClassVar[str] = ""

    def __init__(self, **params: int | str) -> None:
        super().__init__(self.code)
        self.params = params


class InvalidName(DomainError):
    """The model name is empty or longer than allowed. Params: max."""

    code = "invalid-name"


class InvalidPrompt(DomainError):
    """The prompt is empty or longer than allowed. Params: max, length."""

    code = "invalid-prompt"


class UnknownOption(DomainError):
    """The prompt names an option that there is not. Params: option."""

    code = "unknown-option"


class BadOptionValue(DomainError):
    """An option in the prompt has a value that is not allowed. Params: option, value, allowed."""

    code = "bad-option-value"


class MissingOptionValue(DomainError):
    """An option in the prompt has no value. Params: option, allowed."""

    code = "missing-option-value"


class RepeatedOption(DomainError):
    """The prompt names an option twice. Params: option."""

    code = "repeated-option"


class ConsentChanged(DomainError):
    """The photos were given under another wording of the consent."""

    code = "consent-changed"


class StaleButton(DomainError):
    """The pressed button belongs to a step or a thing that has moved on."""

    code = "stale-button"


class TooFewPhotos(DomainError):
    """Not enough accepted photos. Params: accepted, min."""

    code = "too-few-photos"


class UnknownPhotos(DomainError):
    """Photos were called by numbers that none has. Params: numbers, count."""

    code = "unknown-photos"


class PhotosStillChecking(DomainError):
    """Some photos are still being checked. Params: pending."""

    code = "photos-still-checking"


class NothingToCancel(DomainError):
    """The training cannot be cancelled any more, or not at this very moment."""

    code = "nothing-to-cancel"


class PictureOnItsWay(DomainError):
    """The picture cannot be deleted before it has been delivered."""

    code = "picture-on-its-way"


class NoModelYet(DomainError):
    """The user has no model to generate with."""

    code = "no-model-yet"


class StillTraining(DomainError):
    """The user has no model to generate with, but one is being trained. Params: name."""

    code = "still-training"


class PresetGone(DomainError):
    """The file of presets was changed, and the pressed button is from before."""

    code = "preset-gone"


class NotFound(DomainError):
    """No such thing, or it belongs to somebody else; the two are never told apart."""

    code = "not-found"


class DraftPhotoGone(DomainError):
    """The photo is not among those of the user's draft any more, or never was."""

    code = "draft-photo-gone"


class NotAllowed(DomainError):
    """The operator lets only some people use the bot. Params: id."""

    code = "not-allowed"


class Blocked(DomainError):
    """An admin keeps the user out."""

    code = "blocked"


class NotClaimed(DomainError):
    """The bot waits for its admin, who has a one-time code; nobody else is let in."""

    code = "not-claimed"


class TooManyRunning(DomainError):
    """Enough trainings of the user are under way. Params: max."""

    code = "too-many-running"


class DailyTrainingsReached(DomainError):
    """The user has had enough trainings in 24 hours. Params: max, hours."""

    code = "daily-trainings-reached"


class DailyImagesReached(DomainError):
    """The user has had enough pictures in 24 hours. Params: max, hours."""

    code = "daily-images-reached"


class BudgetSpent(DomainError):
    """The whole bot has spent enough in 24 hours. Params: hours."""

    code = "budget-spent"


class CreditsMissing(DomainError):
    """The user has too few credits for an order. Params: price, missing.

    `request` says what was to be ordered, so that it can be named, and go on once it is
    paid.
    """

    code = "credits-missing"
    request: Mapping[str, Any] | None = None


class PriceChanged(DomainError):
    """What was confirmed has another price by now; nothing was ordered. Params: price."""

    code = "price-changed"


class AlreadySubscribed(DomainError):
    """The user has a subscription that is renewed."""

    code = "already-subscribed"


class CodeUnknown(DomainError):
    """There is no such code."""

    code = "code-unknown"


class CodeExpired(DomainError):
    """The time of the code is over."""

    code = "code-expired"


class CodeUsedUp(DomainError):
    """The code was used as often as it can be."""

    code = "code-used-up"


class CodeUsedAlready(DomainError):
    """The user has used the code before."""

    code = "code-used-already"


class LoanOver(DomainError):
    """The borrowed model was taken back or deleted, or the time of the loan is over."""

    code = "loan-over"


class LoanUsedUp(DomainError):
    """The loan has fewer pictures left than were ordered. Params: left, count."""

    code = "loan-used-up"


class SecondUnfit(DomainError):
    """Two people were asked for whose models cannot be in one picture, or can no more."""

    code = "second-unfit"


class LoanGone(DomainError):
    """There is no such offer of a model, or no more."""

    code = "loan-gone"


class LoanOwn(DomainError):
    """The model that a link offers is the user's own."""

    code = "loan-own"


class TooManyLoans(DomainError):
    """The model is offered and lent often enough. Params: max."""

    code = "too-many-loans"


class NobodyToAsk(DomainError):
    """There is no admin to write to. Params: id."""

    code = "nobody-to-ask"


class SupportTooLong(DomainError):
    """What is written to the operator has too many signs. Params: max."""

    code = "support-too-long"


class SupportTooOften(DomainError):
    """The user has written enough to the operator for an hour. Params: max."""

    code = "support-too-often"


class ExportUnderWay(DomainError):
    """A copy of the user's data is being made already."""

    code = "export-under-way"


class ExportTooSoon(DomainError):
    """The user has had a copy of their data within a day. Params: at (a moment in UTC)."""

    code = "export-too-soon"


class PhotosDiffer(DomainError):
    """A draft would be trained on other photos than those that were named. Params: accepted."""

    code = "photos-differ"


class KeyLimitReached(DomainError):
    """A personal key has ordered all it may in 24 hours. Params: max, hours."""

    code = "key-limit-reached"


class BadWebhookAddress(DomainError):
    """Messages for a user's program are not sent to such an address."""

    code = "bad-webhook-address"


class RequestKeyReused(DomainError):
    """The caller's Idempotency-Key belongs to another request of theirs."""

    code = "request-key-reused"


class UnderMaintenance(DomainError):
    """Admins take no new orders now; what runs goes on."""

    code = "under-maintenance"


class ServicePaused(DomainError):
    """fal takes nothing from us now; the operator knows."""

    code = "service-paused"


class FalError(Exception):
    """What the fal gateway raises. The text holds no key, but fal may repeat a prompt in it.

    It is for rows and admins; the log of a job names the kind of the error instead.

    Args:
        detail: What happened, filtered and of bounded length.
        is_outage: Whether fal, or the way to it, is down: no connection, no answer in time, a
            server error or too many requests. Refusals and odd answers are no outage.
    """

    def __init__(self, detail: str = "", *, is_outage: bool = False) -> None:
        super().__init__(detail)
        self.is_outage = is_outage


class FalUnavailable(FalError):
    """Nothing was accepted; the same call may be made again later."""


class FalRefusesKey(FalUnavailable):
    """fal refuses the key or has locked the account while a job is watched; the job goes on."""


class FalResultUnreadable(FalUnavailable):
    """fal answered a result with 200, but no file can be found in the answer.

    The job was done and is paid, so it never counts as failed. A later look may be read; what
    cannot be read in the end is kept for the admin.

    Args:
        detail: What is wrong, for the log.
        raw: fal's answer as text, without our keys and of bounded length.
    """

    def __init__(self, detail: str, raw: str = "") -> None:
        super().__init__(detail)
        self.raw = raw


class FalOutcomeUnknown(FalError):
    """A submit may have been accepted; sending it again may be paid twice."""


class FalAccount(FalError):
    """fal refuses the key or the balance is exhausted: only the operator can help."""


class FalRejected(FalError):
    """fal refused our input.

    Args:
        detail: fal's words, for the log.
        error_type: fal's machine-readable type, empty where it gives none.
        is_free: Whether fal says that nothing is charged; None where it does not say.
    """

    def __init__(self, detail: str, error_type: str = "", *, is_free: bool | None = None) -> None:
        super().__init__(detail)
        self.error_type = error_type
        self.is_free = is_free


class FalEndpointGone(FalRejected):
    """fal does not know the endpoint, or takes nothing there: nothing is wrong with the input."""


class FalJobFailed(FalError):
    """The job ended without a result, through no fault of its input.

    Args:
        detail: fal's words, for the log.
        error_type: fal's machine-readable type. Where it is empty, it may as well have been a
            hiccup of the queue, and only an answer that repeats itself is believed.
        is_free: Whether fal says that nothing is charged; None where it does not say.
        is_final: Whether fal says that another try would fail as well.
    """

    def __init__(
        self,
        detail: str = "",
        error_type: str = "",
        *,
        is_free: bool | None = None,
        is_final: bool = False,
    ) -> None:
        super().__init__(detail)
        self.error_type = error_type
        self.is_free = is_free
        self.is_final = is_final


class FalJobCancelled(FalJobFailed):
    """fal says that the job was cancelled, so there will be no result."""


class FalResultGone(FalError):
    """fal does not have the job, its result or the file; a single such answer may be a hiccup."""


class FalFileRefused(FalResultGone):
    """The file is never taken: its address is no public https address, or its size is no use."""


class PhotoSourceError(Exception):
    """What fetching a photo from Telegram raises. The text never holds the bot token."""


class PhotoUnavailable(PhotoSourceError):
    """The photo could not be fetched now; try again later."""


class PhotoGone(PhotoSourceError):
    """The photo cannot be fetched any more."""


class StoreUnavailable(Exception):
    """The operator's store does not take or give a file now."""


class DeliveryFailed(Exception):
    """Telegram did not take a message; it is tried again later.

    Args:
        detail: What happened, without anything a user wrote.
        retry_after_s: How long Telegram wants nothing, in seconds; None where it did not say.
    """

    def __init__(self, detail: str = "", retry_after_s: float | None = None) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s


class UserUnreachable(DeliveryFailed):
    """The user has blocked the bot or is gone; what is theirs waits until they return."""
