"""What leaves the house: by which way, when, what it says, and what becomes of it."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from datetime import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import mail

from hongtu.adapters.gateways import webhook
from hongtu.kernel.access.roles import Confidentiality
from hongtu.kernel.base.sentences import Sentence
from hongtu.kernel.notices import actions
from hongtu.kernel.notices.actions import News
from hongtu.kernel.notices.models import Delivery, Notice, Preference
from hongtu.kernel.notices.vocab import Kind
from hongtu.kernel.people.models import Person
from hongtu.site.logs import PrivateLinks
from tests.kernel.problems.conftest import Story
from tests.notices.conftest import AT_ONCE, send_all, time_passes
from tests.notices.gateway import Gateway

Robot = Callable[..., Preference]


def news(number: int = 1, **more: Any) -> News:
    return News(Kind.ASSIGNED, f"n{number}", f"事项{number}", Sentence(typed="请签收"), **more)


def texts(gateway: Gateway) -> str:
    return "\n".join(text for found in gateway.texts.values() for text in found)


def test_a_robot_gets_the_text_with_a_link(
    cast: dict[str, Person], robot_of: Robot, gateway: Gateway
) -> None:
    robot_of(cast["officer"])
    actions.tell([(news(), [cast["officer"].pk])])
    assert send_all() == {"sent": 1}
    key = Notice.objects.get().pk
    assert texts(gateway) == f"【宏图】交办给我：事项1\n请签收\nhttps://hongtu.example.gov.cn/notices/{key}/"
    assert send_all() == {}


def test_in_her_language(cast: dict[str, Person], robot_of: Robot, gateway: Gateway) -> None:
    robot_of(cast["officer"], language="en")
    actions.tell([(news(), [cast["officer"].pk])])
    send_all()
    assert texts(gateway).startswith("[Hongtu] Assigned to me: 事项1")


def test_mail_carries_its_key(cast: dict[str, Person], settings: Any) -> None:
    Preference.objects.create(person=cast["officer"], email="li@example.gov.cn", **AT_ONCE)
    actions.tell([(news(), [cast["officer"].pk])])
    assert send_all() == {"sent": 1}
    [sent] = mail.outbox
    assert sent.to == ["li@example.gov.cn"] and sent.subject == "【宏图】交办给我：事项1"
    assert str(Delivery.objects.get().pk) in sent.extra_headers["Message-ID"]


def test_without_a_mail_server_the_reason_is_shown(
    cast: dict[str, Person], settings: Any, as_: Callable[[str], Any]
) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", ""
    Preference.objects.create(person=cast["officer"], email="li@example.gov.cn", **AT_ONCE)
    actions.tell([(news(), [cast["officer"].pk])])
    assert send_all() == {"dead": 1}
    page = as_("officer").get("/notices/").content.decode()
    assert "没有送达的消息" in page and "本系统没有配置邮件服务器" in page


def test_a_confidential_matter_leaves_no_trace_and_a_restricted_one_no_name(
    story: Story, cast: dict[str, Person], robot_of: Robot, gateway: Gateway
) -> None:
    robot_of(cast["officer"])
    people = [cast["officer"].pk]
    actions.tell([(news(1, confidentiality=3), people), (news(2, confidentiality=2), people)])
    later = story.report("后来限制的事")
    actions.tell([(news(3, problem=later.pk), people)])
    later.revise(later.version, confidentiality=Confidentiality.RESTRICTED)
    send_all()
    assert len(gateway.taken) == 2
    assert "事项" not in texts(gateway) and "请签收" not in texts(gateway)
    assert "您有一条新通知，请登录查看。" in texts(gateway)


def test_a_busy_gateway_is_tried_again_under_the_same_key(
    cast: dict[str, Person], robot_of: Robot, gateway: Gateway
) -> None:
    robot_of(cast["officer"])
    actions.tell([(news(), [cast["officer"].pk])])
    gateway.answer = (200, {"errcode": 45009, "errmsg": "api freq out of limit"}, {})
    assert send_all() == {"later": 1}
    assert send_all() == {}, "not before its pause is over"
    gateway.answer = (200, {"errcode": 0}, {})
    time_passes()
    assert send_all() == {"sent": 1}
    assert len(gateway.requests) == 1 and sum(gateway.requests.values()) == 2


def test_a_refused_message_is_a_dead_letter_with_its_reason_and_can_be_sent_again(
    cast: dict[str, Person], robot_of: Robot, gateway: Gateway, as_: Callable[[str], Any]
) -> None:
    robot_of(cast["officer"])
    actions.tell([(news(), [cast["officer"].pk])])
    gateway.answer = (200, {"errcode": 93000, "errmsg": "invalid webhook url"}, {})
    assert send_all() == {"dead": 1}
    page = as_("officer").get("/notices/").content.decode()
    assert "对方拒收" in page and "errcode 93000 invalid webhook url" in page
    row = Delivery.objects.get()
    assert as_("other").post(f"/notices/messages/{row.pk}/retry/").status_code == 404
    assert as_("officer").post(f"/notices/messages/{row.pk}/retry/").status_code == 302
    gateway.answer = (200, {"errcode": 0}, {})
    assert send_all() == {"sent": 1}


def test_after_eight_failures_it_is_given_up(
    cast: dict[str, Person], robot_of: Robot, gateway: Gateway
) -> None:
    robot_of(cast["officer"])
    actions.tell([(news(), [cast["officer"].pk])])
    gateway.answer = (503, {}, {"Retry-After": "7200"})
    for _attempt in range(7):
        assert send_all() == {"later": 1}
        time_passes()
    assert send_all() == {"dead": 1}
    assert Delivery.objects.get().fault == "notices.busy"


def test_a_gateway_out_of_order_holds_up_nobody_else(
    cast: dict[str, Person], robot_of: Robot, gateway: Gateway, settings: Any
) -> None:
    settings.HONGTU_WEBHOOK_HOSTS = [gateway.host, "127.0.0.1:9"]
    robot_of(cast["officer"], webhook_url="http://127.0.0.1:9/send")
    robot_of(cast["other"])
    actions.tell((news(n), [cast["officer"].pk, cast["other"].pk]) for n in range(5))
    told = send_all()
    assert told == {"sent": 5, "later": 1}, "one try at the dead one, the rest of its messages wait"


def test_an_address_elsewhere_is_never_called(cast: dict[str, Person], robot_of: Robot) -> None:
    robot_of(cast["officer"], webhook_url="http://169.254.169.254/latest/")
    actions.tell([(news(), [cast["officer"].pk])])
    assert send_all() == {"dead": 1}
    assert Delivery.objects.get().fault == "notices.refused_address"


def test_a_day_s_news_is_one_digest(cast: dict[str, Person], robot_of: Robot, gateway: Gateway) -> None:
    robot_of(cast["officer"], pace="daily", digest_at=time(9))
    for number in range(25):
        actions.tell([(news(number), [cast["officer"].pk])])
    actions.tell([(news(99, confidentiality=3), [cast["officer"].pk])])
    assert Delivery.objects.count() == 1
    time_passes()
    assert send_all() == {"sent": 1}
    text = texts(gateway)
    assert (
        text.startswith("【宏图】25条通知\n1. 交办给我：事项0") and "另有5条" in text and "事项99" not in text
    )
    actions.tell([(news(100), [cast["officer"].pk])])
    assert Delivery.objects.filter(state="waiting").count() == 1, "the next digest is begun"


def test_quiet_hours_delay_and_urgent_news_may_break_them(
    cast: dict[str, Person], robot_of: Robot, gateway: Gateway
) -> None:
    always = {"quiet_from": time(0), "quiet_to": time(23, 59, 59)}
    robot_of(cast["officer"], **always)
    robot_of(cast["other"], urgent_through=True, **always)
    urgent = News(Kind.OVERDUE, "u", "超时", Sentence())
    actions.tell([(urgent, [cast["officer"].pk, cast["other"].pk])])
    assert send_all() == {"sent": 1}
    assert Delivery.objects.get(state="waiting").person == cast["officer"]


def test_the_same_news_twice_is_one_notice_and_one_message(cast: dict[str, Person], robot_of: Robot) -> None:
    robot_of(cast["officer"])
    assert [actions.tell([(news(), [cast["officer"].pk])]) for _ in range(2)] == [1, 0]
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize("most", [2048, 50])
def test_a_long_text_is_cut_between_characters(most: int) -> None:
    cut = webhook.shortened("宏" * 3000, most)
    assert len(cut.encode()) <= most and cut.endswith("…") and set(cut[:-1]) == {"宏"}
    assert webhook.shortened("宏图", most) == "宏图"


def test_dingtalk_s_signature_is_what_its_manual_says() -> None:
    url = webhook.signed("https://oapi.dingtalk.com/robot/send?access_token=a", "SEC1", 1700000000000)
    query = parse_qs(urlsplit(url).query)
    expected = hmac.new(b"SEC1", b"1700000000000\nSEC1", hashlib.sha256).digest()
    assert query["timestamp"] == ["1700000000000"]
    assert base64.b64decode(query["sign"][0]) == expected


def test_a_calendar_address_is_not_written_to_the_log(caplog: Any) -> None:
    import logging

    record = logging.LogRecord("x", 20, "", 0, '"GET %s"', ("/notices/calendar/abc/deadlines.ics",), None)
    PrivateLinks().filter(record)
    assert "abc" not in record.getMessage() and "/notices/calendar/…" in record.getMessage()
