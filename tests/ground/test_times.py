from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import times

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


def test_now_is_aware_and_in_utc():
    assert times.now().tzinfo is UTC
    assert abs(times.now() - datetime.now(UTC)) < timedelta(seconds=5)
    assert times.today() in {times.day_of(times.now()), times.day_of(times.now() - timedelta(seconds=5))}


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 24, 22, 59, 59, tzinfo=UTC), date(2026, 11, 24)),
        (datetime(2026, 11, 24, 23, 0, tzinfo=UTC), date(2026, 11, 25)),
        (datetime(2026, 7, 1, 21, 59, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), date(2026, 7, 2)),
        (datetime(2026, 7, 1, 2, 0, tzinfo=timezone(timedelta(hours=9))), date(2026, 6, 30)),
    ],
)
def test_a_day_is_the_centres_and_begins_at_their_midnight(moment: datetime, day: date):
    assert times.day_of(moment) == day


@given(DAYS)
def test_a_day_begins_at_its_first_moment(day: date):
    start = times.start_of(day)
    assert start.tzinfo is UTC
    assert times.day_of(start) == day
    assert times.day_of(start - timedelta(microseconds=1)) == day - timedelta(days=1)


def test_the_days_on_which_clocks_change_are_shorter_and_longer():
    lengths = {
        d: times.start_of(d + timedelta(days=1)) - times.start_of(d) for d in (date(2026, 3, 29), date(2026, 10, 25))
    }
    assert list(lengths.values()) == [timedelta(hours=23), timedelta(hours=25)]


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 10, 31), 1, date(2026, 11, 30)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2024, 2, 29), 60, date(2029, 2, 28)),
    ],
)
def test_some_months_on_is_the_same_day_or_the_last_of_a_shorter_month(day: date, months: int, later: date):
    assert times.add_months(day, months) == later


@given(DAYS, st.integers(-240, 240))
def test_months_are_counted_on_the_calendar(day: date, months: int):
    later = times.add_months(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


@given(st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.timezones()))
def test_a_moment_is_written_in_utc_with_six_decimals_and_read_back(moment: datetime):
    text = times.rfc3339(moment)
    assert len(text) == len("2026-11-22T10:00:00.000000Z")
    assert datetime.fromisoformat(text) == moment.astimezone(UTC)  # an hour the clocks skip has no other reading


def test_equal_moments_are_equal_texts():
    moment = datetime(2026, 11, 22, 10, tzinfo=UTC)
    assert times.rfc3339(moment) == times.rfc3339(moment.astimezone(times.HOME)) == "2026-11-22T10:00:00.000000Z"
