"""The moves by which a score could be raised without work, each tried on the score itself, each without
gain."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from hongtu.domains.assessment import actions as assessment
from hongtu.domains.assessment.models import Excuse
from hongtu.domains.dispatch.models import Escalation
from hongtu.domains.projects import actions
from hongtu.domains.projects.models import MonthlyInvestment, Project
from hongtu.domains.projects.queries import step_indicators
from hongtu.kernel.base.errors import NotAllowed
from hongtu.kernel.calendar.working import WorkingCalendar
from hongtu.kernel.chains.models import Chain, Step
from hongtu.kernel.indicators.knowledge import Moment
from hongtu.kernel.indicators.vocab import Subject
from hongtu.kernel.problems import actions as problems
from hongtu.kernel.problems.terms import now
from hongtu.kernel.profile.models import today
from hongtu.site import profiles
from tests.assessment.conftest import Scores, item
from tests.kernel.problems.conftest import DONE, Story, cast, house, photo, story  # noqa: F401

OWNER = "OWNER01"


@pytest.fixture
def late(district: None) -> Step:
    """A step of OWNER01 that is past its date and not finished; its score suffers from it."""
    keys = Project.objects.filter(owner__code=OWNER).values("pk")
    steps = Step.objects.filter(
        chain__subject_label="projects.project",
        chain__subject_key__in=keys,
        planned_finish__lt=today(),
        actual_finish=None,
        whose__in=("owner", "contractor"),
    )
    excused = Excuse.objects.filter(indicator="projects.steps").values("record")
    found = steps.exclude(pk__in=excused).order_by("pk").first()
    assert found is not None
    return found


def no_gain(
    scores: Scores, key: str, move: Callable[[], Any], subject: str = "owner", unit: str = OWNER
) -> None:
    before = scores(subject)[unit]
    move()
    after = scores(subject)[unit]
    assert item(after, key) <= item(before, key)
    assert (after.total or 0) <= (before.total or 0)


def revise(step: Step, **changes: Any) -> None:
    actions.revise_step(
        by=None, step=step, version=step.version, changes=changes, reason="客观原因", cause="excused"
    )


def test_moving_the_date_of_a_late_step(late: Step, scores: Scores) -> None:
    no_gain(scores, "steps", lambda: revise(late, planned_finish=today() + timedelta(days=90)))
    late.refresh_from_db()
    assert late.planned_finish > today(), "the plan did move; the score still counts what was promised"


def test_calling_it_somebody_elses_time(late: Step, scores: Scores) -> None:
    no_gain(scores, "steps", lambda: revise(late, whose="department"))


def test_calling_it_not_critical(late: Step, scores: Scores) -> None:
    critical = Step.objects.filter(chain=late.chain, critical=True).first()
    step = critical or late
    no_gain(scores, "steps", lambda: revise(step, critical=False))


def test_excusing_it_by_oneself(late: Step, scores: Scores) -> None:
    no_gain(scores, "steps", lambda: revise(late, excused=True))


def test_taking_it_out_of_the_chain(late: Step, scores: Scores) -> None:
    Escalation.objects.filter(step=late).delete()  # one that was escalated cannot be taken out at all
    Step.objects.filter(pk=late.pk).update(actual_start=None, version=late.version + 1)
    late.refresh_from_db()
    no_gain(
        scores,
        "steps",
        lambda: actions.remove_step(by=None, step=late, version=late.version, reason="不做了"),
    )


def test_padding_the_chain_with_easy_steps(
    late: Step, scores: Scores, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The writes of this test share one moment: what the district had before is made to be older.
    known = set(Step.objects.values_list("pk", flat=True))
    first = Moment.first

    def older(self: Moment, model: Any, fields: Any) -> Any:
        rows = first(self, model, fields)
        old = rows.keys() if model is Chain else known if model is Step else set()
        long_ago = timezone.now() - timedelta(days=900)
        return {k: r._replace(pgh_created_at=long_ago) if k in old else r for k, r in rows.items()}

    monkeypatch.setattr(Moment, "first", older)
    fields = {
        "name": "例会一次",
        "segment": "construction",
        "unit": late.unit,
        "whose": "contractor",
        "duration": 1,
        "planned_start": today() - timedelta(days=9),
        "planned_finish": today() - timedelta(days=8),
        "actual_start": today() - timedelta(days=9),
        "actual_finish": today() - timedelta(days=8),
    }

    def pad() -> None:
        for _n in range(5):
            actions.add_step(by=None, chain=late.chain, fields=fields)

    no_gain(scores, "steps", pad)


def test_lowering_the_plan_of_the_months(district: None, scores: Scores) -> None:
    project = Project.objects.filter(owner__code=OWNER, months__plan__gt=0).order_by("pk").first()
    assert project is not None
    amounts = {m: Decimal(0) for m in range(1, 12)} | {12: project.annual_plan}
    no_gain(
        scores,
        "investment",
        lambda: actions.plan_months(by=None, record=project, year=today().year, plan=amounts, reason="调整"),
    )
    assert MonthlyInvestment.objects.get(project=project, year=today().year, month=1).plan == 0


def test_postponing_the_start_of_a_project(district: None, scores: Scores) -> None:
    project = (
        Project.objects.filter(owner__code=OWNER, planned_start__year=today().year).order_by("pk").first()
    )
    assert project is not None
    no_gain(
        scores,
        "started",
        lambda: actions.revise(
            by=None,
            record=project,
            version=project.version,
            planned_start=today() + timedelta(days=30),
            planned_finish=today() + timedelta(days=900),
        ),
    )


def test_taking_a_project_off_the_key_list(district: None, scores: Scores) -> None:
    def drop() -> None:
        for project in Project.objects.filter(owner__code=OWNER, key_project=True):
            actions.revise(by=None, record=project, version=project.version, key_project=False)

    no_gain(scores, "reports", drop)


def test_an_office_that_leaves_a_late_approval_open(district: None, scores: Scores) -> None:
    step = (
        Step.objects.filter(whose="department", unit__code="ZRZY", actual_finish__isnull=False)
        .order_by("pk")
        .first()
    )
    assert step is not None
    no_gain(
        scores,
        "approvals",
        lambda: revise(step, actual_finish=None, duration=400),
        "office",
        "ZRZY",
    )


CALENDAR = WorkingCalendar(frozenset(), frozenset(), frozenset({2025}))


def finish(day: date, *claims: tuple[str, str, str]) -> date | None:
    """What counts as the finish on 2025-06-30: claims are (day of record, event, claimed day)."""
    moment = Moment(date(2025, 6, 30))
    moment.__dict__["calendar"] = CALENDAR
    told = [
        (timezone.make_aware(datetime.fromisoformat(f"{at}T10:00")), label, date.fromisoformat(value))
        for at, label, value in claims
    ]
    return step_indicators._finished(SimpleNamespace(actual_finish=day), told, moment)


def test_writing_a_finish_back(db: None) -> None:
    entered = date(2025, 5, 9)
    assert finish(entered, ("2025-05-12", "update", "2025-05-09")) == entered, "recorded in time"
    assert finish(entered, ("2025-06-20", "update", "2025-05-09")) == date(2025, 6, 20), (
        "recorded weeks later"
    )
    assert finish(
        entered, ("2025-05-20", "update", "2025-05-20"), ("2025-06-10", "update", "2025-05-09")
    ) == date(2025, 5, 20), "written back after it was first said"
    assert finish(
        date(2025, 5, 12), ("2025-05-12", "update", "2025-05-09"), ("2025-06-20", "update", "2025-05-12")
    ) == date(2025, 5, 12), "an honest correction to a later day is no fault"
    assert finish(entered, ("2025-06-20", "insert", "2025-05-09")) == entered, "books taken over"


def test_nobody_excuses_herself(late: Step, person: Any) -> None:
    owner = person("yezhu")
    asked = assessment.ask_excuse(
        by=owner,
        indicator="projects.steps",
        record=late.pk,
        name=late.name,
        unit=owner.unit,
        reason="连日暴雨",
        basis="气象证明",
        since=today() - timedelta(days=20),
    )
    with pytest.raises(NotAllowed):
        assessment.decide_excuse(by=owner, excuse=asked, version=asked.version, approve=True)
    centre = person("zhongxin")
    own = Excuse.objects.create(
        indicator="projects.steps",
        record=0,
        name="x",
        unit=owner.unit,
        reason="x",
        basis="x",
        since=today(),
        asked_by=centre,
    )
    with pytest.raises(NotAllowed, match="另一个人"):
        assessment.decide_excuse(by=centre, excuse=own, version=1, approve=True)


# -- problems -------------------------------------------------------------------------------------


@pytest.fixture
def office(story: Story) -> Callable[[], dict[str, float]]:  # noqa: F811
    """Points of the office's items, sixty days on, when everything fell due."""
    rows = profiles.rows(profiles.STANDARD, "assessment_schemes.csv")
    assessment.load_schemes(by=None, rows=rows, since=date(2000, 1, 1))

    def read() -> dict[str, float]:
        from hongtu.domains.assessment.queries.scoring import score_all
        from hongtu.domains.assessment.rules import Plan

        keys = ("in_time", "solved", "responded", "done_once", "overdue")
        data = {
            "items": [
                {
                    "key": k,
                    "title": k,
                    "indicator": f"problems.{k}",
                    "points": 20,
                    "formula": "decay" if k == "overdue" else "share",
                }
                for k in keys
            ]
        }
        on = timezone.localtime(now()).date() + timedelta(days=60)
        if on.year != timezone.localtime(now()).year:
            on = date(timezone.localtime(now()).year, 12, 31)
        found = score_all(Subject.OFFICE, Plan.of(data), Moment(on), None)
        line = found.by_unit.get(story.house["housing"].pk)
        return {k: item(line, k) if line else 20.0 for k in keys}

    return read


