"""The parts of a detail page. A domain adds its own by subclassing Panel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hongtu.ledger.masking import for_reader, hidden_fields
from hongtu.ui.components import Cell, Entry, Row, Table
from hongtu.ui.components import Column as Head

if TYPE_CHECKING:
    from hongtu.ledger.declaration import Ledger

Text = str | Promise
FACTS, NO_ROWS, HISTORY = _("基本情况"), _("还没有记录"), _("修改记录")


class Panel:
    """One part of a detail page: `title`, a `template`, and the `context()` it is rendered with.

    The template gets `record`, `ledger`, `request`, `panel` and what `context()` returns. `permission`
    hides the panel from people who do not hold it; `shown()` may hide it for a record.
    """

    title: Text = ""
    template: str = ""
    permission: str = ""
    key: str = ""
    scripts: tuple[str, ...] = ()
    """What its drawings need on the page: `charts`, `map`."""

    def context(self, record: Any, request: Any, ledger: Ledger) -> dict[str, Any]:
        return {}

    def shown(self, record: Any, request: Any, ledger: Ledger) -> bool:
        return True


class FactsPanel(Panel):
    """Fields of the record as label and value: `FactsPanel("owner", "site", title=_("基本情况"))`.

    Without names: all columns of the ledger.
    """

    template = "ledger/parts/facts.html"

    def __init__(self, *fields: str, title: Text = FACTS, key: str = "facts") -> None:
        self.fields, self.title, self.key = fields, title, key

    def context(self, record: Any, request: Any, ledger: Ledger) -> dict[str, Any]:
        from hongtu.ledger.listing import cell

        columns = for_reader([ledger.column(name) for name in self.fields or ledger.table], request.user)
        return {
            "facts": [(c, cell(c, record), c.unit_words if c.numeric else "") for c in columns],
        }


class RowsPanel(Panel):
    """Rows that belong to the record: `rows(record, person)` gives them, `columns` how they are shown.

    columns: (label, kind, function of a row) with kind as in `hongtu.ui.components.Column`; the function
    returns a text or a `Cell`.
    """

    template = "ledger/parts/rows.html"

    def __init__(
        self,
        title: Text,
        rows: Callable[[Any, Any], Sequence[Any]],
        columns: Sequence[tuple[Text, str, Callable[[Any], Cell | str]]],
        *,
        empty: Text = NO_ROWS,
        key: str = "rows",
        permission: str = "",
    ) -> None:
        self.title, self.rows, self.columns = title, rows, columns
        self.empty, self.key, self.permission = empty, key, permission

    def context(self, record: Any, request: Any, ledger: Ledger) -> dict[str, Any]:
        heads = [Head(label, kind) for label, kind, _read in self.columns]
        rows = [
            Row([read(item) for _label, _kind, read in self.columns])
            for item in self.rows(record, request.user)
        ]
        return {"table": Table(self.title, heads, rows, empty=self.empty, identifier=f"rows-{self.key}")}


class HistoryPanel(Panel):
    """Every change of the record: who, when, why, before and after."""

    template = "ledger/parts/history.html"

    def __init__(self, title: Text = HISTORY, limit: int = 50) -> None:
        self.title, self.limit, self.key = title, limit, "history"

    def context(self, record: Any, request: Any, ledger: Ledger) -> dict[str, list[Entry]]:
        from hongtu.ledger.history import history

        hidden = hidden_fields(list(ledger.table.values()), record, request.user)
        return {"entries": history(record, self.limit, hidden)}
