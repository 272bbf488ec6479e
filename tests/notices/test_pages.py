"""The bell, the list, the settings and the calendar as a person meets them."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db.models import F
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from hongtu.kernel.access.models import Assignment
from hongtu.kernel.access.roles import Confidentiality
from hongtu.kernel.chains.models import Chain, Step
from hongtu.kernel.notices import actions
from hongtu.kernel.notices.models import CalendarLink, Delivery, Notice, Preference
from hongtu.kernel.people.models import Person
from tests.kernel.problems.conftest import Story
from tests.notices.test_reactions import given_by_the_house

Browser = Callable[[str], Client]
SETTINGS = {
    "version": "1",
    "email": "li@example.gov.cn",
    "webhook_form": "dingtalk",
    "webhook_url": "https://oapi.dingtalk.com/robot/send?access_token=tokentoken",
    "webhook_secret": "SECsecret",
    "pace": "at_once",
    "digest_at": "09:00",
    "quiet_from": "18:00",
    "quiet_to": "08:30",
    "quiet_rest_days": "on",
    "remind_days": "5",
    "language": "zh-hans",
}


def text_of(response: Any) -> str:
    assert response.status_code == 200, response
    return response.content.decode()


def test_the_bell_counts_until_the_notice_is_opened(story: Story, as_: Browser) -> None:
    story.assigned("没有停车位")
    officer = as_("officer")
    page = text_of(officer.get("/notices/"))
    assert re.search(r'class="count">1<', page) and "没有停车位" in page
    notice = Notice.objects.get(person=story.cast["officer"])
    opened = officer.get(f"/notices/{notice.pk}/")
    assert opened.headers["Location"] == f"/problems/{notice.problem_id}/"
    page = text_of(officer.get("/notices/"))
    assert "没有未读通知" in page and "没有停车位" in text_of(officer.get("/notices/?show=all"))


def test_a_look_ahead_does_not_mark_it_read(story: Story, as_: Browser) -> None:
    story.assigned()
    notice = Notice.objects.get(person=story.cast["officer"])
    as_("officer").head(f"/notices/{notice.pk}/")
    notice.refresh_from_db()
    assert notice.read_at is None


def test_notices_are_their_reader_s_alone(story: Story, as_: Browser) -> None:
    story.assigned()
    key = Notice.objects.get(person=story.cast["officer"]).pk
    other = as_("other")
    assert other.get(f"/notices/{key}/").status_code == 404
    assert other.post(f"/notices/{key}/read/").status_code == 404
    assert other.post("/notices/read/").status_code == 302
    assert Notice.objects.get(pk=key).read_at is None
    assert Client().get("/notices/").status_code == 302


def test_all_are_marked_read_at_once(story: Story, as_: Browser) -> None:
    for title in ("甲", "乙", "丙"):
        story.assigned(title)
    officer = as_("officer")
    assert "已把3条标为已读" in text_of(officer.post("/notices/read/", follow=True))
    assert not Notice.objects.filter(person=story.cast["officer"], read_at=None).exists()


def test_settings_are_kept_and_keys_never_shown_again(story: Story, as_: Browser) -> None:
    officer = as_("officer")
    page = text_of(officer.post("/notices/settings/", SETTINGS, follow=True))
    assert "通知设置已保存" in page and "tokentoken" not in page and "SECsecret" not in page
    kept = Preference.objects.get(person=story.cast["officer"])
    assert kept.channels == ("email", "webhook") and kept.remind_days == 5
    again = {**SETTINGS, "webhook_url": "", "webhook_secret": "", "email": "", "version": str(kept.version)}
    officer.post("/notices/settings/", again)
    kept.refresh_from_db()
    assert kept.webhook_url.endswith("tokentoken") and kept.channels == ("webhook",)
    officer.post("/notices/settings/", {**again, "forget_webhook": "on", "version": str(kept.version)})
    kept.refresh_from_db()
    assert kept.channels == () and kept.webhook_secret == ""


def test_a_robot_elsewhere_and_a_missing_one_are_refused(story: Story, as_: Browser) -> None:
    officer = as_("officer")
    for url in ("http://oapi.dingtalk.com/x", "https://127.0.0.1/", "https://example.com/hook", ""):
        answer = officer.post("/notices/settings/", {**SETTINGS, "webhook_url": url})
        assert answer.status_code == 422, url
    assert not Preference.objects.exists()


def test_two_tabs_do_not_overwrite_each_other(story: Story, as_: Browser) -> None:
    officer = as_("officer")
    officer.post("/notices/settings/", SETTINGS)
    officer.post("/notices/settings/", {**SETTINGS, "remind_days": "7"})
    answer = officer.post("/notices/settings/", {**SETTINGS, "remind_days": "9"})
    assert answer.status_code == 422 and Preference.objects.get().remind_days == 7


def test_a_test_notice_goes_out_by_every_channel(story: Story, as_: Browser) -> None:
    officer = as_("officer")
    officer.post("/notices/settings/", SETTINGS)
    officer.post("/notices/settings/test/")
    rows = Delivery.objects.filter(person=story.cast["officer"], due_at__lte=timezone.now())
    assert sorted(rows.values_list("channel", flat=True)) == ["email", "webhook"]


def test_who_keeps_the_installation_sees_what_did_not_arrive_but_not_what_it_says(
    story: Story, as_: Browser
) -> None:
    officer, centre = story.cast["officer"], story.cast["centre"]
    Assignment.objects.create(person=centre, role="administrator", unit=story.house["district"])
    Delivery.objects.create(
        person=officer, channel="email", state="dead", fault="notices.rejected", detail="550 no such user",
        subject="secret subject", body="secret body", due_at=timezone.now(), attempts=1,
    )  # fmt: skip
    page = text_of(as_("centre").get("/notices/undelivered/"))
    assert "550 no such user" in page and "secret" not in page
    assert as_("officer").get("/notices/undelivered/").status_code == 403


def feed_of(client: Client) -> tuple[str, Calendar]:
    """The path of a fresh calendar address, and what it serves to somebody without a session."""
    page = text_of(client.post("/notices/settings/calendar/", follow=True))
    path = re.search(r"http://testserver(/notices/calendar/[^/<]+/deadlines\.ics)", page)
    assert path is not None
    answer = Client().get(path[1])
    assert answer.status_code == 200 and answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return path[1], Calendar.from_ical(answer.content)


def test_the_calendar_has_my_problems_orders_and_steps(story: Story, as_: Browser) -> None:
    officer, unit = story.cast["officer"], story.house["housing"]
    problem = story.working("漏水，很久了；第一行\n第二行" + "很长" * 40)
    given_by_the_house(story, "限制的事", Confidentiality.RESTRICTED)
    chain = Chain.objects.create(
        subject_label="projects.project", subject_key=7, title="学校", year=2026, unit=unit,
        start=date(2026, 1, 1), promised=date(2026, 12, 31),
    )  # fmt: skip
    Step.objects.create(
        chain=chain, sequence=1, name="取得许可", segment="preparation", unit=unit, person=officer,
        duration=5, planned_start=date(2026, 3, 2), planned_finish=date(2026, 3, 6),
    )  # fmt: skip
    _path, calendar = feed_of(as_("officer"))
    events = {str(e["summary"]).removeprefix("【逾期】"): e for e in calendar.walk("VEVENT")}
    assert set(events) == {problem.title, "学校：取得许可"}
    problem.refresh_from_db()
    first = events[problem.title]
    assert abs(first["dtstart"].dt - problem.clock_due_at) < timedelta(seconds=1)
    assert str(first["url"]).endswith(f"/problems/{problem.pk}/")
    step = events["学校：取得许可"]
    assert step["dtstart"].dt == date(2026, 3, 6) and str(step["url"]).endswith("/projects/7/chain/")
    assert len({str(e["uid"]) for e in events.values()}) == 2


def test_a_calendar_address_is_kept_as_a_digest_and_a_new_one_closes_it(story: Story, as_: Browser) -> None:
    officer = as_("officer")
    first, _calendar = feed_of(officer)
    assert CalendarLink.objects.get().digest not in first
    second, _calendar = feed_of(officer)
    stranger = Client()
    assert stranger.get(first).status_code == 404 and stranger.get(second).status_code == 200
    assert second.split("/")[3] not in text_of(officer.get("/notices/settings/")), "shown once"
    officer.post("/notices/settings/calendar/revoke/")
    closed, never = stranger.get(second), stranger.get("/notices/calendar/never/deadlines.ics")
    assert closed.status_code == never.status_code == 404


def test_a_closed_account_has_no_calendar(story: Story, as_: Browser) -> None:
    path, _calendar = feed_of(as_("officer"))
    Person.objects.filter(pk=story.cast["officer"].pk).update(is_active=False, version=F("version") + 1)
    assert Client().get(path).status_code == 404


def test_reminders_come_as_early_as_she_wants(story: Story) -> None:
    problem = story.working()
    due = timezone.localtime(problem.due_at).date()
    early = due - timedelta(days=20)
    Preference.objects.create(person=story.cast["officer"], remind_days=15)
    assert actions.remind(by=None, on=early) == 1
