"""A gateway on this machine that honours idempotency keys, and can be as bad as real ones.

Of each key's first request: every 37th is answered 500 untaken, every 53rd is taken and answered 500 all the
same, every 211th is never answered. A key that was taken is answered 200 and not taken again.
"""

import json
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Gateway(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, *, bad: bool = False) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.bad, self.lock = bad, threading.Lock()
        self.taken: Counter[str] = Counter()
        self.texts: dict[str, set[str]] = {}
        self.requests: Counter[str] = Counter()
        self.stalled = self.refused = self.lied = 0
        self.answer: tuple[int, dict[str, Any], dict[str, str]] = (200, {"errcode": 0, "errmsg": "ok"}, {})
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    def judge(self, key: str, text: str) -> str:
        """`take`, `repeat`, `refuse`, `lie` or `stall`."""
        with self.lock:
            self.requests[key] += 1
            self.texts.setdefault(key, set()).add(text)
            number, first = len(self.requests), self.requests[key] == 1
            if self.bad and first and number % 211 == 0:
                self.stalled += 1
                return "stall"
            if self.bad and first and number % 37 == 0:
                self.refused += 1
                return "refuse"
            if key in self.taken:
                return "repeat"
            self.taken[key] += 1
            if self.bad and first and number % 53 == 0:
                self.lied += 1
                return "lie"
            return "take"


class Handler(BaseHTTPRequestHandler):
    server: Gateway
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        verdict = self.server.judge(self.headers["Idempotency-Key"].strip('"'), body["text"]["content"])
        if verdict == "stall":
            self.rfile.read(1)  # until the other side gives up
            self.close_connection = True
            return
        status, said, headers = self.server.answer
        if verdict in ("refuse", "lie"):
            status = 500
        raw = json.dumps(said).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(raw))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_given: object) -> None:
        """Silent."""
