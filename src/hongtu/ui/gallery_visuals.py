"""Made-up charts, chains and maps of the gallery. The numbers follow a rule, not chance."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hongtu.ui import charts, maps
from hongtu.ui.chain_svg import Chain, ChainChart, Step, Timescale
from hongtu.ui.charts_risk import risk_curve
from hongtu.ui.charts_tradeoff import Choice, tradeoff
from hongtu.ui.formats import grouped, lateness
from hongtu.ui.status import Status
from hongtu.ui.widgets import PositionField

TODAY = dt.date(2025, 4, 25)
OUTLINE = {
    "type": "Polygon",
    "coordinates": [
        [
            [115.83, 28.75],
            [115.88, 28.77],
            [115.90, 28.72],
            [115.88, 28.66],
            [115.87, 28.60],
            [115.84, 28.55],
            [115.79, 28.54],
            [115.77, 28.60],
            [115.80, 28.65],
            [115.81, 28.70],
            [115.83, 28.75],
        ]
    ],
}


def chain_chart(rows: int = 12, steps: int = 10, year: int = 2025, printed: bool = False) -> ChainChart:
    """A chart of any size; the gallery shows twelve rows, the bench a hundred and twenty."""
    return ChainChart(
        _("示例年度链条图"),
        [_chain(n, steps, year) for n in range(rows)],
        Timescale.year(year, TODAY.replace(year=year)),
        columns=[_("单位"), _("年度计划")],
        identifier="printed-chains" if printed else "sample-chains",
        unit=_("万元"),
        move_dialog="move-step",
    )


def _chain(number: int, steps: int, year: int) -> Chain:
    names = [
        _("备案"),
        _("用地"),
        _("规划许可"),
        _("施工许可"),
        _("桩基"),
        _("主体结构"),
        _("封顶"),
        _("内外装饰"),
        _("联合验收"),
        _("移交"),
    ]
    start = dt.date(year, 1, 3) + dt.timedelta(days=(number * 17) % 40)
    today = TODAY.replace(year=year)
    drawn: list[Step] = []
    worst = Status.NORMAL
    for at in range(steps):
        length = 14 + (number * 7 + at * 11) % 24
        finish = start + dt.timedelta(days=length)
        slip = (number * 5 + at * 3) % 13 - 9
        status = Status.DONE if finish < today else Status.NOT_DUE
        if start <= today <= finish:
            status = (Status.NORMAL, Status.WARNING, Status.LATE)[number % 3]
            worst = status
        if number % 5 == 4 and at == steps - 3:
            status = Status.EXCUSED
        detail = lateness(slip) if status is Status.LATE and slip > 0 else ""
        drawn.append(
            Step(
                names[at % len(names)],
                start,
                finish,
                status,
                planned_finish=finish - dt.timedelta(days=slip) if slip > 0 else finish,
                critical=(number + at) % 4 == 0,
                detail=detail,
                key=f"{number}-{at}",
                movable=True,
            )
        )
        start = finish - dt.timedelta(days=6 if (number + at) % 6 == 0 else -1)
    return Chain(
        _("示例事项") + f" {number + 1:03d}",
        drawn,
        (_("示例单位") + f" {number % 4 + 1}", grouped(6000 + number * 613)),
        worst,
        lateness(6) if worst is Status.LATE else "",
        "#chains",
        str(number),
    )


def _tradeoff() -> charts.Chart:
    days = [TODAY + dt.timedelta(days=3 * n) for n in range(31)]
    return tradeoff(
        _("费用与完成日期"),
        [
            Choice(_("不采取办法"), 0, days[30], False),
            Choice(_("方案%d") % 1, 120_000, days[22], False),
            Choice(_("方案%d") % 2, 310_000, days[12], True),
        ],
        days[14],
        identifier="tradeoff-chart",
    )


def _charts() -> dict[str, charts.Chart]:
    months = [_("%(month)d月") % {"month": m} for m in range(1, 13)]
    plan = [round(275_670 * (m / 12) ** 1.4) for m in range(1, 13)]
    done = [round(p * 0.96) if m < 4 else None for m, p in enumerate(plan)]
    meant = [None if m < 3 else round(p * (0.96 - m * 0.004)) for m, p in enumerate(plan)]
    fields = [_("第一领域"), _("第二领域"), _("第三领域"), _("第四领域"), _("第五领域")]
    days = [TODAY.replace(month=8, day=1) + dt.timedelta(days=3 * n) for n in range(41)]
    return {
        "bars": charts.bar(
            _("各领域年度完成率"),
            fields,
            [charts.Series(_("完成率"), [0.33, 0.28, 0.35, 0.41, 0.22], urls=["#table"] * 5)],
            identifier="bars-chart",
            horizontal=True,
            share=True,
        ),
        "curve": charts.s_curve(
            _("年度投资"),
            months,
            plan,
            done,
            forecast=meant,
            identifier="curve-chart",
            unit=_("万元"),
            today=months[3],
        ),
        "stack": charts.bar(
            _("各单位事项状态"),
            [_("甲"), _("乙"), _("丙"), _("丁")],
            [
                charts.Series(_("正常"), [12, 9, 14, 7], Status.NORMAL),
                charts.Series(_("预警"), [3, 2, 1, 4], Status.WARNING),
                charts.Series(_("滞后"), [1, 0, 2, 3], Status.LATE),
            ],
            identifier="stack-chart",
            stacked=True,
        ),
        "tornado": charts.tornado(
            _("完工日受何影响"),
            [
                charts.Influence(_("用地交付"), 190, 241),
                charts.Influence(_("雨季"), 204, 226),
                charts.Influence(_("招标"), 206, 219),
                charts.Influence(_("设计变更"), 208, 231),
            ],
            210,
            identifier="tornado-chart",
            unit=_("天"),
        ),
        "risk": risk_curve(
            _("完工日的把握"),
            [(day, (n / 40) ** 2 * (3 - 2 * n / 40)) for n, day in enumerate(days)],
            [(_("承诺"), days[14]), ("P80", days[28])],
            identifier="risk-chart",
        ),
    }


def _map() -> maps.MapView:
    states = list(Status)
    places = [
        maps.Place(
            _("示例事项") + f" {n + 1:02d}",
            maps.point(115.80 + (n * 37 % 80) / 1000, 28.58 + (n * 53 % 150) / 1000),
            states[n % 6],
            lateness(n) if states[n % 6] is Status.LATE else "",
            "#table",
            str(n),
        )
        for n in range(40)
    ]
    road = {"type": "LineString", "coordinates": [[115.80, 28.60], [115.84, 28.63], [115.86, 28.68]]}
    places.append(maps.Place(_("示例道路"), road, Status.WARNING, url="#table"))
    return maps.MapView(_("示例地图"), places, OUTLINE, identifier="sample-map")


class PickerForm(forms.Form):
    """A form with a position."""

    place = PositionField(label=gettext_lazy("位置"), help_text=gettext_lazy("可在图上点，也可直接填写"))


def picker() -> PickerForm:
    """The form with a position set and an outline to set it in."""
    form = PickerForm(initial={"place": ("point", "wgs84", "115.845000,28.660000")})
    form.fields["place"].widget.outline = OUTLINE
    form.fields["place"].widget.shapes = True
    return form


def context() -> dict[str, Any]:
    """Everything drawn in the gallery."""
    return {
        **_charts(),
        "tradeoff": _tradeoff(),
        "chains": chain_chart(),
        "places": _map(),
        "picker": picker(),
    }
