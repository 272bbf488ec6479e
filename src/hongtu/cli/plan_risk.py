"""`hongtu plan risk`: chances and dates of a schedule file under uncertain durations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from hongtu.adapters.schedule_files import ScheduleFile
    from hongtu.adapters.schedule_files.document import ThreePoints
    from hongtu.engines.schedule.model import Activity, Network
    from hongtu.engines.schedule.risk import Pert, RiskModel, RiskResult

CAUSE = "common"


def risk(
    file: Annotated[Path, typer.Argument(help="MSPDI .xml, .xer, .pmxml, .mpp or .xlsx")],
    runs: Annotated[int, typer.Option(help="Runs at most.", min=1)] = 10_000,
    seed: Annotated[int, typer.Option(help="Seed: the same seed draws the same futures.")] = 1,
    tolerance: Annotated[
        float | None, typer.Option(help="Stop early once P80 is known to so many working days.", min=0.0)
    ] = None,
    early: Annotated[float, typer.Option(help="Optimistic duration as a multiple of the planned.")] = 0.9,
    late: Annotated[float, typer.Option(help="Pessimistic duration as a multiple of the planned.")] = 1.5,
    correlation: Annotated[
        float, typer.Option(help="Correlation between any two durations.", min=0.0, max=1.0)
    ] = 0.2,
    due: Annotated[
        str | None, typer.Option(help="Promised date, YYYY-MM-DD; else the file's must-finish-by.")
    ] = None,
    project: Annotated[
        str | None, typer.Option(help="Which project, when a Primavera file holds several.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")] = False,
) -> None:
    """P(on time), P50, P80, P95, criticality and the tornado of FILE.

    A workbook may have columns of three-point durations (乐观工期, 最可能工期, 悲观工期; optimistic, most
    likely, pessimistic): they are used as they are. Every other unfinished activity is given a PERT spread
    from --early to --late times its planned duration, and the output says so. Exit code 2: the file is
    refused.
    """
    from hongtu.cli.schedule_output import refuse_schedule
    from hongtu.cli.terminal import print_json

    with refuse_schedule(as_json):
        from hongtu.adapters.schedule_files import read_schedule
        from hongtu.engines.schedule.risk import RiskSettings, assess_risk

        document = read_schedule(file, project=project)
        promised = parse_day(due)
        model = model_of(document, early, late, correlation, promised)
        with _progress(runs) as step:
            result = assess_risk(model, RiskSettings(runs, seed, tolerance), step)
        spread = {"early": early, "late": late, "correlation": correlation}
        found = told(file, model, result, spread, len(estimated(document)))
        if as_json:
            print_json(found)
        else:
            _print(found)


def parse_day(text: str | None) -> Any:
    """A promised date as typed; None for none."""
    from datetime import date

    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a date; write YYYY-MM-DD", param_hint="--due") from None


def estimated(document: ScheduleFile) -> dict[str, ThreePoints]:
    """Three-point durations of activities that can still take more or less time."""
    unfinished = {a.id for a in document.network.activities if a.actual_finish is None}
    return {id: points for id, points in document.estimates.items() if id in unfinished}


def model_of(document: ScheduleFile, early: float, late: float, correlation: float, due: Any) -> RiskModel:
    """Three points where the file has them, else PERT from `early` to `late` times the planned duration; one
    common cause."""
    from hongtu.engines.schedule.risk import Pert, Promise, RiskModel, Uncertainty

    causes = {CAUSE: correlation**0.5} if correlation else {}
    network, own = document.network, estimated(document)
    uncertain = []
    for activity in network.activities:
        if points := own.get(activity.id):
            uncertain.append(Uncertainty(activity.id, _pert(activity, points, network), causes))
        elif days := _planned_days(activity, network):
            low, high = min(early, 1.0) * days, max(late, 1.0) * days
            uncertain.append(Uncertainty(activity.id, Pert(low, days, high), causes))
    promise = Promise(network.name or "project", due or network.must_finish_by)
    return RiskModel(network, uncertain, promises=(promise,))


def _pert(activity: Activity, points: ThreePoints, network: Network) -> Pert:
    """Three points in days of the activity's own unit."""
    from hongtu.engines.schedule.model import Unit
    from hongtu.engines.schedule.risk import Pert

    calendar = network.calendar(activity.calendar)
    day = 1440 if activity.duration.unit is Unit.CALENDAR_DAY else calendar.minutes_per_day
    whole = (points.optimistic, points.most_likely, points.pessimistic)
    return Pert(*(duration.in_minutes(calendar) / day for duration in whole))


