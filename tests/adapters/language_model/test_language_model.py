"""A language model that is well, and every way in which one is not."""

from collections.abc import Callable, Iterator
from itertools import count

import numpy as np
import pytest

from hongtu.adapters.language_model import Endpoint, ModelFault, RemoteEncoder, stream_chat
from hongtu.engines.search import Index, Passage, SearchError
from tests import model_server as server_of
from tests.model_server import Behaviour, ModelServer, running

MESSAGES = [{"role": "user", "content": "居住证"}]


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with running() as found:
        yield found


def endpoint(server: ModelServer, **settings: object) -> Endpoint:
    given = {"network": "host", "key": "secret-key", "wait": 0.3, "within": 5.0} | settings
    return Endpoint(server.url, "small", **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("behaviour", [server_of.says, server_of.says_cut_anywhere, server_of.says_at_once])
def test_words_arrive_whole(server: ModelServer, behaviour: Callable[[str], Behaviour]) -> None:
    server.chat = behaviour("承诺10个工作日。\n免费😀")
    assert "".join(stream_chat(endpoint(server), MESSAGES)) == "承诺10个工作日。\n免费😀"
    path, headers, body = server.requests[0]
    assert path == "/v1/chat/completions" and headers["Authorization"] == "Bearer secret-key"
    assert (body["stream"], body["model"], body["messages"]) == (True, "small", MESSAGES)


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [
        (server_of.never_answers(), "model.timeout"),
        (server_of.stalls("免费"), "model.timeout"),
        (server_of.breaks_off("免费"), "model.broken_off"),
        (server_of.ends_early("免费"), "model.broken_off"),
        (server_of.answers(b""), "model.broken_off"),
        (server_of.answers(b'data: {"choices": [{\n\n'), "model.malformed"),
        (server_of.answers(b"data: [1, 2]\n\n"), "model.malformed"),
        (server_of.answers(b'data: {"choices": [3]}\n\n'), "model.malformed"),
        (server_of.answers(b'data: {"choices": {"0": 1}}\n\n'), "model.malformed"),
        (server_of.answers(b'data: {"choices": [{"delta": {"content": 5}}]}\n\n'), "model.malformed"),
        (server_of.answers(b'data: {"error": {"message": "no"}}\n\n'), "model.status"),
        (server_of.answers(b"\xff\xfe" * 600_000), "model.malformed"),
        (server_of.answers(b"[" * 50_000, "application/json"), "model.malformed"),
        (server_of.answers(b"<html>login</html>", "text/html"), "model.malformed"),
        (server_of.answers(b'{"choices": []}', "application/json"), "model.malformed"),
        (server_of.answers(b" " * 2_000_000, "application/json"), "model.too_long"),
        (server_of.speaks_no_http(), "model.unreachable"),
        (server_of.fails(500), "model.status"),
        (server_of.fails(503), "model.status"),
        (server_of.fails(401), "model.status"),
        (server_of.leads_away(), "model.status"),
        (server_of.never_ends("好" * 50), "model.too_long"),
    ],
)
def test_each_fault_has_its_code(server: ModelServer, behaviour: Behaviour, code: str) -> None:
    server.chat = behaviour
    with pytest.raises(ModelFault) as fault:
        list(stream_chat(endpoint(server), MESSAGES))
    assert fault.value.code == code
    assert len(server.requests) == 1, "nothing is asked twice, no redirect is followed"


def test_an_answer_that_drips_is_given_up_at_the_deadline(server: ModelServer) -> None:
    server.chat = server_of.never_ends("a")
    ticks = count()
    slow = endpoint(server, within=5.0, clock=lambda: float(next(ticks)))
    with pytest.raises(ModelFault) as fault:
        list(stream_chat(slow, MESSAGES))
    assert fault.value.code == "model.timeout"


def test_nobody_listens() -> None:
    with running() as gone:
        pass
    with pytest.raises(ModelFault) as fault:
        list(stream_chat(endpoint(gone), MESSAGES))
    assert fault.value.code == "model.unreachable"


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/v1", "http://10.0.0.1/v1", "http://169.254.169.254/v1"])
def test_an_address_inside_is_refused_unless_it_is_allowed(url: str) -> None:
    with pytest.raises(ModelFault) as fault:
        list(stream_chat(Endpoint(url, "small"), MESSAGES))
    assert fault.value.code == "model.refused_address"
    with pytest.raises(ValueError, match="network"):
        Endpoint(url, "small", network="anywhere")


def test_the_key_is_not_shown(server: ModelServer) -> None:
    assert "secret-key" not in repr(endpoint(server))


PASSAGES = [Passage("a", "办理居住证需要身份证和租房合同"), Passage("b", "老年人优待证免费乘车")]


def test_a_servers_vectors_serve_the_index(server: ModelServer) -> None:
    encoder = RemoteEncoder.load(endpoint(server), "query: ", "passage: ")
    assert encoder.dimension == server_of.DIMENSION
    index = Index.build(PASSAGES, encoder)  # type: ignore[arg-type]
    hits = index.search("租房合同")
    assert (hits.mode, hits[0].id) == ("hybrid", "a")
    assert server.requests[-1][2]["input"] == ["query: 租房合同"]
    vectors = encoder.encode_passages([f"事项{n}" for n in range(150)])
    assert vectors.shape == (150, server_of.DIMENSION) and np.allclose(np.linalg.norm(vectors, axis=1), 1)
    assert np.allclose(vectors[149], encoder.encode_passages(["事项149"])[0]), "in the order of the texts"


@pytest.mark.parametrize(
    "behaviour",
    [
        server_of.fails(500),
        server_of.never_answers(),
        server_of.answers(b"{", "application/json"),
        server_of.answers(b'{"data": [{"index": 0, "embedding": [NaN, 1]}]}', "application/json"),
        server_of.answers(b'{"data": [{"index": 0, "embedding": [0, 0]}]}', "application/json"),
        server_of.answers(b'{"data": [{"index": 0, "embedding": "x"}]}', "application/json"),
        server_of.answers(b'{"data": []}', "application/json"),
        server_of.embeds(dimension=100),
        server_of.embeds(leave_out=1),
    ],
)
def test_a_question_whose_vector_fails_is_searched_by_words(
    server: ModelServer, behaviour: Behaviour
) -> None:
    index = Index.build(PASSAGES, RemoteEncoder.load(endpoint(server)))  # type: ignore[arg-type]
    server.embeddings = behaviour
    hits = index.search("租房合同")
    assert (hits.mode, hits.notice, hits[0].id) == ("lexical", "search.model.remote", "a")


def test_a_server_that_keeps_failing_is_left_alone_for_a_while(server: ModelServer) -> None:
    now = [0.0]
    encoder = RemoteEncoder.load(endpoint(server, within=1e9, clock=lambda: now[0]))
    server.embeddings = server_of.fails(500)
    for _ in range(5):
        with pytest.raises(SearchError):
            encoder.encode_query("居住证")
    assert len(server.requests) == 1 + 3 and encoder.out()
    now[0] = 301.0
    server.embeddings = server_of.embeds()
    assert encoder.encode_query("居住证").shape == (server_of.DIMENSION,) and not encoder.out()


def test_a_server_that_is_not_there_is_said_so_at_once(server: ModelServer) -> None:
    server.embeddings = server_of.fails(404)
    with pytest.raises(SearchError) as fault:
        RemoteEncoder.load(endpoint(server))
    assert fault.value.code == "search.model.remote" and "404" in fault.value.message
