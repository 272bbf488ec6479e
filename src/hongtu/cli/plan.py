"""`hongtu plan`: what the schedule engine can do with a file."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hongtu.cli.plan_faces import faces
from hongtu.cli.plan_level import level
from hongtu.cli.plan_risk import parse_day, risk

if TYPE_CHECKING:
    from datetime import date

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
    due: Annotated[
        str | None, typer.Option(help="Promised date, YYYY-MM-DD: late dates and float count back from it.")
    ] = None,
) -> None:
    """Early and late start and finish, total and free float in working days, critical: of every activity.

    With --due the late dates say how late each activity may be for the promise to hold; negative float says
    by how many working days it is already broken. Dates follow the rules of the program that made the file.
    Exit code 2: the file is refused.
    """
    from hongtu.cli.schedule_output import print_dates, refuse_schedule, report
    from hongtu.cli.terminal import console, print_json

    with refuse_schedule(as_json):
        from hongtu.adapters.schedule_files import read_schedule

        promised = parse_day(due)
        with console.status(f"{file.name} …"):
            document = read_schedule(file, project=project)
            if promised is not None:
                document = planned_back(document, promised)
            from hongtu.adapters.schedule_files.dates import compute_dates

            result = compute_dates(document)
            comparison = _comparison(file, document, result) if oracle else None
        found = report(file, document, result, comparison)
        if as_json:
            print_json(found)
        else:
            print_dates(found)


def planned_back(document: "ScheduleFile", promised: "date") -> "ScheduleFile":
    """The file with its finish promised by a day.

    Microsoft Project knows no must-finish-by: there the last activities get the day as their deadline.
    """
    from dataclasses import replace

    from hongtu.adapters.schedule_files.document import Rules

    network = document.network
    if document.rules is not Rules.MICROSOFT:
        return replace(document, network=replace(network, must_finish_by=promised))
    followed = {relation.predecessor for relation in network.relations}
    activities = [a if a.id in followed else replace(a, deadline=promised) for a in network.activities]
    return replace(document, network=replace(network, activities=activities))


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
