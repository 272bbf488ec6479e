"""The `hongtu` command. Importing it must stay quick: commands import what they need when they run."""

import typer

from hongtu.cli import house, plan, rooms, search
from hongtu.cli.ask import ask

app = typer.Typer(
    name="hongtu",
    help="宏图 Hongtu: a district's promises, kept. 区级重大项目与民生承诺平台。",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
house.mount(app)
app.command()(ask)
app.add_typer(plan.app, name="plan", help="Plan a schedule file: dates, levelling, risk, work faces.")
app.add_typer(rooms.app, name="rooms", help="Closed rooms: open one, verify its chain.")
app.add_typer(search.app, name="search", help="Search: measure how well passages are found.")


def main() -> None:
    """Entry point of the console script: refusals of the house end in one line and exit code 2."""
    from hongtu.cli.terminal import refuse_in_words

    with refuse_in_words():
        app()
