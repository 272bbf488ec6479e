"""The handbook on paper and as Word."""

import io
from typing import Any

import segno
from django.utils.translation import gettext as _

from hongtu.boards.handbook import Entry, Handbook
from hongtu.boards.handbook_manual import Manual, Node
from hongtu.ui.official_docx import Block, OfficialDocument, official_docx, ordinal
from hongtu.ui.print import render_pdf

PAGES = ("a5", "a4")


def qr_svg(url: str) -> bytes:
    """A QR code of an address as SVG, error correction M."""
    stream = io.BytesIO()
    code = segno.make(url, error="m")
    code.save(stream, kind="svg", scale=4, border=2)
    return stream.getvalue()


def pdf(book: Handbook, page: str, url: str, district: Any) -> bytes:
    """The small book as PDF."""
    context = {"book": book, "project": book.project, "url": url, "district": district}
    return render_pdf(
        "boards/print_handbook.html",
        context,
        page=page,
        data_date=book.today,
        files={"qr.svg": qr_svg(url)},
    )


def word(book: Handbook, district: Any) -> bytes:
    """The handbook as Word: the order with its dates, then each approval."""
    head = [_("序号"), _("事项"), _("责任单位"), _("最迟开始"), _("最迟完成")]
    rows = [[str(e.number), e.guide.matter.name, e.guide.department, *_dates(e)] for e in book.entries]
    words = _("施工许可须于%(day)s前取得，以下日期据此倒排。") % {"day": book.permit_on}
    if book.begun:
        words = _("项目已开工：施工许可及其前置事项请核对补登；验收等后续事项按计划竣工日期顺推。")
    blocks = [
        Block("text", words),
        Block("heading1", _("一、办理顺序与时间")),
        Block("table", rows=[head, *rows], widths=(0.09, 0.39, 0.22, 0.15, 0.15)),
        Block("heading1", _("二、各事项办事指南")),
    ]
    for entry in book.entries:
        blocks += _entry(entry)
    if district and district.demonstration:
        blocks.append(Block("text", _("（示例数据，以本地公布为准。）")))
    officer = book.project.service_officer
    if officer:
        blocks.append(Block("text", _("服务专员：%s") % officer))
    return official_docx(
        OfficialDocument(
            title=_("%s办事手册") % book.project.name,
            blocks=blocks,
            signer=str(district or ""),
            date=book.today,
        )
    )


def _dates(entry: Entry) -> tuple[str, str]:
    """Latest start and finish; of what is done the day, of what lies behind the project nothing."""
    if entry.dated:
        return str(entry.latest_start), str(entry.latest_finish)
    return "—", str(entry.done_on or _("应已办结，请核对补登"))


def _entry(entry: Entry) -> list[Block]:
    guide = entry.guide
    facts = [
        (_("责任单位"), guide.department),
        (_("办理地点"), "；".join(f"{o.name} {o.window} {o.address}" for o in guide.offices.all())),
        (_("首席帮办员"), str(guide.matter.helper or "")),
        (_("咨询电话"), guide.phone),
        (_("承诺时限"), f"{guide.promised_days} {guide.get_day_unit_display()}"),
        (_("设定依据"), guide.basis),
        (_("办理结果"), guide.result),
        (_("常见错误与提醒"), guide.mistakes),
    ]
    blocks = [Block("heading2", f"{entry.number}. {guide.matter.name}")]
    blocks += [Block("text", f"{label}：{value}") for label, value in facts if value]
    papers = [[_("材料"), _("必要性"), _("备齐")]]
    papers += [
        [p.material.name, str(p.material.get_necessity_display()), "☑" if p.done else "☐"]
        for p in entry.papers
    ]
    if entry.papers:
        blocks.append(Block("table", rows=papers, widths=(0.6, 0.2, 0.2)))
    return blocks


def manual_pdf(manual: Manual, page: str, url: str, district: Any) -> bytes:
    """The full-cycle manual as PDF."""
    context = {"manual": manual, "project": manual.project, "url": url, "district": district}
    files = {"qr.svg": qr_svg(url)}
    return render_pdf("boards/print_manual.html", context, page=page, data_date=manual.today, files=files)


def manual_word(manual: Manual, district: Any) -> bytes:
    """The full-cycle manual as Word: each line with its nodes."""
    blocks = []
    for number, line in enumerate(manual.lines, 1):
        blocks.append(Block("heading1", f"{ordinal(number)}、{line.label}"))
        for node in line.nodes:
            blocks += _node_blocks(node)
    if district and district.demonstration:
        blocks.append(Block("text", _("（示例数据，以本地公布为准。）")))
    title = _("%s全周期手册") % manual.project.name
    return official_docx(
        OfficialDocument(title=title, blocks=blocks, signer=str(district or ""), date=manual.today)
    )


def _node_blocks(node: Node) -> list[Block]:
    facts = [
        (_("谁来做"), node.who),
        (_("对接部门"), node.office),
        (_("工作流程"), " → ".join(node.steps)),
        (_("对应审批事项"), "；".join(f"{a.code} {a.name}" for a in node.approvals)),
        (_("注意事项"), "；".join(node.cautions)),
        (_("办结"), str(node.done_on or "")),
    ]
    rows = [[_("类别"), _("内容"), _("完成")]]
    rows += [[_("材料"), item.text, "☑" if item.done_on else "☐"] for item in node.documents]
    rows += [[_("检查"), item.text, "☑" if item.done_on else "☐"] for item in node.checks]
    return [
        Block("heading2", f"{node.code} {node.name}"),
        *(Block("text", f"{label}：{value}") for label, value in facts if value),
        Block("table", rows=rows, widths=(0.15, 0.7, 0.15)),
    ]
