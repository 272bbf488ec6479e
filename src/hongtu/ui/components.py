"""What the template components take: small frozen records, so that a page is assembled in Python
and a template only lays it out. None of them knows a noun of the district."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.utils.functional import Promise

from hongtu.ui.status import Status

Text = str | Promise


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entry of the main navigation; one with ``children`` opens a menu."""

    label: Text
    url: str = ""
    current: bool = False
    children: Sequence[NavItem] = ()


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step of the breadcrumb trail; the last one has no address."""

    label: Text
    url: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """One of several views of the same thing, each with its own address."""

    label: Text
    url: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A headline number that opens the rows it counts."""

    label: Text
    value: Text
    unit: Text = ""
    note: Text = ""
    url: str = ""
    status: Status | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a data table.

    ``kind`` is ``text``, ``long`` (two lines, then unfold), ``number``, ``date`` or ``nowrap``.
    ``sort_url`` makes the head a link; ``sorted`` is ``ascending`` or ``descending``.
    """

    label: Text
    kind: str = "text"
    sort_url: str = ""
    sorted: str = ""
    frozen: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: text, optionally a link, a status before it, a fault to point out. ``worded``: the text stands
    in place of the status's own word."""

    text: Text = ""
    url: str = ""
    status: Status | None = None
    fault: Text = ""
    worded: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of cells (or plain texts, which become cells)."""

    cells: Sequence[Cell | Text]
    key: str = ""
    selected: bool = False


@dataclass(frozen=True, slots=True)
class Pages:
    """Pagination: which page, how many rows, and the query that each link keeps."""

    number: int
    total: int
    per_page: int = 50
    query: Mapping[str, Any] = field(default_factory=dict)
    parameter: str = "page"

    @property
    def count(self) -> int:
        """Number of pages, at least one."""
        return max(1, -(-self.total // self.per_page))

    @property
    def first(self) -> int:
        """Ordinal of the first row shown, 0 when there is none."""
        return min(self.total, (self.number - 1) * self.per_page + 1)

    @property
    def last(self) -> int:
        """Ordinal of the last row shown."""
        return min(self.total, self.number * self.per_page)

    def url(self, number: int) -> str:
        """Address of a page, with the filters and the sorting kept."""
        kept = {k: v for k, v in self.query.items() if k != self.parameter}
        return "?" + urlencode({**kept, self.parameter: number}, doseq=True)

    @property
    def previous_url(self) -> str:
        """Address of the page before, empty on the first."""
        return self.url(self.number - 1) if self.number > 1 else ""

    @property
    def next_url(self) -> str:
        """Address of the page after, empty on the last."""
        return self.url(self.number + 1) if self.number < self.count else ""

    @property
    def links(self) -> list[tuple[int, str]]:
        """Page numbers to offer; 0 stands for a gap."""
        near = {1, self.count, *range(max(1, self.number - 2), min(self.count, self.number + 2) + 1)}
        shown: list[tuple[int, str]] = []
        before = 0
        for number in sorted(near):
            if number - before > 1:
                shown.append((0, ""))
            shown.append((number, self.url(number)))
            before = number
        return shown


@dataclass(frozen=True, slots=True)
class Table:
    """A data table; ``totals`` stand on top, ``unit`` is said once above the table."""

    label: Text
    columns: Sequence[Column]
    rows: Sequence[Row]
    totals: Sequence[Cell | Text] = ()
    unit: Text = ""
    pages: Pages | None = None
    empty: Text = ""
    identifier: str = "table"

    def lines(self) -> list[tuple[Row, list[tuple[Column, Cell]]]]:
        """Rows with each cell beside its column."""
        return [(row, self._pair(row.cells)) for row in self.rows]

    def total_cells(self) -> list[tuple[Column, Cell]]:
        """The totals row beside its columns, empty without totals."""
        return self._pair(self.totals) if self.totals else []

    def _pair(self, cells: Sequence[Cell | Text]) -> list[tuple[Column, Cell]]:
        whole = [cell if isinstance(cell, Cell) else Cell(cell) for cell in cells]
        return list(zip(self.columns, whole, strict=True))


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after."""

    label: Text
    before: Text = ""
    after: Text = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a history: when, who, what, and what it changed."""

    at: dt.datetime | dt.date
    title: Text
    by: Text = ""
    text: Text = ""
    changes: Sequence[Change] = ()
    status: Status | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """A job under way. ``poll_url`` answers with this fragment again until ``done``."""

    label: Text
    value: int
    maximum: int
    detail: Text = ""
    poll_url: str = ""
    done: bool = False

    @property
    def percent(self) -> int:
        """Whole percent, 0 when nothing is known yet."""
        return round(100 * self.value / self.maximum) if self.maximum else 0
