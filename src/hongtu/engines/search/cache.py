"""Vectors kept on disk by the digest of their text, so that nothing is encoded twice, even after a break."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from .errors import SearchError
from .weights import MODEL_DIGEST, FloatArray


def default_cache_folder() -> Path:
    """``HONGTU_CACHE`` or ``~/.cache/hongtu``."""
    return Path(os.environ.get("HONGTU_CACHE") or Path.home() / ".cache" / "hongtu")


def text_digest(text: str) -> bytes:
    """SHA-256 of a text, 16 bytes of it."""
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()[:16]


class VectorCache:
    """One SQLite file per model in a folder; several processes may share it.

    A model is known by the digest of its weights, so that vectors of different weights never mix.
    """

    def __init__(self, folder: Path, model_digest: str = MODEL_DIGEST, dimension: int = 384) -> None:
        self._dimension = dimension
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self.path = folder / f"vectors-{model_digest[:16]}.sqlite3"
            self._file = sqlite3.connect(self.path, timeout=30, check_same_thread=False)
            self._file.execute("PRAGMA journal_mode=WAL")
            self._file.execute(
                "CREATE TABLE IF NOT EXISTS vector (digest BLOB PRIMARY KEY, value BLOB) WITHOUT ROWID"
            )
            self._file.commit()
        except (OSError, sqlite3.Error) as fault:
            raise SearchError(
                "search.cache.unwritable",
                f"{folder}: vectors can't be kept here ({fault}); set HONGTU_CACHE to a folder of yours",
            ) from fault

    def get(self, texts: Sequence[str]) -> dict[int, FloatArray]:
        """Known vectors by place in ``texts``."""
        places: dict[bytes, list[int]] = {}
        for place, text in enumerate(texts):
            places.setdefault(text_digest(text), []).append(place)
        found: dict[int, FloatArray] = {}
        digests = list(places)
        for start in range(0, len(digests), 500):
            part = digests[start : start + 500]
            marks = ",".join("?" * len(part))
            rows = self._file.execute(f"SELECT digest, value FROM vector WHERE digest IN ({marks})", part)  # noqa: S608
            for digest, value in rows:
                vector = np.frombuffer(value, dtype="<f4")
                if len(vector) == self._dimension:
                    found.update(dict.fromkeys(places[digest], vector))
        return found

    def put(self, texts: Sequence[str], vectors: FloatArray) -> None:
        """Keep vectors; a known text keeps its first vector."""
        rows = [
            (text_digest(text), vector.astype("<f4").tobytes())
            for text, vector in zip(texts, vectors, strict=True)
        ]
        with self._file:
            self._file.executemany("INSERT OR IGNORE INTO vector VALUES (?, ?)", rows)

    def close(self) -> None:
        """Release the file."""
        self._file.close()
