"""Which sentence model is in force: a server's where one is named and answers, else the carried one, or none.

Nothing here waits unless it is asked to: a web process answers by words until a model is there.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from django.conf import settings

from hongtu.adapters.language_model import Endpoint, RemoteEncoder
from hongtu.adapters.language_model.embeddings import OUT_FOR
from hongtu.engines.search import Encoder, SearchError, VectorCache, default_cache_folder

_lock = threading.Lock()
_local: dict[str, tuple[Encoder | None, str]] = {}
_remote: dict[str, Any] = {}


def model() -> tuple[Encoder | None, str]:
    """The sentence model and, when it is not the one that was wished for, why: a code for the health page.

    Loads what has to be loaded, or asks the server, which may take some seconds the first time.
    """
    remote, reason = _server()
    if remote is not None and not remote.out():
        return remote, ""  # type: ignore[return-value]  # the same methods
    if remote is not None:
        reason = "search.model.remote"
    local, missing = _carried()
    return local, reason or missing


def ready() -> bool:
    """Whether `model()` would answer at once."""
    if settings.HONGTU_EMBEDDINGS["url"]:
        if "found" not in _remote and not _lately_tried():
            return False
        found = _remote.get("found")
        if found is not None and not found.out():
            return True
    return "found" in _local or _off()


def _off() -> bool:
    return bool(settings.HONGTU_SENTENCE_MODEL == "off")


def _carried() -> tuple[Encoder | None, str]:
    if _off():
        return None, "search.model.switched_off"
    with _lock:
        if "found" not in _local:
            try:
                _local["found"] = (Encoder.load(), "")
            except SearchError as fault:
                _local["found"] = (None, fault.code)
        return _local["found"]


def _server() -> tuple[RemoteEncoder | None, str]:
    given = settings.HONGTU_EMBEDDINGS
    if not given["url"]:
        return None, ""
    with _lock:
        if "found" not in _remote and not _lately_tried():
            endpoint = Endpoint(**cast(dict[str, Any], given))
            prefixes = (settings.HONGTU_EMBEDDINGS_QUERY_PREFIX, settings.HONGTU_EMBEDDINGS_PASSAGE_PREFIX)
            _remote["clock"] = endpoint.clock
            try:
                _remote["found"] = RemoteEncoder.load(endpoint, *prefixes)
            except SearchError as fault:
                _remote.update(tried=endpoint.clock(), reason=fault.code)
        return _remote.get("found"), _remote.get("reason", "")


def _lately_tried() -> bool:
    return "tried" in _remote and _remote["clock"]() - _remote["tried"] < OUT_FOR


@contextmanager
def vector_cache(encoder: Encoder | None) -> Iterator[VectorCache | None]:
    """The vectors kept on disk for this model; None without a model or without a place to keep them."""
    cache = None
    if encoder is not None:
        try:
            cache = VectorCache(default_cache_folder(), encoder.digest, encoder.dimension)
        except SearchError:
            cache = None  # everything is encoded anew at the next start; `hongtu doctor` says so
    try:
        yield cache
    finally:
        if cache is not None:
            cache.close()


def forget() -> None:
    """Ask the server again at the next question (tests, a changed setting). The carried model stays."""
    with _lock:
        _remote.clear()
