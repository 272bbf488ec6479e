"""Whether a sentence that a language model wrote says nothing but what a record says.

Every clause of the sentence must be a shortening of one clause of one field: pieces of the record, word
for word and in the record's order, joined by words that claim nothing (``claim_words``). Numbers, dates,
times and telephone numbers are compared as wholes in one notation; a number keeps its unit. A clause that
denies, limits or obliges (不, 免, 仅, 应 ...), and every clause of a field that is a condition, a limit or a
rate, may be joined but not shortened, so that nothing can be turned round by leaving something out.

The check errs on one side only: it drops sentences that are true, it keeps none that the record lacks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from .claim_words import (
    ALWAYS,
    BINDING,
    BY_FIELD,
    CONNECTIVES,
    HARMLESS,
    NEEDED,
    ORDERED,
    SKIPPABLE,
    TOLD_WHOLE,
)
from .normalise import normalise

LONGEST = 300
"""Characters beyond which a sentence is not looked at."""

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_POWERS = {"十": 10, "百": 100, "千": 1000}
_NUMERAL = re.compile(r"[一二三四五六七八九十两][零〇一二三四五六七八九十百千]*|〇")
_DATE = re.compile(r"(?<!\d)(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?!\d)")
_CLOCK = re.compile(r"(?<!\d)(\d{1,2})[点时](\d{2})分?")
_HOUR = re.compile(r"(?<!\d)(\d{1,2})[点时](?!间|限|长|效)")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_PHONE = re.compile(r"(?<!\d)\d(?:\d|[- ](?=\d)){5,}\d(?![\d:])")
_ITEM = re.compile(r"(?m)^\s*(?:\d{1,2}[.、)](?!\d)|[-*#•·]+)\s*")
_TOKEN = re.compile(r"\d+(?:\.\d+)?(?::\d{2})?%?|[a-z][a-z0-9_@./-]*[a-z0-9]|[a-z]|\S")
_CLAUSE = re.compile(r"[，,。；;！!？?\n]+|:(?!\d{2}(?!\d))")
_LIST = re.compile(rf"、|{'|'.join(CONNECTIVES)}")

Tokens = tuple[str, ...]


@dataclass(frozen=True)
class Clause:
    """One clause of a record: its tokens, whether it must be told whole, its place in the field."""

    field: str
    tokens: Tokens
    whole: bool
    place: int


def _number(text: str) -> str:
    """Chinese numerals as digits: 十五 -> 15, 二〇二六 -> 2026; the text itself when it is no number."""
    if not any(c in _POWERS for c in text):
        return "".join(str(_DIGITS[c]) for c in text)
    total = current = 0
    for c in text:
        if c in _POWERS:
            total += (current or 1) * _POWERS[c]
            current = 0
        else:
            current = _DIGITS[c]
    return str(total + current)


def canonical(text: str) -> str:
    """One notation: width, script and case as in search, numerals, dates, times, telephone numbers."""
    lines = [normalise(line) for line in text.splitlines()]
    out = _ITEM.sub("", "\n".join(lines)).replace("*", "")
    out = _THOUSANDS.sub("", out)
    out = _DATE.sub(lambda m: f"{m[1]}年{int(m[2])}月{int(m[3])}日", out)
    out = _CLOCK.sub(r"\1:\2", out)
    out = _HOUR.sub(r"\1:00", out)
    out = _PHONE.sub(lambda m: re.sub(r"[- ]", "", m[0]), out)
    return _NUMERAL.sub(lambda m: f" {_number(m[0])} ", out)  # apart: 周五9:00 is not 59:00


def _tokens(text: str) -> Tokens:
    found = (t for t in _TOKEN.findall(text) if unicodedata.category(t[0])[0] not in "PZ")
    return tuple(t.lstrip("0") or "0" if t[0].isdigit() and len(t) <= 5 else t for t in found)


def _clauses(text: str) -> list[str]:
    return [part for part in _CLAUSE.split(canonical(text)) if _tokens(part)]


def _is_binding(tokens: Tokens) -> bool:
    """Whether the clause denies, limits or obliges: what was left out of it would change what is left."""
    text = "".join(tokens)
    for word in HARMLESS:
        text = text.replace(word, "")
    return any(word in text for word in BINDING)


@lru_cache(maxsize=64)
def _phrases(field: str, names: tuple[str, ...]) -> frozenset[Tokens]:
    words = (*ALWAYS, *BY_FIELD.get(field, ()), *names)
    return frozenset(tokens for word in words if (tokens := _tokens(canonical(word))))


class Claims:
    """The fields of one record, ready to check sentences against.

    >>> fee = Claims({"fee": "首次申领免收；补领工本费20元"}, ["居住证"])
    >>> fee.supported_by("居住证首次申领免收，补领工本费20元。")
    ('fee',)
    >>> fee.supported_by("首次申领收费20元。")
    ()
    """

    def __init__(self, fields: Mapping[str, str], names: Sequence[str] = ()) -> None:
        """``fields``: name -> text of the record; ``names``: what the matter may be called."""
        self._names = tuple(names)
        self._fields = {
            field: [
                Clause(field, tokens, field in TOLD_WHOLE or _is_binding(tokens), place)
                for place, tokens in enumerate(map(_tokens, _clauses(text)))
            ]
            for field, text in fields.items()
        }

    def supported_by(self, sentence: str) -> tuple[str, ...]:
        """The fields that bear the sentence out; none when any part of it is not borne out."""
        if len(sentence) > LONGEST:
            return ()
        used: list[Clause] = []
        for clause_text in _clauses(sentence):
            found = self._support(clause_text)
            if found is None:
                return ()
            used += found
        text = canonical(sentence)
        fields = tuple(dict.fromkeys(clause.field for clause in used))
        for field in fields:
            if field in NEEDED and not any(canonical(word) in text for word in NEEDED[field]):
                return ()
        if any(word in text for word in ORDERED) and not _ascending(used):
            return ()
        return fields

    def _support(self, text: str) -> list[Clause] | None:
        """The clauses behind one clause of a sentence: one, or one for each member of a list; [] when the
        clause claims nothing, None when it is not borne out."""
        tokens = _tokens(text)
        if any(_tiled(tokens, (), _phrases(field, self._names), False) for field in ("", *self._fields)):
            return []
        for clauses in self._fields.values():
            for clause in clauses:
                if _tiled(tokens, clause.tokens, _phrases(clause.field, self._names), clause.whole):
                    return [clause]
        return self._list(text)

    def _list(self, text: str) -> list[Clause] | None:
        """A list (身份证和户口簿) whose members each stand on a clause of one and the same field."""
        parts = [_tokens(part) for part in _LIST.split(text)]
        if len(parts) < 2 or not all(parts):
            return None
        for clauses in self._fields.values():
            found = []
            for part in parts:
                words = _phrases(clauses[0].field, self._names) if clauses else frozenset()
                fits = (c for c in clauses if _tiled(part, c.tokens, words, c.whole))
                clause = next(fits, None)
                if clause is None:
                    break
                found.append(clause)
            else:
                return found
        return None


def _ascending(used: Sequence[Clause]) -> bool:
    """Whether clauses of one field come in the record's order."""
    last: dict[str, int] = {}
    for clause in used:
        if clause.place < last.get(clause.field, 0):
            return False
        last[clause.field] = clause.place
    return True


