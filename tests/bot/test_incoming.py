"""What is told of an update before it is read, whatever its form."""

from typing import Any

import pytest

from bot.incoming import (
    LATE_AFTER_S,
    PART_UNITS,
    PRE_CHECKOUT_LANES,
    joined,
    number_of,
    read,
)
from tests.bot.intake_kit import a_message, a_press, an_invoice_answer
from tests.sandbox.telegram.clients import USER

NOW_S = 2_000_000_000.0


@pytest.mark.parametrize("strange", [{}, {"update_id": "7"}, {"update_id": -5}, "no", None, [7]])
def test_some_things_have_no_number(strange: object) -> None:
    assert number_of(strange) is None
    assert number_of({"update_id": 7}) == 7
    assert number_of({"update_id": True}) is None


def test_the_lane_is_the_users_and_a_payment_has_its_own() -> None:
    assert read(a_message(1, "hello"), NOW_S).lane == USER
    press = read(a_press(2, "data"), NOW_S)
    assert (press.lane, press.is_urgent) == (USER, True)
    invoice = read(an_invoice_answer(3, "one"), NOW_S)
    assert (invoice.lane, invoice.is_urgent) == (USER + PRE_CHECKOUT_LANES, True)
    assert read({"update_id": 4, "channel_post": {"chat": {"id": -100}}}, NOW_S).lane == -100


@pytest.mark.parametrize(
    "strange",
    [
        {},
        {"message": None},
        {"message": {"from": "Ann", "chat": {"id": "many"}, "text": 5, "date": "now"}},
        {"message": {"from": {"id": 10**30}, "date": None}},
        {"unknown_kind": {"from": {"id": USER}}},
    ],
)
def test_an_update_of_any_form_has_a_lane(strange: dict[str, object]) -> None:
    found = read({"update_id": 1, **strange}, NOW_S)
    assert found.lane in {0, USER}
    assert not found.is_urgent


def test_a_message_sent_long_ago_is_late() -> None:
    sent = int(NOW_S)
    assert not read(a_message(1, "hello", date=sent), NOW_S + LATE_AFTER_S).is_late
    assert read(a_message(1, "hello", date=sent), NOW_S + LATE_AFTER_S + 1).is_late
    assert not read(a_press(1, "data"), NOW_S).is_late


def test_only_a_command_without_more_is_one_that_its_repeat_replaces() -> None:
    assert read(a_message(1, "/help"), NOW_S).command == "/help"
    assert read(a_message(1, "/generate a hat"), NOW_S).command is None
    assert read(a_message(1, "help"), NOW_S).command is None


@pytest.mark.parametrize(
    ("second", "goes_on"),
    [
        (a_message(2, "more"), True),
        (a_message(2, "more", date=2_000_000_002), True),
        (a_message(2, "later", date=2_000_000_003), False),
        (a_message(2, "/help"), False),
        (a_press(2, "data"), False),
    ],
)
def test_a_text_goes_on_with_a_long_one_sent_just_before(
    second: dict[str, object], *, goes_on: bool
) -> None:
    long = read(a_message(1, "x" * PART_UNITS), NOW_S)
    short = read(a_message(1, "x" * (PART_UNITS - 1)), NOW_S)
    assert read(second, NOW_S).goes_on(long) is goes_on
    assert not read(second, NOW_S).goes_on(short)


def in_group(update: dict[str, Any]) -> dict[str, Any]:
    chat = {"id": -100, "title": "Friends", "type": "supergroup"}
    return {**update, "message": {**update["message"], "chat": chat}}


def test_what_is_written_in_a_group_goes_on_with_nothing_in_private() -> None:
    long, more = a_message(1, "x" * PART_UNITS), a_message(2, "more")
    assert not read(in_group(more), NOW_S).goes_on(read(long, NOW_S))
    assert not read(more, NOW_S).goes_on(read(in_group(long), NOW_S))
    assert read(in_group(more), NOW_S).goes_on(read(in_group(long), NOW_S))


def test_a_command_in_a_group_replaces_none_in_private() -> None:
    private = read(a_message(1, "/generate"), NOW_S)
    group = read(in_group(a_message(2, "/generate")), NOW_S)
    assert not group.repeats(private)
    assert group.repeats(group)
    assert not read(a_message(3, "a hat"), NOW_S).repeats(read(a_message(4, "a hat"), NOW_S))


def test_a_forwarded_text_is_no_part() -> None:
    forwarded = a_message(1, "x" * PART_UNITS)
    forwarded["message"]["forward_origin"] = {"type": "hidden_user"}
    assert not read(forwarded, NOW_S).is_part


def test_parts_are_joined_with_a_space_unless_the_app_cut_within_a_word() -> None:
    cut, whole = "x" * 4096, "y" * 4000
    parts = [a_message(1, cut), a_message(2, whole), a_message(3, "end")]
    text = joined(parts)["message"]["text"]
    assert text == f"{cut}{whole} end"
    assert joined(parts)["update_id"] == 1
    emoji = "\N{GRINNING FACE}" * 2048
    assert joined([a_message(1, emoji), parts[2]])["message"]["text"] == f"{emoji}end"
