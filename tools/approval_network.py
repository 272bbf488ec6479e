"""Writes docs/reference/approval-network.md: approvals of six project types planned back from a permit date.

    python tools/approval_network.py [--check]

Reads what the product ships (the standard profile's approvals.csv, approvals_check.csv and calendar.csv).
`--check` writes nothing and exits with 1 when the page is not what would be written.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from hongtu.domains.projects.rules.risk import approval_rows, approval_type  # noqa: E402
from hongtu.engines.schedule.approvals import (  # noqa: E402
    Matter,
    NominalPath,
    approval_network,
    load_matters,
    nominal_path,
)
from hongtu.engines.schedule.backward import BackwardPlan, plan_backward  # noqa: E402
from hongtu.engines.schedule.calendars import Calendar  # noqa: E402
from hongtu.engines.schedule.model import OwnerKind  # noqa: E402

PROFILE = ROOT / "src/hongtu/site/profiles/standard"
PAGE = ROOT / "docs/reference/approval-network.md"
PERMIT = date(2026, 9, 30)
BEGIN = date(2025, 1, 2)  # the calendar is published for 2025 and 2026
TYPES = {
    "government_building": "政府投资房建 · government building",
    "road": "市政道路 · road",
    "commercial_building": "企业房建（出让）· commercial building",
    "industry": "企业工业（出让）· industry",
    "renovation": "小型装修改造 · renovation",
    "water_farmland": "农林水利 · water and farmland",
}
CHECKED = (
    *("type", "matters", "relations", "days to permit", "path", "departments' working days"),
    *("days after works", "path after works"),
)
EXPLAINED = ("type", "begin by", "calendar days", "published", "weeks", "festivals")
PARTIES = {
    OwnerKind.OWNER: "建设单位 owner",
    OwnerKind.DEPARTMENT: "审批部门 departments",
    OwnerKind.STATUTORY: "法定公示等待 fixed by law",
    OwnerKind.CONTRACTOR: "中介机构 intermediaries",
}
OWNED = ("type", *PARTIES.values(), "等工作日 waiting for a working day")


@dataclass(frozen=True)
class Type:
    """One project type: the published row, ours by the same rule of thumb, and two real calendars."""

    name: str
    published: dict[str, str]
    before: NominalPath
    after: NominalPath
    weeks: BackwardPlan
    real: BackwardPlan


def rows_of(name: str) -> list[dict[str, str]]:
    with (PROFILE / name).open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def planned(matters: Sequence[Matter], letter: str, until: str, calendar: Calendar) -> BackwardPlan:
    """Planned back from the permit date, then begun on the last day on which it still can be kept."""
    network = approval_network(matters, letter, BEGIN, calendar, until=until)
    plan = plan_backward(network, {until: PERMIT})
    last = min(step.latest_start for step in plan.steps).date()
    return plan_backward(approval_network(matters, letter, last, calendar, until=until), {until: PERMIT})


def types() -> list[Type]:
    matters = load_matters(approval_rows(rows_of("approvals.csv")))
    days = rows_of("calendar.csv")
    real = Calendar.statutory(
        "2025-2026",
        holidays=[date.fromisoformat(d["date"]) for d in days if d["kind"] == "holiday"],
        make_up_days=[date.fromisoformat(d["date"]) for d in days if d["kind"] == "make_up"],
    )
    weeks = Calendar.statutory("weeks")
    found = []
    for row in rows_of("approvals_check.csv"):
        letter = approval_type(row["project_type"])
        until, end = row["path"].split()[-1], row["path_after"].split()[-1]
        found.append(
            Type(
                TYPES[row["project_type"]],
                row,
                nominal_path(matters, letter, until),
                nominal_path(matters, letter, end, since="C02"),
                planned(matters, letter, until, weeks),
                planned(matters, letter, until, real),
            )
        )
    return found


def span(plan: BackwardPlan) -> int:
    """Calendar days from the first step's start to the permit, both days counted."""
    first = min(plan.result.start_day(step.activity.id) for step in plan.steps)
    return (PERMIT - first).days + 1


