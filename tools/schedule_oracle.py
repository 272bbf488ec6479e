"""Writes docs/reference/schedule-oracle.md: our dates on every real schedule file, against two witnesses.

    python tools/schedule_oracle.py [FOLDER] [--check]

FOLDER defaults to ../shared/data/schedules. Needs Java and the extra `schedules`; takes about a minute. With
--check nothing is written; exit code 1 when a difference has no explanation below.
"""

from __future__ import annotations

import argparse
import fnmatch
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from hongtu.adapters.schedule_files import ScheduleFile, ScheduleFileError, read_schedule  # noqa: E402
from hongtu.adapters.schedule_files.dates import compute_dates  # noqa: E402
from hongtu.adapters.schedule_files.document import SavedDates  # noqa: E402
from hongtu.adapters.schedule_files.java_bridge import oracle_dates  # noqa: E402
from hongtu.adapters.schedule_files.limits import Limits  # noqa: E402
from hongtu.adapters.schedule_files.oracle import (  # noqa: E402
    FIELDS,
    Comparison,
    against_answer,
    against_saved,
    compare_saved,
    tally,
)
from hongtu.engines.schedule.model import ScheduleResult  # noqa: E402

TARGET = ROOT / "docs/reference/schedule-oracle.md"
SUFFIXES = {".xer", ".pmxml", ".xml", ".mpp"}

# (file pattern, activity, fields, witness) -> why.
EXPLANATIONS: list[tuple[str, str, set[str], str, str]] = [
    (
        "*Calendar.xer",
        "A1000",
        {"late_start", "late_finish"},
        "saved",
        "The activity was finished (June 2019) before the data date (2 October 2019). Primavera gives a "
        "finished activity the finish of the whole plan as its late dates; these files were cut out of a "
        "plan that ended on 2020-12-30 (`scd_end_date`), whose other activities are not in the file. "
        "No scheduler can find that date from what is left; MPXJ's agrees with ours.",
    ),
    (
        "task-links-project2019-*",
        "11",
        {"late_start", "late_finish", "total_float"},
        "oracle",
        "A manually scheduled task with a start-finish link. Microsoft Project does not let the link bound "
        "its late dates, as its saved dates show; ours are equal to them. MPXJ's scheduler bounds them.",
    ),
]
EMPTY = "holds no activity (only the project line), so there is nothing to schedule"


@dataclass
class Row:
    """One file and what came of it."""

    name: str
    activities: int
    scheduler: str
    saved: list[Comparison]
    oracle: list[Comparison]
    peer: list[Comparison]
    """The oracle itself against the saved dates."""
    refused: str = ""


def measure(folder: Path) -> list[Row]:
    """All files of the folder."""
    files = [f for f in sorted(folder.iterdir()) if f.suffix in SUFFIXES]
    answers = oracle_dates(files, replace(Limits(), worker_seconds=600))
    rows = []
    for file in files:
        try:
            document = read_schedule(file)
        except ScheduleFileError as refusal:
            rows.append(Row(file.name, 0, "", [], [], [], refusal.code))
            continue
        rows.append(_row(file.name, document, compute_dates(document), answers[file]))
    return rows


def _row(name: str, document: ScheduleFile, result: ScheduleResult, answer: dict[str, Any]) -> Row:
    theirs: dict[str, SavedDates] = {}
    return Row(
        name,
        len(document.network.activities),
        answer["scheduler"],
        against_saved(document, result),
        against_answer(document, result, answer, found=theirs),
        compare_saved(document, theirs),
    )


def explain(row: Row, comparison: Comparison, witness: str) -> str:
    """Why a difference is there; empty when nobody has said."""
    for pattern, activity, fields, seen_by, why in EXPLANATIONS:
        matches = fnmatch.fnmatch(row.name, pattern) and comparison.activity == activity
        if matches and comparison.field in fields and seen_by == witness:
            return why
    return ""


def total(rows: list[Row], which: str) -> dict[str, tuple[int, int]]:
    """Equal and compared values by field over all files."""
    return tally([c for row in rows for c in getattr(row, which)])


def differences(rows: list[Row]) -> list[str]:
    """Every difference under the reason for it."""
    reasons: dict[str, list[str]] = {}
    for row in rows:
        for witness in ("saved", "oracle"):
            for c in getattr(row, witness):
                if not c.equal:
                    who = "saved in the file" if witness == "saved" else row.scheduler
                    field = c.field.replace("_", " ")
                    told = f"{row.name}, {c.activity}, {field}: ours {c.ours}, {who} {c.theirs}"
                    reasons.setdefault(explain(row, c, witness) or "NOT EXPLAINED", []).append(told)
    lines: list[str] = []
    for why, found in reasons.items():
        lines += [why, "", *(f"- {told}" for told in found), ""]
    return lines


