"""From the promise back: latest starts, what is already too late and by how much, and whose days they are."""

from datetime import date

import pytest

from hongtu.engines.schedule.backward import days_of, plan_backward
from hongtu.engines.schedule.calendars import Calendar
from hongtu.engines.schedule.errors import MissingActivityError
from hongtu.engines.schedule.model import Activity, Duration, Network, Owner, OwnerKind, Relation

OFFICE = Calendar.statutory("office", published_years=[2026])
BUILDER = Owner(OwnerKind.OWNER, "教育局")
BUREAU = Owner(OwnerKind.DEPARTMENT, "住建局")
LAW = Owner(OwnerKind.STATUTORY, "招标投标法24条")


def chain(data_date: date | None = None, **first: object) -> Network:
    """10 working days of the owner's, a notice of 20 calendar days, 5 working days of a department's."""
    activities = [
        Activity("prepare", "编制文件", Duration.days(10), owner=BUILDER, **first),
        Activity("notice", "公告", Duration.calendar_days(20), owner=LAW),
        Activity("permit", "许可", Duration.days(5), owner=BUREAU),
        Activity("aside", "宣传", Duration.days(1), owner=BUILDER),
    ]
    relations = [Relation("prepare", "notice"), Relation("notice", "permit")]
    return Network(activities, relations, date(2026, 3, 2), calendars=(OFFICE,), data_date=data_date)


def test_latest_starts_count_back_in_the_unit_of_each_step() -> None:
    plan = plan_backward(chain(), {"permit": date(2026, 4, 30)})
    assert plan.step("permit").latest_start.date() == date(2026, 4, 24)
    assert plan.step("notice").latest_start.date() == date(2026, 4, 4), (
        "20 days back from the 24th, a Saturday"
    )
    assert plan.step("prepare").latest_start.date() == date(2026, 3, 23), "10 working days back from then"
    assert plan.feasible
    assert plan.too_late == ()
    assert plan.step("prepare").slack_days == 15


def test_what_is_too_late_at_the_data_date_and_by_how_many_days() -> None:
    plan = plan_backward(chain(data_date=date(2026, 3, 26)), {"permit": date(2026, 4, 30)})
    assert [(step.activity.id, step.late_days) for step in plan.too_late] == [("prepare", 3)]
    assert plan.too_late[0].owner == BUILDER
    assert not plan.feasible
    assert plan.shortfall_days == 3
    assert plan.result.finish_day("permit") == date(2026, 5, 5), "1, 4 and 5 May"
    assert plan.step("notice").slack_days == -5, "calendar days: the weekend is lost as well"


def test_whose_days_the_deciding_chain_consists_of() -> None:
    plan = plan_backward(chain(), {"permit": date(2026, 4, 30)})
    assert [link.activity.id for link in plan.chain] == ["permit", "notice", "prepare"]
    shares = {share.owner: (share.working_days, share.calendar_days) for share in plan.shares}
    assert shares == {BUILDER: (10, 12), LAW: (20, 20), BUREAU: (5, 7)}
    assert days_of(plan, OwnerKind.STATUTORY) == 20


def test_finished_steps_leave_the_plan_and_begun_ones_count_what_remains() -> None:
    began = {"actual_start": date(2026, 3, 9), "remaining": Duration.days(4)}
    plan = plan_backward(chain(data_date=date(2026, 3, 26), **began), {"permit": date(2026, 4, 30)})
    assert plan.step("prepare").latest_start.date() == date(2026, 3, 31)
    assert plan.feasible
    done = {"actual_start": date(2026, 3, 9), "actual_finish": date(2026, 3, 25)}
    after = plan_backward(chain(data_date=date(2026, 3, 26), **done), {"permit": date(2026, 4, 30)})
    with pytest.raises(KeyError):
        after.step("prepare")
    assert [link.activity.id for link in after.chain] == ["permit", "notice", "prepare"]
    assert sum(share.calendar_days for share in after.shares) == 27


def test_a_promise_of_the_whole_binds_every_step() -> None:
    plan = plan_backward(chain(), date(2026, 3, 20))
    assert plan.step("aside").latest_finish.date() == date(2026, 3, 21)
    assert plan.result.finish_day("aside", late=True) == date(2026, 3, 20)
    assert not plan.feasible
    assert [step.activity.id for step in plan.too_late] == ["prepare", "notice"]
    assert plan.shortfall_days > 0


def test_a_promise_about_nothing_is_refused() -> None:
    with pytest.raises(MissingActivityError, match="'handover'"):
        plan_backward(chain(), {"handover": date(2026, 4, 30)})
