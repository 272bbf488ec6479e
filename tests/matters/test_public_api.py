"""The public API and the widget: documented, limited, without a cookie."""

import json
from typing import Any

import pytest
from django.test import Client

from hongtu.kernel.access.limits import rates
from hongtu.kernel.access.models import RateCount

ASK, ROOT = "/api/v1/assistant/ask", "/api/v1/assistant/"


def post(client: Client, operation: str, body: Any, **more: Any) -> Any:
    return client.post(ROOT + operation, json.dumps(body), content_type="application/json", **more)


def test_a_whole_talk_by_the_api_without_a_cookie(stock: None, visitor: Client) -> None:
    first = post(visitor, "ask", {"question": "居住证怎么办"}).json()
    assert (first["outcome"], first["matter"]) == ("answered", "BB136")
    key = first["conversation"]
    again = post(visitor, "ask", {"question": "多少钱", "conversation": key}).json()
    assert (again["matter"], again["sentences"][0]["field"], again["turn"]) == ("BB136", "fee", 4)
    told = post(visitor, "feedback", {"conversation": key, "turn": 4, "reason": "outdated"})
    assert told.json() == {"ok": True}
    handed = post(visitor, "handover", {"conversation": key, "contact": "示例电话"}).json()
    assert handed["unit"] and handed["due_at"][-6:] == "+08:00"
    talk = post(visitor, "conversation", {"conversation": key}).json()
    assert talk["waiting"] and len(talk["turns"]) == 4
    assert visitor.get(ASK, {"q": "居住证"}).json()["matter"] == "BB136"
    assert not visitor.cookies, "no request set a cookie"


@pytest.mark.parametrize(
    ("operation", "body", "status"),
    [
        ("ask", {"question": 5}, 422),
        ("ask", {"question": "x" * 100_001}, 422),
        ("handover", {"conversation": "unknown"}, 404),
        ("handover", {}, 422),
        ("feedback", {"conversation": "unknown", "turn": 1, "reason": "helpful"}, 404),
        ("feedback", {"conversation": "unknown", "turn": 1, "reason": "nonsense"}, 422),
        ("conversation", {"conversation": ""}, 404),
        ("rewording", {"conversation": "unknown", "turn": 2}, 404),
    ],
)
def test_what_is_wrong_is_said_with_a_code(
    stock: None, visitor: Client, operation: str, body: Any, status: int
) -> None:
    refusal = post(visitor, operation, body)
    assert refusal.status_code == status and refusal.json()["code"]


@pytest.mark.parametrize(
    "question", ["", "居住证" * 7_000, "\0\x07居住证", "😀🏠", "how do I get it", "臨時居住證怎麼辦"]
)
def test_any_question_gets_an_answer_or_a_clear_word(stock: None, visitor: Client, question: str) -> None:
    found = post(visitor, "ask", {"question": question})
    assert found.status_code == 200 and (found.json()["sentences"] or found.json()["notice"])


def test_the_public_document_describes_the_public_operations_only(stock: None, visitor: Client) -> None:
    document = visitor.get(ROOT + "openapi.json").json()
    assert {p.rsplit("/", 1)[1] for p in document["paths"]} == {
        "ask", "handover", "feedback", "conversation", "rewording",
    }  # fmt: skip
    answer = document["components"]["schemas"]["Told"]["properties"]
    assert {"outcome", "sentences", "missing", "conversation", "turn"} <= set(answer)
    assert "429" in document["paths"][ASK]["post"]["responses"]
    assert "projects" not in json.dumps(document)


@pytest.mark.parametrize("operation", ["ask", "feedback", "handover"])
def test_too_many_requests_are_refused_with_429_and_a_code(
    stock: None, visitor: Client, settings: Any, operation: str
) -> None:
    key = post(visitor, "ask", {"question": "居住证怎么办"}).json()["conversation"]
    RateCount.objects.all().delete()
    settings.HONGTU_RATE_LIMITS = {f"assistant.{operation}": "2/hour"}
    body = {"question": "居住证", "conversation": key, "turn": 2, "reason": "helpful"}
    assert [post(visitor, operation, body).status_code for _ in range(3)] == [200, 200, 429]
    refusal = post(visitor, operation, body)
    assert refusal.json()["code"] == "access.too_many_requests"
    assert 0 < int(refusal["Retry-After"]) <= 3600
    page = visitor.post(
        f"/assistant/{operation}/" + ("2/" if operation == "feedback" else ""), HTTP_ACCEPT="text/html"
    )
    assert page.status_code == 429 and "请求太频繁" in page.content.decode()
    other = post(Client(), operation, body, REMOTE_ADDR="198.51.100.7")
    assert other.status_code == 200, "another address is not held up"


def test_neighbours_in_one_network_of_ipv6_are_one_source(stock: None, settings: Any) -> None:
    settings.HONGTU_RATE_LIMITS = {"assistant.ask": "1/hour"}
    ask = [Client().get(ASK, {"q": "居住证"}, REMOTE_ADDR=a).status_code for a in
           ("2001:db8::1", "2001:db8::2", "2001:db8:1::1")]  # fmt: skip
    assert ask == [200, 429, 200]
    assert not RateCount.objects.filter(source__contains=":").exists(), "addresses are kept as hashes"


def test_what_is_long_past_is_forgotten(stock: None, visitor: Client) -> None:
    RateCount.objects.create(scope="old", source="x", starts=0, count=1)
    visitor.get(ASK, {"q": "居住证"})
    assert not RateCount.objects.filter(scope="old").exists()


def test_guessing_codes_and_reporting_are_limited_by_the_same_means(stock: None, settings: Any) -> None:
    settings.HONGTU_RATE_LIMITS = {"problems.follow": "1/hour", "open311": "1/hour"}
    visitor = Client(HTTP_ACCEPT="text/html")
    assert [visitor.post("/problems/follow/", {"code": "ABC"}).status_code for _ in "12"] == [422, 429]
    assert visitor.get("/problems/follow/").status_code == 200
    assert Client().get("/open311/v2/services.json").status_code == 200
    refusal = Client().get("/open311/v2/services.json")
    assert refusal.status_code == 429 and refusal.json()[0]["code"] == 429


@pytest.mark.parametrize("text", ["", "many", "5/fortnight", "5/hour;6/day"])
def test_a_limit_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="30/minute"):
        rates(text)


def test_the_widget_may_be_framed_by_named_sites_only_and_sets_no_cookie(stock: None, settings: Any) -> None:
    settings.HONGTU_WIDGET_SITES = ["https://www.example.gov.cn"]
    visitor = Client()
    response = visitor.get("/assistant/widget/")
    policy = response["Content-Security-Policy"]
    assert "frame-ancestors 'self' https://www.example.gov.cn" in policy and "script-src 'self'" in policy
    assert "X-Frame-Options" not in response and not visitor.cookies
    page = visitor.get("/assistant/")
    assert page["X-Frame-Options"] == "DENY" and "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert "Ask" in visitor.get("/assistant/widget/?language=en").content.decode()
    assert "csrf" not in response.content.decode()


def test_progress_leads_to_where_it_is_known(stock: None, visitor: Client) -> None:
    found = post(visitor, "ask", {"question": "办到哪一步了"}).json()
    assert found["outcome"] == "asks" and "查询码" in found["notice"]
    assert found["links"] == [{"label": "用查询码查上报问题的进度", "url": "/problems/follow/"}]
    about = post(visitor, "ask", {"question": "居住证办到哪一步了"}).json()
    assert about["matter"] == "BB136" and "progress" in about["missing"]
    assert "0791-0000 0101" in about["notice"] and about["links"]