def _tiled(said: Tokens, record: Tokens, phrases: frozenset[Tokens], whole: bool) -> bool:
    """Whether ``said`` is made of phrases and of runs of ``record`` in their order; with ``whole``, of all.

    A run has two tokens or more, unless the record's clause has no more or the token is a name in Latin
    letters or a number of seven digits; a run does not end between a number and its unit.
    """
    longest = max(map(len, phrases), default=0)
    failed: set[tuple[int, int]] = set()

    def rest_may_go(start: int, end: int) -> bool:
        return not whole or all(token in SKIPPABLE for token in record[start:end])

    def from_here(i: int, j: int, told: bool) -> bool:
        if i == len(said):
            return told == bool(record) and rest_may_go(j, len(record))
        if (i, j) in failed:
            return False
        for size in range(min(longest, len(said) - i), 0, -1):
            if said[i : i + size] in phrases and from_here(i + size, j, told):
                return True
        for start in range(j, len(record)):
            if record[start] != said[i] or not rest_may_go(j, start):
                continue
            size = 0
            while (
                i + size < len(said) and start + size < len(record) and said[i + size] == record[start + size]
            ):
                size += 1
            for taken in range(size, 0, -1):
                if _stands(record, start, taken) and from_here(i + taken, start + taken, True):
                    return True
        failed.add((i, j))
        return False

    return from_here(0, 0, False)


def _stands(record: Tokens, start: int, taken: int) -> bool:
    """Whether a run of the record may stand by itself."""
    last, end = record[start + taken - 1], start + taken
    if last[0].isdigit() and len(last) < 7 and end < len(record) and not record[end][0].isdigit():
        return False  # 15 without its 个工作日
    alone = record[start]
    long = alone[0].isascii() and len(alone) >= (7 if alone[0].isdigit() else 2)
    return taken >= 2 or long or len(record) == 1 or alone.endswith("%")
