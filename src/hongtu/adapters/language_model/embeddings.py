"""`/embeddings` as a sentence model for the search index, in the shape of ``engines.search.Encoder``."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from hongtu.adapters.language_model.endpoint import Endpoint, ModelFault
from hongtu.engines.search.encoder import BACKGROUND, MAX_CHARACTERS, MAX_QUERY_CHARACTERS
from hongtu.engines.search.errors import SearchError
from hongtu.engines.search.normalise import strip_controls
from hongtu.engines.search.weights import FloatArray

BATCH = 64
MOST_BYTES = 64_000_000
FAULTS_UNTIL_OUT = 3
OUT_FOR = 300.0
"""Seconds a server that failed three times in a row is left alone."""
Progress = Callable[[int], None]


class RemoteEncoder:
    """Texts to unit vectors by a server. `RemoteEncoder.load` asks it once, so that the dimension is known.

    A question that fails raises SearchError (`search.model.remote`): it is then searched by words. After
    three failures in a row the server is left alone for five minutes and `out()` is true meanwhile.
    """

    def __init__(
        self, endpoint: Endpoint, dimension: int, query_prefix: str = "", passage_prefix: str = ""
    ) -> None:
        self.endpoint = endpoint
        self.dimension = dimension
        self.name = f"{endpoint.model} ({endpoint.url})"
        # Vectors of different models must never meet in one cache.
        self.digest = hashlib.sha256(f"{self.name}|{query_prefix}|{passage_prefix}".encode()).hexdigest()
        self._query_prefix, self._passage_prefix = query_prefix, passage_prefix
        self._background: FloatArray | None = None
        self._lock = threading.Lock()
        self._faults = 0
        self._out_since: float | None = None
        self.last_fault = ""

    @classmethod
    def load(cls, endpoint: Endpoint, query_prefix: str = "", passage_prefix: str = "") -> RemoteEncoder:
        """Raises SearchError `search.model.remote` when the server does not answer."""
        try:
            probe = request_vectors(endpoint, [f"{passage_prefix}{BACKGROUND[0]}"])
        except ModelFault as fault:
            raise SearchError("search.model.remote", f"{endpoint.url}: {fault}") from fault
        return cls(endpoint, probe.shape[1], query_prefix, passage_prefix)

    def encode_query(self, text: str, wait: float = 2.0) -> FloatArray:
        """Vector of one question, shape (dimension,); `wait` is the endpoint's own."""
        if self.out():
            raise SearchError("search.model.remote", f"{self.endpoint.url} failed and is left alone for now")
        found: FloatArray = self._encode([self._query_prefix + text[:MAX_QUERY_CHARACTERS]])[0]
        return found

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        """Vectors of questions, shape (len(texts), dimension)."""
        return self._encode([self._query_prefix + text[:MAX_QUERY_CHARACTERS] for text in texts])

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> FloatArray:
        """Vectors of passages, shape (len(texts), dimension)."""
        return self._encode([self._passage_prefix + text[:MAX_CHARACTERS] for text in texts], progress)

    def background(self) -> FloatArray:
        """Middle of the vectors of a few sentences about everything; asked for once."""
        if self._background is None:
            self._background = self.encode_passages(BACKGROUND).mean(axis=0)
        return self._background

    def busy(self) -> bool:
        return False

    def out(self) -> bool:
        """Whether the server is being left alone after failures."""
        with self._lock:
            if self._out_since is None:
                return False
            if self.endpoint.clock() - self._out_since < OUT_FOR:
                return True
            self._out_since, self._faults = None, FAULTS_UNTIL_OUT - 1  # one more chance
            return False

    def leave_alone(self) -> None:
        """Count the server as failed, whoever found out."""
        with self._lock:
            self._faults, self._out_since = FAULTS_UNTIL_OUT, self.endpoint.clock()

    def _encode(self, texts: Sequence[str], progress: Progress | None = None) -> FloatArray:
        out = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), BATCH):
            batch = [strip_controls(text) for text in texts[start : start + BATCH]]
            try:
                vectors = request_vectors(self.endpoint, batch)
                if vectors.shape[1] != self.dimension:
                    raise ModelFault(
                        "model.malformed", f"{vectors.shape[1]} numbers instead of {self.dimension}"
                    )
            except ModelFault as fault:
                self._failed(fault)
                raise SearchError("search.model.remote", f"{self.endpoint.url}: {fault}") from fault
            out[start : start + len(batch)] = vectors
            if progress is not None:
                progress(len(batch))
        with self._lock:
            self._faults = 0
        return out

    def _failed(self, fault: ModelFault) -> None:
        with self._lock:
            self.last_fault = fault.code
            self._faults += 1
            if self._faults >= FAULTS_UNTIL_OUT:
                self._out_since = self.endpoint.clock()


def request_vectors(endpoint: Endpoint, texts: Sequence[str]) -> FloatArray:
    """Unit vectors of some texts, shape (len(texts), dimension). Raises ModelFault."""
    body = {"model": endpoint.model, "input": list(texts), "encoding_format": "float"}
    with endpoint.post("/embeddings", body) as reply:
        data = reply.whole(MOST_BYTES)
    try:
        rows = sorted(json.loads(data)["data"], key=lambda row: row["index"])
        if [row["index"] for row in rows] != list(range(len(texts))):
            raise ModelFault("model.malformed", f"{len(rows)} vectors for {len(texts)} texts")
        vectors = np.asarray([row["embedding"] for row in rows], dtype=np.float32)
    except (ValueError, KeyError, TypeError, RecursionError) as fault:
        raise ModelFault("model.malformed", "not a list of vectors") from fault
    return _unit(vectors)


def _unit(vectors: Any) -> FloatArray:
    if vectors.ndim != 2 or not vectors.shape[1] or not np.isfinite(vectors).all():
        raise ModelFault("model.malformed", "vectors that are no rows of numbers")
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    if (norms < 1e-9).any():
        raise ModelFault("model.malformed", "a vector of length nothing")
    return np.asarray(vectors / norms, dtype=np.float32)
