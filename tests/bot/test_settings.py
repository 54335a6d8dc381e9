"""Settings: bad ones stop with a line each, and all three places that name them agree."""

import os
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import SecretStr
from pydantic_core import PydanticUndefined

from bot.settings import BadSettings, Settings, load_settings
from services.paying.packs import Pack

ROOT = Path(__file__).parents[2]
TOKEN = "123456789:AAHsecretsecretsecretsecretsecret12"
FAST = "fal-ai/flux-lora-fast-training"
PORTRAIT = "fal-ai/flux-lora-portrait-trainer"
FAL_KEY = "key-id-of-mine:key-secret-of-mine"
EMULATED = {
    "TELEGRAM_API_URL": "http://127.0.0.1:9000",
    "FAL_API_URL": "http://127.0.0.1:9000/fal",
}


@pytest.fixture(autouse=True)
def good_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Both secrets and nothing else; no `.env` of whoever runs the tests."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("BOT_TOKEN", TOKEN)
    monkeypatch.setenv("FAL_KEY", FAL_KEY)
    monkeypatch.chdir(tmp_path)


def test_two_secrets_are_enough() -> None:
    settings = load_settings()
    assert settings.bot_token.get_secret_value() == TOKEN
    assert settings.fal_key.get_secret_value() == FAL_KEY
    assert (settings.min_photos, settings.max_photos) == (5, 20)
    assert (settings.poll_interval, settings.fal_api_url) == (5.0, "")


@pytest.mark.parametrize(
    ("given", "is_open"),
    [
        ({}, False),
        ({"TELEGRAM_API_URL": "http://127.0.0.1:8081"}, False),
        ({"FAL_API_URL": "http://127.0.0.1:9000"}, False),
        (EMULATED, True),
        (EMULATED | {"ACCESS": "allowlist"}, False),
        (EMULATED | {"ADMINS": "1"}, False),
        (EMULATED | {"ALLOWED_USERS": "1"}, False),
        ({"ACCESS": "open", "ADMINS": "1"}, True),
    ],
)
def test_without_access_only_a_bot_that_costs_nobody_anything_is_open(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], *, is_open: bool
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert load_settings().is_open is is_open


def test_a_file_named_env_is_read_and_the_environment_goes_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("MIN_PHOTOS=6\nMAX_PHOTOS=30\n")
    monkeypatch.setenv("MAX_PHOTOS", "40")
    settings = load_settings()
    assert (settings.min_photos, settings.max_photos) == (6, 40)


def test_the_example_file_filled_in_gives_the_defaults(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text((ROOT / ".env.example").read_text(encoding="utf-8"))
    from_file = load_settings()
    (tmp_path / ".env").unlink()
    assert from_file == load_settings()


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("POLL_INTERVAL", "0.5", 0.5),
        ("TELEGRAM_API_URL", "http://127.0.0.1:8081/", "http://127.0.0.1:8081"),
        ("FAL_API_URL", "http://127.0.0.1:8081/fal/", "http://127.0.0.1:8081/fal"),
        ("DATABASE_URL", "postgresql+asyncpg://u:p@h/n", "postgresql+asyncpg://u:p@h/n"),
        ("TRAINERS", "fal-ai/flux-2-trainer-v2", ("fal-ai/flux-2-trainer-v2",)),
        ("TRAINERS", f"{PORTRAIT}, {FAST},{FAST}", (PORTRAIT, FAST)),
        ("TRAINERS", "", ()),
        ("TRAINING_PRICE_USD", "0", Decimal(0)),
        ("HTTP_PORT", "8080", 8080),
        ("HTTP_PORT", "", None),
        ("WEBHOOK_ALLOWED_HOSTS", "Receiver, 10.0.0.5", frozenset({"receiver", "10.0.0.5"})),
        ("WEBHOOK_ALLOWED_HOSTS", "", frozenset()),
        ("LOG_LEVEL", "debug", "DEBUG"),
        ("LOG_FORMAT", "JSON", "json"),
        ("LOG_LEVEL", "", "INFO"),
    ],
)
def test_a_value_is_read(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, read: object
) -> None:
    monkeypatch.setenv(name, value)
    assert getattr(load_settings(), name.lower()) == read


def test_a_public_url_needs_the_port_behind_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://bot.example.org/")
    with pytest.raises(BadSettings, match=r"^HTTP_PORT: must be set with PUBLIC_URL"):
        load_settings()
    monkeypatch.setenv("HTTP_PORT", "8080")
    assert load_settings().public_url == "https://bot.example.org"


