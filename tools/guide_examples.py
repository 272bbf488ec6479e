"""Writes the example guides of `examples/`: one matter as Word (a table with labels on the left), as Word in
headed paragraphs, as PDF of both, and a workbook with a guide a row. Fictional; marked 示例.

    python tools/guide_examples.py
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
NAME = "电动自行车充电设施安装申请"
FACTS = (
    ("事项名称", NAME),
    ("事项类型", "公共服务"),
    ("实施主体", "沙井街道办事处（示例）"),
    ("行使层级", "乡镇街道级"),
    ("服务对象", "自然人、物业服务企业"),
    ("办件类型", "承诺件"),
    ("法定办结时限", "20个工作日"),
    ("承诺办结时限", "7个工作日"),
    ("特别程序", "现场勘验3个工作日，不计入承诺时限"),
    ("受理条件", "1.小区已建成交付；\n2.安装位置不占用消防车通道、疏散通道；\n3.已征得物业和相邻业主同意。"),
    ("办理形式", "窗口办理、网上办理"),
    ("到办事现场次数", "1"),
    ("是否进驻政务大厅", "是"),
    ("办理地点", "沙井街道便民服务中心（示例），3号综合窗口，红谷滩区沙井街道绿茵路示例1号一楼"),
    ("办理时间", "周一至周五9:00—12:00，13:30—17:00（法定节假日除外）"),
    ("是否支持预约", "是"),
    ("是否支持物流快递", "否"),
    ("是否网办", "是"),
    ("网办地址", "https://example.gov.cn/charging"),
    ("是否网上支付", "否"),
)
MATERIALS = (
    ("序号", "材料名称", "材料类型", "份数", "材料必要性", "来源渠道", "说明"),
    ("1", "充电设施安装申请表", "原件", "1", "必要", "申请人自备", "窗口领取或网上下载"),
    ("2", "申请人居民身份证", "原件", "1", "必要", "政府部门核发", "可出示电子证照，免提交"),
    ("3", "相邻业主同意书", "原件", "1", "必要", "申请人自备", ""),
    ("4", "安装位置示意图", "原件和复印件", "2", "可容缺后补", "申请人自备", "手绘即可，标明尺寸"),
)
STEPS = (
    "1.申请：带材料到窗口或网上提交",
    "2.受理（当场）：核对材料，缺什么一次性告知",
    "3.现场勘验（3个工作日内）：会同消防、供电踏勘",
    "4.决定（3个工作日内）：作出是否同意的意见",
    "5.送达（1个工作日内）：短信通知，窗口领取",
)
REST = (
    ("设定依据", "《江西省消防条例》（示例，以现行有效版本为准）"),
    ("是否收费", "不收费"),
    ("审批结果名称", "安装意见书"),
    ("审批结果类型", "批文"),
    ("咨询方式", "0791-0000 0101（示例）"),
    ("监督投诉方式", "12345"),
    ("注意事项", "同意书要写明房号和联系电话，漏写会退回补正。"),
    ("生效日期", "2025-06-01"),
)
LAID_OUT = (
    ("一", "受理条件"),
    ("二", "申请材料"),
    ("三", "办理流程"),
    ("四", "办理时限"),
    ("五", "收费标准"),
)


def word_table(path: Path) -> None:
    """Labels on the left, contents on the right, the materials as rows of the same table."""
    document = _document(f"{NAME}办事指南（示例）")
    table = document.add_table(rows=0, cols=8)
    table.style = "Table Grid"
    for label, text in FACTS:
        _pair(table, label, text)
    first = len(table.rows)
    for row in MATERIALS:
        cells = table.add_row().cells
        for cell, text in zip(cells[1:], row, strict=True):
            cell.text = text
    merged = table.cell(first, 0).merge(table.cell(len(table.rows) - 1, 0))
    merged.text = "申请材料"
    _pair(table, "办理流程", "\n".join(STEPS))
    for label, text in REST:
        _pair(table, label, text)
    document.save(str(path))


def word_paragraphs(path: Path) -> None:
    """Headings with ordinals, contents below; the materials as a numbered list."""
    facts, rest = dict(FACTS), dict(REST)
    document = _document(f"{NAME}办事指南")
    document.add_paragraph(f"实施主体：{facts['实施主体']}")
    document.add_paragraph(f"服务对象：{facts['服务对象']}")
    contents = {
        "受理条件": facts["受理条件"].splitlines(),
        "申请材料": [
            f"{r[0]}.{r[1]}（{r[2]}{r[3]}份，{r[4]}{'，' + r[6] if r[6] else ''}）" for r in MATERIALS[1:]
        ],
        "办理流程": STEPS,
        "办理时限": ["法定20个工作日，承诺7个工作日。"],
        "收费标准": ["不收费。"],
    }
    for ordinal, label in LAID_OUT:
        document.add_paragraph(f"{ordinal}、{label}")
        for line in contents[label]:
            document.add_paragraph(line)
    for ordinal, label, text in (
        ("六", "办理地点", facts["办理地点"]),
        ("七", "办理时间", facts["办理时间"]),
        ("八", "咨询电话", rest["咨询方式"]),
        ("九", "特别提醒", rest["注意事项"]),
    ):
        document.add_paragraph(f"{ordinal}、{label}")
        document.add_paragraph(text)
    document.save(str(path))


def _document(title: str) -> Any:
    from docx import Document

    document = Document()
    document.add_heading(title, level=0)
    return document


def _pair(table: Any, label: str, text: str) -> None:
    cells = table.add_row().cells
    cells[0].text = label
    cells[1].merge(cells[-1]).text = text


def pdf_table(path: Path) -> None:
    """The table as PDF, with its ruling lines, over two pages."""
    from django.utils.html import escape

    def row(label: str, text: str) -> str:
        lines = "<br>".join(escape(line) for line in text.splitlines())
        return f"<tr><th>{label}</th><td colspan=7>{lines}</td></tr>"

    materials = ""
    for number, cells in enumerate(MATERIALS):
        head = f"<th rowspan={len(MATERIALS)}>申请材料</th>" if number == 0 else ""
        materials += f"<tr>{head}{''.join(f'<td>{escape(c)}</td>' for c in cells)}</tr>"
    body = "".join(row(*pair) for pair in FACTS) + materials
    body += row("办理流程", "\n".join(STEPS)) + "".join(row(*pair) for pair in REST)
    _pdf(path, f"<h1>{NAME}办事指南（示例）</h1><table>{body}</table>")


def pdf_paragraphs(path: Path) -> None:
    """The headed paragraphs as PDF, out of the Word file's text."""
    from django.utils.html import escape
    from docx import Document

    words = [p.text for p in Document(str(EXAMPLES / "guide-paragraphs.docx")).paragraphs]
    body = "".join(f"<p>{escape(text)}</p>" for word in words[1:] for text in word.splitlines())
    _pdf(path, f"<h1>{escape(words[0])}</h1>{body}")


