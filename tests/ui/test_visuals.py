"""Charts, chain charts and maps: what is drawn is also a table."""

import datetime as dt
import json
import xml.etree.ElementTree as ET

import pytest
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from hongtu.ui import charts, gallery_visuals, maps
from hongtu.ui.chain_svg import (
    Chain,
    ChainChart,
    Step,
    Timescale,
    axis_svg,
    fitted,
    lanes,
    row_svg,
    text_width,
)
from hongtu.ui.charts_risk import probability_by, risk_curve
from hongtu.ui.status import Status, look

YEAR = Timescale.year(2025, dt.date(2025, 4, 25))
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(autouse=True)
def _chinese():
    with translation.override("zh-hans"):
        yield


def step(first: int, last: int, **more: object) -> Step:
    begin = dt.date(2025, 1, 1)
    return Step("主体结构", begin + dt.timedelta(first), begin + dt.timedelta(last), **more)  # type: ignore[arg-type]


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(
        svg if "xmlns" in svg else svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    )


@pytest.mark.parametrize("chart", gallery_visuals._charts().values(), ids=str)
def test_every_chart_is_json_and_carries_its_table(chart: charts.Chart) -> None:
    assert json.loads(json.dumps(chart.option))["series"]
    assert chart.table.rows
    assert len(chart.table.lines()) == len(chart.table.rows)
    assert chart.option["tooltip"]["renderMode"] == "richText", "HTML tooltips break the content policy"


def test_a_chart_tag_holds_option_and_table() -> None:
    html = Template("{% load ui_visuals %}{% chart chart %}").render(
        Context({"chart": gallery_visuals._charts()["bars"]})
    )
    assert 'id="bars-chart-option" type="application/json"' in html
    assert "33.0%" in html and "<table" in html


def test_tornado_puts_the_widest_first_and_tells_deviations() -> None:
    chart = charts.tornado(
        "影响", [charts.Influence("小", 9, 11), charts.Influence("大", 5, 20)], 10, identifier="t"
    )
    assert chart.option["yAxis"]["data"] == ["大", "小"]
    assert chart.option["series"][0]["data"] == [-5, -1]
    assert chart.option["series"][1]["data"] == [10, 1]


def test_probability_is_read_off_the_curve() -> None:
    first = dt.date(2025, 8, 1)
    curve = [(first, 0.0), (first + dt.timedelta(10), 0.5), (first + dt.timedelta(20), 1.0)]
    assert probability_by(curve, first + dt.timedelta(5)) == pytest.approx(0.25)
    assert probability_by(curve, first - dt.timedelta(1)) == 0
    assert probability_by(curve, first + dt.timedelta(99)) == 1


def test_markers_on_one_day_share_a_line_and_close_ones_stand_in_steps() -> None:
    first = dt.date(2025, 8, 1)
    curve = [(first + dt.timedelta(n), n / 100) for n in range(101)]
    promised = first + dt.timedelta(50)
    marks = [("承诺", promised), ("P80", promised), ("P95", promised + dt.timedelta(3))]
    chart = risk_curve("r", curve, marks, identifier="r", after=[(first, 0.5), (promised, 1.0)])
    lines = chart.option["series"][0]["markLine"]["data"]
    assert [line["name"] for line in lines] == ["承诺、P80 50%", "P95 53%"]
    assert lines[0]["label"]["distance"] != lines[1]["label"]["distance"]
    assert [series["lineStyle"]["type"] for series in chart.option["series"]] == ["solid", "dashed"]
    assert len(chart.table.columns) == 4


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 60)), max_size=25))
def test_steps_in_one_lane_never_overlap(spans: list[tuple[int, int]]) -> None:
    steps = [step(first, first + length) for first, length in spans]
    placed = lanes(steps)
    for i, one in enumerate(steps):
        for j, other in enumerate(steps):
            if i < j and placed[i] == placed[j]:
                assert one.finish < other.start or other.finish < one.start


