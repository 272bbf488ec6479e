"""The approval network of the six project types, and planning it backwards from a real permit date."""

import csv
from datetime import date

import pytest

from hongtu.engines.schedule.approvals import (
    Matter,
    MatterError,
    approval_network,
    load_matters,
    nominal_path,
    select,
)
from hongtu.engines.schedule.backward import days_of, plan_backward
from hongtu.engines.schedule.calendars import Calendar
from hongtu.engines.schedule.errors import MissingActivityError
from hongtu.engines.schedule.model import OwnerKind
from tests.shared_data import shared


@pytest.fixture(scope="module")
def matters() -> tuple[Matter, ...]:
    with shared("domain/07_approval_matters.csv").open(encoding="utf-8-sig") as file:
        return load_matters(csv.DictReader(file))


@pytest.fixture(scope="module")
def year() -> Calendar:
    with shared("domain/22_calendar_2025_2026.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    holidays = [date.fromisoformat(row["date"]) for row in rows if row["kind"] == "放假"]
    extra = [date.fromisoformat(row["date"]) for row in rows if row["kind"] != "放假"]
    return Calendar.statutory("法定", holidays=holidays, make_up_days=extra)


def test_longest_paths_equal_the_published_check(matters: tuple[Matter, ...]) -> None:
    with shared("domain/07b_network_check.csv").open(encoding="utf-8-sig") as file:
        expected = list(csv.DictReader(file))
    assert len(expected) == 6
    for row in expected:
        permit = tuple(row["critical_path_to_permit"].split(">"))
        after = tuple(row["critical_path_after_works"].split(">"))
        before = nominal_path(matters, row["type"], permit[-1])
        behind = nominal_path(matters, row["type"], after[-1], since="C02")
        assert before.matters == int(row["matters"])
        assert before.relations == int(row["edges"])
        assert before.calendar_days == int(row["calendar_days_to_construction_permit"])
        assert before.path == permit
        assert before.government_days == float(row["gov_commit_workdays_on_path"])
        assert behind.calendar_days == int(row["calendar_days_after_works"])
        assert behind.path == after


def test_a_matter_left_out_hands_its_predecessors_on(matters: tuple[Matter, ...]) -> None:
    chosen = select(matters, "F")
    assert "P42" not in chosen
    assert chosen["P44"][1] == ("P41",)


@pytest.mark.parametrize(("kind", "permit"), [("A", "P48"), ("C", "P48"), ("E", "P48"), ("F", "P55")])
def test_planned_backward_from_a_permit_date(
    matters: tuple[Matter, ...], year: Calendar, kind: str, permit: str
) -> None:
    promised = date(2026, 12, 31)
    network = approval_network(matters, kind, date(2026, 1, 5), year, until=permit)
    plan = plan_backward(network, {permit: promised})
    last = plan.step(permit)
    assert last.latest_finish.date() <= date(2027, 1, 1)
    assert plan.result.finish_day(permit, late=True) == promised
    # Beginning everything at its latest start keeps the promise; one working day later breaks it.
    begin = min(step.latest_start for step in plan.steps).date()
    for start, kept in ((begin, True), (year.add_working_days(begin, 1), False)):
        again = approval_network(matters, kind, start, year, until=permit)
        assert plan_backward(again, {permit: promised}).feasible is kept
    assert plan.feasible == (plan.result.finish_day(permit) <= promised)
    assert bool(plan.too_late) == (not plan.feasible)
    chain = {link.activity.id for link in plan.chain}
    assert permit in chain
    owned = sum(share.calendar_days for share in plan.shares)
    span = (plan.result.finish(permit) - plan.result.start(plan.chain[-1].activity.id)).days
    assert 0 < owned <= span
    assert days_of(plan, OwnerKind.DEPARTMENT) > 0


def test_rows_that_cannot_be_read_are_named() -> None:
    good = {"id": "P1", "name": "赋码", "commit_days": "1", "prep_days": "1", "unit": "工", "preds": "-"}
    with pytest.raises(MatterError, match="Row 2, column commit_days: 'three'"):
        load_matters([{**good, "commit_days": "three"}])
    with pytest.raises(MatterError, match="Row 2, column unit"):
        load_matters([{**good, "unit": "天"}])
    with pytest.raises(MissingActivityError, match="'P9' of 赋码"):
        load_matters([{**good, "preds": "P9"}])