def primavera(rows: list[Row]) -> list[str]:
    """Each progressed Primavera file by field, so that no total hides a file: equal of compared values."""
    lines = [
        "## Progressed Primavera files, field by field",
        "",
        "Equal of compared values: saved in the file, then MPXJ's PrimaveraScheduler. The aim is 99.5 % of "
        "every field of every file. It is met against MPXJ in all files, and against the saved dates in all "
        "files but the four named `*Calendar.xer`: of these only one finished activity is left of a larger "
        "plan, whose late dates no scheduler can find (see below). The folder holds no larger progressed "
        "Primavera plan; "
        "what happens in one is shown by 10,000 random networks (`python bench/schedule_oracle.py --full`).",
        "",
        f"| file | {' | '.join(field.replace('_', ' ') for field in FIELDS)} |",
        f"|---|{'---|' * len(FIELDS)}",
    ]
    for row in rows:
        if row.refused or not row.name.endswith((".xer", ".pmxml")):
            continue
        saved, computed = tally(row.saved), tally(row.oracle)
        cells = [
            " · ".join(
                "{}/{}".format(*found[field]) if field in found else "-" for found in (saved, computed)
            )
            for field in FIELDS
        ]
        lines.append(f"| {row.name} | {' | '.join(cells)} |")
    return lines


def page(rows: list[Row]) -> str:
    """The page as Markdown."""
    lines = [
        "# Dates on real schedule files, against two witnesses",
        "",
        "Written by `python tools/schedule_oracle.py`; do not edit. 由脚本生成，请勿手改。",
        "",
        "Every file of the shared schedule folder (MPXJ's test files, saved by real versions of Microsoft "
        "Project and Primavera) is read, scheduled by the rules of the program that made it, and compared "
        "with the dates **saved** in it by that program and with those that **MPXJ's** scheduler for that "
        "kind of file computes. Two moments are equal when no working time lies between them (Friday 17:00 "
        "and Monday 08:00). Slack of a .mpp file is what MPXJ reads out of it.",
        "",
        "## Totals",
        "",
        "| field | ours = saved | MPXJ = saved | ours = MPXJ |",
        "|---|---:|---:|---:|",
    ]
    sums = [total(rows, which) for which in ("saved", "peer", "oracle")]
    for field in FIELDS:
        cells = [f"{s[field][0]}/{s[field][1]}" if field in s else "-" for s in sums]
        lines.append(f"| {field.replace('_', ' ')} | {' | '.join(cells)} |")
    lines += [
        "",
        "## File by file",
        "",
        "| file | activities | values | differ from saved | differ from MPXJ |",
    ]
    lines.append("|---|---:|---:|---:|---:|")
    for row in rows:
        if row.refused:
            lines.append(f"| {row.name} | 0 | `{row.refused}` | - | - |")
            continue
        different = [sum(not c.equal for c in found) for found in (row.saved, row.oracle)]
        lines.append(
            f"| {row.name} | {row.activities} | {len(row.saved)} | {different[0]} | {different[1]} |"
        )
    lines += ["", *primavera(rows)]
    lines += ["", "## Differences, one by one", "", *differences(rows)]
    refused = [row.name for row in rows if row.refused]
    lines += ["", f"Not scheduled, because the file {EMPTY}: {', '.join(refused)}."]
    lines += [
        "",
        "Beyond these files, the test suite exports 40 random plans (links, lags, calendars, constraints, "
        "deadlines, progress) as Microsoft Project XML and finds all 8,000 dates and slacks of MPXJ's "
        "Microsoft scheduler equal to ours. One rule differs on purpose: work with an elapsed duration "
        "begins when its predecessor ends, around the clock; MPXJ moves it to the next working hour. No "
        "file here shows which of the two Microsoft Project does.",
        "",
    ]
    return "\n".join(lines)


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT.parent / "shared/data/schedules")
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    rows = measure(arguments.folder)
    text = page(rows)
    if not arguments.check:
        TARGET.parent.mkdir(parents=True, exist_ok=True)
        TARGET.write_text(text, encoding="utf-8")
    for which in ("saved", "peer", "oracle"):
        print(which, {field: f"{a}/{b}" for field, (a, b) in total(rows, which).items()})
    return 1 if "NOT EXPLAINED" in text else 0


if __name__ == "__main__":
    sys.exit(main())
