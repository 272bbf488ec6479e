"""A ranking as Excel and as an official document (GB/T 9704)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hongtu.domains.assessment.rules import Score
from hongtu.domains.assessment.views.common import DOCX, XLSX, number, signed
from hongtu.domains.assessment.vocab import Standing
from hongtu.kernel.profile.models import District, district
from hongtu.ledger.sheets import SheetColumn, SheetSpec, View, write_xlsx
from hongtu.ledger.sheets.columns import Kind
from hongtu.ledger.spec import both, language
from hongtu.ui.official_docx import Block, Imprint, OfficialDocument, official_date, official_docx


@dataclass(frozen=True)
class Sheet:
    """What both documents say beside the lines. number, digest: of a published ranking."""

    title: str
    subject: str
    scheme: str
    on: date
    known: str
    lines: Sequence[Score]
    number: str = ""
    digest: str = ""
    published: date | None = None


def _answer(content: bytes, kind: str, name: str) -> HttpResponse:
    disposition = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": disposition})


def excel(sheet: Sheet) -> HttpResponse:
    """The table as shown: rank, unit, total, standing, items with what they count, adjustments, excuses."""
    columns = [
        _column("rank", gettext_lazy("名次"), "integer"),
        _column("name", gettext_lazy("单位"), width=34),
        _column("total", gettext_lazy("得分"), "decimal"),
        _column("standing", gettext_lazy("评定")),
    ]
    for item in sheet.lines[0].items if sheet.lines else ():
        head = f"{item.title}（{number(item.points)}）"
        counted = gettext_lazy("%(title)s：完成/应计/剔除免责后应计")
        columns += [
            SheetColumn(key=f"{item.key}.got", zh=head, en=head, kind="decimal", decimal_places=2),
            _column(f"{item.key}.tally", counted, title=item.title),
        ]
    columns += [
        _column("adjustment", gettext_lazy("加减分"), "decimal"),
        _column("excused", gettext_lazy("免责（条）"), "integer"),
        _column("veto", gettext_lazy("一票否决")),
    ]
    filters = [
        (_("考核对象"), sheet.subject),
        (_("考核办法"), sheet.scheme),
        (_("考核截止日"), sheet.on.isoformat()),
        (_("所知截至"), sheet.known),
    ]
    if sheet.number:
        filters += [(_("文号"), sheet.number), ("SHA-256", sheet.digest)]
    target = io.BytesIO()
    view = View(filters=filters, count=len(sheet.lines), language=language(), frozen_key="name")
    spec = SheetSpec(name="ranking", columns=tuple(columns), zh=sheet.title, en=sheet.title)
    write_xlsx(target, spec, (_row(line) for line in sheet.lines), view)
    return _answer(target.getvalue(), XLSX, f"{sheet.title}.xlsx")


def _column(
    key: str, text: Any, kind: Kind = "text", *, width: float | None = None, title: str = ""
) -> SheetColumn:
    chinese, english = (words % {"title": title} if title else words for words in both(text))
    return SheetColumn(key=key, zh=chinese, en=english, kind=kind, width=width, decimal_places=2)


def _row(line: Score) -> dict[str, Any]:
    def decimal(value: float | None) -> Decimal | None:
        return None if value is None else Decimal(str(value))

    row: dict[str, Any] = {
        "rank": line.rank,
        "name": line.name,
        "total": decimal(line.total),
        "standing": _(Standing(line.standing).label),
        "adjustment": decimal(line.adjustment),
        "excused": line.excused,
        "veto": line.veto,
    }
    for item in line.items:
        found = item.tally
        row[f"{item.key}.got"] = decimal(item.got)
        row[f"{item.key}.tally"] = (
            f"{number(found.value)}/{number(found.whole)}/{number(found.narrow)}" if found.rows else ""
        )
    return row


def word(sheet: Sheet) -> HttpResponse:
    """The circular: basis, ranking, who was excused and vetoed. Chinese in every language."""
    with translation.override("zh-hans"):
        found = district()
        content = official_docx(
            OfficialDocument(
                title=sheet.title,
                number=sheet.number or _("（未公布，按%(known)s所知测算）") % {"known": sheet.known},
                letterhead=_("%s重大项目推进中心") % (found.name if found else ""),
                blocks=_blocks(sheet, found),
                signer=_("%s重大项目推进中心") % (found.name if found else ""),
                date=sheet.published or sheet.on,
                imprint=_imprint(sheet, found),
            )
        )
    return _answer(content, DOCX, f"{sheet.title}.docx")


def _imprint(sheet: Sheet, found: District | None) -> Imprint | None:
    """Who gets a copy and when it was printed; a ranking that was not published has neither."""
    if sheet.published is None:
        return None
    office = _("%s重大项目推进中心") % (found.name if found else "")
    return Imprint(office, sheet.published, _("区委、区政府办公室，各被考核单位"))


HEADS = ("名次", "单位", "得分", "评定", "免责", "加减分")  # not for translation: official document


def _blocks(sheet: Sheet, found: District | None) -> list[Block]:
    ranked = [line for line in sheet.lines if line.rank is not None]
    rows = [
        (str(s.rank), s.name, f"{s.total or 0:.2f}", _(Standing(s.standing).label), str(s.excused or ""),
         signed(s.adjustment) if s.adjustment else "")
        for s in ranked
    ]  # fmt: skip
    opening = _("依据《%(scheme)s》，对%(subject)s截至%(on)s的工作进行考核，现将结果通报如下。") % {
        "scheme": sheet.scheme,
        "subject": sheet.subject,
        "on": official_date(sheet.on),
    }
    blocks = [
        Block("text", opening),
        Block("heading1", _("一、名次")),
        Block("table", rows=[HEADS, *rows], widths=(0.1, 0.4, 0.14, 0.14, 0.1, 0.12)),
        Block("heading1", _("二、说明")),
        Block(
            "text",
            _("得分按办法所列各项折算为百分制；经批准的免责事项不计入分母，免责前后的应计数均可查阅。"),
        ),
    ]
    blocks += [
        Block("text", _("%(unit)s因弄虚作假（%(what)s）被一票否决。") % {"unit": s.name, "what": s.veto})
        for s in sheet.lines
        if s.veto
    ]
    left = "、".join(s.name for s in sheet.lines if s.standing is Standing.UNRANKED)
    if left:
        blocks.append(Block("text", _("适用分值不足，不参加排名：%(units)s。") % {"units": left}))
    if sheet.digest:
        blocks.append(Block("text", _("名次数据摘要（SHA-256）：%(digest)s") % {"digest": sheet.digest}))
    if found and found.demonstration:
        blocks.append(Block("text", _("（本通报为示例数据，以本地公布为准。）")))
    return blocks
