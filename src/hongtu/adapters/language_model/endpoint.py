"""Where a language model is, how long to wait for it, and what to say when it fails."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import requests
import urllib3
from requests_hardened import Config, Manager

NETWORKS = ("public", "host", "inside")
READ_AT_ONCE = 16_384
MOST_ERROR_BYTES = 500


class ModelFault(Exception):
    """The server could not be used: a stable code and a sentence for the health page.

    Codes: ``model.unreachable``, ``model.refused_address``, ``model.timeout``, ``model.status``,
    ``model.malformed``, ``model.broken_off``, ``model.too_long``.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{message} [{code}]")
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Endpoint:
    """A server that speaks the OpenAI protocol.

    url: base address (``https://host/v1``); ``/chat/completions`` and ``/embeddings`` are put behind it.
    network: which addresses it may lie at: ``public`` ones only, this ``host`` too (loopback), or also
    ``inside`` a private network. wait: seconds for a connection and between two pieces of an answer;
    within: seconds for the whole answer.
    """

    url: str
    model: str
    key: str = field(default="", repr=False)
    network: str = "public"
    wait: float = 5.0
    within: float = 20.0
    clock: Callable[[], float] = field(default=time.monotonic, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.network not in NETWORKS:
            raise ValueError(f"network must be one of {', '.join(NETWORKS)}, not {self.network!r}")

    @contextmanager
    def post(self, path: str, body: dict[str, Any]) -> Iterator[Reply]:
        """Send `body` as JSON and hand out the reply while it arrives. Raises ModelFault."""
        deadline = self.clock() + self.within
        session = self._manager().get_session()
        session.trust_env = False  # no proxy and no .netrc of whoever started the process
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        try:
            with session, _faults():
                response = session.post(
                    self.url.rstrip("/") + path, json=body, headers=headers, stream=True,
                    timeout=(self.wait, self.wait),
                )  # fmt: skip
                with response:
                    reply = Reply(response, deadline, self.clock)
                    if response.status_code != 200:
                        words = reply.beginning(MOST_ERROR_BYTES)
                        raise ModelFault("model.status", f"HTTP {response.status_code} {words}".strip())
                    yield reply
        finally:
            session.close()

    def _manager(self) -> Manager:
        return Manager(
            Config(
                ip_filter_enable=self.network != "inside",
                ip_filter_allow_loopback_ips=self.network == "host",
                never_redirect=True,
                default_timeout=(self.wait, self.wait),
                user_agent_override="hongtu",
            )
        )


class Reply:
    """The body of an answer, read piece by piece; no piece is read after the deadline."""

    def __init__(self, response: requests.Response, deadline: float, clock: Callable[[], float]) -> None:
        self._response, self._deadline, self._clock = response, deadline, clock

    @property
    def is_stream(self) -> bool:
        return "text/event-stream" in self._response.headers.get("Content-Type", "")

    def pieces(self) -> Iterator[bytes]:
        """Bytes as they arrive. Raises ModelFault `model.timeout` when the whole takes too long."""
        with _faults():
            while piece := self._response.raw.read1(READ_AT_ONCE, decode_content=True):
                if self._clock() > self._deadline:
                    raise ModelFault("model.timeout", "the answer took too long")
                yield piece

    def whole(self, most: int) -> bytes:
        """The whole body. Raises ModelFault `model.too_long` beyond `most` bytes."""
        found = bytearray()
        for piece in self.pieces():
            found += piece
            if len(found) > most:
                raise ModelFault("model.too_long", f"more than {most} bytes")
        return bytes(found)

    def beginning(self, most: int) -> str:
        """The first words of an error, for the log."""
        found = bytearray()
        for piece in self.pieces():
            found += piece
            if len(found) >= most:
                break
        return " ".join(found[:most].decode("utf-8", "replace").split())


@contextmanager
def _faults() -> Iterator[None]:
    """What the HTTP library raises, as ModelFault."""
    from requests_hardened.ip_filter import InvalidIPAddress

    try:
        yield
    except InvalidIPAddress as fault:
        raise ModelFault(
            "model.refused_address",
            f"{fault} is no public address; set HONGTU_MODEL_NETWORK=host or inside if it is meant",
        ) from fault
    except (requests.Timeout, urllib3.exceptions.TimeoutError) as fault:
        raise ModelFault("model.timeout", "no answer in time") from fault
    except (requests.exceptions.ChunkedEncodingError, urllib3.exceptions.ProtocolError) as fault:
        raise ModelFault("model.broken_off", "the connection broke off") from fault
    except (requests.RequestException, urllib3.exceptions.HTTPError) as fault:
        raise ModelFault("model.unreachable", f"{type(fault).__name__}") from fault
