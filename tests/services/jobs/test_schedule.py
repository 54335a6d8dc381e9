"""When rows are due."""

from services.jobs.schedule import Schedule


def popped(schedule: Schedule, until: float) -> list[str]:
    found = []
    while (row_id := schedule.pop(until)) is not None:
        found.append(row_id)
    return found


def test_rows_are_given_out_when_they_are_due_the_longest_due_first() -> None:
    schedule = Schedule()
    for row_id, at in {"c": 3.0, "a": 1.0, "b": 2.0}.items():
        schedule.put(row_id, at)
    assert (schedule.next_at, len(schedule)) == (1.0, 3)
    assert popped(schedule, 0.9) == []
    assert popped(schedule, 2.0) == ["a", "b"]
    assert (schedule.next_at, len(schedule)) == (3.0, 1)


def test_the_last_time_that_was_said_of_a_row_counts() -> None:
    schedule = Schedule()
    for at in (9.0, 1.0, 5.0):
        schedule.put("a", at)
    schedule.put("b", 3.0)
    assert popped(schedule, 4.0) == ["b"]
    assert popped(schedule, 10.0) == ["a"]
    assert (schedule.next_at, len(schedule)) == (None, 0)


def test_what_was_removed_is_not_due_and_can_be_put_back() -> None:
    schedule = Schedule()
    schedule.put("a", 1.0)
    schedule.remove("a")
    schedule.remove("never there")
    assert (schedule.next_at, popped(schedule, 10.0)) == (None, [])
    schedule.put("a", 2.0)
    assert popped(schedule, 10.0) == ["a"]
