"""What the components say, in HTML."""

import datetime as dt
import re

import pytest
from django import forms
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation

from hongtu.ui.components import Cell, Column, Pages, Progress, Row, Table
from hongtu.ui.status import Status, look
from hongtu.ui.widgets import PositionField


def rendered(source: str, **context: object) -> str:
    return Template("{% load ui_tags ui_format %}" + source).render(Context(context))


@pytest.fixture(autouse=True)
def _chinese():
    with translation.override("zh-hans"):
        yield


@pytest.mark.parametrize("key", list(Status))
def test_a_status_is_a_shape_and_a_word(key: Status) -> None:
    html = rendered("{% status key %}", key=key)
    assert look(key).path in html
    assert str(look(key).word) in re.sub(r"<[^>]+>", "", html)


def test_shapes_of_statuses_differ_without_colour() -> None:
    assert len({look(key).path for key in Status}) == len(Status)


def test_an_unknown_status_is_refused() -> None:
    with pytest.raises(ValueError, match="purple"):
        rendered('{% status "purple" %}')


def test_lateness_does_not_repeat_the_word_of_the_status() -> None:
    text = re.sub(r"<[^>]+>", "", rendered('{% status "late" detail %}', detail="滞后 4 个工作日"))
    assert text.count("滞后") == 1
    assert "4 个工作日" in text


def test_text_of_records_is_escaped_everywhere() -> None:
    evil = "<script>alert(1)</script>"
    table = Table(evil, [Column(evil, frozen=True)], [Row([Cell(evil, url="/x?a=1&b=2")])])
    html = rendered(
        "{% data_table table %}{% status 'normal' evil %}{% panel evil %}{{ evil }}{% endpanel %}"
        "{% figure evil evil %}{% button evil %}{% empty evil %}",
        table=table,
        evil=evil,
    )
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_table_totals_stand_above_the_rows_and_numbers_are_marked_as_numbers() -> None:
    table = Table(
        "台账",
        [Column("名称", frozen=True), Column("金额", "number")],
        [Row(["甲", "1,000"])],
        totals=["合计", "1,000"],
        unit="万元",
    )
    html = rendered("{% data_table table %}", table=table)
    assert html.index("合计") < html.index("甲")
    assert '<td class="number">1,000</td>' in html
    assert "单位：万元" in html
    assert '<th scope="row" class="text frozen">' in html


def test_table_without_rows_says_so() -> None:
    html = rendered("{% data_table table %}", table=Table("台账", [Column("名称")], [], empty="没有记录"))
    assert "没有记录" in html
    assert "<table" not in html


def test_row_with_a_wrong_number_of_cells_is_an_error() -> None:
    table = Table("台账", [Column("名称"), Column("金额")], [Row(["甲"])])
    with pytest.raises(ValueError, match="argument"):
        table.lines()


def test_pages_keep_the_filters_and_offer_the_neighbours() -> None:
    pages = Pages(3, 241, 50, {"unit": "a", "page": "3"})
    html = rendered("{% pagination pages %}", pages=pages)
    assert "第 101–150 条，共 241 条" in html
    assert 'href="?unit=a&amp;page=4" rel="next"' in html
    assert html.count('aria-current="page"') == 1
    assert [n for n, _url in Pages(10, 5000).links] == [1, 0, 8, 9, 10, 11, 12, 0, 100]


def test_one_page_needs_no_pagination() -> None:
    assert rendered("{% pagination pages %}", pages=Pages(1, 50)).strip() == ""


class SampleForm(forms.Form):
    name = forms.CharField(label="名称", help_text="不超过40字")
    amount = forms.DecimalField(label="金额", required=False)


def test_a_fault_is_said_at_the_top_and_beside_its_field() -> None:
    form = SampleForm({"name": "", "amount": "x"})
    html = rendered("{% form_errors form %}{% form_fields form %}", form=form)
    summary, fields = html.split('class="form-grid"')
    assert 'href="#id_name"' in summary and 'href="#id_amount"' in summary
    assert 'aria-invalid="true"' in fields
    described = re.search(r'<input[^>]*name="name"[^>]*aria-describedby="([^"]+)"', fields)
    assert described
    for target in described[1].split():
        assert f'id="{target}"' in fields


def test_every_field_has_its_label() -> None:
    html = rendered("{% form_fields form %}", form=SampleForm())
    assert 'for="id_name"' in html and 'id="id_name"' in html
    assert "选填" in html


def test_a_running_job_asks_again_and_a_finished_one_does_not() -> None:
    running = rendered("{% progress job %}", job=Progress("导入", 30, 100, poll_url="/p"))
    finished = rendered("{% progress job %}", job=Progress("导入", 100, 100, poll_url="/p", done=True))
    assert 'hx-get="/p"' in running and "30%" in running
    assert "hx-get" not in finished


def test_an_unknown_kind_of_button_is_refused() -> None:
    with pytest.raises(TemplateSyntaxError, match="pink"):
        rendered('{% button "x" kind="pink" %}')


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ 1234567.5|wan }}", "1,234,568"),
        ("{{ 16557000|yi }}", "1,655.70"),
        ("{{ 16557000|money }}", "1,655.70亿元"),
        ("{{ 320|money }}", "320万元"),
        ("{{ 0.874|percent }}", "87.4%"),
        ("{{ 4|lateness }}", "滞后 4 个工作日"),
        ("{{ 0|lateness }}", "按期"),
        ("{{ none|wan }}", "—"),
        ("{{ 3|due }}", "还有 3 个工作日"),
        ("{{ day|isodate }}", "2025-04-25"),
    ],
)
def test_numbers_money_and_dates(source: str, expected: str) -> None:
    assert rendered(source, none=None, day=dt.date(2025, 4, 25)) == expected


def test_lateness_in_english_has_one_and_many() -> None:
    with translation.override("en"):
        assert rendered("{{ 1|lateness }}") == "Late by 1 working day"
        assert rendered("{{ 4|lateness }}") == "Late by 4 working days"


class PlaceForm(forms.Form):
    place = PositionField(required=False)


def test_a_position_is_read_as_typed() -> None:
    form = PlaceForm({"place": "115.86，28.68", "place-system": "gcj02", "place-kind": "point"})
    assert form.is_valid()
    assert form.cleaned_data["place"].system == "gcj02"
    assert form.cleaned_data["place"].geometry() == {"type": "Point", "coordinates": [115.86, 28.68]}


def test_an_area_closes_itself() -> None:
    form = PlaceForm({"place": "1,2; 3,4; 5,6", "place-kind": "area"})
    assert form.is_valid()
    ring = form.cleaned_data["place"].geometry()["coordinates"][0]
    assert ring[0] == ring[-1] and len(ring) == 4


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("28.68,115.86", "point", "是否写反了"),
        ("hello", "point", "看不懂"),
        ("1,2", "line", "至少要两个点"),
    ],
)
def test_a_faulty_position_says_what_is_wrong(text: str, kind: str, said: str) -> None:
    form = PlaceForm({"place": text, "place-kind": kind})
    assert not form.is_valid()
    assert said in form.errors["place"][0]
    assert text in str(form["place"]), "what was typed stays in the field"