def lost(office: Any, move: Callable[[], Any], *keys: str) -> None:
    before = office()
    move()
    after = office()
    assert {k: (before[k], after[k]) for k in keys if after[k] > before[k]} == {}


def test_closing_unsolved(story: Story, office: Any) -> None:  # noqa: F811
    story.solved("好")
    hard = story.working("难", at=now() - timedelta(days=3))

    def move() -> None:
        story.to("ask_to_close", hard, "officer", outcome=DONE, proposal="explained")
        story.to("verify", hard, "desk")
        problems.sweep(by=None, at=now() + timedelta(days=60))

    lost(office, move, "in_time", "solved", "overdue")


def test_splitting_the_easy_part_off(story: Story, office: Any) -> None:  # noqa: F811
    story.solved("好")
    whole = story.working("难易参半")
    easy: list[Any] = []

    def move() -> None:
        parts = [problems.Part("易"), problems.Part("难")]
        story.cast["desk"].refresh_from_db()
        whole.refresh_from_db()
        easy.extend(problems.split(by=story.cast["desk"], problem=whole, version=whole.version, parts=parts))
        story.to("assign", easy[0], "desk", unit=story.house["housing"])
        story.to("sign", easy[0], "officer")
        story.to("ask_to_close", easy[0], "officer", outcome=DONE, photos=[photo()])
        story.to("verify", easy[0], "desk")
        problems.answer(by=None, following=easy[0].followings.get(), verdict="confirmed")

    lost(office, move, "in_time", "solved", "overdue")


