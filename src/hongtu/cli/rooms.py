"""Closed rooms from the host: open one with its first lead, verify its chain; never their content."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Closed rooms: open one, verify its chain.")


@app.command("open")
def open_room(
    lead: Annotated[str, typer.Argument(help="User name of the discipline lead who runs the room.")],
) -> None:
    """Open the room of family visits and let its first lead in. The room's log shows that it was done."""
    from hongtu.cli.terminal import console, django

    django()
    from hongtu.domains.family_visits import actions
    from hongtu.kernel.base.errors import InvalidInput
    from hongtu.kernel.people.models import Person

    person = Person.objects.filter(username=lead, is_active=True).first()
    if person is None:
        raise InvalidInput(f"no active account {lead!r}", code="rooms.unknown_account")
    actions.open_room(by=None, lead=person)
    console.print(f"{lead} may enter; she lets the others in")


@app.command("verify")
def verify(
    head: Annotated[Path | None, typer.Option(help="A head copied from the room's log page.")] = None,
) -> None:
    """Recompute every hash of the room's chain; with --head also prove that the tail was not cut off."""
    import json

    from hongtu.cli.terminal import console, django

    django()
    from hongtu.domains.family_visits.models import Entry
    from hongtu.kernel.audit import chain

    chain.verify(json.loads(head.read_text()) if head else None, chain=Entry)
    console.print("the chain holds")