@pytest.mark.parametrize(
    ("public_url", "fal_api_url", "calls_back"),
    [
        ("https://bot.example.org", "", True),
        ("https://bot.example.org", "http://127.0.0.1:8081/fal", True),
        # An own Bot API server reaches it, and fal does not.
        ("http://10.0.0.5:8080", "", False),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8081/fal", True),
        ("", "", False),
    ],
)
def test_fal_is_asked_to_call_where_it_can(
    public_url: str, fal_api_url: str, *, calls_back: bool
) -> None:
    settings = Settings(
        _env_file=None,
        bot_token=SecretStr("1:a"),
        fal_key=SecretStr("id:secret"),
        public_url=public_url,
        fal_api_url=fal_api_url,
        http_port=8080,
    )
    assert settings.fal_calls_back is calls_back


S3 = {
    "S3_ENDPOINT": "https://s3.example.org",
    "S3_BUCKET": "bucket",
    "S3_ACCESS_KEY_ID": "key",
    "S3_SECRET_ACCESS_KEY": "secret-of-the-store",
}


def test_a_store_is_set_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in S3.items():
        monkeypatch.setenv(name, value)
    assert "secret-of-the-store" in load_settings().secrets
    rest = [name for name in S3 if name != "S3_ENDPOINT"]
    for name in rest:
        monkeypatch.delenv(name)
    with pytest.raises(BadSettings) as refused:
        load_settings()
    wanted = [f"{name}: must be set with S3_ENDPOINT" for name in rest]
    assert str(refused.value).splitlines() == wanted
    monkeypatch.delenv("S3_ENDPOINT")
    monkeypatch.setenv("S3_BUCKET", "bucket")
    with pytest.raises(BadSettings, match=r"^S3_BUCKET: is set without S3_ENDPOINT"):
        load_settings()


