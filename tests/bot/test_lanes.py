"""Who is served next: in order for each user, and fair between users."""

from dataclasses import replace

from bot.incoming import Incoming
from bot.lanes import TURNS_OF_LATE, Lanes


def one(number: int, lane: int = 1, *, late: bool = False, urgent: bool = False) -> Incoming:
    return Incoming(number, lane, is_urgent=urgent, is_late=late)


def served(lanes: Lanes, most: int = 1000) -> list[int]:
    """Serve one after the other."""
    numbers: list[int] = []
    while len(numbers) < most and (taken := lanes.take()):
        numbers.append(taken.update_id)
        lanes.release(taken.lane)
    return numbers


def filled(*all_of_them: Incoming) -> Lanes:
    lanes = Lanes()
    for each in all_of_them:
        assert lanes.add(each) is None
    return lanes


def test_users_take_turns_and_keep_their_own_order() -> None:
    lanes = filled(one(1), one(2), one(3), one(4, 2), one(5, 2), one(6, 3))
    assert len(lanes) == 6
    assert served(lanes) == [1, 4, 6, 2, 5, 3]
    assert len(lanes) == 0


def test_a_busy_lane_waits_for_its_release() -> None:
    lanes = filled(one(1), one(2))
    assert lanes.take() == one(1)
    assert lanes.take() is None
    lanes.add(one(3))
    assert lanes.take() is None
    lanes.release(1)
    assert lanes.take() == one(2)


def test_presses_and_payments_come_first() -> None:
    assert served(filled(one(1, 1), one(2, 2), one(3, 3, urgent=True))) == [3, 1, 2]


def test_who_writes_now_comes_before_those_who_have_waited_for_long_and_they_get_turns() -> None:
    late = [one(number, number, late=True) for number in range(100)]
    fresh = [one(1000 + number, 1000 + number) for number in range(10)]
    order = served(filled(*late, *fresh))
    assert order[0] == 1000
    assert sorted(order) == sorted(each.update_id for each in (*late, *fresh))
    places = [order.index(each.update_id) for each in fresh]
    assert max(places) <= len(fresh) * TURNS_OF_LATE / (TURNS_OF_LATE - 1)
    assert order.index(0) < TURNS_OF_LATE


def test_who_has_waited_and_writes_again_moves_up_with_all_of_theirs() -> None:
    late = [one(number, number, late=True) for number in range(50)]
    assert served(filled(*late, one(99, 49)), most=2) == [49, 99]


def test_what_is_put_back_is_the_first_of_its_lane_again() -> None:
    lanes = filled(one(1), one(2))
    taken = lanes.take()
    assert taken is not None
    lanes.put_back(taken)
    assert lanes.take() is None
    lanes.release(1)
    assert served(lanes) == [1, 2]


def test_only_the_same_command_right_after_itself_is_obsolete() -> None:
    lanes = Lanes()
    command = replace(one(1), command="/help")
    assert lanes.add(command) is None
    assert lanes.add(replace(command, lane=2)) is None
    assert lanes.add(replace(command, update_id=2)) == command
    assert lanes.add(one(3)) is None
    assert lanes.add(one(4)) is None
    assert lanes.add(replace(command, update_id=5)) is None
    assert len(lanes) == 5


def test_parts_are_taken_while_they_go_on() -> None:
    def text(number: int, date: int, *, long: bool) -> Incoming:
        return replace(one(number), date=date, is_plain=True, is_part=long)

    first, second, third = text(1, 10, long=True), text(2, 11, long=True), text(3, 13, long=False)
    lanes = filled(first, second, third, text(4, 13, long=False))
    assert lanes.take() == first
    assert lanes.take_parts(first) == [second, third]
    assert len(lanes) == 1
    lanes.release(1)
    assert served(lanes) == [4]
