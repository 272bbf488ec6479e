"""Writes on projects: two people for a report and a light, gates, reasons, histories, nobody's text lost."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from hongtu.domains.projects import actions, queries
from hongtu.domains.projects.models import PeriodReport, Project
from hongtu.kernel.audit import chain as audit_chain
from hongtu.kernel.audit.models import Entry
from hongtu.kernel.base.errors import InvalidInput, NotAllowed, StaleVersion
from hongtu.kernel.chains.models import Baseline, Chain, Step, StepDateChange
from hongtu.kernel.people.models import Person
from hongtu.kernel.profile.models import today

Cast = Callable[[str], Person]
PERIOD = "2025-05"
REPORT: dict[str, Any] = {
    "done": Decimal(120),
    "progress": "三层楼板浇筑完成60%",
    "this_period": "浇筑三层楼板",
    "next_plan": "四层楼板",
}

pytestmark = pytest.mark.usefixtures("district", "_files")


@pytest.fixture
def _files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def owner(person: Cast) -> Person:
    return person("yezhu")


@pytest.fixture
def centre(person: Cast) -> Person:
    return person("zhongxin")


@pytest.fixture
def hers(owner: Person) -> Project:
    """A running key project of the owner with a chain."""
    found = queries.projects(owner).filter(owner=owner.unit, key_project=True, stage="building").first()
    assert found is not None
    return found


def draft(project: Project, by: Person) -> PeriodReport:
    return actions.save_report(by=by, record=project, period=PERIOD, version=None, **REPORT)


def submitted(project: Project, by: Person) -> PeriodReport:
    report = draft(project, by)
    return actions.submit_report(by=by, report=report, version=report.version)


class TestReports:
    def test_two_people_book_the_money(self, hers: Project, owner: Person, centre: Person) -> None:
        before = hers.done_this_year
        report = submitted(hers, owner)
        hers.refresh_from_db()
        assert hers.done_this_year == before, "a submitted report books nothing yet"
        actions.decide_report(by=centre, report=report, version=report.version, approve=True)
        hers.refresh_from_db()
        assert hers.done_this_year == before + 120
        assert (hers.progress, hers.last_report) == (REPORT["progress"], PERIOD)

    def test_nobody_approves_her_own(self, hers: Project, centre: Person) -> None:
        report = submitted(hers, centre)
        with pytest.raises(NotAllowed) as refusal:
            actions.decide_report(by=centre, report=report, version=report.version, approve=True)
        assert refusal.value.code == "projects.own_report"

    def test_an_owner_cannot_approve_at_all(self, hers: Project, owner: Person, centre: Person) -> None:
        report = submitted(hers, centre)
        with pytest.raises(NotAllowed):
            actions.decide_report(by=owner, report=report, version=report.version, approve=True)

    def test_an_approved_report_never_changes(self, hers: Project, owner: Person, centre: Person) -> None:
        report = submitted(hers, owner)
        report = actions.decide_report(by=centre, report=report, version=report.version, approve=True)
        with pytest.raises(InvalidInput) as refusal:
            actions.save_report(by=owner, record=hers, period=PERIOD, version=report.version, **REPORT)
        assert refusal.value.code == "projects.report_closed"

    def test_a_return_needs_a_reason_and_opens_the_report_again(
        self, hers: Project, owner: Person, centre: Person
    ) -> None:
        report = submitted(hers, owner)
        with pytest.raises(InvalidInput) as refusal:
            actions.decide_report(by=centre, report=report, version=report.version, approve=False, reason=" ")
        assert refusal.value.code == "projects.reason_required"
        report = actions.decide_report(
            by=centre, report=report, version=report.version, approve=False, reason="金额与合同不符"
        )
        again = actions.save_report(
            by=owner, record=hers, period=PERIOD, version=report.version, **{**REPORT, "done": Decimal(90)}
        )
        assert again.done == 90
        assert actions.submit_report(by=owner, report=again, version=again.version).state == "submitted"

    def test_reporting_puts_the_reporting_light_right(
        self, hers: Project, owner: Person, centre: Person
    ) -> None:
        last = queries.project(hers.pk, centre).reports.filter(period="2025-04").first()
        if last is not None:
            pytest.skip("the demonstration reported this month already")
        report = actions.save_report(by=owner, record=hers, period="2025-04", version=None, **REPORT)
        actions.submit_report(by=owner, report=report, version=report.version)
        hers.refresh_from_db()
        assert hers.report_light == "normal"


class TestHistory:
    def test_history_and_audit_cannot_be_rewritten(self, hers: Project, centre: Person) -> None:
        actions.revise(by=centre, record=hers, version=hers.version, alias="新名")
        event = hers._meta.model.pgh_event_model.objects.filter(pgh_obj=hers).latest("pgh_id")  # type: ignore[attr-defined]
        assert event.alias == "新名"
        for write in (
            lambda: type(event).objects.filter(pk=event.pk).update(alias="改写"),
            lambda: type(event).objects.filter(pk=event.pk).delete(),
            lambda: Entry.objects.filter(action="projects.revise").update(reason="改写"),
            lambda: Entry.objects.filter(action="projects.revise").delete(),
        ):
            with pytest.raises(DatabaseError, match=r"Cannot|append"), transaction.atomic():
                write()

    def test_each_write_has_its_audit_row_and_the_chain_holds(self, hers: Project, centre: Person) -> None:
        before = Entry.objects.count()
        actions.revise(by=centre, record=hers, version=hers.version, alias="新名")
        entry = Entry.objects.latest("sequence")
        assert Entry.objects.count() == before + 1
        assert (entry.action, entry.actor, entry.object_key) == ("projects.revise", centre, str(hers.pk))
        assert audit_chain.verify(None).sequence == entry.sequence

    def test_a_refused_write_leaves_nothing(self, hers: Project, owner: Person, centre: Person) -> None:
        before = Entry.objects.count()
        with pytest.raises(InvalidInput):
            actions.revise(
                by=centre, record=hers, version=hers.version, alias="x", planned_finish=date(1999, 1, 1)
            )
        with pytest.raises(NotAllowed):
            other = Project.objects.exclude(pk__in=queries.projects(owner).values("pk")).first()
            assert other is not None
            actions.revise(by=owner, record=other, version=other.version, alias="x")
        assert Entry.objects.count() == before

    def test_a_stale_edit_keeps_both_texts(self, hers: Project, owner: Person, centre: Person) -> None:
        seen = hers.version
        actions.revise(by=centre, record=Project.objects.get(pk=hers.pk), version=seen, builders="甲公司")
        with pytest.raises(StaleVersion) as stale:
            actions.revise(by=owner, record=hers, version=seen, builders="乙公司", alias="x")
        assert stale.value.mine == {"builders": "乙公司", "alias": "x"}
        assert stale.value.theirs["builders"] == "甲公司"
        assert Project.objects.get(pk=hers.pk).builders == "甲公司"

    @pytest.mark.parametrize("field", ["light", "done_this_year", "stage", "excused"])
    def test_computed_fields_are_refused(self, hers: Project, centre: Person, field: str) -> None:
        with pytest.raises(InvalidInput) as refusal:
            actions.revise(by=centre, record=hers, version=hers.version, **{field: "normal"})
        assert refusal.value.code == "projects.computed_field"


class TestLights:
    def test_another_person_decides_on_a_light_set_by_hand(
        self, owner: Person, centre: Person, person: Cast
    ) -> None:
        late = queries.projects(centre).filter(light="late").first()
        assert late is not None
        change = actions.ask_light_change(
            by=centre, record=late, light="excused", reason="上跨高铁等待天窗期", until=date(2025, 12, 31)
        )
        late.refresh_from_db()
        assert late.light == "late", "asking changes nothing"
        with pytest.raises(NotAllowed) as refusal:
            actions.decide_light_change(by=centre, change=change, version=change.version, approve=True)
        assert refusal.value.code == "projects.own_light_change"
        actions.decide_light_change(by=person("lingdao"), change=change, version=change.version, approve=True)
        late.refresh_from_db()
        assert (late.light, late.excused, str(late.light_reason)) == ("excused", True, "上跨高铁等待天窗期")

    def test_a_refused_request_changes_nothing_and_is_decided_once(
        self, centre: Person, person: Cast
    ) -> None:
        late = queries.projects(centre).filter(light="late").first()
        assert late is not None
        change = actions.ask_light_change(
            by=centre, record=late, light="normal", reason="好看", until=date(2025, 12, 31)
        )
        leader = person("lingdao")
        change = actions.decide_light_change(by=leader, change=change, version=change.version, approve=False)
        late.refresh_from_db()
        assert late.light == "late"
        with pytest.raises(InvalidInput):
            actions.decide_light_change(by=leader, change=change, version=change.version, approve=True)

    def test_a_light_by_hand_needs_a_reason(self, hers: Project, centre: Person) -> None:
        with pytest.raises(InvalidInput) as refusal:
            actions.ask_light_change(by=centre, record=hers, light="normal", reason="  ", until=today())
        assert refusal.value.fields.keys() == {"reason"}

    def test_a_light_by_hand_runs_out(self, centre: Person, person: Cast) -> None:
        late = queries.projects(centre).filter(light="late").first()
        assert late is not None
        change = actions.ask_light_change(
            by=centre, record=late, light="normal", reason="复核", until=today() - timedelta(1)
        )
        actions.decide_light_change(by=person("lingdao"), change=change, version=change.version, approve=True)
        late.refresh_from_db()
        assert late.light == "late"


class TestStages:
    def test_a_closed_gate_says_what_is_missing_and_opens_with_it(self, centre: Person) -> None:
        project = queries.projects(centre).filter(stage="preparation").first()
        assert project is not None
        project = actions.revise(
            by=centre, record=project, version=project.version, project_code="", actual_start=None
        )
        with pytest.raises(InvalidInput) as refusal:
            actions.change_stage(
                by=centre, record=project, version=project.version, stage="started", reason=""
            )
        assert refusal.value.code == "projects.gate_closed"
        assert refusal.value.fields["stage"] == ["项目代码、实际开工日期、现场照片"]
        project = actions.revise(
            by=centre,
            record=project,
            version=project.version,
            project_code="2504-360113-04-01-999999"[:24],
            actual_start=date(2025, 5, 6),
        )
        photo = SimpleUploadedFile("开工.jpg", b"\xff\xd8\xff\xe0" + b"0" * 64)
        actions.add_evidence(by=centre, record=project, kind="photo", title="破土", file=photo)
        moved = actions.change_stage(
            by=centre, record=project, version=project.version, stage="started", reason="已破土"
        )
        assert moved.stage == "started"

    @pytest.mark.parametrize(
        ("name", "content"), [("a.jpg", b"MZ" + b"0" * 30), ("a.exe", b"MZ"), ("a.svg", b"<svg/>")]
    )
    def test_evidence_is_a_picture_or_a_paper(
        self, hers: Project, centre: Person, name: str, content: bytes
    ) -> None:
        with pytest.raises(InvalidInput):
            actions.add_evidence(
                by=centre, record=hers, kind="photo", title="x", file=SimpleUploadedFile(name, content)
            )
        assert not hers.evidence.exists()


@pytest.fixture
def chain(hers: Project) -> Chain:
    found = queries.chain_of(hers)
    assert found is not None
    return found


class TestChains:
    def test_moving_the_promise_keeps_a_baseline_and_moves_latest_starts(
        self, chain: Chain, centre: Person
    ) -> None:
        open_steps = list(chain.steps.filter(actual_finish__isnull=True))
        before = {s.pk: s.latest_start for s in open_steps}
        promised = chain.promised
        moved = actions.move_promise(
            by=centre,
            chain=chain,
            version=chain.version,
            promised=promised - timedelta(30),
            reason="区里要求提前",
        )
        kept = Baseline.objects.get(chain=chain)
        assert str(promised) in str(kept.name)
        assert len(kept.steps) == 10
        after = {s.pk: s.latest_start for s in moved.steps.filter(pk__in=before)}
        assert all(after[pk] < before[pk] for pk in before if before[pk])

    def test_a_promise_far_too_early_turns_the_light(self, centre: Person) -> None:
        project = queries.projects(centre).filter(key_project=True, light="normal").first()
        assert project is not None
        chain = queries.chain_of(project)
        assert chain is not None
        actions.move_promise(
            by=centre, chain=chain, version=chain.version, promised=today(), reason="要求立即交付"
        )
        project.refresh_from_db()
        assert project.light in ("warning", "late")
        assert "误承诺日期" in str(project.light_reason)

    @pytest.mark.parametrize("reason", ["", "   "])
    def test_a_moved_date_needs_a_reason(self, chain: Chain, centre: Person, reason: str) -> None:
        step = chain.steps.filter(actual_start__isnull=True).first()
        assert step is not None
        with pytest.raises(InvalidInput) as refusal:
            actions.revise_step(
                by=centre,
                step=step,
                version=step.version,
                changes={"planned_finish": step.planned_finish + timedelta(7)},
                reason=reason,
            )
        assert refusal.value.code == "chains.reason_required"
        with pytest.raises(InvalidInput):
            actions.move_promise(
                by=centre, chain=chain, version=chain.version, promised=today(), reason=reason
            )
        assert not StepDateChange.objects.filter(step=step).exists()

    def test_a_moved_date_is_kept_with_before_after_and_reason(self, chain: Chain, centre: Person) -> None:
        step = chain.steps.filter(actual_start__isnull=True).first()
        assert step is not None
        before, replanned = step.planned_finish, step.replanned
        after = actions.revise_step(
            by=centre,
            step=step,
            version=step.version,
            changes={"planned_finish": before + timedelta(7)},
            reason="设计变更，见3号联系单",
            cause="owner",
        )
        change = StepDateChange.objects.get(step=step)
        assert (change.before, change.after, change.by) == (before, before + timedelta(7), centre)
        assert str(change.reason) == "设计变更，见3号联系单"
        assert after.replanned == replanned + 1

    def test_actual_dates_need_no_reason_but_the_right_order(self, chain: Chain, centre: Person) -> None:
        step = chain.steps.filter(actual_start__isnull=True).first()
        assert step is not None
        with pytest.raises(InvalidInput) as refusal:
            actions.revise_step(
                by=centre, step=step, version=step.version, changes={"actual_finish": date(2025, 5, 1)}
            )
        assert refusal.value.code == "chains.start_missing"
        done = actions.revise_step(
            by=centre,
            step=step,
            version=step.version,
            changes={"actual_start": date(2025, 4, 28), "actual_finish": date(2025, 5, 1)},
        )
        assert done.light == "done"

    def test_a_stale_step_is_refused_with_both_values(self, chain: Chain, centre: Person) -> None:
        step = chain.steps.filter(actual_start__isnull=True).first()
        assert step is not None
        mine = Step.objects.get(pk=step.pk)
        actions.revise_step(by=centre, step=step, version=step.version, changes={"evidence": "甲"})
        with pytest.raises(StaleVersion) as stale:
            actions.revise_step(by=centre, step=mine, version=mine.version, changes={"evidence": "乙"})
        assert (stale.value.mine["evidence"], stale.value.theirs["evidence"]) == ("乙", "甲")

    def test_monthly_plans_add_up_to_the_annual_plan(self, hers: Project, centre: Person) -> None:
        even = round(hers.annual_plan / 12, 4)
        with pytest.raises(InvalidInput) as refusal:
            actions.plan_months(by=centre, record=hers, year=2025, plan={1: hers.annual_plan + 1}, reason="x")
        assert refusal.value.code == "projects.plan_sum"
        plan = dict.fromkeys(range(1, 12), even)
        plan[12] = hers.annual_plan - sum(plan.values())
        actions.plan_months(by=centre, record=hers, year=2025, plan=plan, reason="按月均摊")
        assert sum(m.plan for m in queries.months(hers, 2025)) == hers.annual_plan


def test_a_file_of_rows_is_one_audit_row_with_its_source(centre: Person, owner: Person) -> None:
    rows = list(queries.projects(centre)[:3])
    actions.import_rows(
        by=centre,
        create=[],
        update=[(p, {"progress": "文件里的进度"}) for p in rows],
        source={"file": "台账.xlsx", "digest": "abc"},
    )
    entry = Entry.objects.filter(action="projects.import_rows").latest("sequence")
    assert entry.detail["file"] == "台账.xlsx"
    assert (entry.detail["created"], entry.detail["changed"]) == (0, 3)
    assert Project.objects.filter(progress="文件里的进度").count() == 3
    foreign = Project.objects.exclude(pk__in=queries.projects(owner).values("pk")).first()
    assert foreign is not None
    with pytest.raises(NotAllowed):
        actions.import_rows(by=owner, create=[], update=[(foreign, {"alias": "x"})], source={"file": "x"})
