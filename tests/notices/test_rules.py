"""Quiet hours, digests, repeats and what may leave the house."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongtu.kernel.notices import rules
from hongtu.kernel.notices.rules import Hours, Outside

MAKE_UP = date(2026, 2, 14)  # a Saturday that is worked
HOLIDAYS = {date(2026, 2, 16) + timedelta(days=n) for n in range(5)}
NIGHT = Hours(time(18), time(8, 30), rest_days=True)


def is_working(day: date) -> bool:
    return day == MAKE_UP or (day.weekday() < 5 and day not in HOLIDAYS)


@pytest.mark.parametrize(
    ("moment", "sent"),
    [
        ("2026-02-11T10:00", "2026-02-11T10:00"),
        ("2026-02-11T18:00", "2026-02-12T08:30"),
        ("2026-02-12T03:00", "2026-02-12T08:30"),
        ("2026-02-13T20:00", "2026-02-14T08:30"),  # the Saturday is a make-up day
        ("2026-02-14T19:00", "2026-02-23T08:30"),  # Sunday, five holidays, a week-end
        ("2026-02-18T12:00", "2026-02-23T08:30"),
    ],
)
def test_what_happens_in_quiet_hours_is_sent_when_they_end(moment: str, sent: str) -> None:
    assert rules.send_at(datetime.fromisoformat(moment), NIGHT, is_working) == datetime.fromisoformat(sent)


def test_a_digest_goes_out_once_a_day_outside_quiet_hours() -> None:
    hours = Hours(time(18), time(8, 30), rest_days=True, digest_at=time(9))
    assert rules.send_at(datetime(2026, 2, 11, 8), hours, is_working) == datetime(2026, 2, 11, 9)
    assert rules.send_at(datetime(2026, 2, 11, 9, 1), hours, is_working) == datetime(2026, 2, 12, 9)
    early = Hours(time(18), time(8, 30), rest_days=True, digest_at=time(7))
    assert rules.send_at(datetime(2026, 2, 11, 6), early, is_working) == datetime(2026, 2, 11, 8, 30)


def test_what_is_urgent_waits_for_nothing() -> None:
    moment = datetime(2026, 2, 18, 23)
    assert rules.send_at(moment, NIGHT, is_working, through=True) == moment


moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31))
times = st.times().map(lambda t: t.replace(second=0, microsecond=0))


@given(moments, times, times, st.booleans(), st.none() | times)
def test_nothing_is_sent_in_quiet_time_or_before_it_happened(
    moment: datetime, begin: time, end: time, rest: bool, digest: time | None
) -> None:
    hours = Hours(begin, end, rest, digest)
    sent = rules.send_at(moment, hours, is_working)
    assert sent >= moment
    assert rules.next_moment(sent, hours, is_working) == sent
    if rest:
        assert is_working(sent.date())
    inside = begin <= sent.time() < end if begin <= end else not end <= sent.time() < begin
    assert begin == end or not inside


def test_pauses_grow_and_end() -> None:
    pauses = [rules.wait_after(n) for n in range(1, 9)]
    assert pauses[-1] is None and None not in pauses[:-1]
    known = [p for p in pauses if p]
    assert known == sorted(known) and known[0] == timedelta(minutes=1)
    assert rules.wait_after(1, asked=600) == timedelta(minutes=10)
    assert rules.wait_after(1, asked=10**9) == timedelta(days=1)


def test_the_more_confidential_the_less_leaves_the_house() -> None:
    assert [rules.outside(n) for n in range(4)] == [
        Outside.WHOLE,
        Outside.WHOLE,
        Outside.NEUTRAL,
        Outside.NOTHING,
    ]