def test_one_trainer_may_be_named_in_the_singular(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAINER", PORTRAIT)
    assert load_settings().trainers == (PORTRAIT,)


def test_a_subscription_is_for_who_pays(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().monthly is None
    monkeypatch.setenv("PAYMENTS", "stars")
    assert load_settings().monthly is None
    monkeypatch.setenv("SUBSCRIPTION", " 250 : 300 ")
    assert load_settings().monthly == Pack(250, 50)
    monkeypatch.setenv("SUBSCRIPTION", "10000:10000")
    assert load_settings().monthly == Pack(10_000)


BAD = [
    ("BOT_TOKEN", ""),
    ("BOT_TOKEN", "secret-without-a-number"),
    ("BOT_TOKEN", "123:with space"),
    ("BOT_TOKEN", "123456789:AAH\nsecret"),
    ("FAL_KEY", ""),
    ("FAL_KEY", "key-without-secret"),
    ("FAL_KEY", "a:b:c"),
    ("FAL_KEY", ":secret"),
    ("TELEGRAM_API_URL", "api.telegram.org"),
    ("TELEGRAM_API_URL", "ftp://api.telegram.org"),
    ("FAL_API_URL", "http://"),
    ("FAL_API_URL", "http://host/fal?x=1"),
    ("DATABASE_URL", "bot.db"),
    ("DATABASE_URL", "sqlite:///bot.db"),
    ("DATABASE_URL", "postgresql+asyncpg://user:secret@host:port/name"),
    ("POLL_INTERVAL", "0"),
    ("POLL_INTERVAL", "-1"),
    ("POLL_INTERVAL", "301"),
    ("POLL_INTERVAL", "often"),
    ("POLL_INTERVAL", "nan"),
    ("JOB_DEADLINE", "0"),
    ("JOB_DEADLINE", "nan"),
    ("KEEP_ARCHIVE", "-1"),
    ("KEEP_ARCHIVE", "31"),
    ("MIN_PHOTOS", "3"),
    ("MIN_PHOTOS", "5.5"),
    ("MAX_PHOTOS", "101"),
    ("MAX_PHOTOS", "4"),
    ("TRAINERS", "fal-ai/no-such-trainer"),
    ("TRAINERS", f"{FAST}, fal-ai/flux-lora"),
    ("TRAINERS", " , "),
    ("TRAINING_PRICE_USD", "-1"),
    ("TRAINING_PRICE_USD", "two"),
    ("IMAGE_PRICE_USD", "NaN"),
    ("PRESETS_FILE", "no-such-file.toml"),
    ("PRICES_FILE", "no-such-file.toml"),
    ("SUBSCRIPTION", "250"),
    ("SUBSCRIPTION", "300:250"),
    ("SUBSCRIPTION", "10001:20000"),
    ("SUBSCRIPTION", "250:300"),
    ("STAR_USD", "0"),
    ("MARGIN", "-1"),
    ("PROMPT_MODEL", "gemini"),
    ("PROMPT_RULES", "x" * 501),
    ("PREVIEW_IMAGES", "-1"),
    ("PREVIEW_IMAGES", "5"),
    ("PUBLIC_URL", "http://bot.example.org"),
    ("PUBLIC_URL", "https://bot.example.org:8080"),
    ("HTTP_PORT", "0"),
    ("DATABASE_URL", "sqlite+aiosqlite:///:memory:"),
    ("DATABASE_URL", "sqlite+aiosqlite://"),
    ("DATABASE_URL", "postgresql+asyncpg://user:secret@host:abc/name"),
    ("DATABASE_URL", "postgresql+asyncpg://user:secret@host:65536/name"),
    ("TELEGRAM_API_URL", "http://127.0.0.1:65536"),
    ("TELEGRAM_API_URL", "http://127.0.0.1:0"),
    ("FAL_API_URL", "http://127.0.0.1:99999/fal"),
    ("FAL_API_URL", "http://127.0.0.1:http/fal"),
    ("ADMINS", "0"),
    ("ADMINS", str(2**52)),
    ("ADMINS", "9" * 5000),
    ("ALLOWED_USERS", "12345 0"),
    ("RECONCILE_TIME", "inf"),
    ("RECONCILE_TIME", "nan"),
    ("POLL_INTERVAL", "nan"),
    ("JOB_DEADLINE", "nan"),
    ("TELEGRAM_MESSAGES_PER_SECOND", "nan"),
    ("EXPORT_PART_MB", "1901"),
    ("HTTP_PORT", "65536"),
    ("HTTP_PORT", "http"),
    ("WEBHOOK_ALLOWED_HOSTS", "http://receiver"),
    ("WEBHOOK_ALLOWED_HOSTS", "receiver:8080"),
    ("LOG_LEVEL", "LOUD"),
    ("LOG_FORMAT", "xml"),
]


@pytest.mark.parametrize(("name", "value"), BAD)
def test_a_bad_value_is_one_line_that_names_the_variable_and_not_the_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSettings) as stopped:
        load_settings()
    line = str(stopped.value)
    assert line.startswith(f"{name}: ")
    assert "\n" not in line
    if name in {"BOT_TOKEN", "FAL_KEY", "DATABASE_URL"}:
        assert "secret" not in line.replace("key_secret", "")
    # Neither here nor in a chained traceback.
    assert stopped.value.__cause__ is None
    assert stopped.value.__suppress_context__


@pytest.mark.parametrize("name", ["FAL_KEY", "FAL_ADMIN_KEY"])
def test_another_server_than_fal_may_have_keys_of_another_form(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("FAL_API_URL", EMULATED["FAL_API_URL"])
    monkeypatch.setenv(name, "test-key")
    assert "test-key" in load_settings().secrets
    for bad in ("two words", "tab\tkey", "ключ", "bell\x07"):
        monkeypatch.setenv(name, bad)
        with pytest.raises(BadSettings, match=rf"^{name}: not a key; [^\n]+$"):
            load_settings()
    monkeypatch.setenv(name, "test-key")
    monkeypatch.delenv("FAL_API_URL")
    with pytest.raises(BadSettings, match=rf"^{name}: not a fal key"):
        load_settings()


def test_the_largest_part_of_a_copy_is_what_the_pages_say() -> None:
    (bounds,) = (
        one for one in Settings.model_fields["export_part_mb"].metadata if hasattr(one, "le")
    )
    for page in ("README.md", "README.ru.md", ".env.example"):
        assert str(bounds.le) in (ROOT / page).read_text(encoding="utf-8")
    # Telegram counts a MB of its limit as 1000 * 1000 bytes at the least.
    assert bounds.le * 1024**2 < 2000 * 1000**2


@pytest.mark.parametrize("port", ["abc", "0", "65536"])
def test_a_port_that_is_none_is_said_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, port: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgresql+asyncpg://user@host:{port}/name")
    monkeypatch.setenv("FAL_API_URL", f"http://127.0.0.1:{port}/fal")
    with pytest.raises(BadSettings) as stopped:
        load_settings()
    assert str(stopped.value).splitlines() == [
        "DATABASE_URL: the port must be a number from 1 to 65535",
        "FAL_API_URL: the port must be a number from 1 to 65535",
    ]


def test_secrets_are_not_in_the_printed_settings() -> None:
    settings = load_settings()
    assert TOKEN not in repr(settings)
    assert FAL_KEY not in repr(settings)
    assert isinstance(settings.bot_token, SecretStr)


def started(**environment: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m bot` as an operator would, in a folder without `.env`."""
    return subprocess.run(
        [sys.executable, "-m", "bot"],
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_bad_start_is_one_line_and_exit_code_two() -> None:
    result = started(FAL_KEY="secret")
    line = "FAL_KEY: not a fal key; it looks like key_id:key_secret and comes from fal.ai"
    assert (result.returncode, result.stdout, result.stderr) == (2, "", f"{line}\n")


def default_of(name: str) -> str:
    """The default as an operator would write it; empty where there is none."""
    default = Settings.model_fields[name].default
    if default is PydanticUndefined or default in {None, "", frozenset()}:
        return ""
    if isinstance(default, tuple):
        return ",".join(default)
    return f"{default:g}" if isinstance(default, float) else str(default)


WANTED = {name.upper(): default_of(name) for name in Settings.model_fields}


def test_the_example_file_names_every_setting_with_its_default() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert dict(re.findall(r"^([A-Z0-9_]+)=(.*)$", text, re.MULTILINE)) == WANTED


def test_the_example_file_explains_every_setting() -> None:
    explained = False
    for line in (ROOT / ".env.example").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            explained = True
        elif not line.strip():
            explained = False
        else:
            assert explained, line


def test_the_readme_names_every_setting_with_its_default_and_meaning() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text.split("\n## Settings\n", 1)[1].split("\n## ", 1)[0]
    rows = re.findall(r"^\| `([A-Z0-9_]+)` \| (.+?) \| (.+?) \|$", section, re.MULTILINE)
    named = {
        name: "" if default in {"required", "empty"} else default.strip("`")
        for name, default, _ in rows
    }
    assert named == WANTED
    required = {name for name, default, _ in rows if default == "required"}
    fields = Settings.model_fields.items()
    assert required == {name.upper() for name, field in fields if field.is_required()}


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("DAILY_IMAGE", "DAILY_IMAGES"),
        ("daily_image", "DAILY_IMAGES"),
        ("DAILY_BUDGET", "DAILY_BUDGET_USD"),
        ("ADMIN", "ADMINS"),
        ("LOGLEVEL", "LOG_LEVEL"),
        ("POLL_INTERVAL_S", "POLL_INTERVAL"),
        ("DATABASE_URI", "DATABASE_URL"),
    ],
)
def test_a_misspelt_setting_is_refused_wherever_it_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, meant: str
) -> None:
    monkeypatch.setenv(name, "10")
    with pytest.raises(BadSettings) as stopped:
        load_settings()
    wanted = f"{name}: is set, but there is no such setting; is {meant} meant?"
    assert str(stopped.value) == wanted
    monkeypatch.delenv(name)
    (tmp_path / ".env").write_text(f"{name}=10\n")
    with pytest.raises(BadSettings) as stopped:
        load_settings()
    assert str(stopped.value) == wanted.replace("is set", "is in .env")


