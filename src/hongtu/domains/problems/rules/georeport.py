"""Open311 GeoReport v2, the format: what is written and what is read; pure.

One tree serves both formats. XML: the field's name is the tag, a list's items carry their own tag. JSON: the
spec's programmatic mapping of the same (the wrapper becomes an array; an empty field is null). Text that
XML 1.0
cannot carry is left out. Dates follow the W3 note, always with a zone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from xml.sax.saxutils import escape

DAYS = 90
ROWS = 1000
LENGTH = 4000
FORMATS = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
STATUSES = ("open", "closed")
ITEM = {
    "services": "service",
    "service_requests": "request",
    "errors": "error",
    "attributes": "attribute",
    "values": "value",
    "formats": "format",
    "endpoints": "endpoint",
}
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)")
_ATTRIBUTE = re.compile(r"attribute\[([^\[\]]+)\](\[\])?")
Tree = Mapping[str, Any] | Sequence[Any] | str | int | float | bool | None


class Fault(Exception):
    """An answer other than 200: HTTP status and one or more (code, description)."""

    def __init__(self, status: int, *descriptions: str) -> None:
        super().__init__(descriptions)
        self.status, self.descriptions = status, descriptions

    def tree(self) -> list[dict[str, Any]]:
        return [{"code": self.status, "description": text} for text in self.descriptions]


def written(root: str, tree: Tree, form: str) -> bytes:
    """The document: `root` is the XML wrapper, which JSON does without."""
    if form == "json":
        return json.dumps(_null(tree), ensure_ascii=False).encode()
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + _element(root, tree).encode()


def _null(tree: Tree) -> Any:
    if isinstance(tree, Mapping):
        return {name: _null(value) for name, value in tree.items()}
    if isinstance(tree, Sequence) and not isinstance(tree, str):
        return [_null(value) for value in tree]
    return None if tree == "" else tree


def _element(tag: str, tree: Tree) -> str:
    if tree is None or tree == "" or tree == []:
        return f"<{tag}/>"
    if isinstance(tree, bool):
        return f"<{tag}>{str(tree).lower()}</{tag}>"
    if isinstance(tree, Mapping):
        return f"<{tag}>{''.join(_element(name, value) for name, value in tree.items())}</{tag}>"
    if isinstance(tree, Sequence) and not isinstance(tree, str):
        return f"<{tag}>{''.join(_element(ITEM[tag], item) for item in tree)}</{tag}>"
    return f"<{tag}>{escape(_NOT_XML.sub('', str(tree)))}</{tag}>"


def moment(text: str) -> datetime:
    """A zoned moment; ValueError for another form, an impossible date or a missing zone."""
    if not _MOMENT.fullmatch(text):
        raise ValueError(text)
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def stamp(at: datetime | None) -> str | None:
    """`2025-04-25T09:30:00+08:00`."""
    return at.replace(microsecond=0).isoformat() if at else None


@dataclass(frozen=True)
class Query:
    """What GET requests asks for; `keys` overrides everything else."""

    keys: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    start: datetime | None = None
    end: datetime | None = None
    page: int = 1
    page_size: int = ROWS


def query(parameters: Mapping[str, Sequence[str]], now: datetime, words: Mapping[str, str]) -> Query:
    """Parse the query; an empty parameter is none. `words`: the texts of faults. Raises Fault(400)."""
    keys = _many(parameters, "service_request_id")
    if keys:
        return Query(keys=keys[:ROWS])
    faults: list[str] = []
    statuses = tuple(s.lower() for s in _many(parameters, "status"))
    if set(statuses) - set(STATUSES):
        faults.append(words["status"])
    start, end = (_date(parameters, name, words, faults) for name in ("start_date", "end_date"))
    pages = [_number(parameters, name, words, faults) for name in ("page", "page_size")]
    if not faults:
        start, end = _span(start, end, now, words, faults)
    if faults:
        raise Fault(400, *faults)
    return Query(
        codes=_many(parameters, "service_code"),
        statuses=statuses,
        start=start,
        end=end,
        page=pages[0] or 1,
        page_size=min(pages[1] or ROWS, ROWS),
    )


def _many(parameters: Mapping[str, Sequence[str]], name: str) -> tuple[str, ...]:
    """Comma-delimited, and declared several times as some clients do."""
    parts = [part.strip() for value in parameters.get(name, ()) for part in value.split(",")]
    return tuple(dict.fromkeys(part for part in parts if part))


def _date(
    parameters: Mapping[str, Sequence[str]], name: str, words: Mapping[str, str], faults: list[str]
) -> datetime | None:
    text = (
        "".join(parameters.get(name, ())[-1:]).strip().replace(" ", "+")
    )  # an unescaped + arrives as a space
    if not text:
        return None
    try:
        return moment(text)
    except ValueError:
        faults.append(words["date"] % {"name": name, "text": text})
        return None


def _number(
    parameters: Mapping[str, Sequence[str]], name: str, words: Mapping[str, str], faults: list[str]
) -> int | None:
    text = "".join(parameters.get(name, ())[-1:]).strip()
    if not text:
        return None
    if text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= 1_000_000:
        return int(text[:9])
    faults.append(words["number"] % {"name": name, "text": text})
    return None


def _span(
    start: datetime | None,
    end: datetime | None,
    now: datetime,
    words: Mapping[str, str],
    faults: list[str],
) -> tuple[datetime, datetime]:
    """At most 90 days; without dates the most recent 90."""
    span = timedelta(days=DAYS)
    try:
        if start is None and end is None:
            start, end = now - span, now
        elif start is None and end is not None:
            start = end - span
        elif end is None and start is not None:
            end = start + span
    except OverflowError:
        faults.append(words["span"])
        return now, now
    if start is None or end is None:
        raise AssertionError("both ends are known here")
    if start > end:
        faults.append(words["order"])
    elif end - start > span:
        faults.append(words["span"])
    return start, end


def attributes(form: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """`attribute[code]=v` and `attribute[code][]=v`, several values for a list of many."""
    found: dict[str, list[str]] = {}
    for name, values in form.items():
        match = _ATTRIBUTE.fullmatch(name)
        if match:
            found.setdefault(match.group(1), []).extend(v for v in values if v != "")
    return {code: values for code, values in found.items() if values}


def attribute_faults(
    asked: Sequence[Mapping[str, Any]], given: Mapping[str, Sequence[str]], words: Mapping[str, str]
) -> list[str]:
    """What is missing or of the wrong type among the answers to a service's questions."""
    faults = []
    for question in asked:
        code, values = str(question["code"]), given.get(str(question["code"]), ())
        if not question.get("variable", True):
            continue
        if not values:
            if question.get("required"):
                faults.append(words["required"] % {"name": f"attribute[{code}]"})
            continue
        kind, keys = question.get("datatype", "string"), {str(v["key"]) for v in question.get("values", ())}
        wrong = (
            (kind == "number" and not all(_is_number(v) for v in values))
            or (kind == "datetime" and not all(_is_moment(v) for v in values))
            or (kind in ("singlevaluelist", "multivaluelist") and not set(values) <= keys)
            or (kind != "multivaluelist" and len(values) > 1)
        )
        if wrong:
            faults.append(words["attribute"] % {"name": f"attribute[{code}]"})
    return faults


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[+-]?\d+(\.\d+)?", text) is not None


def _is_moment(text: str) -> bool:
    try:
        moment(text)
    except ValueError:
        return False
    return True


@dataclass(frozen=True)
class Place:
    """Where: a point, an address, or both."""

    longitude: float | None = None
    latitude: float | None = None
    address: str = ""
    faults: tuple[str, ...] = field(default_factory=tuple)


def place(form: Mapping[str, str], words: Mapping[str, str]) -> Place:
    """One of lat & long, address_string, address_id; faults say what is missing or impossible."""
    latitude, longitude = (form.get(name, "").strip() for name in ("lat", "long"))
    address = form.get("address_string", "").strip() or form.get("address_id", "").strip()
    if not (latitude or longitude or address):
        return Place(faults=(words["location"],))
    if not (latitude or longitude):
        return Place(address=address[:300])
    if not (latitude and longitude):
        return Place(faults=(words["pair"],))
    if not (_is_number(latitude) and _is_number(longitude)):
        return Place(faults=(words["degrees"],))
    x, y = float(longitude), float(latitude)
    if not (-180 <= x <= 180 and -90 <= y <= 90):
        return Place(faults=(words["degrees"],))
    return Place(x, y, address[:300])
