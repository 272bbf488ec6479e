"""The major-project ledger as an office keeps it: title rows, merged header, sections, a totals row."""

from pathlib import Path

from hongtu.domains.projects import queries
from hongtu.kernel.people.models import Person
from hongtu.kernel.profile.models import District
from hongtu.ledger.declaration import find
from hongtu.ledger.sheets.office_style import OfficeStyle, write_office_workbook
from hongtu.ledger.spec import import_spec

KEYS = (
    "name",
    "project_code",
    "kind",
    "type",
    "key_project",
    "investment_subject",
    "nature",
    "subdistrict",
    "site",
    "scale",
    "land_area_mu",
    "floor_area",
    "total_investment",
    "annual_plan",
    "done_before_year",
    "done_this_year",
    "planned_start",
    "actual_start",
    "planned_finish",
    "actual_finish",
    "owner",
    "responsible_unit",
    "leader",
    "service_officer",
    "stage",
    "progress",
)


def write(target: Path, by: Person, district: District) -> int:
    """Write the ledger of everything `by` may read; the number of rows. Money stands in 亿元 for the
    total and 万元 for the rest, dates in every form people use: the import has to cope."""
    ledger = find("projects")
    if ledger is None:
        raise LookupError("the projects ledger is not registered")
    rows = [
        {key: getattr(project, key) for key in KEYS} for project in queries.projects(by).order_by("sequence")
    ]
    for row in rows[10::8]:  # what the office learnt since: importing the file changes these rows only
        row["progress"] = f"{row['progress']}；5月上旬更新（示例）"[:200]  # not for translation: data
    style = OfficeStyle(
        title=f"{district.name}2025年重大重点项目推进情况表（示例）",  # not for translation: data
        office=f"{district.name}重大项目推进中心（示例）",  # not for translation: data
        period=f"{district.data_date:%Y年%m月%d日}" if district.data_date else "",  # not for translation: x
        notes=("注：1. 人员、企业均为虚构；2. 金额以万元计，总投资以亿元计。",),  # not for translation: data
        units={"total_investment": "亿元"},  # not for translation: data
        date_form="mixed",
        keys=KEYS,
    )
    write_office_workbook(target, import_spec(ledger, by), rows, style)
    return len(rows)
