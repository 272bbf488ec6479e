"""The fourteen points: each is broken once, and names what breaks it."""

from dataclasses import replace
from datetime import date

from hongtu.engines.schedule.calendars import Calendar
from hongtu.engines.schedule.model import (
    Activity,
    Constraint,
    ConstraintKind,
    Duration,
    Network,
    Relation,
    RelationType,
)
from hongtu.engines.schedule.quality import Check, assess, failed

OFFICE = Calendar.statutory("office", published_years=[2026])
START = date(2026, 3, 2)


def sound(count: int = 30) -> Network:
    """A chain of short steps: nothing to complain about."""
    activities = [Activity(f"s{i}", f"第{i}步", Duration.days(4)) for i in range(count)]
    relations = [Relation(f"s{i}", f"s{i + 1}") for i in range(count - 1)]
    return Network(activities, relations, START, calendars=(OFFICE,))


def check(network: Network, code: str) -> Check:
    return next(point for point in assess(network) if point.code == code)


def change(network: Network, at: int, **fields: object) -> Network:
    activities = list(network.activities)
    activities[at] = replace(activities[at], **fields)
    return replace(network, activities=activities)


def named(point: Check) -> list[str]:
    return [finding.activity for finding in point.findings]


def test_a_sound_plan_passes_all_that_applies() -> None:
    points = assess(sound())
    assert [point.number for point in points] == list(range(1, 15))
    assert failed(points) == ()
    applied = {point.code for point in points if point.passed}
    assert {"logic", "leads", "negative-float", "critical-path-test", "invalid-dates"} <= applied


def test_missing_logic_names_the_loose_ends() -> None:
    network = sound()
    loose = replace(network, relations=[r for r in network.relations if r.successor not in ("s5", "s9")])
    point = check(loose, "logic")
    assert point.passed is False
    assert set(named(point)) == {"s0", "s4", "s5", "s8", "s9", "s29"}
    details = {finding.activity: finding.detail for finding in point.findings}
    assert details["s5"] == "no predecessor"
    assert details["s8"] == "no successor"


def test_leads_lags_and_relation_types_name_the_relation() -> None:
    network = sound(20)
    relations = list(network.relations)
    relations[3] = replace(relations[3], lag=Duration.days(-2))
    relations[4] = replace(relations[4], lag=Duration.days(3))
    for k in (6, 7):
        relations[k] = replace(relations[k], type=RelationType.START_START)
    broken = replace(network, relations=relations)
    leads, lags, types = (check(broken, code) for code in ("leads", "lags", "relation-types"))
    assert (named(leads), leads.passed) == (["s4"], False)
    assert "s3 -FS-2 working-day-> s4" in leads.findings[0].detail
    assert (named(lags), lags.passed) == (["s5"], False)
    assert (named(types), types.passed) == (["s7", "s8"], False)


def test_constraints_durations_and_float() -> None:
    network = sound()
    late = Constraint(ConstraintKind.FINISH_NO_LATER_THAN, date(2026, 3, 4))
    for at in (0, 1):
        network = change(network, at, constraints=(late,))
    assert named(check(network, "hard-constraints")) == ["s0", "s1"]
    negative = check(network, "negative-float")
    assert named(negative) == ["s0", "s1"]
    assert negative.findings[1].detail == "-5 working days"
    long = change(change(sound(), 2, duration=Duration.days(45)), 3, duration=Duration.days(60))
    assert named(check(long, "high-duration")) == ["s2", "s3"]
    aside = Activity("aside", duration=Duration.days(1))
    roomy = replace(
        sound(),
        activities=[*sound().activities, aside],
        relations=[*sound().relations, Relation("s0", "aside"), Relation("aside", "s29")],
    )
    assert named(check(roomy, "high-float")) == ["aside"]


def test_progress_points() -> None:
    network = replace(sound(), data_date=date(2026, 3, 16))
    for at, finish in ((0, date(2026, 3, 5)), (1, date(2026, 3, 13)), (2, date(2026, 3, 20))):
        network = change(
            network,
            at,
            actual_start=START,
            actual_finish=finish,
            baseline_finish=(date(2026, 3, 5), date(2026, 3, 11), date(2026, 3, 13))[at],
        )
    assert named(check(network, "invalid-dates")) == ["s2"]
    assert named(check(network, "missed-tasks")) == ["s1", "s2"]
    index = check(network, "bei")
    assert index.value == round(2 / 3, 4)
    assert index.passed is False


def test_length_index_and_resources() -> None:
    network = replace(sound(10), must_finish_by=date(2026, 4, 17))
    point = check(network, "cpli")
    assert point.value == 35 / 40
    assert point.passed is False
    loaded = change(sound(10), 0, resources=("塔吊",))
    assert named(check(loaded, "resources")) == [f"s{i}" for i in range(1, 10)]
    assert check(sound(10), "resources").passed is None


def test_a_pinned_end_fails_the_critical_path_test() -> None:
    pin = Constraint(ConstraintKind.MANDATORY_START, date(2026, 12, 1))
    point = check(change(sound(10), 9, constraints=(pin,)), "critical-path-test")
    assert point.passed is False, "a mandatory date hides the chain before it"
    assert named(point) == ["s9"]
