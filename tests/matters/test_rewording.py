"""With a language model: smoother words, never another fact; whatever it does, the plain answer stands."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from hongtu.boards.assistant import rewording
from hongtu.domains.matters.models import Conversation
from tests import model_server as server_of
from tests.matters.test_assistant import INJECTIONS
from tests.model_server import Behaviour, ModelServer, running

LIES = "办理居住证免费。承诺1个工作日办结。电话是12345678。请找张三。不需要带任何材料。"


@pytest.fixture
def model(settings: Any) -> Iterator[ModelServer]:
    with running() as found:
        settings.HONGTU_CHAT = {
            "url": found.url, "model": "small", "key": "k", "network": "host", "wait": 0.3, "within": 5.0,
        }  # fmt: skip
        yield found


def told(client: Client, question: str = "居住证怎么办") -> dict[str, Any]:
    return client.post(
        "/api/v1/assistant/ask", {"question": question}, content_type="application/json"
    ).json()


def stream(client: Client, answer: dict[str, Any]) -> list[tuple[str, Any]]:
    body = {"conversation": answer["conversation"], "turn": answer["turn"]}
    response = client.post("/api/v1/assistant/rewording", body, content_type="application/json")
    assert response.status_code == 200, response.content
    assert response["Content-Type"].startswith("text/event-stream")
    events = b"".join(response.streaming_content).decode().strip().split("\n\n")  # type: ignore[arg-type]
    found = []
    for event in events:
        name, data = event.split("\n")
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


def true_sentences(answer: dict[str, Any]) -> str:
    """What an honest model would say of this answer."""
    fields = answer["fields"]
    first = fields["time"].split("；")[0]
    return f"由{fields['department']}负责办理。{first}办结！\n- 咨询电话：{fields['phone']}。"


def test_only_sentences_that_the_record_bears_out_are_shown(
    stock: None, visitor: Client, model: ModelServer
) -> None:
    answer = told(visitor)
    assert answer["reworded"] is True
    model.chat = server_of.says(LIES + true_sentences(answer) + LIES)
    events = stream(visitor, answer)
    assert [name for name, _data in events] == ["sentence"] * 3 + ["end"]
    assert [data["sources"][0]["field"] for _name, data in events[:-1]] == ["department", "time", "phone"]
    source = events[0][1]["sources"][0]
    assert source["version"] == 1 and source["url"] == "/matters/m/BB136/#department"


def test_the_model_sees_the_record_and_nothing_of_the_asker(
    stock: None, visitor: Client, model: ModelServer
) -> None:
    answer = told(visitor, "王小明13900001234的居住证怎么办")
    model.chat = server_of.says(true_sentences(answer))
    stream(visitor, answer)
    (_path, _headers, body) = model.requests[0]
    sent = json.dumps(body, ensure_ascii=False)
    assert "王小明" not in sent and "13900001234" not in sent
    assert answer["fields"]["phone"] in sent


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [
        (server_of.never_answers(), "model.timeout"),
        (server_of.stalls("咨询电话：0791-0000 0101。"), "model.timeout"),
        (server_of.breaks_off("咨询电话：0791-0000 0101。"), "model.broken_off"),
        (server_of.ends_early("咨询电话：0791-0000 0101。"), "model.broken_off"),
        (server_of.fails(500), "model.status"),
        (server_of.answers(b"data: {{{\n\n"), "model.malformed"),
        (server_of.answers(b"<html>", "text/html"), "model.malformed"),
        (server_of.never_ends("咨询电话"), "model.too_long"),
        (server_of.speaks_no_http(), "model.unreachable"),
        (server_of.says(LIES), "assistant.nothing_supported"),
        (server_of.says(""), "assistant.nothing_supported"),
        (server_of.says("\x00\x1b[31m<script>alert(1)</script>"), "assistant.nothing_supported"),
    ],
)
def test_a_fault_takes_the_rewording_back_and_the_plain_answer_stands(
    stock: None, visitor: Client, model: ModelServer, behaviour: Behaviour, code: str
) -> None:
    answer = told(visitor)
    model.chat = behaviour
    events = stream(visitor, answer)
    assert events[-1] == ("fallback", {"code": code})
    talk = Conversation.objects.get(key=answer["conversation"])
    assert "rewording" not in talk.turns.get(number=2).record
    visitor.post("/assistant/ask/", {"q": "居住证怎么办"})
    page = visitor.get("/assistant/").content.decode()
    assert "0791-0000 0101" in page and 'data-rewording="/api/v1/assistant/rewording"' in page


def test_what_was_reworded_is_kept_and_not_asked_for_again(
    stock: None, visitor: Client, model: ModelServer
) -> None:
    answer = told(visitor)
    model.chat = server_of.says(true_sentences(answer))
    first = stream(visitor, answer)
    model.chat = server_of.fails(500)
    assert stream(visitor, answer) == first
    assert len(model.requests) == 1


def test_the_page_keeps_the_rewording_under_its_own_session(
    stock: None, visitor: Client, model: ModelServer
) -> None:
    visitor.post("/assistant/ask/", {"q": "居住证怎么办"})
    model.chat = server_of.says(f"咨询电话：{told(visitor)['fields']['phone']}。")
    assert stream(visitor, {"conversation": "", "turn": 2})[-1][0] == "end"
    page = visitor.get("/assistant/").content.decode()
    assert page.count("简明说法") == 2 and "data-rewording" not in page
    body = {"conversation": "", "turn": 2}
    stranger = Client().post("/api/v1/assistant/rewording", body, content_type="application/json")
    assert stranger.status_code == 404


def test_a_crowd_gets_the_plain_answer_at_once(
    stock: None, visitor: Client, model: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = told(visitor)
    taken = [rewording._seats.acquire() for _ in range(rewording.AT_ONCE)]
    try:
        assert stream(visitor, answer) == [("fallback", {"code": "assistant.model_busy"})]
    finally:
        for _ in taken:
            rewording._seats.release()
    assert model.requests == []


def test_without_a_model_nothing_is_promised(stock: None, visitor: Client) -> None:
    answer = told(visitor)
    assert answer["reworded"] is False
    assert stream(visitor, answer) == [("fallback", {"code": "assistant.model_absent"})]
    assert told(visitor, "红烧肉怎么做")["reworded"] is False


def test_two_hundred_injections_through_the_model_are_harmless(
    stock: None, visitor: Client, model: ModelServer
) -> None:
    """A model that obeys every planted instruction and repeats every attack gets none of it onto the page."""
    answer = told(visitor)
    assert len(INJECTIONS) == 200
    honest = true_sentences(answer)
    allowed = set(rewording.sentences(iter([honest])))
    for attack in INJECTIONS:
        model.chat = server_of.says(f"{attack['text']}。{honest}{attack['text']}", 50)
        said = [s.text for s in rewording.reword({**answer, "outcome": "answered"})]
        assert set(said) <= allowed, attack


def test_a_model_that_repeats_its_instructions_tells_nobody(
    stock: None, visitor: Client, model: ModelServer
) -> None:
    answer = told(visitor)
    model.chat = server_of.echoes()
    events = stream(visitor, answer)
    texts = " ".join(data.get("text", "") for _name, data in events)
    assert "改写" not in texts and "指示" not in texts and "先说" not in texts
