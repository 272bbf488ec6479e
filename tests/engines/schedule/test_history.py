"""What was known when, and who moved the dates since."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hongtu.engines.schedule.calendars import Calendar
from hongtu.engines.schedule.cpm import Planner
from hongtu.engines.schedule.history import (
    Cause,
    NoVersionError,
    PlanVersion,
    StatedReason,
    as_known,
    compare,
)
from hongtu.engines.schedule.model import Activity, Duration, Network, Owner, OwnerKind, Relation

OFFICE = Calendar.statutory("office", published_years=[2026])
START = date(2026, 3, 2)


def before() -> Network:
    activities = [
        Activity("design", "设计", Duration.days(10), owner=Owner(OwnerKind.OWNER, "教育局")),
        Activity("permit", "许可", Duration.days(5), owner=Owner(OwnerKind.DEPARTMENT, "住建局")),
        Activity("clear", "腾地", Duration.days(12), owner=Owner(OwnerKind.NEIGHBOUR, "市政工地")),
        Activity("build", "施工", Duration.days(20), owner=Owner(OwnerKind.CONTRACTOR, "总包")),
    ]
    relations = [Relation("design", "permit"), Relation("permit", "build"), Relation("clear", "build")]
    return Network(activities, relations, START, calendars=(OFFICE,))


def after() -> Network:
    """Design took 3 days more, the permit waited 2 days and took 1 more, the site cleared 8 days late."""
    actual = {
        "design": (START, date(2026, 3, 18)),
        "permit": (date(2026, 3, 23), date(2026, 3, 30)),
        "clear": (START, date(2026, 3, 27)),
    }
    activities = []
    for activity in before().activities:
        begun, done = actual.get(activity.id, (None, None))
        activities.append(replace(activity, actual_start=begun, actual_finish=done))
    return replace(before(), activities=activities, data_date=date(2026, 3, 31))


def test_every_slip_is_attributed_and_adds_up() -> None:
    comparison = compare(before(), after())
    assert [(s.activity, s.days) for s in comparison.slips] == [
        ("clear", 8),
        ("permit", 6),
        ("build", 6),
        ("design", 3),
    ]
    build = comparison.slip("build")
    assert build is not None
    assert [(share.origin, share.cause, share.party, share.days) for share in build.shares] == [
        ("design", Cause.OWNER, "教育局", 3),
        ("clear", Cause.NEIGHBOUR, "市政工地", 2),
        ("permit", Cause.APPROVING_OFFICE, "住建局", 1),
    ]
    for slip in comparison.slips:
        assert sum(share.days for share in slip.shares) == slip.days


def test_a_stated_reason_goes_before_the_owner_and_can_excuse() -> None:
    reasons = [StatedReason("design", Cause.WEATHER, note="暴雨红色预警", accepted=True)]
    build = compare(before(), after(), reasons).slip("build")
    assert build is not None
    assert build.shares[0].cause is Cause.WEATHER
    assert build.days == 6
    assert build.assessed_days == 3


def test_added_work_is_replanning() -> None:
    extra = Activity("archaeology", "考古", Duration.days(9))
    new = replace(
        before(),
        activities=[*before().activities, extra],
        relations=[*before().relations, Relation("permit", "archaeology"), Relation("archaeology", "build")],
    )
    comparison = compare(before(), new)
    assert comparison.added == ("archaeology",)
    assert comparison.removed == ()
    (slip,) = comparison.slips
    assert (slip.activity, slip.days) == ("build", 9)
    assert [share.cause for share in slip.shares] == [Cause.REPLANNED]


def test_two_equal_versions_have_no_slips() -> None:
    assert compare(before(), before()).slips == ()


@given(
    lengths=st.lists(st.integers(1, 15), min_size=8, max_size=8),
    pairs=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=6),
)
@settings(max_examples=60, deadline=None)
def test_shares_always_add_up_to_the_slip(lengths: list[int], pairs: list[tuple[int, int]]) -> None:
    relations = [Relation(f"a{i}", f"a{j}") for i, j in dict.fromkeys(pairs) if i < j]
    versions = [
        Network(
            [Activity(f"a{i}", duration=Duration.days(n)) for i, n in enumerate(part)],
            relations,
            START,
            calendars=(OFFICE,),
        )
        for part in (lengths[:4], lengths[4:])
    ]
    comparison = compare(*versions)
    results = [Planner(version).run() for version in versions]
    for i in range(4):
        slip = comparison.slip(f"a{i}")
        old, new = (result.finish_day(f"a{i}") for result in results)
        moved = OFFICE.working_days_between(old, new)
        assert (slip.days if slip else 0) == moved
        assert sum(share.days for share in slip.shares) == moved if slip else moved == 0


def test_the_version_known_on_a_day() -> None:
    versions = [
        PlanVersion(datetime(2026, 3, 1), before(), "基线"),
        PlanVersion(datetime(2026, 4, 2), after(), "三月"),
        PlanVersion(datetime(2026, 4, 20), replace(after(), name="更正"), "三月更正"),
    ]
    assert as_known(versions, datetime(2026, 3, 31)).name == "基线"
    assert as_known(versions, datetime(2026, 4, 10)).name == "三月"
    assert as_known(versions, datetime(2026, 5, 1)).name == "三月更正"
    assert as_known(versions, datetime(2026, 5, 1), datetime(2026, 3, 10)).name == "基线"
    with pytest.raises(NoVersionError):
        as_known(versions, datetime(2026, 2, 1))
