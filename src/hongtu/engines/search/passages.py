"""What is searched, and what comes back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from .errors import SearchError

CHUNK_CHARACTERS = 480
_NAME = re.compile("[\u3400-\u9fff]{2}")
_SENTENCE_END = re.compile(r"(?<=[。！？；!?;\n])")


@dataclass(frozen=True)
class Passage:
    """A text with an id; ``title`` names its matter, ``owner`` who answers for it.

    An id that is a name in Chinese (民法典第五十四条) serves as the title where none is given: people
    search and cite by it. ``sayings``: what people say who mean this passage; each is found by itself.
    """

    id: str
    text: str
    title: str = ""
    owner: str = ""
    sayings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.id, str) or not self.id:
            raise SearchError("search.passage.id", "a passage needs an id: a text of one or more characters")
        for name in ("text", "title", "owner"):
            if not isinstance(getattr(self, name), str):
                raise SearchError("search.passage.field", f"passage {self.id}: {name} must be a text")

    @property
    def label(self) -> str:
        """Title, or an id that reads as a name, or nothing."""
        return self.title or (self.id if _NAME.search(self.id) else "")


@dataclass(frozen=True)
class Snippet:
    """The part of a passage that speaks most to the question; ``marks`` are (start, end) within ``text``."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Hit:
    """One passage found. ``score`` orders hits of one search; ``parts`` says what it is made of.

    ``parts``: ``lexical``, ``pinyin`` and ``dense`` between 0 and 1 within this search; ``bm25`` and
    ``cosine`` raw; ``coverage``: share of the question's rare character pairs that the passage contains.
    """

    id: str
    score: float
    parts: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    snippet: Snippet = field(default_factory=lambda: Snippet(""))


class Hits(list[Hit]):
    """Hits, best first, with ``mode`` (hybrid, lexical, none), the question as understood and a notice
    code.

    ``notice``: ``search.query.empty``, ``search.query.cut``, ``search.model.absent``, ``search.model.busy``
    or empty.
    """

    mode: str = "none"
    query: str = ""
    corrected: str = ""
    notice: str = ""


def chunks(text: str, size: int = CHUNK_CHARACTERS) -> list[str]:
    """Cut a long text at sentence ends into pieces of at most ``size`` characters; never an empty list."""
    if len(text) <= size:
        return [text]
    out: list[str] = []
    piece = ""
    for sentence in _SENTENCE_END.split(text):
        while len(sentence) > size:
            room = size - len(piece)
            out.append(piece + sentence[:room])
            piece, sentence = "", sentence[room:]
        if len(piece) + len(sentence) > size:
            out.append(piece)
            piece = ""
        piece += sentence
    if piece.strip():
        out.append(piece)
    return out
