"""`hongtu plan faces`: conflicts of work faces in a GeoJSON file, and joint schedules for the parties."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from hongtu.engines.schedule.worksite import Answer, WorksiteError


def faces(
    file: Annotated[Path, typer.Argument(help="GeoJSON file of spaces (docs/reference/faces-geojson.md)")],
    as_json: Annotated[bool, typer.Option("--json", help="print JSON on standard output")] = False,
    seconds: Annotated[float, typer.Option(min=0.1, help="time for the joint schedules")] = 10.0,
    workers: Annotated[int, typer.Option(min=1, help="parallel searches")] = 2,
    seed: Annotated[int, typer.Option(help="seed of the search")] = 1,
    conflicts_only: Annotated[bool, typer.Option(help="find conflicts, do not solve them")] = False,
) -> None:
    """Find conflicts of work faces in place and time, and propose joint schedules to their parties."""
    from hongtu.engines.schedule.worksite import Answer, Limits, WorksiteError, find_conflicts, read_scene

    try:
        begun = time.perf_counter()
        scene = read_scene(file)
        read = time.perf_counter()
        if conflicts_only:
            answer = Answer(scene, find_conflicts(scene), [])
        else:
            answer = _plan_with_progress(scene, Limits(seconds=seconds, workers=workers, seed=seed))
        timings = {"read_seconds": read - begun, "plan_seconds": time.perf_counter() - read}
    except WorksiteError as error:
        _refuse(error, as_json)
        raise typer.Exit(2) from None
    if as_json:
        from hongtu.engines.schedule.worksite import report_of

        report = {"file": file.name, **report_of(answer), "timings": _rounded(timings)}
        json.dump(report, sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
    else:
        _print(answer)


def _rounded(timings: dict[str, float]) -> dict[str, float]:
    return {name: round(seconds, 3) for name, seconds in timings.items()}


def _plan_with_progress(scene: Any, limits: Any) -> Answer:
    """Solves with a line of progress on standard error; Ctrl-C ends the search with the best so far."""
    import signal
    from contextlib import suppress
    from dataclasses import replace

    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from hongtu.engines.schedule.worksite import plan

    stopped: list[bool] = []
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("冲突检测 conflicts")

        def show(progress: Any) -> None:
            text = f"联合排程 {progress.stage} {progress.objective:,.0f} ≥ {progress.bound:,.0f}"
            bar.update(task, description=text)

        def stop(*_: object) -> None:
            if stopped:
                raise KeyboardInterrupt
            stopped.append(True)
            bar.update(task, description="停止中 stopping")

        previous = None
        with suppress(ValueError):  # outside the main thread (tests) Ctrl-C keeps its usual meaning
            previous = signal.signal(signal.SIGINT, stop)
        try:
            return plan(scene, replace(limits, on_progress=show, should_stop=lambda: bool(stopped)))
        finally:
            if previous is not None:
                signal.signal(signal.SIGINT, previous)


def _refuse(error: WorksiteError, as_json: bool) -> None:
    if as_json:
        faults = [fault.as_dict() for fault in error.faults]
        json.dump({"error": error.code, "faults": faults}, sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
    for fault in error.faults[:20]:
        typer.echo(str(fault), err=True)
    if len(error.faults) > 20:
        typer.echo(f"… {len(error.faults) - 20} more", err=True)


def _print(answer: Answer) -> None:
    from rich.console import Console
    from rich.table import Table

    from hongtu.engines.schedule.worksite import price

    console, scene = Console(), answer.scene
    table = Table(title=f"冲突 conflicts: {len(answer.conflicts)}")
    for heading in ("类别 class", "空间 spaces", "重叠 overlap", "天 days", "元 yuan"):
        table.add_column(heading)
    for conflict in price(scene, answer.conflicts)[:200]:
        pair = f"{scene.spaces[conflict.first].id} × {scene.spaces[conflict.second].id}"
        first = scene.axis.start_date(conflict.overlap_start)
        last = scene.axis.last_date(conflict.overlap_finish)
        price_yuan = f"{conflict.price_yuan:,}"
        table.add_row(conflict.verdict.value, pair, f"{first} – {last}", str(conflict.price_days), price_yuan)
    console.print(table)
    for cluster in answer.clusters:
        names = ", ".join(scene.projects[number].id for number in cluster.projects)
        table = Table(title=f"联合方案 joint schedules: {names}")
        for heading in ("目标 aim", "元 yuan", "各方损失 losses (days / yuan)", "证明 proof"):
            table.add_column(heading)
        for schedule in cluster.alternatives:
            aim = schedule.aim.value + (f" {schedule.party}" if schedule.party else "")
            losses = ", ".join(f"{loss.project} {loss.days} / {loss.yuan:,}" for loss in schedule.losses)
            proof = "最优 optimal" if schedule.optimal else f"差距 gap {schedule.gap:.1%}"
            table.add_row(aim, f"{schedule.total_yuan:,}", losses, proof)
        console.print(table)
