"""Deadlines against an oracle that knows nothing of the engine: it ticks minutes and crosses off days."""

import random
from datetime import date, datetime, time, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongtu.kernel.problems.clock import OfficeHours, Term, carried, deadline
from hongtu.kernel.problems.vocab import Unit

FIRST = date(2025, 1, 1)
DAYS = 100
SPAN = 55 * 1440  # minutes; no generated case lasts longer
WINDOWS = ((time(8, 30), time(12)), (time(14), time(17, 30)))
HOLIDAYS = {date(2025, 1, 1), *(date(2025, 1, 28) + timedelta(n) for n in range(8)), date(2025, 4, 4)}
MAKE_UP = {date(2025, 1, 26), date(2025, 2, 8)}


def is_working(day: date) -> bool:
    return day in MAKE_UP or (day.weekday() < 5 and day not in HOLIDAYS)


HOURS = OfficeHours(WINDOWS, is_working)
ZERO = datetime.combine(FIRST, time())


def minute(moment: datetime) -> int:
    return int((moment - ZERO).total_seconds() // 60)


def _office_mask() -> np.ndarray:
    mask = np.zeros(DAYS * 1440, dtype=bool)
    for n in range(DAYS):
        if is_working(FIRST + timedelta(n)):
            for opens, closes in WINDOWS:
                start = n * 1440
                mask[start + opens.hour * 60 + opens.minute : start + closes.hour * 60 + closes.minute] = True
    return mask


OFFICE = _office_mask()


def oracle(start: datetime, amount: int, unit: Unit, stops: list[tuple[datetime, datetime]]) -> datetime:
    """Slow and plain: for hours, a list of all minutes that count; for days, a calendar with crossed-off
    days."""
    if unit in (Unit.HOUR, Unit.WORKING_HOUR):
        origin = minute(start)
        free = np.ones(SPAN, dtype=bool)
        for begin, end in stops:
            free[max(0, minute(begin) - origin) : max(0, minute(end) - origin)] = False
        if amount == 0:
            return start + timedelta(minutes=int(free.argmax()))
        counts = free if unit is Unit.HOUR else free & OFFICE[origin : origin + SPAN]
        used = np.flatnonzero(counts)[amount * 60 - 1]
        return start + timedelta(minutes=int(used) + 1)
    left = amount
    day = start.date()
    while True:
        close = datetime.combine(day, time(17, 30))
        runs = not any(begin <= close < end for begin, end in stops)
        if day > start.date() and runs and (unit is Unit.CALENDAR_DAY or is_working(day)):
            left -= 1
        if left <= 0 and runs and is_working(day) and close >= start:
            return close
        day += timedelta(days=1)


def _case(dice: random.Random) -> tuple[datetime, int, Unit, list[tuple[datetime, datetime]]]:
    unit = dice.choice(list(Unit))
    amount = (
        dice.choice([0, 1, 1, 2, 3, 5, 7, 15]) if unit not in (Unit.HOUR,) else dice.choice([1, 2, 24, 100])
    )
    start = ZERO + timedelta(days=dice.randrange(40), minutes=dice.randrange(1440))
    stops = []
    for _n in range(dice.choice([0, 0, 1, 1, 2, 3])):
        begin = start + timedelta(minutes=dice.randrange(-2000, 20_000))
        stops.append(
            (max(begin, ZERO), max(begin, ZERO) + timedelta(minutes=dice.choice([0, 1, 90, 1440, 9000])))
        )
    return start, amount, unit, stops


def test_10000_deadlines_equal_the_oracle() -> None:
    dice = random.Random(311)
    for number in range(10_000):
        start, amount, unit, stops = _case(dice)
        found = deadline(start, Term(amount, unit), HOURS, stops)
        assert found == oracle(start, amount, unit, stops), (number, start, amount, unit, stops)


@pytest.mark.parametrize(
    ("start", "amount", "unit", "expected"),
    [
        (
            "2025-04-25 09:00",
            3,
            Unit.WORKING_DAY,
            "2025-04-30 17:30",
        ),  # 27 April is a Sunday that does not work here
        ("2025-04-25 09:00", 7, Unit.CALENDAR_DAY, "2025-05-02 17:30"),
        ("2025-04-25 16:30", 2, Unit.WORKING_HOUR, "2025-04-28 09:30"),
        ("2025-04-25 23:10", 2, Unit.HOUR, "2025-04-26 01:10"),
        ("2025-01-27 10:00", 1, Unit.WORKING_DAY, "2025-02-05 17:30"),  # the spring festival lies between
        ("2025-01-25 10:00", 1, Unit.WORKING_DAY, "2025-01-26 17:30"),  # a Sunday worked to make up
        (
            "2025-02-01 10:00",
            1,
            Unit.CALENDAR_DAY,
            "2025-02-05 17:30",
        ),  # ends on a holiday: the next working day
    ],
)
def test_deadlines_people_can_check_on_a_calendar(start: str, amount: int, unit: Unit, expected: str) -> None:
    found = deadline(datetime.fromisoformat(start), Term(amount, unit), HOURS)
    assert found == datetime.fromisoformat(expected)


MOMENT = st.integers(0, 40 * 1440).map(lambda m: ZERO + timedelta(minutes=m))
UNIT = st.sampled_from(list(Unit))


@given(MOMENT, st.integers(1, 20), UNIT, MOMENT, st.integers(1, 5000))
def test_a_suspension_never_brings_a_deadline_forward(
    start: datetime, amount: int, unit: Unit, begin: datetime, minutes: int
) -> None:
    plain = deadline(start, Term(amount, unit), HOURS)
    held = deadline(start, Term(amount, unit), HOURS, [(begin, begin + timedelta(minutes=minutes))])
    assert plain and held and held >= plain


@given(MOMENT, st.integers(1, 20), UNIT)
def test_a_longer_term_never_ends_earlier(start: datetime, amount: int, unit: Unit) -> None:
    one, two = (deadline(start, Term(n, unit), HOURS) for n in (amount, amount + 1))
    assert one and two and start < one <= two


@given(MOMENT, UNIT)
def test_an_open_suspension_holds_the_clock_for_ever(start: datetime, unit: Unit) -> None:
    assert deadline(start, Term(3, unit), HOURS, [(start, None)]) is None


@given(MOMENT, st.integers(0, 5000), st.sampled_from([Unit.WORKING_DAY, Unit.CALENDAR_DAY]))
def test_an_agreed_date_moves_by_the_days_lost_and_never_back(
    start: datetime, minutes: int, unit: Unit
) -> None:
    due = deadline(start, Term(9, unit), HOURS)
    assert due
    assert due <= carried(due, (start, start + timedelta(minutes=minutes)), unit, HOURS)
    assert carried(due, (start, start), unit, HOURS) == due


def test_a_negative_term_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        Term(-1, Unit.HOUR)
