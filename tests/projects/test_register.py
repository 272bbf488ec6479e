"""The risk register of a chain: events with measures, branches, three-point durations; page and figures."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hongtu.domains.projects import actions, queries
from hongtu.domains.projects.actions.registers import Way
from hongtu.domains.projects.models import Project
from hongtu.kernel.base.errors import InvalidInput, NotAllowed, StaleVersion
from hongtu.kernel.chains.models import Chain, ChainRisk, RiskBranch, RiskEvent
from hongtu.kernel.people.models import Person

Cast = Callable[[str], Person]
pytestmark = pytest.mark.usefixtures("district")


@pytest.fixture
def centre(person: Cast) -> Person:
    return person("zhongxin")


@pytest.fixture
def browser(centre: Person, settings: Any) -> Client:
    settings.MIDDLEWARE = [m for m in settings.MIDDLEWARE if "whitenoise" not in m]
    made = Client()
    made.force_login(centre, backend="django.contrib.auth.backends.ModelBackend")
    return made


@pytest.fixture
def project(district: None) -> Project:
    """One whose chain has at least three steps ahead, no register of its own, and a promise that is open."""
    for chain in Chain.objects.filter(subject_label=queries.SUBJECT).order_by("pk"):
        ahead = chain.steps.filter(actual_start=None).count()
        if ahead >= 3 and not chain.risk_events.exists() and 0.02 < chain.risk.chance < 0.98:
            return Project.objects.get(pk=chain.subject_key)
    pytest.fail("the demonstration has no open chain")


@pytest.fixture
def chain(project: Project) -> Chain:
    found = queries.chain_of(project)
    assert found is not None
    return found


def stored(chain: Chain) -> ChainRisk:
    return ChainRisk.objects.get(chain=chain)


EVENT = {
    "name": "汛期停工",
    "probability": 100.0,
    "least_days": 40,
    "likely_days": 45,
    "most_days": 50,
    "measure": "汛前完成基坑回填",
    "cost": Decimal(50_000),
    "probability_after": 0.0,
}


def last_step(chain: Chain) -> Any:
    return chain.steps.filter(actual_start=None).order_by("-sequence").first()


def test_an_event_delays_the_promise_and_a_measure_in_force_takes_it_back(
    project: Project, chain: Chain, centre: Person
) -> None:
    before = stored(chain)
    event = actions.save_risk_event(by=centre, record=project, steps=[last_step(chain)], **EVENT)
    struck = stored(chain)
    assert (struck.p80 - before.p80).days > 40
    assert struck.chance < before.chance
    actions.save_risk_event(
        by=centre,
        record=project,
        event=event,
        version=event.version,
        steps=[last_step(chain)],
        **EVENT,
        in_force=True,
    )
    after = stored(chain)
    assert (after.p50, after.p80, after.p95) == (before.p50, before.p80, before.p95)


def test_the_page_shows_the_same_futures_before_and_after_the_measures(
    browser: Client, project: Project, chain: Chain
) -> None:
    url = reverse("projects:risk-event-new", args=[project.pk])
    given = {**EVENT, "version": 1, "impact_after": 100, "steps": [last_step(chain).pk]}
    saved = browser.post(url, given)
    assert saved.status_code == 302
    page = browser.get(reverse("projects:risk", args=[project.pk]))
    assert page.context["measures_gained"] > 25
    chance, *_dates = page.context["measures"].rows
    now, then = (float(str(cell).rstrip("%")) for cell in chance.cells[1:])
    assert now < then
    series = page.context["curve"].option["series"]
    assert [line["lineStyle"]["type"] for line in series] == ["solid", "dashed"]
    text = page.content.decode()
    assert "汛期停工" in text and "汛前完成基坑回填" in text and "50,000" in text


def test_one_of_two_ways_is_gone_in_each_future(project: Project, chain: Chain, centre: Person) -> None:
    step = last_step(chain)
    before = stored(chain)
    ways = [Way("需要迁改", 30.0, (step,)), Way("不需要迁改", 70.0)]
    branch = actions.save_risk_branch(by=centre, record=project, name="地下管线探查", ways=ways)
    after = stored(chain)
    assert after.p50 < before.p50
    assert after.chance >= before.chance
    actions.remove_risk_branch(by=centre, record=project, branch=branch, version=branch.version)
    assert stored(chain).p50 == before.p50


def test_three_points_replace_what_was_assumed(browser: Client, project: Project, chain: Chain) -> None:
    before = stored(chain)
    url = reverse("projects:estimates", args=[project.pk])
    step = last_step(chain)
    given = {f"version-{s.pk}": s.version for s in chain.steps.filter(actual_finish=None)}
    points = {f"optimistic-{step.pk}": 200, f"most_likely-{step.pk}": 210, f"pessimistic-{step.pk}": 240}
    assert browser.post(url, {**given, **points}).status_code == 302
    assert stored(chain).p80 > before.p80
    page = browser.get(reverse("projects:risk", args=[project.pk]))
    assert [str(cell) for cell in page.context["estimates"].rows[0].cells[2:5]] == ["200", "210", "240"]
    stale = browser.post(url, {**given, **points, f"pessimistic-{step.pk}": 300})
    assert stale.status_code == 422
    step.refresh_from_db()
    assert step.pessimistic == 240


@pytest.mark.parametrize("points", [(5, None, 9), (9, 5, 12), (None, 5, None)])
def test_three_points_out_of_order_are_refused(
    browser: Client, project: Project, chain: Chain, points: tuple[int | None, ...]
) -> None:
    step = last_step(chain)
    given = {f"version-{s.pk}": s.version for s in chain.steps.filter(actual_finish=None)}
    names = ("optimistic", "most_likely", "pessimistic")
    given |= {f"{n}-{step.pk}": v for n, v in zip(names, points, strict=True) if v is not None}
    page = browser.post(reverse("projects:estimates", args=[project.pk]), given)
    assert page.status_code == 422
    assert step.name in page.content.decode()
    step.refresh_from_db()
    assert step.optimistic is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"least_days": 60}, "most_days"),
        ({"probability": 10.0, "probability_after": 20.0}, "probability_after"),
        ({"steps": []}, "steps"),
        ({"probability": 120.0}, "probability"),
    ],
)
def test_an_event_that_cannot_be_is_refused_at_its_field(
    browser: Client, project: Project, chain: Chain, change: dict[str, Any], field: str
) -> None:
    given = {**EVENT, "version": 1, "impact_after": 100, "steps": [last_step(chain).pk], **change}
    page = browser.post(reverse("projects:risk-event-new", args=[project.pk]), given)
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert not RiskEvent.objects.filter(chain=chain).exists()


def test_ways_must_add_up_and_share_no_step(project: Project, chain: Chain, centre: Person) -> None:
    step = last_step(chain)
    for ways in (
        [Way("甲", 30.0, (step,)), Way("乙", 60.0)],
        [Way("甲", 100.0, (step,))],
        [Way("甲", 50.0, (step,)), Way("乙", 50.0, (step,))],
        [Way("甲", 50.0), Way("乙", 50.0)],
    ):
        with pytest.raises(InvalidInput):
            actions.save_risk_branch(by=centre, record=project, name="分支", ways=ways)
    assert not RiskBranch.objects.filter(chain=chain).exists()


def test_the_branch_form_keeps_which_step_goes_which_way(
    browser: Client, project: Project, chain: Chain
) -> None:
    step = last_step(chain)
    ways = {"way-1": "迁改", "probability-1": 40, "way-2": "不迁改", "probability-2": 60}
    given = {"version": 1, "name": "管线", **ways, f"step-{step.pk}": "1"}
    saved = browser.post(reverse("projects:risk-branch-new", args=[project.pk]), given)
    assert saved.status_code == 302
    branch = RiskBranch.objects.get(chain=chain)
    page = browser.get(reverse("projects:risk-branch", args=[project.pk, branch.pk]))
    form = page.context["form"]
    assert form[f"step-{step.pk}"].value() == "1"
    assert [form["way-1"].value(), form["probability-2"].value()] == ["迁改", 60.0]


def test_two_people_cannot_overwrite_each_other(project: Project, chain: Chain, centre: Person) -> None:
    steps = [last_step(chain)]
    event = actions.save_risk_event(by=centre, record=project, steps=steps, **EVENT)
    seen = event.version
    changed = {**EVENT, "probability": 50.0}
    actions.save_risk_event(by=centre, record=project, event=event, version=seen, steps=steps, **changed)
    with pytest.raises(StaleVersion):
        actions.save_risk_event(by=centre, record=project, event=event, version=seen, steps=steps, **EVENT)


def test_who_may_not_change_the_project_may_not_touch_its_register(
    person: Cast, project: Project, chain: Chain
) -> None:
    with pytest.raises(NotAllowed):
        actions.save_risk_event(by=person("yezhu"), record=project, steps=[last_step(chain)], **EVENT)
