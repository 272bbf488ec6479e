"""The ledger all sheet tests share, and small helpers to build files people might send."""

from __future__ import annotations

import datetime
import io
import zipfile
from decimal import Decimal
from typing import Any

from openpyxl import Workbook

from hongtu.ledger.sheets import Choice, SheetColumn, SheetSpec

KINDS = (
    Choice("livelihood", "社会民生", "Livelihood", ("民生",)),
    Choice("infrastructure", "城市基础设施", "Infrastructure", ("基础设施",)),
    Choice("mixed", "混合/PPP", "Mixed"),
)

PROJECTS = SheetSpec(
    name="projects",
    zh="重大项目台账",
    en="Major projects",
    sheet_name="台账",
    keys=(("code",), ("name",)),
    columns=(
        SheetColumn(
            key="name",
            zh="项目名称",
            en="Project",
            required=True,
            max_length=100,
            synonyms=("名称", "工程名称"),
        ),
        SheetColumn(
            key="code", zh="项目代码", en="Project code", max_length=30, example="2504-360113-04-01-123456"
        ),
        SheetColumn(key="kind", zh="项目类别", en="Kind", kind="choice", choices=KINDS, synonyms=("类别",)),
        SheetColumn(key="levels", zh="项目级别", en="Levels", kind="choices", choices=KINDS),
        SheetColumn(key="land", zh="用地面积", en="Land", kind="decimal", unit="亩", decimal_places=4),
        SheetColumn(
            key="total",
            zh="总投资",
            en="Total investment",
            kind="money",
            group_zh="投资",
            required=True,
            total=True,
        ),
        SheetColumn(
            key="year_plan",
            zh="年度计划",
            en="Annual plan",
            kind="money",
            group_zh="投资",
            total=True,
            synonyms=("本年计划投资", "2025年计划"),
        ),
        SheetColumn(key="ratio", zh="完成率", en="Done", kind="percent", group_zh="投资"),
        SheetColumn(key="start", zh="开工时间", en="Start", kind="date", synonyms=("计划开工时间",)),
        SheetColumn(key="end", zh="竣工时间", en="Finish", kind="date", month_day="last"),
        SheetColumn(key="period", zh="报告期", en="Period", kind="month"),
        SheetColumn(key="registered", zh="是否入统", en="Registered", kind="boolean"),
        SheetColumn(key="towers", zh="楼栋数", en="Towers", kind="integer"),
        SheetColumn(
            key="owner", zh="建设单位", en="Owner", kind="reference", synonyms=("项目单位", "业主单位")
        ),
        SheetColumn(key="remark", zh="备注", en="Remark", max_length=4000),
    ),
)

SCHOOL: dict[str, Any] = {
    "name": "示例中学",
    "code": "2504-360113-04-01-000001",
    "kind": "livelihood",
    "levels": ("livelihood", "mixed"),
    "land": Decimal("80.5"),
    "total": Decimal("35000"),
    "year_plan": Decimal("12000.5"),
    "ratio": Decimal("41.25"),
    "start": datetime.date(2025, 4, 1),
    "end": datetime.date(2026, 8, 31),
    "period": datetime.date(2025, 5, 1),
    "registered": True,
    "towers": 7,
    "owner": "示例建设公司",
    "remark": "甲、乙两标段\n同步推进",
}
ROAD: dict[str, Any] = {
    "name": "示例大道",
    "code": None,
    "kind": "infrastructure",
    "levels": None,
    "land": None,
    "total": Decimal("8000"),
    "year_plan": Decimal("3000"),
    "ratio": None,
    "start": datetime.date(2025, 1, 15),
    "end": None,
    "period": datetime.date(2025, 5, 1),
    "registered": False,
    "towers": None,
    "owner": None,
    "remark": None,
}


def xlsx(*rows: list[Any], merged: tuple[str, ...] = (), title: str = "台账") -> bytes:
    """A workbook with these rows."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for block in merged:
        sheet.merge_cells(block)
    return saved(workbook)


def saved(workbook: Workbook) -> bytes:
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def repacked(source: bytes, changes: dict[str, bytes | None]) -> bytes:
    """The same archive with parts replaced, added, or (None) left out."""
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(source)) as old,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, content in changes.items():
            if content is not None:
                new.writestr(name, content)
    return result.getvalue()


def part(source: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(source)) as archive:
        return archive.read(name)
