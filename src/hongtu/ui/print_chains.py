"""Chain charts on paper: the A3 ledger that is signed and the A0 chart that hangs on the wall."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hongtu.ui.chain_svg import Chain, ChainChart, axis_svg, lanes, row_svg
from hongtu.ui.components import Text
from hongtu.ui.print import page_area, render_pdf


@dataclass(frozen=True, slots=True)
class Sheet:
    """How a page is shared out, in CSS pixels.

    ``share`` of the width goes to the bars; ``lane`` is the height of a lane, at most, on a sheet that
    must hold everything; ``head`` is what title, legend and column heads take of the height.
    """

    share: float
    lane: float
    one_page: bool = False
    head: float = 0


SHEETS = {
    "a3-landscape": Sheet(0.60, 15.0),
    "a1-landscape": Sheet(0.64, 24.0, one_page=True, head=180),
    "a0-landscape": Sheet(0.64, 30.0, one_page=True, head=230),
}
HALVES_FROM = 60
"""From so many chains on, a wall chart has two columns: rows twice as high, bars still long enough."""
GAP = 0.012
"""Share of the width left free between the two columns (as in print.css)."""
SMALLEST_LANE = 8.0
"""Below two millimetres nobody reads a bar: rather a second page."""
ROW_OVERHEAD = 5.5
"""Pixels a row takes beside its lanes: room above and below the bars, and the line."""


def lane_height(chart: ChainChart, page: str) -> float:
    """Height of a lane: on a wall chart as large as lets all chains stand on one page."""
    sheet = SHEETS[page]
    if not sheet.one_page or not chart.chains:
        return sheet.lane
    fits = []
    for half in halves(chart.chains):
        total = sum(max(lanes(chain.steps), default=0) + 1 for chain in half)
        fits.append((page_area(page)[1] - sheet.head - ROW_OVERHEAD * len(half)) / total)
    return max(SMALLEST_LANE, min(sheet.lane, *fits))


def halves(chains: Sequence[Chain]) -> list[Sequence[Chain]]:
    """The chains in one column, or in two of the same length."""
    if len(chains) < HALVES_FROM:
        return [chains]
    middle = -(-len(chains) // 2)
    return [chains[:middle], chains[middle:]]


def print_chains(
    chart: ChainChart,
    title: Text,
    *,
    page: str = "a3-landscape",
    issuer: Text = "",
    data_date: dt.date | None = None,
) -> bytes:
    """PDF of a chain chart; the head repeats on every page, a row never breaks.

    ``page`` is one of ``a3-landscape``, ``a1-landscape``, ``a0-landscape``. 120 chains of ten steps
    stand on one A0 sheet.
    """
    sheet = SHEETS[page]
    columns = halves(chart.chains) if sheet.one_page else [chart.chains]
    width = page_area(page)[0] * sheet.share
    if len(columns) == 2:
        width *= (1 - GAP) / 2
    lane = lane_height(chart, page)
    font = lane * 0.58
    # As image files, not inline: WeasyPrint then leaves nine thousand elements out of its cascade, which
    # takes a third of the time off a wall chart.
    files = {"axis.svg": axis_svg(chart.scale, width, font=max(font, 16.0) if sheet.one_page else font + 1)}
    for number, chain in enumerate(chart.chains, start=1):
        files[f"{number}.svg"] = row_svg(chain, chart.scale, width, lane, font)
    context = {
        "title": title,
        "issuer": issuer,
        "chart": chart,
        "one_page": sheet.one_page,
        # A row of one lane decides how large the names beside the bars may be.
        "text_size": round(min(22.0, (lane + 4) / 1.3), 2),
        "columns": list(_numbered(columns)),
    }
    drawn: dict[str, bytes | Path] = {name: text.encode() for name, text in files.items()}
    return render_pdf("ui/print_chains.html", context, page=page, data_date=data_date, files=drawn)


def _numbered(columns: list[Sequence[Chain]]) -> Iterator[list[tuple[int, Chain]]]:
    """The chains of each column with their numbers, which run on."""
    begun = 1
    for part in columns:
        yield list(enumerate(part, start=begun))
        begun += len(part)
