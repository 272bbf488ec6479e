"""Which column of the file is which field: matched by name, shown with a score, corrected by the user."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from hongtu.ledger.sheets.columns import NUMBER_KINDS, SheetColumn, SheetSpec
from hongtu.ledger.sheets.messages import Refusal
from hongtu.ledger.sheets.units import group_of, unit_in_header, without_asides

ACCEPT = 0.86
"""From this score on a fuzzy match is taken without asking (and still shown)."""
SUGGEST = 0.5
FUZZY_LABELS = 3_000
"""So many labels are compared letter by letter in one file; a foreign sheet must not cost minutes."""
_NOISE = re.compile(r"[\s*＊:：、,，。.\-—_/／\"'“”()（）\[\]【】]+")


@dataclass(frozen=True, slots=True)
class Label:
    """The header over one column: the lines from top to bottom, merged cells filled."""

    column: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return " / ".join(self.lines)


@dataclass(frozen=True, slots=True)
class ColumnMatch:
    """One column of the file. `how`: title, synonym, fuzzy, user or none; `unit`: what its numbers are in."""

    column: int
    label: str
    key: str | None = None
    score: float = 0.0
    how: str = "none"
    unit: str | None = None
    suggestions: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Mapping:
    """Column index -> field of a sheet; immutable, every correction gives a new one. JSON by `as_data`."""

    sheet: str
    header_rows: tuple[int, ...]
    matches: tuple[ColumnMatch, ...]

    def column_of(self, key: str) -> ColumnMatch | None:
        return next((match for match in self.matches if match.key == key), None)

    def missing(self, spec: SheetSpec) -> list[SheetColumn]:
        """Required columns that the file does not have."""
        present = {match.key for match in self.matches}
        return [column for column in spec.columns if column.required and column.key not in present]

    def assign(self, spec: SheetSpec, column: int, key: str | None) -> Mapping:
        """The user says `column` is field `key` (None: ignore it). The field leaves any other column."""
        if key is not None and key not in spec.by_key:
            raise Refusal("mapping.unknown_key", key=key)
        if all(match.column != column for match in self.matches):
            raise Refusal("mapping.unknown_column", column=column + 1)
        changed = []
        for match in self.matches:
            if match.column == column:
                unit = match.unit if key and _fits(spec.by_key[key], match.unit) else None
                score = 1.0 if key else 0.0
                match = replace(match, key=key, score=score, how="user", unit=unit)
            elif key is not None and match.key == key:
                match = replace(match, key=None, score=0.0, how="none")
            changed.append(match)
        return replace(self, matches=tuple(changed))

    def with_unit(self, spec: SheetSpec, column: int, unit: str) -> Mapping:
        """The user says a column's numbers are in `unit`. Raises `Refusal` if it cannot be converted."""
        changed = []
        for match in self.matches:
            if match.column == column and match.key:
                stored = spec.by_key[match.key].unit
                if group_of(unit) is None or group_of(unit) != group_of(stored):
                    raise Refusal("mapping.unknown_unit", unit=unit, stored=stored or "-")
                match = replace(match, unit=unit)
            changed.append(match)
        return replace(self, matches=tuple(changed))

    def as_data(self) -> dict[str, Any]:
        """Plain data for a session or a job's arguments; `from_data` reads it back."""
        columns = [
            [m.column, m.label, m.key, m.score, m.how, m.unit, [list(pair) for pair in m.suggestions]]
            for m in self.matches
        ]
        return {"sheet": self.sheet, "header_rows": list(self.header_rows), "columns": columns}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Mapping:
        matches = tuple(
            ColumnMatch(
                column, label, key, score, how, unit, tuple((near, rank) for near, rank in suggestions)
            )
            for column, label, key, score, how, unit, suggestions in data["columns"]
        )
        return cls(data["sheet"], tuple(data["header_rows"]), matches)


