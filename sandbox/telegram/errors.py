"""Refusals of the Bot API, worded as the real server words them."""

from http import HTTPStatus

_PREFIXES = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden"}

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
CONFLICT_POLL = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is "
    "running"
)
CONFLICT_SET_WEBHOOK = "Conflict: terminated by setWebhook request"
CONFLICT_WEBHOOK = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete "
    "the webhook first"
)


class ApiError(Exception):
    """An answer with `ok: false`.

    Attributes:
        code: error_code, which is the HTTP status too.
        description: the whole sentence, prefix included.
        retry_after: seconds to wait, for 429.
        server_code: what the photo server said while sending; an album repeats it as it is.
        migrate_to: the supergroup that the group has become.
    """

    def __init__(
        self,
        code: int,
        description: str,
        *,
        retry_after: int | None = None,
        server_code: str | None = None,
        migrate_to: int | None = None,
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after
        self.server_code = server_code
        self.migrate_to = migrate_to


def _described(code: int, message: str) -> str:
    # The server lower-cases the first letter unless the second one shows an UPPER_CASE code
    # (telegram-bot-api, Client::fail_query_with_error).
    prefix = _PREFIXES[code]
    if message.startswith(prefix):
        return message
    if len(message) >= 2 and (message[1] == "_" or "A" <= message[1] <= "Z"):
        return f"{prefix}: {message}"
    return f"{prefix}: {message[:1].lower()}{message[1:]}"


def bad_request(message: str) -> ApiError:
    """A 400 with the server's prefix and letter case."""
    return ApiError(HTTPStatus.BAD_REQUEST, _described(400, message))


# Codes that come while a message is sent, and the sentences that the Bot API makes of them.
_CODE_SENTENCES = {
    "EXTERNAL_URL_INVALID": "Wrong HTTP URL specified",
    "WEBPAGE_CURL_FAILED": "Failed to get HTTP URL content",
    "WEBPAGE_MEDIA_EMPTY": "Wrong type of the web page content",
    "MEDIA_EMPTY": "Wrong file identifier/HTTP URL specified",
}
# tdlib has turned these into a sentence before an album repeats them.
_TOLD_BY_TDLIB = {"MEDIA_EMPTY"}


def code_refusal(code: str) -> ApiError:
    """A 400 that comes while sending: its sentence alone, its code inside an album's refusal."""
    sentence = _CODE_SENTENCES.get(code, code)
    repeated = sentence if code in _TOLD_BY_TDLIB else code
    return ApiError(HTTPStatus.BAD_REQUEST, _described(400, sentence), server_code=repeated)


def forbidden(message: str) -> ApiError:
    """A 403 with the server's prefix and letter case."""
    return ApiError(HTTPStatus.FORBIDDEN, _described(403, message))


def upgraded(chat_id: int) -> ApiError:
    """A 400 that says which supergroup a group has become."""
    words = _described(400, "group chat was upgraded to a supergroup chat")
    return ApiError(HTTPStatus.BAD_REQUEST, words, migrate_to=chat_id)


def conflict(description: str) -> ApiError:
    """A 409: another poller, or a webhook."""
    return ApiError(HTTPStatus.CONFLICT, description)


def too_many_requests(retry_after_s: int) -> ApiError:
    """A 429 that says when to come again, in whole seconds."""
    return ApiError(
        HTTPStatus.TOO_MANY_REQUESTS,
        f"Too Many Requests: retry after {retry_after_s}",
        retry_after=retry_after_s,
    )


def not_imitated(what: str) -> ApiError:
    """A 501, which the real server never gives: no bot takes it for an answer of Telegram's."""
    return ApiError(
        HTTPStatus.NOT_IMPLEMENTED, f"Not Implemented: the sandbox does not imitate {what}"
    )


class ControlError(Exception):
    """A refusal of the control plane, in a sentence for the person who asked.

    Attributes:
        status: HTTP status, 4xx.
    """

    def __init__(self, sentence: str, *, status: int = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(sentence)
        self.status = status
