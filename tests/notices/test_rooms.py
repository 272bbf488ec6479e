"""Visits, consultations, meetings and assessments tell the people concerned, and stand in their calendars."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import translation
from icalendar import Calendar

from hongtu.domains.assessment import actions as assessment
from hongtu.domains.assessment.models import Excuse
from hongtu.domains.consultation import actions as consultation
from hongtu.domains.consultation.models import Meeting as ConsultationMeeting
from hongtu.domains.consultation.models import Topic
from hongtu.domains.dispatch import actions as dispatch
from hongtu.domains.dispatch.models import Meeting
from hongtu.domains.visits import actions as visits
from hongtu.domains.visits.models import Pairing, Visit
from hongtu.kernel.notices import actions, queries
from hongtu.kernel.notices.models import Notice
from hongtu.kernel.people.models import Person
from hongtu.kernel.problems.terms import now
from hongtu.kernel.profile.models import today

pytestmark = pytest.mark.usefixtures("district")


def told(person: Person, label: str, key: int) -> list[str]:
    rows = Notice.objects.filter(person=person, subject_label=label, subject_key=key)
    return list(rows.order_by("at", "pk").values_list("kind", flat=True))


def test_a_leader_hears_of_a_visit_that_somebody_else_planned(person: Any) -> None:
    leader, centre = person("lingdao"), person("zhongxin")
    made = visits.plan_visit(
        by=centre, name="示例社区", kind="community", leader=leader, visited_on=today() + timedelta(days=1),
        unit=leader.unit,
    )  # fmt: skip
    assert told(leader, "visits.visit", made.pk) == ["scheduled"]
    assert told(centre, "visits.visit", made.pk) == [], "not who did it herself"
    visits.cancel(by=centre, visit=made, version=made.version, reason="改期")
    assert told(leader, "visits.visit", made.pk) == ["scheduled"] * 2
    text = Notice.objects.filter(person=leader, subject_key=made.pk, subject_label="visits.visit").latest(
        "at"
    )
    with translation.override("en"):
        assert "cancelled" in str(text.text)


def test_an_assigned_project_that_falls_due_is_told_once(person: Any) -> None:
    leader = person("lingdao")
    pairing = Pairing.objects.filter(leader=leader).exclude(
        chain__in=Visit.objects.filter(state="planned", chain__isnull=False).values("chain")
    )[0]
    pairing.revise(pairing.version, due_on=today() + timedelta(days=1))
    actions.remind(by=None)
    actions.remind(by=None)
    assert told(leader, "visits.pairing", pairing.pk) == ["due"]


def test_everybody_at_the_table_hears_of_the_meeting(person: Any) -> None:
    jumin = person("jumin")
    topic = Topic.objects.filter(state="open", participants__person=jumin).first()
    assert topic is not None
    participant = topic.participants.get(person=jumin)
    from hongtu.domains.consultation.actions import telling

    telling.invited(None, participant)
    assert "invited" in told(jumin, "consultation.topic", topic.pk)


def test_a_topic_waits_for_whoever_may_screen_it(person: Any) -> None:
    topic = Topic.objects.filter(state="open", step="screen")[0]
    made = consultation.register(
        by=None, name="示例议题", description="示例", kind=topic.kind, community=topic.community,
        subdistrict=topic.subdistrict, convener=topic.convener,
    )  # fmt: skip
    rows = Notice.objects.filter(subject_label="consultation.topic", subject_key=made.pk)
    assert rows.exists()
    assert set(rows.values_list("kind", flat=True)) == {"review"}


def test_minutes_are_told_to_the_units_that_were_given_something(person: Any) -> None:
    officer = person("zhujian")
    meeting = dispatch.convene(
        by=None, name="示例现场会", kind="site", level=2, held_on=today(), place="示例",
        chair=person("lingdao"),
        desk=Meeting.objects.all()[0].desk,
    )  # fmt: skip
    due = today() + timedelta(days=5)
    item = dispatch.add_item(by=None, meeting=meeting, name="示例事项", unit=officer.unit, due_on=due)
    dispatch.decide(by=None, item=item, version=item.version, decision="限期", unit=officer.unit, due_on=due)
    meeting.refresh_from_db()
    dispatch.issue(by=None, meeting=meeting, version=meeting.version, signed_by="甲")
    assert told(officer, "dispatch.meeting", meeting.pk) == ["published"]


def test_who_asked_for_an_excuse_hears_what_became_of_it(person: Any) -> None:
    asker, known = person("zhujian"), Excuse.objects.all()[0]
    excuse = assessment.ask_excuse(
        by=None, indicator=known.indicator, record=known.record, part="示例", name="示例免责",
        unit=asker.unit, reason="暴雨停工", basis="气象证明", since=today(),
    )  # fmt: skip
    excuse.revise(excuse.version, asked_by=asker)
    assert told(person("lingdao"), "assessment.excuse", excuse.pk) == ["review"]
    assessment.decide_excuse(
        by=person("lingdao"), excuse=excuse, version=excuse.version, approve=False, answer="佐证不足"
    )
    assert told(asker, "assessment.excuse", excuse.pk) == ["answered"]


def test_a_calendar_has_the_visits_meetings_and_steps_of_its_owner(person: Any) -> None:
    from hongtu.boards.notices import calendar

    def events(who: str) -> dict[str, Any]:
        found = queries.deadlines(person(who), now(), today())
        feed = Calendar.from_ical(calendar.feed("x", found, lambda d: "", "example.org"))
        return {str(e["uid"]).rsplit("-", 1)[0]: e for e in feed.walk("VEVENT")}

    leader = events("lingdao")
    assert {"visits.visit", "visits.pairing", "dispatch.meeting"} <= set(leader)
    meeting = leader["dispatch.meeting"]["dtstart"].dt
    assert meeting.utcoffset() == timedelta(0), "a meeting is a moment, in UTC"
    assert type(leader["visits.visit"]["dtstart"].dt) is date, "a visit without a time is a whole day"
    assert "consultation.topic" in events("shequ")
    noticed = ConsultationMeeting.objects.filter(state="noticed", topic__state="open").first()
    assert noticed is None or noticed.begins_at
