"""What has not changed is not shown again and again."""

from datetime import timedelta

from services.domain.clock import now
from services.jobs.news import SHOWN_AGAIN_S, News
from tests.services.jobs.test_every_ending import Clock


def test_a_row_is_shown_when_it_was_written() -> None:
    shown: list[str] = []
    clock, written = Clock(), now()
    news = News(shown.append, clock)
    later = written + timedelta(seconds=1)
    news.show("a", written)
    # What is found at a start is shown with the second look.
    assert shown == []
    news.show("a", written)
    clock.now = SHOWN_AGAIN_S - 1
    news.show("a", written)
    assert shown == ["a"]
    news.show("a", later)
    news.show("a", later)
    assert shown == ["a"] * 2
    clock.now += SHOWN_AGAIN_S
    news.show("a", later)
    assert shown == ["a"] * 3
    news.forget("a")
    news.forget("never seen")
    news.show("a", later)
    news.show("a", later)
    assert shown == ["a"] * 4
