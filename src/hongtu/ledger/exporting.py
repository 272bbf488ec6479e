"""Exports that equal the view: its columns in its order, its rows, its filters in words, its totals."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from django.utils.encoding import force_str
from django.utils.translation import gettext as _

from hongtu.kernel.profile.models import district
from hongtu.ledger.columns import Column
from hongtu.ledger.listing import Listing
from hongtu.ledger.sheets import View, write_csv, write_xlsx
from hongtu.ledger.spec import KINDS, export_spec, language

CHUNK = 1000


def _value(column: Column, record: Any) -> Any:
    value = column.read(record)
    if KINDS.get(column.kind, "text") == "text":
        return column.text(value)
    if column.kind == "choices" and not column.words:
        return "、".join(value or ())
    return value


def rows(listing: Listing) -> Iterator[dict[str, Any]]:
    """The whole filtered set, streamed in chunks."""
    columns = listing.columns
    for record in listing.rows.iterator(chunk_size=CHUNK):
        yield {column.name: _value(column, record) for column in columns}


def filters_in_words(listing: Listing) -> list[tuple[str, str]]:
    """What the address asks for, so that a printed sheet explains itself."""
    words = []
    if text := listing.parameters.get("q", "").strip():
        words.append((_("搜索"), text))
    for control in listing.controls():
        if not control.active:
            continue
        chosen = "、".join(o.label for o in control.options if o.chosen) or control.text
        if control.kind == "range":
            chosen = f"{control.low or '…'} – {control.high or '…'}"
        words.append((control.label, chosen))
    return words


def view(listing: Listing) -> View:
    """The view as the sheets machinery writes it."""
    present = district()
    ledger = listing.ledger
    shown = {column.name for column in listing.columns}
    return View(
        filters=filters_in_words(listing),
        totals={n: listing.totals[n] or 0 for n in ledger.totals if n in shown},
        units={c.name: force_str(c.unit) for c in listing.columns if c.kind == "money" and c.unit},
        data_date=present.data_date.isoformat() if present and present.data_date else "",
        count=listing.count,
        language=language(),
        frozen_key=ledger.name_column,
    )


def export(listing: Listing, form: str, encoding: str = "utf-8-sig") -> bytes:
    """The view as `xlsx` or `csv` (`encoding` utf-8-sig or gb18030)."""
    spec = export_spec(listing.ledger, listing.columns)
    target = io.BytesIO()
    if form == "csv":
        write_csv(target, spec, rows(listing), view(listing), encoding=encoding)
    else:
        write_xlsx(target, spec, rows(listing), view(listing))
    return target.getvalue()
