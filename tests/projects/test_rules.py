"""The three lights, the gates and the on-time rate: pure rules over dates and numbers."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import hongtu
from hongtu.domains.projects import rules
from hongtu.domains.projects.rules import GateFacts, StepFacts, worst

PROFILE = Path(hongtu.__file__).parent / "site/profiles/standard/rules.yaml"
RULES: dict[str, Any] = yaml.safe_load(PROFILE.read_text())
LIGHTS = RULES["projects.lights"]["data"]
GATES = RULES["projects.stages"]["data"]
TODAY = date(2025, 5, 12)
ORDER = [rules.DONE, rules.NOT_DUE, rules.NORMAL, rules.WARNING, rules.LATE]
DAYS = st.dates(date(2025, 1, 1), date(2025, 12, 31))


def count(start: date, finish: date) -> int:
    """Every day works: the calendar has its own tests."""
    return (finish - start).days


def step(overdue: int = 0, **facts: Any) -> StepFacts:
    given = {
        "planned_finish": TODAY - timedelta(overdue),
        "actual_start": None,
        "actual_finish": None,
        "critical": False,
        "replanned": 0,
        "excused": False,
        "total_float": None,
    }
    return StepFacts(**{**given, **facts})


def light(facts: StepFacts) -> str:
    return rules.step_light(facts, LIGHTS, TODAY, count).light


@pytest.mark.parametrize(
    ("overdue", "critical", "expected"),
    [
        (-3, False, "not_due"),
        (0, False, "not_due"),
        (1, False, "warning"),
        (7, False, "warning"),
        (8, False, "late"),
        (2, True, "warning"),
        (3, True, "late"),
    ],
)
def test_an_overdue_step_warns_then_is_late(overdue: int, critical: bool, expected: str) -> None:
    assert light(step(overdue, critical=critical)) == expected


def test_a_started_step_in_time_is_on_track_and_a_finished_one_done() -> None:
    assert light(step(-5, actual_start=TODAY)) == rules.NORMAL
    assert light(step(40, actual_start=TODAY, actual_finish=TODAY)) == rules.DONE


def test_an_excused_step_shows_neither_warning_nor_late() -> None:
    assert light(step(60, excused=True, critical=True)) == rules.EXCUSED


@pytest.mark.parametrize(("short", "expected"), [(0, "not_due"), (1, "warning"), (7, "warning"), (8, "late")])
def test_a_step_that_breaks_the_promise_warns_before_it_is_due(short: int, expected: str) -> None:
    verdict = rules.step_light(step(-30, total_float=-short), LIGHTS, TODAY, count)
    assert verdict.light == expected
    assert (verdict.facts or {}).get("days", 0) == short


def test_a_second_replanning_warns_and_makes_the_next_delay_late_at_once() -> None:
    assert light(step(-5, replanned=2)) == rules.WARNING
    assert light(step(1, replanned=2)) == rules.LATE
    assert light(step(1, replanned=1)) == rules.WARNING


def test_the_reason_names_the_days() -> None:
    verdict = rules.step_light(step(9), LIGHTS, TODAY, count)
    assert verdict.reason % verdict.facts == "逾期 9 个工作日"
    assert verdict.days_late == 9


@given(
    overdue=st.integers(-60, 60),
    more=st.integers(0, 60),
    critical=st.booleans(),
    replanned=st.integers(0, 3),
    slack=st.none() | st.integers(-20, 20),
)
def test_more_lateness_never_improves_a_light(
    overdue: int, more: int, critical: bool, replanned: int, slack: int | None
) -> None:
    facts = step(overdue, critical=critical, replanned=replanned, total_float=slack)
    later = replace(facts, planned_finish=facts.planned_finish - timedelta(more))
    assert ORDER.index(light(later)) >= ORDER.index(light(facts))


@given(overdue=st.integers(-60, 60), replanned=st.integers(0, 3), slack=st.none() | st.integers(-20, 20))
def test_a_critical_step_is_never_judged_milder(overdue: int, replanned: int, slack: int | None) -> None:
    facts = step(overdue, replanned=replanned, total_float=slack)
    assert ORDER.index(light(replace(facts, critical=True))) >= ORDER.index(light(facts))


@given(st.lists(st.sampled_from(ORDER), min_size=1), st.sampled_from(ORDER))
def test_the_worst_wins_and_one_more_light_never_improves_it(lights: list[str], extra: str) -> None:
    assert ORDER.index(worst(lights)) == max(map(ORDER.index, lights))
    assert ORDER.index(worst([*lights, extra])) >= ORDER.index(worst(lights))


def test_nothing_to_judge_is_not_due() -> None:
    assert worst([]) == rules.NOT_DUE


@pytest.mark.parametrize(
    ("done", "expected"), [(90, "normal"), ("89.99", "warning"), (70, "warning"), ("69.99", "late")]
)
def test_money_is_judged_against_the_plan_to_date(done: Any, expected: str) -> None:
    assert rules.investment_light(Decimal(str(done)), Decimal(100), LIGHTS).light == expected


def test_no_planned_money_is_no_light() -> None:
    assert rules.investment_light(Decimal(0), Decimal(0), LIGHTS).light == rules.NOT_DUE


def test_the_plan_to_date_is_the_months_else_a_twelfth_each() -> None:
    months = {1: Decimal(10), 2: Decimal(0), 3: Decimal(50), 12: Decimal(40)}
    assert rules.planned_to_date(Decimal(100), months, 3) == 60
    assert rules.planned_to_date(Decimal(120), {1: Decimal(0)}, 4) == 40


@pytest.mark.parametrize(
    ("overdue", "expected"), [(0, "normal"), (1, "warning"), (2, "warning"), (3, "late")]
)
def test_a_missing_report_warns_then_is_late(overdue: int, expected: str) -> None:
    due = TODAY - timedelta(overdue)
    assert rules.report_light(False, due, LIGHTS, TODAY, count).light == expected
    assert rules.report_light(True, due, LIGHTS, TODAY, count).light == rules.NORMAL


def test_months_close_and_reports_fall_due_across_the_year() -> None:
    assert rules.last_closed_month(date(2025, 1, 3)) == (2024, 12)
    assert rules.last_closed_month(date(2025, 5, 12)) == (2025, 4)
    assert rules.report_due(2024, 12, LIGHTS) == date(2025, 1, 5)


def test_due_soon_ends_with_the_finish() -> None:
    assert rules.due_soon(step(-7), LIGHTS, TODAY, count)
    assert not rules.due_soon(step(-8), LIGHTS, TODAY, count)
    assert not rules.due_soon(step(1), LIGHTS, TODAY, count)
    assert not rules.due_soon(step(-2, actual_finish=TODAY), LIGHTS, TODAY, count)


STEPS = st.lists(st.tuples(DAYS, st.none() | DAYS, st.booleans()))


@given(STEPS)
def test_excused_steps_leave_the_rate(steps: list[tuple[date, date | None, bool]]) -> None:
    judged = [s for s in steps if not s[2]]
    assert rules.on_time_rate(steps, TODAY) == rules.on_time_rate(judged, TODAY)
    kept, due = rules.on_time_rate(steps, TODAY)
    assert 0 <= kept <= due <= len(judged)


@given(STEPS, DAYS)
def test_finishing_late_never_raises_the_rate(
    steps: list[tuple[date, date | None, bool]], planned: date
) -> None:
    kept, due = rules.on_time_rate(steps, TODAY)
    missed = (planned, planned + timedelta(1), False)
    assert rules.on_time_rate([*steps, missed], TODAY) == (kept, due + 1)


@pytest.mark.parametrize(
    ("stage", "missing"),
    [
        ("started", ["has_code", "actual_start", "evidence:photo"]),
        ("completed", ["actual_finish", "evidence:document"]),
        ("pool", ["has_responsible_unit"]),
        ("reserve", []),
    ],
)
def test_a_gate_names_all_that_is_missing(stage: str, missing: list[str]) -> None:
    nothing = GateFacts(False, False, False, False, False, frozenset())
    assert rules.gate_faults(stage, nothing, GATES) == missing
    everything = GateFacts(True, True, True, True, True, frozenset({"photo", "document", "certificate"}))
    assert rules.gate_faults(stage, everything, GATES) == []