def _pdf(path: Path, body: str) -> None:
    from hongtu.ui.print import html_to_pdf

    style = """@page { size: A4; margin: 20mm; @bottom-center { content: '第' counter(page) '页'; } }
    body { font-size: 11pt; } h1 { font-size: 16pt; text-align: center; }
    table { border-collapse: collapse; width: 100%; }
    th, td { border: 0.5pt solid #000; padding: 3pt; text-align: left; vertical-align: top; }
    th { width: 20%; }"""
    head = '<meta charset=utf-8><link rel="stylesheet" href="/static/ui/print.css">'
    html = f"<html lang=zh-CN><head>{head}<style>{style}</style></head>{body}</html>"
    path.write_bytes(html_to_pdf(html))


def workbook(path: Path) -> None:
    """A guide a row, as departments keep them."""
    from openpyxl import Workbook

    facts, rest = dict(FACTS), dict(REST)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "办事指南（示例）"
    sheet.append(["事项名称", "实施主体", "受理条件", "申请材料", "承诺办结时限", "是否收费", "咨询电话"])
    sheet.append(
        [
            NAME,
            facts["实施主体"],
            facts["受理条件"],
            "身份证；申请表",
            "7个工作日",
            "不收费",
            rest["咨询方式"],
        ]
    )
    sheet.append(
        [
            "旧衣回收点设置申请",
            "沙井街道办事处（示例）",
            "不占用公共绿地",
            "申请表",
            "即办",
            "不收费",
            "12345",
        ]
    )
    book.save(str(path))


def main() -> None:
    """Write all of them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hongtu.site.settings")
    import django

    django.setup()
    word_table(EXAMPLES / "guide-table.docx")
    word_paragraphs(EXAMPLES / "guide-paragraphs.docx")
    pdf_table(EXAMPLES / "guide-table.pdf")
    pdf_paragraphs(EXAMPLES / "guide-paragraphs.pdf")
    workbook(EXAMPLES / "guides-list.xlsx")


if __name__ == "__main__":
    main()
