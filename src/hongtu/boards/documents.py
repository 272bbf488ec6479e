"""What leaves the screen: the A3 ledger, the A0 wall chart, the monthly report in Word."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from hongtu.boards import wall
from hongtu.domains.projects import queries as projects
from hongtu.domains.projects import rules, vocab
from hongtu.domains.projects.panels import bars
from hongtu.kernel.people.models import Person
from hongtu.kernel.profile.models import District
from hongtu.ui.chain_svg import Chain as ChainRow
from hongtu.ui.chain_svg import ChainChart, Timescale
from hongtu.ui.formats import grouped, lateness, percent, wan, yi
from hongtu.ui.official_docx import Block, Imprint, OfficialDocument, official_docx
from hongtu.ui.print_chains import print_chains
from hongtu.ui.status import Status

PAGES = ("a3-landscape", "a1-landscape", "a0-landscape")


def chain_pdf(by: Person, condition: Q, page: str, district: District, today: date) -> bytes:
    """All chains of the filtered key projects on paper, in the order of the ledger.

    `page` is one of PAGES; on A0 and A1 everything stands on one sheet, A3 repeats its head.
    """
    rows = list(
        projects.projects(by).filter(condition, key_project=True).order_by("sequence", "pk").values(
            "pk", "name", "light", "days_late", "responsible_unit__name", "leader__name", "annual_plan",
            "done_this_year",
        )
    )  # fmt: skip
    steps = projects.bars_of([r["pk"] for r in rows], today.year)
    wall_chart = page != "a3-landscape"

    def cells(row: Any) -> list[str]:
        """A wall chart is read from two metres: one line a project, so only who answers for it."""
        unit, leader = row["responsible_unit__name"], row["leader__name"] or "—"
        return [leader] if wall_chart else [unit, leader, wan(row["annual_plan"]), wan(row["done_this_year"])]

    lines = [
        ChainRow(
            row["name"],
            bars(steps[row["pk"]]),
            cells(row),
            Status(row["light"]),
            lateness(row["days_late"]) if row["days_late"] else "",
        )
        for row in rows
        if row["pk"] in steps
    ]  # fmt: skip
    title = _("%(district)s%(year)s年区重点推进项目年度推进工作链条图") % {
        "district": district.name,
        "year": today.year,
    }
    chart = ChainChart(
        title,
        lines,
        Timescale.year(today.year, today),
        columns=[_("挂点领导")]
        if wall_chart
        else [_("责任单位"), _("挂点领导"), _("年度计划"), _("累计完成")],
        name_heading=_("项目名称"),
        unit="" if wall_chart else _("万元"),
    )
    issuer = _("区重大项目推进中心") + (_("（示例数据）") if district.demonstration else "")
    return print_chains(chart, title, page=page, issuer=issuer, data_date=today)


def monthly_report(by: Person, district: District, today: date) -> bytes:
    """The month's report on major projects as Word, in the layout of GB/T 9704."""
    rows = projects.projects(by).order_by()
    year, month = rules.last_closed_month(today)
    overview, state = _overview(rows, month, today)
    blocks = [
        Block("heading1", _("一、总体情况")),
        Block("text", overview),
        Block("text", state),
        Block("heading1", _("二、各领域投资完成情况")),
        Block("table", rows=_fields(rows), widths=(0.34, 0.16, 0.25, 0.25)),
        Block("heading1", _("三、滞后项目")),
        Block("table", rows=_late(rows), widths=(0.42, 0.22, 0.36)),
        Block("heading1", _("四、下一步工作")),
        Block("text", _("请各责任单位对照年度推进工作链条图，对滞后事项逐项写明原因、措施和新的完成日期。")),
    ]
    if district.demonstration:
        blocks.append(Block("text", _("（本报告为示例数据，以本地公布为准。）")))
    title = _("%(district)s%(year)s年%(month)s月重大项目推进情况通报") % {
        "district": district.name,
        "year": year,
        "month": month,
    }
    issue = _("%(year)s年第%(month)s期") % {"year": year, "month": month}
    return _circular(title, issue, blocks, district, today)


def _circular(title: str, issue: str, blocks: list[Block], district: District, today: date) -> bytes:
    """The centre's circular: red head, number of the issue, imprint."""
    office = _("%s重大项目推进中心") % district.name
    return official_docx(
        OfficialDocument(
            title=title,
            blocks=blocks,
            letterhead=office,
            number=issue,
            signer=office,
            date=today,
            imprint=Imprint(office, today, _("区委、区政府办公室，各责任单位，各街道（镇）")),
        )
    )


def _overview(rows: Any, month: int, today: date) -> tuple[str, str]:
    """The two paragraphs of the whole district: its figures until the end of `month`, its lights."""
    found = projects.sums(rows.values("pk"), today=today)
    done = found["done_this_year_wan"] / (found["annual_plan_wan"] or 1)
    lights = dict(rows.values_list("light").annotate(n=Count("pk")))
    overview = _(
        "截至%(date)s，全区共推进重大项目%(projects)s个，总投资%(total)s亿元，年度计划投资%(plan)s亿元；"
        "1—%(month)s月累计完成投资%(done)s亿元，占年度计划的%(share)s。区重点推进项目%(key)s个，"
        "链条事项%(steps)s项，到期%(due)s项，按期完成%(kept)s项。"
    ) % {
        "date": f"{today:%Y-%m-%d}",
        "projects": grouped(found["projects"]),
        "total": yi(found["total_investment_wan"]),
        "plan": yi(found["annual_plan_wan"]),
        "month": month,
        "done": yi(found["done_this_year_wan"]),
        "share": percent(done),
        "key": grouped(found["key_projects"]),
        "steps": grouped(found["chain_steps"]),
        "due": grouped(found["steps_due"]),
        "kept": grouped(found["steps_kept"]),
    }
    state = _("亮灯情况：正常%(normal)s个，预警%(warning)s个，滞后%(late)s个。") % {
        name: lights.get(name, 0) for name in ("normal", "warning", "late")
    }
    return overview, state


def _fields(rows: Any) -> list[list[str]]:
    head = [_("领域"), _("项目数"), _("年度计划（亿元）"), _("累计完成（亿元）")]
    found = {
        r["kind"]: r
        for r in rows.values("kind").annotate(
            n=Count("pk"), plan=Sum("annual_plan"), done=Sum("done_this_year")
        )
    }
    lines = [
        [
            _(kind.label),
            grouped(found[kind.value]["n"]),
            yi(found[kind.value]["plan"] or Decimal(0)),
            yi(found[kind.value]["done"] or Decimal(0)),
        ]
        for kind in vocab.Kind
        if kind.value in found
    ]
    return [head, *lines]


def _late(rows: Any) -> list[list[str]]:
    head = [_("项目名称"), _("责任单位"), _("原因")]
    late = rows.filter(light="late").annotate(severity=wall.SEVERITY).order_by("-days_late", "sequence")
    lines = [
        [r["name"], r["responsible_unit__name"], str(r["light_reason"])]
        for r in late.values("name", "responsible_unit__name", "light_reason")[:60]
    ]
    return [head, *(lines or [[_("无"), "—", "—"]])]
