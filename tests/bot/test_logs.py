"""Logs never hold a secret, and as JSON are one object a line."""

import json
import logging

import pytest

from bot.logs import HIDDEN, TEXT_FORMAT, HidingFormatter, JsonFormatter, set_up_logging

TOKEN = "123456789:AAHsecretsecretsecretsecretsecret12"
FAL_KEY = "key-id:key-secret"
SECRETS = (TOKEN, FAL_KEY, "")


def a_record(message: str, *args: object, error: BaseException | None = None) -> logging.LogRecord:
    info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("room", logging.ERROR, __file__, 1, message, args, info)


def an_error(words: str) -> BaseException:
    def fail() -> None:
        raise RuntimeError(words)

    try:
        fail()
    except RuntimeError as error:
        return error
    raise AssertionError


FORMATTERS = {"text": logging.Formatter(TEXT_FORMAT), "json": JsonFormatter()}


@pytest.mark.parametrize("form", FORMATTERS)
@pytest.mark.parametrize(
    "record",
    [
        a_record(f"failed with {TOKEN}"),
        a_record("failed with %s", FAL_KEY),
        a_record("url https://api.telegram.org/file/bot%s/x.jpg", TOKEN),
        a_record("failed", error=an_error(f"GET /bot{TOKEN}/getMe")),
        a_record("failed", error=an_error(f"Authorization: Key {FAL_KEY}")),
    ],
)
def test_a_secret_is_blotted_out_wherever_it_is(form: str, record: logging.LogRecord) -> None:
    line = HidingFormatter(FORMATTERS[form], SECRETS).format(record)
    assert TOKEN not in line
    assert "key-secret" not in line
    assert HIDDEN in line


def test_the_token_of_another_bot_is_hidden_in_a_url_as_well() -> None:
    line = HidingFormatter(logging.Formatter("%(message)s"), ()).format(
        a_record("GET /bot42:OTHER-token_1/getMe")
    )
    assert line == f"GET /bot{HIDDEN}/getMe"


def test_an_empty_secret_hides_nothing() -> None:
    line = HidingFormatter(logging.Formatter("%(message)s"), [""]).format(a_record("plain"))
    assert line == "plain"


def test_a_json_line_is_one_object_with_its_traceback() -> None:
    line = HidingFormatter(JsonFormatter(), SECRETS).format(
        a_record('two\nlines "quoted" %s', "привет", error=an_error("boom"))
    )
    assert "\n" not in line
    entry = json.loads(line)
    assert entry["message"] == 'two\nlines "quoted" привет'
    assert (entry["level"], entry["logger"]) == ("ERROR", "room")
    assert "RuntimeError: boom" in entry["traceback"]
    assert entry["time"].endswith("+00:00")


def test_a_json_line_stays_json_when_a_secret_is_hidden_in_it() -> None:
    line = HidingFormatter(JsonFormatter(), SECRETS).format(a_record(f'"{TOKEN}" and "{FAL_KEY}"'))
    assert json.loads(line)["message"] == f'"{HIDDEN}" and "{HIDDEN}"'


@pytest.mark.usefixtures("root_logger_put_back")
def test_logging_goes_to_stderr_in_the_chosen_form(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("INFO", "json", SECRETS)
    logging.getLogger("services.room").info("token %s", TOKEN)
    logging.getLogger("services.room").debug("quiet")
    logging.getLogger("httpx").info("HTTP Request: GET https://queue.fal.run")
    written = capsys.readouterr()
    assert written.out == ""
    (line,) = written.err.splitlines()
    assert json.loads(line)["message"] == f"token {HIDDEN}"


@pytest.mark.usefixtures("root_logger_put_back")
@pytest.mark.parametrize("level", ["DEBUG", "INFO", "WARNING", "ERROR"])
def test_libraries_say_no_more_than_warnings_at_any_level(level: str) -> None:
    set_up_logging(level, "text", SECRETS)
    for library in ("httpx", "httpcore", "aiohttp", "aiogram.event", "sqlalchemy.engine", "PIL"):
        assert not logging.getLogger(library).isEnabledFor(logging.INFO)
    assert not logging.getLogger("fal_client.client").isEnabledFor(logging.ERROR)
    for room in ("bot.app", "handlers.train", "services.fal.client", "db.database"):
        assert logging.getLogger(room).getEffectiveLevel() == logging.getLevelNamesMapping()[level]