def path_of(plan: BackwardPlan) -> list[str]:
    return list(dict.fromkeys(link.activity.id.split(".")[0] for link in reversed(plan.chain)))


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def verdict(published: str, ours: str) -> str:
    return f"{ours} ✓" if published == ours else f"**{ours}** ≠ {published}"


def checked(kind: Type) -> list[str]:
    row, before, after = kind.published, kind.before, kind.after
    return [
        kind.name,
        verdict(row["matters"], str(before.matters)),
        verdict(row["relations"], str(before.relations)),
        verdict(row["calendar_days"], str(before.calendar_days)),
        verdict(row["path"], " ".join(before.path)),
        verdict(f"{float(row['government_days']):g}", f"{before.government_days:g}"),
        verdict(row["calendar_days_after"], str(after.calendar_days)),
        verdict(row["path_after"], " ".join(after.path)),
    ]


def explained(kind: Type) -> list[object]:
    nominal, weeks, real = kind.before.calendar_days, span(kind.weeks), span(kind.real)
    first = min(kind.real.result.start_day(step.activity.id) for step in kind.real.steps)
    return [kind.name, first, real, nominal, f"{weeks - nominal:+d}", f"{real - weeks:+d}"]


def owned(kind: Type) -> list[object]:
    totals = dict.fromkeys(PARTIES, 0.0)
    for share in kind.real.shares:
        totals[share.owner.kind] += share.calendar_days
    whole = [round(totals[party]) for party in PARTIES]
    return [kind.name, *whole, span(kind.real) - sum(whole)]


def another_path(kind: Type) -> list[str]:
    """Where the chain that decides on the real calendar is not the published one."""
    real, published = path_of(kind.real), kind.published["path"].split()
    if real == published:
        return [kind.name, "相同 the same", ""]
    left = [code for code in published if code not in real]
    came = [code for code in real if code not in published]
    return [kind.name, " ".join(real), f"−{' '.join(left) or '—'} +{' '.join(came) or '—'}"]


INTRODUCTION = f"""# 审批网络：从许可日期往回排 · The approval network planned back from a permit date

Written by `python tools/approval_network.py`; do not edit. 由脚本生成，请勿手改。

From the matters, days and calendar that the standard profile ships (示例数据，以本地公布为准).
Each type is planned back from {PERMIT} as the day on which the construction permit must be there
(水利 water: the filing of commencement).

## Equal to the published check · 与公布的关键线路核对

The published figures count a working day as 7/5 of a calendar day and know no festivals. By that
rule ours are the same in every figure (✓):
"""
REAL = f"""
## On the real calendar · 按实际日历倒排

The last day on which the first matter can begin, and how many calendar days that is before the
permit. What differs from the published days has two causes, which add up exactly:

- **weeks**: a step of working days begins and ends on a working day, so that weekends fall where
  they fall instead of as 2/7 of everything; calendar-day steps that end on a weekend wait;
- **festivals**: holidays of {BEGIN.year} and {PERMIT.year}, less the make-up days, within the span.
"""
WHOSE = """
## Whose days · 这些天是谁的

Calendar days on the chain that decides, together as many as in the table above.
"""
DECIDES = """
## The chain that decides · 关键线路

Where two paths are nearly as long, weekends and festivals decide which is the longer. − left, + came.
"""


def page() -> str:
    kinds = types()
    parts = [
        INTRODUCTION,
        table(CHECKED, map(checked, kinds)),
        REAL,
        table(EXPLAINED, map(explained, kinds)),
        WHOSE,
        table(OWNED, map(owned, kinds)),
        DECIDES,
        table(("type", "path on the real calendar", "difference"), map(another_path, kinds)),
    ]
    return "\n".join(parts) + "\n"


def main() -> None:
    text = page()
    if "--check" in sys.argv:
        if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text:
            sys.exit(f"{PAGE.relative_to(ROOT)} is not up to date: python tools/approval_network.py")
        return
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