@given(st.text(max_size=30), st.floats(0, 200))
def test_fitted_text_fits(text: str, width: float) -> None:
    cut = fitted(text, width, 11)
    assert cut == "" or text_width(cut.rstrip("…"), 11) <= width


def test_a_bar_says_its_status_by_shape_and_word_and_lies_at_its_dates() -> None:
    late = step(0, 364, status=Status.LATE, detail="滞后 4 个工作日")
    root = parsed(row_svg(Chain("示例", [late]), YEAR, 1000))
    bar = root.find(f"{SVG}rect")
    assert bar is not None and bar.get("x") == "0.00" and bar.get("width") == "1000.00"
    fluid = row_svg(Chain("示例", [late]), YEAR)
    assert "<title>主体结构 · 2025-01-01 – 2025-12-31 · 滞后 4 个工作日</title>" in fluid
    assert look(Status.LATE).path in fluid
    assert 'aria-label="示例：滞后 1"' in fluid


def test_today_stands_where_today_is() -> None:
    scale = Timescale(dt.date(2025, 1, 1), dt.date(2025, 1, 10), dt.date(2025, 1, 6))
    assert 'x1="50.000%"' in row_svg(Chain("示例", []), scale)
    assert "今日 01-06" in axis_svg(scale)


def test_steps_outside_the_year_are_left_out_of_the_drawing_but_not_of_the_table() -> None:
    outside = Step("去年的", dt.date(2024, 1, 1), dt.date(2024, 2, 1))
    chart = ChainChart("图", [Chain("示例", [outside, step(3, 9)])], YEAR)
    assert "去年的" not in chart.rows()[0][1]
    assert len(chart.table().rows) == 2


@given(st.text(alphabet="<>&\"'甲a", max_size=8))
def test_chain_drawings_are_well_formed_whatever_the_names(name: str) -> None:
    chain = Chain(name, [Step(name, dt.date(2025, 2, 1), dt.date(2025, 9, 1), url="/?a=1&b=2", key=name)])
    parsed(row_svg(chain, YEAR))
    parsed(row_svg(chain, YEAR, 900))


def test_the_drawing_grows_in_proportion_to_the_rows() -> None:
    one = sum(len(svg) for _c, svg in gallery_visuals.chain_chart(10).rows())
    ten = sum(len(svg) for _c, svg in gallery_visuals.chain_chart(100).rows())
    assert ten < 12 * one


def test_a_chain_chart_page_has_the_table_or_leads_to_it() -> None:
    source = Template("{% load ui_visuals %}{% chain_chart chart %}")
    chart = gallery_visuals.chain_chart(2)
    assert 'id="sample-chains-table"' in source.render(Context({"chart": chart}))
    elsewhere = ChainChart(chart.label, chart.chains, chart.scale, table_url="/steps/")
    html = source.render(Context({"chart": elsewhere}))
    assert 'href="/steps/"' in html and "sample-chains-table" not in html


def test_a_map_knows_where_everything_is_and_says_so_in_a_table() -> None:
    area = {"type": "Polygon", "coordinates": [[[1, 1], [3, 1], [3, 3], [1, 3], [1, 1]]]}
    view = maps.MapView(
        "图", [maps.Place("甲", area, Status.WARNING, url="/a"), maps.Place("乙", maps.point(5, 6))]
    )
    data = json.loads(json.dumps(view.data()))
    assert [f["status"] for f in data["features"]] == ["warning", "normal"]
    assert data["tiles"] == "", "no tile is fetched unless the operator names a server"
    cells = [[cell.text for _column, cell in line] for _row, line in view.table().lines()]
    assert cells[1][2:] == ["5.00000", "6.00000"]


def test_tiles_come_from_the_server_the_operator_names(settings) -> None:
    settings.HONGTU_TILE_URL = "https://tiles.example/{z}/{x}/{y}.png"
    assert maps.MapView("图", []).data()["tiles"].startswith("https://tiles.example")
