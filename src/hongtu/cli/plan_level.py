"""`hongtu plan level`: least finish under scarce resources, or even use by a held date."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hongtu.cli.terminal import console, print_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hongtu.adapters.schedule_files import ScheduleFile
    from hongtu.engines.schedule.levelling import Limits, Plan, Problem, Progress
    from hongtu.engines.schedule.levelling.network_plan import LevelledNetwork


class Aim(StrEnum):
    """What to make small."""

    FINISH = "finish"
    PEAK = "peak"
    SQUARED_USE = "squared-use"


def level(
    file: Annotated[
        Path, typer.Argument(help="Schedule file (MSPDI, XER, PMXML, MPP, XLSX) or PSPLIB instance.")
    ],
    seconds: Annotated[float, typer.Option(help="Time to search.", min=0.1)] = 10.0,
    workers: Annotated[int, typer.Option(help="Processor cores to use.", min=1)] = 2,
    seed: Annotated[int, typer.Option(help="Seed of the search; the same seed walks the same way.")] = 1,
    schedules: Annotated[
        int | None, typer.Option(help="Stop after so many schedules per worker: repeatable on any machine.")
    ] = None,
    aim: Annotated[
        Aim, typer.Option(help="finish; or peak / squared-use with the finish held.")
    ] = Aim.FINISH,
    hold: Annotated[
        int | None, typer.Option(help="The finish to hold, in time units (PSPLIB files).")
    ] = None,
    resource_calendars: Annotated[
        bool, typer.Option(help="Activities run only while the calendars of their resources do.")
    ] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Result as JSON on standard output.")] = False,
) -> None:
    """Level FILE under its resources: makespan, lower bound, gap, and what every delayed step waits for."""
    from hongtu.cli.schedule_output import refuse, refuse_schedule
    from hongtu.engines.schedule.levelling import LevellingError, Limits

    limits = Limits(seconds=seconds, schedules=schedules, workers=workers, seed=seed)
    with refuse_schedule(as_json):
        try:
            if is_benchmark(file):
                answer = level_benchmark(file, limits, aim, hold)
            elif aim is not Aim.FINISH:
                words = "schedule files are levelled for the finish; --aim is for PSPLIB instances"
                raise typer.BadParameter(words)
            else:
                answer = level_schedule(file, limits, resource_calendars=resource_calendars)
        except LevellingError as error:
            refuse(error.code, str(error), "", as_json)
    if as_json:
        print_json(answer)
    else:
        show(answer)


def is_benchmark(file: Path) -> bool:
    """Whether the file is a PSPLIB or Patterson instance: text that begins with numbers or has their
    headings."""
    if not file.is_file():
        return False
    head = file.read_bytes()[:20_000]
    if b"REQUESTS/DURATIONS" in head or b"PRECEDENCE RELATIONS" in head:
        return True
    words = head.split()[:8]
    return len(words) > 2 and all(word.isdigit() for word in words)


def level_benchmark(file: Path, limits: Limits, aim: Aim, hold: int | None) -> dict[str, Any]:
    """Level a PSPLIB instance; times in its own units."""
    from hongtu.engines.schedule.levelling import Objective, level_use, minimise_finish, read_psplib

    problem: Problem = read_psplib(file)
    with progress(limits.seconds) as report:
        if aim is Aim.FINISH:
            plan = minimise_finish(problem, limits, on_progress=report)
        else:
            plan = level_use(problem, hold, Objective(aim.value), limits, on_progress=report)
    return {**figures(plan), "unit": "time unit", "schedule": plan.starts, "waits": waits(plan)}


def level_schedule(file: Path, limits: Limits, *, resource_calendars: bool = True) -> dict[str, Any]:
    """Level a schedule file under the units of its resources, on its calendars and, unless told otherwise,
    on those of its resources: who is on leave has no capacity."""
    from hongtu.adapters.schedule_files import read_schedule
    from hongtu.adapters.schedule_files.resource_calendars import Staffed, on_resource_calendars
    from hongtu.engines.schedule.cpm import schedule
    from hongtu.engines.schedule.levelling.network_plan import level_network

    read = read_schedule(file)
    staffed = on_resource_calendars(read) if resource_calendars else Staffed(read.network, {}, ())
    demands, capacities = demands_of(read)
    with progress(limits.seconds) as report:
        levelled: LevelledNetwork = level_network(
            staffed.network, demands, capacities, limits, on_progress=report
        )
    result, before = levelled.result, schedule(read.network)
    return {
        **figures(levelled.plan),
        "feasible": levelled.plan.feasible and not levelled.overloads,
        "optimal": levelled.plan.optimal and levelled.exact,
        "unit": f"{levelled.unit_minutes} worked minutes",
        "bound_holds_for_dates": levelled.exact,
        "start": str(min((result.start(name) for name in result.ids), default="")),
        "finish": str(max((result.finish(name) for name in result.ids), default="")),
        "finish_without_resources": str(max((before.finish(name) for name in before.ids), default="")),
        "overloads": list(levelled.overloads),
        "resource_calendars": {name: list(calendars) for name, calendars in staffed.moved.items()},
        "remarks": [{"code": r.code, "place": r.place, "text": r.text} for r in staffed.remarks],
        "schedule": {name: result.start(name).isoformat(sep=" ") for name in result.ids},
        "finishes": {name: result.finish(name).isoformat(sep=" ") for name in result.ids},
        "waits": waits(levelled.plan),
    }


def demands_of(read: ScheduleFile) -> tuple[dict[str, dict[str, float]], dict[str, float]]:
    """Units per activity and work resource, and units there are; what one activity needs alone is always
    there."""
    from hongtu.adapters.schedule_files.document import ResourceKind

    capacities = {r.id: r.units for r in read.resources if r.kind is ResourceKind.WORK and r.units > 0}
    demands: dict[str, dict[str, float]] = {}
    for assignment in read.assignments:
        if assignment.resource in capacities and assignment.units > 0:
            per = demands.setdefault(assignment.activity, {})
            per[assignment.resource] = per.get(assignment.resource, 0.0) + assignment.units
    for per in demands.values():
        for resource, amount in per.items():
            if amount > capacities[resource]:
                console.print(
                    f"Resource {resource}: {capacities[resource]:g} there, but one activity alone needs "
                    f"{amount:g}; {amount:g} is taken as the capacity."
                )
                capacities[resource] = amount
    return demands, capacities


def figures(plan: Plan) -> dict[str, Any]:
    """The numbers of a plan, ready for JSON."""
    return {
        "objective": plan.objective.value,
        "makespan": plan.makespan,
        "value": plan.value,
        "lower_bound": plan.lower_bound,
        "gap": round(plan.gap, 6),
        "optimal": plan.optimal,
        "feasible": plan.feasible,
        "violations": list(plan.violations),
        "seconds": round(plan.seconds, 3),
        "schedules": plan.schedules,
        "seed": plan.seed,
    }


def waits(plan: Plan) -> list[dict[str, Any]]:
    """Every step that its relations and release do not explain: what it waits for, held by whom, until
    when."""
    return [
        {
            "task": wait.task,
            "cause": wait.cause.value,
            "resource": wait.resource,
            "held_by": list(wait.held_by),
            "until": wait.until,
            "delay": wait.delay,
        }
        for wait in plan.waits.values()
        if wait.delay > 0
    ]


@contextmanager
def progress(seconds: float | None) -> Iterator[Callable[[Progress], None]]:
    """A bar on standard error with the best value, bound and gap so far."""
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Bar(*columns, console=console, transient=True) as bar:
        line = bar.add_task("compiling the search (first run only)", total=seconds)

        def report(now: Progress) -> None:
            text = f"{now.stage}: {now.value}, bound {now.lower_bound}, gap {now.gap:.1%}"
            bar.update(line, completed=min(now.seconds, seconds or now.seconds), description=text)

        yield report


def show(answer: dict[str, Any]) -> None:
    """The result in words and a table of what waits for what."""
    from rich.console import Console
    from rich.table import Table

    out = Console()
    proof = "proven optimal" if answer["optimal"] else f"gap {answer['gap']:.1%}"
    out.print(
        f"{answer['objective']} {answer['value']}, lower bound {answer['lower_bound']}, {proof}; makespan "
        f"{answer['makespan']} ({answer['unit']}), {answer['schedules']} schedules in {answer['seconds']} s"
    )
    if "finish" in answer:
        out.print(f"Finish {answer['finish']}; without resource limits {answer['finish_without_resources']}")
    if answer.get("resource_calendars"):
        out.print(f"On the calendars of their resources: {len(answer['resource_calendars'])} activities")
    for remark in answer.get("remarks", ()):
        out.print(f"{remark['code']}: {remark['place']}: {remark['text']}", markup=False, highlight=False)
    for sentence in (*answer["violations"], *answer.get("overloads", ())):
        out.print(f"[bold red]not feasible[/]: {sentence}")
    table = Table("task", "start", "delayed by", "waits for", "held by", title="What waits for what")
    for wait in answer["waits"]:
        table.add_row(
            wait["task"],
            str(answer["schedule"][wait["task"]]),
            str(wait["delay"]),
            wait["resource"] or wait["cause"],
            ", ".join(wait["held_by"]) or wait["cause"],
        )
    out.print(table)