def test_merging_a_late_one_away(story: Story, office: Any) -> None:  # noqa: F811
    late, young = story.assigned("旧", at=now() - timedelta(days=20)), story.working("新")
    lost(office, lambda: story.to("merge", late, "desk", into=young, reason="同一处"), "in_time", "overdue")


def test_marking_as_unreasonable(story: Story, office: Any) -> None:  # noqa: F811
    story.solved("好")
    hard = story.working("难")

    def move() -> None:
        asked = problems.ask(by=story.cast["officer"], problem=hard, subject="unreasonable", reason="烦")
        for part in ("centre", "leader"):
            problems.decide(by=story.cast[part], decision=asked, version=asked.version, grant=True)

    lost(office, move, "in_time", "solved", "overdue", "done_once")


def test_extending_and_handing_on(story: Story, office: Any) -> None:  # noqa: F811
    hard = story.working("难", at=now() - timedelta(days=6))

    def move() -> None:
        until = hard.due_at + timedelta(days=30)
        asked = problems.ask(
            by=story.cast["officer"], problem=hard, subject="extension", reason="难", until=until
        )
        problems.decide(by=story.cast["leader"], decision=asked, version=asked.version, grant=True)
        story.to("transfer", hard, "officer", unit=story.house["city"], reason="他们的")

    lost(office, move, "in_time", "solved", "overdue")


def test_secret_problems_are_in_no_score(story: Story, office: Any) -> None:  # noqa: F811
    story.solved("好")
    before = office()
    secret = story.report("不能说的", confidentiality=3, at=now() - timedelta(days=30))
    story.to("triage", secret)
    story.to("assign", secret, unit=story.house["housing"])
    assert office() == before
