"""Made-up content of the gallery. Nothing here names a business of the district."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from hongtu.ui import formats, gallery_visuals
from hongtu.ui.components import (
    Cell,
    Change,
    Column,
    Crumb,
    Entry,
    Figure,
    NavItem,
    Pages,
    Progress,
    Row,
    Tab,
    Table,
)
from hongtu.ui.gallery_forms import SampleFilter, SampleForm
from hongtu.ui.status import Status

DATA_DATE = dt.date(2025, 4, 25)
CYCLE = (Status.NORMAL, Status.WARNING, Status.LATE, Status.DONE, Status.NOT_DUE, Status.EXCUSED)


def job(step: int) -> Progress:
    """A job at ``step`` percent that asks for itself again."""
    url = f"{reverse('ui:gallery-progress')}?step={step}"
    detail = _("第 %(n)s 行，共 5,000 行") % {"n": formats.grouped(step * 50)}
    return Progress(_("正在导入台账"), step, 100, detail, url, done=step >= 100)


def figures() -> list[Figure]:
    """Headline numbers with a unit, a note, a status."""
    return [
        Figure(_("事项总数"), "241", _("个"), url="#table"),
        Figure(_("总投资"), "1,655.70", _("亿元"), url="#table"),
        Figure(_("年度计划"), "275.67", _("亿元"), _("已完成 33.2%"), url="#table"),
        Figure(_("按期率"), "87.4%", "", "1,049 / 1,200", url="#table"),
        Figure(_("滞后"), "12", _("项"), _("比上周多 2 项"), "#table", Status.LATE),
    ]


def table(request: HttpRequest, rows: int = 18) -> Table:
    """A ledger of eighteen rows with every kind of column."""
    sort = request.GET.get("sort", "")
    columns = [
        Column(_("名称"), "text", "?sort=name#table", "ascending" if sort == "name" else "", frozen=True),
        Column(_("单位")),
        Column(_("年度计划"), "number", "?sort=plan#table", "descending" if sort == "plan" else ""),
        Column(_("累计完成"), "number"),
        Column(_("状态"), "nowrap"),
        Column(_("下一步"), "long"),
        Column(_("到期"), "date", "?sort=due#table"),
    ]
    lines = []
    for n in range(rows):
        state = CYCLE[n % 6]
        late = {Status.LATE: formats.lateness(4 + n), Status.WARNING: formats.due(3)}.get(state, "")
        note = _("先核对材料，再现场踏勘，最后会签。") * (1 + (n % 4) * 2)
        lines.append(
            Row(
                [
                    Cell(_("示例事项") + f" {n + 1:02d}", url=f"#row-{n}"),
                    _("示例单位") + f" {n % 4 + 1}",
                    formats.wan(3000 + 731 * n * (n % 5 + 1)),
                    formats.wan(1200 + 211 * n) if n % 7 else "",
                    Cell(late, status=state),
                    note,
                    formats.isodate(DATA_DATE + dt.timedelta(days=9 * n - 40)),
                ],
                key=str(n),
                selected=n == 2,
            )
        )
    totals = [_("合计"), "", "275,670", "91,502", "", "", ""]
    return Table(
        _("示例台账"),
        columns,
        lines,
        totals,
        _("万元"),
        Pages(3, 241, 50, request.GET.dict()),
        identifier="table",
    )


def history() -> list[Entry]:
    """A history with and without changes."""
    moved = [
        Change(_("计划完成"), "2025-08-31", "2025-09-12"),
        Change(_("理由"), "", _("主体结构验收推迟")),
    ]
    at = dt.datetime(2025, 4, 25, 9, 30, tzinfo=dt.UTC)
    return [
        Entry(at, _("修改日期"), _("示例用户甲"), changes=moved),
        Entry(
            at - dt.timedelta(days=3),
            _("上报进度"),
            _("示例用户乙"),
            _("本月完成 320 万元"),
            status=Status.NORMAL,
        ),
        Entry(at - dt.timedelta(days=21), _("登记"), _("示例用户丙")),
    ]


def faulty_form() -> SampleForm:
    """The sample form as it comes back with faults."""
    form = SampleForm({"name": "", "amount": _("三百"), "kind": "a", "level": "1"})
    form.is_valid()
    return form


def context(request: HttpRequest) -> dict[str, Any]:
    """All the gallery shows."""
    here = request.path
    more = (
        NavItem(_("组件"), here, current=True),
        NavItem(_("图表"), "#charts"),
        NavItem(_("地图"), "#maps"),
    )
    return {
        "navigation": [
            NavItem(_("总览"), "/"),
            NavItem(_("组件库"), here, current=True),
            NavItem(_("更多"), children=more),
        ],
        "breadcrumbs": [Crumb(_("总览"), "/"), Crumb(_("组件库"))],
        "data_date": DATA_DATE,
        "district": _("示例区"),
        "figures": figures(),
        "table": table(request),
        "empty_table": Table(_("空台账"), [Column(_("名称"))], [], empty=_("没有符合条件的记录")),
        "tabs": [
            Tab(_("事实"), "#tabs", current=True),
            Tab(_("链条"), "#tabs", count=10),
            Tab(_("问题"), "#tabs", count=3),
            Tab(_("历史"), "#tabs"),
        ],
        "history": history(),
        "job": job(30),
        "finished_job": Progress(_("导入台账"), 5000, 5000, _("5,000 行已写入"), done=True),
        "blank_form": SampleForm(),
        "faulty_form": faulty_form(),
        "filter": SampleFilter(request.GET),
        **gallery_visuals.context(),
        "watermark_text": _("示例用户甲") + " 2025-04-25 09:30",
    }
