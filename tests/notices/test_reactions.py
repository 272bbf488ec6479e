"""What happens reaches the people concerned, once, and nobody else."""

import ast
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from hongtu.domains.dispatch import actions as dispatch
from hongtu.kernel.access.models import Assignment
from hongtu.kernel.access.roles import Confidentiality
from hongtu.kernel.base.sentences import Sentence
from hongtu.kernel.events import publish
from hongtu.kernel.notices import actions
from hongtu.kernel.notices.events import EscalatedItem, ItemsEscalated
from hongtu.kernel.notices.models import Notice
from hongtu.kernel.people.models import Person, Unit
from hongtu.kernel.problems import actions as problems
from hongtu.kernel.profile.models import today
from tests.architecture.source import modules
from tests.kernel.problems.conftest import Story
from tests.notices.conftest import told


def test_the_way_of_a_problem_is_told_to_whoever_must_act(story: Story, cast: dict[str, Person]) -> None:
    problem = story.closing("没有停车位")
    assert told(cast["officer"]) == [("assigned", "没有停车位")]
    assert told(cast["desk"]) == [("review", "没有停车位")]
    story.to("verify", problem, "desk")
    assert told(cast["officer"])[-1] == ("verified", "没有停车位")
    assert told(cast["other"]) == told(cast["centre"]) == []
    notice = Notice.objects.get(person=cast["officer"], kind="assigned")
    assert problem.number in str(notice.text) and notice.due_at is not None


def test_returned_work_is_told_to_its_doer_and_a_returned_order_to_the_desk(
    story: Story, cast: dict[str, Person]
) -> None:
    story.to("reject", story.closing("甲"), "desk", reason="照片不清")
    assert told(cast["officer"]) == [("assigned", "甲"), ("returned", "甲")]
    story.to("give_back", story.assigned("乙"),
             "officer", reason="不属本单位")  # fmt: skip
    assert ("returned", "乙") in told(cast["desk"])


def test_an_asked_extension_goes_to_those_who_decide(story: Story, cast: dict[str, Person]) -> None:
    problem = story.working()
    until = problem.due_at + timedelta(days=5)
    problems.ask(by=cast["officer"], problem=problem, subject="extension", reason="等材料", until=until)
    assert told(cast["centre"]) == [("review", "没有停车位")]
    assert Notice.objects.filter(kind="review", person=cast["officer"]).count() == 0


def test_a_clock_that_ran_out_is_told_once(story: Story, cast: dict[str, Person]) -> None:
    problem = story.assigned()
    late = problem.clock_due_at + timedelta(hours=1)
    problems.sweep(by=None, at=late)
    problems.sweep(by=None, at=late + timedelta(hours=1))
    assert [kind for kind, _t in told(cast["officer"])].count("overdue") == 1


def test_a_deadline_that_comes_near_is_told_once(story: Story, cast: dict[str, Person]) -> None:
    problem = story.working()
    day = timezone.localtime(problem.due_at).date()
    assert actions.remind(by=None, on=day - timedelta(days=60)) == 0
    assert actions.remind(by=None, on=day) == 1
    assert actions.remind(by=None, on=day) == 0
    assert told(cast["officer"])[-1] == ("due", "没有停车位")


def test_a_decision_of_a_meeting_is_told_with_its_order_in_one_notice(
    house: dict[str, Unit], cast: dict[str, Person]
) -> None:
    meeting = dispatch.plan_meeting(
        by=None, name="周调度会", kind="site", level=2, held_on=today(), place="会议室",
        chair=cast["leader"], desk=house["district"],
    )  # fmt: skip
    item = dispatch.add_item(
        by=None, meeting=meeting, name="树木迁移", unit=house["housing"], due_on=today() + timedelta(days=9)
    )
    dispatch.decide(
        by=cast["centre"], item=item, version=item.version, decision="九天内迁完", unit=house["housing"],
        due_on=today() + timedelta(days=9),
    )  # fmt: skip
    assert told(cast["officer"]) == [("decided", "树木迁移")]
    assert "九天内迁完" in str(Notice.objects.get(person=cast["officer"]).text)


def test_an_escalation_is_told_once_however_often_the_clocks_are_looked_at(
    story: Story, cast: dict[str, Person]
) -> None:
    problem = story.assigned()
    reason = Sentence(typed="满五个工作日，提至三级")
    found = EscalatedItem(problem.title, 3, today(), reason, problem=problem.pk)
    for _look in range(2):
        publish(ItemsEscalated((found,), today()))
    assert told(cast["officer"]) == [("assigned", problem.title), ("escalated", problem.title)]
    assert [kind for kind, _t in told(cast["centre"])] == ["escalated"], "the centre hears of a day at once"


def test_old_records_taken_over_tell_nobody(story: Story, cast: dict[str, Person]) -> None:
    then = timezone.now() - timedelta(days=30)
    problems.order(
        by=None, unit=story.house["housing"], due_at=then + timedelta(days=3), text="旧", source="meeting",
        title="旧事", at=then,
    )  # fmt: skip
    story_then = story.report("旧问题", at=then)
    problems.triage(by=None, problem=story_then, version=story_then.version, at=then)
    assert Notice.objects.count() == 0


def test_what_is_rolled_back_was_told_to_nobody(story: Story, cast: dict[str, Person]) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        story.assigned()
        raise RuntimeError
    assert Notice.objects.count() == 0


def test_nobody_is_told_of_what_she_may_not_see(story: Story, cast: dict[str, Person], as_: Any) -> None:
    given_by_the_house(story, "机密的事", Confidentiality.CONFIDENTIAL)
    assert Notice.objects.count() == 0, "no officer's ceiling reaches it"
    problem = story.assigned("后来定密的事")
    assert told(cast["officer"]) == [("assigned", "后来定密的事")]
    problem.refresh_from_db()
    problem.revise(problem.version, confidentiality=Confidentiality.CONFIDENTIAL)
    page = as_("officer").get("/notices/?show=all").content.decode()
    assert "后来定密的事" not in page
    key = Notice.objects.get(person=cast["officer"]).pk
    assert as_("officer").get(f"/notices/{key}/").status_code == 404


def given_by_the_house(story: Story, title: str, level: int) -> None:
    """Assigned without a desk, whose ceiling would not reach it."""
    problem = story.report(title, confidentiality=level)
    problem = problems.triage(by=None, problem=problem, version=problem.version)
    problems.assign(by=None, problem=problem, version=problem.version, unit=story.house["housing"])


def test_closed_rooms_publish_nothing() -> None:
    inside = {p: tree for p, tree in modules().items() if p.startswith("domains/family_visits/")}
    assert inside
    for path, tree in inside.items():
        text = ast.unparse(tree)
        assert "kernel.notices" not in text and "kernel.events import publish" not in text, path


def test_a_role_of_a_closed_room_receives_nothing(story: Story, house: dict[str, Unit]) -> None:
    officer = Person.objects.create(
        username="jw", name="jw", pinyin="jw", unit=house["housing"], password="!"
    )
    Assignment.objects.create(person=officer, role="discipline_officer", unit=house["housing"])
    story.assigned()
    assert told(officer) == []