def test_an_unknown_name_is_refused_in_the_file_and_passed_over_in_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("SOMETHING_ELSE", "FAL_KEY_ID", "TELEGRAM_API_ID", "TELEGRAM_API_HASH"):
        monkeypatch.setenv(name, "1")
    load_settings()
    (tmp_path / ".env").write_text(
        "TZ=Europe/Berlin\nCOMPOSE_PROJECT_NAME=x\nHTTPS_PROXY=http://10.0.0.1:3128\nEMPTY=\n"
    )
    load_settings()
    (tmp_path / ".env").write_text("SOMETHING_ELSE=1\n")
    with pytest.raises(BadSettings) as stopped:
        load_settings()
    assert str(stopped.value) == (
        "SOMETHING_ELSE: is in .env, but there is no such setting; .env.example has all names"
    )


def test_no_setting_is_taken_for_another_one_misspelt(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, default in WANTED.items():
        if default:
            monkeypatch.setenv(name, default)
    monkeypatch.setenv("TRAINER", FAST)
    load_settings()


def test_all_mistakes_are_told_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("FAL_KEY")
    monkeypatch.setenv("MIN_PHOTOS", "30")
    monkeypatch.setenv("LOG_LEVEL", "LOUD")
    monkeypatch.setenv("ADMIN", "1")
    (tmp_path / ".env").write_text("DAILY_IMAGE=10\n")
    with pytest.raises(BadSettings) as stopped:
        load_settings()
    named = {line.split(":")[0] for line in str(stopped.value).splitlines()}
    assert named == {"FAL_KEY", "MAX_PHOTOS", "LOG_LEVEL", "ADMIN", "DAILY_IMAGE"}


@pytest.mark.parametrize(("days", "lasts"), [("0", 1), ("7", 7), ("30", 30)])
def test_photos_stay_at_fal_for_as_long_as_the_operator_says(
    monkeypatch: pytest.MonkeyPatch, days: str, lasts: int
) -> None:
    monkeypatch.setenv("KEEP_ARCHIVE", days)
    assert load_settings().archive_days == lasts


def test_photos_must_outlive_a_training(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEEP_ARCHIVE", "0")
    monkeypatch.setenv("JOB_DEADLINE", "86401")
    with pytest.raises(BadSettings, match=r"KEEP_ARCHIVE: .*JOB_DEADLINE"):
        load_settings()
