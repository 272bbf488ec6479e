"""`hongtu plan`: what the schedule engine can do with a file."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hongtu.cli.plan_faces import faces
from hongtu.cli.plan_level import level
from hongtu.cli.plan_risk import risk

if TYPE_CHECKING:
    from hongtu.adapters.schedule_files import ScheduleFile
    from hongtu.engines.schedule.model import ScheduleResult

app = typer.Typer(no_args_is_help=True)


app.command()(level)
app.command()(faces)
app.command()(risk)


@app.callback()
def _plan() -> None:
    """Plan a schedule file."""


@app.command()
def dates(
    file: Annotated[Path, typer.Argument(help="MSPDI .xml, .xer, .pmxml, .mpp or .xlsx")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")] = False,
    oracle: Annotated[
        bool, typer.Option(help="Compare with the dates saved in the file and with MPXJ's scheduler (Java).")
    ] = False,
    project: Annotated[
        str | None, typer.Option(help="Which project, when a Primavera file holds several.")
    ] = None,
) -> None:
    """Early and late start and finish, total and free float in working days, critical: of every activity.

    Dates follow the rules of the program that made the file. Exit code 2: the file is refused.
    """
    from hongtu.cli.schedule_output import print_dates, refuse_schedule, report
    from hongtu.cli.terminal import console, print_json

    with refuse_schedule(as_json):
        from hongtu.adapters.schedule_files import read_schedule

        with console.status(f"{file.name} …"):
            document = read_schedule(file, project=project)
            from hongtu.adapters.schedule_files.dates import compute_dates

            result = compute_dates(document)
            comparison = _comparison(file, document, result) if oracle else None
        found = report(file, document, result, comparison)
        if as_json:
            print_json(found)
        else:
            print_dates(found)


def _comparison(
    file: Path, document: "ScheduleFile", result: "ScheduleResult"
) -> dict[str, dict[str, object]]:
    from hongtu.adapters.schedule_files.oracle import against_oracle, against_saved, tally

    scheduler, computed = against_oracle(file, document, result)
    found: dict[str, dict[str, object]] = {}
    for name, comparisons in (("saved in the file", against_saved(document, result)), (scheduler, computed)):
        found[name] = {
            "equal": {field: list(counts) for field, counts in tally(comparisons).items()},
            "differences": [
                {"id": c.activity, "field": c.field, "ours": str(c.ours), "theirs": str(c.theirs)}
                for c in comparisons
                if not c.equal
            ],
        }
    return found
