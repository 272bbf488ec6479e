"""The view of a ledger that an address asks for: the same rows and columns for page, export and API."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, QuerySet, Sum
from django.http import QueryDict
from django.utils.encoding import force_str
from django.utils.translation import gettext as _

from hongtu.kernel.access import policies
from hongtu.ledger import filters as filtering
from hongtu.ledger.columns import Column, field_of
from hongtu.ledger.declaration import Ledger
from hongtu.ledger.masking import for_reader
from hongtu.ui.components import Cell, Pages, Row, Table
from hongtu.ui.components import Column as Head
from hongtu.ui.status import Status

SORT_KEYS = 3
OWN_PARAMETERS = frozenset({"q", "sort", "columns", "page", "view"})


@dataclass(frozen=True)
class Order:
    name: str
    descending: bool

    @property
    def text(self) -> str:
        return f"-{self.name}" if self.descending else self.name


class Listing:
    """One view of a ledger for one person. Everything is worked out lazily from the address.

    Queries: one for count and totals together, one for the rows of the page, one per many-to-many
    column shown, one per reference filter drawn; the number does not depend on the rows.
    """

    def __init__(
        self,
        ledger: Ledger,
        person: Any,
        parameters: QueryDict,
        *,
        to: str = "read",
        per_page: int = 0,
        columns: list[Column] | None = None,
    ) -> None:
        """`to` is what the person wants to do with the rows; `columns` overrules the address."""
        self.ledger, self.person, self.parameters, self.to = ledger, person, parameters, to
        self.per_page, self._given = per_page or ledger.per_page, columns

    @cached_property
    def columns(self) -> list[Column]:
        """The columns chosen in the address (`columns=name,stage`), the name column always first."""
        if self._given is not None:
            return for_reader(self._given, self.person)
        asked = ",".join(self.parameters.getlist("columns")).split(",")
        chosen = [n for n in asked if n in self.ledger.table]
        names = chosen or self.ledger.default_columns
        first = self.ledger.name_column
        return for_reader((self.ledger.table[n] for n in dict.fromkeys([first, *names])), self.person)

    @cached_property
    def orders(self) -> list[Order]:
        """The sort keys of the address (`sort=-annual_plan,name`), at most three; unknown ones left out."""
        found = []
        for part in self.parameters.get("sort", "").split(","):
            name = part.lstrip("-")
            if name in self.ledger.table and self.ledger.table[name].sort:
                found.append(Order(name, part.startswith("-")))
        return found[:SORT_KEYS]

    @property
    def sort_text(self) -> str:
        return ",".join(o.text for o in self.orders)

    @cached_property
    def filters(self) -> filtering.Filters:
        return filtering.parse([self.ledger.column(n) for n in self.ledger.filters], self.parameters)

    @cached_property
    def scope(self) -> QuerySet:
        """All rows this person may read (or export), with the expressions of computed columns."""
        rows: QuerySet
        if self.person is None:  # the house itself: jobs, answers about what was just written
            rows = self.ledger.model._default_manager.all()
        else:
            rows = policies.objects(self.ledger.model, by=self.person, to=self.ledger.verb(self.to))
        computed = {c.name: c.expression for c in self.ledger.table.values() if c.expression is not None}
        return rows.annotate(**computed) if computed else rows

    @cached_property
    def matching(self) -> QuerySet:
        rows = self.scope.filter(self.filters.condition)
        text = self.parameters.get("q", "").strip()
        return filtering.search(rows, self.ledger.search, text) if text and self.ledger.search else rows

    @cached_property
    def rows(self) -> QuerySet:
        """The whole filtered set, sorted, with what the shown columns need."""
        keys = [key for o in self.orders for key in filtering.order(self.ledger.table[o.name], o.descending)]
        if not keys:
            keys = [
                key
                for n in self.ledger.ordering
                for key in filtering.order(self.ledger.column(n.lstrip("-")), n.startswith("-"))
            ] or list(self.ledger.model._meta.ordering or ())
        return self._joined(self.matching).order_by(*keys, "pk")

    def _joined(self, rows: QuerySet) -> QuerySet:
        joins, many = [], []
        for column in self.columns:
            if column.kind in {"reference", "place"}:
                joins.append(column.name)
            elif column.kind == "references":
                many.append(column.name)
            elif "__" in column.name and field_of(self.ledger.model, column.name):
                joins.append(column.name.rpartition("__")[0])
        rows = rows.select_related(*joins) if joins else rows
        return rows.prefetch_related(*many) if many else rows

    @cached_property
    def totals(self) -> dict[str, Any]:
        """`count` and the sum of every totals column over the whole filtered set, in one query."""
        sums = {f"total_{n}": Sum(n) for n in self.ledger.totals}
        found = self.matching.order_by().aggregate(count=Count("pk", distinct=True), **sums)
        return {"count": found["count"], **{n: found[f"total_{n}"] for n in self.ledger.totals}}

    @property
    def count(self) -> int:
        return int(self.totals["count"])

    @cached_property
    def pages(self) -> Pages:
        per_page = self.per_page
        asked = self.parameters.get("page", "1")
        last = max(1, -(-self.count // per_page))
        number = min(max(1, int(asked)), last) if asked.isdecimal() else 1
        return Pages(number, self.count, per_page, query=dict(self.parameters.lists()))

    @cached_property
    def page(self) -> list[Any]:
        start = (self.pages.number - 1) * self.pages.per_page
        return list(self.rows[start : start + self.pages.per_page])

    def address(self, **changes: str) -> str:
        """The query string with some parameters changed and the page forgotten; "" removes one."""
        kept = {k: [p for p in v if p] for k, v in self.parameters.lists() if k not in {"page", *changes}}
        if set(kept.get("columns", ())) == set(self.ledger.default_columns):
            del kept["columns"]  # what is shown anyway need not stand in the address
        found = urlencode(
            {**{k: v for k, v in kept.items() if v}, **{k: v for k, v in changes.items() if v}}, doseq=True
        )
        return f"?{found}" if found else "?"

    @property
    def query(self) -> str:
        """What identifies the view: the query string without the page."""
        return self.address(view="")[1:]

    @property
    def page_address(self) -> str:
        """The whole query string without empty parameters, for the address line."""
        page = self.parameters.get("page", "")
        return self.address(**({"page": page} if page not in {"", "1"} else {}))

    def sort_url(self, name: str) -> str:
        """The address that sorts by this column first and keeps the earlier keys behind it."""
        current = self.orders[0] if self.orders else None
        descending = bool(current and current.name == name and not current.descending)
        rest = [o for o in self.orders if o.name != name]
        return self.address(sort=",".join(o.text for o in [Order(name, descending), *rest][:SORT_KEYS]))

    def _head(self, column: Column) -> Head:
        order = next((o for o in self.orders if o.name == column.name), None)
        label = force_str(column.label)
        if column.unit and column.unit_words != force_str(self.ledger.unit):
            label = _("%(label)s（%(unit)s）") % {"label": label, "unit": column.unit_words}
        return Head(
            label,
            _LAYOUT.get(column.kind, "number" if column.numeric else "text"),
            sort_url=self.sort_url(column.name) if column.sort else "",
            sorted=("descending" if order.descending else "ascending") if order else "",
            frozen=column.name == self.ledger.name_column,
        )

    @property
    def table(self) -> Table:
        """The page as the interface's table component lays it out."""
        rows = [
            Row([self._cell(c, record) for c in self.columns], key=str(record.pk)) for record in self.page
        ]
        return Table(
            self.ledger.title,
            [self._head(c) for c in self.columns],
            rows,
            totals=self._total_cells() if self.ledger.totals and self.count else (),
            empty=_("没有符合条件的记录"),
            identifier="ledger-table",
        )

    def _cell(self, column: Column, record: Any) -> Cell:
        made = cell(column, record)
        if column.name == self.ledger.name_column:
            return Cell(made.text or str(record), url=self.ledger.url_of(record))
        return made

    def _total_cells(self) -> list[Cell]:
        cells = []
        for column in self.columns:
            if column.name == self.ledger.name_column:
                cells.append(Cell(_("合计")))
            elif column.name in self.ledger.totals:
                cells.append(Cell(column.text(self.totals[column.name] or 0)))
            else:
                cells.append(Cell(""))
        return cells

    def controls(self) -> list[filtering.Control]:
        columns = [self.ledger.column(n) for n in self.ledger.filters]
        return filtering.controls(columns, self.parameters, self.scope)


_LAYOUT = {
    "long": "long",
    "sentence": "long",
    "date": "date",
    "datetime": "date",
    "light": "nowrap",
    "choice": "nowrap",
}


def cell(column: Column, record: Any) -> Cell:
    """A value of a record as the interface's table shows it."""
    value = column.read(record)
    if column.kind == "light" and value:
        return Cell("", status=Status(value))
    return Cell(column.text(value))
