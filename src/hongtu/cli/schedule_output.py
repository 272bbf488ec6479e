"""How the dates of a schedule file are told: as JSON, as a table, and refusals in one line."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

from rich.console import Console
from rich.table import Table

from hongtu.adapters.schedule_files import ScheduleFile, ScheduleFileError
from hongtu.cli.terminal import console, print_json
from hongtu.engines.schedule.errors import ScheduleError
from hongtu.engines.schedule.model import ActivityKind, Network, ScheduleResult, to_datetime

MOMENTS = ("early_start", "early_finish", "late_start", "late_finish")


def language() -> str:
    """`zh` in a Chinese environment, else `en`."""
    set_language = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh" if set_language.lower().startswith("zh") else "en"


@contextmanager
def refuse_schedule(as_json: bool) -> Iterator[None]:
    """A refused file ends in its code and one line, and exit code 2; with --json as an object as well."""
    try:
        yield
    except (ScheduleFileError, ScheduleError) as error:
        words = error.text(language()) if isinstance(error, ScheduleFileError) else str(error.message)
        refuse(error.code, words, "" if isinstance(error, ScheduleFileError) else error.remedy, as_json)


def refuse(code: str, words: str, remedy: str, as_json: bool) -> NoReturn:
    """Ends the command with exit code 2."""
    if as_json:
        print_json({"error": {"code": code, "message": words, "remedy": remedy}})
    console.print(f"[bold red]{code}[/]: ", end="")
    console.print(f"{words} {remedy}".strip(), markup=False, highlight=False)
    sys.exit(2)


def report(
    file: Path, document: ScheduleFile, result: ScheduleResult, comparison: object = None
) -> dict[str, Any]:
    """Everything `plan dates` says, as plain data. A finish is the moment after the last worked minute."""
    network = document.network
    by_id = {a.id: a for a in network.activities}
    activities = []
    for at, id in enumerate(result.ids):
        detail = document.detail(id)
        activities.append(
            {
                "id": id,
                "row": detail.row,
                "unique_id": detail.unique_id or id,
                "name": by_id[id].name,
                "kind": str(by_id[id].kind),
                "start": _iso(result.shown_start[at]),
                "finish": _iso(result.shown_finish[at]),
                **{name: _iso(getattr(result, name)[at]) for name in MOMENTS},
                "total_float_days": round(float(result.total_float_days[at]), 4),
                "free_float_days": round(float(result.free_float_days[at]), 4),
                "critical": bool(result.critical[at]),
            }
        )
    found: dict[str, Any] = {
        "file": file.name,
        "format": str(document.format),
        "rules": str(document.rules),
        "program": document.program,
        "project": network.name,
        "project_start": _iso(result.project_start),
        "project_finish": _iso(result.project_finish),
        "data_date": None if network.data_date is None else network.data_date.isoformat(),
        "activities": activities,
        "remarks": [{"code": r.code, "place": r.place, "text": r.text} for r in document.remarks],
        "caveats": list(result.caveats),
        "contradictions": _contradictions(network, result),
    }
    if comparison is not None:
        found["comparison"] = comparison
    return found


def _contradictions(network: Network, result: ScheduleResult) -> list[dict[str, Any]]:
    """The smallest sets of dates and relations that cannot hold together."""
    dated = network.must_finish_by or any(a.constraints or a.deadline for a in network.activities)
    if not dated and not (result.total_float_days < 0).any():
        return []
    from hongtu.engines.schedule.contradictions import contradictions

    return [
        {"activities": list(c.activities), "lower": c.lower, "upper": c.upper, "message": c.message}
        for c in contradictions(network, limit=5)
    ]


def _iso(minutes: Any) -> str:
    return to_datetime(minutes).isoformat(timespec="minutes")


def print_dates(found: dict[str, Any]) -> None:
    """The table on standard output, remarks on standard error."""
    whole_days = all(a[name].endswith("T00:00") for a in found["activities"] for name in MOMENTS)
    zh = language() == "zh"
    headers = (
        ("编号", "名称", "最早开始", "最早完成", "最迟开始", "最迟完成", "总时差", "自由时差", "关键")
        if zh
        else (
            "id",
            "name",
            "early start",
            "early finish",
            "late start",
            "late finish",
            "total",
            "free",
            "critical",
        )
    )
    title = (
        f"{found['project'] or found['file']}  {found['project_start'][:10]} … {found['project_finish'][:10]}"
    )
    table = Table(title=title, title_justify="left")
    for number, header in enumerate(headers):
        table.add_column(header, justify="right" if number in (6, 7) else "left", no_wrap=number != 1)
    for activity in found["activities"]:
        moments = [_shown(activity, name, whole_days) for name in MOMENTS]
        amounts = [f"{activity[name]:g}" for name in ("total_float_days", "free_float_days")]
        critical = ("■ 关键" if zh else "■ critical") if activity["critical"] else ""
        style = "red" if activity["critical"] else None
        table.add_row(activity["id"], activity["name"], *moments, *amounts, critical, style=style)
    out = Console() if sys.stdout.isatty() else Console(width=180)
    out.print(table)
    for remark in found["remarks"]:
        console.print(f"{remark['code']}: {remark['place']}: {remark['text']}", markup=False, highlight=False)
    for caveat in found["caveats"]:
        console.print(caveat, markup=False)
    for contradiction in found["contradictions"]:
        console.print(f"schedule.impossible: {contradiction['message']}", markup=False, highlight=False)
    for name, compared in (found.get("comparison") or {}).items():
        equal = ", ".join(f"{field} {a}/{b}" for field, (a, b) in compared["equal"].items())
        console.print(f"{name}: {equal or '-'}", markup=False, highlight=False)
        for d in compared["differences"][:20]:
            console.print(
                f"  {d['id']} {d['field']}: {d['ours']} | {d['theirs']}", markup=False, highlight=False
            )


def _shown(activity: dict[str, Any], name: str, whole_days: bool) -> str:
    """A moment for people: plans in whole days show days, and a finish at midnight is the day before."""
    moment = datetime.fromisoformat(activity[name])
    if not whole_days:
        return f"{moment:%Y-%m-%d %H:%M}"
    begins = datetime.fromisoformat(activity[name.replace("finish", "start")])
    at_end = activity["kind"] == ActivityKind.FINISH_MILESTONE
    if at_end or (name.endswith("finish") and moment > begins):
        moment -= timedelta(days=1)
    return f"{moment:%Y-%m-%d}"
