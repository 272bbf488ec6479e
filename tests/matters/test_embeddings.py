"""Which vectors are in force: a server's when it answers, else none here (the carried model is off in tests);
an edit re-indexes what was edited and nothing else."""

from collections.abc import Iterator
from typing import Any

import pytest

from hongtu.boards.assistant import knowledge as known
from hongtu.boards.assistant import sentence_model
from hongtu.boards.assistant.answers import answer
from hongtu.domains.matters import actions, queries
from hongtu.domains.matters.models import Guide, Matter
from hongtu.kernel.people.models import Person
from hongtu.kernel.profile.models import today
from hongtu.site import health
from tests import model_server as server_of
from tests.model_server import ModelServer, running


@pytest.fixture
def server(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    monkeypatch.setenv("HONGTU_CACHE", str(tmp_path))
    with running() as found:
        settings.HONGTU_EMBEDDINGS = {"url": found.url, "model": "small", "network": "host", "wait": 1.0}
        known.forget()
        yield found


def texts(server: ModelServer) -> list[str]:
    return [text for _path, _headers, body in server.requests for text in body.get("input", ())]


def state(name: str) -> tuple[str, str]:
    found = {check.name: check for check in health._assistant()}
    return found[name].state, found[name].words


def test_a_servers_vectors_answer_and_the_doctor_says_so(stock: None, server: ModelServer) -> None:
    found = answer("办居住证的手续", known.knowledge(today(), wait=True))
    assert (found.outcome, found.matter) in {("answered", "BB136"), ("asks", "")}
    reading = known.knowledge(today(), wait=True).understanding.read("居住证怎么办")
    assert reading.mode == "hybrid"
    assert state("vectors")[0] == "ok" and server.url in state("vectors")[1]
    assert state("assistant")[0] == "ok" and "by words and meaning" in state("assistant")[1]


def test_a_server_that_fails_leaves_the_words(stock: None, server: ModelServer) -> None:
    now = known.knowledge(today(), wait=True)
    server.embeddings = server_of.fails(500)
    for question in ("居住证怎么办", "老年证怎么办", "低保怎么申请", "居住证要带什么"):
        reading = now.understanding.read(question)
        assert reading.mode == "lexical"
    assert answer("居住证怎么办", known.knowledge(today(), wait=True)).matter == "BB136"
    assert known.knowledge(today(), wait=True).encoder is None, "left alone: nothing else is here"
    level, words = state("vectors")
    assert level == "warning" and "search.model.remote" in words and "words and sound only" in words
    assert state("assistant")[0] == "warning" and "no sentence model in force" in state("assistant")[1]
    assert health._assistant in health.PROBES, "hongtu doctor says so"


def test_a_server_that_is_not_there_leaves_the_words(stock: None, server: ModelServer) -> None:
    server.embeddings = server_of.answers(b"<html>", "text/html")
    assert answer("居住证怎么办", known.knowledge(today(), wait=True)).matter == "BB136"
    asked = len(server.requests)
    known.knowledge(today(), wait=True)
    assert len(server.requests) == asked, "not asked again for a while"


def test_a_server_that_breaks_while_everything_is_encoded(stock: None, server: ModelServer) -> None:
    calls = iter([server_of.embeds()] * 2 + [server_of.fails(500)] * 50)
    server.embeddings = lambda handler, given: next(calls)(handler, given)
    now = known.knowledge(today(), wait=True)
    assert now.encoder is None and answer("居住证怎么办", now).matter == "BB136"


def test_an_edit_encodes_the_edited_matter_and_nothing_else(
    permit: Guide, editor: Person, server: ModelServer
) -> None:
    before = known.knowledge(today(), wait=True)
    sentence_model._remote["found"].encode_query("居住证")
    server.requests.clear()
    matter = Matter.objects.get(code="BB136")
    actions.revise(by=editor, record=matter, version=matter.version, aliases=["暂住凭条", *matter.aliases])
    after = known.knowledge(today(), wait=True)
    assert len(texts(server)) == 1 and "暂住凭条" in texts(server)[0]
    assert answer("暂住凭条怎么办", after).matter == "BB136"
    assert after.guides["BB137"] is before.guides["BB137"], "what did not change is not read again"
    assert before.guides["BB136"].matter.aliases != after.guides["BB136"].matter.aliases
    assert "暂住凭条" not in before.understanding.index.passage("BB136").text, (
        "who still reads it is not disturbed"
    )


def test_a_published_version_re_indexes_without_a_vector(
    permit: Guide, editor: Person, chief: Person, server: ModelServer
) -> None:
    known.knowledge(today(), wait=True)
    server.requests.clear()
    made = actions.next_version(by=editor, guide=permit, fee="全部免费，自五月起")
    made = actions.submit(by=editor, guide=made, version=made.version)
    actions.decide(by=chief, guide=made, version=made.version, publish=True)
    assert answer("居住证多少钱", known.knowledge(today())).sentences[0].text == "全部免费，自五月起"
    assert texts(server) == [], "the name did not change, so no vector did"


def test_a_suspended_matter_and_a_new_one(permit: Guide, editor: Person, server: ModelServer) -> None:
    known.knowledge(today(), wait=True)
    matter = Matter.objects.get(code="BB136")
    actions.revise(by=editor, record=matter, version=matter.version, suspended=True)
    assert answer("居住证怎么办", known.knowledge(today(), wait=True)).matter != "BB136"
    assert "BB136" not in known.knowledge(today()).understanding.index.ids
    matter.refresh_from_db()
    actions.revise(by=editor, record=matter, version=matter.version, suspended=False)
    assert answer("居住证怎么办", known.knowledge(today(), wait=True)).matter == "BB136"
    assert queries.versions_in_force(today()).keys() == known.knowledge(today()).guides.keys()


def test_the_doctor_says_whether_a_language_model_rewords(
    stock: None, server: ModelServer, settings: Any
) -> None:
    assert state("language model") == ("ok", "none named: answers are the record's own words")
    settings.HONGTU_CHAT = {"url": server.url, "model": "small", "network": "host", "wait": 1.0}
    server.chat = server_of.says("好")
    assert state("language model")[0] == "ok" and "small" in state("language model")[1]
    server.chat = server_of.fails(503)
    assert state("language model")[0] == "warning" and "503" in state("language model")[1]
