"""The district's headline figures come out of its records, exactly."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from hongtu.boards.figures import figures
from hongtu.domains.projects import queries
from hongtu.domains.projects.models import Project
from hongtu.kernel.chains.models import Step
from hongtu.kernel.people.models import Person
from hongtu.kernel.profile.models import today


def test_the_totals_are_exact(district: None) -> None:
    found = figures()
    assert found["projects"] == 241
    assert found["total_investment_wan"] == Decimal(16_557_000)
    assert found["annual_plan_wan"] == Decimal(2_756_700)
    assert found["key_projects"] == 120
    assert found["chain_steps"] == 1200


def test_the_on_time_rate_is_counted_from_the_steps(district: None) -> None:
    now, kept, due = today(), 0, 0
    for step in Step.objects.all():
        if step.excused or (step.actual_finish is None and step.planned_finish >= now):
            continue
        due += 1
        kept += step.actual_finish is not None and step.actual_finish <= step.planned_finish
    found = figures()
    assert (found["steps_kept"], found["steps_due"]) == (kept, due)
    assert found["on_time_rate"] == round(kept / due, 4)


def test_an_excused_step_leaves_the_rate(district: None) -> None:
    before = figures()
    missed = Step.objects.filter(actual_finish__isnull=True, planned_finish__lt=today(), excused=False)
    step = missed.first()
    assert step is not None
    step.revise(step.version, excused=True)
    after = figures()
    assert (after["steps_due"], after["steps_kept"]) == (before["steps_due"] - 1, before["steps_kept"])
    assert after["on_time_rate"] > before["on_time_rate"]


def test_a_step_is_due_from_the_day_after_its_planned_finish(district: None) -> None:
    keys = Project.objects.values("pk")
    open_steps = queries.steps_of(keys).filter(actual_finish__isnull=True, excused=False)
    step = open_steps.filter(planned_finish__gte=today()).order_by("planned_finish").first()
    assert step is not None
    on_the_day = queries.sums(keys, today=step.planned_finish)
    day_after = queries.sums(keys, today=step.planned_finish + timedelta(1))
    same_day = open_steps.filter(planned_finish=step.planned_finish).count()
    assert day_after["steps_due"] - on_the_day["steps_due"] == same_day


def test_everyone_gets_the_figures_of_what_she_sees(district: None, person: Callable[[str], Person]) -> None:
    whole = figures()
    assert figures(person("zhongxin")) == whole
    assert figures(person("lingdao")) == whole
    owner = person("yezhu")
    hers = queries.projects(owner)
    found = figures(owner)
    assert 0 < found["projects"] < 241
    assert found["projects"] == hers.count()
    assert found["total_investment_wan"] == sum(p.total_investment for p in hers)
    assert figures(person("guanli"))["projects"] == 0, "an administrator of accounts sees no project"
