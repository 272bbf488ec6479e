"""`hongtu plan`: what the schedule engine can do with a file."""

import typer

app = typer.Typer(no_args_is_help=True)
