"""A small server on loopback that speaks the OpenAI protocol over real HTTP, well or badly, as told.

`server.chat = says("...")` sets what the next answers are like. What stalls waits for an event that the
end of the test sets; nothing sleeps.
"""

import hashlib
import json
import math
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Behaviour = Callable[["Handler", dict[str, Any]], None]
DIMENSION = 256


class Handler(BaseHTTPRequestHandler):
    """One request. HTTP/1.1 with chunks, as the servers people run answer."""

    protocol_version = "HTTP/1.1"
    server: "ModelServer"

    def do_POST(self) -> None:
        given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append((self.path, dict(self.headers), given))
        behaviour = self.server.embeddings if self.path.endswith("/embeddings") else self.server.chat
        behaviour(self, given)

    def log_message(self, *_words: object) -> None:
        """Quiet."""

    def begin(self, kind: str = "text/event-stream; charset=utf-8", status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def end(self) -> None:
        self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()

    def hang_up(self) -> None:
        self.close_connection = True

    def piece(self, words: str, finish: str | None = None) -> None:
        delta = {"content": words} if words else {}
        body = {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}
        self.chunk(f"data: {json.dumps(body, ensure_ascii=False)}\n\n".encode())

    def document(self, body: Any, status: int = 200) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


class ModelServer(ThreadingHTTPServer):
    """`requests`: (path, headers, body) of each call. `let_go`: set when the test ends."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self.let_go = threading.Event()
        self.chat: Behaviour = says("")
        self.embeddings: Behaviour = embeds()

    def handle_error(self, *_request: object) -> None:
        """A client that hung up is what some tests want."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


@contextmanager
def running() -> Iterator[ModelServer]:
    server = ModelServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.let_go.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _pieces(text: str, size: int) -> Iterator[str]:
    return (text[start : start + size] for start in range(0, len(text), size))


def says(text: str, size: int = 3) -> Behaviour:
    """Streams the text in small pieces and ends as the protocol has it."""

    def behave(handler: Handler, _given: dict[str, Any]) -> None:
        handler.begin()
        for words in _pieces(text, size):
            handler.piece(words)
        handler.piece("", "stop")
        handler.chunk(b"data: [DONE]\n\n")
        handler.end()

    return behave


def says_cut_anywhere(text: str) -> Behaviour:
    """The same bytes, one a chunk: cut through characters, lines and events."""

    def behave(handler: Handler, _given: dict[str, Any]) -> None:
        handler.begin()
        body = {"choices": [{"delta": {"content": text}}]}
        for byte in f": hello\r\ndata: {json.dumps(body, ensure_ascii=False)}\r\n\r\ndata: [DONE]".encode():
            handler.chunk(bytes([byte]))
        handler.end()

    return behave


def says_at_once(text: str) -> Behaviour:
    """A server that does not stream."""
    return lambda handler, _given: handler.document({"choices": [{"message": {"content": text}}]})


def echoes() -> Behaviour:
    """A model that repeats whatever it was told, instructions first."""

    def behave(handler: Handler, given: dict[str, Any]) -> None:
        says("\n".join(m["content"] for m in reversed(given["messages"])), 40)(handler, given)

    return behave


def stalls(text: str = "") -> Behaviour:
    """Begins, then says nothing more."""

    def behave(handler: Handler, _given: dict[str, Any]) -> None:
        handler.begin()
        if text:
            handler.piece(text)
        handler.server.let_go.wait(60)
        handler.hang_up()

    return behave


def never_answers() -> Behaviour:
    def behave(handler: Handler, _given: dict[str, Any]) -> None:
        handler.server.let_go.wait(60)
        handler.hang_up()

    return behave


def breaks_off(text: str) -> Behaviour:
    """Closes the connection in the middle of the stream."""

    def behave(handler: Handler, _given: dict[str, Any]) -> None:
        handler.begin()
        handler.piece(text)
        handler.wfile.write(b"ff\r\ndata: {")
        handler.hang_up()

    return behave


def ends_early(text: str) -> Behaviour:
    """Ends the HTTP answer properly, but not the stream of events."""

    def behave(handler: Handler, _given: dict[str, Any]) -> None:
        handler.begin()
        handler.piece(text)
        handler.end()

    return behave


def answers(data: bytes, kind: str = "text/event-stream", status: int = 200) -> Behaviour:
    """Sends these bytes."""

    def behave(handler: Handler, _given: dict[str, Any]) -> None:
        handler.begin(kind, status)
        handler.chunk(data)
        handler.end()

    return behave


def speaks_no_http() -> Behaviour:
    def behave(handler: Handler, _given: dict[str, Any]) -> None:
        handler.wfile.write(b"\x00\x01 what?\n\n")
        handler.hang_up()

    return behave


def fails(status: int) -> Behaviour:
    return lambda handler, _given: handler.document({"error": {"message": "overloaded"}}, status)


def leads_away() -> Behaviour:
    """Redirects, to where nobody allowed us to go."""

    def behave(handler: Handler, _given: dict[str, Any]) -> None:
        handler.send_response(307)
        handler.send_header("Location", "/v1/elsewhere")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return behave


def never_ends(words: str) -> Behaviour:
    """Goes on and on, until the other side hangs up."""

    def behave(handler: Handler, _given: dict[str, Any]) -> None:
        handler.begin()
        while not handler.server.let_go.is_set():
            handler.piece(words)

    return behave


def vector(text: str) -> list[float]:
    """A real, if simple, sentence vector: counts of character pairs, hashed."""
    found = [0.0] * DIMENSION
    bare = text.split(": ", 1)[-1]
    for start in range(len(bare)):
        for piece in (bare[start], bare[start : start + 2]):
            place = int.from_bytes(hashlib.blake2b(piece.encode("utf-8", "replace"), digest_size=4).digest())
            found[place % DIMENSION] += len(piece)
    size = math.sqrt(sum(v * v for v in found)) or 1.0
    return [v / size for v in found] if any(found) else [1.0, *found[1:]]


def embeds(dimension: int = DIMENSION, leave_out: int = 0) -> Behaviour:
    """Vectors of the texts; cut to `dimension`, the last `leave_out` forgotten."""

    def behave(handler: Handler, given: dict[str, Any]) -> None:
        rows = [{"index": n, "embedding": vector(text)[:dimension]} for n, text in enumerate(given["input"])]
        handler.document({"data": rows[: len(rows) - leave_out][::-1]})

    return behave
