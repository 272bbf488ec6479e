"""Random networks, reproducible from a seed, shared by the oracle tests and the benchmark."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

from hongtu.engines.schedule.calendars import NO_WORK, OFFICE_HOURS, Calendar
from hongtu.engines.schedule.model import (
    Activity,
    Constraint,
    ConstraintKind,
    Duration,
    GapRule,
    LagCalendar,
    Network,
    Relation,
    RelationType,
)

# A calendar with free weekdays and worked weekends, as a year in China has them.
HOLIDAYS = [
    *(date(2026, 1, d) for d in (1, 2, 3)),
    *(date(2026, 2, d) for d in range(15, 24)),
    *(date(2026, 4, d) for d in (4, 5, 6)),
    *(date(2026, 5, d) for d in (1, 2, 3, 4, 5)),
    *(date(2026, 6, d) for d in (19, 20, 21)),
    *(date(2026, 10, d) for d in range(1, 8)),
]
MAKE_UP_DAYS = [date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9), date(2026, 10, 10)]

OFFICE = Calendar.statutory(
    "office", name="机关", holidays=HOLIDAYS, make_up_days=MAKE_UP_DAYS, shifts=OFFICE_HOURS
)
SITE = Calendar.working_week(
    "site",
    name="工地",
    days=range(6),
    shifts=((6 * 60, 11 * 60), (14 * 60, 19 * 60)),
    exceptions=dict.fromkeys([date(2026, 2, d) for d in range(12, 27)], NO_WORK),
)


EARLY_KINDS = [
    ConstraintKind.START_NO_EARLIER_THAN,
    ConstraintKind.FINISH_NO_EARLIER_THAN,
    ConstraintKind.MUST_START_ON,
    ConstraintKind.MUST_FINISH_ON,
]
"""Only for activities no FF or SF relation holds: the oracle keeps the relation's stale finish, a day before
the constraint's start. Likewise START_NO_LATER_THAN where an SS relation has left a stale late start."""


def random_network(seed: int, *, size: int | None = None, calendars: int = 1) -> Network:
    """A network of `size` activities (8 to 40) behind a start milestone, before a last activity.

    Four relation types, lags from -3 to +5 days, date constraints and deadlines on some activities; on every
    third seed a must-finish-by date anywhere from hopeless to generous; on every fifth without one, open
    ends. With one calendar everything runs on the statutory one; with two, half of the activities run on a
    six-day building site.
    """
    rng = random.Random(seed)
    count = size or rng.randint(8, 40)
    start = datetime(2026, 1, 4, 8, 0) + timedelta(days=rng.randrange(0, 200))
    due = None
    if seed % 3 == 0:
        due = datetime.combine(start.date(), datetime.min.time()) + timedelta(
            days=rng.randint(5, 150), hours=17
        )
    relations = []
    for i in range(count):
        relations.append(Relation("start", f"a{i}", RelationType.START_START))
        for j in rng.sample(range(i), min(i, rng.choice((0, 1, 1, 2, 3)))):
            relations.append(_relation(rng, f"a{j}", f"a{i}"))
    held = {r.predecessor for r in relations}
    for i in range(count):
        if due is not None or seed % 5 or f"a{i}" not in held:
            relations.append(Relation(f"a{i}", "finish"))
    held_by_finish = {r.successor for r in relations if r.type.value.endswith("F")}
    holding_by_start = {r.predecessor for r in relations if r.type.value.startswith("S")}
    activities = [Activity("start", duration=Duration.minutes(0), calendar="office")]
    for i in range(count):
        calendar = rng.choice(("office", "site")) if calendars > 1 else "office"
        kinds = [ConstraintKind.FINISH_NO_LATER_THAN]
        if calendars == 1 and f"a{i}" not in holding_by_start:
            kinds.append(ConstraintKind.START_NO_LATER_THAN)
        if calendars == 1 and f"a{i}" not in held_by_finish:
            kinds += EARLY_KINDS
        activities.append(_activity(rng, f"a{i}", calendar, start, kinds))
    activities.append(Activity("finish", duration=Duration.days(1), calendar="office"))
    return Network(
        activities,
        relations,
        start,
        calendars=(OFFICE, SITE)[:calendars],
        must_finish_by=due,
        lag_calendar=LagCalendar.PREDECESSOR,
        gap_rule=GapRule.PRIMAVERA,
    )


def _activity(
    rng: random.Random, id: str, calendar: str, start: datetime, kinds: list[ConstraintKind]
) -> Activity:
    constraints: tuple[Constraint, ...] = ()
    deadline = None
    chance = rng.random()
    kind = rng.choice(kinds)
    # SNET in the evening: the oracle lets an SNET of the morning beat a predecessor that ends that day.
    hour = 8 if kind.value in ("SNLT", "MSO") else 17
    day = OFFICE.add_working_days(start.date() + timedelta(days=rng.randint(0, 90)), 0)
    if chance < 0.12:
        constraints = (Constraint(kind, datetime(day.year, day.month, day.day, hour)),)
    elif chance < 0.2:
        deadline = datetime(day.year, day.month, day.day, 17)
    length = Duration.days(rng.randint(1, 15))
    return Activity(id, duration=length, calendar=calendar, constraints=constraints, deadline=deadline)


def _relation(rng: random.Random, predecessor: str, successor: str) -> Relation:
    kind = rng.choice((*RelationType, RelationType.FINISH_START, RelationType.FINISH_START))
    lag = rng.choice((0, 0, 0, 1, 2, 5, -1, -3))
    return Relation(predecessor, successor, kind, Duration.days(lag))