def _planned_days(activity: Activity, network: Network) -> float:
    """Planned duration in days of the activity's unit; 0 where nothing is uncertain any more."""
    from hongtu.engines.schedule.model import ActivityKind, Unit

    if activity.kind is not ActivityKind.TASK or activity.actual_finish is not None:
        return 0.0
    calendar = network.calendar(activity.calendar)
    day = 1440 if activity.duration.unit is Unit.CALENDAR_DAY else calendar.minutes_per_day
    return activity.duration.in_minutes(calendar) / day


def told(
    file: Path, model: RiskModel, result: RiskResult, spread: dict[str, float], own: int
) -> dict[str, Any]:
    """Everything said, as plain data. Dates are the last day of work."""
    promise = result.promises[0]
    return {
        "file": file.name,
        "project": promise.name,
        "runs": result.runs,
        "seed": result.seed,
        "converged": result.converged,
        "p80_half_width_days": round(result.half_width_days, 2),
        "estimated_activities": own,
        "assumed": {"distribution": "PERT", **spread, "activities": len(model.uncertainties) - own},
        "due": promise.due,
        "chance_on_time": promise.chance,
        "planned_finish": promise.planned,
        "p50": promise.p50,
        "p80": promise.p80,
        "p95": promise.p95,
        "mean_delay_days": round(promise.mean_delay_days, 2),
        "curve": [[day, round(share, 4)] for day, share in promise.curve()],
        "drivers": [
            {
                "kind": driver.kind.value,
                "id": driver.id,
                "name": driver.name,
                "rank_correlation": round(driver.correlation, 4),
                "low_days": round(driver.low_days, 2),
                "high_days": round(driver.high_days, 2),
                "criticality": None if driver.criticality is None else round(driver.criticality, 4),
            }
            for driver in result.drivers
        ],
        "criticality": {id: round(share, 4) for id, share in result.criticality.items()},
    }


@contextmanager
def _progress(runs: int) -> Iterator[Callable[[int, int, float], None]]:
    """A bar on standard error with the present precision of the P80 date."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from hongtu.cli.terminal import console

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        line = bar.add_task("compiling (first run only)", total=runs)

        def step(done: int, most: int, half_width: float) -> None:
            words = f"{done:,} of {most:,} runs, P80 ± {half_width:.1f} working days"
            bar.update(line, completed=done, description=words)

        yield step


def _print(found: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    out, assumed = Console(), found["assumed"]
    out.print(
        f"{found['project']}: planned {found['planned_finish']}, P50 {found['p50']}, P80 {found['p80']}, "
        f"P95 {found['p95']} ({found['runs']:,} runs, P80 ± {found['p80_half_width_days']} working days)"
    )
    if found["due"]:
        out.print(f"Chance of {found['due']}: {found['chance_on_time']:.0%}")
    if found["estimated_activities"]:
        out.print(f"Three-point durations of the file: {found['estimated_activities']} activities (PERT).")
    if assumed["activities"]:
        out.print(
            f"Assumed, since the file says nothing: PERT {assumed['early']:g} to {assumed['late']:g} times "
            f"the planned duration of {assumed['activities']} activities."
        )
    out.print(f"Correlation assumed between any two durations: {assumed['correlation']:g}.")
    table = Table("what", "rank correlation", "best fifth", "worst fifth", "critical in", title="Tornado")
    for driver in found["drivers"][:15]:
        share = "" if driver["criticality"] is None else f"{driver['criticality']:.0%}"
        days = f"{driver['low_days']:+.1f} d", f"{driver['high_days']:+.1f} d"
        table.add_row(driver["name"], f"{driver['rank_correlation']:.2f}", *days, share)
    out.print(table)
