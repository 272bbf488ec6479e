"""Charts, chain charts and maps as template tags, and the scripts each needs.

A page with a chart says ``{% block scripts %}{% chart_scripts %}{% endblock %}``; with a map
``{% map_scripts %}``.
"""

from __future__ import annotations

from typing import Any

from django import template

from hongtu.ui.chain_svg import ChainChart
from hongtu.ui.charts import Chart
from hongtu.ui.maps import MapView

register = template.Library()


@register.inclusion_tag("ui/parts/chart.html")
def chart(chart: Chart) -> dict[str, Any]:
    """``{% chart chart %}``: drawing, and the same as a table behind a button."""
    return {"chart": chart, "option_id": f"{chart.identifier}-option"}


@register.inclusion_tag("ui/parts/chain_chart.html")
def chain_chart(chart: ChainChart) -> dict[str, Any]:
    """``{% chain_chart chart %}``: drawn on the server, works without scripts."""
    return {
        "chart": chart,
        "rows": chart.rows(),
        "axis": chart.axis(),
        "table": None if chart.table_url else chart.table(),
    }


@register.inclusion_tag("ui/parts/map.html")
def map_view(map: MapView) -> dict[str, Any]:
    """``{% map_view map %}``: map, and the same places as a table behind a button."""
    return {
        "map": map,
        "data": map.data(),
        "data_id": f"{map.identifier}-data",
        "table": None if map.table_url else map.table(),
    }


@register.inclusion_tag("ui/parts/chart_scripts.html")
def chart_scripts(chains_only: bool = False) -> dict[str, Any]:
    """Scripts of the charts; ``chains_only=True`` leaves out the megabyte that chain charts do not need."""
    return {"chains_only": chains_only}


@register.inclusion_tag("ui/parts/map_scripts.html")
def map_scripts(picker: bool = False) -> dict[str, Any]:
    """Scripts and stylesheet of the maps; ``picker=True`` for a form with a position."""
    return {"picker": picker}
