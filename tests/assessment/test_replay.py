"""A score replayed at a past moment: what came later changes nothing, and what it would change is said."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from hongtu.domains.assessment import actions, rules
from hongtu.domains.assessment.models import Falsification, Ranking, Scheme
from hongtu.domains.assessment.queries.scoring import NoScheme, result
from hongtu.domains.assessment.vocab import Change
from hongtu.domains.projects import actions as projects
from hongtu.domains.projects.models import MonthlyInvestment, Project
from hongtu.kernel.calendar import actions as calendar
from hongtu.kernel.chains.models import Step
from hongtu.kernel.indicators.vocab import Subject
from hongtu.kernel.people.models import Person, Unit
from hongtu.kernel.profile.models import today
from tests.assessment.conftest import Scores

pytestmark = pytest.mark.usefixtures("own_district")
People = Callable[[str], Person]


def data(subject: Subject, known: Any = None) -> list[dict[str, Any]]:
    return rules.as_data(result(subject, today(), known).lines)


def finish_something(owner: str) -> Step:
    keys = Project.objects.filter(owner__code=owner).values("pk")
    step = Step.objects.filter(
        chain__subject_label="projects.project",
        chain__subject_key__in=keys,
        planned_finish__lt=today(),
        actual_finish=None,
        whose__in=("owner", "contractor"),
    ).order_by("pk")[0]
    done = today() - timedelta(days=1)
    changes = {"actual_start": min(step.actual_start or step.planned_start, done), "actual_finish": done}
    return projects.revise_step(by=None, step=step, version=step.version, changes=changes)


def enter_late() -> Project:
    """A project that started in time is entered in the statistics today, for two days ago."""
    project = Project.objects.filter(
        registered_on=None, stage="started", actual_start__lt=today() - timedelta(days=40)
    ).order_by("pk")[0]
    day = today() - timedelta(days=2)
    return projects.revise(by=None, record=project, version=project.version, registered_on=day)


@pytest.mark.parametrize("subject", list(Subject))
def test_what_is_known_now_and_at_this_moment_is_the_same(subject: Subject) -> None:
    assert data(subject) == data(subject, timezone.now())


def test_later_edits_of_every_kind_change_no_replay(person: People) -> None:
    before = {s: data(s) for s in Subject}
    known = timezone.now()
    finish_something("OWNER01")
    unit = Unit.objects.get(code="OWNER02")
    unit.revise(unit.version, name="改了名的公司", pinyin="aaa")
    row = MonthlyInvestment.objects.filter(year=today().year, month=2, done__gt=0).order_by("pk")[0]
    row.revise(row.version, done=row.done / 2, plan=row.plan * 3)
    enter_late()
    calendar.days.create(by=None, date=today() - timedelta(days=30), kind="holiday", name="改")
    charge = Falsification.objects.get()
    actions.appeal(by=None, charge=charge, version=charge.version, reason="误会")
    charge.refresh_from_db()
    actions.decide_appeal(by=None, charge=charge, version=charge.version, uphold=False, answer="证据不足")
    gone = Step.objects.filter(actual_start=None, planned_finish__gt=today() + timedelta(days=60)).order_by(
        "pk"
    )[0]
    projects.remove_step(by=None, step=gone, version=gone.version, reason="不做了")
    assert {s: data(s, known) for s in Subject} == before
    assert data(Subject.OWNER) != before[Subject.OWNER], "with the knowledge of now it is another score"


def test_a_difference_of_knowledge_says_which_item_and_whose() -> None:
    known = timezone.now()
    project = enter_late()
    old, new = result(Subject.OWNER, today(), known), result(Subject.OWNER, today())
    changed = {d.unit: d.reasons for d in rules.compare(old.lines, new.lines) if d.reasons}
    assert set(changed) == {project.owner_id}
    [reason] = changed[project.owner_id]
    assert (reason.key, reason.change) == ("registered", Change.RECORDS) and reason.effect > 0
    states = [
        {f.key: f.state for f in r.facts[project.owner_id, "registered"]}[project.pk] for r in (old, new)
    ]
    assert states == ["未入统", "已入统"]


def test_a_late_finish_is_told_apart_from_none_and_wins_nothing() -> None:
    known = timezone.now()
    step = finish_something("OWNER01")
    owner = Project.objects.get(pk=step.chain.subject_key).owner_id
    old, new = result(Subject.OWNER, today(), known), result(Subject.OWNER, today())
    states = [{f.key: f.state for f in r.facts[owner, "steps"]}[step.pk] for r in (old, new)]
    assert states == ["逾期未完成", "逾期完成"]
    assert old.by_unit[owner].total == new.by_unit[owner].total


def test_a_veto_found_out_later_is_not_in_the_replay_and_is_named_as_the_reason() -> None:
    known, unit = timezone.now(), Unit.objects.get(code="OWNER03")
    quarter = Ranking.objects.filter(subject="owner").latest("published_at").on
    charge = actions.report_falsification(
        by=None,
        unit=unit,
        subject="owner",
        name="虚报形象进度",
        facts="照片是别处的",
        basis="核查记录",
        occurred_on=quarter,
    )
    actions.decide_falsification(by=None, charge=charge, version=charge.version, confirm=True, answer="属实")
    then, now = result(Subject.OWNER, quarter, known), result(Subject.OWNER, quarter)
    assert then.by_unit[unit.pk].veto == "" and (then.by_unit[unit.pk].total or 0) > 0
    assert now.by_unit[unit.pk].total == 0
    [found] = [d for d in rules.compare(then.lines, now.lines) if d.unit == unit.pk]
    assert [r.change for r in found.reasons] == [Change.VETO]


def test_a_later_scheme_differs_and_is_named_as_the_reason() -> None:
    proposed = Scheme.objects.get(state="proposed")
    actions.adopt(by=None, scheme=proposed, version=proposed.version)
    later = proposed.effective_from + timedelta(days=1)
    with_old = result(Subject.OWNER, today())
    assert with_old.scheme.row_key != proposed.pk, "not in force before its date"
    assert result(Subject.OWNER, later).scheme.row_key == proposed.pk
    found = rules.compare(with_old.lines, result(Subject.OWNER, today(), scheme=proposed).lines)
    causes = {r.change for d in found for r in d.reasons}
    assert Change.SCHEME in causes <= {Change.SCHEME, Change.SCALE}
    assert any((d.rise or 0) > 0 for d in found) and any((d.rise or 0) < 0 for d in found)


def test_before_the_house_knew_anything_there_is_no_score() -> None:
    with pytest.raises(NoScheme):
        result(Subject.OWNER, today(), timezone.now() - timedelta(days=9000))


def test_a_published_ranking_stays_and_replays_to_its_seal(person: People) -> None:
    ranking = actions.publish(by=person("lingdao"), subject="owner", on=today(), name="四月通报")
    finish_something("OWNER01")
    enter_late()
    again = result(Subject.OWNER, ranking.on, ranking.known_at, scheme=ranking.scheme)
    assert (
        rules.digest(rules.as_data(again.lines))
        == ranking.digest
        == rules.digest(Ranking.objects.get(pk=ranking.pk).lines)
    )
    now = result(Subject.OWNER, ranking.on)
    assert rules.digest(rules.as_data(now.lines)) != ranking.digest


def test_a_day_in_the_past_counts_only_what_had_happened(scores: Scores) -> None:
    early = date(today().year, 2, 20)
    then, now = scores("owner", early), scores("owner")
    assert all(
        then[code].items[1].tally.rows <= now[code].items[1].tally.rows for code in then.keys() & now.keys()
    )
    assert sum(s.items[1].tally.rows for s in then.values()) < sum(
        s.items[1].tally.rows for s in now.values()
    )


@pytest.mark.parametrize("known", [False, True])
def test_queries_do_not_grow_with_what_is_counted(known: bool, django_assert_max_num_queries: Any) -> None:
    moment = timezone.now() if known else None
    with django_assert_max_num_queries(26, connection=connection) as first:
        few = result(Subject.OWNER, today(), moment)
    keep = {f.name: getattr(Project.objects.order_by("pk")[0], f.name) for f in Project._meta.concrete_fields}
    for name in ("id", "version", "created_at", "changed_at"):
        keep.pop(name)
    root = Unit.objects.get(kind="district")
    units = Unit.objects.bulk_create(
        Unit(
            code=f"X{n}",
            name=f"公司{n}",
            kind="company",
            parent=root,
            path=f"{root.path}X{n}/",
            pinyin=f"x{n}",
        )
        for n in range(70)
    )
    made = Project.objects.bulk_create(
        Project(**{**keep, "name": f"项目{n}", "project_code": "", "owner": units[n % 70]})
        for n in range(241)
    )
    MonthlyInvestment.objects.bulk_create(
        MonthlyInvestment(project=p, year=today().year, month=m, plan=Decimal(9), done=Decimal(8))
        for p in made
        for m in range(1, 4)
    )
    moment = timezone.now() if known else None
    with django_assert_max_num_queries(len(first.captured_queries), connection=connection):
        many = result(Subject.OWNER, today(), moment)
    assert len(many.lines) == len(few.lines) + 70
