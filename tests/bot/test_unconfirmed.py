"""What of Telegram's queue is known, and how far it is confirmed."""

from bot.unconfirmed import Unconfirmed


def test_the_offset_is_the_lowest_update_at_work() -> None:
    updates = Unconfirmed()
    assert updates.offset is None
    updates.take([5, 6, 7], 0.0)
    updates.end(5)
    updates.end(7)
    assert updates.offset == 6
    updates.end(6)
    assert updates.offset == 8


def test_what_is_given_again_is_not_new_until_it_is_forgotten() -> None:
    updates = Unconfirmed()
    assert updates.take([5, 6], 0.0) == [5, 6]
    updates.end(6)
    updates.forget()
    assert updates.take([5, 6, 7], 0.0) == [7]
    assert len(updates) == 3
    for update_id in (5, 6, 7):
        updates.end(update_id)
    assert updates.take([5, 6, 7], 0.0) == [], "asked for before they ended"
    updates.forget()
    assert len(updates) == 0
    assert updates.take([7], 0.0) == [7], "a bot that starts anew has all numbers before it"


def test_a_shortened_answer_does_not_lower_the_offset() -> None:
    updates = Unconfirmed()
    updates.take([5, 6, 7], 0.0)
    updates.end(6)
    updates.end(7)
    updates.take([5], 1.0)
    updates.end(5)
    assert updates.offset == 8


def test_what_is_stuck_is_let_go_by_its_age() -> None:
    updates = Unconfirmed()
    updates.take([5], 0.0)
    updates.take([5, 6], 10.0)
    assert updates.let_go(5.0) == [5]
    assert 5 not in updates
    assert updates.offset == 6


def test_lower_numbers_after_a_quiet_week_are_taken() -> None:
    updates = Unconfirmed()
    updates.take([900], 0.0)
    updates.end(900)
    updates.forget()
    assert updates.take([30], 1.0) == [30]
    updates.end(30)
    assert updates.offset == 31