def normal_name(text: str) -> str:
    """A header word without spaces, punctuation and width differences."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text).lower())


class Matcher:
    """Scores header labels against the names of a spec; built once per spec and file."""

    def __init__(self, spec: SheetSpec) -> None:
        self.spec = spec
        self.exact: dict[str, tuple[str, float, str]] = {}
        self.fuzzy: list[tuple[str, frozenset[str], str]] = []
        self.patience = FUZZY_LABELS
        self._cache: dict[tuple[str, ...], dict[str, tuple[float, str]]] = {}
        for column in spec.columns:
            for name in column.names():
                how = "title" if name in {column.zh, column.en, column.key} else "synonym"
                group_names = [group + name for group in (column.group_zh, column.group_en) if group]
                self._add(name, column.key, 0.98, how)
                for joined in group_names:
                    self._add(joined, column.key, 1.0, how)

    def _add(self, name: str, key: str, score: float, how: str) -> None:
        for form, loss in ((name, 0.0), (without_asides(name), 0.01)):
            word = normal_name(form)
            if not word:
                continue
            known = self.exact.get(word)
            if known is None or known[1] < score - loss:
                self.exact[word] = (key, score - loss, how)
            self.fuzzy.append((word, frozenset(word), key))

    def scores(self, lines: tuple[str, ...], fuzzy: bool = True) -> dict[str, tuple[float, str]]:
        """key -> (score 0..1, how) for one label."""
        cached = self._cache.get(lines) if fuzzy else None
        if cached is not None:
            return cached
        best: dict[str, tuple[float, str]] = {}
        for word, loss in _forms(lines):
            if found := self.exact.get(word):
                key, score, how = found
                _keep(best, key, score - loss, how)
        if fuzzy:
            unsure = not best or max(score for score, _ in best.values()) < 0.9
            if unsure and self.patience > 0:
                self.patience -= 1
                self._fuzzy_scores(lines, best)
            self._cache[lines] = best
        return best

    def _fuzzy_scores(self, lines: tuple[str, ...], best: dict[str, tuple[float, str]]) -> None:
        for word, loss in _forms(lines)[:4]:
            if len(word) < 2 or len(word) > 40:
                continue
            matcher = difflib.SequenceMatcher(autojunk=False)
            matcher.set_seq2(word)
            letters = frozenset(word)
            for name, signs, key in self.fuzzy:
                # Comparing is dear, and most pairs of words share hardly a letter.
                if len(letters & signs) * 2 < min(len(letters), len(signs)):
                    continue
                matcher.set_seq1(name)
                if matcher.real_quick_ratio() < SUGGEST:
                    continue
                ratio = matcher.ratio()
                if len(name) >= 2 and (name in word or word in name):
                    ratio = max(ratio, 0.6 + 0.3 * min(len(name), len(word)) / max(len(name), len(word)))
                if ratio >= SUGGEST:
                    _keep(best, key, ratio * 0.95 - loss, "fuzzy")


def _forms(lines: tuple[str, ...]) -> list[tuple[str, float]]:
    """Ways to read a label: all lines joined, then the last one; with and without bracketed remarks."""
    forms: dict[str, float] = {}
    joined, leaf = "".join(lines), lines[-1] if lines else ""
    for text, loss in ((joined, 0.0), (leaf, 0.02)):
        for form, extra in ((text, 0.0), (without_asides(text), 0.01)):
            word = normal_name(form)
            if word:
                forms.setdefault(word, loss + extra)
    if len(lines) > 2:
        forms.setdefault(normal_name(without_asides("".join(lines[-2:]))), 0.03)
    return list(forms.items())


def _keep(best: dict[str, tuple[float, str]], key: str, score: float, how: str) -> None:
    if key not in best or best[key][0] < score:
        best[key] = (round(score, 3), how)


def _fits(column: SheetColumn, unit: str | None) -> bool:
    return bool(unit) and column.kind in NUMBER_KINDS and group_of(unit or "") == column.unit_group


def match_columns(
    spec: SheetSpec,
    sheet: str,
    header_rows: Sequence[int],
    labels: Sequence[Label],
    stated: Sequence[str] = (),
) -> Mapping:
    """Assigns fields to labels one to one, best scores first. `stated` are units the title rows give."""
    matcher = Matcher(spec)
    all_scores = {label.column: matcher.scores(label.lines) for label in labels}
    pairs = sorted(
        (
            (score, -column, key, how)
            for column, found in all_scores.items()
            for key, (score, how) in found.items()
        ),
        reverse=True,
    )
    taken: dict[int, tuple[str, float, str]] = {}
    used: set[str] = set()
    for score, negative, key, how in pairs:
        if score < ACCEPT:
            break
        if -negative not in taken and key not in used:
            taken[-negative] = (key, score, how)
            used.add(key)
    matches = []
    for label in labels:
        found = all_scores[label.column]
        ranked = sorted(((score, key) for key, (score, _) in found.items()), reverse=True)[:3]
        suggestions = tuple((key, score) for score, key in ranked)
        assigned = taken.get(label.column)
        unit = None
        if assigned:
            unit = _unit_of(spec.by_key[assigned[0]], label, stated)
        else:
            unit = next((u for line in reversed(label.lines) if (u := unit_in_header(line))), None)
        match = ColumnMatch(label.column, label.text, unit=unit, suggestions=suggestions)
        if assigned:
            match = replace(match, key=assigned[0], score=assigned[1], how=assigned[2])
        matches.append(match)
    return Mapping(sheet, tuple(header_rows), tuple(matches))


def _unit_of(column: SheetColumn, label: Label, stated: Sequence[str]) -> str | None:
    """The unit of a column's numbers: from its own header line, the group above, then the title rows."""
    if column.kind not in NUMBER_KINDS or not column.unit_group:
        return None
    for line in reversed(label.lines):
        unit = unit_in_header(line)
        if _fits(column, unit):
            return unit
    return next((unit for unit in stated if _fits(column, unit)), column.unit)
