"""Reads the passages and questions of an evaluation, line by line, refusing by line and field."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .errors import SearchError
from .evaluate import Question
from .passages import Passage


def _lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        with path.open("rb") as handle:
            for number, raw in enumerate(handle, 1):
                if not raw.strip():
                    continue
                yield number, _object(path, number, raw)
    except OSError as fault:
        raise SearchError(
            "search.file.unreadable",
            f"{path}: can't be read ({fault.strerror}); check the path and the rights",
        ) from fault


def _object(path: Path, number: int, raw: bytes) -> dict[str, Any]:
    try:
        row = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as fault:
        raise SearchError(
            "search.file.encoding", f"{path}, line {number}: not UTF-8; save the file as UTF-8"
        ) from fault
    except (json.JSONDecodeError, RecursionError) as fault:
        raise SearchError(
            "search.file.json",
            f"{path}, line {number}: not one JSON object a line ({fault}); correct the line",
        ) from fault
    if not isinstance(row, dict):
        raise SearchError("search.file.json", f'{path}, line {number}: expected an object like {{"id": ...}}')
    return row


def _text(path: Path, number: int, row: dict[str, Any], name: str, required: bool) -> str:
    value = row.get(name)
    if value is None and not required:
        return ""
    if isinstance(value, int) and not isinstance(value, bool) and name == "id":
        return str(value)
    if not isinstance(value, str) or (required and name != "text" and not value.strip()):
        found = "missing" if value is None else f"{type(value).__name__}, empty or wrong"
        raise SearchError(
            "search.file.field", f"{path}, line {number}, field {name}: {found}; write a text in quotes"
        )
    return value


def read_passages(path: Path) -> list[Passage]:
    """Passages of a file of ``{"id", "text", "title"?, "owner"?}`` lines.

    Raises SearchError with ``search.file.*`` (file, line, field) or ``search.passage.duplicate``.
    """
    found: list[Passage] = []
    first: dict[str, int] = {}
    for number, row in _lines(path):
        identity = _text(path, number, row, "id", True)
        if identity in first:
            raise SearchError(
                "search.passage.duplicate",
                f"{path}, line {number}, field id: {identity} stands in line {first[identity]} already; "
                "ids must differ",
            )
        first[identity] = number
        text = _text(path, number, row, "text", True)
        title = _text(path, number, row, "title", False)
        found.append(Passage(identity, text, title, _text(path, number, row, "owner", False)))
    if not found:
        raise SearchError("search.file.empty", f"{path}: holds no passage")
    return found


def read_questions(path: Path, known: frozenset[str]) -> list[Question]:
    """Questions of a file of ``{"query", "relevant": [ids]}`` lines; every id must be among ``known``."""
    found: list[Question] = []
    for number, row in _lines(path):
        query = _text(path, number, row, "query", True)
        relevant = row.get("relevant")
        if not isinstance(relevant, list) or not relevant:
            raise SearchError(
                "search.file.field",
                f"{path}, line {number}, field relevant: write a list of one or more passage ids",
            )
        ids = tuple(str(item) for item in relevant)
        for item in ids:
            if item not in known:
                raise SearchError(
                    "search.file.unknown_id",
                    f"{path}, line {number}, field relevant: no passage has the id {item}; "
                    "correct it or add the passage",
                )
        found.append(Question(query, ids))
    if not found:
        raise SearchError("search.file.empty", f"{path}: holds no question")
    return found
